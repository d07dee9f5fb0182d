"""Options that no sensible player uses: iterated dominance with its story, and what is rationalizable."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, Final

from gamecore.equilibria import rationalizable as beliefs
from gamecore.equilibria.dominance_story import DominanceStory, Elimination, Strength, dominance_story, proves
from gamecore.equilibria.result import Status
from gamecore.errors import RefusedError
from gamecore.solving.answer import Further
from gamecore.solving.explaining import told
from gamecore.solving.further.subject import Subject
from gamecore.solving.limits import ShouldStop

__all__ = ["dominance", "rationalizable"]

MOST_TOLD: Final = 8  # steps told in sentences; the values have them all
MOST_SUMMED: Final = 2_000_000  # products by which the steps are checked once more: about two seconds
UNCHECKED: Final = "too many steps to sum them all up once more; they are what the linear programs say"


def dominance(subject: Subject, stop: ShouldStop) -> Further:
    """Strict and weak iterated dominance, by single options and by mixtures, every step proved by sums."""
    strict = dominance_story(subject.game, should_stop=stop)
    weak = dominance_story(subject.game, strength=Strength.WEAK, should_stop=stop)
    notes = [note for one in (strict, weak) for note in _proved(subject, one.steps, partial(proves, subject.game, one))]
    complete = strict.status is weak.status is Status.COMPLETE
    return Further(
        "dominance",
        Status.COMPLETE if complete else Status.PARTIAL,
        {"strict": _story(subject, strict), "weak": _story(subject, weak)},
        (*_told(subject, strict), *_weakly(subject, strict, weak)),
        tuple(dict.fromkeys((*strict.notes, *(weak.notes if _says_more(strict, weak) else ()), *notes))),
        (strict, weak),
    )


def _proved(subject: Subject, steps: Sequence[object], check: Callable[[], bool]) -> list[str]:
    """Check if that is not too much; raises `RefusedError` for what does not hold."""
    if len(steps) * subject.game.size > MOST_SUMMED:
        return [UNCHECKED]
    if not check():
        raise RefusedError("what was found failed its check by plain sums and is not told", limit="certificate")
    return []


def _story(subject: Subject, story: DominanceStory) -> dict[str, Any]:
    return {
        "remaining": _names(subject, story.remaining),
        "steps": [
            {
                "round": step.round,
                "player": subject.players[step.player],
                "strategy": subject.strategies[step.player][step.option],
                "dominated_by": subject.mixture(step.player, step.mixture),
                "least": str(step.least),
                "most": str(step.most),
            }
            for step in story.steps
        ],
    }


def _names(subject: Subject, kept: Sequence[Sequence[int]]) -> Any:
    return subject.per_player(
        [subject.strategies[player][option] for option in options] for player, options in enumerate(kept)
    )


def _told(subject: Subject, story: DominanceStory) -> Iterator[str]:
    if not story.steps:
        yield "no option is strictly worse than another, or a mixture of others, whatever the others do"
        return
    yield from _steps(subject, story, "always gives it more")
    yield f"left after {_counted(story.rounds, 'round')}: {_left(subject, story)}"


def _says_more(strict: DominanceStory, weak: DominanceStory) -> bool:
    return weak.remaining != strict.remaining or weak.status is not strict.status


def _weakly(subject: Subject, strict: DominanceStory, weak: DominanceStory) -> Iterator[str]:
    """Weak dominance, where it says more than strict."""
    if not _says_more(strict, weak):
        return
    yield "with options that are never better and sometimes worse left out as well:"
    yield from _steps(subject, weak, "is never worse and sometimes better")
    yield f"left after {_counted(weak.rounds, 'round')}: {_left(subject, weak)}"


def _steps(subject: Subject, story: DominanceStory, how: str) -> Iterator[str]:
    for step in story.steps[:MOST_TOLD]:
        yield f"round {step.round}: {_dropped(subject, step, how)}"
    if len(story.steps) > MOST_TOLD:
        yield f"and {len(story.steps) - MOST_TOLD} more"


def _dropped(subject: Subject, step: Elimination, how: str) -> str:
    who, name = subject.players[step.player], subject.named(step.player, step.option)
    gain = f"by {told(step.least)}" if step.least == step.most else f"by {told(step.least)} to {told(step.most)}"
    return f"{who} drops {name}: {subject.said(step.player, step.mixture)} {how}, {gain}"


def _left(subject: Subject, story: DominanceStory) -> str:
    return "; ".join(
        f"{who} {subject.listed(player, story.remaining[player])}" for player, who in enumerate(subject.players)
    )


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def rationalizable(subject: Subject, stop: ShouldStop) -> Further:
    """The rationalizable options, each with a belief to which it is a best answer, checked by sums."""
    found = beliefs.rationalizable_options(subject.game, should_stop=stop)
    notes = _proved(subject, found.beliefs, lambda: beliefs.proves(subject.game, found))
    sentences = []
    for player, who in enumerate(subject.players):
        count, options = subject.game.shape[player], found.options[player]
        rest = count - len(options)
        left_out = f"; {rest} of {count} cannot be defended by any belief" if rest else ", all it has"
        sentences.append(f"{who} can defend {subject.listed(player, options)}{left_out}")
    return Further(
        "rationalizable",
        found.status,
        {
            "concept": found.concept.value,
            "options": _names(subject, found.options),
            "beliefs": [
                {
                    "player": subject.players[one.player],
                    "strategy": subject.strategies[one.player][one.option],
                    "belief": [_thought(subject, one.player, *item) for item in one.chances.items()],
                }
                for one in found.beliefs
            ],
        },
        tuple(sentences),
        (*found.notes, *notes),
        found,
    )


def _thought(subject: Subject, player: int, profile: tuple[int, ...], chance: Fraction) -> dict[str, Any]:
    return {"others": subject.profile(profile, without=player), "chance": str(chance)}

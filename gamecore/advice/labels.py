"""What plans are called on a page: short, and no two alike.

A plan's full name is all its steps. Some of them go without saying: a step of somebody else that every plan has, or
without which a later one could not come up. These are left out. The advised side's own steps stay, since they are what
it decides about, unless leaving an implied one out brings the name down to `GOAL` characters and another of its
own steps remains. Agreements stay. Where the short name fits another plan too, the full name is used.

Steps that several players take in the same words are said once, with `(both)` or `(all)`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from gamecore.advice.plans import Plan
from gamecore.games.translate import Action, Game
from gamecore.model import ALLIANCE, Decision, Level, Term

__all__ = ["GOAL", "deal_text", "in_short", "in_words"]

GOAL: Final = 40  # characters that stand on two lines of the panel


@dataclass(frozen=True)
class _Step:
    decision: str
    choice: str
    text: str
    by: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        return self.decision, self.choice


def in_short(game: Game, plans: Sequence[Plan], known: Sequence[Plan]) -> tuple[Plan, ...]:
    """The plans with short names; `known` are all plans there are, which say what goes without saying.

    A plan that is not among them (a baseline in words of its own) keeps its name.
    """
    paths = [_steps(game, plan) for plan in known if plan.path]
    named = [plan for plan in plans if plan.path and plan in known]
    full = {plan.key: in_words(_parts(_steps(game, plan))) for plan in named}
    short = {plan.key: _short(_steps(game, plan), paths, game.scenario.advise) for plan in named}
    counts = Counter(short.get(plan.key, plan.label) for plan in plans)
    labels = {key: text if counts[text] == 1 else full[key] for key, text in short.items()}
    return tuple(replace(plan, label=labels.get(plan.key, plan.label)) for plan in plans)


def _steps(game: Game, plan: Plan) -> list[_Step]:
    steps = []
    for node, branch in plan.path:
        decision = game.scenario.decisions[game.name_of(node)]
        action = game.actions[node][branch]
        steps.append(_Step(decision.name, action.name, _text(game, decision, action), decision.by))
    return steps


def _short(steps: list[_Step], paths: list[list[_Step]], own: str) -> str:
    """The name of one plan without what goes without saying."""
    kept = [step for step in steps[:-1] if own in step.by or not _shared(step, paths)] + steps[-1:]
    implied = [
        step for number, step in enumerate(kept[:-1]) if len(step.by) == 1 and _implied(step, kept[number + 1 :], paths)
    ]
    if own == ALLIANCE:
        for step in implied:
            if len(in_words(_parts(kept))) > GOAL:
                kept.remove(step)
        return in_words(_parts(kept))
    kept = [step for step in kept if step not in implied or own in step.by]
    for step in implied:
        left = [other for other in kept if other is not step]
        fits = len(in_words(_parts(left))) <= GOAL < len(in_words(_parts(kept)))
        if step in kept and fits and any(own in other.by for other in left):
            kept = left
    return in_words(_parts(kept))


def _shared(step: _Step, paths: list[list[_Step]]) -> bool:
    return all(any(other.key == step.key for other in path) for path in paths)


def _implied(step: _Step, later: list[_Step], paths: list[list[_Step]]) -> bool:
    """Whether a later step's decision comes up only after this step."""
    for coming in later:
        through = [path for path in paths if any(other.decision == coming.decision for other in path)]
        if all(any(other.key == step.key for other in path) for path in through):
            return True
    return False


def _parts(steps: Iterable[_Step]) -> list[tuple[str, int]]:
    return [(step.text, len(step.by)) for step in steps]


def in_words(parts: Iterable[tuple[str, int]]) -> str:
    """Texts of steps, each with how many take it, joined; what stands there twice is said once."""
    takers: dict[str, list[int]] = {}
    for text, players in parts:
        takers.setdefault(text, []).append(players)
    return "; ".join(
        text if len(found) == 1 else f"{text} ({'both' if sum(found) == 2 else 'all'})"
        for text, found in takers.items()
    )


# ---- deals ---------------------------------------------------------------------------------------------------------


def _text(game: Game, decision: Decision, action: Action) -> str:
    if not decision.terms or action.fails:
        return action.label
    levels = dict(action.sets)
    return deal_text(game, decision, levels)


def deal_text(game: Game, decision: Decision, levels: dict[str, str]) -> str:
    """A deal, or as much of it as `levels` says, in words."""
    companies = {player.label for player in game.scenario.players.values()}
    texts = []
    for term in decision.terms:
        level = next((item for item in term.levels if item.key == levels.get(term.name)), None)
        if level is not None:
            texts.append(_level_text(decision, term, level, companies))
    return ", ".join(texts)


def _level_text(decision: Decision, term: Term, level: Level, companies: set[str]) -> str:
    """A level, with its term's name where the level alone would not say what it is about."""
    name = term.name.replace("_", " ")
    if level.value is None:
        says_enough = len(level.label.split()) > 1 and level.label not in companies
        return level.label if says_enough else f"{name} {level.label}"
    if not term.unit:
        return f"{name} {level.label}"
    alone = sum(other.unit == term.unit for other in decision.terms) == 1
    return f"{level.label} {term.unit}" if alone else f"{name} {level.label} {term.unit}"

"""What nashpy finds on the same game, and where that differs from ours and why (two players).

nashpy (Knight & Campbell 2018) works in floats. Its algorithms get the payoffs as they stand; each profile they return
is priced in rationals, so that *no equilibrium* comes with the gain that proves it. What they return that is an
equilibrium but not among the extreme ones listed lies between those of a component; what they do not return is missing.

>>> from gamecore.solving import solve
>>> answer = solve([[[2, 0], [0, 1]], [[1, 0], [0, 2]]], second_opinion=True)
>>> [(opinion.algorithm, opinion.agrees) for opinion in answer.second_opinion]
[('support enumeration', True), ('vertex enumeration', True), ('Lemke-Howson from every label', True)]
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.certificate import certify
from gamecore.equilibria.nashpy_search import NASHPY_PAIR_LIMIT
from gamecore.equilibria.support_enumeration import support_pairs
from gamecore.games.strategic import Mixed, StrategicGame
from gamecore.solving.answer import Answer, Opinion
from gamecore.solving.explaining import told
from gamecore.solving.limits import Limits, ShouldStop
from gamecore.solving.strategic import Labels, answered, strategic_solution
from gamecore.solving.trees import laid_out

__all__ = ["second_opinions"]

SOME: Final = "Lemke-Howson from every label"  # means to find some equilibria, not all
ALGORITHMS: Final = ("support enumeration", "vertex enumeration", SOME)
LARGE: Final = 10_000  # payoffs above it are not what nashpy's tolerances are meant for
MOST_NAMED: Final = 10  # equilibria named in one sentence
NEAR: Final = 1e-6  # chances this near to ours are ours: nashpy's are off by 1e-9 at most where it is right
SHARE: Final = Fraction(1, 10**6)  # of the player's largest payoff difference: a gain below it comes from rounding
MOST_RETURNED: Final = 2_000  # profiles of one algorithm looked at

Profile = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]


def second_opinions(answer: Answer, limits: Limits, stop: ShouldStop) -> tuple[Opinion, ...]:
    """The opinions of nashpy's algorithms on the game of an answer.

    A tree is laid out as its reduced strategic form first, and that is solved by us as well: the places in `missing`
    are then those of its equilibria.
    """
    if answer.tree is not None and answer.game is None:
        form, names = laid_out(answer.tree, limits)
        labels = Labels(answer.title, answer.players, names)
        answer = answered(form.game, labels, strategic_solution(form.game, limits, stop))
    game = answer.game
    if game is None:
        return _not_asked("nashpy knows strategic forms, and this game was solved as a tree; ask with --form strategic")
    if game.players != 2:
        return _not_asked(f"nashpy knows games of two players, this one has {game.players}")
    pairs = support_pairs(*game.shape)
    if pairs > NASHPY_PAIR_LIMIT:
        return _not_asked(
            f"{pairs} pairs of supports are more than the {NASHPY_PAIR_LIMIT} up to which nashpy is asked"
        )
    return tuple(_opinion(game, answer, name, stop) for name in ALGORITHMS)


def _not_asked(why: str) -> tuple[Opinion, ...]:
    return (Opinion("nashpy", asked=False, sentences=(why,)),)


def _opinion(game: StrategicGame, answer: Answer, name: str, stop: ShouldStop) -> Opinion:
    ours = [
        [np.array([float(chance) for chance in _chances(mix)]) for mix in one.strategies] for one in answer.equilibria
    ]
    scales = [max(values.flat) - min(values.flat) or Fraction(1) for values in game.payoffs]
    seen: set[int] = set()
    distinct: list[Profile] = []
    wrong: list[tuple[tuple[tuple[float, ...], ...], Fraction]] = []
    notes: list[str] = []
    between = 0
    for profile in _returned(game, name, notes, stop):
        if any(_same(profile, other) for other in distinct):
            continue
        distinct.append(profile)
        place = next((number for number, one in enumerate(ours) if _same(profile, one)), None)
        if place is not None:
            seen.add(place)
            continue
        gain = _gain(game, profile, scales)
        if gain is None:
            between += 1
        else:
            wrong.append((tuple(tuple(one.tolist()) for one in profile), gain))
    missing = tuple(number for number in range(len(ours)) if number not in seen)
    looks_for_all = name != SOME
    sentences = [
        *_why_missing(game, answer, missing, looks_for_all=looks_for_all),
        *_why_others(wrong, between),
        *notes,
    ]
    return Opinion(name, len(distinct), missing, tuple(wrong), between, looks_for_all, sentences=tuple(sentences))


def _why_missing(
    game: StrategicGame, answer: Answer, missing: tuple[int, ...], *, looks_for_all: bool
) -> Iterator[str]:
    """What it did not find, by the likely cause."""
    if not missing:
        return
    if not looks_for_all:
        yield f"it reaches some equilibria only: {len(missing)} of {len(answer.equilibria)} are not among them"
        return
    crowds = {number for item in answer.components if len(item.members) > 1 for number in item.members}
    tied = [number + 1 for number in missing if number in crowds]
    alone = [number + 1 for number in missing if number not in crowds]
    if tied:
        yield (
            f"it misses equilibria {_listed(tied)}: payoffs tie there, a continuum of equilibria joins them, and the "
            "equations it solves have no single answer"
        )
    if alone:
        largest = max(abs(value) for value in game.payoffs.ravel().tolist())
        because = "its tolerances are meant for payoffs near 1" if largest > LARGE else "of ties or rounding"
        yield f"it misses equilibria {_listed(alone)}, which are isolated, because {because}"


def _why_others(wrong: list[Any], between: int) -> Iterator[str]:
    if wrong:
        gain = max(gain for _, gain in wrong)
        yield f"it returns {len(wrong)} that are no equilibria: somebody gains up to {told(gain)} by moving alone"
    if between:
        yield f"it returns {between} that lie between the extreme equilibria of a component, and are equilibria too"


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:MOST_NAMED]))
    return shown if len(numbers) <= MOST_NAMED else f"{shown} and {len(numbers) - MOST_NAMED} more"


def _chances(mix: Any) -> tuple[Fraction, ...]:
    if isinstance(mix, Mapping):
        raise TypeError("a second opinion is asked on strategic forms")
    return tuple(mix)


def _returned(game: StrategicGame, name: str, notes: list[str], stop: ShouldStop) -> Iterator[Profile]:
    """What an algorithm returns until it gives up; what it warns of and why it ends go to the notes."""
    import nashpy

    tables = [values.astype(float) for values in game.payoffs]
    asked = nashpy.Game(*tables)
    algorithms: Mapping[str, Any] = {
        "support enumeration": asked.support_enumeration,
        "vertex enumeration": asked.vertex_enumeration,
        SOME: asked.lemke_howson_enumeration,
    }
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="ignore"):
        warnings.simplefilter("always")
        try:
            yield from _sound(algorithms[name](), game.shape, notes, stop)
        except Exception as error:  # noqa: BLE001 - whatever another program breaks on is its opinion
            notes.append(f"it broke off: {type(error).__name__}")
    told = dict.fromkeys(str(item.message).split(".")[0].strip().replace("\n", " ")[:200] for item in caught)
    notes += [f"it warned: {text}" for text in told if text]


def _sound(found: Iterable[Any], shape: tuple[int, ...], notes: list[str], stop: ShouldStop) -> Iterator[Profile]:
    broken = 0
    for number, (x, y) in enumerate(found):
        if number >= MOST_RETURNED or stop():
            notes.append(f"only the first {number} profiles it returned were looked at")
            break
        row, column = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        whole = row.shape == shape[:1] and column.shape == shape[1:]
        if whole and np.isfinite(row).all() and np.isfinite(column).all() and row.sum() > 0 and column.sum() > 0:
            yield row, column
        else:
            broken += 1
    if broken:
        notes.append(f"{broken} of the profiles it returned are no distributions")


def _same(left: Any, right: Any) -> bool:
    return all(bool(np.abs(a - b).max() < NEAR) for a, b in zip(left, right, strict=True))


def _gain(game: StrategicGame, profile: Profile, scales: list[Fraction]) -> Fraction | None:
    """What somebody gains by moving alone, exactly; None if that is no more than rounding."""
    ledger = certify(game, _exact(profile), bound=10**100)
    gaining = [one.gain for one in ledger.deviations if one.gain > SHARE * scales[one.player]]
    return max(gaining, default=None)


def _exact(profile: Profile) -> Mixed:
    """The chances as rationals that add up to one."""
    whole = []
    for one in profile:
        chances = [max(Fraction(0), Fraction(chance)) for chance in one.tolist()]
        total = sum(chances)
        whole.append(tuple(chance / total for chance in chances))
    return tuple(whole)

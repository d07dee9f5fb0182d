"""When somebody would get what it wants: the changes, alone or in pairs, with which a given outcome comes about.

Every change is solved forward; listed are those whose equilibrium outcomes include the target, with the protocols under
which they do, and whether it is the only outcome of all. The smaller change comes first. A pair is listed only where
neither of its parts does it alone.

For talks there is one more question: how bad (or good) would no agreement have to be for one side? A constant x is
added to that side's value without agreement; the payoffs are then a straight line in x, so that the values between
which the target comes about follow exactly (`amounts.pieces`).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from gamecore.advice.lever_facts import Threshold, Way, Ways
from gamecore.errors import InputError
from gamecore.model import Scenario
from gamecore.redesign.levers.amounts import Piece, pieces
from gamecore.redesign.levers.clauses import without_agreement
from gamecore.redesign.levers.ranking import accepted, gains_of, pulled_of, size_of
from gamecore.redesign.levers.search import Budget, Found, Search, Tried, search
from gamecore.redesign.levers.standing import Standing

__all__ = ["ways_found", "ways_to"]

WIDEST: Final = 4  # times the stakes: how far a walk-away is moved


def ways_to(scenario: Scenario, target: str, budget: Budget | None = None, *, most: int = 12) -> Ways:
    """The ways to a target outcome, named by its plan's key (`plan=start`, or a part of it such as `start`).

    Raises `InputError` where no plan is called so, `RefusedError` where the scenario cannot be solved.
    """
    return ways_found(search(scenario, budget), target, most=most)


def ways_found(found: Found, target: str, *, most: int = 12) -> Ways:
    """The same over what was tried already."""
    begun = found.search
    key, label = _meant(begun.base, target)
    alone = [item for item in found.singles if _under(item.standing, key)]
    enough = {id(step) for item in alone for step in item.steps}
    pairs = [
        item for item in found.pairs if _under(item.standing, key) and not enough & {id(step) for step in item.steps}
    ]
    ways = sorted(
        (_way(begun, item, key) for item in (*alone, *pairs)),
        key=lambda way: (not way.settled, -len(way.protocols), way.size),
    )
    return Ways(
        key,
        label,
        _under(begun.base, key),
        tuple(ways[:most]),
        tuple(_thresholds(begun, key)),
        begun.tried,
        "partial" if found.pairs_left else "complete",
        begun.reaches,
    )


def _meant(standing: Standing, target: str) -> tuple[str, str]:
    """The key and label of the plan a target names: its whole key, or the choice of one step."""
    plans = {plan.key: plan.label for plan in standing.names}
    if target in plans:
        return target, plans[target]
    wanted = [part.strip() for part in target.split(",")]
    fitting = [key for key in plans if all(_says(key, part) for part in wanted)]
    if len(fitting) == 1:
        return fitting[0], plans[fitting[0]]
    told = ", ".join(list(plans)[:12])
    if fitting:
        raise InputError(f"'{target[:80]}' is not one plan but {len(fitting)}; name one: {', '.join(fitting[:12])}")
    raise InputError(f"no plan is called '{target[:80]}'; the plans are: {told}")


def _says(key: str, part: str) -> bool:
    return any(part in {step, step.partition("=")[2]} for step in key.split(","))


def _under(standing: Standing, key: str) -> tuple[str, ...]:
    """The protocols under which an outcome comes about, as the only one or one of several."""
    return tuple(name for name, found in standing.outcomes.items() if any(item.key == key for item in found))


def _way(begun: Search, item: Tried, key: str) -> Way:
    players = begun.base.game.players
    standing = item.standing
    reached_here = next(
        (happens for found in standing.outcomes.values() for happens in found if happens.key == key), standing.counts
    )
    values = dict(zip(players, map(float, reached_here.values), strict=True))
    today = begun.base.counts.values
    return Way(
        tuple(pulled_of(begun, step) for step in item.steps),
        _under(standing, key),
        standing.settled,
        values,
        {player: values[player] - float(was) for player, was in zip(players, today, strict=True)},
        float(size_of(begun, item.steps)),
        accepted(begun, item) if standing.settled else all(gain >= 0 for gain in gains_of(begun, item)),
    )


def _thresholds(begun: Search, key: str) -> Iterator[Threshold]:
    """For each side: the values of no agreement with which the target comes about under every protocol."""
    base, point = begun.base, begun.base.disagreement
    slope = without_agreement(base)
    if point is None or slope is None or base.numbers.tolerances:
        return
    width = max(Fraction(1), begun.stakes * WIDEST)
    for place, player in enumerate(base.game.players):
        one = slope * Fraction(0)
        one[place] = slope[place]
        cut = pieces(base, one, -width, width, begun.yardstick)
        spans: dict[tuple[Fraction, Fraction], list[str]] = {}
        for protocol in base.outcomes:
            for span in _spans(cut, protocol, key):
                spans.setdefault(span, []).append(protocol)
        for (low, high), protocols in spans.items():
            yield Threshold(
                player,
                tuple(protocols),
                float(point[place]),
                None if low == -width else float(point[place] + low),
                None if high == width else float(point[place] + high),
            )


def _spans(cut: tuple[Piece, ...], protocol: str, key: str) -> list[tuple[Fraction, Fraction]]:
    """The stretches of pieces in which an outcome comes about under a protocol."""
    found: list[tuple[Fraction, Fraction]] = []
    for piece in cut:
        if any(item.key == key for item in piece.standing.outcomes[protocol]):
            if found and found[-1][1] == piece.low:
                found[-1] = (found[-1][0], piece.high)
            else:
                found.append((piece.low, piece.high))
    return found

"""The ledgers of shares, checked by plain sums over all coalitions that share nothing with the solvers.

Every function tells the faults it finds in words, none if the ledger proves what it claims. Solvers hand out nothing
that has faults (`stand`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from gamecore.compromises.sharing.balance import Collection
from gamecore.equilibria.exact_program import exact_rank
from gamecore.errors import RefusedError
from gamecore.games.coalition import CoalitionGame, coalition_sums

if TYPE_CHECKING:
    from gamecore.compromises.sharing.kohlberg import Level

__all__ = [
    "balance_faults",
    "bound_faults",
    "core_faults",
    "emptiness_faults",
    "least_core_faults",
    "nucleolus_faults",
    "shapley_faults",
    "stand",
    "structures_faults",
]


def stand(faults: Sequence[str]) -> None:
    """Raise `RefusedError` if there are faults: what cannot be certified is not handed out."""
    if faults:
        raise RefusedError(f"the answer could not be certified: {'; '.join(faults)}", limit="certificate")


def balance_faults(players: int, collection: Collection) -> list[str]:
    """Whether the weights are positive and give every player 1 in all."""
    faults = ["a weight is not positive"] if any(weight <= 0 for weight in collection.weights) else []
    pairs = list(zip(collection.coalitions, collection.weights, strict=True))
    for player in range(players):
        total = sum((weight for coalition, weight in pairs if coalition >> player & 1), Fraction(0))
        if total != 1:
            faults.append(f"player {player} has weight {total} in all, not 1")
    return faults


def core_faults(game: CoalitionGame, shares: Sequence[Fraction], structure: Sequence[int]) -> list[str]:
    """Whether each block of the structure shares what it is worth, and no coalition has more on its own."""
    faults = [f"block {block} does not share its worth" for block in structure if game.excess(block, shares) != 0]
    excesses = _excesses(game, shares)
    return faults + [f"coalition {coalition} objects" for coalition, excess in enumerate(excesses) if excess > 0]


def emptiness_faults(game: CoalitionGame, objection: Collection, structure: Sequence[int]) -> list[str]:
    """Whether a balanced collection is worth more than the structure: the core is then empty (Bondareva, Shapley)."""
    faults = balance_faults(len(game.players), objection)
    shared = sum((game.values[block] for block in structure), Fraction(0))
    if objection.worth(game) <= shared:
        faults.append(f"the collection is worth {objection.worth(game)}, no more than the {shared} there are")
    if exact_rank(_rows(game, objection.coalitions)) < len(objection.coalitions):
        faults.append("the collection is not minimal")
    return faults


def bound_faults(
    game: CoalitionGame, player: int, bound: Fraction, weights: Collection, structure: Sequence[int], *, sign: int
) -> list[str]:
    """Whether weighted coalitions prove `sign * x_i >= bound` of all shares in the core of a structure."""
    faults = []
    for other in range(len(game.players)):
        due = sign if other == player else 0
        pairs = zip(weights.coalitions, weights.weights, strict=True)
        if sum((weight for coalition, weight in pairs if coalition >> other & 1), Fraction(0)) != due:
            faults.append(f"player {other} has another weight in all than {due}")
    pairs = zip(weights.coalitions, weights.weights, strict=True)
    if any(weight < 0 and coalition not in structure for coalition, weight in pairs):
        faults.append("a coalition that is no block has a negative weight")
    if weights.worth(game) != bound:
        faults.append(f"the weights prove {weights.worth(game)}, not {bound}")
    return faults


def least_core_faults(
    game: CoalitionGame, excess: Fraction, shares: Sequence[Fraction], proof: Collection
) -> list[str]:
    """Whether the shares have this largest excess, and the balanced collection proves that none have less."""
    faults = balance_faults(len(game.players), proof)
    if sum(shares, Fraction(0)) != game.values[-1]:
        faults.append("the shares do not hand out what everybody is worth")
    if max(_excesses(game, shares)[1:-1]) != excess:
        faults.append("the largest excess is another one")
    if game.everybody in proof.coalitions or 0 in proof.coalitions:
        faults.append("the proof uses a coalition that cannot object")
    elif proof.worth(game) - game.values[-1] != excess * sum(proof.weights, Fraction(0)):
        faults.append("the balanced collection bounds another excess")
    return faults


def nucleolus_faults(
    game: CoalitionGame, shares: Sequence[Fraction], levels: Sequence[Level], *, floors: bool
) -> list[str]:
    """Kohlberg's condition at every level of excess: balanced, from the largest excess down to where all is settled."""
    players = len(game.players)
    faults = []
    if sum(shares, Fraction(0)) != game.values[-1]:
        faults.append("the shares do not hand out what everybody is worth")
    alone = {1 << i for i in range(players) if floors and shares[i] == game.values[1 << i]}
    if floors and any(shares[i] < game.values[1 << i] for i in range(players)):
        faults.append("somebody gets less than alone")
    excesses = _excesses(game, shares)
    at_level: dict[Fraction, list[int]] = {}
    for coalition in range(1, game.everybody):
        at_level.setdefault(excesses[coalition], []).append(coalition)
    proofs = {level.excess: level.collections for level in levels}
    balanced: set[int] = {game.everybody}
    above: set[int] = set()
    across = _sums_across(game, balanced)
    for excess in sorted(at_level, reverse=True):
        if not across:
            break
        above.update(at_level[excess])
        for collection in proofs.get(excess, ()):
            faults += balance_faults(players, collection)
            if not above | alone >= set(collection.coalitions):
                faults.append(f"a collection of level {excess} uses a coalition with less excess")
            balanced.update(collection.coalitions)
        if excess in proofs:
            across = _sums_across(game, balanced)
        # Those above lie in the span already: it only grows.
        if any(sums[coalition] for sums in across for coalition in at_level[excess]):
            faults.append(f"level {excess} is not balanced")
            break
    return faults


def structures_faults(game: CoalitionGame, structures: Sequence[Sequence[int]], cover: CoalitionGame) -> list[str]:
    """Whether the structures are partitions worth what the cover says, and the cover bounds every partition.

    It does if each coalition has at least its own worth in it, and disjoint coalitions never lose by joining.
    """
    faults = []
    if any(most < value for value, most in zip(game.values, cover.values, strict=True)):
        faults.append("a coalition is worth more than its cover")
    if not cover.is_superadditive():
        faults.append("the cover is not superadditive")
    for structure in structures:
        if sum(structure) != game.everybody or sum(block.bit_count() for block in structure) != len(game.players):
            faults.append(f"{structure} is no partition")
        if sum((game.values[block] for block in structure), Fraction(0)) != cover.values[-1]:
            faults.append(f"{structure} is not worth the most")
    return faults


def shapley_faults(
    game: CoalitionGame, shares: Sequence[Fraction], dividends: Mapping[int, Fraction], weights: Sequence[Fraction]
) -> list[str]:
    """Whether dividends add up to every coalition's worth, and shares to the members' parts of them by weight."""
    faults = []
    inside = [dividends.get(coalition, Fraction(0)) for coalition in range(len(game.values))]
    for player in range(len(game.players)):
        inside = [
            amount + (inside[coalition ^ 1 << player] if coalition >> player & 1 else 0)
            for coalition, amount in enumerate(inside)
        ]
    for coalition, (value, total) in enumerate(zip(game.values, inside, strict=True)):
        if value != total:
            faults.append(f"the dividends inside coalition {coalition} do not sum to its worth")
    together = coalition_sums(weights)
    for player, share in enumerate(shares):
        due = Fraction(0)
        for coalition, dividend in dividends.items():
            if coalition >> player & 1:
                due += dividend * weights[player] / together[coalition]
        if due != share:
            faults.append(f"player {player} gets {share}, the dividends say {due}")
    return faults


def _excesses(game: CoalitionGame, shares: Sequence[Fraction]) -> list[Fraction]:
    """The excess of every coalition, by coalition."""
    common = lcm(*(share.denominator for share in shares))
    given = coalition_sums([int(share * common) for share in shares]).tolist()
    return [value - Fraction(total, common) for value, total in zip(game.values, given, strict=True)]


def _sums_across(game: CoalitionGame, balanced: Iterable[int]) -> list[list[int]]:
    """By vector at right angles to these coalitions, its sum for every coalition: 0 for those in their span."""
    across = []
    for vector in _at_right_angles(_rows(game, balanced)):
        common = lcm(*(value.denominator for value in vector))
        across.append(coalition_sums([int(value * common) for value in vector]).tolist())
    return across


def _rows(game: CoalitionGame, coalitions: Iterable[int]) -> list[list[int]]:
    return [[coalition >> player & 1 for player in range(len(game.players))] for coalition in sorted(coalitions)]


def _at_right_angles(rows: Sequence[Sequence[int]]) -> list[list[Fraction]]:
    """A basis of the vectors whose product with every row is 0, by elimination; there is at least one row."""
    reduced: list[tuple[int, list[Fraction]]] = []
    for row in rows:
        left = [Fraction(value) for value in row]
        for pivot, lead in reduced:
            left = [a - left[pivot] * b for a, b in zip(left, lead, strict=True)]
        found = next((place for place, value in enumerate(left) if value), None)
        if found is not None:
            left = [value / left[found] for value in left]
            reduced = [
                (pivot, [a - lead[found] * b for a, b in zip(lead, left, strict=True)]) for pivot, lead in reduced
            ]
            reduced.append((found, left))
    pivots = {pivot for pivot, _ in reduced}
    free = [place for place in range(len(rows[0])) if place not in pivots]
    vectors = []
    for place in free:
        vector = [Fraction(int(other == place)) for other in range(len(rows[0]))]
        for pivot, lead in reduced:
            vector[pivot] = -lead[place]
        vectors.append(vector)
    return vectors

"""One equilibrium of a two-player tree whose strategic form is too large, by its sequence form.

The sequence form grows with the tree and not with the number of plans: the unknowns are the weights `x_s >= 0` of the
sequences of each player, with `x_empty = 1` and, for each information set `h`, `sum_a x_(h,a) = x_before(h)` (von
Stengel 1996). Let `v_h` be the most the player can still get from `h` on.

* **Zero-sum**: a linear program in `x` of one and `v` of the other player. It is solved in rationals where
  the tree is not too large, else in floats (HiGHS); the rounded plans are then reported with the exact gain that is
  left.
* **Else** a linear complementarity problem, `x_s > 0` only if sequence `s` is a best answer, solved by Lemke's
  algorithm in whole numbers with the lexicographic rule (Koller, Megiddo & von Stengel 1996).
* Beyond the limit for that, plans are improved in turn (fictitious play, Brown 1951), rounded, and reported with the
  exact gain that is left, whatever it is.

Every answer carries the ledger of `certify_behaviour`, whose `bound` is 0 for an equilibrium.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.behaviour import (
    Behaviour,
    Sequences,
    best_response,
    certify_behaviour,
    end_weights,
    realisation,
    sequences,
    unit,
)
from gamecore.equilibria.exact_program import Outcome, Program
from gamecore.equilibria.result import Status
from gamecore.equilibria.tree_result import TreeEquilibrium
from gamecore.games.tree import NodeKind, Tree

__all__ = ["MOST_WORK", "SequenceFormSolution", "sequence_form_equilibrium"]

MOST_WORK: Final = 10_000_000  # entries of tableaus computed in whole numbers: up to ten seconds on one core
MOST_SEQUENCES: Final = 20_000  # of both players together
MOST_ITERATIONS: Final = 20_000  # of the linear program in floats
LEMKE_FACTOR: Final = 5  # how much cheaper an entry of a complementarity problem's tableau is: most are 0
ROUNDS: Final = 2_000  # of fictitious play
LARGEST_DENOMINATOR: Final = 10**9  # of a rounded chance
NEGLIGIBLE: Final = 1e-9  # chance that floats leave of an action that is not played

Stop = Callable[[], bool]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SequenceFormSolution:
    """One equilibrium, or the best profile found: then the certificate's `bound` is the gain that is left.

    `status` is partial, as other equilibria are not looked for, or refused. `value` is what the first mover gets at
    least and at most in every equilibrium of a zero-sum tree, weighted by reach.
    """

    method: str
    status: Status
    equilibrium: TreeEquilibrium | None = None
    value: tuple[Fraction, Fraction] | None = None
    notes: tuple[str, ...] = ()
    parameters: Mapping[str, object] = field(default_factory=dict)

    @property
    def exact(self) -> bool:
        """Whether nobody gains anything."""
        return self.equilibrium is not None and self.equilibrium.certificate.max_gain <= 0


def sequence_form_equilibrium(
    tree: Tree,
    payoffs: npt.NDArray[Any],
    *,
    reach: npt.NDArray[Any] | None = None,
    limit: int = MOST_WORK,
    should_stop: Stop | None = None,
) -> SequenceFormSolution:
    """One equilibrium of a tree in which at most two players move.

    Parameters
    ----------
    tree
        A tree of moves and chance with perfect recall.
    payoffs
        `Fraction`s weighted by reach, axes (player, end).
    reach
        The chance that chance lets play get to each end, axes (player, end): tells trees whose payoffs add up to the
        same number everywhere from others (without it, only those that add up to 0).
    limit
        The most entries of tableaus computed in rationals; beyond, the answer is a profile with a bound.
    should_stop
        Asked now and then; the best profile so far is returned.

    Raises
    ------
    InputError
        If the tree has agreements.
    RefusedError
        If it has imperfect recall.
    """
    numbered = sequences(tree)
    parameters = {"limit": limit}
    movers = numbered.movers
    if len(movers) > 2:
        note = f"{len(movers)} players move: the sequence form is for two"
        return SequenceFormSolution("sequence form", Status.REFUSED, notes=(note,), parameters=parameters)
    total = sum(numbered.count[player] for player in movers)
    if total > MOST_SEQUENCES:
        note = f"{total} sequences are more than the limit of {MOST_SEQUENCES}"
        return SequenceFormSolution("sequence form", Status.REFUSED, notes=(note,), parameters=parameters)
    solver = _Solver(tree, payoffs, reach, numbered, limit, should_stop)
    if len(movers) < 2:
        return solver.alone(parameters)
    constant = solver.constant_sum()
    return solver.zero_sum(constant, parameters) if constant is not None else solver.general(parameters)


@dataclass
class _Solver:
    tree: Tree
    payoffs: npt.NDArray[Any]
    reach: npt.NDArray[Any] | None
    numbered: Sequences
    limit: int
    should_stop: Stop | None

    def __post_init__(self) -> None:
        self.movers = self.numbered.movers

    def stopped(self) -> bool:
        return self.should_stop is not None and self.should_stop()

    def alone(self, parameters: Mapping[str, object]) -> SequenceFormSolution:
        behaviour = self.whole({})
        for player in self.movers:
            _, plan = best_response(self.numbered, self.payoffs, behaviour, player)
            behaviour = {key: unit(action, self.numbered.width[key]) for key, action in plan.items()}
        found = self.proved(behaviour)
        note = "one player moves: a best plan is listed, others may be as good"
        return SequenceFormSolution("best plan", Status.PARTIAL, found, None, (note,), parameters)

    def constant_sum(self) -> Fraction | None:
        """What the movers' payoffs add up to everywhere, None if they do not."""
        first, second = self.movers
        sums = self.payoffs[first] + self.payoffs[second]
        if not any(sums):
            return Fraction(0)
        if self.reach is None or any(self.reach[first] != self.reach[second]):
            return None
        shares = {total / chance for total, chance in zip(sums, self.reach[first], strict=True) if chance}
        unreached = any(total for total, chance in zip(sums, self.reach[first], strict=True) if not chance)
        return shares.pop() if len(shares) == 1 and not unreached else None

    # ---- from weights to an answer

    def whole(self, weights: Mapping[int, Sequence[Fraction]]) -> dict[int, tuple[Fraction, ...]]:
        """The behaviour with these weights of sequences; where a player's own plan does not get, all the same."""
        behaviour: dict[int, tuple[Fraction, ...]] = {}
        for key, width in self.numbered.width.items():
            mine = weights.get(self.numbered.owner[key])
            first = self.numbered.first[key]
            here = [Fraction(0)] * width if mine is None else [Fraction(one) for one in mine[first : first + width]]
            total = sum(here)
            behaviour[key] = tuple(one / total for one in here) if total else (Fraction(1, width),) * width
        return behaviour

    def rounded(self, weights: Mapping[int, Floats]) -> dict[int, tuple[Fraction, ...]]:
        """As `whole`, from floats: small chances are left out, the others rounded to short fractions."""
        exact: dict[int, list[Fraction]] = {}
        for player, mine in weights.items():
            chances = [Fraction(1)] * len(mine)
            for key in self.numbered.owned[player]:
                first, width = self.numbered.first[key], self.numbered.width[key]
                here = np.maximum(mine[first : first + width], 0)
                total = float(here.sum())
                reached = total > NEGLIGIBLE
                shares = [_short(float(one) / total) if reached else Fraction(1) for one in here]
                for action, share in enumerate(shares):
                    chances[first + action] = share / sum(shares)
            exact[player] = chances
        return self.whole(exact)

    def proved(self, behaviour: Behaviour, *, approximate: bool = False) -> TreeEquilibrium:
        certificate = certify_behaviour(self.tree, self.payoffs, behaviour, numbered=self.numbered)
        if approximate and certificate.max_gain > 0:
            certificate = type(certificate)(certificate.deviations, certificate.max_gain)
        outcome = end_weights(self.numbered, behaviour)
        worth = tuple(
            sum((weight * self.payoffs[player, end] for end, weight in outcome.items()), Fraction(0))
            for player in range(self.tree.players)
        )
        avoided: set[int] = set()
        for player in self.movers:
            weights = realisation(self.numbered, behaviour, player)
            avoided |= {key for key in self.numbered.owned[player] if not weights[self.numbered.before[key]]}
        return TreeEquilibrium(behaviour, worth, outcome, certificate, None, None, frozenset(avoided))

    # ---- zero-sum

    def zero_sum(self, constant: Fraction, parameters: Mapping[str, object]) -> SequenceFormSolution:
        exact = None if self.stopped() else self._exact_program()
        behaviour = exact or self._floating_program() or self._fictitious_play()
        method = "linear program of the sequence form"
        notes = ["one equilibrium is listed; in a zero-sum tree every other is worth the same"]
        found = self.proved(behaviour, approximate=True)
        if found.certificate.max_gain > 0:
            notes.append(f"not exact: somebody may gain up to {float(found.certificate.max_gain):.3g} by another plan")
        first, second = self.movers
        most, _ = best_response(self.numbered, self.payoffs, found.behaviour, first)
        others, _ = best_response(self.numbered, self.payoffs, found.behaviour, second)
        least = constant - others
        return SequenceFormSolution(method, Status.PARTIAL, found, (least, most), tuple(notes), parameters)

    def _rows(self, weights: npt.NDArray[Any]) -> tuple[list[dict[int, Any]], list[tuple[dict[int, int], int]]]:
        """The program for the first mover: `row <= 0` for each sequence of the second, and the equations of `x`.

        Columns are the first mover's sequences, then `v` of the second's information sets, then `v` of its start.
        `weights` are the first mover's payoffs, axis (end,).
        """
        numbered, (first, second) = self.numbered, self.movers
        count = numbered.count[first]
        column = {key: count + place for place, key in enumerate(numbered.owned[second])}
        start = count + len(column)
        rows: list[dict[int, Any]] = [{} for _ in range(numbered.count[second])]
        rows[0][start] = 1
        for key in numbered.owned[second]:
            for action in range(numbered.width[key]):
                rows[numbered.first[key] + action][column[key]] = 1
            rows[numbered.before[key]][column[key]] = -1
        for sequence, value in zip(numbered.at_end, weights, strict=True):
            row = rows[sequence[second]]
            row[sequence[first]] = row.get(sequence[first], 0) - value
        equations: list[tuple[dict[int, int], int]] = [({0: 1}, 1)]
        for key in numbered.owned[first]:
            begin = numbered.first[key]
            one = {begin + action: 1 for action in range(numbered.width[key])}
            equations.append((one | {numbered.before[key]: -1}, 0))
        return rows, equations

    def _floating_program(self) -> dict[int, tuple[Fraction, ...]] | None:
        from scipy.optimize import linprog
        from scipy.sparse import csr_array

        first, second = self.movers
        mine = np.array([float(value) for value in self.payoffs[first]])
        size = float(np.abs(mine).max()) or 1.0
        rows, equations = self._rows(mine / size)
        width = self.numbered.count[first] + len(self.numbered.owned[second]) + 1

        def sparse(items: Sequence[Mapping[int, Any]]) -> Any:
            places = [(row, column, value) for row, one in enumerate(items) for column, value in one.items()]
            at, columns, values = zip(*places, strict=True)
            return csr_array((np.array(values, dtype=float), (at, columns)), shape=(len(items), width))

        goal = np.zeros(width)
        goal[-1] = -1
        free = [(0, None)] * self.numbered.count[first] + [(None, None)] * (width - self.numbered.count[first])
        answer = linprog(
            goal,
            A_ub=sparse(rows),
            b_ub=np.zeros(len(rows)),
            A_eq=sparse([row for row, _ in equations]),
            b_eq=[side for _, side in equations],
            bounds=free,
            method="highs",
            options={"maxiter": MOST_ITERATIONS},
        )
        if answer.x is None or not answer.success:
            return None
        return self.rounded({first: answer.x[: self.numbered.count[first]], second: -answer.ineqlin.marginals})

    def _exact_program(self) -> dict[int, tuple[Fraction, ...]] | None:
        numbered, (first, second) = self.numbered, self.movers
        height = numbered.count[second] + len(numbered.owned[first]) + 1
        width = numbered.count[first] + len(numbered.owned[second]) + 1
        if height * (height + width) * height > self.limit:
            return None  # about one pivot for each row is needed
        shifted = self._shifted(first, positive=True)
        rows, equations = self._rows(np.array(shifted, dtype=object))
        program = Program(
            at_most=[(_dense(row, width), 0) for row in rows],
            equal=[(_dense(row, width), side) for row, side in equations],
            pivots=self.limit // (height * (height + width)),
            should_stop=self.should_stop,
        )
        optimum = program.maximise([0] * (width - 1) + [1])
        if optimum.outcome is not Outcome.OPTIMAL:
            return None
        return self.whole({first: optimum.point[: numbered.count[first]], second: optimum.prices[: len(rows)]})

    def _shifted(self, player: int, *, positive: bool) -> list[Fraction]:
        """A player's payoffs plus a constant such that all are positive, or negative; the game is the same.

        Weighted by reach, a constant is spread over the ends: in equal parts wherever chance moves.
        """
        parts = [Fraction(1)] * len(self.tree.nodes)
        spread = [Fraction(0)] * self.tree.ends
        for number, node in enumerate(self.tree.nodes):
            share = parts[number] / len(node.children) if node.kind is NodeKind.CHANCE else parts[number]
            for child in node.children:
                parts[child] = share
            if node.kind is NodeKind.END:
                spread[node.end] = parts[number]
        sign = 1 if positive else -1
        worst = max((-sign * value / part for value, part in zip(self.payoffs[player], spread, strict=True)))
        constant = max(worst, Fraction(0)) + 1
        return [value + sign * constant * part for value, part in zip(self.payoffs[player], spread, strict=True)]

    # ---- general sum

    def general(self, parameters: Mapping[str, object]) -> SequenceFormSolution:
        notes = ["one equilibrium is listed; others were not looked for"]
        weights, reason = self._lemke()
        if weights is not None:
            found = self.proved(self.whole(weights), approximate=True)
            if found.certificate.max_gain <= 0:
                method = "Lemke's algorithm on the sequence form"
                return SequenceFormSolution(method, Status.PARTIAL, found, None, tuple(notes), parameters)
            reason = "the complementary solution is no equilibrium"
        behaviour = self._fictitious_play()
        found = self.proved(behaviour, approximate=True)
        notes = [reason]
        if found.certificate.max_gain > 0:
            notes.append(
                "no equilibrium, but the best profile found: "
                f"somebody may gain up to {float(found.certificate.max_gain):.3g} by another plan"
            )
        return SequenceFormSolution("fictitious play", Status.PARTIAL, found, None, tuple(notes), parameters)

    def _lemke(self) -> tuple[dict[int, list[Fraction]] | None, str]:
        """A solution of the complementarity problem, or why there is none."""
        numbered, (first, second) = self.numbered, self.movers
        one, two = numbered.count[first], numbered.count[second]
        sets = [len(numbered.owned[player]) + 1 for player in self.movers]
        size = one + two + 2 * sum(sets)
        if size * size * size > LEMKE_FACTOR * self.limit:
            return None, f"a complementarity problem of {size} rows is beyond the limit of {self.limit}"
        matrix = np.zeros((size, size), dtype=object)
        matrix[...] = 0
        side = np.zeros(size, dtype=object)
        side[...] = 0
        mine, yours = (_integers(self._shifted(player, positive=False)) for player in self.movers)
        for sequence, left, right in zip(numbered.at_end, mine, yours, strict=True):
            matrix[sequence[first], one + sequence[second]] -= left
            matrix[one + sequence[second], sequence[first]] -= right
        place = one + two
        for player, begin, count in ((first, 0, sets[0]), (second, one, sets[1])):
            equations = np.zeros((count, numbered.count[player]), dtype=object)
            equations[...] = 0
            equations[0, 0] = 1
            for row, key in enumerate(numbered.owned[player], start=1):
                equations[row, numbered.before[key]] -= 1
                start = numbered.first[key]
                equations[row, start : start + numbered.width[key]] += 1
            columns = slice(begin, begin + numbered.count[player])
            plus, minus = slice(place, place + count), slice(place + count, place + 2 * count)
            matrix[columns, plus], matrix[columns, minus] = equations.T, -equations.T
            matrix[plus, columns], matrix[minus, columns] = -equations, equations
            side[place], side[place + count] = 1, -1
            place += 2 * count
        solution = _complementary(matrix, side, LEMKE_FACTOR * self.limit, self.should_stop)
        if solution is None:
            return None, "the complementarity problem was not solved within the limit"
        return {first: solution[:one], second: solution[one : one + two]}, ""

    def _fictitious_play(self) -> dict[int, tuple[Fraction, ...]]:
        """Each answers the average of what the other did; the best averages found, rounded."""
        numbered, (first, second) = self.numbered, self.movers
        at = {player: np.array([one[player] for one in numbered.at_end]) for player in self.movers}
        values = {player: np.array([float(value) for value in self.payoffs[player]]) for player in self.movers}
        average = {
            player: np.array([float(one) for one in realisation(numbered, self.whole({}), player)])
            for player in self.movers
        }
        best, least = {player: plan.copy() for player, plan in average.items()}, np.inf
        for number in range(ROUNDS):
            answers: dict[int, Floats] = {}
            gain = 0.0
            for player, other in ((first, second), (second, first)):
                earned: Floats = np.zeros(numbered.count[player])
                np.add.at(earned, at[player], values[player] * average[other][at[other]])
                worth, answers[player] = self._answer(player, earned)
                gain = max(gain, worth - float(earned @ average[player]))
            if gain < least:
                best, least = {player: plan.copy() for player, plan in average.items()}, gain
            if self.stopped():
                break
            for player, answer in answers.items():
                average[player] += (answer - average[player]) / (number + 2)
        return self.rounded(best)

    def _answer(self, player: int, earned: Floats) -> tuple[float, Floats]:
        numbered = self.numbered
        total = earned.copy()
        chosen = {}
        for key in reversed(numbered.owned[player]):
            begin = numbered.first[key]
            here = total[begin : begin + numbered.width[key]]
            chosen[key] = int(np.argmax(here))
            total[numbered.before[key]] += here[chosen[key]]
        weights = np.zeros(numbered.count[player])
        weights[0] = 1
        for key in numbered.owned[player]:
            weights[numbered.first[key] + chosen[key]] = weights[numbered.before[key]]
        return float(total[0]), weights


def _complementary(
    matrix: npt.NDArray[np.object_], side: npt.NDArray[np.object_], limit: int, should_stop: Stop | None
) -> list[Fraction] | None:
    """`z >= 0` with `w = M z + q >= 0` and `z w = 0`, by Lemke's algorithm (1965) in whole numbers; None if not found.

    The tableau holds `w`, `z`, the covering variable and the right-hand side, all over the last pivot (Bareiss 1968).
    Ties are broken by the columns of `w`, the lexicographic rule, so that nothing cycles.
    """
    size = len(side)
    table = np.concatenate(
        [np.identity(size, dtype=object), -matrix, np.full((size, 1), -1, dtype=object), side[:, None]], axis=1
    )
    basis = list(range(size))
    cover, last, spent = 2 * size, 1, 0
    lowest = min(range(size), key=lambda row: [table[row, -1], *table[row, :size]])
    if table[lowest, -1] >= 0:
        return [Fraction(0)] * size
    row, entering = lowest, cover
    while True:
        spent += table.size
        if spent > limit or (should_stop is not None and should_stop()):
            return None
        table, last = _pivot(table, row, entering, last)
        leaving, basis[row] = basis[row], entering
        if leaving == cover:
            break
        entering = leaving + size if leaving < size else leaving - size
        found = _leaving(table, basis, entering, cover, size)
        if found is None:
            return None
        row = found
    solution = [Fraction(0)] * size
    for place, column in enumerate(basis):
        if size <= column < 2 * size:
            solution[column - size] = Fraction(int(table[place, -1]), int(last))
    return solution


def _pivot(table: npt.NDArray[np.object_], row: int, column: int, last: int) -> tuple[npt.NDArray[np.object_], int]:
    pivot = table[row, column]
    lead, heads = table[row].copy(), table[:, column].copy()
    heads[row] = 0
    touched = np.flatnonzero(heads != 0)
    rest = np.flatnonzero(heads == 0)
    rest = rest[rest != row]
    if pivot != last:
        table[rest] = table[rest] * pivot // last
    table[touched] = (table[touched] * pivot - heads[touched, None] * lead[None, :]) // last
    if pivot < 0:
        return -table, -pivot
    return table, pivot


def _leaving(table: npt.NDArray[np.object_], basis: Sequence[int], entering: int, cover: int, size: int) -> int | None:
    """The row that reaches 0 first; the covering variable's if it is among them, else the lexicographically first."""
    heads = table[:, entering].tolist()
    rows = [row for row, head in enumerate(heads) if head > 0]
    if not rows:
        return None
    for column in (-1, *range(size)):
        entries = table[:, column].tolist()
        best = rows[0]
        for row in rows[1:]:
            if entries[row] * heads[best] < entries[best] * heads[row]:
                best = row
        rows = [row for row in rows if entries[row] * heads[best] == entries[best] * heads[row]]
        if column == -1:
            covering = [row for row in rows if basis[row] == cover]
            if covering:
                return covering[0]
        if len(rows) == 1:
            break
    return rows[0]


def _integers(values: Sequence[Fraction]) -> list[int]:
    factor = lcm(*{value.denominator for value in values})
    return [value.numerator * (factor // value.denominator) for value in values]


def _dense(row: Mapping[int, Any], width: int) -> list[Any]:
    dense: list[Any] = [0] * width
    for column, value in row.items():
        dense[column] = value
    return dense


def _short(share: float) -> Fraction:
    return Fraction(0) if share < NEGLIGIBLE else Fraction(share).limit_denominator(LARGEST_DENOMINATOR)

"""Correlated equilibria of any number of players: the best and the worst for each, and for all together.

A trusted party draws a profile from a distribution `p` that everybody knows and tells each player only its own option.
`p` is a correlated equilibrium (Aumann 1974) if nobody gains by playing `b` when told `a`:

    sum_s p(a, s) (u_i(b, s) - u_i(a, s)) <= 0   for every player i and all options a, b

so the set is a polytope and the best for any weights is a linear program. Every mixture of the profiles' distributions
of Nash equilibria is in it, options that iterated strict dominance removes are never told, and there always is one.

Small programs are solved in rationals. Of large ones a float solver (HiGHS) finds the basis; the chances and the prices
that belong to it are then solved for in rationals, and optimal if they prove each other. If they do not, the float
answer is reported with two bounds that hold exactly: the largest gain from disobeying it, and a value that no
correlated equilibrium exceeds, `max_s (w u(s) - y G(s))` for any prices `y >= 0` of the incentive constraints `G`.

>>> chicken = StrategicGame.from_rows([[(6, 6), (2, 7)], [(7, 2), (0, 0)]])
>>> best = correlated_equilibrium(chicken, (1, 1))
>>> str(best.value), {profile: str(chance) for profile, chance in best.equilibrium.chances.items()}
('21/2', {(0, 0): '1/2', (0, 1): '1/4', (1, 0): '1/4'})
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.dominance_story import dominance_story
from gamecore.equilibria.exact_linear import whole_numbers
from gamecore.equilibria.exact_program import Optimum, Outcome, Program, Row, only_solution, proves_optimum
from gamecore.equilibria.result import Certificate, Deviation, Status
from gamecore.errors import InputError
from gamecore.games.strategic import StrategicGame, exact_number

__all__ = [
    "EXACT_LIMIT",
    "FLOAT_LIMIT",
    "CorrelatedAnswer",
    "CorrelatedEquilibrium",
    "CorrelatedOptimum",
    "certify_correlated",
    "correlated_equilibria",
    "correlated_equilibrium",
]

EXACT_LIMIT = 6_000
"""Entries of the tableau (incentive constraints times profiles and constraints) up to which rationals search for the
optimum themselves if floats do not lead to it: about a second for each objective."""

FLOAT_LIMIT = 4_000_000
"""Entries up to which it is solved in floats; beyond, the answer is refused."""

FLOAT_START = 2_000
"""Entries from which a float solver is asked first."""

UNKNOWNS = 120
"""Chances, or prices, solved for in rationals at most: a second or two."""

FLOAT_STEPS = 50_000
"""Iterations of the float solver at most."""

FLOAT_ZERO = 1e-9
"""Below it a chance, price, slack or reduced cost of the float solver (rows scaled to at most 1) counts as 0. It only
chooses the equations that are solved in rationals; the proof is theirs."""

Chances = Mapping[tuple[int, ...], Fraction]
Stop = Callable[[], bool] | None


@dataclass(frozen=True)
class CorrelatedEquilibrium:
    """The `chances` of the profiles that may be drawn, the `payoffs`, and the gain from every way to disobey.

    In the certificate `action` is (option told, option played instead) and `gain` what that adds on average over all
    draws. A certificate with a bound above 0 tells that the answer is approximate.
    """

    chances: Chances
    payoffs: tuple[Fraction, ...]
    certificate: Certificate


@dataclass(frozen=True)
class CorrelatedOptimum:
    """The largest `sum_i weights_i u_i` over all correlated equilibria.

    Complete: `equilibrium` reaches it and `value == at_most`. Partial: no correlated equilibrium gives more than
    `at_most`, and `equilibrium` (within its certificate's bound) gives `value`. Refused: neither was computed.
    """

    weights: tuple[Fraction, ...]
    status: Status
    value: Fraction | None = None
    at_most: Fraction | None = None
    equilibrium: CorrelatedEquilibrium | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CorrelatedAnswer:
    """The correlated equilibria that are best and worst for each player, and for the sum.

    Those of `worst` are optima for weights -1: their `value` is minus what the player, or all, get.
    """

    status: Status
    best: tuple[CorrelatedOptimum, ...]
    worst: tuple[CorrelatedOptimum, ...]
    best_sum: CorrelatedOptimum
    worst_sum: CorrelatedOptimum
    notes: tuple[str, ...] = ()
    parameters: Mapping[str, object] = field(default_factory=dict)


def correlated_equilibrium(
    game: StrategicGame,
    weights: Sequence[Any],
    *,
    limit: int = FLOAT_LIMIT,
    exact_limit: int = EXACT_LIMIT,
    should_stop: Stop = None,
) -> CorrelatedOptimum:
    """The correlated equilibrium with the largest weighted sum of payoffs (weights may be negative).

    Raises `InputError` unless there is one weight for each player.
    """
    if len(weights) != game.players:
        raise InputError(f"{len(weights)} weights are given for {game.players} players: give one for each")
    return _Incentives(game, limit, exact_limit, should_stop).best(tuple(map(exact_number, weights)))


def correlated_equilibria(
    game: StrategicGame, *, limit: int = FLOAT_LIMIT, exact_limit: int = EXACT_LIMIT, should_stop: Stop = None
) -> CorrelatedAnswer:
    """The best and the worst correlated equilibria for each player and for the sum of all."""
    incentives = _Incentives(game, limit, exact_limit, should_stop)
    count = game.players
    ones = (Fraction(1),) * count
    single = [tuple(Fraction(other == player) for other in range(count)) for player in range(count)]
    best = tuple(incentives.best(weights) for weights in single)
    worst = tuple(incentives.best(_negative(weights)) for weights in single)
    best_sum, worst_sum = incentives.best(ones), incentives.best(_negative(ones))
    everything = (*best, *worst, best_sum, worst_sum)
    statuses = {one.status for one in everything}
    status = statuses.pop() if len(statuses) == 1 else Status.PARTIAL
    notes = tuple(dict.fromkeys(note for one in everything for note in one.notes))
    parameters = {"limit": limit, "exact_limit": exact_limit}
    return CorrelatedAnswer(status, best, worst, best_sum, worst_sum, notes, parameters)


def certify_correlated(game: StrategicGame, chances: Chances, bound: Fraction | int = 0) -> Certificate:
    """What each player gains on average by playing `b` whenever it is told `a`, for all `a` that are told.

    Plain sums that share nothing with the solver. Raises `InputError` unless `chances` are a distribution.
    """
    if sum(chances.values()) != 1 or min(chances.values()) < 0:
        raise InputError("the chances of the profiles are not a distribution: entries from 0, sum 1")
    gains: dict[tuple[int, int, int], Fraction] = {}
    for profile, chance in chances.items():
        if not chance:
            continue
        for player, told in enumerate(profile):
            now = game.payoffs[(player, *profile)]
            for instead in range(game.shape[player]):
                if instead != told:
                    value = game.payoffs[(player, *profile[:player], instead, *profile[player + 1 :])]
                    key = (player, told, instead)
                    gains[key] = gains.get(key, Fraction(0)) + chance * (value - now)
    deviations = tuple(Deviation(player, (told, instead), gain) for (player, told, instead), gain in gains.items())
    return Certificate(deviations, Fraction(bound))


def _negative(weights: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    return tuple(-weight for weight in weights)


@dataclass(frozen=True)
class _Solved:
    """A float optimum: profiles `used` and `level` (reduced cost 0), constraints `binding` and `priced`."""

    chances: npt.NDArray[np.float64]
    prices: list[Fraction]
    used: list[int]
    binding: list[int]
    priced: list[int]
    level: list[int]


class _Incentives:
    """The polytope of correlated equilibria, over the options that iterated strict dominance leaves."""

    def __init__(self, game: StrategicGame, limit: int, exact_limit: int, should_stop: Stop) -> None:
        self._game = game
        self._should_stop = should_stop
        self._limit = limit
        self._kept = dominance_story(game, should_stop=should_stop).remaining
        shape = [len(options) for options in self._kept]
        self._profiles = prod(shape)
        self._rows = sum(count * (count - 1) for count in shape)
        self._entries = (self._rows + 2) * (self._rows + self._profiles + 2)
        self._exact = self._entries <= exact_limit
        self._program: Program | None = None
        self._constraints: npt.NDArray[Any] | None = None

    def best(self, weights: tuple[Fraction, ...]) -> CorrelatedOptimum:
        if self._entries > self._limit or (self._should_stop is not None and self._should_stop()):
            note = f"{self._entries} entries of the linear program are more than the limit of {self._limit}"
            note = note if self._entries > self._limit else "the search was stopped"
            return CorrelatedOptimum(weights, Status.REFUSED, notes=(note,))
        if self._constraints is None:
            self._constraints = self._incentive_rows()
        values = self._game.payoffs[np.ix_(range(self._game.players), *self._kept)].reshape(self._game.players, -1)
        objective = np.array(weights, dtype=object) @ values
        found = None
        if self._entries >= FLOAT_START:
            found = self._from_floats(objective)
        if found is None and self._exact:
            found = self._exactly(objective)
        if found is not None:
            return self._told(weights, Status.COMPLETE, found, None)
        if self._should_stop is not None and self._should_stop():
            return CorrelatedOptimum(weights, Status.REFUSED, notes=("the search was stopped",))
        return self._in_floats(weights, objective)

    def _incentive_rows(self) -> npt.NDArray[Any]:
        """Integers with axes (constraint, profile): what disobeying adds there, each row in units of its own."""
        tables = []
        shape = tuple(len(options) for options in self._kept)
        for player, count in enumerate(shape):
            flat = whole_numbers(self._game.payoffs[player][np.ix_(*self._kept)].ravel())
            payoffs = np.moveaxis(np.array(flat, dtype=object).reshape(shape), player, 0)
            for told in range(count):
                for instead in range(count):
                    if instead != told:
                        row = np.zeros_like(payoffs)
                        row[told] = payoffs[instead] - payoffs[told]
                        tables.append(np.moveaxis(row, 0, player).ravel())
        return np.array(tables, dtype=object).reshape(len(tables), self._profiles)

    def _exactly(self, objective: npt.NDArray[Any]) -> list[Fraction] | None:
        if self._program is None:
            at_most, equal = self._rows_exactly()
            self._program = Program(at_most=at_most, equal=equal, should_stop=self._should_stop)
        optimum = self._program.maximise(objective.tolist())
        return list(optimum.point) if optimum.outcome is Outcome.OPTIMAL else None

    def _rows_exactly(self) -> tuple[list[Row], list[Row]]:
        assert self._constraints is not None  # noqa: S101 - built before the first objective
        return [(row, 0) for row in self._constraints.tolist()], [([1] * self._profiles, 1)]

    def _from_floats(self, objective: npt.NDArray[Any]) -> list[Fraction] | None:
        """The optimum whose basis the float solver found, solved for and proved in rationals."""
        solved = self._float_program(objective)
        if solved is None:
            return None
        used, binding, priced, level = solved.used, solved.binding, solved.priced, solved.level
        if max(len(used), len(priced)) > UNKNOWNS:
            return None
        at_most, equal = self._rows_exactly()
        rows = self._constraints
        assert rows is not None  # noqa: S101 - built before the first objective
        chances = only_solution(
            [*((rows[place, used].tolist(), 0) for place in binding), ([1] * len(used), 1)], len(used)
        )
        if chances is None:
            return None
        prices = only_solution(
            [([*rows[priced, profile].tolist(), 1], objective[profile]) for profile in level], len(priced) + 1
        )
        if prices is None:
            return None
        point, whole = [Fraction(0)] * self._profiles, [Fraction(0)] * (len(rows) + 1)
        for profile, chance in zip(used, chances, strict=True):
            point[profile] = chance
        for place, price in zip([*priced, len(rows)], prices, strict=True):
            whole[place] = price
        optimum = Optimum(Outcome.OPTIMAL, prices[-1], tuple(point), tuple(whole))
        return point if proves_optimum(objective.tolist(), at_most, equal, optimum) else None

    def _float_program(self, objective: npt.NDArray[Any]) -> _Solved | None:
        """What HiGHS finds, with constraints and objective scaled to at most 1."""
        from scipy.optimize import linprog

        assert self._constraints is not None  # noqa: S101 - built before the first objective
        table = self._constraints.tolist()
        scales = [max(map(abs, row)) or 1 for row in table]
        rows = np.array([[value / scale for value in row] for row, scale in zip(table, scales, strict=True)])
        rows = rows.reshape(len(table), self._profiles)
        top = max(map(abs, objective.tolist())) or Fraction(1)
        goal = np.array([float(value / top) for value in objective.tolist()])
        ones, zeros = np.ones((1, self._profiles)), np.zeros(len(rows))
        steps = {"maxiter": FLOAT_STEPS}
        solved = linprog(-goal, A_ub=rows, b_ub=zeros, A_eq=ones, b_eq=[1.0], method="highs-ds", options=steps)
        if solved.status != 0:
            return None
        prices = np.maximum(-solved.ineqlin.marginals, 0.0)
        costs = -goal - solved.ineqlin.marginals @ rows - solved.eqlin.marginals[0]
        return _Solved(
            np.asarray(solved.x, dtype=float),
            [Fraction(price) * top / scale for price, scale in zip(prices.tolist(), scales, strict=True)],
            used=np.flatnonzero(solved.x > FLOAT_ZERO).tolist(),
            binding=np.flatnonzero(rows @ solved.x > -FLOAT_ZERO).tolist(),
            priced=np.flatnonzero(prices > FLOAT_ZERO).tolist(),
            level=np.flatnonzero(costs < FLOAT_ZERO).tolist(),
        )

    def _in_floats(self, weights: tuple[Fraction, ...], objective: npt.NDArray[Any]) -> CorrelatedOptimum:
        solved = self._float_program(objective)
        if solved is None:
            return CorrelatedOptimum(weights, Status.REFUSED, notes=("the float solver found no answer",))
        point = [Fraction(max(chance, 0.0)) for chance in solved.chances.tolist()]
        total = sum(point, Fraction(0))
        bound = max((objective - np.array(solved.prices, dtype=object) @ self._constraints).tolist())
        return self._told(weights, Status.PARTIAL, [value / total for value in point], bound)

    def _told(
        self, weights: tuple[Fraction, ...], status: Status, point: list[Fraction], at_most: Fraction | None
    ) -> CorrelatedOptimum:
        chances = {profile: chance for profile, chance in zip(product(*self._kept), point, strict=True) if chance}
        payoffs = tuple(
            sum((chance * self._game.payoffs[(player, *profile)] for profile, chance in chances.items()), Fraction(0))
            for player in range(self._game.players)
        )
        certificate = certify_correlated(self._game, chances)
        value = sum((weight * payoff for weight, payoff in zip(weights, payoffs, strict=True)), Fraction(0))
        if not certificate.holds:
            status = Status.PARTIAL
            certificate = Certificate(certificate.deviations, certificate.max_gain)
        equilibrium = CorrelatedEquilibrium(chances, payoffs, certificate)
        if status is Status.COMPLETE:
            return CorrelatedOptimum(weights, status, value, value, equilibrium)
        note = "solved in floats: the program is too large for rationals; the certificate bounds what disobeying gains"
        return CorrelatedOptimum(weights, Status.PARTIAL, value, at_most, equilibrium, (note,))

"""The 0-1 program behind `inverse_preferences.py`: comparisons as variables, stability as rows.

Variables are w = 1 if decision maker `i` finds a at least as good as b, for the pairs that may change; all other
comparisons are numbers. Whatever carries the sanctions (who cannot escape, the flow along paths) is continuous: if any
of it is positive, the comparisons that allow it are 1, so it could be 1 as well. The objective counts comparisons that
differ from the present ones, two for a swapped pair.

Transitivity is asked for where the state in question is one of the three; what else an answer breaks is added and the
program solved again. If only comparisons with that state decide, nothing else can break: who stands above, beside and
below it fixes all changes between these three groups, and within a group the closest answer leaves everything alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from itertools import combinations, permutations
from typing import Any, Final

from gamecore.compromises.stability.concepts import Concept, Situation
from gamecore.games.conflict import Conflict
from gamecore.games.conflict_relations import members

__all__ = ["Comparison", "StabilityProgram", "Stop"]


@dataclass(frozen=True, order=True)
class Comparison:
    """Whether `decision_maker` finds state `better` at least as good as `worse`."""

    decision_maker: int
    better: int
    worse: int


class Stop(Enum):
    """Why there is no next change."""

    NONE_LEFT = "none left"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class _Sum:
    """A sum of variables and a number."""

    terms: Mapping[int, float] = field(default_factory=dict)
    constant: float = 0.0

    def __add__(self, other: _Sum) -> _Sum:
        terms = dict(self.terms)
        for variable, factor in other.terms.items():
            terms[variable] = terms.get(variable, 0.0) + factor
        return _Sum(terms, self.constant + other.constant)

    def __neg__(self) -> _Sum:
        return _Sum({variable: -factor for variable, factor in self.terms.items()}, -self.constant)

    def __sub__(self, other: _Sum) -> _Sum:
        return self + -other


ZERO: Final = _Sum()
ONE: Final = _Sum(constant=1.0)


class StabilityProgram:
    """Rankings under which a state is stable, nearest first.

    `spans` has the states whose order may change for each decision maker who may change.
    """

    def __init__(
        self,
        conflict: Conflict,
        state: int,
        concept: Concept,
        targets: Iterable[int],
        spans: Mapping[int, tuple[int, ...]],
        *,
        new_ties: bool,
    ) -> None:
        self._conflict, self._state, self._concept = conflict, state, concept
        self._count = 0
        self._rows: list[_Sum] = []
        """Each has to be 0 or more."""
        self._variables: dict[Comparison, int] = {}
        self._situations: dict[int, Situation] = {}
        for number, span in spans.items():
            for a, b in permutations(span, 2):
                self._variables[Comparison(number, a, b)] = self._variable()
            self._order(number, span, new_ties=new_ties)
        self._spans = dict(spans)
        for target in targets:
            self._stable(target)

    def _variable(self) -> int:
        self._count += 1
        return self._count - 1

    def _holds_now(self, comparison: Comparison) -> bool:
        better = self._conflict.preferences[comparison.decision_maker].better
        return not better[comparison.better] >> comparison.worse & 1

    def _at_least(self, number: int, a: int, b: int) -> _Sum:
        """W_ab as a variable, or as the number it is."""
        comparison = Comparison(number, a, b)
        if comparison in self._variables:
            return _Sum({self._variables[comparison]: 1.0})
        return ONE if self._holds_now(comparison) else ZERO

    def _order(self, number: int, span: tuple[int, ...], *, new_ties: bool) -> None:
        """A weak order of the states that may move."""
        preference = self._conflict.preferences[number]
        for a, b in combinations(span, 2):
            both = self._at_least(number, a, b) + self._at_least(number, b, a)
            self._rows.append(both - ONE)
            told_apart = (preference.better[a] >> b | preference.better[b] >> a) & 1
            if told_apart and not new_ties:
                self._rows.append(ONE - both)
        for a, b in permutations([state for state in span if state != self._state], 2):
            for triple in ((a, b, self._state), (a, self._state, b), (self._state, a, b)):
                self._through(number, *triple)

    def _through(self, number: int, a: int, b: int, c: int) -> None:
        """At least as good as what is at least as good."""
        through = self._at_least(number, a, b) + self._at_least(number, b, c)
        self._rows.append(ONE + self._at_least(number, a, c) - through)

    def _stable(self, target: int) -> None:
        """Every move of the target from the state is none it wants, or has a sanction."""
        carriers: dict[int, _Sum] = {}
        for after in self._conflict.moves[target][self._state]:
            unwanted = self._at_least(target, self._state, after)
            if self._concept is Concept.NASH:
                self._rows.append(unwanted - ONE)
                continue
            ends = self._ends(target, after)
            if ends is None:
                self._rows.append(unwanted + self._flow(target, after, carriers) - ONE)
                continue
            sanctions = ZERO
            for end in ends:
                sanctions += self._sanction(target, end, carriers)
            self._rows.append(unwanted + sanctions - ONE)

    def _sanction(self, target: int, end: int, carriers: dict[int, _Sum]) -> _Sum:
        """1 if ending there deters the target: no better than the state and, where asked, nothing better from there."""
        if end not in carriers:
            deterring = [self._at_least(target, self._state, end)]
            if self._concept in {Concept.SMR, Concept.SSEQ}:
                escapes = self._conflict.moves[target][end]
                deterring += [
                    self._at_least(target, self._state, escape) for escape in escapes if escape != self._state
                ]
                carriers[end] = self._at_most(deterring)
            else:
                carriers[end] = deterring[0]
        return carriers[end]

    def _at_most(self, limits: Iterable[_Sum]) -> _Sum:
        """A new variable below all of these, 0 if one of them is the number 0."""
        open_limits = [limit for limit in limits if limit.terms or limit.constant < 1]
        if any(not limit.terms for limit in open_limits):
            return ZERO
        if not open_limits:
            return ONE
        carrier = _Sum({self._variable(): 1.0})
        self._rows += [limit - carrier for limit in open_limits]
        return carrier

    def _ends(self, target: int, start: int) -> list[int] | None:
        """Where the answers of the others can lead; nothing if that depends on preferences that may change."""
        situation = self._situations.setdefault(target, Situation(self._conflict, target))
        if self._concept in {Concept.GMR, Concept.SMR}:
            return members(situation.answers[start])
        if any(comparison.decision_maker != target for comparison in self._variables):
            return None
        return members(situation.credible_answers[start])

    def _nodes(self, others: tuple[int, ...], start: int) -> list[tuple[int, int]]:
        """The pairs (state, last mover) after legal sequences of moves of the others."""
        nodes = [(end, mover) for mover in others for end in self._conflict.moves[mover][start]]
        seen = set(nodes)
        for state, last in nodes:
            for mover in others:
                for end in self._conflict.moves[mover][state] if mover != last else ():
                    if (end, mover) not in seen:
                        seen.add((end, mover))
                        nodes.append((end, mover))
        return nodes

    def _flow(self, target: int, start: int, carriers: dict[int, _Sum]) -> _Sum:
        """What flows from `start` along improvements of the others into deterring states."""
        others = self._situations[target].others
        rest = dict.fromkeys(self._nodes(others, start), ZERO)
        begun = ZERO
        for state, last in [(start, -1), *rest]:
            out = ZERO
            for mover in others:
                for end in self._conflict.moves[mover][state] if mover != last else ():
                    step = self._carrier(ONE - self._at_least(mover, state, end))
                    rest[end, mover] += step
                    out += step
            if last == -1:
                begun = out
            else:
                rest[state, last] -= out
        for (end, _), arriving in rest.items():
            caught = self._carrier(self._sanction(target, end, carriers))
            self._rows += [arriving - caught, caught - arriving]
        return begun

    def _carrier(self, limit: _Sum) -> _Sum:
        """A new variable of at most `limit`; nothing if that is the number 0."""
        if not limit.terms and limit.constant <= 0:
            return ZERO
        carrier = _Sum({self._variable(): 1.0})
        if limit.terms:
            self._rows.append(limit - carrier)
        return carrier

    def forbid(self, flipped: frozenset[Comparison]) -> None:
        """Leave out every change that contains this one."""
        kept = _Sum(constant=-1.0)
        for comparison in flipped:
            now = _Sum({self._variables[comparison]: 1.0})
            kept += now if self._holds_now(comparison) else ONE - now
        self._rows.append(kept)
        self.__dict__.pop("_matrix", None)

    def closest(self, seconds: float) -> frozenset[Comparison] | Stop:
        """The comparisons of the closest change, an empty set if none is needed, or why there is no next one."""
        if any(not row.terms and row.constant < 0 for row in self._rows):
            return Stop.NONE_LEFT
        if not self._count:
            return frozenset()
        until = time.monotonic() + seconds
        while True:
            values = self._solve(until - time.monotonic())
            if isinstance(values, Stop):
                return values
            holding = {comparison for comparison, variable in self._variables.items() if values[variable] > 0.5}
            if not self._add_broken_rows(holding):
                return frozenset(one for one in self._variables if (one in holding) != self._holds_now(one))

    def _add_broken_rows(self, holding: set[Comparison]) -> bool:
        """Add the rows of transitivity that these comparisons break; whether there are any."""
        import numpy as np

        broken = False
        for number, span in self._spans.items():
            table = np.array(
                [[a == b or Comparison(number, a, b) in holding for b in span] for a in span], dtype=np.int64
            )
            for a, c in np.argwhere((table @ table > 0) & (table == 0)).tolist():
                for b in np.flatnonzero(table[a] & table[:, c]).tolist():
                    self._through(number, span[a], span[b], span[c])
                    broken = True
        if broken:
            self.__dict__.pop("_matrix", None)
        return broken

    def _solve(self, seconds: float) -> Any:
        """The values of the variables, or why there are none."""
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp

        if seconds <= 0:
            return Stop.UNDECIDED
        cost, whole = np.zeros(self._count), np.zeros(self._count)
        for comparison, variable in self._variables.items():
            cost[variable] = -1.0 if self._holds_now(comparison) else 1.0
            whole[variable] = 1
        result = milp(
            cost,
            integrality=whole,
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(*self._matrix),
            options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )
        if result.status == 2:
            return Stop.NONE_LEFT
        if result.status != 0:
            return Stop.UNDECIDED
        return result.x

    @cached_property
    def _matrix(self) -> tuple[Any, Any, Any]:
        """All rows as (matrix, lower, upper)."""
        import numpy as np
        from scipy.sparse import csr_array

        rows = [row for row in self._rows if row.terms]
        starts = np.cumsum([0, *(len(row.terms) for row in rows)])
        factors = np.array([factor for row in rows for factor in row.terms.values()])
        places = np.array([variable for row in rows for variable in row.terms], dtype=np.int64)
        lower = np.array([-row.constant for row in rows])
        matrix = csr_array((factors, places, starts), shape=(len(rows), self._count))
        return matrix, lower, np.full(len(rows), np.inf)

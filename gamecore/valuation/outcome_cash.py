"""The money behind a payoff at base values, outcome by outcome: flows of the programme and the deal, and dated amounts.

A payoff is a sum of lines. A line that says `enpv` stands for every flow of the programme under the deal; any other is
one amount, with a date (`at`) or without. An amount without a date is a value of today: a table puts it on day zero,
but it is no cash that could pay for anything (`dated` is False).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from gamecore.errors import InputError
from gamecore.model import Enpv, Scenario
from gamecore.valuation.cash_flows import CashFlows, cash_flow_table
from gamecore.valuation.enpv import Valuation
from gamecore.valuation.net_present import valued_at
from gamecore.valuation.payoffs import Assignment, Worth
from gamecore.valuation.programme import Floats

__all__ = ["PAYOFF", "Amount", "CashOfOutcomes", "Source"]

PAYOFF: Final = "payoff"  # the kind of a row that is a payoff line of its own

Source = tuple[str, str]  # (kind, name): ("cost", "phase_3"), ("payoff", "holding")


@dataclass(frozen=True)
class Amount:
    """One amount of a payoff line: `at` in years from day zero, `dated` if the file says so."""

    line: str
    at: float
    undiscounted: float
    discounted: float
    dated: bool


class CashOfOutcomes:
    """The flows behind the payoffs of a scenario at base values.

    Raises `InputError` where the payoffs are scores of criteria: those are no money.
    """

    def __init__(self, scenario: Scenario, worth: Worth[Fraction]) -> None:
        if any(line.weights for line in scenario.payoffs.values()):
            raise InputError("the payoffs of this file are weighted criteria (points): there is no cash behind them")
        self.scenario, self.worth = scenario, worth
        self._valuations: dict[tuple[object, ...], Valuation] = {}
        self._columns: dict[tuple[object, ...], dict[Source, CashFlows]] = {}

    def key(self, player: str, assignment: Assignment) -> tuple[object, ...]:
        """What tells apart outcomes with different money for a player."""
        times = self._times_enpv(player, assignment)
        programme = self.worth.programme_key(assignment) if times else ()
        return (times, programme, self.amounts(player, assignment))

    def amounts(self, player: str, assignment: Assignment) -> tuple[Amount, ...]:
        """The amounts of the lines that are not `enpv`; those of 0 are left out."""
        found = []
        for line in self.scenario.payoffs.values():
            row = self.worth.row(line, assignment)
            value = None if row is None else row.values.get(player)
            if row is None or value is None or isinstance(value, Enpv):
                continue
            plain = self.worth.value(value, assignment)
            if plain:
                time = row.at if row.at is not None else line.at
                at = 0.0 if time is None else float(self.worth.years(time, assignment))
                discounted = float(self.worth.amount(line, player, assignment))
                found.append(Amount(line.name, at, float(plain), discounted, time is not None))
        return tuple(found)

    def dates(self, player: str, assignment: Assignment) -> tuple[float, float]:
        """The first and the last date on which money flows, years from day zero."""
        dates = [amount.at for amount in self.amounts(player, assignment)]
        if self._times_enpv(player, assignment):
            pieces = [piece for flow in self.valuation(assignment).flows for piece in flow.pieces]
            dates += [float(np.min(piece.start)) for piece in pieces]
            dates += [float(np.max(piece.end)) for piece in pieces]
        return min(dates, default=0.0), max(dates, default=0.0)

    def valuation(self, assignment: Assignment) -> Valuation:
        """The programme under the deal in an outcome."""
        key = self.worth.programme_key(assignment)
        if key not in self._valuations:
            self._valuations[key] = valued_at(*self.worth.blocks(assignment))
        return self._valuations[key]

    def flows(
        self, player: str, assignment: Assignment, edges: Sequence[float] | Floats, *, cash_only: bool = False
    ) -> Mapping[Source, CashFlows]:
        """What flows between the edges, by source: arrays (column,), as `cash_flow_table` has them.

        With `cash_only` amounts without a date are left out.
        """
        cuts = np.asarray(edges, dtype=float)
        rows = dict(self._programme(player, assignment, cuts))
        for amount in self.amounts(player, assignment):
            if amount.dated or not cash_only:
                here = ((cuts[:-1] <= amount.at) & (amount.at < cuts[1:])).astype(float)
                plain = amount.undiscounted * here
                rows[PAYOFF, amount.line] = CashFlows(plain, plain, amount.discounted * here)
        return rows

    def _programme(self, player: str, assignment: Assignment, cuts: Floats) -> Mapping[Source, CashFlows]:
        times = self._times_enpv(player, assignment)
        if not times:
            return {}
        key = (self.worth.programme_key(assignment), player, times, cuts.tobytes())
        if key not in self._columns:
            table = cash_flow_table(self.valuation(assignment), player, cuts)
            self._columns[key] = {
                (kind.value, source): CashFlows(
                    *(times * x for x in (row.undiscounted, row.risk_adjusted, row.discounted))
                )
                for (kind, source), row in table.rows.items()
            }
        return self._columns[key]

    def _times_enpv(self, player: str, assignment: Assignment) -> int:
        """How many lines stand for the programme in an outcome."""
        rows = (self.worth.row(line, assignment) for line in self.scenario.payoffs.values())
        return sum(row is not None and isinstance(row.values.get(player), Enpv) for row in rows)

"""The cash flows behind a value: by year or month, for one player, and what they say about horizons and cash.

A table has a row for every source of money and a column for every stretch of time, three times over: `undiscounted`
(if every phase succeeds), `risk_adjusted` (times the probability of the event) and `discounted` (that, at the player's
rate). Positive is cash to the player. Rows and columns of `discounted` sum to the player's eNPV.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from gamecore.errors import InputError, TooLargeError
from gamecore.valuation.discounting import Discounting, Piece
from gamecore.valuation.enpv import Valuation
from gamecore.valuation.flows import Flow, Kind
from gamecore.valuation.programme import Floats, Number

__all__ = [
    "MOST_CELLS",
    "CashFlowTable",
    "CashFlows",
    "Funding",
    "by_month",
    "by_year",
    "cash_flow_table",
    "funding",
    "horizon_values",
]

MOST_CELLS: Final = 5_000_000  # of one row: columns x draws, 40 MB for each of the three kinds


@dataclass(frozen=True, eq=False)
class CashFlows:
    """One row of a table. Arrays of shape (column,), or (column, draw) where the valuation rests on draws."""

    undiscounted: Floats
    risk_adjusted: Floats
    discounted: Floats

    def __add__(self, other: CashFlows) -> CashFlows:
        return CashFlows(
            self.undiscounted + other.undiscounted,
            self.risk_adjusted + other.risk_adjusted,
            self.discounted + other.discounted,
        )


@dataclass(frozen=True, eq=False)
class CashFlowTable:
    """All cash flows of one player.

    `edges` are the dates between columns, years from day zero, shape (column + 1,): column c has what flows in
    [edges[c], edges[c + 1]). `rows` go by (kind, source), in the order of the programme and the deal.
    """

    player: str
    edges: Floats
    rows: Mapping[tuple[Kind, str], CashFlows]

    @cached_property
    def total(self) -> CashFlows:
        """The sum of all rows."""
        none = np.zeros(len(self.edges) - 1)
        rows = list(self.rows.values())
        if rows and rows[0].discounted.ndim == 2:
            none = none[:, None]
        total = CashFlows(none, none, none)
        for row in rows:
            total = total + row
        return total


def by_year(valuation: Valuation) -> Floats:
    """The edges of years from day zero to the end of the last flow, in any draw."""
    return np.arange(_last_date(valuation) + 2.0)


def by_month(months: int) -> Floats:
    """The edges of months from day zero."""
    return np.arange(months + 1) / 12


def _last_date(valuation: Valuation) -> int:
    ends = [np.max(piece.end) for flow in valuation.flows for piece in flow.pieces]
    return int(max(ends, default=0.0))


def cash_flow_table(valuation: Valuation, player: str, edges: Sequence[float] | Floats | None = None) -> CashFlowTable:
    """The cash flows of one player between the edges; by default `by_year`, which leaves nothing out.

    Raises `InputError` for an unknown player or edges that do not rise, `TooLargeError` beyond `MOST_CELLS`.
    """
    if player not in valuation.rates:
        raise InputError(f"no player is called '{player}' ({', '.join(valuation.rates)})")
    cuts = by_year(valuation) if edges is None else np.asarray(edges, dtype=float)
    if cuts.ndim != 1 or len(cuts) < 2 or not (np.diff(cuts) > 0).all():
        raise InputError("a table of cash flows needs at least two dates that rise")
    draws = max((np.size(value) for value in valuation.values.values()), default=1)
    if (len(cuts) - 1) * draws > MOST_CELLS:
        cells = (len(cuts) - 1) * draws
        message = f"a table of {len(cuts) - 1} columns for {draws} draws has more than {MOST_CELLS} cells a row"
        raise TooLargeError(message, limit="MOST_CELLS", count=cells, allowed=MOST_CELLS)
    surely: dict[str, Number] = dict.fromkeys(valuation.paths.names, 1.0)
    rows: dict[tuple[Kind, str], CashFlows] = {}
    for flow in valuation.flows:
        sign = flow.sign(player)
        if sign:
            amount, discounted = _in_columns(flow, player, valuation, cuts)
            nominal = sign * valuation.paths.chance(flow.event, valuation.goes_on, surely)
            weight = sign * valuation.paths.chance(flow.event, valuation.goes_on)
            row = CashFlows(
                *(_as_row(x, draws, cuts) for x in (nominal * amount, weight * amount, weight * discounted))
            )
            key = (flow.kind, flow.source)
            rows[key] = rows[key] + row if key in rows else row
    return CashFlowTable(player, cuts, rows)


def _as_row(amounts: Floats, draws: int, edges: Floats) -> Floats:
    """Shape (column,), or (column, draw) if there are draws."""
    shape = (len(edges) - 1, draws)
    return np.broadcast_to(amounts, shape) if draws > 1 else np.broadcast_to(amounts, shape)[:, 0]


def _in_columns(flow: Flow, player: str, valuation: Valuation, edges: Floats) -> tuple[Floats, Floats]:
    """What a flow comes to in each column if its event happens, plain and discounted: shape (column, draw or 1)."""
    begin, end = edges[:-1, None], edges[1:, None]
    parts = tuple(_between(piece, begin, end) for piece in flow.pieces)
    amount = np.zeros((len(edges) - 1, 1))
    for part in parts:
        amount = amount + 0.5 * (part.first + part.last)
    discounted = Discounting(valuation.rates).value(player, parts)
    return np.asarray(flow.scale * amount), np.asarray(flow.scale * discounted)


def _between(piece: Piece, begin: Floats, end: Floats) -> Piece:
    """The part of a piece from `begin` to before `end`, for every column."""
    length = np.asarray(piece.end - piece.start)
    whole = np.where(length > 0, length, 1.0)
    start = np.clip(begin, piece.start, piece.end)
    stop = np.clip(end, piece.start, piece.end)
    at_once = (begin <= piece.start) & (piece.start < end)
    share = np.where(length > 0, (stop - start) / whole, at_once)
    rise = piece.last - piece.first
    middle = 0.5 * (piece.first + piece.last)  # a payment at once is the mean of its ends
    first = np.where(length > 0, piece.first + rise * ((start - piece.start) / whole), middle)
    last = np.where(length > 0, piece.first + rise * ((stop - piece.start) / whole), middle)
    return Piece(start, stop, first * share, last * share)


def horizon_values(valuation: Valuation, player: str, horizons: Sequence[float] = (1.0, 3.0)) -> list[Number]:
    """The part of a player's eNPV that flows up to each horizon, years from day zero, that day included; then all."""
    # The smallest number above a horizon, so that a payment due on its very day is within it.
    edges = [0.0, *(float(np.nextafter(horizon, np.inf)) for horizon in horizons), np.inf]
    columns = np.cumsum(cash_flow_table(valuation, player, edges).total.discounted, axis=0)
    return list(columns)


@dataclass(frozen=True, eq=False)
class Funding:
    """Whether a player can pay for what a table holds.

    Attributes
    ----------
    balance
        Cash at the end of each column, money: shape (column,) or (column, draw).
    lowest
        The lowest of them.
    runs_out
        End of the first column with a balance below 0, years from day zero; infinite if there is none.
    unfunded
        (kind, source) -> share of draws in which it asks for money in a column that ends below 0; without draws, 1.
    """

    balance: Floats
    lowest: Number
    runs_out: Number
    unfunded: Mapping[tuple[Kind, str], float]


def funding(table: CashFlowTable, cash: Number, *, burn: Number = 0.0, risk_adjusted: bool = False) -> Funding:
    """Follow the cash of a table's player.

    Parameters
    ----------
    table
        Usually `by_month`.
    cash
        Cash on day zero. A runway of m months means a `burn` of cash / (m / 12).
    burn
        All else the player spends, money a year.
    risk_adjusted
        Follow the expected flows; by default those if every phase succeeds, which is what has to be funded.
    """

    def flows(row: CashFlows) -> Floats:
        return row.risk_adjusted if risk_adjusted else row.undiscounted

    total = flows(table.total)
    ends = table.edges[1:] if total.ndim == 1 else table.edges[1:, None]
    balance = np.asarray(cash + np.cumsum(total, axis=0) - burn * (ends - table.edges[0]))
    short = balance < -1e-9 * np.maximum(1.0, np.abs(cash))  # below that it is rounding
    runs_out = np.min(np.where(short, ends, np.inf), axis=0)
    unfunded = {key: float(np.mean(np.any(short & (flows(row) < 0), axis=0))) for key, row in table.rows.items()}
    return Funding(balance, balance.min(axis=0), runs_out, {key: share for key, share in unfunded.items() if share > 0})

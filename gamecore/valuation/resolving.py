"""From the blocks of a file to the plain numbers that `enpv` values, outcome by outcome.

`Resolver` applies the rows that fit an outcome, evaluates every number in the arithmetic it was given, and builds the
`Programme` and the `Deal` of `gamecore.valuation.programme`. Outcomes that come to the same numbers share one value:
the key is which rows fit, and what happened to the terms, events and decisions that the formulas rest on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from gamecore.model import Due, DueKind, Path, Scenario, Time, Uncertain, Value
from gamecore.scenario.effective import BlockInOutcomes, Effective
from gamecore.scenario.expressions import Arithmetic, parse_number
from gamecore.scenario.parts import START
from gamecore.scenario.schedule import behind
from gamecore.valuation.programme import (
    CoPromotion,
    CostShare,
    CumulativeSales,
    Deal,
    Gate,
    Launch,
    Market,
    Milestone,
    Number,
    OnDate,
    Phase,
    Programme,
    Royalty,
    Shares,
    Signature,
    StartOf,
    SuccessOf,
    Supply,
    YearlySales,
)
from gamecore.valuation.programme import Due as DueNumbers

__all__ = ["Key", "Resolved", "Resolver", "deal_of", "programme_of"]

T = TypeVar("T")
Key = tuple[object, ...]


@dataclass(frozen=True)
class Resolved(Generic[T]):
    """A programme and a deal in one outcome: what stands at each path, and the number there."""

    programme: Effective
    deal: Effective
    number: Callable[[Effective, Path], T]


_NO_DEAL = Effective({}, {}, {})


class Resolver:
    """The programme and the deal of a scenario in its outcomes."""

    def __init__(self, scenario: Scenario) -> None:
        if scenario.programme is None:
            raise ValueError("a scenario without a programme has no net present value")
        self.scenario = scenario
        self._programme = BlockInOutcomes(scenario.programme)
        self._deal = BlockInOutcomes(scenario.deal) if scenario.deal is not None else None
        self._rest_on: dict[Key, tuple[str, ...]] = {}

    def key(self, assignment: Mapping[str, str]) -> Key:
        """What tells apart outcomes whose programmes or deals may differ (switches are in the assignment)."""
        fitting: Key = (self._programme.fitting(assignment), self._fits(assignment))
        if fitting not in self._rest_on:
            programme, deal = self._after(assignment)
            self._rest_on[fitting] = tuple(sorted(behind(self.scenario, programme.formulas() | deal.formulas())))
        return (*fitting, *map(assignment.get, self._rest_on[fitting]))

    def _fits(self, assignment: Mapping[str, str]) -> tuple[int, ...]:
        return self._deal.fitting(assignment) if self._deal is not None else ()

    def _after(self, assignment: Mapping[str, str]) -> tuple[Effective, Effective]:
        programme = self._programme.after(self._programme.fitting(assignment))
        return programme, self._deal.after(self._fits(assignment)) if self._deal is not None else _NO_DEAL

    def resolved(
        self,
        assignment: Mapping[str, str],
        arithmetic: Arithmetic[T],
        evaluate: Callable[[Value | Uncertain | Time], T],
    ) -> Resolved[T]:
        """What stands in the blocks in an outcome, with its numbers in an arithmetic."""
        programme, deal = self._after(assignment)
        return Resolved(programme, deal, lambda block, path: block.number(path, arithmetic, evaluate))


# ---- plain numbers ---------------------------------------------------------------------------------------------------


class _Part:
    """One named part of a block, and the numbers in it."""

    def __init__(self, block: Effective, path: Path, number: Callable[[Effective, Path], Number]) -> None:
        self.block = block
        self.path = path
        self._number = number

    def __getitem__(self, key: str) -> Number:
        return self._number(self.block, (*self.path, key))

    def get(self, key: str) -> Number | None:
        """A number, or None where nothing is written."""
        return self[key] if self.block.has((*self.path, key)) else None

    def words(self, key: str) -> tuple[str, ...]:
        """Names; () where nothing is written."""
        return self.block.words((*self.path, key)) or ()

    def word(self, key: str) -> str | None:
        """A name, or None: nobody of the game, or nothing written."""
        words = self.words(key)
        return words[0] if words else None

    def shares(self, players: tuple[str, ...], *inside: str) -> Shares | None:
        """The shares of the players, here or one step down; None where there are none."""
        path = (*self.path, *inside)
        named = [player for player in self.block.below(path) if player in players]
        return {player: self._number(self.block, (*path, player)) for player in named} or None


def programme_of(resolved: Resolved[Number]) -> Programme:
    """The programme as plain numbers."""
    block, number = resolved.programme, resolved.number
    phases: list[Phase] = []
    for name in block.names("phases"):
        part = _Part(block, ("phases", name), number)
        follows = part.word("after") or (phases[-1].name if phases else START)
        phases.append(
            Phase(
                name,
                budget=part["budget"],
                lasts=part["lasts"],
                success=part["success"],
                cost=part["cost"],
                after=None if follows == START else follows,
                pause=part["pause"],
            )
        )
    last = phases[-1].name
    markets = tuple(_market(_Part(block, ("sales", name), number), last) for name in block.names("sales"))
    return Programme(tuple(phases), markets, number(block, ("start",)))


def _market(part: _Part, last: str) -> Market:
    peak = part.get("peak")
    return Market(
        part.path[1],
        after=part.word("after") or last,
        peak=part["patients"] * part["share"] * part["price"] if peak is None else peak,
        ramp=part["ramp"],
        margin=part["margin"],
        until=part.get("until"),
        exclusivity=part.get("exclusivity"),
        delay=part["delay"],
        after_loe=part["after_loe"],
        tail=part["tail"],
    )


def deal_of(resolved: Resolved[Number], players: tuple[str, ...]) -> Deal:
    """The deal as plain numbers; a player who is alone pays and earns what the deal does not share out."""
    block, number = resolved.deal, resolved.number

    def parts(section: str) -> list[_Part]:
        return [_Part(block, (section, name), number) for name in block.names(section)]

    cost_share = {part.path[1]: _cost_share(part, players) for part in parts("cost_share")}
    profit_share = {part.path[1]: part.shares(players) or {} for part in parts("profit_share")}
    if len(players) == 1:
        whole: Shares = {players[0]: 1.0}
        cost_share = {name: CostShare(whole) for name in resolved.programme.names("phases")} | cost_share
        profit_share = dict.fromkeys(resolved.programme.names("sales"), whole) | profit_share
    return Deal(
        cost_share,
        profit_share,
        tuple(
            Milestone(part.path[1], part.word("from"), part.word("to"), part["amount"], _due(part))
            for part in parts("milestones")
        ),
        tuple(map(_royalty, parts("royalties"))),
        tuple(
            CoPromotion(
                part.path[1],
                player=part.word("by") or "",
                partner=part.word("with") or "",
                market=part.word("market") or "",
                effort=part["effort"],
                yearly_cost=part["yearly_cost"],
                reimbursed=part["reimbursed"],
                profit=part["profit"],
            )
            for part in parts("co_promotion")
        ),
        tuple(
            Supply(part.path[1], part.word("from"), part.word("to"), part["margin"], part.words("markets"))
            for part in parts("supply")
        ),
        tuple(Gate(part.path[1], part.word("by") or "", part.shares(players) or {}) for part in parts("gates")),
        number(block, ("signed",)),
    )


def _cost_share(part: _Part, players: tuple[str, ...]) -> CostShare:
    above_budget, above_cap = part.shares(players, "above_budget"), part.shares(players, "above_cap")
    return CostShare(part.shares(players) or {}, above_budget, part.get("cap"), above_cap)


def _royalty(part: _Part) -> Royalty:
    thresholds = part.block.below((*part.path, "tiers"))
    tiers = _Part(part.block, (*part.path, "tiers"), part._number)  # noqa: SLF001 - a part of this part
    return Royalty(
        part.path[1],
        part.word("from"),
        part.word("to"),
        tuple((float(parse_number(key) or 0), tiers[key]) for key in thresholds),
        markets=part.words("markets"),
        term=part.get("term"),
        step_down=part["step_down"],
        third_party=part["third_party"],
        offset=part["offset"],
        floor=part["floor"],
    )


def _due(part: _Part) -> DueNumbers:
    due = part.block.due((*part.path, "due")) or Due(DueKind.SIGNATURE)
    markets = (due.of,) if due.kind is DueKind.LAUNCH and due.of is not None else part.words("markets")
    match due.kind:
        case DueKind.SIGNATURE:
            return Signature()
        case DueKind.DATE:
            return OnDate(part["due"])
        case DueKind.START:
            return StartOf(due.of or "")
        case DueKind.SUCCESS:
            return SuccessOf(due.of or "")
        case DueKind.LAUNCH:
            return Launch(markets)
        case DueKind.YEARLY_SALES:
            return YearlySales(part["due"], markets, bool(part.words("each_year")))
        case DueKind.TOTAL_SALES:
            return CumulativeSales(part["due"], markets)

"""What only the programme and the deal together can show, in every outcome in which `enpv` is asked for.

Two rows that set the same thing, numbers out of bounds after the changes, shares that do not sum, exclusivity lost
before the launch, milestones before their phase or before the signature. Numbers are looked at at base values; what
leads to the same numbers is looked at once.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from gamecore.errors import InputError
from gamecore.model import (
    Block,
    DateOf,
    Due,
    DueKind,
    Formula,
    Leaf,
    Path,
    Place,
    Range,
    Scenario,
    Time,
    Uncertain,
    Value,
)
from gamecore.scenario.block_changes import short_path
from gamecore.scenario.effective import BlockInOutcomes, Effective
from gamecore.scenario.ends import ends_sum
from gamecore.scenario.expressions import EXACT
from gamecore.scenario.outcomes import described, outcomes
from gamecore.scenario.parts import START, is_number, is_percentage
from gamecore.scenario.reader import Reader
from gamecore.scenario.schedule import BaseNumbers, UnreadError, behind, time_value
from gamecore.scenario.tree import item

__all__ = ["check_blocks"]

_MOST: Final = 50_000  # outcomes
_EFFORT: Final = 10  # a number of a block is computed in the time in which so many rows are held against an outcome
_NOBODY: Final = {"cost_share": "nobody pays for", "profit_share": "nobody earns in"}


def check_blocks(reader: Reader, scenario: Scenario) -> None:
    """Tell the faults of `programme` and `deal` as a whole."""
    blocks = {"programme": scenario.programme, "deal": scenario.deal}
    for name, block in blocks.items():
        if block is None or name in reader.broken:
            continue
        _hidden_dates(reader, scenario, name, block)
        _set_twice(reader, scenario, name, block)
    if scenario.programme is None or reader.broken & {"programme", "deal", "payoffs", "players", "rates"}:
        return
    _Checker(reader, scenario, scenario.programme, scenario.deal).run()


def _hidden_dates(reader: Reader, scenario: Scenario, name: str, block: Block) -> None:
    for path, leaf in _leaves(block):
        time = leaf.at if isinstance(leaf, Due) else leaf
        if isinstance(time, DateOf):
            moment = scenario.timing.moments.get(time.name)
            if moment is not None and moment.at is None:
                told = f"'{time.name}' is hidden and has no date"
                reader.fault(time.place, f"{name}.{path}", told)
                reader.spoil(name)
            elif moment is None:
                reader.spoil(name)


def _leaves(block: Block) -> Iterator[tuple[str, Leaf]]:
    for path, leaf in block.leaves.items():
        yield ".".join(path), leaf
    for index, row in enumerate(block.changes):
        for edit in row.edits:
            yield from ((f"changes, row {index + 1}", leaf) for leaf in edit.leaves.values())


# ---- changes ---------------------------------------------------------------------------------------------------------


def _set_twice(reader: Reader, scenario: Scenario, name: str, block: Block) -> None:
    """No outcome fits two rows that set the same thing, in whole or in part."""
    sets = [(index, row, edit) for index, row in enumerate(block.changes) for edit in row.edits if not edit.value]
    order = [*scenario.decisions, *scenario.terms, *scenario.events, *scenario.inputs]
    known: dict[frozenset[str], list[dict[str, str]]] = {}
    for (first, row, edit), (second, other_row, other) in itertools.combinations(sets, 2):
        depth = min(len(edit.path), len(other.path))
        if edit.path[:depth] != other.path[:depth]:
            continue
        names = row.when.names | other_row.when.names
        if names not in known:
            known[names] = outcomes(scenario, [one for one in order if one in names], limit=_MOST)
        reader.spend(len(known[names]))
        both = next((one for one in known[names] if row.when.fits(one) and other_row.when.fits(one)), None)
        if both is None:
            continue
        which = "this row" if first == second else f"row {first + 1}"
        where = described(scenario, both)
        told = f"'{short_path(other.path)}' is also set by {which}{f' when {where}' if where else ''}; "
        told += "two rows may not set the same thing (they may both say 'times' or 'plus')"
        reader.fault(other.place, item(f"{name}.changes", second), told)
        reader.spoil(name)


# ---- numbers ---------------------------------------------------------------------------------------------------------


@dataclass
class _Standing:
    """A programme and a deal at base values in one outcome."""

    programme: Effective
    deal: Effective | None
    numbers: BaseNumbers
    scenario: Scenario
    outcome: Mapping[str, str]
    unsaid: frozenset[str]  # names that need not be told of an outcome
    times: dict[str, tuple[Fraction, Fraction]] = field(default_factory=dict)  # phase -> (start, end)

    @property
    def where(self) -> str:
        """The outcome in words of the file."""
        return described(self.scenario, self.outcome, without=self.unsaid)

    def evaluate(self, value: Value | Uncertain | Time) -> Fraction:
        if isinstance(value, DateOf):
            return time_value(self.scenario, value) or Fraction(0)
        return self.numbers.value(value)

    def number(self, block: Effective, path: Path) -> Fraction:
        plain = block.plain(path)
        return block.number(path, EXACT, self.evaluate) if plain is None else plain


class _Checker:
    def __init__(self, reader: Reader, scenario: Scenario, programme: Block, deal: Block | None) -> None:
        self.reader = reader
        self.scenario = scenario
        self.programme = BlockInOutcomes(programme)
        self.deal = BlockInOutcomes(deal) if deal is not None else None
        self.found: dict[tuple[Place, str], list[tuple[str, _Standing]]] = {}
        self.fine: set[tuple[str, Path, Fraction]] = set()  # plain numbers that lie where they can lie

    def run(self) -> None:
        standings = list(self._standings())
        for standing in standings:
            try:
                fine = self._bounds(standing, "programme", standing.programme)
                if standing.deal is not None:
                    fine = self._bounds(standing, "deal", standing.deal) and fine
                if fine:
                    self._dates(standing)
                    self._shares(standing)
                    self._milestones(standing)
            except InputError as error:
                self._tell(self.programme.block.place, "programme", str(error), standing)
        for (place, path), cases in self.found.items():
            told, first = cases[0]
            where = first.where
            everywhere = len(cases) == len(standings) or not where
            self.reader.fault(place, path, told if everywhere else f"{told} when {where}")

    def _standings(self) -> Iterator[_Standing]:
        """Every distinct programme and deal of an outcome in which a line asks for `enpv`."""
        blocks = [block for block in (self.programme, self.deal) if block is not None]
        rows = [(line, row) for line in self.scenario.payoffs.values() if line.enpv is not None for row in line.rows]
        formulas = frozenset[str]().union(
            *(value.names for block in blocks for _, value in block.block.values if isinstance(value, Formula))
        )
        conditions = [row.when for line, _ in rows for row in line.rows]
        conditions += [line.when for line, _ in rows]
        named = frozenset[str]().union(*(when.names for when in conditions if when is not None))
        resting = behind(self.scenario, formulas)
        relevant = resting.union(named, *(block.named for block in blocks))
        deals = frozenset(self.scenario.terms[name][0].name for name in relevant if name in self.scenario.terms)
        seen = set()
        order = [*self.scenario.decisions, *self.scenario.terms, *self.scenario.events, *self.scenario.inputs]
        found = outcomes(self.scenario, [name for name in order if name in relevant | deals], limit=_MOST)
        self.reader.spend(len(found) * (1 + sum(len(block.block.changes) for block in blocks)))
        for outcome in found:
            if not self._asks(outcome):
                continue
            fitting = [block.fitting(outcome) for block in blocks]
            key = (*fitting, *(outcome.get(name) for name in sorted(resting)))
            if key in seen:
                continue
            seen.add(key)
            deal = self.deal.after(fitting[1]) if self.deal is not None else None
            numbers = BaseNumbers(self.scenario, outcome)
            yield _Standing(self.programme.after(fitting[0]), deal, numbers, self.scenario, outcome, deals - named)

    def _asks(self, outcome: Mapping[str, str]) -> bool:
        for line in self.scenario.payoffs.values():
            if line.enpv is None or (line.when is not None and not line.when.fits(outcome)):
                continue
            fits = [row for row in line.rows if row.when is not None and row.when.fits(outcome)]
            rows = fits or [row for row in line.rows if row.when is None]
            if any(not isinstance(value, Formula | Range) for row in rows for value in row.values.values()):
                return True
        return False

    def _tell(self, place: Place, path: str, told: str, standing: _Standing) -> None:
        """A fault, told once for each place; where only some outcomes have it, the first of them is named."""
        self.found.setdefault((place, path), []).append((told, standing))

    # ---- bounds

    def _bounds(self, standing: _Standing, name: str, block: Effective) -> bool:
        """Every number has a value and lies where it can lie."""
        fine = True
        self.reader.spend(_EFFORT * (len(block.leaves) + len(block.factors) + len(block.addends)))
        for path in dict.fromkeys([*block.leaves, *block.factors, *block.addends]):
            plain = block.plain(path)
            if (plain is not None and (name, path, plain) in self.fine) or not is_number(name, path):
                continue
            place = self._place(name, block, path)
            try:
                value = standing.number(block, path)
            except UnreadError:
                fine = False
                continue
            except InputError as error:
                self._tell(place, f"{name}.{'.'.join(path)}", str(error), standing)
                fine = False
                continue
            told = _out_of_bounds(name, path, value)
            if told:
                self._tell(place, f"{name}.{'.'.join(path)}", told, standing)
                fine = False
            elif plain is not None:
                self.fine.add((name, path, plain))
        return fine

    def _place(self, name: str, block: Effective, path: Path) -> Place:
        changing = list(block.factors.get(path, ()))
        changing += [value for _, value in block.addends.get(path, ())]
        leaf = block.leaves.get(path)
        if changing:
            return changing[-1].place
        held = self.programme.block if name == "programme" or self.deal is None else self.deal.block
        return leaf.place if leaf is not None else held.place

    # ---- dates

    def _dates(self, standing: _Standing) -> None:
        """When each phase starts and ends; a launch after exclusivity is lost is a slip."""
        programme = standing.programme
        start = standing.number(programme, ("start",))
        previous: str | None = None
        for name in programme.names("phases"):
            path = ("phases", name)
            after = programme.words((*path, "after"))
            follows = previous if after is None else None if after[0] == START else after[0]
            begins = start if follows is None else standing.times[follows][1]
            begins += standing.number(programme, (*path, "pause"))
            standing.times[name] = (begins, begins + standing.number(programme, (*path, "lasts")))
            previous = name
        for name in programme.names("sales"):
            path = ("sales", name)
            until = programme.leaves.get((*path, "until"))
            exclusive = programme.leaves.get((*path, "exclusivity"))
            after = programme.words((*path, "after"))
            opened = standing.times[after[0] if after is not None else previous or ""][1]
            launch = opened + standing.number(programme, (*path, "delay"))
            ends = [] if until is None else [standing.number(programme, (*path, "until"))]
            if exclusive is not None:
                ends.append(opened + standing.number(programme, (*path, "exclusivity")))
            last = until or exclusive
            if last is not None and max(ends) <= launch:
                told = f"nothing would be sold: exclusivity is lost at {_years(max(ends))}, before the launch at "
                key = "exclusivity" if until is None else "until"
                self._tell(last.place, f"programme.sales.{name}.{key}", told + _years(launch), standing)

    # ---- shares

    def _shares(self, standing: _Standing) -> None:
        if standing.deal is None:
            return
        for section, names in (("cost_share", "phases"), ("profit_share", "sales")):
            for name in standing.programme.names(names):
                path: Path = (section, name)
                free = section == "cost_share" and standing.number(standing.programme, ("phases", name, "cost")) == 0
                if not standing.deal.below(path) and not free and len(self.scenario.players) > 1:
                    told = f"{_NOBODY[section]} {name}; add 'deal.{section}.{name}: {{diamond: 100%}}'"
                    player = next(iter(self.scenario.players), "diamond")
                    self._tell(self._deal_place(), f"deal.{section}", told.replace("diamond", player), standing)
        for section in ("cost_share", "profit_share"):
            for name in standing.deal.names(section):
                for inside in ((), ("above_budget",), ("above_cap",)):
                    self._sum(standing, (section, name, *inside))

    def _sum(self, standing: _Standing, path: Path) -> None:
        deal = standing.deal
        if deal is None:
            return
        own = [(*path, player) for player in deal.below(path) if player in self.scenario.players]
        total = sum((standing.number(deal, one) for one in own), Fraction(0))
        if own and total != 1:
            added = " + ".join(f"{float(standing.number(deal, one) * 100):.10g}%" for one in own)
            told = f"{added} = {float(total * 100):.10g}%, not 100%" if len(own) > 1 else f"{added}, not 100%"
            place = self._place("deal", deal, own[0])
            self._tell(place, f"deal.{'.'.join(path)}", told, standing)
        elif own and not self._sums_in_every_draw(standing, deal, own):
            told = (
                "these sum to 100% only at base values; write one of them as 1 less the others, so that every draw does"
            )
            self._tell(self._place("deal", deal, own[0]), f"deal.{'.'.join(path)}", told, standing)

    def _sums_in_every_draw(self, standing: _Standing, deal: Effective, paths: list[Path]) -> bool:
        """Shares that rows compute with are taken as they come: they sum at base values."""
        leaves = [deal.leaves.get(path) for path in paths]
        plain = [leaf for leaf in leaves if isinstance(leaf, Formula | Range)]
        certain = all(isinstance(leaf, Formula) and leaf.constant is not None for leaf in plain)
        if certain or any(path in deal.factors or path in deal.addends for path in paths):
            return True
        return ends_sum(self.scenario, plain, standing.outcome)

    def _deal_place(self) -> Place:
        return self.deal.block.place if self.deal is not None else Place(1, 1)

    # ---- milestones

    def _milestones(self, standing: _Standing) -> None:
        deal = standing.deal
        if deal is None:
            return
        signed = standing.number(deal, ("signed",))
        for name in deal.names("milestones"):
            due = deal.due(("milestones", name, "due"))
            path = f"deal.milestones.{name}.due"
            if due is None or due.kind is DueKind.SIGNATURE:
                continue
            if due.kind in {DueKind.LAUNCH, DueKind.YEARLY_SALES, DueKind.TOTAL_SALES}:
                if not standing.programme.names("sales"):
                    self._tell(due.place, path, f"'{due.text}' needs a market under 'programme.sales'", standing)
                continue
            at = self._moment(standing, due)
            phase = next((one for one in standing.times if name == one or name.startswith(f"{one}_")), None)
            if at < signed:
                told = f"due at {_years(at)}, before the deal is signed at {_years(signed)}"
                self._tell(due.place, path, told, standing)
            elif due.kind is DueKind.DATE and phase is not None and at < standing.times[phase][0]:
                told = f"write 'start of {phase}'; this is due at {_years(at)}, before {phase} starts at "
                self._tell(due.place, path, told + _years(standing.times[phase][0]), standing)

    def _moment(self, standing: _Standing, due: Due) -> Fraction:
        if due.kind is DueKind.DATE:
            return standing.evaluate(due.at) if due.at is not None else Fraction(0)
        begins, ends = standing.times[due.of or ""]
        return begins if due.kind is DueKind.START else ends


def _years(value: Fraction) -> str:
    return f"{float(value):.4g} year{'' if value == 1 else 's'}"


def _out_of_bounds(block: str, path: Path, value: Fraction) -> str | None:
    """What is wrong with a number at base values, or None."""
    share = is_percentage(block, path) and path[-1] != "cap"
    shown = f"{float(value * 100):.10g}%"
    if share and value > 1:
        return f"a share or chance is at most 100%; this is {shown} at base values"
    if share and value < 0 and path[-1] != "margin":
        return f"a share or chance is at least 0%; this is {shown} at base values"
    if path[-1] == "cap" and value < 1:
        return f"a cap is at least 100% of the budget; this is {shown} at base values"
    if path[0] == "gates" or path[-1] == "amount" or share:
        return None
    return f"this is {float(value):.10g} at base values, below 0" if value < 0 else None

"""The options panel: the table whose value cells contain the bars.

Geometry: one scale for all companies and rows, from the lowest P10 to the highest P90 with zero in it; places are given
between 0 and 1. A whisker that would more than double the scale on its side is cut there and gets an arrow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from gamecore.advice.analysis import Analysis, Candidate, Kind, Option, PlayerFacts, Reason, Role, Spread
from gamecore.brief import words
from gamecore.brief.blocks import Bar, Cell, Column, Panel, PanelRow
from gamecore.brief.payments import Paid, proposed
from gamecore.brief.programme import fact_columns
from gamecore.brief.sentences import Names, short_reason
from gamecore.brief.sharing import split_shown
from gamecore.brief.sight import Sight

__all__ = ["Scale", "make_panel", "scale_of"]

STRETCH: Final = 1.5  # how much of the bars' own span a whisker may add on one side
SHORT_WORDS: Final = 6  # a pro or con of the file longer than this leaves its place to one of the analysis
SHARED_WORDS: Final = 12  # the same on a shared copy, where the analysis may not speak and no values need the room
MANY: Final = 5  # companies from which on only the advised one has a column of its own
STACKED: Final = 3  # companies from which on pros and cons stand under the option's name


@dataclass(frozen=True)
class Scale:
    """The common scale, in the scenario's unit."""

    low: float
    high: float

    def place(self, value: float) -> float:
        """Where a value stands between 0 and 1."""
        return round(min(1.0, max(0.0, (value - self.low) / (self.high - self.low))), 5)

    def bar(self, spread: Spread) -> Bar:
        """A value's bar and whisker."""
        return Bar(
            zero=self.place(0.0),
            value=self.place(spread.base),
            low=self.place(spread.p10),
            high=self.place(spread.p90),
            cut_low=spread.p10 < self.low,
            cut_high=spread.p90 > self.high,
        )

    def ticks(self, decimals: int) -> tuple[tuple[float, str], ...]:
        """Zero and one round number on the wider side."""
        side = self.high if self.high >= -0.6 * self.low else self.low  # to the right, unless that side is short
        reach = 0.78 * abs(side)
        power = 10.0 ** len(str(int(reach))) if reach >= 1 else 1.0
        while power > reach:
            power /= 10
        step = max((factor * power for factor in (1, 2, 5) if factor * power <= reach), default=power)
        step = step if side > 0 else -step
        return (self.place(0.0), "0"), (self.place(step), words.number(step, 0 if abs(step) >= 1 else decimals))


def scale_of(spreads: Sequence[Spread], lines: Sequence[float]) -> Scale:
    """The scale that holds these values, their ranges and the no-agreement lines."""
    firm = [0.0, *lines, *(spread.base for spread in spreads)]
    low, high = min(firm), max(firm)
    span = (high - low) or 1.0
    floor = max(low - STRETCH * span, min([low, *(spread.p10 for spread in spreads)]))
    ceiling = min(high + STRETCH * span, max([high, *(spread.p90 for spread in spreads)]))
    return Scale(floor, ceiling if ceiling > floor else floor + 1.0)


@dataclass(frozen=True)
class _Maker:
    analysis: Analysis
    sight: Sight
    names: Names
    decimals: int
    scale: Scale
    shown: tuple[PlayerFacts, ...]  # companies with a column
    own_words: bool  # pros and cons of the analysis besides the file's
    paid: Paid | None  # the payment that the page proposes, where its amount may be seen
    split: Mapping[str, float]  # what each has once money is shared, where that may be seen

    @property
    def many(self) -> bool:
        return len(self.analysis.scenario.players) >= MANY

    @property
    def single(self) -> bool:
        return len(self.analysis.options) == 1

    def cell(self, candidate: Candidate, player: str) -> Cell:
        if not self.sight.value(candidate, player):
            return Cell("")
        standing = candidate.standing(player)
        rank = ""
        if self.sight.rank(player) and not self.single:
            rank = words.rank_text(standing.rank, tied=standing.tied)
            rank += "*" if standing.mean_rank != standing.rank else ""
        cell = Cell(words.number(standing.value.base, self.decimals), rank, bar=self.scale.bar(standing.value))
        after = self.after(candidate, player)
        if after is None or cell.bar is None:
            return cell
        return replace(
            cell, after=words.number(after, self.decimals), bar=replace(cell.bar, after=self.scale.place(after))
        )

    def after(self, candidate: Candidate, player: str) -> float | None:
        """What the recommended plan is worth to a company once the payments proposed are made; None without any."""
        if candidate.key == self.analysis.recommendation.candidate and player in self.split:
            return self.split[player]
        if self.split or self.paid is None or candidate.key != self.paid.facts.candidate:
            return None
        return self.paid.after(player, candidate.standing(player).value.base)

    def lowest(self, candidate: Candidate) -> Cell:
        """Of the companies without a column: the one that ends lowest, by name."""
        hidden = {player.key for player in self.shown}
        others = [item for item in candidate.standings if item.player not in hidden]
        others = [item for item in others if self.sight.value(candidate, item.player)]
        if not others:
            return Cell("")
        worst = min(others, key=lambda item: item.value.base)
        text = words.number(worst.value.base, self.decimals)
        return Cell(text, note=self.names.short(worst.player), bar=self.scale.bar(worst.value))

    def cells(self, candidate: Candidate) -> tuple[Cell, ...]:
        cells = [self.cell(candidate, player.key) for player in self.shown]
        if self.many:
            cells.append(self.lowest(candidate))
        if self.with_together:
            visible = self.sight.together(candidate)
            cells.append(Cell(words.number(candidate.joint.base, self.decimals) if visible else ""))
        return tuple(cells)

    @property
    def with_together(self) -> bool:
        return len(self.analysis.scenario.players) < STACKED or self.many

    def row(self, option: Option) -> PanelRow:
        candidate = self.analysis.candidate(option.candidate)
        valued = self.sight.any_value()
        return PanelRow(
            letter=self.names.letters.get(option.candidate, ""),
            label=self.sight.label(candidate),
            sub="plan as it stood" if option.role is Role.BASELINE else "",
            recommended=option.candidate == self.analysis.recommendation.candidate,
            cells=self.cells(candidate) if valued else (),
            pro=self.word(candidate, candidate.pros, option.pros),
            con=self.word(candidate, candidate.cons, option.cons),
            lays_down="" if valued else lays_down(candidate, self.sight, self.names),
        )

    def word(self, candidate: Candidate, written: Sequence[str], reasons: Sequence[Reason]) -> str:
        """One pro or con: the file's own where it is short enough, else the most telling of the analysis."""
        limit = SHORT_WORDS if self.sight.internal else SHARED_WORDS
        for text in written:
            if words.count_words(text) <= limit:
                return text.strip().removesuffix(".")
        if self.sight.internal and self.own_words:
            for reason in reasons:
                text = self.only_with(reason, candidate) or short_reason(reason, self.names, candidate)
                if text:
                    return text[0].upper() + text[1:]
        return ""

    def only_with(self, reason: Reason, candidate: Candidate) -> str:
        """What stands for a con that what the recommended plan needs takes away: its payment, its lever."""
        chosen = self.analysis.recommendation
        if reason.kind not in {Kind.BELOW_WALK_AWAY, Kind.NOT_SELF_ENFORCING} or candidate.key != chosen.candidate:
            return ""
        if self.paid is not None:
            return "holds only with the payment"
        return "holds only with the change" if chosen.with_lever is not None else ""

    def floor(self) -> PanelRow | None:
        """The last row: no agreement, or what each company can secure alone; internal copy only."""
        if not self.sight.internal:
            return None
        disagreement = self.analysis.disagreement
        keys = [player.key for player in self.analysis.scenario.players]
        if disagreement is not None:
            worth = dict(zip(keys, (spread.base for spread in disagreement.values), strict=True))
            label, joint = "No agreement", Cell(words.number(disagreement.joint.base, self.decimals))
        elif any(away.kind == "security" for away in self.analysis.walk_aways):
            worth = {away.player: away.value.base for away in self.analysis.walk_aways}
            label, joint = "Secured alone", Cell("")
        else:
            return None
        cells = [Cell(words.number(worth[player.key], self.decimals)) for player in self.shown if player.key in worth]
        if self.many:
            hidden = {player.key for player in self.shown}
            low = min((key for key in worth if key not in hidden), key=lambda key: worth[key])
            cells.append(Cell(words.number(worth[low], self.decimals), note=self.names.short(low)))
        if self.with_together:
            cells.append(joint)
        means = disagreement.label if disagreement is not None else ""
        return PanelRow(
            "",
            label,
            "",
            recommended=False,
            cells=tuple(cells),
            pro=means if words.count_words(means) <= SHORT_WORDS else "",
        )

    def columns(self) -> tuple[Column, ...]:
        disagreement = self.analysis.disagreement if self.sight.internal else None
        keys = [player.key for player in self.analysis.scenario.players]
        lines = (
            {} if disagreement is None else dict(zip(keys, (item.base for item in disagreement.values), strict=True))
        )
        columns = [
            Column(
                "company",
                self.names.short(player.key),
                tone=min(4, keys.index(player.key) + 1) if not self.many else 1,
                line=self.scale.place(lines[player.key]) if player.key in lines else None,
            )
            for player in self.shown
        ]
        if self.many:
            columns.append(Column("company", "Lowest other" if self.shown else "Lowest", tone=2))
        if self.with_together:
            columns.append(Column("together", "Together"))
        return tuple(columns)


def lays_down(candidate: Candidate, sight: Sight, names: Names) -> str:
    """Who does what and when, of the steps a copy may show: the shared copy's column in place of values."""
    dates = words.Dates()
    parts = []
    for by, date in dict.fromkeys((step.by, step.date) for step in candidate.steps if sight.step(step)):
        parts.append(f"{names.group(by)}, {dates.text(date)}" if date else names.group(by))
    later = sorted({(follow.date or "", follow.by) for follow in candidate.follows if sight.follow(follow)})
    for date, by in later:
        when = f", {dates.text(date)}" if date else ""
        parts.append(f"then {names.group(by)}{when}")
    text = "; ".join(dict.fromkeys(parts)).removeprefix("then ")
    return text[:1].upper() + text[1:]


def make_panel(
    analysis: Analysis, sight: Sight, names: Names, decimals: int, *, own_words: bool = True, told: bool = False
) -> Panel:
    """The options panel of one copy; `told` says whether the page tells what follows the recommended plan."""
    players = analysis.scenario.players
    shown = (
        tuple(player for player in players if player.key == analysis.scenario.advise)
        if len(players) >= MANY
        else players
    )
    options = [option for option in analysis.options if sight.candidate(analysis.candidate(option.candidate))]
    spreads = [
        standing.value
        for option in options
        for standing in analysis.candidate(option.candidate).standings
        if sight.value(analysis.candidate(option.candidate), standing.player)
    ]
    lines = (
        [spread.base for player, spread in zip(players, analysis.disagreement.values, strict=True) if player in shown]
        if sight.internal and analysis.disagreement is not None
        else []
    )
    split = split_shown(analysis, sight)
    lines += split.values()
    paid = proposed(analysis, sight)
    if paid is not None:
        stands = analysis.candidate(paid.facts.candidate).standings
        lines += [paid.after(item.player, item.value.base) for item in stands]
    scale = scale_of(spreads, lines)
    maker = _Maker(analysis, sight, names, decimals, scale, shown, own_words, paid, split)
    rows = tuple(maker.row(option) for option in options)
    if not sight.any_value():
        facts = fact_columns(analysis, [analysis.candidate(option.candidate) for option in options], told=told)
        if facts is not None:
            told_rows = [replace(row, cells=cells, lays_down="") for row, cells in zip(rows, facts.cells, strict=True)]
            columns = (*facts.columns, *_for_and_against(rows))
            return Panel("Programme, expected", columns, tuple(told_rows))
        return Panel("Option", (Column("lays_down", "Who decides, and when"), *_for_and_against(rows)), rows)
    stacked = STACKED <= len(players) < MANY
    floor = maker.floor()
    columns = maker.columns()
    columns = columns if stacked else (*columns, *_for_and_against((*rows, *((floor,) if floor else ()))))
    unit = analysis.scenario.unit
    return Panel(
        head=f"Value, {unit}" if unit else "Value",
        columns=columns,
        rows=rows,
        ticks=scale.ticks(decimals),
        zero=scale.place(0.0),
        floor=floor,
        stacked=stacked,
    )


def _for_and_against(rows: Sequence[PanelRow]) -> tuple[Column, ...]:
    """The column of words, if there are any."""
    return (Column("words", "For and against"),) if any(row.pro or row.con for row in rows) else ()


def average_reasons(analysis: Analysis, sight: Sight, names: Names, decimals: int) -> list[str]:
    """The key's sentences on ranks that differ on average over all cases (those marked with *)."""
    texts = []
    for player in analysis.scenario.players:
        marked = [
            analysis.candidate(option.candidate)
            for option in analysis.options
            if sight.value(analysis.candidate(option.candidate), player.key)
            and analysis.candidate(option.candidate).standing(player.key).mean_rank
            != analysis.candidate(option.candidate).standing(player.key).rank
        ]
        if not marked or not sight.rank(player.key):
            continue
        first = next((item for item in marked if item.key == analysis.recommendation.candidate), marked[0])
        standing = first.standing(player.key)
        text = f"On average over all cases {names.option(first.key)} ({words.number(standing.value.mean, decimals)})"
        level = [key for key in standing.mean_level_with if key in names.letters]
        if level:
            other = analysis.candidate(level[0]).standing(player.key).value.mean
            with_whom = f"{names.option(level[0])} ({words.number(other, decimals)})"
            text += f" is level with {with_whom} for {names.name(player.key)}."
        else:
            text += f" ranks {words.rank_text(standing.mean_rank)} for {names.name(player.key)}."
        texts.append(text)
    return texts

"""The panel of a conflict: a dot for each player's place in its order, or who does what where that is secret."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gamecore.advice.conflict_facts import ConflictAnalysis, ConflictOption, Strength
from gamecore.brief import words
from gamecore.brief.blocks import Bar, Cell, Column, Panel, PanelRow
from gamecore.brief.conflict_words import HELD, ConflictNames
from gamecore.brief.panel import MANY, STACKED

__all__ = ["panel_of"]

TONES: Final = 4


def panel_of(
    analysis: ConflictAnalysis, names: ConflictNames, options: Sequence[ConflictOption], *, ranks: bool
) -> Panel:
    """The panel; with `ranks` a column for each player (from five players on the advised one and the lowest other)."""
    return _Maker(analysis, names, ranks=ranks).panel(options)


class _Maker:
    def __init__(self, analysis: ConflictAnalysis, names: ConflictNames, *, ranks: bool) -> None:
        self.analysis, self.names, self.ranks = analysis, names, ranks
        players = [player.key for player in analysis.scenario.players]
        self.many = len(players) >= MANY
        advised = analysis.scenario.advise
        self.shown = [advised if advised in players else players[0]] if self.many else players
        self.rest = [player for player in players if player not in self.shown]
        self.places = len(analysis.states)

    def panel(self, options: Sequence[ConflictOption]) -> Panel:
        stacked = self.ranks and len(self.shown) + bool(self.rest) >= STACKED
        words_column = () if stacked else (Column("words", "For and against"),)
        if not self.ranks:
            columns: tuple[Column, ...] = (Column("lays_down", "Who does what"),)
            return Panel("Positions", columns, tuple(self.row(option) for option in options))
        companies = [Column("company", self.names.short(p), tone=i % TONES + 1) for i, p in enumerate(self.shown)]
        companies += [Column("company", "Lowest other", tone=2)] if self.many else []
        last = words.rank_text(self.places)
        return Panel(
            "Positions",
            (*companies, *words_column),
            tuple(self.row(option) for option in options),
            ticks=((0.0, "1st"), (1.0, last)) if self.places > 1 else ((0.0, "1st"),),
            stacked=stacked,
        )

    def row(self, option: ConflictOption) -> PanelRow:
        state = option.state
        is_today = "today" in option.roles
        remains = not is_today and len(self.names.changes(state)) < len(self.analysis.states[state].options)
        return PanelRow(
            letter=option.letter,
            label=self.names.label(state),
            sub="today" if is_today else "the rest as today" if remains and self.analysis.today is not None else "",
            recommended="recommended" in option.roles,
            cells=self.cells(state) if self.ranks else (),
            pro=self.pro(state) if self.ranks else "",
            con=self.con(state) if self.ranks else "",
            lays_down="" if self.ranks else self.lays_down(state),
        )

    def cells(self, state: int) -> tuple[Cell, ...]:
        cells = [self.cell(player, state) for player in self.shown]
        if self.many:
            known = [p for p in self.rest if self.analysis.states[state].ranks[p] is not None]
            lowest = max(known, key=lambda p: self.analysis.states[state].ranks[p] or 0, default=None)
            cells.append(self.cell(lowest, state, named=True) if lowest else Cell("not known"))
        return tuple(cells)

    def cell(self, player: str, state: int, *, named: bool = False) -> Cell:
        rank = self.analysis.states[state].ranks[player]
        text = self.names.rank(player, state)
        note = self.names.short(player) if named else ""
        if rank is None:
            return Cell(text, note=note)
        place = round((rank - 1) / max(1, self.places - 1), 5)
        bar = Bar(zero=0.0, value=place, low=place, high=place, mark="rank", places=self.places)
        return Cell(text, note=note, bar=bar)

    def lays_down(self, state: int) -> str:
        """Who does what in a position that differs from today."""
        if state == self.analysis.today:
            return "Nothing changes."
        way = next((way for way in self.analysis.ways if way.state == state), None)
        told = self.names.steps(way.start, way.by_moves or ()) if way is not None else []
        return words.sentence("; then ".join(told)) if told else ""

    # ---- for and against ---------------------------------------------------------------------------------------------

    def pro(self, state: int) -> str:
        held = self.analysis.states[state].strength
        return HELD[held] if held in {Strength.COALITION, Strength.NASH, Strength.SEQ} else ""

    def con(self, state: int) -> str:
        facts = self.analysis.states[state]
        if facts.strength is Strength.NONE:
            gaining = [reason.player for reason in facts.reasons if reason.holds == "nothing"]
            return f"{self.names.players(gaining)} {'gain' if len(gaining) > 1 else 'gains'} by leaving"
        if facts.strength in {Strength.SMR, Strength.GMR}:
            return "held only by possible answers"
        today = self.analysis.today
        worse = [
            player.key
            for player in self.analysis.scenario.players
            if today is not None
            and (facts.ranks[player.key] or 0) > (self.analysis.states[today].ranks[player.key] or 0)
        ]
        return f"worse than today for {self.names.players(worse)}" if worse else ""

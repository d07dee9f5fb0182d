"""`gamecore information` and `gamecore waiting`: what is asked, the tables, the figures.

Everything that comes from the file is text: no markup is read out of it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from gamecore.brief import words
from gamecore.brief.sides import side
from gamecore.brief.weighing import alike, decider, option_label, part_label, protocol_label, worthwhile
from gamecore.cli import files
from gamecore.cli.files import shown
from gamecore.cli.progress import Progress
from gamecore.model import Scenario
from gamecore.questions.writing import chance
from gamecore.robustness.break_even import BreakEven
from gamecore.robustness.close_calls import CloseCall
from gamecore.robustness.information import Information, Knowing
from gamecore.robustness.ways_to_wait import Group, WayToWait

if TYPE_CHECKING:
    from gamecore.brief.figures.sheet import Drawn

__all__ = ["tell_information", "tell_waiting", "weigh_information", "weigh_waiting"]

FIGURE_FORMATS: Final = ("svg", "png", "pdf")

_PIPE_WIDTH: Final = 110  # where no terminal says its width
_NOTED: Final = 0.005  # shares of cases, or of the largest worth, below which nothing is said


def weigh_information(
    file: str,
    levers: Sequence[str],
    *,
    about: Sequence[str],
    accuracy: str | None,
    seen_by: Sequence[str],
    draws: int,
    seed: int,
    sampling: str,
    out: str | None,
) -> tuple[Scenario, Information]:
    """Read, weigh, and draw the figure if one is asked for."""
    from gamecore.robustness.information import value_of_information

    format = _figure_format(out, file)
    right = None if accuracy is None else chance(accuracy, "--accuracy")
    scenario = files.read(file, levers)
    with Progress() as progress:
        found = value_of_information(
            scenario,
            about=about,
            accuracy=right,
            seen_by=seen_by,
            draws=draws,
            seed=seed,
            sampling=sampling,
            progress=progress,
        )
    if out is not None:
        from gamecore.brief.figures.information import draw_information

        _write_figure(draw_information(scenario, found), out, format)
    return scenario, found


def weigh_waiting(
    file: str,
    levers: Sequence[str],
    *,
    now: str,
    wait: str,
    same: str,
    draws: int,
    seed: int,
    sampling: str,
    out: str | None,
) -> tuple[Scenario, tuple[WayToWait, ...]]:
    """Read, weigh, and draw the figure if one is asked for."""
    from gamecore.robustness.ways_to_wait import ways_to_wait

    format = _figure_format(out, file)
    scenario = files.read(file, levers)
    with Progress() as progress:
        ways = ways_to_wait(
            scenario, now=now, wait=wait, same=same, draws=draws, seed=seed, sampling=sampling, progress=progress
        )
    if out is not None:
        from gamecore.brief.figures.waiting import draw_waiting

        _write_figure(draw_waiting(scenario, ways, seed=seed), out, format)
    return scenario, ways


def _figure_format(out: str | None, file: str) -> str:
    """The format a figure's name asks for; checked before any work is done."""
    if out is None:
        return ""
    format = files.file_format(out, FIGURE_FORMATS)
    files.writable([out], file)
    return format


def _write_figure(drawn: Drawn, out: str, format: str) -> None:
    from gamecore.brief.figures import print_drawn

    files.write_all({out: print_drawn(drawn, format)})
    typer.echo(files.shown(f"wrote {out}"), err=True)


def _console() -> Console:
    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    return Console(file=sys.stdout, width=width, markup=False, highlight=False, emoji=False)


def _table(*columns: str, title: str) -> Table:
    table = Table(box=box.SIMPLE, title=shown(title), title_justify="left", title_style="bold", pad_edge=False)
    for index, name in enumerate(columns):
        table.add_column(shown(name), justify="right" if index else "left", overflow="fold")
    return table


def _head(console: Console, scenario: Scenario, draws: int, seed: int) -> None:
    unit = f"Values in {scenario.unit}; " if scenario.unit else ""
    console.print(shown(scenario.title), style="bold")
    console.print(shown(f"{unit}seed {seed}, {draws:,} draws"), style="dim")


# ---- information -----------------------------------------------------------------------------------------------------


def tell_information(scenario: Scenario, found: Information) -> None:
    """A table for each way to propose: what is known, its worth to each player alone and in the game."""
    console = _console()
    _head(console, scenario, found.draws, found.seed)
    items, nothing = worthwhile(found)
    names = [player.short or player.label for player in scenario.players.values()]
    columns = [column for name in names for column in (f"{name} alone", f"{name} in the game")]
    decimals = words.decimals_for(item.largest for item in items)
    places = range(1 if alike(found) else len(found.protocols))
    for place in places if items else ():
        whoever = "whoever proposes" if len(found.protocols) > 1 else ""
        who = whoever if alike(found) else protocol_label(scenario, found.protocols[place])
        title = "What knowing is worth" + (f": {who}" if who else "")
        table = _table("What is known beforehand", *columns, title=title)
        table.add_row("Nothing more: what is expected", *_expected(found, place, decimals))
        table.add_section()
        for block in (found.everything, found.quantities, found.events):
            kept = [item for item in block if item in items]
            for item in kept:
                table.add_row(*_row(item, place, decimals))
            if kept:
                table.add_section()
        console.print(table)
    if nothing:
        console.print(shown(f"Worth nothing to anybody: {'; '.join(nothing)}."))
    elif not items:
        console.print("Nothing in this scenario could be learnt before the first decision.")
    _explain_information(console, scenario, found, items)


def _expected(found: Information, place: int, decimals: int) -> list[str]:
    """What each player expects where nobody knows more, in its column of the game."""
    return [cell for value in found.expected[place] for cell in ("", words.number(value, decimals))]


def _row(item: Knowing, place: int, decimals: int) -> list[str]:
    label = item.topic.label
    if item.accuracy is not None:
        label = f"  by a signal, accuracy {float(100 * item.accuracy):.4g}%"
    cells = [shown(label)]
    for alone, together in zip(item.sole, item.game[place], strict=True):
        cells += [words.number(alone, decimals), words.signed(together, decimals)]
    return cells


def _explain_information(console: Console, scenario: Scenario, found: Information, items: Sequence[Knowing]) -> None:
    told = [scenario.players[name].label for name in found.seen_by]
    who = "everybody" if len(told) == len(scenario.players) else f"{words.listed(told)} only"
    if items and len(scenario.players) == 1:
        console.print("Known before the first decision. One decides alone: both columns say the same.")
    elif items:
        one = side(scenario.players.values())
        console.print(
            shown(
                f"Known to {who} before the first decision. Alone: as if the {one} took every decision itself. "
                "In the game: all decide as they do, each with what is known."
            )
        )
    floor = _NOTED * max((item.largest for item in items), default=0.0)
    hurt = {
        found.players[place]: None
        for item in items
        for row in item.game
        for place, value in enumerate(row)
        if value < -floor
    }
    if hurt:
        labels = words.listed([player.label for name, player in scenario.players.items() if name in hurt])
        console.print(shown(f"Knowing can cost {labels}: the others act on it, too."))
    if items:
        for name, call in zip(found.protocols, found.close_calls, strict=False):
            if call is not None:
                console.print(shown(_close_call(scenario, found, name, call)))
    for place, name in enumerate(found.protocols):
        undecided = max((item.undecided[place] for item in items), default=0.0)
        several = max((item.several[place] for item in items), default=0.0)
        label = protocol_label(scenario, name)
        if undecided > _NOTED:
            console.print(shown(f"{label}: in up to {words.chance_text(undecided)} cases no equilibrium is pure."))
        if several > _NOTED:
            console.print(shown(f"{label}: in up to {words.chance_text(several)} cases several equilibria compete."))
    for event, share in found.clipped.items():
        if share > _NOTED:
            label = scenario.events[event].label
            console.print(shown(f"{label}: chances were cut to 0-100% in up to {words.chance_text(share)} draws."))
    for note in found.notes:
        console.print(shown(note))


def _close_call(scenario: Scenario, found: Information, protocol: str, call: CloseCall) -> str:
    """Why the worth of knowing is large where little is learnt."""
    labels = [scenario.players[name].label for name in found.players]
    decimals = words.decimals_for(call.instead)
    instead = [f"{words.number(value, decimals)} to {label}" for label, value in zip(labels, call.instead, strict=True)]
    by = words.with_unit(_plain(call.by, decimals), scenario.unit)
    return (
        f"{protocol_label(scenario, protocol)}: what is expected is a close call. {by} more or less to "
        f"{labels[call.player]}, and it would be {words.listed(instead)}. Whatever is learnt can tip it; read the "
        "worth of single numbers with that in mind."
    )


# ---- waiting ---------------------------------------------------------------------------------------------------------


def tell_waiting(scenario: Scenario, ways: Sequence[WayToWait], *, draws: int, seed: int) -> None:
    """For each way to wait: acting now, the parts, waiting; being able to wait; the break-evens."""
    console = _console()
    _head(console, scenario, draws, seed)
    for way in ways:
        for group in way.groups:
            _tell_group(console, scenario, way, group)


def _tell_group(console: Console, scenario: Scenario, item: WayToWait, group: Group) -> None:
    way, under = item.waiting.way, group.under
    label = option_label(scenario, way.decision, way.wait)
    some = len(group.protocols) < len(item.waiting.protocols)
    who = "; ".join(protocol_label(scenario, name) for name in group.protocols)
    names = [player.short or player.label for player in scenario.players.values()]
    numbers = [*under.now, *under.wait, *(value for part in under.parts for value in part.values)]
    decimals = words.decimals_for(map(float, numbers))
    table = _table("", *names, title=f"{label}: {who}" if some else label)
    table.add_row(
        shown(f"Now: {option_label(scenario, way.decision, way.now)}"),
        *(words.number(float(value), decimals) for value in under.now),
    )
    for part in under.parts:
        table.add_row(f"  {part_label(part.names)}", *(words.signed(float(value), decimals) for value in part.values))
    table.add_row(shown(f"Wait: {label}"), *(words.number(float(value), decimals) for value in under.wait))
    table.add_section()
    table.add_row(
        "What waiting is worth", *(words.signed(float(value), decimals) for value in under.total), style="bold"
    )
    for spread in group.spread:
        ends = zip(spread.low, spread.high, strict=True)
        table.add_row(
            "  over draws, P10 to P90",
            *(f"{words.signed(low, decimals)} to {words.signed(high, decimals)}" for low, high in ends),
        )
        table.add_row("  better than acting now in", *(words.chance_text(share) for share in spread.positive))
    table.add_row("What being able to wait is worth", *(words.signed(float(value), decimals) for value in under.option))
    console.print(table)
    _explain_waiting(console, scenario, item, group)
    if group.break_evens:
        console.print(_turns(scenario, group.break_evens, decimals))


def _explain_waiting(console: Console, scenario: Scenario, item: WayToWait, group: Group) -> None:
    way, under = item.waiting.way, group.under
    chosen = option_label(scenario, way.later, under.chosen)
    console.print(shown(f"Without news {decider(scenario, way.later)} would then go for: {chosen}."))
    comes = "does" if under.waits else "does not"
    console.print(f"As the game is played it {comes} come to waiting.")
    hurt = [
        scenario.players[name].label
        for name, value in zip(item.waiting.players, under.option, strict=True)
        if value < 0
    ]
    if hurt:
        console.print(shown(f"{words.listed(hurt)} would be better off if nobody could wait."))
    if not way.same:
        label = option_label(scenario, way.decision, way.wait)
        console.print(
            shown(
                f"'{label}' is read as waiting because it leaves '{way.later}' for later. Which option of that is the "
                f"same plan as '{way.now}', only later, is not plain; name it with --same to see more parts."
            )
        )


def _turns(scenario: Scenario, found: Sequence[BreakEven], decimals: int) -> Table:
    """Where waiting is as good as acting now."""
    table = _table("As good as acting now at", "", "now", "waiting is better", title="Where it turns")
    for item in found:
        share = item.kind in {"accuracy", "chance"}
        value, base = (
            f"{100 * number:.1f}%" if share else _plain(number, decimals) for number in (item.value, item.base)
        )
        player = scenario.players[item.player].label
        label = item.label if item.kind == "holding" else f"{item.label}, for {player}"
        table.add_row(shown(label), value, base, "above" if item.better_above else "below")
    return table


def _plain(number: float, decimals: int) -> str:
    """A number of any unit, with as many digits as its size needs."""
    return words.number(number, max(decimals, words.decimals_for([number]) + 1))

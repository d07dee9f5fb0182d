"""`gamecore partner`: the partner's page, and what the partner sees, answers and says.

Everything that comes from the file is text: no markup is read out of it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import typer
from rich.console import Console

from gamecore.cli import files
from gamecore.cli.files import shown
from gamecore.cli.progress import Progress
from gamecore.questions.partner import check_copy, partner_found, partner_page

if TYPE_CHECKING:
    from gamecore.questions.partner import Partner

__all__ = ["find_partner", "tell_partner"]

PAGE_FORMATS: Final = ("pdf", "html", "md", "png", "json")

_PIPE_WIDTH: Final = 110  # where no terminal says its width


def find_partner(
    file: str,
    levers: Sequence[str],
    *,
    player: str | None,
    copy: str,
    out: Sequence[str],
    paper: str,
    date: str | None,
    seed: int,
    draws: int,
    sampling: str,
) -> Partner:
    """Read, analyse from both seats, and write the seat's page where one is asked for."""
    from gamecore.pipeline import Settings

    check_copy(copy, "--copy")
    formats = {name: files.file_format(name, PAGE_FORMATS) for name in out}
    files.writable(out, file)
    scenario = files.read(file, levers)
    with Progress() as progress:
        settings = Settings(seed=seed, draws=draws, sampling=sampling)
        found = partner_found(scenario, settings, player=player, progress=progress)
    printed = {name: partner_page(found, format, paper=paper, date=date) for name, format in formats.items()}
    files.write_all({name: page.content for name, page in printed.items()})
    for note in dict.fromkeys(note for page in printed.values() for note in page.notes):
        typer.echo(shown(f"note: {note}"), err=True)
    if out:
        seat, asker = (scenario.players[name].label for name in (found.facts.seat, found.facts.asker))
        told = f"note: the page is written from {seat}'s seat with {asker}'s numbers: for {asker}'s own people only"
        typer.echo(shown(told), err=True)
    for name in out:
        typer.echo(shown(f"wrote {name}"), err=True)
    return found


def tell_partner(found: Partner) -> None:
    """The record, section by section."""
    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    console = Console(file=sys.stdout, width=width, markup=False, highlight=False, emoji=False)
    facts = found.ours.scenario
    unit = f"values in {facts.unit}; " if facts.unit else ""
    console.print(shown(facts.title), style="bold")
    console.print(shown(f"{unit}seed {found.ours.seed}, {found.ours.draws:,} draws; internal"), style="dim")
    for section in found.sections:
        console.print()
        console.print(shown(section.head), style="bold")
        for text in section.texts:
            console.print(shown(f"- {text}"))

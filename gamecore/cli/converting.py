"""`gamecore convert` and `fill`: a scenario or game as a `.nfg` or `.efg`, a scenario's numbers to and from `.xlsx`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gamecore.cli import files
from gamecore.cli.solving import MOST_BYTES, kind_of
from gamecore.errors import InputError, ScenarioError

if TYPE_CHECKING:
    from gamecore.games.gambit import StrategicFile, TreeFile

__all__ = ["as_spreadsheet", "converted", "filled_in"]


def converted(
    file: str, format: str, *, kind: str | None, levers: Sequence[str], plain: bool
) -> tuple[str, tuple[str, ...]]:
    """The text of the file to write, and what people should know about it.

    Raises `InputError` if the file has faults, `RefusedError` if the game cannot be said in that format.
    """
    from gamecore.games.gambit import read_game, with_plain_labels, write_efg, write_nfg
    from gamecore.solving.converting import as_strategic_file, as_tree_file
    from gamecore.solving.limits import Limits

    data = files.read_bytes(file, MOST_BYTES)
    game: StrategicFile | TreeFile
    if kind_of(file, data, kind) == "yaml":
        from gamecore.solving.scenarios import scenario_tree

        game, notes = scenario_tree(files.parsed(data, file, levers), Limits())
    elif levers:
        raise InputError("--lever is for scenario files: this game has no levers")
    else:
        game = read_game(data, "stdin" if file == files.STDIN else file)
        notes = game.notes
    if format == "nfg":
        strategic = as_strategic_file(game, Limits())
        return write_nfg(with_plain_labels(strategic) if plain else strategic), notes
    tree = as_tree_file(game)
    return write_efg(with_plain_labels(tree) if plain else tree), notes


def as_spreadsheet(file: str, *, levers: Sequence[str], shared: bool) -> tuple[bytes, tuple[str, ...]]:
    """The spreadsheet of a scenario's inputs and payoff rows, and what people should know about it.

    Raises `InputError` if the scenario has faults.
    """
    from gamecore.scenario.spreadsheet import write_spreadsheet

    return write_spreadsheet(files.read(file, levers), shared=shared)


def filled_in(file: str, spreadsheet: str) -> bytes:
    """The bytes of a scenario file with the numbers of a spreadsheet in it.

    Raises `InputError` if either has faults; those of the spreadsheet name their cells.
    """
    from gamecore.scenario.filling import filled

    if file == files.STDIN == spreadsheet:
        raise InputError("either the scenario or the spreadsheet comes from standard input, not both")
    data = files.read_bytes(file)
    sheet = files.read_bytes(spreadsheet)
    try:
        return filled(data, sheet, file=Path(file).name, sheet_file=Path(spreadsheet).name)
    except ScenarioError as error:
        raise ScenarioError(error.faults, "stdin" if file == files.STDIN else file) from None

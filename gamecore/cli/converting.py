"""`gamecore convert` and `fill`: a game as a file for other programs, a scenario's numbers to and from `.xlsx`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gamecore.cli import files
from gamecore.cli.solving import MOST_BYTES, Request, kind_of, seconds, written_within
from gamecore.errors import InputError, ScenarioError

__all__ = ["as_spreadsheet", "converted", "filled_in"]


def converted(
    file: str, format: str, *, kind: str | None, levers: Sequence[str], plain: bool, shared: bool, limit: str
) -> tuple[str, tuple[str, ...]]:
    """The text of the file to write, and what people should know about it.

    Raises `InputError` if the file has faults, `RefusedError` if the game cannot be said in that format, or not in
    time.
    """
    longest = seconds(limit)
    data = files.read_bytes(file, MOST_BYTES)
    request = Request(
        file="stdin" if file == files.STDIN else file,
        kind=kind_of(file, data, kind),
        levers=tuple(levers),
        seconds=longest,
        write=format,
        plain=plain,
        shared=shared,
    )
    return written_within(request, data)


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

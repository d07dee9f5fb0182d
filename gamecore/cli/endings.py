"""How a command ends: every exception becomes a sentence on standard error and an exit code."""

from __future__ import annotations

import io
import os
import sys
import traceback
from typing import Any, Final

import typer
from typer.core import TyperGroup

from gamecore.cli.files import shown
from gamecore.errors import GamecoreError, RefusedError

__all__ = ["FAULT", "INTERRUPTED", "PIPE_CLOSED", "Doors", "run"]

FAULT: Final = 1
INTERRUPTED: Final = 130  # 128 + SIGINT, as shells report it
PIPE_CLOSED: Final = 141  # 128 + SIGPIPE


class Doors(TyperGroup):
    """The group of commands; whatever a command raises ends here."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, BrokenPipeError, GamecoreError) as error:
            raise typer.Exit(ending(error)) from error
        except Exception as error:
            # Usage errors and typer's own exits know how to end.
            if isinstance(error, typer.Abort) or isinstance(getattr(error, "exit_code", None), int):
                raise
            raise typer.Exit(ending(error, debug=bool(ctx.params.get("debug")))) from error


def ending(error: BaseException, *, debug: bool = False) -> int:
    """Tell what went wrong; the exit code."""
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        _let_go_of_output()
        return PIPE_CLOSED
    if isinstance(error, GamecoreError) and error.exit_code != FAULT:
        told = f"refused: {error}" if isinstance(error, RefusedError) else str(error)
        typer.echo(shown(told, lines=True), err=True)
        return error.exit_code
    if debug:
        typer.echo("".join(traceback.format_exception(error)), err=True)
    else:
        where = traceback.extract_tb(error.__traceback__)
        place = f" ({where[-1].name}, line {where[-1].lineno})" if where else ""
        typer.echo(f"{type(error).__name__}{place}", err=True)
    typer.echo("this is a fault in gamecore, your input is not to blame; `gamecore --debug ...` shows where", err=True)
    return FAULT


def _let_go_of_output() -> None:
    """Point standard output at nothing, so that flushing it when Python ends fails no second time."""
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
    except (OSError, ValueError):  # no real file behind it, as in tests
        pass


def run(arguments: list[str] | None = None) -> int:
    """Run the command line; the exit code."""
    # A sign the terminal cannot show, or an answer in another encoding, must not end the program.
    for stream, errors in ((sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace"), (sys.stdin, "replace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)
    try:
        from gamecore.cli.commands import app

        app(arguments, prog_name="gamecore")
        sys.stdout.flush()
    except SystemExit as end:
        try:
            sys.stdout.flush()
        except BrokenPipeError as error:
            return ending(error)
        return end.code if isinstance(end.code, int) else FAULT
    except (KeyboardInterrupt, BrokenPipeError) as error:
        return ending(error)
    return 0

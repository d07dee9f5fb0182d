"""What goes in and what comes out: scenarios from files or standard input, results to files, all of them or none.

Nothing of the user's is overwritten by accident: outputs replace files only as a whole, and never the scenario itself.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from gamecore.errors import InputError, ScenarioError, TooLargeError

if TYPE_CHECKING:
    from gamecore.model import Scenario

__all__ = [
    "STDIN",
    "file_format",
    "parsed",
    "print_document",
    "print_text",
    "read",
    "read_bytes",
    "shown",
    "write_all",
    "writable",
]

STDIN: Final = "-"

# The reader has its own, smaller limit and says so; this one only keeps an endless file out of memory.
_MOST_BYTES: Final = 16 * 1024 * 1024


def read(file: str, levers: Sequence[str] = ()) -> Scenario:
    """The scenario in a file (`-`: standard input), with levers pulled.

    Raises
    ------
    InputError
        If the file cannot be read, has faults (`ScenarioError`, under the name that was given), or has no such lever.
    """
    return parsed(read_bytes(file), file, levers)


def parsed(data: bytes, file: str, levers: Sequence[str] = ()) -> Scenario:
    """The scenario in the bytes of a file, with levers pulled; raises as `read` does."""
    from gamecore.questions.levers import pulled, unsaid
    from gamecore.scenario import read_scenario

    given = "stdin" if file == STDIN else file
    try:
        # Results name the file by its last part only: where it lies is nobody's business.
        scenario = read_scenario(data, file=Path(given).name)
        for told in unsaid(scenario, levers):
            typer.echo(shown(told), err=True)
        return pulled(scenario, levers)
    except ScenarioError as error:
        raise ScenarioError(error.faults, given) from None
    except TooLargeError as error:
        told = f"{given}: {error}"
        raise TooLargeError(told, limit=error.limit, count=error.count, allowed=error.allowed) from None


def read_bytes(file: str, most: int = _MOST_BYTES) -> bytes:
    """The bytes of a file, or of standard input; not more than `most`."""
    if file == STDIN:
        return sys.stdin.buffer.read(most)
    try:
        with Path(file).open("rb") as stream:
            return stream.read(most)
    except FileNotFoundError:
        raise InputError(f"{file}: there is no such file") from None
    except IsADirectoryError:
        raise InputError(f"{file}: this is a directory; name a scenario file in it") from None
    except PermissionError:
        raise InputError(f"{file}: you may not read this file") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: cannot be read: {_reason(error)}") from None


def file_format(out: str, allowed: Collection[str]) -> str:
    """The format a file name's ending asks for.

    Raises
    ------
    InputError
        If the ending is none of those allowed.
    """
    ending = Path(out).suffix.lower().removeprefix(".")
    ending = {"markdown": "md", "htm": "html"}.get(ending, ending)
    if ending not in allowed:
        endings = ", ".join(f".{name}" for name in allowed)
        raise InputError(f"{out}: the ending says the format; use one of {endings}")
    return ending


def writable(outs: Sequence[str], scenario: str) -> None:
    """Check, before any work is done, that the outputs can be written.

    Raises
    ------
    InputError
        If a folder is missing, an output is a folder, two are the same, or one is the scenario itself.
    """
    seen: set[Path] = set()
    for out in outs:
        path = Path(out)
        if path.is_dir():
            raise InputError(f"{out}: this is a directory; name a file in it")
        if not path.parent.is_dir():
            raise InputError(f"{out}: there is no folder {path.parent}")
        if scenario != STDIN and path.exists() and Path(scenario).exists() and path.samefile(scenario):
            raise InputError(f"{out}: this is the scenario itself; choose another name for the output")
        if path.resolve() in seen:
            raise InputError(f"{out}: named twice as an output")
        seen.add(path.resolve())


def write_all(files: Mapping[str, bytes]) -> None:
    """Write each output as a whole: a reader sees the old file or the new one, never a half.

    Raises
    ------
    InputError
        If one cannot be written.
    """
    for out, data in files.items():
        try:
            _write(Path(out), data)
        except OSError as error:
            raise InputError(f"{out}: cannot be written: {_reason(error)}") from None


def _write(path: Path, data: bytes) -> None:
    if path.exists() and not path.is_file():
        path.write_bytes(data)  # a pipe or a device cannot be replaced
        return
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:50]}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        part.chmod(stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _umask() -> int:
    """The process's mask; the system tells it only by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def print_document(document: Mapping[str, Any]) -> None:
    """One JSON document on standard output."""
    print_text(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n")


def print_text(text: str) -> None:
    """A document on standard output, in UTF-8 whatever the terminal's encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def shown(text: str, *, lines: bool = False) -> str:
    """Text of a scenario as it may reach a terminal: control characters, which could move the cursor or hide words, are
    replaced by a mark; line ends stay if `lines`.
    """
    return "".join(
        "\N{REPLACEMENT CHARACTER}"
        if not char.isprintable() and char not in _SPACES and not (lines and char == "\n")
        else char
        for char in text
    )


# Not printable by Python's rule, harmless on a terminal.
_SPACES: Final = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{WORD JOINER}"


def _reason(error: BaseException) -> str:
    """Why the system refused, without its paths."""
    return error.strerror.lower() if isinstance(error, OSError) and error.strerror else str(error)

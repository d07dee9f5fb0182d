"""`gamecore solve`: one game solved in a process of its own, which is ended when the time is up.

Solvers watch the clock themselves and stop early with what they have. The process (`solving_worker`) is the last
resort: whatever it does, at the limit it is ended and the last answer it had told is printed, so that nothing hangs.
It ends too when this process does, however that ends.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

from gamecore.errors import Fault, GamecoreError, InputError, OutOfTimeError, RefusedError, ScenarioError, TooLargeError
from gamecore.questions import writing
from gamecore.questions.games import TYPES, kind_by_word

__all__ = ["MOST_BYTES", "Request", "further", "kind_of", "seconds", "solved_within", "written_within"]

MOST_BYTES: Final = 64 * 1024 * 1024  # a tree of a million nodes; the readers have their own limits
OTHERS: Final = ("gbt", "agg", "bagg")  # Gambit's, that are not read
LAST_SECONDS: Final = 0.5  # kept at most for ending the process and printing


@dataclass(frozen=True)
class Request:
    """What the worker is asked for; `file` is the name that stands before faults."""

    file: str
    kind: str
    form: str = "auto"
    levers: tuple[str, ...] = ()
    explain: bool = False
    second_opinion: bool = False
    also: tuple[str, ...] = ()
    seed: int = 1
    seconds: float = 9.0
    write: str = ""  # instead of solving: the format that the game is written in
    plain: bool = False
    shared: bool = False


def seconds(text: str) -> float:
    """A limit of time as people write it: 30s, 500ms, 2m, or a number of seconds."""
    return writing.seconds(text, "--limit")


def further(text: str | None) -> tuple[str, ...]:
    """What is asked for beside the equilibria, as people write it: names with commas between, or all."""
    if text is None:
        return ()
    from gamecore.solving.further import wanted

    try:
        return wanted(text)
    except InputError as error:
        raise InputError(f"--{error}") from None


def kind_of(file: str, data: bytes, told: str | None) -> str:
    """What kind of file it is: as told, else by its ending, else by its first word."""
    if told is not None:
        if told not in TYPES:
            raise InputError(f"--type {told}: use one of {', '.join(TYPES)}")
        return told
    ending = Path(file).suffix.lower().removeprefix(".")
    if ending in {"nfg", "efg"}:
        return ending
    if ending in OTHERS:
        raise InputError(f"{file}: a .{ending} is not read here; save the game as .nfg or .efg in Gambit")
    if ending in {"yaml", "yml", "json"}:
        return "yaml"
    return kind_by_word(data)


def solved_within(request: Request, data: bytes) -> dict[str, Any]:
    """The document of `solve --json`; of what was known at the limit if the worker had to be ended.

    Raises
    ------
    InputError
        If the file has faults (`ScenarioError`) or what is asked for does not fit it.
    """
    heard = _asked(request, data)
    return heard.final or _at_the_limit(request, heard.last, heard.ended)


@dataclass(frozen=True)
class _Heard:
    """What the worker told: its `final` document or, if there is none, the `last` one and its exit code if it ended."""

    final: dict[str, Any] | None
    last: dict[str, Any] | None
    ended: int | None


def _asked(request: Request, data: bytes) -> _Heard:
    """Ask a worker, which is ended with the time. Raises what it raised."""
    begun = time.monotonic()
    worker = _Worker()
    last: dict[str, Any] | None = None
    try:
        worker.ask(request, data)
        end = begun + request.seconds - min(LAST_SECONDS, request.seconds * 0.05)
        while True:
            message = worker.next(end - time.monotonic())
            if message is None:
                return _Heard(None, last, worker.ended)
            if "error" in message:
                raise _revived(message)
            if message["final"]:
                return _Heard(message["document"], last, None)
            last = message["document"]
    finally:
        worker.end()


def written_within(request: Request, data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of the game in another format, and notes about it.

    Raises
    ------
    InputError
        If the file has faults (`ScenarioError`) or what is asked for does not fit it.
    RefusedError
        If the game cannot be said in that format, or not within the time.
    """
    final = _asked(request, data).final
    if final is None:
        raise OutOfTimeError(f"the game was not written within --limit {request.seconds:g}s", limit="time")
    return final["text"], tuple(final["notes"])


def _at_the_limit(request: Request, last: dict[str, Any] | None, ended: int | None) -> dict[str, Any]:
    """The last document that was told, with what happened."""
    if ended is None:
        why = f"the solver was ended at the limit of {request.seconds:g} seconds"
    else:
        why = f"the solver was ended by the system (exit {ended}): most likely there is not enough memory for this game"
    unsaid = {"status": "refused", "sentences": [], "notes": [why]}
    further = {name.replace("-", "_"): unsaid for name in request.also}
    if last is None:
        head = {"title": "", "players": [], "form": request.form, "method": "none", "status": "refused"}
        rest: dict[str, Any] = {"strategies": [], "equilibria": [], "components": [], "pure": []}
        return head | rest | {"subgame_perfect_outcomes": [], "notes": [why]} | further
    return further | last | {"notes": [*last["notes"], why]}


class _Worker:
    """The process with its pipes; two threads of ours write to it and read from it, so that we never wait on either."""

    def __init__(self) -> None:
        # A session of its own: Ctrl-C reaches us alone, and we end it.
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gamecore.cli.solving_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=os.name == "posix",
        )
        if self.process.stdin is None or self.process.stdout is None:
            raise AssertionError("asked for pipes")
        self._in, self._out = self.process.stdin, self.process.stdout
        self._messages: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self.ended: int | None = None

    def ask(self, request: Request, data: bytes) -> None:
        """Send the request; the pipe stays open, its end is what ends the worker if we are gone."""
        head = json.dumps(asdict(request) | {"bytes": len(data)}).encode() + b"\n"
        for work in (lambda: _write(self._in, head + data), lambda: self._read(self._out)):
            thread = threading.Thread(target=work, daemon=True)
            self._threads.append(thread)
            thread.start()

    def next(self, patience: float) -> dict[str, Any] | None:
        """The next message; None if the time is up or the worker is gone (then `ended` is its exit code)."""
        try:
            message = self._messages.get(timeout=max(0.0, patience))
        except queue.Empty:
            return None
        if message is None:
            self.ended = self.process.wait()
        return message

    def _read(self, stream: IO[bytes]) -> None:
        with suppress(ValueError, OSError):  # closed while we read
            for line in stream:
                self._messages.put(json.loads(line))
        self._messages.put(None)

    def end(self) -> None:
        """End the process and release its pipes."""
        self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join()
        for stream in (self._in, self._out):
            with suppress(OSError):
                stream.close()


def _write(stream: IO[bytes], data: bytes) -> None:
    with suppress(OSError, ValueError):  # the worker is gone; what it told says why
        stream.write(data)
        stream.flush()


def _revived(message: Mapping[str, Any]) -> GamecoreError:
    """The worker's exception."""
    text = message["text"]
    match message["error"]:
        case "ScenarioError":
            return ScenarioError([Fault(*fault) for fault in message["faults"]], message["file"])
        case "InputError":
            return InputError(text)
        case "TooLargeError":
            return TooLargeError(text, limit=message["limit"])
        case "OutOfTimeError":
            return OutOfTimeError(text, limit=message["limit"])
        case "RefusedError":
            return RefusedError(text, limit=message["limit"])
        case _:
            return GamecoreError(text)

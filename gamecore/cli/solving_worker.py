"""The process that solves: a request and the bytes of a game on standard input, messages on standard output.

The request is one line of JSON; each message is one: `{"document": ..., "final": false}` for what is known
so far, at last the final document or `{"error": ...}`. It ends when the pipe on
its standard input is closed: whoever asked is gone.
"""

from __future__ import annotations

import time

_BEGUN = time.monotonic()  # before the imports below, which belong to the time that is given

import json  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
import threading  # noqa: E402
import traceback  # noqa: E402
from collections.abc import Callable  # noqa: E402
from dataclasses import replace  # noqa: E402
from typing import Any  # noqa: E402

from gamecore.cli import files  # noqa: E402
from gamecore.cli.solving import Request  # noqa: E402
from gamecore.errors import GamecoreError, RefusedError, ScenarioError  # noqa: E402
from gamecore.questions.games import SOFT_SHARE, in_deep_thread, read_gambit  # noqa: E402

__all__ = ["main"]

Tell = Callable[[dict[str, Any]], None]


def main() -> None:
    """Answer one request and end."""
    # Solvers that print would spoil the messages: they get standard error.
    messages = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    def tell(message: dict[str, Any]) -> None:
        messages.write(json.dumps(message, ensure_ascii=True, allow_nan=False).encode() + b"\n")
        messages.flush()

    head = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read(head.pop("bytes"))
    threading.Thread(target=_end_with_the_asker, daemon=True).start()
    request = Request(**head | {"levers": tuple(head["levers"]), "also": tuple(head["also"])})
    in_deep_thread(lambda: _answer(request, data, tell))
    os._exit(0)  # the thread that watches the pipe would keep us


def _answer(request: Request, data: bytes, tell: Tell) -> None:
    try:
        if request.write:
            text, notes = _written(request, data)
            tell({"document": {"text": text, "notes": notes}, "final": True})
        else:
            tell({"document": _solved(request, data, tell), "final": True})
    except GamecoreError as error:
        tell(_told(error))
    except Exception as error:  # noqa: BLE001 - told by the asker, as a fault of ours
        where = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__} ({where.name}, line {where.lineno}) while solving: a fault in gamecore"
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
        tell({"error": "GamecoreError", "text": text})


def _solved(request: Request, data: bytes, tell: Tell) -> dict[str, Any]:
    from gamecore.solving import Limits, solve

    game = _read(request, data)
    left = max(0.05, SOFT_SHARE * request.seconds - (time.monotonic() - _BEGUN))
    answer = solve(
        game,
        replace(Limits(), seconds=left),
        form=request.form,  # type: ignore[arg-type] # the command line takes no other
        explain=request.explain,
        second_opinion=request.second_opinion,
        also=request.also,
        seed=request.seed,
        tell=lambda known: tell({"document": known.document(), "final": False}),
    )
    return answer.document()


def _written(request: Request, data: bytes) -> tuple[str, tuple[str, ...]]:
    """The game as the text of a file, and what people should know about it."""
    from gamecore.solving.converting import converted

    return converted(_read(request, data), request.write, plain=request.plain, shared=request.shared)


def _read(request: Request, data: bytes) -> Any:
    """The game in the bytes."""
    if request.kind != "yaml":
        return read_gambit(data, request.file, request.levers, "--lever")
    return files.parsed(data, request.file, request.levers)


def _told(error: GamecoreError) -> dict[str, Any]:
    """An exception as a message."""
    if isinstance(error, ScenarioError):
        faults = [[fault.line, fault.column, fault.path, fault.message] for fault in error.faults]
        return {"error": "ScenarioError", "text": "", "file": error.file, "faults": faults}
    limit = error.limit if isinstance(error, RefusedError) else ""
    kinds = ("TooLargeError", "OutOfTimeError", "RefusedError", "InputError")
    known = (base.__name__ for base in type(error).__mro__)
    return {
        "error": next((name for name in known if name in kinds), "GamecoreError"),
        "text": str(error),
        "limit": limit,
    }


def _end_with_the_asker() -> None:
    """Wait until the pipe is closed at its other end, then end at once."""
    while os.read(0, 4096):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()

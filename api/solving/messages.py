"""What travels between the service and a worker: frames of JSON and bytes, nothing that executes when it is read.

A frame is two lengths (4 bytes each, big-endian), a JSON head and a body of bytes. A question is a `Task`, an answer a
body or an error; an error crosses as its name and fields and comes out as the same exception.

>>> str(revived(described(TooLargeError("too many nodes", limit="nodes", count=9, allowed=5))))
'too many nodes'
"""

from __future__ import annotations

import json
import struct
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from gamecore.errors import (
    Fault,
    GamecoreError,
    InputError,
    OutOfTimeError,
    PageOverflowError,
    RefusedError,
    ScenarioError,
    TooLargeError,
)

__all__ = ["Task", "WorkerError", "described", "receive", "revived", "send"]

_LENGTHS = struct.Struct(">II")
_REFUSALS = {kind.__name__: kind for kind in (RefusedError, TooLargeError, OutOfTimeError)}


@dataclass(frozen=True)
class Task:
    """One thing to do: its `kind`, its `options` (plain JSON) and the scenario as it came."""

    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)
    body: bytes = b""


class WorkerError(Exception):
    """A worker met a fault of ours. `where` is the stack; messages stay out: they may quote the scenario."""

    def __init__(self, kind: str, where: tuple[str, ...] = ()) -> None:
        self.kind = kind
        self.where = where
        super().__init__(f"{kind} at {' < '.join(reversed(where))}" if where else kind)


def send(stream: IO[bytes], head: Mapping[str, Any], body: bytes = b"") -> None:
    """Write one frame."""
    text = json.dumps(head).encode()
    stream.write(_LENGTHS.pack(len(text), len(body)))
    stream.write(text)
    stream.write(body)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """Read one frame; None if the other side is gone."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    head_size, body_size = _LENGTHS.unpack(lengths)
    head, body = stream.read(head_size), stream.read(body_size)
    if len(head) < head_size or len(body) < body_size:
        return None
    return json.loads(head), body


def described(error: BaseException) -> dict[str, Any]:
    """An exception as plain data."""
    if isinstance(error, ScenarioError):
        faults = [[fault.line, fault.column, fault.path, fault.message] for fault in error.faults]
        return {"error": "ScenarioError", "faults": faults, "file": error.file}
    if isinstance(error, PageOverflowError):
        return {"error": "PageOverflowError", "message": str(error), "block": error.block}
    if isinstance(error, RefusedError):
        name = next((name for name, kind in _REFUSALS.items() if type(error) is kind), "RefusedError")
        given = {"limit": error.limit, "count": error.count, "allowed": error.allowed}
        return {"error": name, "message": str(error), **given}
    if isinstance(error, InputError):
        return {"error": "InputError", "message": str(error)}
    frames = traceback.extract_tb(error.__traceback__)
    return {"error": "", "kind": type(error).__name__, "where": [f"{item.filename}:{item.lineno}" for item in frames]}


def revived(head: Mapping[str, Any]) -> GamecoreError | WorkerError:
    """The exception that `described` took apart."""
    name = head["error"]
    if name == "ScenarioError":
        return ScenarioError([Fault(*item) for item in head["faults"]], head["file"])
    if name == "PageOverflowError":
        return PageOverflowError(head["message"], block=head["block"])
    if name in _REFUSALS:
        return _REFUSALS[name](head["message"], limit=head["limit"], count=head["count"], allowed=head["allowed"])
    if name == "InputError":
        return InputError(head["message"])
    return WorkerError(head["kind"], tuple(head["where"]))

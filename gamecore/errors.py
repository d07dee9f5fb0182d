"""Every error Gamecore raises on purpose, and what a caller should do about it.

::

    GamecoreError                 anything below; `exit_code` is what the command line ends with
    ├── InputError                the input is wrong: mend it and try again          (exit 2, HTTP 422)
    │   └── ScenarioError         a scenario file has faults; carries *all* of them with their places
    └── RefusedError              the input is fine, but not within the limits      (exit 3)
        ├── TooLargeError         more nodes, profiles, deals or words than a limit allows   (HTTP 413)
        ├── OutOfTimeError        the deadline passed                                 (HTTP 503)
        └── PageOverflowError     the page does not fit; names the block to shorten   (HTTP 422)

No pure equilibrium, an empty interval or a deadlock is an answer, never an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = [
    "Fault",
    "GamecoreError",
    "InputError",
    "OutOfTimeError",
    "PageOverflowError",
    "RefusedError",
    "ScenarioError",
    "TooLargeError",
]


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong with a scenario file.

    `line` and `column` count from 1; `path` is the dotted place (`decisions.january.when`); `message` says what is
    wrong and how to mend it. Faults sort by place.
    """

    line: int
    column: int
    path: str = field(compare=True, default="")
    message: str = field(compare=True, default="")

    def text(self, file: str) -> str:
        """The fault as `file:line:column: path: message`, the form editors jump to."""
        where = f"{file}:{self.line}:{self.column}: "
        return where + (f"{self.path}: {self.message}" if self.path else self.message)


class GamecoreError(Exception):
    """The root of the tree. `str()` of it is a sentence for people."""

    exit_code = 1


class InputError(GamecoreError):
    """What was given is wrong; the message says what and how to mend it."""

    exit_code = 2


class ScenarioError(InputError):
    """A scenario file has faults.

    `faults` holds every fault found, sorted by place; `file` is the name to print in front of each.
    """

    def __init__(self, faults: list[Fault] | tuple[Fault, ...], file: str = "scenario") -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(set(faults)))
        self.file = file
        super().__init__("\n".join(fault.text(file) for fault in self.faults))


class RefusedError(GamecoreError):
    """The input is right, but answering it would break a limit.

    `limit` is the limit's name in `gamecore.limits`-style settings, `count` what was needed and `allowed` what it
    allows.
    """

    exit_code = 3

    def __init__(
        self, message: str, *, limit: str = "", count: float | None = None, allowed: float | None = None
    ) -> None:
        self.limit = limit
        self.count = count
        self.allowed = allowed
        super().__init__(message)


class TooLargeError(RefusedError):
    """More nodes, profiles, deals or bytes than a limit allows."""


class OutOfTimeError(RefusedError):
    """The deadline passed before the answer was complete."""


class PageOverflowError(RefusedError):
    """The page does not fit on one sheet; `block` names the block to shorten."""

    def __init__(self, message: str, *, block: str) -> None:
        self.block = block
        super().__init__(message, limit="one page")

"""What the operator of the service may set: its limits. Each has a name, a default and an environment variable.

::

    GAMECORE_MAX_BODY_BYTES    max_body_bytes    largest request body                           413
    GAMECORE_MAX_DRAWS         max_draws         most draws one request may ask for              422
    GAMECORE_SOLVE_SECONDS     solve_seconds     longest a solve may take before it is ended     503
    GAMECORE_SOLVES_AT_ONCE    solves_at_once    worker processes, so solves side by side        429
    GAMECORE_MAX_WAITING       max_waiting       requests that may wait for a worker, beyond     429
    GAMECORE_MAX_NODES, ..     one for each size limit of the core (gamecore.pipeline.Limits)    413

The names in the second column are the ones an error body gives as its `limit`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from gamecore.errors import InputError

__all__ = ["PREFIX", "Settings", "core_sizes"]

PREFIX = "GAMECORE_"


def _cores() -> int:
    """How many solves this machine can do side by side; 4 are enough for one alliance."""
    return max(1, min(4, os.cpu_count() or 1))


@dataclass(frozen=True)
class Settings:
    """The limits of the service. `sizes` are the core's size limits by name; without one its default holds."""

    max_body_bytes: int = 1_000_000
    max_draws: int = 100_000
    solve_seconds: float = 20.0
    solves_at_once: int = field(default_factory=_cores)
    max_waiting: int = 16
    sizes: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("max_body_bytes", "max_draws", "solve_seconds", "solves_at_once"):
            if not getattr(self, name) > 0:
                raise InputError(f"{PREFIX}{name.upper()} must be greater than 0")
        if self.max_waiting < 0:
            raise InputError(f"{PREFIX}MAX_WAITING must be 0 or more")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings an environment describes.

        Raises
        ------
        InputError
            If a variable is not a number above its lower bound; the message names the variable.
        """
        kinds = {"solve_seconds": float}
        given: dict[str, float] = {}
        for item in fields(cls):
            variable = PREFIX + item.name.upper()
            if item.name != "sizes" and variable in environment:
                given[item.name] = _number(variable, environment[variable], kinds.get(item.name, int))
        sizes = {}
        for name in core_sizes():
            variable = f"{PREFIX}MAX_{name.removeprefix('max_').upper()}"
            if variable in environment:
                sizes[name] = int(_number(variable, environment[variable], int))
        return cls(**given, sizes=sizes)  # type: ignore[arg-type] # integers where integers belong, by `kinds`


def _number(variable: str, text: str, kind: type[int] | type[float]) -> float:
    try:
        number = kind(text)
    except ValueError:
        what = "a whole number" if kind is int else "a number"
        raise InputError(f"{variable} must be {what}, not {text!r}") from None
    if not 0 <= number < float("inf"):
        raise InputError(f"{variable} must be 0 or more and finite, not {text!r}")
    return number


def core_sizes() -> tuple[str, ...]:
    """The names of the core's size limits, without the draws (`max_draws` is met first) and the figure's own."""
    from gamecore.pipeline import Limits

    return tuple(item.name for item in fields(Limits) if item.name not in {"draws", "drawn_nodes"})

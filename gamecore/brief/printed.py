"""What a renderer gives back."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Printed"]


@dataclass(frozen=True)
class Printed:
    """Bytes, and what to tell whoever asked for them (empty: all is as it should be)."""

    content: bytes
    notes: tuple[str, ...] = ()

"""Which format an `Accept` header asks for (RFC 9110, section 12.5.1).

>>> choose("text/html;q=0.8, application/pdf;q=0.9", ("application/pdf", "text/html"))
'application/pdf'
>>> choose("image/*, */*;q=0.1", ("application/pdf", "image/png"))
'image/png'
>>> choose("text/csv", ("application/pdf",)) is None
True
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["choose"]

# Longer headers are no honest wish.
_MOST_RANGES = 50


def choose(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offer with the highest quality; of equals the first offered. None if nothing on offer is wanted.

    The most specific range decides an offer's quality; a range with parameters other than `q` counts as the plain type.
    A part that cannot be read is passed over. No header, or an empty one, wants anything.
    """
    if accept is None or not accept.strip():
        return offers[0]
    ranges = [parsed for part in accept.split(",")[:_MOST_RANGES] if (parsed := _parsed(part)) is not None]
    best, highest = None, 0.0
    for offer in offers:
        matching = [(specific, quality) for name, specific, quality in ranges if _fits(name, offer)]
        quality = max(matching, default=(0, 0.0))[1]
        if quality > highest:
            best, highest = offer, quality
    return best


def _parsed(part: str) -> tuple[str, int, float] | None:
    """A media range, how specific it is (0 to 2), and its quality."""
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    kind, slash, subtype = name.partition("/")
    if not slash or not kind or not subtype or (kind == "*" and subtype != "*"):
        return None
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                quality = float(value)
            except ValueError:
                return None
            if not 0 <= quality <= 1:
                return None
    return name, (kind != "*") + (subtype != "*"), quality


def _fits(name: str, offer: str) -> bool:
    kind, _, subtype = name.partition("/")
    offered_kind, _, offered_subtype = offer.partition("/")
    return kind in {"*", offered_kind} and subtype in {"*", offered_subtype}

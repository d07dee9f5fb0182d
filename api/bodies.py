"""The scenario in a request: JSON or YAML, at most so many bytes."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from starlette.requests import ClientDisconnect

from api.problems import Problem

__all__ = ["MEDIA_TYPES", "scenario_body"]

MEDIA_TYPES: Final = ("application/json", "application/yaml", "application/x-yaml", "text/yaml", "text/plain")
_CHARSETS: Final = {"", "utf-8", "utf8", "us-ascii"}


async def scenario_body(request: Request) -> bytes:
    """The body, as it came.

    The limit holds while it streams in: no more than the limit is ever kept, whatever the length announced.

    Raises
    ------
    Problem
        415 for another media type, charset or encoding; 413 beyond the limit; 400 if the client left in the middle.
    """
    _check_media_type(request)
    allowed: int = request.app.state.settings.max_body_bytes
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > allowed:
        raise _too_large(allowed, int(announced))
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > allowed:
                raise _too_large(allowed)
            parts.append(part)
    except ClientDisconnect:
        raise Problem("request", "the body ended before it was complete") from None
    return b"".join(parts)


def _check_media_type(request: Request) -> None:
    name, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    known = ", ".join(MEDIA_TYPES)
    if name not in MEDIA_TYPES:
        raise Problem("media-type", f"send the scenario with Content-Type {known}", headers={"Accept-Post": known})
    charset = next((part.partition("=")[2].strip("\" '") for part in parameters if part.startswith("charset=")), "")
    if charset not in _CHARSETS:
        raise Problem("media-type", "send the scenario in UTF-8", headers={"Accept-Post": known})
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        plain = {"Accept-Encoding": "identity"}
        raise Problem("media-type", "send the scenario without Content-Encoding", headers=plain)


def _too_large(allowed: int, count: int | None = None) -> Problem:
    detail = f"a scenario may have at most {allowed:,} bytes; shorten it, or ask whoever runs the service"
    return Problem("body-too-large", detail, limit="max_body_bytes", allowed=allowed, count=count)

"""From a route to a worker and back."""

from __future__ import annotations

import asyncio

from fastapi import Request

from api.solving.messages import Task

__all__ = ["solved"]


async def solved(request: Request, task: Task) -> bytes:
    """The worker's answer; the event loop is free meanwhile."""
    return await asyncio.wrap_future(request.app.state.pool.submit(task))

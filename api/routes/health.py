"""`GET /healthz`: whether the service is up; asks no worker, so it answers while all of them compute."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

import gamecore
from api.problems import responses

router = APIRouter()


class Health(BaseModel):
    status: str = "ok"
    version: str = gamecore.__version__


@router.get("/healthz", summary="Is the service up?", responses=responses())
async def health() -> Health:
    """Up, and which version."""
    return Health()

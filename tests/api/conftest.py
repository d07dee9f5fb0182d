"""Clients of the service: `rehearsal` with workers that do what the body says, `client` with the real ones."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.solving.pool import Pool

COMMAND = (sys.executable, str(Path(__file__).parent / "rehearsal_worker.py"))
YAML = {"Content-Type": "application/yaml"}


def rehearsal_client(settings: Settings) -> TestClient:
    pool = Pool(settings.solves_at_once, settings.max_waiting, settings.solve_seconds, COMMAND)
    return TestClient(create_app(settings, pool), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def rehearsal() -> Iterator[TestClient]:
    settings = Settings(max_body_bytes=2_000, max_draws=50_000, solve_seconds=1.0, solves_at_once=1, max_waiting=2)
    with rehearsal_client(settings) as made:
        yield made


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    settings = Settings(solves_at_once=1, solve_seconds=30)
    with TestClient(create_app(settings), raise_server_exceptions=False) as made:
        yield made

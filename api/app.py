"""The service, put together: `create_app` for tests and servers (`uvicorn --factory api.app:create_app`).

Places kept for what comes later: storage and accounts get their own packages and a dependency here, jobs (work longer
than a request) stand beside `solving`, the web page under `web` with its own content security policy.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

import gamecore
from api import openapi, problems
from api.headers import Guard
from api.routes import briefs, checks, health, questions, schema
from api.settings import Settings
from api.solving.pool import Pool

__all__ = ["create_app"]


def create_app(settings: Settings | None = None, pool: Pool | None = None) -> FastAPI:
    """The ASGI app, with its own workers.

    Settings come from the environment unless given. Workers start with the app (or with the first solve, where nobody
    sends lifespan events) and end with it.
    """
    settings = Settings.from_environment() if settings is None else settings
    if pool is None:
        pool = Pool(settings.solves_at_once, settings.max_waiting, settings.solve_seconds)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        pool.start()
        try:
            yield
        finally:
            pool.close()

    # No /docs and /redoc: their pages load scripts from elsewhere. No redirects of slashes: they would be answers
    # without the one error body.
    app = FastAPI(
        title="Gamecore",
        version=gamecore.__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.settings, app.state.pool = settings, pool
    app.state.schemas = {}
    for module in (questions, briefs, checks, schema, health):
        app.include_router(module.router)
    problems.install(app)
    openapi.use(app)
    app.add_middleware(Guard)
    return app

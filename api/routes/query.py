"""The query parameters of the routes; an unknown one is refused, so that a slip cannot change a result silently."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from api.problems import Problem
from gamecore.errors import Fault

__all__ = ["AnalysisQuery", "BriefQuery", "NoQuery", "SchemaQuery"]

LeverName = Annotated[str, Field(min_length=1, max_length=200)]


class NoQuery(BaseModel):
    """A route without parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AnalysisQuery(NoQuery):
    """What an analysis can be asked."""

    seed: int = Field(1, ge=0, le=2**63 - 1, description="Seed of the draws: the same seed gives the same bytes.")
    draws: int = Field(10_000, ge=1, description="Number of draws from the ranges; at most `max_draws` of the service.")
    sampling: Literal["latin-hypercube", "sobol"] = Field(
        "latin-hypercube",
        description="How the draws are spread: each input by itself, or all together (Sobol sequence).",
    )
    lever: list[LeverName] = Field(
        default_factory=list,
        max_length=20,
        description="Lever to pull: name, or name=amount where the file lets choose one (else its middle); repeatable.",
    )

    def options(self, request: Request) -> dict[str, Any]:
        """The options of a task.

        Raises
        ------
        Problem
            If more draws are asked for than the service allows.
        """
        settings = request.app.state.settings
        if self.draws > settings.max_draws:
            message = f"at most {settings.max_draws:,} draws"
            raise Problem(
                "query",
                f"query.draws: {message}",
                faults=[Fault(0, 0, "query.draws", message)],
                limit="max_draws",
                allowed=settings.max_draws,
                count=self.draws,
            )
        asked = {"seed": self.seed, "draws": self.draws, "levers": self.lever, "limits": dict(settings.sizes)}
        return asked | ({} if self.sampling == "latin-hypercube" else {"sampling": self.sampling})


class BriefQuery(AnalysisQuery):
    """What a brief can be asked besides."""

    model_config = ConfigDict(populate_by_name=True)

    copy_: Literal["internal", "shared"] = Field(
        "internal", alias="copy", description="`shared` leaves out every number that a confidential one reaches."
    )
    paper: Literal["a4", "letter"] = Field("a4", description="Paper of PDF and PNG.")
    date: dt.date | None = Field(None, description="Date printed on the page; none is printed if not given.")

    def options(self, request: Request) -> dict[str, Any]:
        """The options of a task."""
        page = {"copy": self.copy_, "paper": self.paper, "date": self.date.isoformat() if self.date else None}
        return super().options(request) | page


class SchemaQuery(NoQuery):
    """Which schema."""

    of: Literal["scenario", "analysis"] = Field("scenario", description="The scenario file, or the analysis document.")

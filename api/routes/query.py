"""The query parameters of the routes; an unknown one is refused, so that a slip cannot change a result silently."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final, Literal

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from api.problems import Problem
from gamecore.errors import Fault

__all__ = [
    "AnalysisQuery",
    "BriefQuery",
    "CashQuery",
    "ChangesQuery",
    "CompromiseQuery",
    "InformationQuery",
    "LeverQuery",
    "MapQuery",
    "NoQuery",
    "PartnerQuery",
    "SchemaQuery",
    "SolutionQuery",
    "TornadoQuery",
    "WaitingQuery",
]

_LONGEST: Final = 200  # of a name

Name = Annotated[str, Field(min_length=1, max_length=_LONGEST)]


class NoQuery(BaseModel):
    """A route without parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LeverQuery(NoQuery):
    """What every question about a scenario can be asked."""

    lever: list[Name] = Field(
        default_factory=list,
        max_length=20,
        description="Lever to pull: name, or name=amount where the file lets choose one (else its middle); repeatable.",
    )

    def options(self, request: Request) -> dict[str, Any]:
        """The options of a task: the parameters under their names, and the size limits of the service.

        Raises
        ------
        Problem
            If more is asked for than the service allows.
        """
        given = self.model_dump(mode="json", by_alias=True, exclude={"lever"})
        return given | {"levers": self.lever, "limits": dict(request.app.state.settings.sizes)}


class DrawsQuery(LeverQuery):
    """What a question that takes draws can be asked."""

    seed: int = Field(1, ge=0, le=2**63 - 1, description="Seed of the draws: the same seed gives the same bytes.")
    draws: int = Field(10_000, ge=1, description="Number of draws from the ranges; at most `max_draws` of the service.")

    def options(self, request: Request) -> dict[str, Any]:
        """The options of a task."""
        allowed = request.app.state.settings.max_draws
        if self.draws > allowed:
            raise _beyond("draws", f"at most {allowed:,} draws", "max_draws", allowed, self.draws)
        return super().options(request)


class AnalysisQuery(DrawsQuery):
    """What an analysis can be asked."""

    sampling: Literal["latin-hypercube", "sobol"] = Field(
        "latin-hypercube",
        description="How the draws are spread: each input by itself, or all together (Sobol sequence).",
    )


class BriefQuery(AnalysisQuery):
    """What a brief can be asked besides."""

    copy_: Literal["internal", "shared"] = Field(
        "internal", alias="copy", description="`shared` leaves out every number that a confidential one reaches."
    )
    paper: Literal["a4", "letter"] = Field("a4", description="Paper of PDF and PNG.")
    date: dt.date | None = Field(None, description="Date printed on the page; none is printed if not given.")


class TornadoQuery(DrawsQuery):
    """What a tornado can be asked."""

    player: Name | None = Field(
        None, description="Whose value the bars show; `together` for the sum. Without one: the player advised."
    )
    proposes: Name | None = Field(None, description="Only the games in which this player proposes.")


class MapQuery(DrawsQuery):
    """What a map of outcomes can be asked."""

    x: Name = Field(description="Input across; INPUT=LOW..HIGH says from where to.")
    y: Name = Field(description="Input upwards, likewise.")
    proposes: Name | None = Field(None, description="Only the games in which this player proposes.")
    steps: int = Field(64, ge=2, description="Steps of the grid across; at most 200.")


class InformationQuery(AnalysisQuery):
    """What the worth of knowing more can be asked."""

    about: list[Name] = Field(
        default_factory=list,
        max_length=100,
        description="An input or event; NAME,NAME are learnt together; repeatable. Without one: each there is.",
    )
    accuracy: Name | None = Field(None, description="Also a noisy signal that is right this often, such as 80%.")
    seen_by: list[Name] = Field(
        default_factory=list,
        max_length=20,
        description="Tell events to this player only; repeatable.",
    )


class WaitingQuery(AnalysisQuery):
    """What the worth of waiting can be asked."""

    now: str = Field("", max_length=_LONGEST, description="The option to act now, if the file does not tell it.")
    wait: str = Field("", max_length=_LONGEST, description="The option to wait, likewise.")
    same: str = Field("", max_length=_LONGEST, description="The later option that is the same plan as now, likewise.")


class CashQuery(LeverQuery):
    """What cash flows can be asked."""

    option: Name | None = Field(None, description="One option, by its key such as plan=wait.")
    when: Annotated[str, Field(min_length=1, max_length=2_000)] | None = Field(
        None, description="What holds, such as plan=wait,pandemic=severe."
    )
    player: Name | None = Field(None, description="Only this player.")


class CompromiseQuery(LeverQuery):
    """What both can live with can be asked."""

    decision: Name | None = Field(None, description="The options of one decision, not whole plans.")
    rule: list[Name] = Field(
        default_factory=list,
        max_length=5,
        description="Only this rule: nash, kalai-smorodinsky, egalitarian, proportional or utilitarian; repeatable.",
    )
    weights: Annotated[str, Field(min_length=1, max_length=2_000)] | None = Field(
        None, description="How much each player counts, such as diamond=2,sapphire=1."
    )
    lotteries: bool = Field(default=False, description="Also with options drawn by lot.")
    from_: Annotated[str, Field(min_length=1, max_length=2_000)] | None = Field(
        None, alias="from", description="The option where trades begin; the plan as it stood if not given."
    )


class ChangesQuery(DrawsQuery):
    """What changing the game would do can be asked."""

    draws: int = Field(2_000, ge=1, description="Number of draws for each of the best proposals; at most `max_draws`.")
    target: Annotated[str, Field(min_length=1, max_length=2_000)] | None = Field(
        None, description="Also when this outcome would come about, such as plan=start."
    )
    pairs: bool = Field(default=True, description="Also two changes at once.")
    player: Name | None = Field(None, description="For this player; the one advised if not given.")


class PartnerQuery(BriefQuery):
    """What can be asked of the partner's seat; `paper` and `date` are for the page."""

    copy_: Literal["internal", "shared"] = Field(
        "internal",
        alias="copy",
        description="`internal` only: the answer shows the asker's estimate of the partner's values.",
    )
    player: Name | None = Field(None, description="Whose seat; the first player not advised if not given.")


class SolutionQuery(LeverQuery):
    """What the solution of a game can be asked."""

    type: Literal["yaml", "nfg", "efg"] | None = Field(
        None, description="What the body is: a scenario, or a game of Gambit's. Without one its first word says."
    )
    form: Literal["auto", "strategic", "tree"] = Field(
        "auto", description="`strategic` solves a tree's strategic form; `auto` takes what the game is."
    )
    explain: bool = Field(default=False, description="Why nobody moves, who would move first and what it would take.")
    second_opinion: bool = Field(
        default=False,
        description="What nashpy finds on the same game, disagreements explained.",
    )
    also: Name | None = Field(
        None,
        description="What else to say, with commas between: security, dominance, rationalizable, zero-sum, commitment, "
        "quantal-response, learning, sequential, correlated; or all.",
    )
    seed: int = Field(1, ge=0, le=2**63 - 1, description="Of the beginnings that `also=learning` draws.")
    limit: Name | None = Field(
        None,
        description="Longest solve, such as 5s; at most `solve_seconds` of the service. Without one 9s, or what it "
        "allows. What was not searched in time is told in `notes`.",
    )

    def options(self, request: Request) -> dict[str, Any]:
        """The options of a task; `limit` in seconds."""
        from gamecore.questions.writing import seconds
        from gamecore.solving.limits import DEFAULT_SECONDS

        allowed: float = request.app.state.settings.solve_seconds
        wanted = min(DEFAULT_SECONDS, allowed) if self.limit is None else seconds(self.limit, "limit")
        if wanted > allowed:
            raise _beyond("limit", f"at most {allowed:g} seconds", "solve_seconds", allowed, wanted)
        return super().options(request) | {"limit": wanted}


class SchemaQuery(NoQuery):
    """Which schema."""

    of: Literal["scenario", "analysis"] = Field("scenario", description="The scenario file, or the analysis document.")


def _beyond(name: str, message: str, limit: str, allowed: float, count: float) -> Problem:
    """A parameter that asks for more than a limit of the service allows."""
    fault = Fault(0, 0, f"query.{name}", message)
    return Problem("query", f"query.{name}: {message}", faults=[fault], limit=limit, allowed=allowed, count=count)

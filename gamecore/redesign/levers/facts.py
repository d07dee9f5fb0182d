"""The record of everything found by changing a scenario's game."""

from __future__ import annotations

from gamecore.advice.lever_facts import LeverFacts
from gamecore.model import Scenario
from gamecore.redesign.levers.clauses import clauses
from gamecore.redesign.levers.ranking import Drawing, proposals
from gamecore.redesign.levers.search import Budget, Found, search

__all__ = ["facts_of", "lever_facts"]


def lever_facts(scenario: Scenario, budget: Budget, drawing: Drawing, *, most: int = 20) -> LeverFacts:
    """Search a scenario and tell what was found."""
    return facts_of(search(scenario, budget), drawing, most=most)


def facts_of(found: Found, drawing: Drawing, *, most: int = 20) -> LeverFacts:
    """What a search found, as the record of an analysis."""
    base = found.search.base
    told = proposals(found, drawing, most=most)
    return LeverFacts(
        proposals=told,
        clauses=clauses(found.search, found.singles, found.search.reaches),
        tried=found.search.tried,
        status="partial" if found.pairs_left else "complete",
        outcome=base.counts.key,
        outcome_label=base.counts.label,
        settled=base.settled,
        values=dict(zip(base.game.players, map(float, base.counts.values), strict=True)),
        pairs_left=found.pairs_left,
        draws=drawing.draws,
    )

"""What changing the game would do, with the sentence to say for each proposal, as a document.

The search is `redesign/levers`, as in `questions/changing.py`; here it is asked for the side that is advised or for
another one, with or without a target (over the same search), and put together with words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from gamecore.errors import InputError

if TYPE_CHECKING:
    from gamecore.advice.lever_facts import LeverFacts, Proposal, Ways
    from gamecore.brief.lever_words import Speaker
    from gamecore.model import Scenario
    from gamecore.pipeline import Settings
    from gamecore.redesign.levers.standing import Standing

__all__ = ["MOST_DRAWS", "MOST_PAIRS", "Changes", "changes_document", "changes_found", "speaker_of", "spoken"]

MOST_PAIRS: Final = 120  # pairs of changes that are tried
MOST_DRAWS: Final = 100_000  # per proposal
DRAWN: Final = 6  # proposals that are drawn, the best first


@dataclass(frozen=True)
class Changes:
    """Everything found: `says` has a sentence for each proposal, in their order; `ways` are those to a target; `labels`
    are the names of the plans that clauses lead to, by key.
    """

    scenario: Scenario  # with the player advised for whom it is asked
    facts: LeverFacts
    says: tuple[str, ...]
    ways: Ways | None
    seed: int
    labels: Mapping[str, str] = field(default_factory=dict)


def changes_found(
    scenario: Scenario,
    settings: Settings | None = None,
    *,
    target: str | None = None,
    pairs: bool = True,
    player: str | None = None,
    draws: int = 2_000,
    dashes: str = "",
) -> Changes:
    """The proposals for the side advised, or for `player`, and with a `target` when that would come about.

    Without `pairs` only single changes are tried. `dashes` stand before the names of options in errors.

    Raises
    ------
    InputError
        One player alone; no such player; no such target; too many draws.
    RefusedError
        If a limit would be broken.
    """
    from gamecore.advice.partner import mirrored
    from gamecore.pipeline import Settings
    from gamecore.redesign.levers.facts import facts_of
    from gamecore.redesign.levers.ranking import Drawing
    from gamecore.redesign.levers.search import Budget, search
    from gamecore.redesign.levers.ways import ways_found

    if player is not None and player not in scenario.players:
        there = ", ".join(scenario.players)
        raise InputError(f"{dashes}player {player[:60]}: there is no such player; choose one of {there}")
    if draws > MOST_DRAWS:
        raise InputError(f"{dashes}draws {draws}: at most {MOST_DRAWS:,} are taken for a proposal")
    whose = scenario if player in {None, scenario.advise} else mirrored(scenario, str(player))
    settings = settings or Settings()
    limits = settings.limits
    budget = Budget(pairs=MOST_PAIRS if pairs else 0, nodes=limits.nodes, cases=limits.cases, profiles=limits.profiles)
    found = search(whose, budget)
    ways = None if target is None else ways_found(found, target)
    facts = facts_of(found, Drawing(draws, settings.seed, settings.sampling, DRAWN))
    says = tuple(spoken(whose, item) for item in facts.proposals)
    return Changes(whose, facts, says, ways, settings.seed, _labels(found.search.base, facts))


def _labels(base: Standing, facts: LeverFacts) -> dict[str, str]:
    """What the plans of clauses are called: the names of the page, in short where the menu is long."""
    from gamecore.advice.labels import in_short
    from gamecore.redesign.levers.standing import MOST_NAMED

    keys = {key for item in facts.clauses for key in (item.outcome_before, item.outcome_after, item.plan or "")}
    plans = [plan for plan in base.names if plan.key in keys and not plan.fails]
    if len(base.names) > MOST_NAMED:
        plans = [again for plan in plans for again in in_short(base.game, (plan,), (plan,))]
    return {plan.key: plan.label for plan in plans}


def spoken(scenario: Scenario, found: Proposal) -> str:
    """What the side advised can say to the others about a proposal, without anybody's values."""
    from gamecore.brief.lever_words import to_the_partner

    return to_the_partner(found, speaker_of(scenario, found.values.values()), numbers=False)


def speaker_of(scenario: Scenario, values: Iterable[float]) -> Speaker:
    """Who speaks: the side advised, with the names of all; `values` say how many decimals fit."""
    from gamecore.brief import words
    from gamecore.brief.lever_words import Speaker

    names = {name: player.label for name, player in scenario.players.items()}
    advised = scenario.advise if scenario.advise in names else None
    return Speaker(names, advised, scenario.unit, words.decimals_for(values))


# ---- the document ----------------------------------------------------------------------------------------------------


def changes_document(found: Changes) -> dict[str, Any]:
    """The document of `levers --json`; numbers rounded as in an analysis."""
    import gamecore
    from gamecore.advice.document import plain

    scenario = found.scenario
    head = {"title": scenario.title, "sha256": scenario.sha256, "file": scenario.file, "unit": scenario.unit}
    facts: dict[str, Any] = plain(found.facts)
    proposals = [
        {"key": item.key, "say": say, **data}
        for item, say, data in zip(found.facts.proposals, found.says, facts.pop("proposals"), strict=True)
    ]
    ways: Mapping[str, Any] | None = None if found.ways is None else plain(found.ways)
    return {
        "scenario": head,
        "version": gamecore.__version__,
        "seed": found.seed,
        "changes": list(scenario.changes),
        "copy": "internal",
        "for": scenario.advise,
        "proposals": proposals,
        **facts,
        "target": ways,
    }

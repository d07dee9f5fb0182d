"""What changing the game would do, with the sentence to say for each proposal, as a document.

The search is `redesign/levers`, as in `questions/changing.py`; here it is asked for the side that is advised or for
another one, with or without a target (over the same search), and put together with words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gamecore.errors import InputError

if TYPE_CHECKING:
    from gamecore.advice.lever_facts import LeverFacts, Proposal, Pulled, Ways
    from gamecore.model import Scenario
    from gamecore.pipeline import Settings

__all__ = ["MOST_DRAWS", "MOST_PAIRS", "Changes", "changes_document", "changes_found", "spoken"]

MOST_PAIRS: Final = 120  # pairs of changes that are tried
MOST_DRAWS: Final = 100_000  # per proposal
DRAWN: Final = 6  # proposals that are drawn, the best first


@dataclass(frozen=True)
class Changes:
    """Everything found: `says` has a sentence for each proposal, in their order; `ways` are those to a target."""

    scenario: Scenario  # with the player advised for whom it is asked
    facts: LeverFacts
    says: tuple[str, ...]
    ways: Ways | None
    seed: int


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
    return Changes(whose, facts, says, ways, settings.seed)


# ---- the sentence to say ---------------------------------------------------------------------------------------------


def spoken(scenario: Scenario, found: Proposal) -> str:
    """What the side advised can say to the others about a proposal: what is changed, what then comes about, and what
    that is worth to them by its estimate; nothing of its own values.
    """
    from gamecore.brief import words

    changes = words.listed([_asked(scenario, item, found) for item in found.changes])
    changes = changes[:1].upper() + changes[1:]
    then = f"then {_outcome(found)}" if found.moves_outcome else f"{_outcome(found)} stays the outcome"
    decimals = words.decimals_for(abs(value) for value in found.values.values())
    theirs = [
        f"{words.with_unit(words.number(gain, decimals), scenario.unit)} more to {_name(scenario, name)}"
        for name, gain in found.gains.items()
        if name != scenario.advise and any(digit in words.number(gain, decimals) for digit in "123456789") and gain > 0
    ]
    worth = f", by our estimate worth {words.listed(theirs)}" if theirs else ""
    return f"{changes}: {then}{worth}."


def _outcome(found: Proposal) -> str:
    outcomes = set(found.outcome.values())
    if not found.settled or len(outcomes) != 1 or outcomes & {"mixed", "undecided", "other"}:
        return "several outcomes are possible" if found.moves_outcome else "what comes about"
    return "no agreement" if outcomes == {"no_agreement"} else f"“{found.outcome_label}”"


def _asked(scenario: Scenario, item: Pulled, found: Proposal) -> str:
    """One change as a request, an offer or an announcement."""
    from gamecore.brief import words

    if item.kind == "payment" and item.giver is not None and item.receiver is not None:
        payer, payee = (
            "we" if name == scenario.advise else _name(scenario, name) for name in (item.giver, item.receiver)
        )
        pays = "pay" if payer == "we" else "pays"
        payee = "us" if payee == "we" else payee
        amount = "" if item.amount is None else " " + words.with_unit(_plain(item.amount), scenario.unit)
        works = ""
        if found.payment is not None and len(found.changes) == 1:
            low, high = (_plain(end) for end in found.payment)
            works = f" (any amount from {low} to {high} works)"
        return f"{payer} {pays} {payee}{amount}{works}, “{item.label}”"
    if found.nature and item.by is None and item.kind in {"disclosure", "input"}:
        return f"if “{item.label}”"
    if item.by is None:
        return f"let us agree on “{item.label}”"
    who = "we" if item.by == scenario.advise else _name(scenario, item.by)
    return f"{who} {'announce' if who == 'we' else 'announces'} “{item.label}”"


def _name(scenario: Scenario, player: str) -> str:
    return scenario.players[player].label


def _plain(amount: float) -> str:
    from gamecore.brief import words

    text = words.number(amount, 3)
    return text.rstrip("0").rstrip(".") if "." in text else text


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

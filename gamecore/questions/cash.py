"""The cash behind the plans of a scenario: which plans are looked at, and their document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gamecore.errors import InputError
from gamecore.questions.writing import condition

if TYPE_CHECKING:
    from gamecore.advice.cash_facts import CashPlan
    from gamecore.advice.plan_cash import PlanLedger
    from gamecore.model import Scenario
    from gamecore.pipeline import Settings

__all__ = ["cash_document", "cash_found"]


def cash_found(
    scenario: Scenario,
    settings: Settings | None = None,
    *,
    option: str | None = None,
    when: str | None = None,
    player: str | None = None,
    dashes: str = "",
) -> list[CashPlan]:
    """The cash flows of every plan, of one (`option`), or of what happens under a condition (`when`); of all players or
    of one. `dashes` stand before the names of options in errors.

    Raises `InputError` for an option, a condition or a player that is not there, else as `cash_ledger` does.
    """
    if option is not None and when is not None:
        raise InputError(f"name an option or a condition: {dashes}option or {dashes}when, not both")
    if player is not None and player not in scenario.players:
        raise InputError(f"there is no player '{player[:60]}'; choose one of {', '.join(scenario.players)}")
    wanted = None if when is None else condition(scenario, when, f"{dashes}when")
    from gamecore.pipeline import cash_ledger

    ledger = cash_ledger(scenario, settings)
    found = _plans(ledger, option, f"{dashes}option") if wanted is None else [ledger.of_condition(wanted, str(when))]
    return [_of_player(plan, player) for plan in found]


def _plans(ledger: PlanLedger, key: str | None, option: str) -> list[CashPlan]:
    plans = {plan.key: plan for plan in ledger.plans}
    if key is None:
        return [ledger.of_plan(plan) for plan in plans.values()]
    if key not in plans:
        raise InputError(f"{option} {key[:60]}: there is no such option; choose one of {', '.join(plans)}")
    return [ledger.of_plan(plans[key])]


def _of_player(plan: CashPlan, player: str | None) -> CashPlan:
    if player is None:
        return plan
    return replace(
        plan,
        tables=tuple(table for table in plan.tables if table.player == player),
        runways=tuple(pair for pair in plan.runways if pair[0] == player),
    )


def cash_document(scenario: Scenario, plans: Sequence[CashPlan]) -> dict[str, Any]:
    """The document of `cashflow --json`; numbers rounded as in an analysis."""
    from gamecore.advice.document import plain

    head = {"title": scenario.title, "file": scenario.file, "sha256": scenario.sha256, "unit": scenario.unit}
    return {
        "scenario": head,
        "changes": list(scenario.changes),
        "plans": [{**plain(plan), "runways": {name: plain(held) for name, held in plan.runways}} for plan in plans],
    }

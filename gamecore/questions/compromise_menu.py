"""The menu of a compromise: every plan people can name, or the options of one decision, each with its exact worth.

`values` has axes (option, player), in the unit of the file; `disagreement[i]` is what player `i` has if it says no.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from gamecore.errors import InputError, TooLargeError

if TYPE_CHECKING:
    from gamecore.advice.assess import Case
    from gamecore.advice.plans import Plan

__all__ = ["MOST_OPTIONS", "Menu", "menu_of", "start_of"]

MOST_OPTIONS: Final = 20_000  # of a menu; every one is compared with every other


@dataclass(frozen=True)
class Menu:
    """The options with their exact values, axes (option, player), and the disagreement point."""

    players: tuple[str, ...]
    plans: tuple[Plan, ...]
    values: tuple[tuple[Fraction, ...], ...]
    disagreement: tuple[Fraction, ...]
    kinds: tuple[str, ...]  # per player: no_agreement, baseline or security
    baseline: int | None
    terms: bool  # whether the options are deals on terms
    money: bool  # whether values are amounts

    def place(self, key: str) -> int | None:
        """The option with this key, in whatever order its parts are named."""
        wanted = frozenset(part.strip() for part in key.split(","))
        return next((n for n, plan in enumerate(self.plans) if frozenset(plan.key.split(",")) == wanted), None)


def menu_of(case: Case, decision: str | None, option: str) -> Menu:
    """The whole menu; `option` is how errors call the choice of a decision.

    Raises `InputError` if there is no such decision, `TooLargeError` above `MOST_OPTIONS`.
    """
    from gamecore.advice.building import walk_aways
    from gamecore.advice.plans import named_plans

    plans = named_plans(case.game, case.policy)[0] if decision is None else _of_decision(case, decision, option)
    baseline = None if case.baseline is None else case.plans[case.baseline]
    place = None
    if baseline is not None:
        place = next((n for n, plan in enumerate(plans) if _same(case, plan, baseline)), None)
        if place is None and decision is None:
            plans, place = (*plans, baseline), len(plans)
    if len(plans) > MOST_OPTIONS:
        raise TooLargeError(
            f"there are {len(plans):,} options to compare, more than {MOST_OPTIONS:,}",
            limit="options",
            count=len(plans),
            allowed=MOST_OPTIONS,
        )
    scenario = case.game.scenario
    first = plans[0].path[:1] if plans else ()
    terms = any(scenario.decisions[case.game.name_of(node)].terms for node, _ in first)
    return Menu(
        players=case.game.players,
        plans=plans,
        values=tuple(case.worth(plan) for plan in plans),
        disagreement=case.walk_away,
        kinds=tuple(item.kind for item in walk_aways(case)),
        baseline=place,
        terms=terms,
        money=not any(line.weights for line in scenario.payoffs.values()),
    )


def _same(case: Case, one: Plan, other: Plan) -> bool:
    """Whether two plans lead to the same ends."""
    from gamecore.equilibria.following import follow

    return one.forced == other.forced or follow(case.game.tree, case.policy, one.forced) == follow(
        case.game.tree, case.policy, other.forced
    )


def _of_decision(case: Case, decision: str, option: str) -> tuple[Plan, ...]:
    """A plan for each option of one decision: it is taken wherever the decision comes up."""
    from gamecore.advice.plans import plan_of

    game = case.game
    if decision not in game.scenario.decisions:
        there = ", ".join(game.scenario.decisions)
        raise InputError(f"{option} {decision[:60]}: there is no such decision; choose one of {there}")
    nodes = [number for number, name in enumerate(game.names) if name == decision]
    ways: dict[tuple[tuple[tuple[str, str], ...], str], dict[int, tuple[int, ...]]] = {}
    for number in nodes:
        for branch, action in enumerate(game.actions[number]):
            if not action.fails:
                ways.setdefault((action.sets, action.name), {})[number] = (branch,)
    plans = []
    for forced in ways.values():
        number, (branch,) = next(iter(forced.items()))
        plan = plan_of(game, ((number, branch),))
        plans.append(type(plan)(plan.key, plan.label, plan.path, forced))
    if not plans:
        raise InputError(f"{option} {decision[:60]}: it never comes up in this game")
    return tuple(plans)


def start_of(menu: Menu, text: str, option: str) -> int:
    """The number of the option that somebody named. Raises `InputError` if there is none."""
    place = menu.place(text)
    if place is not None:
        return place
    shown = ", ".join(plan.key for plan in menu.plans[:3]) + (", ..." if len(menu.plans) > 3 else "")
    raise InputError(f"{option} {text[:120]}: there is no such option; write one as {shown}")

"""What both can live with: the frontier, what every rule of fair division chooses, what each option leaves on the
table, who could pay whom, and trades from any option.

The *menu* holds every plan people can name, or the options of one decision; each is worth what follows from it, at
base values (`advice/plans.py`). The disagreement point is what each side has if it says no. Rules, frontier and value
left on the table are those of `compromises/`, exact, over the menu and not over the few candidates of a page.

With money (payoffs that are amounts, not scores) a payment can follow any option: `compromise_money` has the range
between two sides and the split for any number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from gamecore.errors import InputError
from gamecore.questions.compromise_bets import BetOffer, bets_on
from gamecore.questions.compromise_deals import DealsView, deals_view
from gamecore.questions.compromise_menu import MOST_OPTIONS, Menu, menu_of, start_of
from gamecore.questions.compromise_money import Range, Split, money_split, named, payment_range
from gamecore.questions.compromise_rules import Answer, Drawn, answers, drawn_answers
from gamecore.questions.compromise_trades import (
    Sweetened,
    Trade,
    better_for_all,
    on_terms,
    sweetened_from,
    trades_from,
)

if TYPE_CHECKING:
    from gamecore.advice.assess import Case
    from gamecore.advice.sharing_facts import Sharing
    from gamecore.model import Scenario
    from gamecore.pipeline import Settings

__all__ = ["MOST_OPTIONS", "Compromises", "Menu", "Offer", "compromise_document", "compromise_found"]

MOST_LISTED: Final = 12  # options that are listed whatever points at them
MOST_TIED: Final = 3  # answers of one rule that are listed


@dataclass(frozen=True)
class Offer:
    """One option: `left` is the most that all together could have more with nobody having less, `left_to` where."""

    key: str
    label: str
    values: Mapping[str, float]
    gains: Mapping[str, float]
    joint: float
    on_frontier: bool
    acceptable_to: tuple[str, ...]
    left: float
    left_to: tuple[str, ...]
    chosen_by: tuple[str, ...]
    payment: Range | None = None
    is_baseline: bool = False


@dataclass(frozen=True)
class Compromises:
    """The whole answer; `options` lists what is worth a row of its own, `menu` counts all there are."""

    scenario: Scenario
    decision: str | None
    menu: int
    frontier: tuple[str, ...]
    options: tuple[Offer, ...]
    disagreement: Mapping[str, float]
    against: Mapping[str, str]
    rules: tuple[Answer, ...]
    lotteries: tuple[Drawn, ...]
    start: str | None
    trades: tuple[Trade, ...]
    sweetened: tuple[Sweetened, ...]  # changes that pay with money beside them, where values are money
    deals: DealsView | None  # of an agreement on terms, or among several
    bets: tuple[BetOffer, ...]  # where the file has beliefs
    split: Split | None
    sharing: Sharing | None  # of talks in which money can be shared in any way
    status: str
    labels: Mapping[str, str] = field(default_factory=dict)


def compromise_found(
    scenario: Scenario,
    settings: Settings | None = None,
    *,
    decision: str | None = None,
    rule: Sequence[str] = (),
    weights: str | None = None,
    lotteries: bool = False,
    start: str | None = None,
    dashes: str = "",
) -> Compromises:
    """Everything both can live with, at base values.

    `decision` takes the options of one decision in place of whole plans; `rule` keeps some rules; `weights`
    (`diamond=2,sapphire=1`) is for the rules that take them; `start` is where trades begin, the baseline if not given.
    `dashes` stand before the names of options in errors.

    Raises
    ------
    InputError
        A decision, a rule, a player or an option that is not there; weights that are wrong; one player alone.
    RefusedError
        If a limit would be broken.
    """
    from gamecore.compromises.bargaining import nash
    from gamecore.compromises.frontier import pareto_frontier
    from gamecore.questions.compromise_rules import read_rules, read_weights

    if len(scenario.players) < 2:
        raise InputError("only one player decides in this file, so there is nothing to divide")
    rules = read_rules(rule, f"{dashes}rule")
    shares = None if weights is None else read_weights(scenario, weights, f"{dashes}weights")
    case = _case(scenario, settings)
    menu = menu_of(case, decision, f"{dashes}decision")
    begin = menu.baseline if start is None else start_of(menu, start, f"{dashes}from")
    frontier = pareto_frontier(menu.values)
    found = answers(menu.values, menu.disagreement, rules, shares)
    drawn = drawn_answers(menu.values, menu.disagreement, rules, shares) if lotteries else ()
    trades, sweetened = _changes(case, menu, begin)
    split = None
    if menu.money:
        split = money_split(menu.players, [plan.key for plan in menu.plans], (menu.values, menu.disagreement), shares)
    listed = _listed(menu, frontier, _pointed_at(found, drawn, split, (menu.baseline, begin), menu))
    traded = (menu.place(item.to) for item in (*trades, *(item.trade for item in sweetened)))
    labels = _labels(case, menu, {*listed, *(number for number in traded if number is not None)})
    keys = [plan.key for plan in menu.plans]
    complete = all(item.perfect.status == "complete" for item in case.solved) and not case.game.unsolved
    return Compromises(
        scenario=scenario,
        decision=decision,
        menu=len(menu.plans),
        frontier=tuple(keys[number] for number in frontier),
        options=tuple(_offer(menu, number, set(frontier), found, labels) for number in listed),
        disagreement=named(menu.players, menu.disagreement),
        against=dict(zip(menu.players, menu.kinds, strict=True)),
        rules=tuple(item.named(keys, menu.players) for item in found),
        lotteries=tuple(item.named(keys, menu.players) for item in drawn),
        start=None if begin is None else keys[begin],
        trades=trades,
        sweetened=sweetened,
        deals=_deals(case, menu, decision, begin),
        bets=bets_on(case, menu, nash(menu.values, menu.disagreement, shares).options),
        split=split,
        sharing=_sharing(case) if decision is None else None,
        status="complete" if complete and not case.game.sampled_terms else "partial",
        labels=labels,
    )


def _case(scenario: Scenario, settings: Settings | None) -> Case:
    from gamecore.advice.building import build_case
    from gamecore.pipeline import Settings, solved_game

    settings = settings or Settings()
    game, numbers, solved = solved_game(scenario, settings)
    return build_case(game, numbers, solved, draws=1, seed=settings.seed)


def _changes(case: Case, menu: Menu, begin: int | None) -> tuple[tuple[Trade, ...], tuple[Sweetened, ...]]:
    """From the start, the changes that nobody minds, and those that are worth more and need a payment."""
    if begin is None:
        return (), ()
    way = trades_from if on_terms(case, menu.plans[begin]) else better_for_all
    trades = way(case, menu.plans, menu.values, begin)
    if not menu.money:
        return trades, ()
    least = max((item.joint for item in trades), default=0.0)
    return trades, sweetened_from(case, menu.plans, (menu.values, menu.disagreement), begin, least)


def _sharing(case: Case) -> Sharing | None:
    """What groups can have, where the file lets money be shared in any way."""
    if not any(item.payments for item in case.game.scenario.decisions.values()):
        return None
    from gamecore.advice.sharing import sharing_of

    return sharing_of(case, draws=1, seed=1)


def _deals(case: Case, menu: Menu, decision: str | None, begin: int | None) -> DealsView | None:
    """The many-issue view of the agreement that the menu is about: the first that its plans come to."""
    decisions = case.game.scenario.decisions
    names = [case.game.name_of(node) for plan in menu.plans[:1] for node, _ in plan.path]
    found = next((decisions[name] for name in names if decisions[name].is_agreement), None)
    if found is None or decision not in {None, found.name}:
        return None
    return deals_view(case, found, None if begin is None else menu.plans[begin])


# ---- what is listed --------------------------------------------------------------------------------------------------


def _listed(menu: Menu, frontier: Sequence[int], pointed: set[int]) -> tuple[int, ...]:
    """Every option of a short menu; of a long one those that something points at, and the ends of the frontier."""
    if len(menu.plans) <= MOST_LISTED:
        return tuple(range(len(menu.plans)))
    good = [
        number
        for number in frontier
        if all(value >= least for value, least in zip(menu.values[number], menu.disagreement, strict=True))
    ]
    ends = {max(good, key=lambda number: menu.values[number][who]) for who in range(len(menu.players)) if good}
    return tuple(sorted(pointed | ends))


def _pointed_at(
    found: Sequence[Answer], drawn: Sequence[Drawn], split: Split | None, others: Sequence[int | None], menu: Menu
) -> set[int]:
    """What a rule, a lottery or the split chooses, and the options named in `others`."""
    pointed = {number for item in found for number in item.places[:MOST_TIED]}
    pointed |= {number for item in drawn for number, _ in item.places}
    best = () if split is None else tuple(menu.place(key) for key in split.options[:MOST_TIED])
    return pointed | {number for number in (*best, *others) if number is not None}


def _labels(case: Case, menu: Menu, places: set[int]) -> dict[str, str]:
    """What the options that are told are called: the names of the page where it has them."""
    from gamecore.advice.labels import in_short

    own = {plan.key: plan.label for plan in case.plans}
    rest = [menu.plans[number] for number in sorted(places) if menu.plans[number].key not in own]
    own |= {plan.key: plan.label for plan in in_short(case.game, rest, rest)}
    return {menu.plans[number].key: own[menu.plans[number].key] for number in sorted(places)}


def _offer(menu: Menu, number: int, frontier: set[int], found: Sequence[Answer], labels: Mapping[str, str]) -> Offer:
    from gamecore.compromises.frontier import value_left_on_table

    row = menu.values[number]
    gains = tuple(value - least for value, least in zip(row, menu.disagreement, strict=True))
    left = value_left_on_table(menu.values, number)
    key = menu.plans[number].key
    return Offer(
        key=key,
        label=labels[key],
        values=named(menu.players, row),
        gains=named(menu.players, gains),
        joint=float(sum(row, Fraction(0))),
        on_frontier=number in frontier,
        acceptable_to=tuple(name for name, gain in zip(menu.players, gains, strict=True) if gain >= 0),
        left=float(left.amount),
        left_to=tuple(menu.plans[other].key for other in left.options if left.amount)[:MOST_LISTED],
        chosen_by=tuple(item.rule for item in found if number in item.places),
        payment=payment_range(menu.players, gains) if menu.money and len(gains) == 2 else None,
        is_baseline=number == menu.baseline,
    )


# ---- the document ----------------------------------------------------------------------------------------------------


def compromise_document(found: Compromises) -> dict[str, Any]:
    """The document of `compromise --json`; numbers rounded as in an analysis."""
    import gamecore
    from gamecore.advice.document import plain

    scenario = found.scenario
    head = {"title": scenario.title, "sha256": scenario.sha256, "file": scenario.file, "unit": scenario.unit}
    body = {name: plain(getattr(found, name)) for name in _FIELDS}
    for item in (*body["rules"], *body["lotteries"]):
        for name in ("places", "shares", "worth"):  # by number and exact, for those who compute
            item.pop(name, None)
    for name in ("draws", "structure_holds", "split_holds"):
        (body["sharing"] or {}).pop(name, None)  # nothing is drawn here
    return {
        "scenario": head,
        "version": gamecore.__version__,
        "changes": list(scenario.changes),
        "copy": "internal",
        **body,
    }


_FIELDS: Final = (
    "status",
    "decision",
    "menu",
    "disagreement",
    "against",
    "options",
    "frontier",
    "rules",
    "lotteries",
    "start",
    "trades",
    "sweetened",
    "deals",
    "bets",
    "split",
    "sharing",
)

"""What `gamecore compromise` says of deals on terms, of payments that make a change worth it, and of bets: sentences.

A sentence takes a `Tongue`: the names of players and options and how numbers are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gamecore.brief import words
from gamecore.questions.compromise_bets import words_of_when

if TYPE_CHECKING:
    from gamecore.model import Scenario
    from gamecore.questions.compromise_bets import BetOffer
    from gamecore.questions.compromise_deals import Amounts, DealsView, Improved, Named, Passes
    from gamecore.questions.compromise_money import Range
    from gamecore.questions.compromise_rules import Answer
    from gamecore.questions.compromise_trades import Sweetened, Trade

__all__ = ["Tongue", "amount_sentences", "bet_sentences", "payment_cell", "sweetened", "term_sentences", "trade"]

MOST_TIED: Final = 2  # deals of one rule that are told


@dataclass(frozen=True)
class Tongue:
    """`players` and `options` by key, and the decimals that numbers are written with."""

    players: Mapping[str, str]
    options: Mapping[str, str]
    decimals: int

    def number(self, value: float) -> str:
        return words.number(value, self.decimals)

    def amounts(self, values: Mapping[str, float], *, signed: bool = False) -> str:
        """`Diamond 9.0, Sapphire 4.0`, or with signs."""
        tell = words.signed if signed else words.number
        return ", ".join(f"{self.players[name]} {tell(value, self.decimals)}" for name, value in values.items())

    def option(self, key: str) -> str:
        return f"“{self.options.get(key, key)}”"


def payment_cell(found: Range | None, tongue: Tongue) -> str:
    """`Diamond pays 4.4 to 9.8, even 7.1`; where none is needed, how far each could go."""
    if found is None:
        return ""
    if not found.works:
        return "none works"
    payer, payee, even = tongue.players[found.payer], tongue.players[found.payee], tongue.number(found.even)
    if found.low > 0:
        return f"{payer} pays {tongue.number(found.low)} to {tongue.number(found.high)}, even {even}"
    if not found.high and not found.low:
        return "none"
    parts = [f"{payer} pays up to {tongue.number(found.high)}"] if found.high > 0 else []
    parts += [f"{payee} pays up to {tongue.number(-found.low)}"] if found.low < 0 else []
    told = " or ".join(parts).replace(f" or {payee} pays", f" or {payee}")
    return f"{told}; even: {payer} {even}" if found.even else f"{told}; even: none"


def trade(item: Trade, tongue: Tongue) -> str:
    """`Diamond gives X and gets Y`, or the other option where the options are no deals."""
    return f"{_what(item, tongue)}{tongue.amounts(item.gains, signed=True)}."


def sweetened(item: Sweetened, tongue: Tongue) -> str:
    """A change with the payment that makes it worth it to both."""
    told = trade(item.trade, tongue)[:-1]
    more = f"{told}; {tongue.number(item.trade.joint)} more together"
    found, refusing = item.payment, words.listed([tongue.players[name] for name in item.refusing], "or")
    still = f", but {refusing} would still rather say no" if refusing else ""
    if found is None:
        return f"{more}: those who gain can pay the others and still have more{still}."
    payer, payee = tongue.players[found.payer], tongue.players[found.payee]
    ends = f"more than {tongue.number(found.low)} and less than {tongue.number(found.high)}"
    return f"{more}. Both have more if {payer} pays {payee} {ends}; {tongue.number(found.even)} is even{still}."


def _what(item: Trade, tongue: Tongue) -> str:
    if not item.changes:
        return f"{tongue.option(item.to)}: "
    labels = {change.term: change.label for change in item.changes}
    changes = words.listed([f"{change.label} from {change.before} to {change.after}" for change in item.changes])
    sides = []
    for player, name in tongue.players.items():
        given, got = (words.listed([labels[term] for term in side.get(player, ())]) for side in (item.gives, item.gets))
        parts = [f"gives {given}"] if given else []
        parts += [f"gets {got}"] if got else []
        sides += [f"{name} {' and '.join(parts)}"] if parts else []
    return f"{changes}: {'; '.join(sides)}{'; ' if sides else ''}"


# ---- terms -----------------------------------------------------------------------------------------------------------


def term_sentences(view: DealsView, tongue: Tongue) -> Iterator[str]:
    """How values are read, what carries a payment, what passes, and how the start gets better."""
    if view.refused:
        yield f"The terms cannot be looked at one by one: {view.refused}"
        return
    if view.carriers:
        can = "can carry a payment: what it takes" if len(view.carriers) == 1 else "can carry payments: what they take"
        give = "it gives" if len(view.carriers) == 1 else "they give"
        yield f"{words.listed(view.carriers)} {can} from one side {give} to the other, whatever else is agreed."
    if len(next(iter(view.together), ())) or view.carriers or view.improved or view.amounts:
        yield _reading(view)
    if view.passes is not None:
        yield from _passing(view.passes, tongue)
    if view.improved is not None:
        yield from _steps(view.improved, tongue)


def _reading(view: DealsView) -> str:
    """What the numbers of a term rest on."""
    if not view.together:
        return f"In all {view.count:,} deals each term is worth the same whatever is agreed on the others."
    groups = "; ".join(words.listed(group) for group in view.together)
    return (
        f"Terms add up, but what one of these is worth hangs on the others: {groups} ({view.count:,} deals looked at)."
    )


def _passing(found: Passes, tongue: Tongue) -> Iterator[str]:
    veto = words.listed([tongue.players[name] for name in found.veto])
    needed = f"{found.votes} of {len(found.stops)} votes" + (f", {veto} among them" if veto else "")
    be = "passes" if found.passing == 1 else "pass"
    yield (
        f"It takes {needed}: {found.passing:,} of {found.count:,} {be} if everybody votes for what is no worse than no "
        f"agreement, {found.unanimous:,} with all votes."
    )
    for name, count in found.stops.items():
        if count:
            yield f"{tongue.players[name]} alone stands against {count:,} that all others would take."


def _steps(found: Improved, tongue: Tongue) -> Iterator[str]:
    kind = "worth more to everybody" if found.strict else "worth less to nobody and more to somebody"
    count = "one step" if len(found.steps) == 1 else f"{len(found.steps)} steps, each"
    yield f"The deal can be made better in {count} {kind}, by {tongue.amounts(found.gains, signed=True)} in all:"
    before = found.start
    for step in found.steps:
        changes = [
            f"{issue} from {before.options[issue]} to {option}"
            for issue, option in step.options.items()
            if before.options[issue] != option
        ]
        yield f"{words.listed(changes)}; then {tongue.amounts(step.values)}."
        before = step


def _deal(deal: Named) -> str:
    said = [f"{issue} {option}" for issue, option in deal.options.items()]
    return ", ".join([*said, *(f"{name} {words.number(amount, 2)}" for name, amount in deal.amounts.items())])


def amount_sentences(found: Amounts, rules: Sequence[Answer], tongue: Tongue) -> Iterator[str]:
    """What the rules choose if continuous terms may take any amount."""
    if found.stepped:
        be = "is" if len(found.stepped) == 1 else "are"
        yield f"{words.listed(found.stepped)} {be} taken at the levels tried, not at any amount."
    if not found.straight:
        return
    yield f"{words.listed(found.straight)}: worth a straight line at all levels tried, so any amount is possible."
    for rule in rules:
        deals = found.answers.get(rule.rule, ())
        if deals and not rule.weights:
            told = [f"{_deal(deal)} ({tongue.amounts(deal.values)})" for deal in deals[:MOST_TIED]]
            yield f"{rule.words[:1].upper()}{rule.words[1:]}: {' or '.join(told)}{', tied' if len(deals) > 1 else ''}."


# ---- bets ------------------------------------------------------------------------------------------------------------


def bet_sentences(bet: BetOffer, scenario: Scenario, tongue: Tongue) -> Iterator[str]:
    """Who pays whom after which outcome, what each expects of it, and what bounds the stakes."""
    if bet.when:
        yield f"If it comes to this: {words_of_when(scenario, bet.when)}."
    for name, chances in bet.chances.items():
        seen = [
            f"“{stake.label}” {words.chance_text(chance)}" for stake, chance in zip(bet.stakes, chances, strict=True)
        ]
        yield f"{tongue.players[name]} sees {words.listed(seen)}."
    for stake in bet.stakes:
        paid = f"{tongue.players[stake.payer]} pays {tongue.players[stake.payee]} {tongue.number(stake.amount)}"
        yield f"After “{stake.label}”: {paid if stake.amount else 'nobody pays'}."
    own, neutral = (tongue.amounts(values, signed=True) for values in (bet.own, bet.neutral))
    sure = f"; for sure it is worth {tongue.amounts(bet.certain, signed=True)}" if bet.certain != bet.own else ""
    yield f"By its own belief each expects more: {own}{sure}. At the chances of the file: {neutral}."
    if bet.scaled:
        yield f"For stakes of at most {tongue.number(max(bet.most.values()))} each; all may be scaled alike."
    else:
        yield f"Nobody stakes more than it gains with {tongue.option(bet.beside)}."
    if not bet.comes_up:
        yield f"With {tongue.option(bet.beside)} it does not come to that; the bet counts only where it does."

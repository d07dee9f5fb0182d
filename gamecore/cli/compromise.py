"""`gamecore compromise`: the table of options, the rules in words, trades, and the split in money.

Everything that comes from the file is text: no markup is read out of it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Console
from rich.table import Table

from gamecore.brief import words
from gamecore.cli import compromise_deals as deals
from gamecore.cli import files
from gamecore.cli.files import shown
from gamecore.questions.compromise import compromise_found

if TYPE_CHECKING:
    from gamecore.advice.sharing_facts import Sharing
    from gamecore.questions.compromise import Compromises, Offer
    from gamecore.questions.compromise_rules import Answer, Drawn

__all__ = ["find_compromises", "tell_compromises"]

_PIPE_WIDTH: Final = 110  # where no terminal says its width
_MOST_ROWS: Final = 24
_MOST_TIED: Final = 3
_MOST_TRADES: Final = 6
_AGAINST: Final = {"no_agreement": "no agreement", "baseline": "the plan as it stood", "security": "acting alone"}
_CASES: Final = {
    "nothing_acceptable": "every option is worth less to somebody than saying no",
    "nobody_can_gain": "no option that all accept is worth more to anybody than saying no",
    "no_joint_gain": "no option is better for all than saying no, so all that nobody would mind are named",
}


def find_compromises(
    file: str,
    levers: Sequence[str],
    *,
    decision: str | None,
    rule: Sequence[str],
    weights: str | None,
    lotteries: bool,
    start: str | None,
) -> Compromises:
    """Read and compare."""
    scenario = files.read(file, levers)
    return compromise_found(
        scenario, decision=decision, rule=rule, weights=weights, lotteries=lotteries, start=start, dashes="--"
    )


def tell_compromises(found: Compromises) -> None:
    """The options, what each rule chooses, trades from the start, and the split in money."""
    _Teller(found).tell()


class _Teller:
    def __init__(self, found: Compromises) -> None:
        self.found = found
        width = None if sys.stdout.isatty() else _PIPE_WIDTH
        self.console = Console(file=sys.stdout, width=width, markup=False, highlight=False, emoji=False)
        self.players = {key: item.short or item.label for key, item in found.scenario.players.items()}
        self.labels = {**found.labels, **{item.key: item.label for item in found.options}}
        values = [value for item in found.options for value in item.values.values()]
        self.decimals = words.decimals_for([*values, *found.disagreement.values()])
        self.tongue = deals.Tongue(self.players, self.labels, self.decimals)
        kinds = set(found.against.values())
        self.talks = "no_agreement" in kinds
        self.floor = "saying no" if self.talks else _AGAINST["baseline" if kinds == {"baseline"} else "security"]

    def tell(self) -> None:
        """Everything, from the head on."""
        found, unit = self.found, self.found.scenario.unit
        self.line(found.scenario.title, style="bold")
        floors = ", ".join(
            f"{self.players[name]} {self.number(value)} ({_AGAINST[found.against[name]]})"
            for name, value in found.disagreement.items()
        )
        counted = "If a side says no" if self.talks else "Gains count from"
        self.line(f"Internal. {f'Values in {unit}. ' if unit else ''}{counted}: {floors}", style="dim")
        self.console.print(self.table())
        rest = found.menu - len(found.options)
        if rest:
            self.line(f"{rest:,} more options are compared; {len(found.frontier):,} of all leave nothing on the table.")
        for number, rule in enumerate(found.rules, 1):
            self.line(f"{number}. {self.rule(rule)}")
        if found.lotteries:
            self.head("With options drawn by lot")
            for number, drawn in enumerate(found.lotteries, 1):
                self.line(f"{number}. {self.drawn(drawn)}")
        if found.start is not None:
            self.changes(found.start)
        self.terms()
        for bet in found.bets:
            self.head(f"A bet on “{bet.label}”, since beliefs differ")
            for sentence in deals.bet_sentences(bet, found.scenario, self.tongue):
                self.line(f"- {sentence}")
        if len(found.bets) > 1:
            self.line("Take one of these bets: the stakes of several add up.")
        if found.split is not None:
            self.split()
        if found.sharing is not None:
            self.sharing(found.sharing)
        if found.status != "complete":
            self.line("Not everything could be searched: what is shown is right, there may be more.")

    def line(self, text: str, style: str | None = None) -> None:
        self.console.print(shown(text), style=style)

    def head(self, text: str) -> None:
        self.console.print()
        self.line(text, style="bold")

    def number(self, value: float) -> str:
        return self.tongue.number(value)

    def amounts(self, values: Mapping[str, float]) -> str:
        return self.tongue.amounts(values)

    def option(self, key: str) -> str:
        return self.tongue.option(key)

    # ---- the table ---------------------------------------------------------------------------------------------------

    def table(self) -> Table:
        """A row for each option: values with gains, together, what is left on the table, payments, rules."""
        found = self.found
        paid = any(item.payment is not None for item in found.options)
        heads = [
            "Option",
            *self.players.values(),
            "Together",
            "Left on the table",
            *(["Payment"] if paid else []),
            "Rule",
        ]
        table = Table(box=box.SIMPLE, pad_edge=False)
        for place, name in enumerate(heads):
            right = 0 < place <= len(self.players) + 2
            table.add_column(shown(name), justify="right" if right else "left", overflow="fold")
        for item in found.options[:_MOST_ROWS]:
            table.add_row(
                *(shown(text) for text in self.row(item, paid=paid)), style="bold" if item.chosen_by else None
            )
        if len(found.options) > _MOST_ROWS:
            table.add_row(f"... and {len(found.options) - _MOST_ROWS} more; --json has them all")
        return table

    def row(self, item: Offer, *, paid: bool) -> list[str]:
        """One option as cells."""
        values = [
            f"{self.number(value)} ({words.signed(item.gains[name], self.decimals)})"
            for name, value in item.values.items()
        ]
        label = item.label + (" (the plan as it stood)" if item.is_baseline else "")
        left = self.number(item.left) if item.left else ("–" if item.on_frontier else "0")
        rules = [str(number) for number, rule in enumerate(self.found.rules, 1) if item.key in rule.options]
        return [
            label,
            *values,
            self.number(item.joint),
            left,
            *([deals.payment_cell(item.payment, self.tongue)] if paid else []),
            ", ".join(rules),
        ]

    # ---- sentences ---------------------------------------------------------------------------------------------------

    def rule(self, rule: Answer) -> str:
        """A rule in words and what it chooses."""
        options = [self.option(key) for key in rule.options[:_MOST_TIED]]
        more = len(rule.options) - len(options)
        chosen = words.listed(options, "or") + (f" and {more} more, tied" if more else "") if options else "no option"
        weights = f" (weights: {_shares(rule.weights, self.players)})" if rule.weights else ""
        return f"{_capital(rule.words)}{weights}: {chosen}.{self.unusual(rule.case)}"

    def drawn(self, drawn: Drawn) -> str:
        """A rule in words and the lottery that it chooses."""
        if not drawn.chances:
            return f"{_capital(drawn.words)}: no lottery.{self.unusual(drawn.case)}"
        parts = [f"{self.option(key)} in {words.chance_text(chance)}" for key, chance in drawn.chances]
        if len(parts) == 1:
            parts = [f"{self.option(drawn.chances[0][0])} for certain"]
        near = " (nearly)" if drawn.gap else ""
        return f"{_capital(drawn.words)}{near}: {words.listed(parts)}; expected: {self.amounts(drawn.values)}."

    def unusual(self, case: str) -> str:
        return f" {_capital(_CASES[case]).replace('saying no', self.floor)}." if case in _CASES else ""

    # ---- changes and terms -------------------------------------------------------------------------------------------

    def changes(self, start: str) -> None:
        """From the start: what nobody minds, and what pays with money beside it."""
        found = self.found
        self.head(f"From {self.option(start)}")
        values = next(item.values for item in found.options if item.key == start)
        for name, value in values.items():
            least = found.disagreement[name]
            if self.talks and value < least:
                self.line(
                    f"{self.players[name]} would rather say no: {self.number(least)} against {self.number(value)}."
                )
        for trade in found.trades[:_MOST_TRADES]:
            self.line(f"- {deals.trade(trade, self.tongue)}")
        if len(found.trades) > _MOST_TRADES:
            self.line(f"- and {len(found.trades) - _MOST_TRADES} more that nobody minds; --json has them")
        if not found.trades:
            change = "change of one or two terms" if self.on_terms(start) else "other option"
            self.line(f"- No {change} is worth more to anybody without being worth less to another.")
        if found.sweetened:
            self.line("Worth more together, if it is paid for:")
            for item in found.sweetened:
                self.line(f"- {deals.sweetened(item, self.tongue)}")

    def on_terms(self, key: str) -> bool:
        """Whether an option is a deal on terms."""
        return any(part.partition("=")[0] in self.found.scenario.terms for part in key.split(","))

    def terms(self) -> None:
        """What the terms do to each other, votes, a better deal step by step, any amount of a term."""
        view = self.found.deals
        if view is None:
            return
        told = list(deals.term_sentences(view, self.tongue))
        if told:
            self.head(view.label)
        for sentence in told:
            self.line(f"- {sentence}")
        if view.amounts is not None:
            self.head("With any amount")
            for sentence in deals.amount_sentences(view.amounts, self.found.rules, self.tongue):
                self.line(f"- {sentence}")

    def split(self) -> None:
        """What everybody has in the end, and who pays whom."""
        found = self.found.split
        if found is None:
            return
        share = (
            "in equal parts" if len(set(found.weights.values())) == 1 else f"by {_shares(found.weights, self.players)}"
        )
        alone = "" if self.found.sharing is None else ", looking at each alone"
        self.head(f"If money may be paid, with the joint gain of {self.number(found.surplus)} shared {share}{alone}")
        pays = [
            f"{self.players[item.payer]} pays {self.players[item.payee]} {self.number(item.amount)}"
            for item in found.payments
        ]
        told = words.listed(pays) if pays else "nobody pays"
        self.line(f"- {self.option(found.options[0])}: {told}; then {self.amounts(found.values)}.")

    def sharing(self, found: Sharing) -> None:
        """What groups can have on their own, and the split that answers to it."""
        self.head("What each group can have without the others")
        for item in found.coalitions:
            members = words.listed([self.players[name] for name in item.members])
            self.line(f"- {members}: {self.number(item.value)}")
        pays = [
            f"{self.players[item.payer]} pays {self.players[item.payee]} {self.number(item.amount)}"
            for item in found.payments
        ]
        if pays:
            least = "the least that keeps everybody" if len(found.split) > 2 else "the middle of those that keep both"
            why = least if found.core else "the least content left as content as can be"
            self.line(f"With payments ({why}): {words.listed(pays)}; then {self.amounts(found.split)}.")
        elif found.core:
            self.line("As it stands nobody, alone or together, does better elsewhere: no payment is needed.")
        average = "what each adds on average, whoever joins first"
        how = average if found.rule == "shapley" else "the least content left as content as can be"
        self.line(f"A fair split that answers to that ({how}): {self.amounts(found.fair)}.")
        if found.core:
            ends = [
                f"{self.players[item.player]} {self.number(item.least)} to {self.number(item.most)}"
                for item in found.core
            ]
            self.line(f"No group does better on its own with {words.listed(ends)}, in splits of the same sum.")
        else:
            self.line(
                f"Every split leaves some group that does better on its own; {self.number(found.subsidy)} is missing."
            )


def _shares(weights: Mapping[str, float], players: Mapping[str, str]) -> str:
    return ", ".join(f"{players[name]} {weight:.0%}" for name, weight in weights.items())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

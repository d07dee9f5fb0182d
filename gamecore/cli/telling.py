"""Results for people on a terminal: tables of values and ranks, outcomes by proposer, and the recommendation in words.

The words are the page's (`gamecore.brief`), so that terminal and page never disagree. Everything that comes from the
file is text: no markup is read out of it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.console import Console
from rich.table import Table

from gamecore.advice.analysis import Analysis, Candidate, Frequency, Spread, Standing
from gamecore.brief import words
from gamecore.brief.content import make_page
from gamecore.cli.files import shown
from gamecore.cli.telling_inputs import input_table
from gamecore.cli.telling_sharing import coalition_table, split_table
from gamecore.errors import PageOverflowError

if TYPE_CHECKING:
    from gamecore.expectations import Outcome

__all__ = ["tell_analysis", "tell_expectations", "tell_solution"]

# A menu of deals has hundreds of candidates; the document of --json has them all.
_MOST_ROWS: Final = 12
_MOST_EQUILIBRIA: Final = 20
# What `solve --also` adds, by its key in the document.
_FURTHER: Final = {
    "security": "What each can be sure of",
    "dominance": "Options that fall away",
    "rationalizable": "Options that can be defended",
    "zero_sum": "Does one win what the other loses?",
    "commitment": "Being bound first",
    "quantal_response": "Players who err",
    "learning": "Partners who adapt",
    "sequential": "What has to be believed",
    "correlated": "With a trusted adviser",
}
# What is no plan, in the page's order; and the plans that have no letter.
_APART: Final = ("undecided", "no_agreement")
_OTHERS: Final = "others"
_FEW: Final = 0.001
_LONGEST_CELL: Final = 160
_LONGEST_CHANCE: Final = 24
# Wide enough for four companies where no terminal says its width.
_PIPE_WIDTH: Final = 110


def _console() -> Console:
    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    return Console(file=sys.stdout, width=width, markup=False, highlight=False, emoji=False)


def _table(*columns: str, right: Iterable[int] = (), title: str | None = None) -> Table:
    table = Table(box=box.SIMPLE, title=title, title_justify="left", title_style="bold", pad_edge=False)
    for index, name in enumerate(columns):
        table.add_column(shown(name), justify="right" if index in set(right) else "left", overflow="fold")
    return table


# ---- analyse ---------------------------------------------------------------------------------------------------------


def tell_analysis(analysis: Analysis) -> None:
    """The options with values and ranks, no agreement, the outcome by who proposes, the recommendation and why."""
    console = _console()
    facts = analysis.scenario
    advised = next((player.label for player in facts.players if player.key == facts.advise), "the alliance")
    unit = f", values in {facts.unit}" if facts.unit else ""
    drawn = f"{analysis.draws:,} {'Sobol ' if analysis.sampling == 'sobol' else ''}draws"
    console.print(shown(facts.title), style="bold")
    console.print(shown(facts.question))
    console.print(shown(f"Advised: {advised}{unit}; seed {analysis.seed}, {drawn}"), style="dim")
    decimals = words.decimals_for(
        standing.value.base for candidate in analysis.candidates for standing in candidate.standings
    )
    console.print(_options(analysis, decimals))
    if analysis.frequencies:
        console.print(_outcomes(analysis))
    for made in (coalition_table(analysis, _table), split_table(analysis, _table)):
        if made is not None:
            console.print(made)
    _tell_recommendation(console, analysis)
    inputs = input_table(analysis, _table)
    if inputs is not None:
        console.print(inputs)
    if analysis.status != "complete":
        console.print("Not everything could be searched: what is shown is right, there may be more.")


def _options(analysis: Analysis, decimals: int) -> Table:
    players = analysis.scenario.players
    names = [player.short or player.label for player in players]
    several = len(players) > 1
    group = ("Together", "Accepted by", "Holds") if several else ()
    table = _table("", "Option", *names, *group, right=range(2, 3 + len(players)))
    letters = {option.candidate: option.letter for option in analysis.options}
    ordered = sorted(analysis.candidates, key=lambda item: letters.get(item.key, "~"))
    for candidate in ordered[:_MOST_ROWS]:
        chosen = candidate.key == analysis.recommendation.candidate
        table.add_row(
            letters.get(candidate.key, ""),
            shown(candidate.label) + _marks(candidate, chosen=chosen),
            *(_value(standing, decimals) for standing in candidate.standings),
            *(_in_the_group(candidate, analysis, decimals) if several else ()),
            style="bold" if chosen else None,
        )
    if len(ordered) > _MOST_ROWS:
        table.add_row("", f"... and {len(ordered) - _MOST_ROWS} more; --json has them all")
    if analysis.disagreement is not None:
        nothing = analysis.disagreement
        table.add_section()
        table.add_row(
            "",
            shown(f"No agreement: {nothing.label}"),
            *(_spread(value, decimals) for value in nothing.values),
            _spread(nothing.joint, decimals),
        )
    return table


def _marks(candidate: Candidate, *, chosen: bool) -> str:
    marks = [text for text, holds in (("recommended", chosen), ("baseline", candidate.is_baseline)) if holds]
    return f" ({', '.join(marks)})" if marks else ""


def _value(standing: Standing, decimals: int) -> str:
    rank = words.rank_text(standing.rank, tied=standing.tied)
    number, *interval = _spread(standing.value, decimals).split("\n")
    return "\n".join([f"{number} {rank}", *interval])


def _spread(spread: Spread, decimals: int) -> str:
    """The base value, and below it P10 to P90 where something is uncertain."""
    base, low, high = (words.number(value, decimals) for value in (spread.base, spread.p10, spread.p90))
    return base if low == high == base else f"{base}\n{low} to {high}"


def _in_the_group(candidate: Candidate, analysis: Analysis, decimals: int) -> tuple[str, str, str]:
    return _spread(candidate.joint, decimals), shown(_accepted(candidate, analysis)), _holds(candidate, analysis)


def _accepted(candidate: Candidate, analysis: Analysis) -> str:
    if len(candidate.acceptable_to) == len(analysis.scenario.players):
        return "all"
    named = ", ".join(player.label for player in analysis.scenario.players if player.key in candidate.acceptable_to)
    return f"{named or 'nobody'}{_enough(candidate)}"


def _enough(candidate: Candidate) -> str:
    """Why a plan that not everybody accepts by itself is accepted all the same."""
    if not candidate.accepted:
        return ""
    return " (all with payments)" if candidate.compensated else " (enough)"


def _holds(candidate: Candidate, analysis: Analysis) -> str:
    """Whether the plan would be kept, and under which protocols."""
    from gamecore.brief.sentences import Names, not_held

    if candidate.self_enforcing:
        return "yes"
    if not candidate.self_enforcing_under:
        return f"no: {not_held(candidate, Names(analysis))}"
    return "if " + " or ".join(shown(_protocol(name, analysis)) for name in candidate.self_enforcing_under)


def _outcomes(analysis: Analysis) -> Table:
    rule = ("Who proposes",) if len(analysis.scenario.players) > 1 else ()
    table = _table(*rule, "Outcome at base values", "Over all draws")
    for frequency in analysis.frequencies:
        at_base = " or ".join(_named(key, analysis) for key in _outcomes_at_base(frequency, analysis)) or "-"
        cases = [f"{name} in {text}" for name, text in _cases(frequency, analysis)]
        named = [shown(_protocol(frequency.protocol, analysis))] if rule else []
        table.add_row(*named, shown(at_base), shown("\n".join(cases), lines=True))
    return table


def _cases(frequency: Frequency, analysis: Analysis) -> list[tuple[str, str]]:
    """In how many of a hundred draws what happens, most often first, counted as on the page.

    Like there the plans without a letter count together, and the cases sum to a hundred.
    """
    shares, letters = frequency.shares, [option.candidate for option in analysis.options]
    chosen = [analysis.recommendation.candidate] if analysis.recommendation.candidate in letters else []
    lettered = sorted((key for key in letters if key not in chosen), key=lambda key: -shares.get(key, 0.0))
    others = [key for key, share in shares.items() if share > 0 and key not in letters and key not in _APART]
    together = math.fsum(shares[key] for key in others)
    ordered = [(key, shares.get(key, 0.0)) for key in (*chosen, *lettered)]
    ordered += [(_OTHERS, together), *((key, shares.get(key, 0.0)) for key in _APART)]
    found = words.hundred(ordered)
    return [
        (
            "other plans"
            if key == _OTHERS and len(others) > 1
            else _called(others[0] if key == _OTHERS else key, analysis),
            _counted(found[key], share),
        )
        for key, share in sorted(ordered, key=lambda item: -item[1])
        if share > 0
    ]


def _counted(cases: int, share: float) -> str:
    """Cases of a hundred; what rounds to none or to all and is neither is said in words."""
    if cases == 0 and share > 0:
        return words.chance_text(min(share, _FEW))
    if cases == 100 and share < 1:
        return words.chance_text(max(share, 1 - _FEW))
    return f"{cases} of 100"


def _outcomes_at_base(frequency: Frequency, analysis: Analysis) -> list[str]:
    keys = [item.key for item in analysis.candidates if frequency.protocol in item.self_enforcing_under]
    without = any(
        item.protocol == frequency.protocol and item.subgame_perfect and item.outcome == "no_agreement"
        for item in analysis.equilibria
    )
    return [*keys, *(["no_agreement"] if without else [])]


def _named(key: str, analysis: Analysis) -> str:
    fixed = {"no_agreement": "no agreement", "undecided": "undecided"}
    return fixed.get(key) or next((item.label for item in analysis.candidates if item.key == key), key)


def _called(key: str, analysis: Analysis) -> str:
    """An option by its letter where it has one: the table above says what the letter is."""
    return next((item.letter for item in analysis.options if item.candidate == key), None) or _named(key, analysis)


def _protocol(protocol: str, analysis: Analysis) -> str:
    """A rule of proposing with the companies' names."""
    from gamecore.brief.sentences import Names

    return Names(analysis).protocol(protocol)


def _tell_recommendation(console: Console, analysis: Analysis) -> None:
    try:
        page = make_page(analysis)
    except PageOverflowError as overflow:
        # Too long for one page is fine on a terminal.
        chosen = analysis.recommendation.candidate
        said = f"We recommend {_called(chosen, analysis)}." if chosen else "No option is recommended."
        texts = [said, f"For the page: {overflow}"]
    else:
        blocks = [f"{block.head}: {block.text}" for block in (page.why, page.sure) if block.text]
        texts = [page.recommendation.text, page.recommendation.numbers, *blocks]
    console.print(shown(texts[0]), style="bold")
    for text in texts[1:]:
        if text:
            console.print(shown(text))


# ---- check --expect --------------------------------------------------------------------------------------------------


def tell_expectations(outcomes: Sequence[Outcome]) -> None:
    """A line for each entry of `expect`: met, missed or not supported yet."""
    table = _table("Line", "Kind", "Result", "What was found", right=[0])
    for item in outcomes:
        style = "bold" if item.status == "missed" else None
        table.add_row(str(item.line), shown(item.kind), shown(item.status), shown(item.text), style=style)
    _console().print(table)


# ---- solve -----------------------------------------------------------------------------------------------------------


def tell_solution(document: dict[str, Any]) -> None:
    """The equilibria of the game as it is written, why nobody moves if that was asked, and the outcomes."""
    if document["form"] == "conflict":
        from gamecore.cli.conflict import tell_solved

        tell_solved(document)
        return
    console = _console()
    console.print(shown(document["title"] or "A game"), style="bold")
    form = {"tree": "a game of several steps", "strategic": "everybody moves once, at the same time"}
    found, players = document["equilibria"], document["players"]
    number = "1 equilibrium" if len(found) == 1 else f"{len(found)} equilibria"
    head = f"{form.get(document['form'], document['form'])}; {document['method']}: {number}, {document['status']}"
    console.print(shown(head), style="dim")
    for index, equilibrium in enumerate(found[:_MOST_EQUILIBRIA], 1):
        console.print(shown(f"{index}. {_equilibrium(equilibrium, players)}"), style="bold")
        console.print(_behaviour(players, equilibrium["strategies"], document["strategies"]))
        _tell_explanation(console, equilibrium.get("explanation"))
    if len(found) > _MOST_EQUILIBRIA:
        console.print(f"... and {len(found) - _MOST_EQUILIBRIA} more; --json has them all")
    crowds = [item for item in document["components"] if len(item["members"]) > 1]
    if crowds:
        console.print(_components(crowds, players))
    if document["subgame_perfect_outcomes"]:
        console.print(_paths(document["subgame_perfect_outcomes"], players))
    for opinion in document.get("second_opinion", []):
        _tell_opinion(console, opinion)
    for note in document["notes"]:
        console.print(shown(note))
    seen: set[str] = set()
    for name, head in _FURTHER.items():
        if name in document:
            _tell_further(console, head, document[name], seen)


def _tell_further(console: Console, head: str, further: dict[str, Any], seen: set[str]) -> None:
    """What was asked for beside the equilibria; a note that several share is told once."""
    console.print()
    console.print(shown(f"{head}: {further['status']}" if further["status"] != "complete" else head), style="bold")
    for sentence in further["sentences"]:
        console.print(shown(f"   {sentence}"))
    for note in (note for note in further["notes"] if note not in seen):
        console.print(shown(f"   ({note})"), style="dim")
    seen.update(further["notes"])


def _tell_explanation(console: Console, explanation: dict[str, Any] | None) -> None:
    if explanation is not None:
        for sentence in (*explanation["sentences"], *explanation["threats"]):
            console.print(shown(f"   {sentence}"))
        console.print()


def _tell_opinion(console: Console, opinion: dict[str, Any]) -> None:
    verdict = {True: "agrees", False: "disagrees", None: "was not asked"}[opinion["agrees"]]
    console.print(shown(f"nashpy, {opinion['algorithm']}: {verdict}, {opinion['found']} found"))
    for sentence in opinion["sentences"]:
        console.print(shown(f"   {sentence}"))


def _equilibrium(equilibrium: dict[str, Any], players: list[str]) -> str:
    """Protocol, payoffs, and the proof: what the best deviation gains."""
    protocol = equilibrium.get("protocol")
    gain = words.signed(_decimal(equilibrium["max_gain"]), 3)
    proof = f"best of {equilibrium['deviations']} deviations gains {gain}"
    perfect = ", rests on a threat nobody would carry out" if equilibrium["subgame_perfect"] is False else ""
    return f"{protocol + ': ' if protocol else ''}{_payoffs(equilibrium['payoffs'], players)} ({proof}{perfect})"


def _payoffs(payoffs: list[str], players: list[str]) -> str:
    return ", ".join(
        f"{player} {words.number(_decimal(worth), 3)}" for player, worth in zip(players, payoffs, strict=True)
    )


def _behaviour(players: list[str], strategies: Any, menus: Any) -> Table:
    """Who does what where; of a mixed strategy, each option with its chance."""
    table = _table("Player", "Where", "Does")
    played = dict(strategies) if isinstance(strategies, dict) else dict(zip(players, strategies, strict=True))
    menu_of = dict(menus) if isinstance(menus, dict) else dict(zip(players, menus, strict=False))
    for player, strategy in played.items():
        if isinstance(strategy, dict):
            actions = {place.get("information_set"): place.get("actions", []) for place in menu_of.get(player, [])}
            for where, what in strategy.items():
                doing = what if isinstance(what, str) else _mixture(actions.get(where, []), what)
                table.add_row(shown(player), _cut(where), _cut(doing))
        else:
            table.add_row(shown(player), "", _cut(_mixture(menu_of[player], strategy)))
    return table


def _mixture(options: list[str], chances: list[str]) -> str:
    """The options that are used; each with its chance if there are several."""
    names = options or [f"action {number}" for number in range(1, len(chances) + 1)]
    return ", ".join(
        option if chance == "1" else f"{option} with chance {_short(chance)}"
        for option, chance in zip(names, chances, strict=True)
        if chance != "0"
    )


def _short(exact: str) -> str:
    """A chance as people read it: the fraction if it is short, else its size."""
    return exact if len(exact) <= _LONGEST_CHANCE else f"about {_decimal(exact):.6g}"


def _components(components: list[dict[str, Any]], players: list[str]) -> Table:
    """What joins extreme equilibria, and what everybody gets in between."""
    table = _table("Joined by further equilibria", *players)
    for component in components:
        members = ", ".join(str(member + 1) for member in component["members"])
        ranges = ((_decimal(low), _decimal(high)) for low, high in component["payoff_ranges"])
        told = [
            words.number(low, 3) if low == high else f"{words.number(low, 3)} to {words.number(high, 3)}"
            for low, high in ranges
        ]
        table.add_row(_cut(members), *told)
    return table


def _paths(outcomes: list[dict[str, Any]], players: list[str]) -> Table:
    table = _table("Outcome", "What happens", "Chance", right=[2])
    for outcome in outcomes:
        worth = _payoffs(outcome["payoffs"], players)
        name = f"{outcome['protocol']}: {worth}" if "protocol" in outcome else worth
        for step in outcome["path"]:
            history = ", ".join(f"{key}: {value}" for key, value in step["history"].items())
            table.add_row(shown(name), _cut(history), words.number(_decimal(step["chance"]), 3))
            name = ""
        table.add_section()
    return table


def _decimal(exact: str) -> float:
    return float(Fraction(exact))


def _cut(text: str) -> str:
    """A menu of deals makes long sentences; the document of --json has them whole."""
    return shown(text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]} ...")

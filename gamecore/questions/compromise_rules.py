"""The rules of fair division as people ask for them, with what each says in plain words.

Names are those of the field in the document (`nash`, `kalai_smorodinsky`, ...), with hyphens or underscores in an
option; in a terminal the words stand alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from gamecore.errors import InputError, RefusedError

if TYPE_CHECKING:
    from gamecore.model import Scenario

__all__ = ["RULES", "Answer", "Drawn", "answers", "drawn_answers", "read_rules", "read_weights", "words_of"]

RULES: Final[Mapping[str, str]] = {
    "nash": "the largest product of the gains",
    "kalai_smorodinsky": "each side gains the same share of the most it could gain, as nearly as can be",
    "egalitarian": "each side gains the same, as nearly as can be",
    "proportional": "the gains stand in the proportion of the weights, as nearly as can be",
    "utilitarian": "the largest sum of values",
}
_WEIGHTED: Final = {
    "nash": "the largest product of the gains, each to the power of its side's weight",
    "utilitarian": "the largest sum of values, each counted by its side's weight",
}


@dataclass(frozen=True)
class Answer:
    """What a rule chooses over the named options: all ties. `places` are options by number, `options` by key.

    `case` says whether something is unusual (`regular` if not); `weights` are empty where the rule takes none.
    """

    rule: str
    words: str
    case: str
    notes: tuple[str, ...]
    options: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    places: tuple[int, ...] = ()
    shares: tuple[Fraction, ...] = ()

    def named(self, keys: Sequence[str], players: Sequence[str]) -> Answer:
        """With keys in place of numbers."""
        weights = {name: float(share) for name, share in zip(players, self.shares, strict=False)}
        return replace(self, options=tuple(keys[place] for place in self.places), weights=weights, places=(), shares=())


@dataclass(frozen=True)
class Drawn:
    """What a rule chooses where options may be drawn by lot: `chances` of options by key, and the expected `values`.

    `gap` is 0 for an exact answer, else it bounds what is missing (`compromises/lotteries.py`).
    """

    rule: str
    words: str
    case: str
    notes: tuple[str, ...]
    gap: float
    chances: tuple[tuple[str, float], ...] = ()
    values: Mapping[str, float] = field(default_factory=dict)
    places: tuple[tuple[int, Fraction], ...] = ()
    worth: tuple[Fraction, ...] = ()

    def named(self, keys: Sequence[str], players: Sequence[str]) -> Drawn:
        """With keys in place of numbers."""
        chances = tuple((keys[place], float(chance)) for place, chance in self.places)
        values = {name: float(value) for name, value in zip(players, self.worth, strict=False)}
        return replace(self, chances=chances, values=values, places=(), worth=())


def read_rules(names: Sequence[str], option: str) -> tuple[str, ...]:
    """The rules that are asked for, each once; all of them if none is named.

    Raises `InputError` for a name that is no rule.
    """
    found = dict.fromkeys(name.strip().replace("-", "_") for name in names)
    for name in found:
        if name not in RULES:
            known = ", ".join(rule.replace("_", "-") for rule in RULES)
            raise InputError(f"{option} {name[:60]}: there is no such rule; choose one of {known}")
    return tuple(rule for rule in RULES if rule in found) if found else tuple(RULES)


def read_weights(scenario: Scenario, text: str, option: str) -> tuple[Fraction, ...]:
    """`diamond=2,sapphire=1` as shares that sum to 1, in the order of the players.

    Raises `InputError` unless every player has one number above 0.
    """
    from gamecore.scenario.expressions import parse_number

    found: dict[str, Fraction] = {}
    for part in text.split(","):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        number = parse_number(value)
        if not equals or number is None:
            raise InputError(f"{option} {text[:60]}: write PLAYER=NUMBER, with commas between")
        if name not in scenario.players:
            raise InputError(f"{option} {name[:60]}: there is no such player; choose one of {_all(scenario)}")
        if name in found:
            raise InputError(f"{option} {name}: named twice")
        if number < 0:
            raise InputError(f"{option} {name}={value[:40]}: a weight cannot be less than 0")
        found[name] = Fraction(number)
    if not any(found.values()):
        raise InputError(f"{option} {text[:60]}: the weights sum to 0; give each player a number above 0")
    short = [name for name in scenario.players if not found.get(name)]
    if short:
        raise InputError(f"{option}: every player needs a weight above 0; {', '.join(short)} has none")
    total = sum(found.values(), Fraction(0))
    return tuple(found[name] / total for name in scenario.players)


def _all(scenario: Scenario) -> str:
    return ", ".join(scenario.players)


def words_of(rule: str, *, weighted: bool) -> str:
    """A rule in plain words."""
    return _WEIGHTED.get(rule, RULES[rule]) if weighted else RULES[rule]


def answers(
    values: Any, disagreement: Any, rules: Sequence[str], shares: Sequence[Fraction] | None
) -> tuple[Answer, ...]:
    """What each rule chooses over the named options; proportions only where weights are given."""
    from gamecore.compromises import bargaining

    ways: dict[str, Callable[[], Any]] = {
        "nash": lambda: bargaining.nash(values, disagreement, shares),
        "kalai_smorodinsky": lambda: bargaining.kalai_smorodinsky(values, disagreement),
        "egalitarian": lambda: bargaining.egalitarian(values, disagreement),
        "proportional": lambda: bargaining.proportional(values, disagreement, shares),
        "utilitarian": lambda: bargaining.utilitarian(values, disagreement, shares),
    }
    found = []
    for rule in rules:
        if rule != "proportional" or shares is not None:
            answer = ways[rule]()
            weighted = shares is not None and rule in {*_WEIGHTED, "proportional"}
            told = tuple(shares or ()) if weighted else ()
            words = words_of(rule, weighted=shares is not None)
            found.append(
                Answer(rule, words, answer.case.value, answer.notes, places=tuple(answer.options), shares=told)
            )
    return tuple(found)


def drawn_answers(
    values: Any, disagreement: Any, rules: Sequence[str], shares: Sequence[Fraction] | None
) -> tuple[Drawn, ...]:
    """What each rule chooses where options may be drawn by lot, each answer judged by its certificate.

    Raises `RefusedError` if an answer does not stand.
    """
    from gamecore.compromises import lotteries
    from gamecore.compromises.lottery_judge import lottery_faults
    from gamecore.compromises.table import exact_point, exact_table

    table = exact_table(values)
    point = exact_point(disagreement, table.shape[1])

    ways: dict[str, Callable[[], Any]] = {
        "nash": lambda: lotteries.nash_lottery(values, disagreement, shares),
        "kalai_smorodinsky": lambda: lotteries.kalai_smorodinsky_lottery(values, disagreement),
        "egalitarian": lambda: lotteries.egalitarian_lottery(values, disagreement),
        "proportional": lambda: lotteries.proportional_lottery(values, disagreement, shares),
        "utilitarian": lambda: lotteries.utilitarian_lottery(values, disagreement, shares),
    }
    found = []
    for rule in rules:
        if rule != "proportional" or shares is not None:
            answer = ways[rule]()
            faults = lottery_faults(table, point, answer)
            if faults:
                raise RefusedError(f"a lottery could not be certified: {'; '.join(faults)}", limit="certificate")
            words, notes = words_of(rule, weighted=shares is not None), tuple(answer.notes)
            drawn = answer.lottery if answer.lotteries else None
            found.append(
                Drawn(
                    rule,
                    words,
                    answer.case.value,
                    notes,
                    float(answer.gap),
                    places=() if drawn is None else tuple(drawn.chances),
                    worth=() if drawn is None else tuple(drawn.values),
                )
            )
    return tuple(found)

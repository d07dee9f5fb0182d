"""How a negotiation looks from the partner's seat, as frozen values.

The *seat* is the player whose place is taken, the *asker* the one who takes it. Everything here rests on the asker's
file, so what it says of the seat's values is the asker's estimate of them: it is for the asker's own people.

Units: values in the scenario's unit at base values; chances between 0 and 1. Players, decisions and candidates are
named by their keys. No sentence is in here; `brief/partner.py` puts it into words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gamecore.advice.analysis import ContingentChoice, Spread
from gamecore.advice.robustness_facts import Quantity

__all__ = ["Argument", "ArgumentKind", "Opening", "PartnerFacts", "Push", "Ranked", "Reply"]


class ArgumentKind(StrEnum):
    """What the seat can say for an option, tell its own people, or take as a reason for a no."""

    # for the option it likes best, in the order of their weight with the asker
    WE_LOSE_WITHOUT = "we_lose_without"  # the asker would end below the option's value without an agreement
    AS_AGREED = "as_agreed"  # it is the plan as it stood
    MOST_TOGETHER = "most_together"
    EVEN_GAINS = "even_gains"  # no other option divides the gains more evenly
    BEARS_RISK = "bears_risk"  # the seat has the wider range of values
    CLAUSE_HELPS = "clause_helps"  # what follows without agreement costs the seat less than the asker
    THEY_GAIN = "they_gain"
    # for the asker's recommended option, to the seat's own decision makers
    ABOVE_NO = "above_no"  # worth more than what the seat has if it says no
    ABOVE_BASELINE = "above_baseline"
    THEIR_BEST = "their_best"
    NOT_THEIR_WORST = "not_their_worst"
    LOW_CASE = "low_case"  # its value in the low case (P10), and that of a no
    LEARNS = "learns"  # what the seat knows, and when
    # what would make it say no
    BELOW_NO = "below_no"
    SOMETIMES_BELOW_NO = "sometimes_below_no"  # the share of draws in which a no is worth more
    PREFERS = "prefers"  # options that it likes better and the asker would accept
    OUTCOME_MOVES = "outcome_moves"  # an input that changes the outcome
    LACKS_CASH = "lacks_cash"
    REFUSES = "refuses"  # an option that is worth less to it than a no


@dataclass(frozen=True)
class Argument:
    """One thing that can be said: its kind, the numbers it rests on, and the candidates or names it refers to."""

    kind: ArgumentKind
    numbers: Mapping[str, float] = field(default_factory=dict)
    refers_to: tuple[str, ...] = ()
    text: str = ""  # a label of the file that it quotes
    quantity: Quantity | None = None  # the input it speaks of


@dataclass(frozen=True)
class Ranked:
    """One option as the seat values it; `gain` is over what it has if it says no."""

    candidate: str
    label: str
    rank: int
    tied: bool
    value: Spread
    gain: float
    acceptable: bool
    acceptable_chance: float


@dataclass(frozen=True)
class Reply:
    """What the seat does when the asker settles on one move.

    `accepted` is, for an offer, the chance that all who are asked take it, given that it is made (None: the move is no
    offer); `margin` is what taking it is worth to the seat over refusing it. `does` are the seat's later choices.
    `values` are what the move is then worth to each player. `settled` is False where several outcomes are possible, or
    somebody mixes; the outcome told is then one that no other makes better for everybody.
    """

    move: str
    label: str
    decision: str
    decision_label: str
    accepted: float | None
    margin: float | None
    does: tuple[ContingentChoice, ...]
    values: Mapping[str, float]
    settled: bool = True


@dataclass(frozen=True)
class Opening:
    """What comes about if the seat makes the first offer. `outcome` is a candidate's key, `no_agreement` or `other`;
    `paid` says that money passes with the offer, which is in the values.
    """

    protocol: str
    outcome: str
    label: str
    values: Mapping[str, float]
    paid: bool = False


@dataclass(frozen=True)
class Push:
    """An option on which the seat can ask for more: the asker would still take it with `most` less."""

    candidate: str
    label: str
    most: float
    seat_gain: float


@dataclass(frozen=True)
class PartnerFacts:
    """Everything about the seat.

    `recommended` is what the seat's own page recommends, `asked` what the asker's page does (None: nothing). `argument`
    speaks for `preferred`, `tell` for `asked`, both the strongest first. `push` is empty where payoffs are scores.
    `left_out` counts moves that are not listed one by one. `reaches` names the confidential entries of the file behind
    any of these numbers.
    """

    seat: str
    asker: str
    recommended: str | None
    asked: str | None
    ranking: tuple[Ranked, ...]
    replies: tuple[Reply, ...]
    openings: tuple[Opening, ...]
    preferred: str
    argument: tuple[Argument, ...]
    tell: tuple[Argument, ...]
    push: tuple[Push, ...]
    no: tuple[Argument, ...]
    left_out: int = 0
    reaches: frozenset[str] = frozenset()

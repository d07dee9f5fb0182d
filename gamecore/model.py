"""The scenario as the program sees it: frozen, labelled values with their places in the file.

A `Scenario` answers the four questions of the scenario file - who decides (`players`), what their options are
(`decisions`, `events`), in which order (`timing`) and what each outcome is worth (`payoffs`) - plus the `inputs` behind
the numbers, the `levers` that could change the game, and the results the author expects.

Conventions
-----------
* Numbers are `fractions.Fraction`, exactly as typed (`0.10` is 1/10, `9%` is 9/100).
* Times are years from `timing.count_from`.
* An *assignment* maps names to what happened: a decision to its option, `no_agreement` for an agreement that failed, a
  deal on terms to `agreed` plus one entry per term, an event to its outcome. A decision or event that did not take
  place has no entry and fits no condition.
* `confidential` is `True`, `False`, or `None` where the file says nothing (the rule of the format then decides).

>>> from fractions import Fraction
>>> Condition((Clause((("plan", ("wait",)),)),)).fits({"plan": "wait", "news": "severe"})
True
>>> Range(Fraction(1), Fraction(2), Fraction(4)).base
Fraction(2, 1)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

AGREED: Final = "agreed"
NO_AGREEMENT: Final = "no_agreement"
ALLIANCE: Final = "alliance"


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands in the scenario file; lines and columns count from 1."""

    line: int = 0
    column: int = 0


# ---- formulas ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Number:
    """A literal; `percent` if it was typed with the sign."""

    value: Fraction
    percent: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Name:
    """An input or a numeric term."""

    name: str


@dataclass(frozen=True)
class Negate:
    operand: Node


@dataclass(frozen=True)
class Arithmetic:
    """`operator` is one of `+ - * / **`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Comparison:
    """`operator` is one of `< <= > >= == !=`; worth 1 or 0."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Call:
    """`function` is one of `min max if abs sqrt exp log`."""

    function: str
    arguments: tuple[Node, ...]


Node = Number | Name | Negate | Arithmetic | Comparison | Call


@dataclass(frozen=True)
class Formula:
    """Arithmetic on names of inputs and numeric terms; a plain number is a formula without names.

    `text` is what the file says, for traces and pages.
    """

    text: str
    node: Node
    place: Place = field(default=Place(), compare=False)

    @property
    def names(self) -> frozenset[str]:
        """The names of inputs and terms the formula rests on."""
        return _names(self.node)

    @property
    def constant(self) -> Fraction | None:
        """The value if the formula is a plain number, else None."""
        return self.node.value if isinstance(self.node, Number) else None

    @classmethod
    def of(cls, value: Fraction | int, place: Place = Place()) -> Formula:
        """The formula that is one number."""
        return cls(str(value), Number(Fraction(value)), place)


def _names(node: Node) -> frozenset[str]:
    match node:
        case Number():
            return frozenset()
        case Name(name):
            return frozenset({name})
        case Negate(operand):
            return _names(operand)
        case Arithmetic(_, left, right) | Comparison(_, left, right):
            return _names(left) | _names(right)
        case Call(_, arguments):
            return frozenset().union(*map(_names, arguments))


@dataclass(frozen=True)
class Range:
    """`low .. base .. high`: P10, P50 and P90, low <= base <= high, drawn on its own."""

    low: Fraction
    base: Fraction
    high: Fraction
    text: str = ""
    place: Place = field(default=Place(), compare=False)


Value = Formula | Range


class Shape(StrEnum):
    """How an uncertain input is drawn between its points."""

    NORMAL = "normal"  # two-piece normal through P10, P50, P90
    LOGNORMAL = "lognormal"  # two-piece lognormal through P10, P50, P90
    TRIANGULAR = "triangular"  # minimum, mode, maximum
    PERT = "pert"  # minimum, mode, maximum
    UNIFORM = "uniform"  # lowest, highest
    DISCRETE = "discrete"  # values with chances


@dataclass(frozen=True)
class Uncertain:
    """An uncertain input.

    `points` are (low, base, high) for `normal` and `lognormal` (P10, P50, P90), (minimum, mode, maximum) for
    `triangular` and `pert`, (lowest, highest) for `uniform`, and the values for `discrete`, whose chances are `weights`
    (they sum to 1). The base value is `base`: the middle point, the midpoint of a uniform, the median of a discrete.
    """

    shape: Shape
    points: tuple[Fraction, ...]
    weights: tuple[Fraction, ...] = ()
    at_least: Fraction | None = None
    at_most: Fraction | None = None
    text: str = ""
    place: Place = field(default=Place(), compare=False)

    @property
    def base(self) -> Fraction:
        """The value used wherever the analysis says "at base values"."""
        if self.shape is Shape.UNIFORM:
            return (self.points[0] + self.points[1]) / 2
        if self.shape is Shape.DISCRETE:
            seen = Fraction(0)
            for value, weight in sorted(zip(self.points, self.weights, strict=True)):
                seen += weight
                if 2 * seen >= 1:
                    return value
        return self.points[1]


# ---- conditions ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clause:
    """All of these must hold: pairs of a name and the values that fit it."""

    terms: tuple[tuple[str, tuple[str, ...]], ...]

    def fits(self, assignment: Mapping[str, str]) -> bool:
        """Whether every name took place and took one of its values."""
        return all(assignment.get(name) in values for name, values in self.terms)


@dataclass(frozen=True)
class Condition:
    """Any of its clauses must hold. `ALWAYS` has one empty clause.

    Names are decisions, agreements, terms, events and switches; values are option, level, outcome and switch names, or
    `agreed` and `no_agreement`. Numeric levels appear by their `Level.key`.
    """

    clauses: tuple[Clause, ...]
    place: Place = field(default=Place(), compare=False)

    def fits(self, assignment: Mapping[str, str]) -> bool:
        """Whether the condition holds in an assignment that also has the switches in it."""
        return any(clause.fits(assignment) for clause in self.clauses)

    @property
    def names(self) -> frozenset[str]:
        """Everything the condition speaks of."""
        return frozenset(name for clause in self.clauses for name, _ in clause.terms)


ALWAYS: Final = Condition((Clause(()),))


# ---- time ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DateOf:
    """`date of january`: the date of a decision or event, wherever it is moved."""

    name: str
    place: Place = field(default=Place(), compare=False)


Time = Formula | DateOf  # a formula is in years from count_from; lengths of time are formulas in years


# ---- players, decisions, events ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Player:
    name: str
    label: str  # `name:` in the file
    short: str | None = None  # for narrow columns
    lead: str | None = None
    role: str | None = None
    discount_rate: Value | None = None
    runway: Formula | None = None  # years of cash
    cash: Value | None = None
    risk_tolerance: Value | None = None
    confidential: bool | None = None
    note: str | None = None
    place: Place = Place()


@dataclass(frozen=True)
class Option:
    name: str
    label: str
    pros: tuple[str, ...] = ()
    cons: tuple[str, ...] = ()
    when: Condition | None = None
    available: bool = True
    same_as: str | None = None  # the option of an earlier decision that is the same plan, only earlier
    leads_to: tuple[str, ...] | None = None  # in a conflict what can follow in one move (None: all others)
    parties: tuple[str, ...] = ()  # who signs it; none: everyone in the decision's `by`
    confidential: bool | None = None
    note: str | None = None
    place: Place = Place()


@dataclass(frozen=True)
class Level:
    """One level of a term: `key` is how conditions name it, `value` its number (None for a named option)."""

    key: str
    label: str
    value: Fraction | None = None
    available: bool = True
    confidential: bool | None = None


@dataclass(frozen=True)
class Term:
    """One issue of a deal. `continuous` is (low, high) where any amount between can be agreed; `levels` then samples
    it.
    """

    name: str
    label: str
    levels: tuple[Level, ...]
    unit: str | None = None
    continuous: tuple[Fraction, Fraction] | None = None
    confidential: bool | None = None
    place: Place = Place()


@dataclass(frozen=True)
class NoAgreement:
    """What happens without agreement; `means` names the option that then happens by itself."""

    label: str
    means: str | None = None
    confidential: bool | None = None
    place: Place = Place()


@dataclass(frozen=True)
class Needs:
    """What is enough to pass an option: so many `votes` of those who decide, the players of `veto` among them."""

    votes: int
    veto: tuple[str, ...] = ()
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True)
class Decision:
    """A move (`by` has one name) or an agreement (several). Exactly one of `options` and `terms` is filled."""

    name: str
    label: str
    by: tuple[str, ...]
    options: tuple[Option, ...] = ()
    terms: tuple[Term, ...] = ()
    when: Condition | None = None
    no_agreement: NoAgreement | None = None
    needs: Needs | None = None  # None: everyone who signs an option has to say yes
    payments: bool = False  # money can be shared in any way
    confidential: bool | None = None
    note: str | None = None
    place: Place = Place()

    @property
    def is_agreement(self) -> bool:
        return len(self.by) > 1

    def signers(self, option: str) -> tuple[str, ...]:
        """Who is asked about an option, in the order of `by`; of a deal on terms everyone is."""
        parties = next((item.parties for item in self.options if item.name == option), ())
        return tuple(player for player in self.by if player in parties) if parties else self.by


@dataclass(frozen=True)
class ChanceRow:
    """Chances of an event's outcomes where `when` fits (`None`: no other row fits).

    One chance per outcome in the order of `Event.outcomes`; `None` is `rest`: what the others leave.
    """

    chances: tuple[Value | None, ...]
    when: Condition | None = ALWAYS
    place: Place = Place()


@dataclass(frozen=True)
class Event:
    """What nobody decides. A signal has `signal_of` and `right` in place of chances.

    `beliefs` holds, per player who sees the chances differently, rows in place of `chances`.
    """

    name: str
    label: str
    outcomes: tuple[tuple[str, str], ...]  # (name, label)
    chances: tuple[ChanceRow, ...] = ()
    beliefs: Mapping[str, tuple[ChanceRow, ...]] = field(default_factory=dict)
    signal_of: str | None = None
    right: Value | None = None
    when: Condition | None = None
    confidential: bool | None = None
    source: str | None = None
    note: str | None = None
    place: Place = Place()


# ---- timing --------------------------------------------------------------------------------------------------------


class Protocol(StrEnum):
    """How an agreement is reached."""

    EACH = "each"  # the analysis is done once for each proposer
    AT_ONCE = "at_once"  # each names an option; a mismatch is no agreement
    OFFERS = "offers"  # the players of `proposers` offer in turn


@dataclass(frozen=True)
class Proposals:
    """Who offers first, and for how many rounds.

    `rounds` is None for `unlimited`; `every` is the length of a round in years, `breakdown` the chance a round that
    talks break down. `discount_all` is True for `meanwhile: nothing` (the whole value is discounted, not the gain).
    """

    protocol: Protocol = Protocol.EACH
    proposers: tuple[str, ...] = ()
    rounds: int | None = 1
    every: Formula | None = None
    breakdown: Value | None = None
    discount_all: bool = False


@dataclass(frozen=True)
class Moment:
    """When a decision or an event happens, and who learns it when.

    `at` is None for `hidden`. `seen_by` is None when everyone learns it at its date, else the players who do, each with
    a date (None: at its date).
    """

    name: str
    at: Time | None
    seen_by: Mapping[str, Time | None] | None = None
    proposals: Proposals = Proposals()
    place: Place = Place()


@dataclass(frozen=True)
class Timing:
    """All dates; or, with `anytime`, none: a conflict without an order of moves, and where it stands `today`.

    `today` names one option for every decision that is open.
    """

    moments: Mapping[str, Moment]
    count_from: str | None = None  # ISO date
    anytime: bool = False
    today: Mapping[str, str] = field(default_factory=dict)


# ---- the programme and the deal ------------------------------------------------------------------------------------

Path = tuple[str, ...]  # ("phases", "phase_2", "cost"), ("royalties", "world", "tiers", "200")


@dataclass(frozen=True)
class Enpv:
    """`enpv` as an amount: the player's own expected net present value of the programme under the deal."""

    place: Place = field(default=Place(), compare=False)


class DueKind(StrEnum):
    """What makes a milestone due."""

    SIGNATURE = "signature"
    LAUNCH = "launch"  # of one market (`of`), or the first
    START = "start"  # of a phase
    SUCCESS = "success"  # of a phase
    DATE = "date"
    YEARLY_SALES = "yearly_sales"  # the sales of a year pass `above`
    TOTAL_SALES = "total_sales"  # all sales so far pass `above`


@dataclass(frozen=True)
class Due:
    """When a milestone is due; `of` is a phase or a market, `above` a threshold, `at` a date."""

    kind: DueKind
    of: str | None = None
    above: Value | None = None
    at: Time | None = None
    text: str = ""
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True)
class Words:
    """Names of players, phases or markets, or another word of the format."""

    words: tuple[str, ...]
    place: Place = field(default=Place(), compare=False)


Leaf = Value | DateOf | Due | Words


class Verb(StrEnum):
    """What a change does: a bare value sets, the others compute with what stands there."""

    SET = "set"
    TIMES = "times"
    PLUS = "plus"
    MINUS = "minus"


@dataclass(frozen=True)
class Edit:
    """One entry of a row of changes. A SET replaces everything below `path` by `leaves`; the others have a `value`."""

    path: Path
    verb: Verb
    leaves: Mapping[Path, Leaf] = field(default_factory=dict)
    value: Value | None = None
    place: Place = Place()


@dataclass(frozen=True)
class ChangeRow:
    """Edits that hold where `when` fits."""

    edits: tuple[Edit, ...]
    when: Condition = ALWAYS
    place: Place = Place()


@dataclass(frozen=True)
class Block:
    """`programme` or `deal`: everything written in it by its path, in file order, and the rows that change it.

    All rows that fit an outcome apply: first sets, then times, then plus and minus.
    """

    leaves: Mapping[Path, Leaf]
    changes: tuple[ChangeRow, ...] = ()
    labels: Mapping[Path, str] = field(default_factory=dict)
    sources: Mapping[Path, str] = field(default_factory=dict)
    confidential: bool | None = None
    place: Place = Place()

    @property
    def values(self) -> Iterator[tuple[str, Value]]:
        """Every number of the block and of the rows that change it, with its dotted path inside the block."""
        for path, leaf in self.leaves.items():
            yield from _numbers_of(".".join(path), leaf)
        for number, row in enumerate(self.changes):
            for edit in row.edits:
                for path, leaf in edit.leaves.items():
                    yield from _numbers_of(f"changes.{number}.{'.'.join(path)}", leaf)
                if edit.value is not None:
                    yield f"changes.{number}.{edit.verb}.{'.'.join(edit.path)}", edit.value

    def names(self, section: str) -> tuple[str, ...]:
        """The names of the parts of a section, such as the phases, in file order."""
        return tuple(dict.fromkeys(path[1] for path in self.leaves if path[0] == section))


def _numbers_of(path: str, leaf: Leaf) -> Iterator[tuple[str, Value]]:
    if isinstance(leaf, Formula | Range):
        yield path, leaf
    elif isinstance(leaf, Due):
        for value in (leaf.above, leaf.at):
            if isinstance(value, Formula | Range):
                yield path, value


# ---- payoffs and inputs --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """Values that hold where `when` fits; `None` is `otherwise` (no other row of the line fits)."""

    values: Mapping[str, Value | Enpv]  # per player
    when: Condition | None = ALWAYS
    at: Time | None = None
    place: Place = Place()


@dataclass(frozen=True)
class Line:
    """One summand of every player's payoff.

    A line of one row (`single`) is worth 0 where its row does not fit. With rows, exactly one fits every outcome that
    fits `when`; elsewhere the line is worth 0. `at` dates the amounts of every row that has no date of its own.
    A line with `weights` is a criterion: a payoff is then the mean of the lines, by each player's own weights.
    """

    name: str
    label: str
    rows: tuple[Row, ...]
    single: bool = False
    when: Condition | None = None
    at: Time | None = None
    weights: Mapping[str, Value] = field(default_factory=dict)  # per player
    confidential: bool | None = None
    source: str | None = None
    note: str | None = None
    place: Place = Place()

    @property
    def enpv(self) -> Enpv | None:
        """The first `enpv` among the values of the line, if there is one."""
        found = (value for row in self.rows for value in row.values.values() if isinstance(value, Enpv))
        return next(found, None)


@dataclass(frozen=True)
class Preferred:
    """One comparison: what fits `better` is preferred to what fits `than`; with `tie` both are equally good."""

    better: Condition
    than: Condition
    tie: bool = False
    place: Place = Place()


@dataclass(frozen=True)
class Ranking:
    """What one player likes better, where only the order is known. Exactly one of the three is filled.

    `best_to_worst`: each outcome fits one entry, the best first. `priorities`: statements, the most important first,
    compared like words in a dictionary. `comparisons`: single comparisons; what does not follow from them is not known.
    """

    player: str
    best_to_worst: tuple[Condition, ...] = ()
    priorities: tuple[Condition, ...] = ()
    comparisons: tuple[Preferred, ...] = ()
    confidential: bool | None = None
    place: Place = Place()


@dataclass(frozen=True)
class InputRow:
    value: Value
    when: Condition | None = ALWAYS
    place: Place = Place()


@dataclass(frozen=True)
class Input:
    """A named number: certain (`Formula`), uncertain (`Range` or `Uncertain`), by `rows`, or a switch (`one_of`)."""

    name: str
    label: str
    value: Value | Uncertain | None = None
    rows: tuple[InputRow, ...] = ()
    one_of: tuple[tuple[str, str], ...] = ()  # (name, label)
    stands: str | None = None  # the switch's position
    unit: str | None = None
    source: str | None = None
    owner: str | None = None
    moves_with: Mapping[str, Fraction] = field(default_factory=dict)  # rank correlation
    confidential: bool | None = None
    note: str | None = None
    place: Place = Place()

    @property
    def is_switch(self) -> bool:
        return bool(self.one_of)


# ---- levers and expectations ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """`a to b` or `a to b by c`: bounds to search; what we can choose, not what we do not know."""

    low: Fraction
    high: Fraction
    step: Fraction | None = None


@dataclass(frozen=True)
class Change:
    """One entry of a lever's `set`: the path into the file and the candidates for its new value, as written in the
    file.
    """

    path: tuple[str, ...]
    candidates: tuple[Any, ...]
    bounds: Choice | None = None
    place: Place = Place()


@dataclass(frozen=True)
class Payment:
    """One entry of a lever's `pay`: `giver` pays `receiver` `amount` where `condition` holds."""

    giver: str
    receiver: str
    amount: Formula | Choice
    condition: Condition = ALWAYS
    due: Time | Due | None = None  # None: today; a point of the programme becomes a milestone
    place: Place = Place()


@dataclass(frozen=True)
class Lever:
    name: str
    label: str
    changes: tuple[Change, ...] = ()
    payments: tuple[Payment, ...] = ()
    commitments: tuple[tuple[str, tuple[str, ...]], ...] = ()  # (decision, options that stay)
    cost: Mapping[str, Value] = field(default_factory=dict)
    confidential: bool | None = None
    note: str | None = None
    place: Place = Place()


class Expected(StrEnum):
    """The kinds of entries under `expect`."""

    VALUE = "value"
    CHOICE = "choice"
    OUTCOME = "outcome"
    EQUILIBRIUM = "equilibrium"
    RECOMMENDED = "recommended"
    CHANCE = "chance"
    PAYMENT = "payment"
    JOINT_VALUE = "joint_value"
    SPLIT = "split"
    STABLE = "stable"
    NOT_STABLE = "not_stable"


@dataclass(frozen=True)
class Expectation:
    """One entry of `expect`.

    `condition` is what the kind's key holds where that is a condition (value, choice, outcome, recommended, chance);
    `profile` holds, for `equilibrium`, per decision what each player names (or does); the other fields as in the file.
    `raw` is the whole entry as plain data, for the kinds later rooms answer.
    """

    kind: Expected
    condition: Condition | None = None
    profile: Mapping[str, Mapping[str, str] | str] = field(default_factory=dict)
    given: Condition | None = None  # `if`
    values: Mapping[str, Fraction] = field(default_factory=dict)  # per player
    within: Fraction = Fraction(1, 100)
    proposes: str | None = None  # a player or `at_once`
    lever: str | None = None
    solution: str | None = None
    probability: Fraction | None = None  # `is` of a chance
    raw: Mapping[str, Any] = field(default_factory=dict)
    place: Place = Place()


# ---- the whole -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scenario:
    """A whole scenario file, read and checked.

    `sha256` is the digest of the bytes it was read from; `changes` say what was done to it since ("pay=7.5", a lever
    with its amount; "inputs.packs=3", a value that was set), so that digest and changes together name the scenario.
    """

    title: str
    question: str
    advise: str  # a player or `alliance`
    players: Mapping[str, Player]
    decisions: Mapping[str, Decision]
    events: Mapping[str, Event]
    timing: Timing
    payoffs: Mapping[str, Line]
    baseline: Condition
    rankings: Mapping[str, Ranking] = field(default_factory=dict)  # per player, in place of payoff lines
    programme: Block | None = None
    deal: Block | None = None
    inputs: Mapping[str, Input] = field(default_factory=dict)
    impossible: tuple[Condition, ...] = ()
    levers: Mapping[str, Lever] = field(default_factory=dict)
    expect: tuple[Expectation, ...] = ()
    unit: str | None = None
    decide_by: str | None = None  # ISO date
    context: tuple[str, ...] = ()
    note: str | None = None
    sha256: str = ""
    file: str = "scenario"
    changes: tuple[str, ...] = ()  # what differs from the file: levers pulled, values set
    source: Any = field(
        default=None, repr=False, compare=False
    )  # the document levers change; opaque outside `scenario/`

    @property
    def is_conflict(self) -> bool:
        """Whether there is no order of moves (`anytime: yes`)."""
        return self.timing.anytime

    @property
    def terms(self) -> dict[str, tuple[Decision, Term]]:
        """Every term of every agreement by its name, with the decision it belongs to."""
        return {term.name: (decision, term) for decision in self.decisions.values() for term in decision.terms}

    @property
    def switches(self) -> dict[str, str]:
        """The switches and where they stand, ready to be part of an assignment."""
        return {name: item.stands for name, item in self.inputs.items() if item.is_switch and item.stands is not None}

"""The answer: everything the analysis of one scenario found, as frozen values.

`Analysis` is what every door hands out: the command line and the service print it as JSON, the page is written from it.
No number may stand on a page that is not in here, and nothing in here is a sentence: a `Reason` carries its kind, its
numbers and what it refers to, and `brief/` puts it into words.

Units: values are in the scenario's unit, as floats of exactly computed rationals (base) or over draws (mean, P10, P90);
chances are between 0 and 1; times are years from `count_from`; players and candidates are named by their keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gamecore.advice.cash_facts import PlanCash
from gamecore.advice.learning_facts import WorthOfKnowing, WorthOfWaiting
from gamecore.advice.lever_facts import LeverFacts
from gamecore.advice.payment_facts import Payments
from gamecore.advice.programme_facts import ProgrammeFacts
from gamecore.advice.robustness_facts import Robustness
from gamecore.advice.sharing_facts import Sharing
from gamecore.advice.voting_facts import VotingRule

__all__ = [
    "Analysis",
    "Candidate",
    "Certificate",
    "Compromise",
    "ContingentChoice",
    "Disagreement",
    "Equilibrium",
    "Frequency",
    "KnownFact",
    "Kind",
    "NamingGame",
    "Option",
    "PlayerFacts",
    "Reason",
    "Recommendation",
    "Role",
    "ScenarioFacts",
    "Spread",
    "Standing",
    "Step",
    "TreePicture",
    "TreePictureNode",
    "WalkAway",
]


@dataclass(frozen=True)
class PlayerFacts:
    key: str
    label: str
    short: str | None
    lead: str | None
    role: str | None


@dataclass(frozen=True)
class ScenarioFacts:
    """What the file says about itself."""

    title: str
    question: str
    file: str
    sha256: str
    advise: str  # a player's key or `alliance`
    unit: str | None
    decide_by: str | None  # ISO date
    count_from: str | None  # ISO date
    context: tuple[str, ...]
    note: str | None
    players: tuple[PlayerFacts, ...]  # in the order of the file
    changes: tuple[str, ...] = ()  # what differs from the file: levers pulled, values set


@dataclass(frozen=True)
class InputFacts:
    """One input of the file: what was typed, in which unit, where it comes from and who answers for it.

    `value` is the text of the file (of an input by rows, its rows' texts); `base`, `p10` and `p90` are None where the
    value depends on what happens, on other inputs, or is no number. `cut` is the share of draws that lie beyond
    `at_least` or `at_most` and were set to it.
    """

    key: str
    label: str
    value: str
    shape: str | None  # None: certain
    base: float | None
    p10: float | None
    p90: float | None
    cut: float
    unit: str | None
    source: str | None
    owner: str | None
    moves_with: Mapping[str, float]
    confidential: bool


@dataclass(frozen=True)
class Spread:
    """One number at base values and over the draws; `mean`, `p10`, `p90` equal `base` where nothing is uncertain."""

    base: float
    mean: float
    p10: float
    p90: float


@dataclass(frozen=True)
class Standing:
    """What one candidate is worth to one player.

    `rank` counts from 1 among all candidates without no agreement; `tied` says that others share it; `mean_rank` is the
    same by the mean over draws, and `mean_level_with` names candidates whose mean differs by less than the simulation
    error. `acceptable`: at least the walk-away at base values; `acceptable_chance`: the share of draws in which it is.
    `reaches` names the confidential entries of the file that reach any of these numbers (empty: none).
    """

    player: str
    value: Spread
    rank: int
    tied: bool
    mean_rank: int
    mean_level_with: tuple[str, ...]
    acceptable: bool
    acceptable_chance: float
    gain: float  # value minus walk-away at base values
    regret: float  # best candidate's value minus this one's, at base values
    reaches: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Step:
    """One thing a plan lays down: `decision` goes for `choice` (an option, or a level of a term)."""

    decision: str
    decision_label: str
    choice: str
    choice_label: str
    by: tuple[str, ...]
    at: float | None  # years
    date: str | None  # ISO date
    confidential: bool = False


@dataclass(frozen=True)
class ContingentChoice:
    """What follows a plan by itself: where `given` is so, `by` chooses `choice` in `decision`.

    `given` holds pairs (event or decision, outcome) with their labels; `chance` is how likely that is under the plan.
    """

    decision: str
    decision_label: str
    by: tuple[str, ...]
    choice: str
    choice_label: str
    given: tuple[tuple[str, str], ...]
    given_labels: tuple[tuple[str, str], ...]
    chance: float
    at: float | None
    date: str | None
    confidential: bool = False


@dataclass(frozen=True)
class Candidate:
    """A plan people can name, with what follows from it.

    `outcome_chance` is, per protocol, the share of draws in which this plan is what happens; `self_enforcing_under`
    names the protocols under which it is a subgame-perfect outcome at base values. `forced` names choices of the plan
    that somebody would gain by not making (only a baseline can have some). `outvoted` have less than their walk-away
    but their yes is not needed, and `compensated` would accept it with a payment that leaves nobody worse off; both are
    empty if it is not accepted all the same.
    """

    key: str  # "plan=wait"
    label: str
    steps: tuple[Step, ...]
    follows: tuple[ContingentChoice, ...]
    standings: tuple[Standing, ...]  # in the order of the players
    joint: Spread
    self_enforcing_under: tuple[str, ...]
    self_enforcing: bool  # under the declared protocol, or under all proposers if none is declared
    acceptable_to: tuple[str, ...]
    nobodys_worst: bool
    on_frontier: bool
    fairness: float | None  # smallest gain as a share of what that side could gain; None if nobody can gain
    max_regret: float
    outcome_chance: Mapping[str, float]
    pros: tuple[str, ...]  # free text of the file
    cons: tuple[str, ...]
    is_baseline: bool = False
    forced: tuple[str, ...] = ()
    confidential: bool = False
    several_continuations: bool = False
    outvoted: tuple[str, ...] = ()
    compensated: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether every side whose yes is needed accepts it, with payments where they can be made."""
        excused = len(self.outvoted) + len(self.compensated)
        return len(self.acceptable_to) + excused == len(self.standings)

    def standing(self, player: str) -> Standing:
        """The standing of one player."""
        return next(item for item in self.standings if item.player == player)


@dataclass(frozen=True)
class WalkAway:
    """What a side has if it says no: `kind` is `no_agreement`, `baseline` or `security` (what it can secure alone)."""

    player: str
    kind: str
    value: Spread
    reaches: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Disagreement:
    """No agreement: its label, what follows, and its worth to each player (in the order of the players)."""

    decision: str
    label: str
    means: str | None  # candidate key that then happens by itself
    follows: tuple[ContingentChoice, ...]
    values: tuple[Spread, ...]
    joint: Spread
    outcome_chance: Mapping[str, float]  # per protocol
    reaches: tuple[frozenset[str], ...]  # per player
    confidential: bool  # the label too


@dataclass(frozen=True)
class Certificate:
    """The proof in short: `deviations` were checked in rationals, the best of them gains `max_gain` (at most 0)."""

    deviations: int
    max_gain: str  # exact, as a fraction
    max_gain_value: float


@dataclass(frozen=True)
class Equilibrium:
    """One equilibrium, in labels. `strategies` maps each player to what it does, decision by decision, in words of
    keys.

    `outcome` is the candidate's key, or `no_agreement`, or None when it mixes.
    """

    protocol: str
    method: str
    pure: bool
    subgame_perfect: bool | None
    outcome: str | None
    payoffs: tuple[float, ...]
    payoffs_exact: tuple[str, ...]
    strategies: Mapping[str, tuple[tuple[str, str], ...]]  # player -> ((information set, action), ...)
    certificate: Certificate


@dataclass(frozen=True)
class NamingGame:
    """The agreement as a game in which each names an option at the same time and a mismatch is no agreement.

    `options` are option names in file order; `payoffs[i][j]` (two players) are the cells' payoffs per player;
    `equilibria` are index tuples (one per player in the order of `by`); `deadlocks` are those that end in no agreement,
    `undominated_deadlocks` those in which nobody uses a weakly dominated option.
    """

    decision: str
    by: tuple[str, ...]
    options: tuple[str, ...]
    labels: tuple[str, ...]
    agreement_payoffs: tuple[tuple[float, ...], ...]  # per option, per player of the scenario
    disagreement_payoffs: tuple[float, ...]  # per player of the scenario
    equilibria: tuple[tuple[int, ...], ...]
    deadlocks: tuple[tuple[int, ...], ...]
    undominated_deadlocks: tuple[tuple[int, ...], ...]
    certificates: tuple[Certificate, ...]
    mixed: int  # how many mixed equilibria were found where there is no pure one
    status: str  # complete, partial, refused


@dataclass(frozen=True)
class Compromise:
    """A rule of fair division over the named options: `kind` is nash, kalai_smorodinsky, egalitarian or utilitarian.

    `candidates` holds every tied answer; `note` says what degenerate case applies, if one does.
    """

    kind: str
    candidates: tuple[str, ...]
    against: str  # the disagreement point used: no_agreement, baseline or security
    note: str | None = None


@dataclass(frozen=True)
class Frequency:
    """One protocol's picture over the draws: `shares` maps candidate keys and `no_agreement` to chances that sum to 1.

    `several` is the share of draws with more than one outcome (if one is best for all it is counted, else those that
    are also outcomes at base values count in equal parts), `undecided` the share in which no pure outcome exists (under
    the key `undecided`). Outcomes that are no candidate stand under `other`.
    """

    protocol: str
    proposer: str | None
    shares: Mapping[str, float]
    several: float
    undecided: float


@dataclass(frozen=True)
class KnownFact:
    """An event that becomes known: when, to whom (empty: everyone), its outcomes with their chances at base values."""

    event: str
    label: str
    at: float | None
    date: str | None
    seen_by: tuple[str, ...]
    outcomes: tuple[tuple[str, str, float], ...]  # (name, label, chance under the recommended plan)
    reaches: frozenset[str] = frozenset()
    confidential: bool = False


class Kind(StrEnum):
    """Why something is advised or not, and what is for and against an option."""

    # for and against an option (numbers: value, rank, ...)
    BEST_VALUE = "best_value"  # best for a player
    WORST_VALUE = "worst_value"
    BELOW_WALK_AWAY = "below_walk_away"  # worth less to a player than saying no
    HIGHEST_JOINT = "highest_joint"  # most value together
    LOWEST_JOINT = "lowest_joint"
    LARGEST_RISK = "largest_risk"  # widest P10-P90 for a player
    SMALLEST_RISK = "smallest_risk"
    GIVES_UP = "gives_up"  # a player ends below its best candidate by this much
    NOT_SELF_ENFORCING = "not_self_enforcing"  # somebody would rather do something else
    LEARNS_FIRST = "learns_first"  # decides after an event is known
    # why the recommended option holds
    ONLY_ACCEPTABLE = "only_acceptable"  # the only option at least as good as the walk-away for all
    ACCEPTABLE_TO_ALL = "acceptable_to_all"
    WHOEVER_PROPOSES = "whoever_proposes"
    IF_PROPOSES = "if_proposes"  # holds if this player makes the first offer
    BEST_FOR_ADVISED = "best_for_advised"
    HIGHEST_NASH_PRODUCT = "highest_nash_product"
    COMPROMISE = "compromise"  # also what rules of fair division choose (refers_to: their kinds)
    BETTER_THAN_BASELINE = "better_than_baseline"  # per player gain
    IS_BASELINE = "is_baseline"
    TIE_BROKEN = "tie_broken"
    # what stands in the way
    NOTHING_ACCEPTABLE = "nothing_acceptable"
    NOTHING_SELF_ENFORCING = "nothing_self_enforcing"
    MEAN_RECOMMENDS = "mean_recommends"  # expected values would recommend another option
    FEWER_THAN_THREE = "fewer_than_three"
    RECOMMENDED_IS_BASELINE = "recommended_is_baseline"
    BASELINE_NOT_A_WALK_AWAY = "baseline_not_a_walk_away"  # somebody would leave the plan as it stood
    BASELINE_RULED_OUT = "baseline_ruled_out"  # a lever makes the plan as it stood impossible
    # how the three were chosen
    MOST_ACCEPTED = "most_accepted"
    FAIRER = "fairer"
    THE_PLAN_AS_IT_STOOD = "the_plan_as_it_stood"
    # notes
    CHANCES_CUT = "chances_cut"
    SEVERAL_OUTCOMES = "several_outcomes"
    UNDECIDED_DRAWS = "undecided_draws"
    NOTHING_UNCERTAIN = "nothing_uncertain"
    SAMPLED_TERMS = "sampled_terms"
    INCOMPLETE = "incomplete"
    HOW_SOLVED = "how_solved"  # refers_to: the protocol and what its solver says of its way
    PRIVATE_BELIEFS = "private_beliefs"
    ESTIMATE_OF_OTHER_SIDE = "estimate_of_other_side"
    TOO_MANY_TO_SHARE = "too_many_to_share"  # money can be shared, but among too many to look at (refers_to: decisions)
    AMOUNTS_STAY = "amounts_stay"  # a lever moved a date; amounts typed in rows stay as they are
    RISK_ATTITUDE = "risk_attitude"  # a player has a risk tolerance: its values are certainty equivalents
    CANNOT_FUND = "cannot_fund"  # options on the page that ask a player for money it does not have then
    # votes and payments
    ACCEPTED_BY_ENOUGH = "accepted_by_enough"  # passes with the yeses of some (refers_to: the plan and who says yes)
    OUTVOTED = "outvoted"  # a player does better without, and its vote is not needed
    COMPENSATED = "compensated"  # a player does better without, unless it is paid
    MOVES_NO_AGREEMENT = "moves_no_agreement"  # a lever changes what no agreement is worth too
    WITH_LEVER = "with_lever"  # holds, and is accepted, once a lever is pulled (refers_to: the plan and the lever)


@dataclass(frozen=True)
class Reason:
    """A reason as a value: its kind, the player it speaks of, its numbers, and the candidates or names it refers to."""

    kind: Kind
    player: str | None = None
    numbers: Mapping[str, float] = field(default_factory=dict)
    refers_to: tuple[str, ...] = ()


class Role(StrEnum):
    RECOMMENDED = "recommended"
    ALTERNATIVE = "alternative"
    BASELINE = "baseline"


@dataclass(frozen=True)
class Option:
    """One of the three on the page, in the order printed: the baseline is A."""

    letter: str
    role: Role
    candidate: str
    reasons: tuple[Reason, ...]  # why this one was chosen
    pros: tuple[Reason, ...]  # from the analysis, most telling first
    cons: tuple[Reason, ...]


@dataclass(frozen=True)
class Recommendation:
    """What is advised. `candidate` is None for "no agreement": then `reasons` say which condition failed.

    `holds_if` names what must be so beyond the plan itself (a reason of kind IF_PROPOSES, for example).
    """

    candidate: str | None
    reasons: tuple[Reason, ...]
    holds_if: tuple[Reason, ...]
    steps: tuple[Reason, ...]  # how the rule of advice went, step by step, for the annex
    with_lever: str | None = None  # the lever, of the file or derived, without which the plan does not hold


@dataclass(frozen=True)
class Analysis:
    """Everything found for one scenario: the same scenario, settings and version give the same `Analysis`."""

    scenario: ScenarioFacts
    version: str
    seed: int
    draws: int
    protocols: tuple[str, ...]  # names such as "diamond proposes"
    declared_protocol: bool
    status: str  # complete or partial
    candidates: tuple[Candidate, ...]
    disagreement: Disagreement | None
    walk_aways: tuple[WalkAway, ...]
    equilibria: tuple[Equilibrium, ...]
    naming_game: NamingGame | None
    compromises: tuple[Compromise, ...]
    frontier: tuple[str, ...]
    frequencies: tuple[Frequency, ...]
    options: tuple[Option, ...]
    recommendation: Recommendation
    known: tuple[KnownFact, ...]
    notes: tuple[Reason, ...]
    released: frozenset[str] = frozenset()  # players who released their values to a shared copy (`confidential: no`)
    confidential: frozenset[str] = frozenset()  # every confidential entry of the file
    tree: TreePicture | None = None
    robustness: Robustness | None = None
    information: WorthOfKnowing | None = None  # None: nothing is uncertain, or the game is too large to look here
    waiting: tuple[WorthOfWaiting, ...] = ()  # in the order of the file
    sampling: str = "latin-hypercube"
    inputs: tuple[InputFacts, ...] = ()  # in the order of their names
    cash: tuple[PlanCash, ...] = ()  # candidates, then no agreement; empty for scores and in large games
    votes: tuple[VotingRule, ...] = ()  # agreements for which fewer yeses than all are enough
    sharing: Sharing | None = None  # None: no money can be shared ('payments'), or nobody comes to talk about it
    programme: ProgrammeFacts | None = None  # None: the file has no programme, or the game is too large to look here
    payments: tuple[Payments, ...] = ()  # what makes plans work between two players; empty where nobody looked
    levers: LeverFacts | None = None  # None: nobody looked for changes of the game

    def candidate(self, key: str) -> Candidate:
        """The candidate with this key."""
        return next(item for item in self.candidates if item.key == key)


@dataclass(frozen=True)
class TreePicture:
    """The game tree for the annex figure: nodes in prefix order, node 0 the root.

    `expected` marks the branches on the path of the recommended plan (else of the first equilibrium).
    """

    nodes: tuple[TreePictureNode, ...]
    columns: tuple[tuple[float | None, str | None], ...]  # (years, ISO date) of the columns, in order of time


@dataclass(frozen=True)
class TreePictureNode:
    """`kind` is move, agreement, chance or end. `values` are what the node is worth to each player as it will be
    played.

    `branches` hold (label, child, chance or None, expected). `hidden_states` is how many states nobody has seen yet
    that the mover cannot tell apart here (1: none). `column` indexes `TreePicture.columns`.
    """

    kind: str
    name: str | None
    label: str | None
    by: tuple[str, ...]
    column: int
    values: tuple[float, ...]
    branches: tuple[tuple[str, int, float | None, bool], ...]
    hidden_states: int = 1
    information_set: int | None = None

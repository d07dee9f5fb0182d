"""From a scenario to its game tree, and from numbers back to labels. The only place where the two meet.

`compile_game` walks the decisions and events in order of time and builds a `Tree` with labels beside it (`Game`):

* A decision of one player is a move, in the information set of everything that player knows then.
* A decision of several is an agreement node while all of them know everything that has happened; the tree then serves
  every protocol. Where one of them does not, the offer and the answers are laid out as moves (`spelled_out`).
* An event becomes a chance node only if it informs somebody, as late as nobody who decides before needs it. What nobody
  learns in time (the hidden state behind the news, an award after the last decision) is averaged over at the ends. That
  is the same game: the order of chance moves nobody observes is immaterial (Kohlberg & Mertens 1986, coalescing and
  interchange).
* Outcomes of chance 0 and options that are not available or impossible have no branch.

`numbers` then fills the tree from a `Worth`: payoffs weighted by reach (see `tree.py`) at base values as `Fraction`s,
over draws as arrays with axes (player, end, draw).

Two rows follow the players in `reach` and are not players: row `players` is the chance as the file states it, without
anyone's beliefs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.errors import InputError, RefusedError, TooLargeError
from gamecore.games.agreement import Bargaining
from gamecore.games.tree import Node, NodeKind, Tree
from gamecore.games.voting import Quorum
from gamecore.model import (
    AGREED,
    NO_AGREEMENT,
    Condition,
    Decision,
    Event,
    Moment,
    Protocol,
    Scenario,
    Time,
)
from gamecore.scenario.anytime import refuse_conflict
from gamecore.scenario.schedule import base_times, order
from gamecore.valuation.payoffs import Draws, Worth, drawn_worth, exact_worth
from gamecore.valuation.risk import equivalent, equivalents, utility

__all__ = [
    "Action",
    "Game",
    "Numbers",
    "Talks",
    "compile_game",
    "drawn_numbers",
    "exact_numbers",
    "protocols",
    "quorum_of",
]

FAILED: Final = "!failed"  # how talks that failed into an option are told apart from agreeing on it
OFFERED: Final = "!offered"  # what was offered in talks that are laid out as moves: nobody forgets it
DEFAULT_MOST_NODES: Final = 200_000
DEFAULT_MOST_CASES: Final = 2_000_000
MOST_BITS: Final = 2048  # of the share of a gain that is kept after some rounds


@dataclass(frozen=True)
class Action:
    """What a branch stands for: the names it sets, how it is called, and whether it is the failure of talks."""

    sets: tuple[tuple[str, str], ...]
    name: str
    label: str
    fails: bool = False
    confidential: bool = False


@dataclass(frozen=True)
class Case:
    """One way things can be at an end: what is the case, and the chances that multiply to its probability."""

    assignment: Mapping[str, str]
    chances: tuple[tuple[str, int, Mapping[str, str]], ...]  # (event, outcome number, what was so then)


@dataclass(frozen=True)
class Talks:
    """One protocol for the whole game: per agreement how it is played, and the name of it all."""

    name: str
    proposer: str | None
    declared: bool
    modes: Mapping[str, str]  # agreement -> proposer, `at_once`, or `offers`


@dataclass(frozen=True)
class Game:
    """A scenario's tree with its labels.

    `names[v]` is the decision or event of node `v` (None at ends), `actions[v]` labels its branches, `histories[v]` is
    what has visibly happened before it, `cases[t]` what can be the case at end `t`, `hidden[v]` how many states of the
    world nobody has seen by then.
    """

    scenario: Scenario
    players: tuple[str, ...]
    tree: Tree
    names: tuple[str | None, ...]
    actions: tuple[tuple[Action, ...], ...]
    histories: tuple[Mapping[str, str], ...]
    cases: tuple[tuple[Case, ...], ...]
    times: Mapping[str, Fraction | None]
    knowledge: tuple[tuple[tuple[str, str], ...], ...]  # per information set
    sampled_terms: tuple[str, ...] = ()
    spelled_out: frozenset[str] = frozenset()
    unsolved: tuple[str, ...] = ()  # protocols that this tree cannot be solved for, by name

    def name_of(self, node: int) -> str:
        """The decision or event of a node that is not an end."""
        return self.names[node] or ""

    @cached_property
    def agreement_nodes(self) -> dict[str, tuple[int, ...]]:
        """The agreement nodes of each agreement."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, node in enumerate(self.tree.nodes):
            name = self.names[number]
            if node.kind is NodeKind.AGREEMENT and name is not None:
                found[name].append(number)
        return {name: tuple(nodes) for name, nodes in found.items()}

    def bargaining(self, talks: Talks, worth: Worth[Any]) -> dict[int, Bargaining]:
        """How each agreement node is played under a protocol."""
        found: dict[int, Bargaining] = {}
        for name, nodes in self.agreement_nodes.items():
            rules = _bargaining(self, name, talks.modes[name], worth)
            paid = self.scenario.decisions[name].payments
            found |= {node: replace(rules, quorums=self.tree.nodes[node].quorums, payments=paid) for node in nodes}
        return found


@dataclass(frozen=True)
class Numbers:
    """A tree's numbers: `payoffs[i, t]` and `reach[i, t]`, weighted as in `tree.py`.

    At base values object arrays of `Fraction` with axes (player, end); over draws floats with axes (player, end, draw).
    The last row of `reach` is the chance as the file states it. `clipped` is, per event, the share of draws in which
    chances were cut, and by path (`programme.phases.phase_2.success`) that in which another number was.

    The payoffs of a player with a risk tolerance, by its place in `tolerances`, are utilities (`valuation/risk.py`):
    what follows from them is an expected utility, and `equivalents` says it in money.
    """

    payoffs: npt.NDArray[Any]
    reach: npt.NDArray[Any]
    clipped: Mapping[str, float] = field(default_factory=dict)
    tolerances: Mapping[int, Any] = field(default_factory=dict)

    def equivalents(self, expected: Any) -> Any:
        """Values (player, ...) given that play gets there, with expected utilities as certainty equivalents."""
        return equivalents(expected, self.tolerances)

    def equivalent(self, place: int, expected: Any) -> Any:
        """One player's value likewise."""
        return equivalent(expected, self.tolerances[place]) if place in self.tolerances else expected


# ---- protocols -----------------------------------------------------------------------------------------------------


def protocols(scenario: Scenario, *, most: int = 64) -> tuple[Talks, ...]:
    """Every protocol the analysis is done for: one if the file declares one, else one for each who may propose.

    Agreements that leave the proposer open are combined in every way; `TooLargeError` above `most` combinations.
    """
    open_ones: list[tuple[str, tuple[str, ...]]] = []
    fixed: dict[str, str] = {}
    for decision in scenario.decisions.values():
        if not decision.is_agreement:
            continue
        proposals = scenario.timing.moments[decision.name].proposals
        if proposals.protocol is Protocol.EACH:
            open_ones.append((decision.name, decision.by))
        else:
            fixed[decision.name] = "at_once" if proposals.protocol is Protocol.AT_ONCE else "offers"
    count = int(np.prod([len(by) for _, by in open_ones])) if open_ones else 1
    if count > most:
        raise TooLargeError(
            f"{count} ways to choose who proposes in {len(open_ones)} agreements, more than {most}; "
            "say who proposes in some of them (timing, 'proposes')",
            limit="protocols",
            count=count,
            allowed=most,
        )
    talks = []
    for choice in product(*(by for _, by in open_ones)):
        modes = fixed | {name: who for (name, _), who in zip(open_ones, choice, strict=True)}
        talks.append(Talks(_talks_name(scenario, modes), _sole(choice), not open_ones and bool(fixed), modes))
    return tuple(talks)


def _sole(choice: tuple[str, ...]) -> str | None:
    return choice[0] if choice and len(set(choice)) == 1 else None


def _talks_name(scenario: Scenario, modes: Mapping[str, str]) -> str:
    if not modes:
        return "moves in turn"
    several = len(modes) > 1
    parts = []
    for name, mode in modes.items():
        moment = scenario.timing.moments[name].proposals
        if mode == "at_once":
            text = "each names an option"
        elif mode == "offers":
            players = tuple(dict.fromkeys(moment.proposers))
            text = f"{players[0]} proposes" if len(players) == 1 else " and ".join(players) + " offer in turn"
        else:
            text = f"{mode} proposes"
        parts.append(f"{name}: {text}" if several else text)
    return "; ".join(parts)


def _bargaining(game: Game, name: str, mode: str, worth: Worth[Any]) -> Bargaining:
    decision = game.scenario.decisions[name]
    seats = tuple(game.players.index(player) for player in decision.by)
    if mode == "at_once":
        return Bargaining(seats, at_once=True)
    if mode != "offers":
        one = tuple(Fraction(1) for _ in game.players)
        return Bargaining(seats, (game.players.index(mode),), (one,))
    proposals = game.scenario.timing.moments[name].proposals
    unlimited = proposals.rounds is None
    rounds = len(proposals.proposers) if proposals.rounds is None else proposals.rounds  # one turn of everybody
    order_of_offers = tuple(
        game.players.index(proposals.proposers[number % len(proposals.proposers)]) for number in range(rounds)
    )
    breakdown = Fraction(0) if proposals.breakdown is None else _between_0_and_1(worth.value(proposals.breakdown, {}))
    per_round = [_per_round(game, player, worth, proposals.every) for player in game.players]
    return Bargaining(
        seats,
        order_of_offers,
        tuple(tuple(_keep(share, number) for share in per_round) for number in range(rounds + unlimited)),
        breakdown,
        discount_all=proposals.discount_all,
        unlimited=unlimited,
    )


def _between_0_and_1(chance: Any) -> Any:
    """A chance that is drawn from a range may fall outside."""
    return np.clip(chance, 0.0, 1.0) if np.ndim(chance) else min(max(chance, 0 * chance), 0 * chance + 1)


def _per_round(game: Game, player: str, worth: Worth[Any], every: Time | None) -> Any:
    """The share of a gain a player keeps when it comes one round later."""
    if every is None or game.scenario.players[player].discount_rate is None:
        return Fraction(1)
    return worth.discount(game.scenario.players[player], every, {})


def _keep(share: Any, number: int) -> Any:
    """The share kept after some rounds.

    A rational of very many digits - a rate over part of a year to some power - is cut at 60 decimals; a short one stays
    exact, so that ties stay ties.
    """
    kept = share**number
    if isinstance(kept, Fraction) and kept.denominator.bit_length() > MOST_BITS:
        return Fraction(round(kept * 10**60), 10**60)
    return kept


# ---- building ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _At:
    """Where the walk is: what has visibly happened, the place in the order of time, events that have not mattered."""

    history: dict[str, str]
    position: int
    pending: tuple[str, ...]


@dataclass
class _Builder:
    """The walk over decisions and events. `talks` is None while agreements stay whole."""

    scenario: Scenario
    most_nodes: int
    most_cases: int
    talks: Talks | None = None
    spelled_out: frozenset[str] = frozenset()
    nodes: list[Node] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    actions: list[tuple[Action, ...]] = field(default_factory=list)
    histories: list[Mapping[str, str]] = field(default_factory=list)
    cases: list[tuple[Case, ...]] = field(default_factory=list)
    information_sets: dict[tuple[object, ...], int] = field(default_factory=dict)
    knowers: dict[tuple[object, ...], list[int]] = field(default_factory=lambda: defaultdict(list))
    case_count: int = 0
    menus: dict[int, tuple[str, ...]] = field(default_factory=dict)  # the options of each information set

    def __post_init__(self) -> None:
        scenario = self.scenario
        self.order = order(scenario)
        self.times = base_times(scenario)
        self.switches = scenario.switches
        self.players = tuple(scenario.players)
        self.relevant = _relevant(scenario)
        self.uses = {name: self._users(name) for name in scenario.events}

    # -- who knows what

    def learns(self, player: str, name: str) -> Fraction | None:
        """When a player learns an event or a decision, in years; None for never."""
        moment: Moment = self.scenario.timing.moments[name]
        at = self.times[name]
        if at is None:
            return None
        if moment.seen_by is None or self._own(player, name):
            return at
        if player not in moment.seen_by:
            return None
        when = moment.seen_by[player]
        return at if when is None else max(at, self._years(when))

    def _years(self, when: Time) -> Fraction:
        return exact_worth(self.scenario).years(when, {})

    def _own(self, player: str, name: str) -> bool:
        return name in self.scenario.decisions and player in self.scenario.decisions[name].by

    def knows(self, player: str, name: str, decision: str) -> bool:
        """Whether a player knows an event or an earlier decision when taking a decision."""
        at = self.times[decision]
        learned = self.learns(player, name)
        if learned is None or at is None:
            return False
        if name in self.scenario.events:
            return learned <= at
        own_at = self.times[name]
        if self._own(player, name):
            return own_at is not None and own_at <= at
        return learned <= at and own_at is not None and own_at < at

    def _users(self, event: str) -> frozenset[str]:
        """The decisions an event informs: somebody knows it then, or what can be chosen rests on it."""
        found = set()
        for decision in self.scenario.decisions.values():
            rests = _names_of(decision.when).union(*(_names_of(option.when) for option in decision.options))
            if event in rests or any(self.knows(player, event, decision.name) for player in decision.by):
                found.add(decision.name)
        return frozenset(found)

    # -- the walk

    def build(self) -> Game:
        self.walk({}, 0, ())
        tree = Tree(len(self.players), tuple(self.nodes))
        knowledge: list[tuple[tuple[str, str], ...]] = [()] * len(self.information_sets)
        for key, number in self.information_sets.items():
            known: Any = key[-1]
            knowledge[number] = tuple((name, value) for name, value in known if not name.endswith(OFFERED))
        return Game(
            self.scenario,
            self.players,
            tree,
            tuple(self.names),
            tuple(self.actions),
            tuple(self.histories),
            tuple(self.cases),
            self.times,
            tuple(knowledge),
            tuple(name for name, (_, term) in self.scenario.terms.items() if term.continuous),
            self.spelled_out,
        )

    def walk(self, history: dict[str, str], position: int, pending: tuple[str, ...]) -> int:
        """Build the subtree after `history`; `pending` are events that have not mattered yet. Returns its node."""
        while position < len(self.order):
            name = self.order[position]
            if name in self.scenario.events:
                pending = (*pending, name)
            else:
                decision = self.scenario.decisions[name]
                takes_place, first = self._outlook(decision, history, pending)
                if first is not None:
                    return self.chance(first, _At(history, position, pending))
                if takes_place:
                    return self.decide(decision, _At(history, position, pending))
            position += 1
        return self.end(history)

    def _outlook(
        self, decision: Decision, history: Mapping[str, str], pending: tuple[str, ...]
    ) -> tuple[bool, str | None]:
        """Whether a decision takes place, and the first pending event that must be laid out before that is so."""
        seen = {**self.switches, **history}
        needed: set[str] = set()
        takes_place = decision.when is None
        for clause in decision.when.clauses if decision.when else ():
            unknown = {name for name, _ in clause.terms if name in pending}
            if all(seen.get(name) in values for name, values in clause.terms if name not in unknown):
                needed |= unknown
                takes_place = takes_place or not unknown
        if takes_place:
            needed = {event for event in pending if decision.name in self.uses[event]}
        wanted: set[str] = set()
        for event in needed:
            wanted |= self._laid_out_with(event, pending)
        return takes_place, next((event for event in pending if event in wanted), None)

    def takes_place(self, when: Condition | None, history: Mapping[str, str]) -> bool:
        return when is None or when.fits({**self.switches, **history})

    def _laid_out_with(self, event: str, pending: tuple[str, ...]) -> set[str]:
        """An event and the pending ones that decide whether it takes place at all (a signal: its parent too)."""
        found = {event}
        waiting: list[str | None] = [event]
        while waiting:
            item = self.scenario.events.get(waiting.pop() or "")
            if item is not None:
                for name in _names_of(item.when):
                    if name in pending and name not in found:
                        found |= self._laid_out_with(name, pending)
                waiting.append(item.signal_of)
        return found

    # -- nodes

    def add(self, name: str | None, actions: tuple[Action, ...], history: Mapping[str, str]) -> int:
        if len(self.nodes) >= self.most_nodes:
            raise TooLargeError(
                f"the game has more than {self.most_nodes} nodes; "
                "leave out options, levels or events that decide little",
                limit="nodes",
                count=len(self.nodes) + 1,
                allowed=self.most_nodes,
            )
        self.nodes.append(Node(NodeKind.END))
        self.names.append(name)
        self.actions.append(actions)
        self.histories.append({key: value for key, value in history.items() if not key.endswith(OFFERED)})
        return len(self.nodes) - 1

    def chance(self, name: str, at: _At) -> int:
        event = self.scenario.events[name]
        rest = tuple(other for other in at.pending if other != name)
        if not self.event_takes_place(event, at.history, rest):
            return self.walk(at.history, at.position, rest)
        never = self._never(event)
        actions = tuple(
            Action(((name, outcome),), outcome, label, confidential=bool(event.confidential))
            for outcome, label in event.outcomes
            if outcome not in never
        )
        node = self.add(name, actions, at.history)
        children = tuple(self.walk({**at.history, **dict(action.sets)}, at.position, rest) for action in actions)
        self.nodes[node] = Node(NodeKind.CHANCE, children)
        return node

    def event_takes_place(self, event: Event, history: Mapping[str, str], pending: tuple[str, ...]) -> bool:
        """Whether an event takes place; a signal does if what it is a signal of does."""
        if not self.takes_place(event.when, history):
            return False
        if event.signal_of is None or event.signal_of in history:
            return True
        parent = self.scenario.events[event.signal_of]
        return parent.name in pending and self.event_takes_place(parent, history, pending)

    def _never(self, event: Event) -> set[str]:
        """Outcomes whose chance is a plain 0 in every row and belief."""
        if event.signal_of is not None:
            return set()
        rows = [*event.chances, *(row for rows in event.beliefs.values() for row in rows)]
        zero = set()
        for number, (name, _) in enumerate(event.outcomes):
            chances = [row.chances[number] for row in rows]
            if all(getattr(chance, "constant", None) == 0 for chance in chances):
                zero.add(name)
        return zero

    def decide(self, decision: Decision, at: _At) -> int:
        actions = self._choices(decision, at.history)
        if not decision.is_agreement:
            return self.move(decision, actions, at)
        if decision.name in self.spelled_out:
            return self.spell_out(decision, actions, at)
        node = self.add(decision.name, (*actions, self._failure(decision)), at.history)
        for player in decision.by:
            self.knowers[decision.name, player, self._knowledge(player, decision.name, at.history)].append(node)
        children = tuple(self.follow(action, at) for action in self.actions[node])
        self.nodes[node] = Node(
            NodeKind.AGREEMENT,
            children,
            by=tuple(self.players.index(player) for player in decision.by),
            quorums=self._quorums(decision, actions),
        )
        return node

    def _quorums(self, decision: Decision, actions: tuple[Action, ...]) -> tuple[Quorum, ...]:
        """Who has to say yes to each option; nothing if everyone has to, to all of them."""
        if decision.needs is None and not any(option.parties for option in decision.options):
            return ()
        return tuple(quorum_of(decision, action.name, self.players) for action in actions)

    def follow(self, action: Action, at: _At) -> int:
        after = {**at.history, **dict(action.sets)}
        if action.fails:
            decision = self.order[at.position]
            after[decision + FAILED] = "yes"
        return self.walk(after, at.position + 1, at.pending)

    def _knowledge(self, player: str, decision: str, history: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        known = []
        for name, value in history.items():
            owner = self._owner(name)
            if self.knows(player, owner, decision):
                known.append((name, value))
        return tuple(known)

    def _owner(self, name: str) -> str:
        """The decision or event that a name in a history belongs to."""
        name = name.removesuffix(FAILED).removesuffix(OFFERED)
        return self.scenario.terms[name][0].name if name in self.scenario.terms else name

    def move(self, decision: Decision, actions: tuple[Action, ...], at: _At) -> int:
        player = decision.by[0]
        if not actions:
            raise InputError(
                f"decisions.{decision.name}: no option is left when "
                + (", ".join(f"{key}: {value}" for key, value in at.history.items()) or "the game starts")
            )
        node = self.add(decision.name, actions, at.history)
        number = self._set(player, decision.name, "move", at.history)
        self._same_options(player, decision, number, actions)
        children = tuple(self.follow(action, at) for action in actions)
        self.nodes[node] = Node(NodeKind.MOVE, children, player=self.players.index(player), information_set=number)
        return node

    def _set(self, player: str, decision: str, role: str, history: Mapping[str, str], extra: str = "") -> int:
        key = (decision, player, role, extra, self._knowledge(player, decision, history))
        return self.information_sets.setdefault(key, len(self.information_sets))

    def _same_options(self, player: str, decision: Decision, number: int, actions: tuple[Action, ...]) -> None:
        """A player who cannot tell two cases apart must be able to choose the same in both."""
        names = tuple(action.name for action in actions)
        if self.menus.setdefault(number, names) != names:
            raise InputError(
                f"decisions.{decision.name}: '{player}' can choose {', '.join(names)} in one case and "
                f"{', '.join(self.menus[number])} in another, and cannot tell which is which; let '{player}' see "
                "what the options rest on ('timing', 'seen_by'), or leave them the same"
            )

    def _choices(self, decision: Decision, history: Mapping[str, str]) -> tuple[Action, ...]:
        seen = {**self.switches, **history}
        actions = (
            _deals(decision)
            if decision.terms
            else tuple(
                Action(
                    ((decision.name, option.name),), option.name, option.label, confidential=bool(option.confidential)
                )
                for option in decision.options
                if option.available and (option.when is None or option.when.fits(seen))
            )
        )
        impossible = self.scenario.impossible
        return tuple(
            action for action in actions if not any(rule.fits({**seen, **dict(action.sets)}) for rule in impossible)
        )

    def _failure(self, decision: Decision) -> Action:
        failing = decision.no_agreement
        if failing is None:
            raise InputError(
                f"decisions.{decision.name}: say what happens if they do not agree: add 'no_agreement: ...'"
            )
        means = failing.means or NO_AGREEMENT
        return Action(((decision.name, means),), NO_AGREEMENT, failing.label, fails=True)

    # -- agreements under private information

    def spell_out(
        self,
        decision: Decision,
        actions: tuple[Action, ...],
        at: _At,
    ) -> int:
        """Lay an agreement out as moves: an offer and answers, or naming at once."""
        if decision.payments:
            raise RefusedError(
                f"decisions.{decision.name}: offers of money ('payments') cannot be laid out as moves, which is needed "
                "where players know different things and for a strategic form; leave 'payments' out, or let all of "
                "them see the same events",
                limit="offers of money",
            )
        proposals = self.scenario.timing.moments[decision.name].proposals
        declared = decision.by[0] if proposals.protocol is Protocol.EACH else proposals.protocol.value
        mode = self.talks.modes[decision.name] if self.talks else declared
        failure = self._failure(decision)
        if mode == "at_once":
            return self._name_in_turn(decision, actions, at, ())
        if mode == "offers":
            if (proposals.rounds or 2) > 1:
                raise RefusedError(
                    f"decisions.{decision.name}: several rounds of offers cannot be laid out as moves, which is needed "
                    "where players know different things and for a strategic form; use one round, or let all of them "
                    "see the same events",
                    limit="private rounds",
                )
            mode = proposals.proposers[0]
        actions = tuple(action for action in actions if mode in decision.signers(action.name))
        node = self.add(decision.name, (*actions, failure), at.history)
        number = self._set(mode, decision.name, "offer", at.history)
        self._same_options(mode, decision, number, actions)
        children = [
            self._answer(
                decision, action, (mode,), replace(at, history=at.history | {decision.name + OFFERED: action.name})
            )
            for action in actions
        ]
        children.append(self.follow(failure, at))
        self.nodes[node] = Node(NodeKind.MOVE, tuple(children), player=self.players.index(mode), information_set=number)
        return node

    def _answer(
        self, decision: Decision, offer: Action, yes: tuple[str, ...], at: _At, no: tuple[str, ...] = ()
    ) -> int:
        """The votes still to come on an offer, one after the other, until it is settled. Everybody hears them."""
        failure = self._failure(decision)
        quorum = quorum_of(decision, offer.name, self.players)
        seats = {player: self.players.index(player) for player in decision.signers(offer.name)}
        if quorum.passes({seats[player] for player in yes}):
            return self.follow(offer, at)
        if not quorum.passes({seat for player, seat in seats.items() if player not in no}):
            return self.follow(failure, at)
        voter = next(player for player in seats if player not in yes and player not in no)
        accept, refuse = Action((), "accept", "accepts"), Action((), "refuse", "refuses")
        if not quorum.passes({seat for player, seat in seats.items() if player not in {*no, voter}}):
            refuse = failure
        node = self.add(decision.name, (accept, refuse), at.history)
        number = self._set(voter, decision.name, "answer", at.history, offer.name)
        agreed = self._answer(decision, offer, (*yes, voter), at, no)
        told = at.history[decision.name + OFFERED]
        refusal = at.history | {decision.name + OFFERED: f"{told}, {voter} refuses"}
        refused = self._answer(decision, offer, yes, replace(at, history=refusal), (*no, voter))
        self.nodes[node] = Node(
            NodeKind.MOVE, (agreed, refused), player=self.players.index(voter), information_set=number
        )
        return node

    def _name_in_turn(self, decision: Decision, actions: tuple[Action, ...], at: _At, named: tuple[Action, ...]) -> int:
        """Naming at once: each names in its own information set, without seeing what the others named."""
        if len(named) == len(decision.by):
            rules = Bargaining(
                tuple(self.players.index(player) for player in decision.by), quorums=self._quorums(decision, actions)
            )
            settled = rules.settled_by([actions.index(action) for action in named])
            return self.follow(self._failure(decision) if settled is None else actions[settled], at)
        if not actions:
            return self.follow(self._failure(decision), at)
        player = decision.by[len(named)]
        node = self.add(decision.name, actions, at.history)
        number = self._set(player, decision.name, "name", at.history)
        self._same_options(player, decision, number, actions)
        children = tuple(self._name_in_turn(decision, actions, at, (*named, action)) for action in actions)
        self.nodes[node] = Node(NodeKind.MOVE, children, player=self.players.index(player), information_set=number)
        return node

    # -- ends

    def end(self, history: Mapping[str, str]) -> int:
        node = self.add(None, (), history)
        cases = tuple(self._cases(history))
        self.case_count += len(cases)
        if self.case_count > self.most_cases:
            raise TooLargeError(
                f"more than {self.most_cases} cases of decisions and events; "
                "leave out events or levels that decide little",
                limit="cases",
                count=self.case_count,
                allowed=self.most_cases,
            )
        self.nodes[node] = Node(NodeKind.END, end=len(self.cases))
        self.cases.append(cases)
        return node

    def _cases(self, history: Mapping[str, str]) -> Iterator[Case]:
        """Every way the events nobody has seen can be, at the end of a visible history."""
        visible = {name: value for name, value in history.items() if not name.endswith((FAILED, OFFERED))}
        wanted = self.relevant | _ancestors(self.scenario, [name for name in visible if name in self.scenario.events])
        events = [self.scenario.events[name] for name in self.order if name in self.scenario.events]
        decided = {name: value for name, value in visible.items() if name not in self.scenario.events}

        def extend(number: int, seen: dict[str, str], chances: tuple[Any, ...]) -> Iterator[Case]:
            if number == len(events):
                yield Case(seen, chances)
                return
            event = events[number]
            takes_place = self.takes_place(event.when, seen)
            if event.name in visible:
                if takes_place:
                    yield from step(number, seen, chances, visible[event.name])
            elif takes_place and event.name in wanted and (event.signal_of is None or event.signal_of in seen):
                never = self._never(event)
                for outcome, _ in event.outcomes:
                    if outcome not in never:
                        yield from step(number, seen, chances, outcome)
            else:
                yield from extend(number + 1, seen, chances)

        def step(number: int, seen: dict[str, str], chances: tuple[Any, ...], outcome: str) -> Iterator[Case]:
            event = events[number]
            index = next(i for i, (name, _) in enumerate(event.outcomes) if name == outcome)
            yield from extend(number + 1, {**seen, event.name: outcome}, (*chances, (event.name, index, seen)))

        return extend(0, decided, ())


def quorum_of(decision: Decision, option: str, players: tuple[str, ...]) -> Quorum:
    """Who has to say yes to an option of an agreement, as indices of `players`."""
    signers = tuple(players.index(player) for player in decision.signers(option))
    if decision.needs is None:
        return Quorum.everyone(signers)
    veto = tuple(players.index(player) for player in decision.needs.veto)
    return Quorum(signers, min(decision.needs.votes, len(signers)), veto)


def _names_of(condition: Condition | None) -> frozenset[str]:
    return frozenset() if condition is None else condition.names


def _deals(decision: Decision) -> tuple[Action, ...]:
    """Every combination of the levels of an agreement's terms."""
    menus = [[level for level in term.levels if level.available] for term in decision.terms]
    actions = []
    for levels in product(*menus):
        pairs = tuple((term.name, level.key) for term, level in zip(decision.terms, levels, strict=True))
        label = ", ".join(_level_label(term, level) for term, level in zip(decision.terms, levels, strict=True))
        name = ",".join(f"{term}={key}" for term, key in pairs)
        actions.append(Action(((decision.name, AGREED), *pairs), name, label))
    return tuple(actions)


def _level_label(term: Any, level: Any) -> str:
    if level.value is None:
        return str(level.label)
    words = term.name.replace("_", " ")
    return f"{words} {level.label} {term.unit}" if term.unit else f"{words} {level.label}"


def _relevant(scenario: Scenario) -> set[str]:
    """The events that payoffs, the programme, the deal and inputs rest on, with everything those rest on."""
    names: set[str] = set()
    for block in (scenario.programme, scenario.deal):
        for change in block.changes if block is not None else ():
            names |= change.when.names
    for line in scenario.payoffs.values():
        names |= _names_of(line.when)
        for row in line.rows:
            names |= _names_of(row.when)
    for item in scenario.inputs.values():
        for input_row in item.rows:
            names |= _names_of(input_row.when)
    return _ancestors(scenario, [name for name in names if name in scenario.events])


def _ancestors(scenario: Scenario, names: list[str]) -> set[str]:
    """Events, with the events that their chances and their taking place rest on."""
    found: set[str] = set()
    while names:
        name = names.pop()
        if name in found or name not in scenario.events:
            continue
        found.add(name)
        event = scenario.events[name]
        rows = [*event.chances, *(row for rows in event.beliefs.values() for row in rows)]
        names.extend(_names_of(event.when).union(*(_names_of(row.when) for row in rows)))
        if event.signal_of is not None:
            names.append(event.signal_of)
        values = [value for row in rows for value in row.chances] + [event.right]
        names.extend(_events_in_formulas(scenario, values))
    return found


def _events_in_formulas(scenario: Scenario, values: list[Any]) -> set[str]:
    """Events that inputs named in chances depend on."""
    found: set[str] = set()
    queue = [name for value in values if value is not None for name in getattr(value, "names", ())]
    seen: set[str] = set()
    while queue:
        name = queue.pop()
        if name in seen or name not in scenario.inputs:
            continue
        seen.add(name)
        item = scenario.inputs[name]
        for row in item.rows:
            found |= _names_of(row.when)
        for value in (item.value, *(row.value for row in item.rows)):
            queue.extend(getattr(value, "names", ()))
    return found


def compile_game(
    scenario: Scenario,
    *,
    talks: Talks | None = None,
    most_nodes: int = DEFAULT_MOST_NODES,
    most_cases: int = DEFAULT_MOST_CASES,
    lay_out_agreements: bool = False,
) -> Game:
    """The scenario's game tree. `talks` matters only to agreements that are laid out as moves.

    Those are agreements under private information, and with `lay_out_agreements` all of them, so that the tree has
    moves and chance only.

    Raises `TooLargeError` above the limits, `InputError` where a decision is left without any option or offers a player
    other options in cases that look alike to it, and `RefusedError` if talks over several rounds had to be laid out.
    """
    refuse_conflict(scenario)
    spelled_out = frozenset(
        name for name, item in scenario.decisions.items() if lay_out_agreements and item.is_agreement
    )
    while True:
        builder = _Builder(scenario, most_nodes, most_cases, talks, spelled_out)
        game = builder.build()
        private = {str(key[0]) for key, nodes in builder.knowers.items() if len(nodes) > 1}
        roots = game.tree.subgame_roots
        for name, nodes in game.agreement_nodes.items():
            if not roots.issuperset(nodes) or not all(
                roots.issuperset(game.tree.nodes[node].children) for node in nodes
            ):
                private.add(name)
        if not private:
            return game
        spelled_out |= private


# ---- numbers -------------------------------------------------------------------------------------------------------


def exact_numbers(game: Game, worth: Worth[Fraction] | None = None) -> Numbers:
    """The tree's numbers at base values: object arrays of `Fraction`, axes (player, end)."""
    worth = exact_worth(game.scenario) if worth is None else worth
    believers: list[str | None] = [*game.players, None]
    reach = np.full((len(believers), game.tree.ends), Fraction(0), dtype=object)
    payoffs = np.full((len(game.players), game.tree.ends), Fraction(0), dtype=object)
    attitudes = _Attitudes(game, worth)
    shared = not any(event.beliefs for event in game.scenario.events.values())
    for end, cases in enumerate(game.cases):
        for case in cases:
            first = _probability(worth, case, None, Fraction(1))
            for row, believer in enumerate(believers):
                weight = first if shared or believer is None else _probability(worth, case, believer, Fraction(1))
                reach[row, end] += weight
                if believer is not None and weight:
                    payoffs[row, end] += weight * attitudes.payoff(row, case.assignment)
    return Numbers(payoffs, reach, tolerances=attitudes.tolerances)


class _Attitudes:
    """Payoffs as players with a risk tolerance see them: turned into utilities one way things can be at a time."""

    def __init__(self, game: Game, worth: Worth[Any]) -> None:
        self._players, self._worth = game.players, worth
        self.tolerances = {game.players.index(player): found for player, found in worth.tolerances().items()}

    def payoff(self, place: int, assignment: Mapping[str, str]) -> Any:
        """A player's payoff in an outcome, or its utility."""
        payoff = self._worth.payoff(self._players[place], assignment)
        if place not in self.tolerances:
            return payoff
        try:
            return utility(payoff, self.tolerances[place])
        except InputError as error:
            raise InputError(f"players.{self._players[place]}.risk_tolerance: {error}") from None


def _probability(worth: Worth[Fraction], case: Case, believer: str | None, one: Fraction) -> Fraction:
    probability = one
    for event, outcome, seen in case.chances:
        probability *= worth.chances(worth.scenario.events[event], believer, seen)[outcome]
        if not probability:
            break
    return probability


def drawn_numbers(game: Game, *, draws: int, seed: int, worth: Worth[Draws] | None = None) -> Numbers:
    """The tree's numbers over draws: float arrays, axes (player, end, draw). Chances outside 0 and 1 are cut."""
    worth = drawn_worth(game.scenario, draws=draws, seed=seed) if worth is None else worth
    believers: list[str | None] = [*game.players, None]
    reach = np.zeros((len(believers), game.tree.ends, draws))
    payoffs = np.zeros((len(game.players), game.tree.ends, draws))
    attitudes = _Attitudes(game, worth)
    chances = _DrawnChances(worth, draws)
    shared = not any(event.beliefs for event in game.scenario.events.values())
    for end, cases in enumerate(game.cases):
        for case in cases:
            first = chances.of(case, None)
            for row, believer in enumerate(believers):
                weight = first if shared or believer is None else chances.of(case, believer)
                reach[row, end] += weight
                if believer is not None:
                    payoffs[row, end] += weight * attitudes.payoff(row, case.assignment)
    if not np.isfinite(payoffs).all():
        raise InputError(
            "a payoff has no value in some draws (a division by zero, or a root or logarithm of a negative number); "
            "bound the inputs behind it with 'at_least' and 'at_most'"
        )
    return Numbers(payoffs, reach, {**chances.clipped, **worth.clipped}, attitudes.tolerances)


class _DrawnChances:
    """Chances of cases over draws, each event's row of chances cut and computed once."""

    def __init__(self, worth: Worth[Draws], draws: int) -> None:
        self.worth = worth
        self.draws = draws
        self.cut: dict[str, npt.NDArray[np.bool_]] = {}
        self._rows: dict[tuple[object, ...], tuple[Draws, ...]] = {}
        self._names = {
            name: tuple(sorted(_chance_names(worth.scenario, event))) for name, event in worth.scenario.events.items()
        }

    @property
    def clipped(self) -> dict[str, float]:
        """The share of draws in which some chance of an event was cut."""
        return {event: float(outside.mean()) for event, outside in self.cut.items()}

    def of(self, case: Case, believer: str | None) -> Draws:
        probability: Draws = 1.0
        for event, outcome, seen in case.chances:
            probability = probability * self._row(event, believer, seen)[outcome]
        return probability

    def _row(self, event: str, believer: str | None, seen: Mapping[str, str]) -> tuple[Draws, ...]:
        key = (event, believer, *map(seen.get, self._names[event]))
        if key not in self._rows:
            raw = self.worth.chances(self.worth.scenario.events[event], believer, seen)
            self._rows[key] = self._cut(event, raw)
        return self._rows[key]

    def _cut(self, event: str, raw: tuple[Draws, ...]) -> tuple[Draws, ...]:
        if all(np.ndim(chance) == 0 for chance in raw):
            return raw
        table = np.array([np.broadcast_to(chance, (self.draws,)) for chance in raw])
        outside = ((table < -1e-12) | (table > 1 + 1e-12)).any(axis=0)
        if outside.any():
            self.cut[event] = self.cut.get(event, np.zeros(self.draws, dtype=bool)) | outside
            cut = np.clip(table, 0, 1)
            table = np.where(outside, cut / cut.sum(axis=0), table)
        return tuple(table)


def _chance_names(scenario: Scenario, event: Event) -> set[str]:
    """Everything the chances of an event can change with."""
    rows = [*event.chances, *(row for rows in event.beliefs.values() for row in rows)]
    names = set().union(*(_names_of(row.when) for row in rows)) if rows else set()
    if event.signal_of is not None:
        names.add(event.signal_of)
    return names | _events_in_formulas(scenario, [value for row in rows for value in row.chances] + [event.right])

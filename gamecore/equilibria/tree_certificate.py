"""The proof that a play of a tree is subgame-perfect: every deviation in every subgame, priced in rationals.

Independent of the solvers: the plan is taken as given, every value is computed anew from the ends, and the best that a
player can do against the others' plan is compared with what the plan gives it,

* at each proper subgame: every pure strategy of each mover in its information sets up to the next subgame roots,
  everything else unchanged (in a subgame with one decision: each other action);
* at each agreement by offers: each answer turned round, each other offer, in every round, and offering nothing; where
  fewer yeses than all are enough, the answers that carry an offer, or keep it from passing;
* at each agreement with payments: every other option with the best that any passing set could be paid for it;
* at each naming game: each player naming every other option.

The plan is a subgame-perfect equilibrium exactly if no gain is positive (one-shot deviation principle over proper
subgames, which holds in finite trees). Gains are weighted by reach, so a gain in a subgame that chance reaches with
probability p counts p times; its sign is what matters.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations, product
from math import prod
from typing import Any, Final, NamedTuple

import numpy.typing as npt

from gamecore.equilibria.play import Play, Settlement, Values
from gamecore.equilibria.result import Certificate, Deviation
from gamecore.games.agreement import Bargaining
from gamecore.games.tree import NodeKind, Tree
from gamecore.games.voting import Quorum

__all__ = ["Judge", "certify_play"]

MOST_STRATEGIES: Final = 4096  # of one player in one subgame, priced one by one; beyond, one information set at a time

Actions = Mapping[int, tuple[Fraction, ...]]


class _Judged(NamedTuple):
    """A play with its values, its own part of the ledger, and the plays it rests on."""

    play: Play
    values: Values
    ledger: tuple[Deviation, ...]
    within: tuple[int, ...]


def certify_play(
    tree: Tree, payoffs: npt.NDArray[Any], play: Play, bargaining: Mapping[int, Bargaining] | None = None
) -> Certificate:
    """The ledger of a play of the whole tree: a `Certificate` with every deviation and its exact gain.

    `payoffs` are `Fraction`s weighted by reach, axes (player, end). A play that claims values its own plan does not
    give gets a deviation with the difference as its gain, so that it cannot hold; so does what is no plan for this tree
    at all (chances that are none, a part left out, an offer out of turn, an outcome its own answers do not lead to).
    """
    return Judge(tree, payoffs, bargaining).certificate(play)


class Judge:
    """Proves plays of one tree; what they share is reckoned once."""

    def __init__(
        self, tree: Tree, payoffs: npt.NDArray[Any], bargaining: Mapping[int, Bargaining] | None = None
    ) -> None:
        self.tree = tree
        self.payoffs = payoffs
        self.bargaining = bargaining or {}
        self.ledger: list[Deviation] = []  # of the play that is looked at
        self._within: dict[int, None] = {}  # the plays it rests on, in order
        self._done: dict[int, _Judged] = {}

    def certificate(self, play: Play) -> Certificate:
        """As `certify_play`."""
        self.value(play)
        ledger: list[Deviation] = []
        seen: set[int] = set()
        stack: list[tuple[int, bool]] = [(id(play), False)]
        while stack:
            key, ready = stack.pop()
            if ready:
                ledger += self._done[key].ledger
            elif key not in seen:
                seen.add(key)
                stack.append((key, True))
                stack += ((below, False) for below in reversed(self._done[key].within))
        return Certificate(tuple(ledger))

    def value(self, play: Play) -> Values:
        """The values of a play, computed from the ends; its deviations are kept with it."""
        key = id(play)
        self._within[key] = None
        if key not in self._done:
            outer = self.ledger, self._within
            self.ledger, self._within = [], {}
            values = self.judged(play)
            self._done[key] = _Judged(play, values, tuple(self.ledger), tuple(self._within))
            self.ledger, self._within = outer
        return self._done[key].values

    def judged(self, play: Play) -> Values:
        """The values of a play; writes its own deviations into the ledger."""
        node = self.tree.nodes[play.node]
        if not self.is_a_plan(play):
            self.ledger.append(Deviation(0, -1, Fraction(1), play.node))
            return play.values
        if node.kind is NodeKind.END:
            values: Values = tuple(self.payoffs[player, node.end] for player in range(self.tree.players))
        elif play.settlement is not None:
            values = self.settlement(play, play.settlement)
        else:
            exits = {number: self.value(below) for number, below in play.below.items()}
            values = self.walk(play.node, play.node, play.actions, exits)
            self.deviate(play, values, exits)
        for player, (said, found) in enumerate(zip(play.values, values, strict=True)):
            if said != found:
                self.ledger.append(Deviation(player, -1, abs(said - found), play.node))
        return values

    # ---- whether it is a plan at all

    def is_a_plan(self, play: Play) -> bool:
        """Whether a play says what is done everywhere in its part of the tree, and nothing else."""
        node = self.tree.nodes[play.node]
        if len(play.values) != self.tree.players:
            return False
        if node.kind is NodeKind.AGREEMENT:
            settlement = play.settlement
            return settlement is not None and not play.actions and not play.below and self.is_settled(play, settlement)
        if play.settlement is not None:
            return False
        widths: dict[int, int] = {}
        exits: set[int] = set()
        stack = list(node.children)
        if node.kind is NodeKind.MOVE:
            widths[node.information_set] = len(node.children)
        while stack:
            number = stack.pop()
            inner = self.tree.nodes[number]
            if number in self.tree.subgame_roots:
                exits.add(number)
                continue
            if inner.kind is NodeKind.MOVE:
                widths[inner.information_set] = len(inner.children)
            stack += inner.children
        return (
            {number: below.node for number, below in play.below.items()} == {number: number for number in exits}
            and {key: len(mix) for key, mix in play.actions.items()} == widths
            and all(_are_chances(mix) for mix in play.actions.values())
        )

    def is_settled(self, play: Play, settlement: Settlement) -> bool:
        """Whether a settlement follows its protocol and ends as its own offers and answers, or names, say."""
        *options, none = self.tree.nodes[play.node].children
        bargaining = self.bargaining[play.node]
        if settlement.none.node != none:
            return False
        if bargaining.at_once:
            return [play.node for play in settlement.options] == options and _names_lead_there(settlement, bargaining)
        if len(settlement.rounds) != bargaining.rounds or settlement.options or settlement.named or settlement.mixes:
            return False
        if settlement.payments and not bargaining.payments:
            return False
        outcome: tuple[int | None, int] = (None, 0)
        for number in range(bargaining.rounds - 1, -1, -1):
            this = settlement.rounds[number]
            if this.proposer != bargaining.proposers[number]:
                return False
            if [response.agreed.node for response in this.responses] != options:
                return False
            if any(response.refused is not None and response.refused.node != none for response in this.responses):
                return False
            if this.offer is not None:
                if not (0 <= this.offer < len(options) and this.responses[this.offer].accepted):
                    return False
                outcome = (this.offer, number)
        return (settlement.option, settlement.round) == outcome

    def walk(self, number: int, root: int, actions: Actions, exits: Mapping[int, Values]) -> Values:
        if number != root and number in exits:
            return exits[number]
        node = self.tree.nodes[number]
        if node.kind is NodeKind.CHANCE:
            return _total([self.walk(child, root, actions, exits) for child in node.children])
        mix = actions[node.information_set]
        used = [(weight, child) for weight, child in zip(mix, node.children, strict=True) if weight]
        if len(used) == 1 and used[0][0] == 1:
            return self.walk(used[0][1], root, actions, exits)
        below = [(weight, self.walk(child, root, actions, exits)) for weight, child in used]
        return _total([tuple(weight * value for value in values) for weight, values in below])

    def deviate(self, play: Play, values: Values, exits: Mapping[int, Values]) -> None:
        """Every pure strategy of each mover in this subgame, up to the next ones."""
        owned: dict[int, list[int]] = {}
        for key in play.actions:
            owned.setdefault(self.tree.nodes[self.tree.information_sets[key][0]].player, []).append(key)
        for player, keys in owned.items():
            if prod(len(play.actions[key]) for key in keys) > MOST_STRATEGIES:
                self.one_shot(play, exits, player, keys)
                continue
            for choice in product(*(range(len(play.actions[key])) for key in keys)):
                changed = dict(play.actions) | {
                    key: tuple(Fraction(int(action == chosen)) for action in range(len(play.actions[key])))
                    for key, chosen in zip(keys, choice, strict=True)
                }
                if changed != play.actions:
                    gain = self.walk(play.node, play.node, changed, exits)[player] - values[player]
                    self.ledger.append(Deviation(player, choice if len(choice) > 1 else choice[0], gain, keys[0]))

    def one_shot(self, play: Play, exits: Mapping[int, Values], player: int, keys: list[int]) -> None:
        """Each other action in each single information set, as if the player did what leads there.

        With perfect recall no strategy gains if none of these does (Hendon, Jacobsen & Sloth 1996).
        """
        inside = range(play.node, self.tree.after[play.node])
        for key in keys:
            nodes = [node for node in self.tree.information_sets[key] if node in inside]
            weights = [self.others_reach(play, node, player) for node in nodes]
            here = [self.walk(node, play.node, play.actions, exits)[player] for node in nodes]
            for action, chance in enumerate(play.actions[key]):
                if chance != 1:
                    there = [
                        self.walk(self.tree.nodes[node].children[action], play.node, play.actions, exits)
                        for node in nodes
                    ]
                    gains = zip(weights, there, here, strict=True)
                    gain = sum((weight * (turned[player] - stays) for weight, turned, stays in gains), Fraction(0))
                    self.ledger.append(Deviation(player, action, gain, key))

    def others_reach(self, play: Play, node: int, player: int) -> Fraction:
        """The chance that the others' choices let play get from the subgame's root to a node."""
        weight = Fraction(1)
        while node != play.node:
            parent = self.tree.nodes[self.tree.parents[node]]
            if parent.kind is NodeKind.MOVE and parent.player != player:
                weight *= play.actions[parent.information_set][parent.children.index(node)]
            node = self.tree.parents[node]
        return weight

    # ---- agreements

    def settlement(self, play: Play, settlement: Settlement) -> Values:
        bargaining = self.bargaining[play.node]
        if bargaining.at_once:
            return self.named(play, settlement, bargaining)
        after: Values | None = None
        if settlement.stationary:  # the next turn is worth what this one says it is worth; that it is, is checked above
            after = self.kept(bargaining, len(settlement.rounds), play.values, self.value(settlement.none))
        for number in range(len(settlement.rounds) - 1, -1, -1):
            after = self.round(play, settlement, bargaining, number, after)
        return after if after is not None else self.value(settlement.none)

    def round(
        self, play: Play, settlement: Settlement, bargaining: Bargaining, number: int, after: Values | None
    ) -> Values:
        """One round, given what the next is worth (None: it is the last); returns what the round is worth."""
        this = settlement.rounds[number]
        quiet = self.value(settlement.none)
        silent = self.failing(bargaining, number, quiet, after)
        if bargaining.payments:
            return self.bought(play, settlement, bargaining, silent)
        results = []
        for option, response in enumerate(this.responses):
            agreed = self.kept(bargaining, number, self.value(response.agreed), quiet)
            refused = silent
            if response.refused is not None:
                refused = self.failing(bargaining, number, self.value(response.refused), after)
            results.append(agreed if response.accepted else refused)
            offer = (this.proposer, option, response.accepted)
            self.answers(bargaining.quorum(option), offer, play.node, agreed, refused)
        chosen = silent if this.offer is None else results[this.offer]
        for option, values in enumerate(results):
            if option != this.offer:
                self.ledger.append(
                    Deviation(this.proposer, option, values[this.proposer] - chosen[this.proposer], play.node)
                )
        if this.offer is not None:
            self.ledger.append(
                Deviation(this.proposer, len(results), silent[this.proposer] - chosen[this.proposer], play.node)
            )
        return chosen

    def answers(self, quorum: Quorum, offer: tuple[int, int, bool], node: int, agreed: Values, refused: Values) -> None:
        """The votes on one offer. Accepted: the yes of each who carries it. Refused: the no of each who blocks it, a
        set of players whose noes are enough; that who loses least among them would gain by a yes is what is priced.
        """
        proposer, option, accepted = offer
        gains = [one - other for one, other in zip(agreed, refused, strict=True)]
        if proposer not in quorum.signers:
            if accepted:
                self.ledger.append(Deviation(proposer, option, Fraction(1), node))
        elif accepted:
            for player in quorum.carried_by(proposer, gains):
                self.ledger.append(Deviation(player, option, -gains[player], node))
        else:
            blocking = quorum.blocked_by(proposer, [-gain for gain in gains])
            if not blocking:  # the proposer alone is enough
                self.ledger.append(Deviation(proposer, option, Fraction(1), node))
            for player in blocking:
                self.ledger.append(Deviation(player, option, gains[player], node))

    def bought(self, play: Play, settlement: Settlement, bargaining: Bargaining, silent: Values) -> Values:
        """An offer with money: those whose yes it needs have no more without it, and no other offer is worth more."""
        this = settlement.rounds[0]
        chosen = silent
        if this.offer is not None:
            worth, quorum = self.value(this.responses[this.offer].agreed), bargaining.quorum(this.offer)
            chosen = tuple(value + paid for value, paid in zip(worth, settlement.payments, strict=True))
            if sum(settlement.payments) or this.proposer not in quorum.signers:
                self.ledger.append(Deviation(this.proposer, this.offer, Fraction(1), play.node))
            asked = [p for p in quorum.signers if p != this.proposer]
            gains = [one - other for one, other in zip(chosen, silent, strict=True)]
            paying = [p for p in range(self.tree.players) if settlement.payments[p] and p != this.proposer]
            # Whoever pays or is paid has said yes; so have others, as far as votes are lacking.
            carried = {*paying, *quorum.carried_by(this.proposer, gains)} & {*asked}
            for player in sorted({*carried, *paying}):
                self.ledger.append(Deviation(player, this.offer, -gains[player], play.node))
            gain = silent[this.proposer] - chosen[this.proposer]
            self.ledger.append(Deviation(this.proposer, len(this.responses), gain, play.node))
        for option, response in enumerate(this.responses):
            most = self.most_bought(bargaining.quorum(option), this.proposer, self.value(response.agreed), silent)
            if most is not None:
                gain = most - chosen[this.proposer]
                self.ledger.append(Deviation(this.proposer, option, gain, play.node))
        return chosen

    @staticmethod
    def most_bought(quorum: Quorum, proposer: int, worth: Values, silent: Values) -> Fraction | None:
        """The most a proposer can have of an option, over every set of signers that passes it; None if it may not."""
        if proposer not in quorum.signers:
            return None
        others = [player for player in quorum.signers if player != proposer]
        totals = [
            worth[proposer] + sum((worth[p] - silent[p] for p in group), Fraction(0))
            for size in range(len(others) + 1)
            for group in combinations(others, size)
            if quorum.passes({proposer, *group})
        ]
        return max(totals, default=None)

    def failing(self, bargaining: Bargaining, number: int, quiet: Values, after: Values | None) -> Values:
        """What a failed round is worth: no agreement with the chance of a breakdown, else the next round."""
        keep = bargaining.keep[number]
        broken = (
            tuple(share * item for share, item in zip(keep, quiet, strict=True)) if bargaining.discount_all else quiet
        )
        if after is None:
            return broken
        return tuple(
            bargaining.breakdown * out + (1 - bargaining.breakdown) * on for out, on in zip(broken, after, strict=True)
        )

    def kept(self, bargaining: Bargaining, number: int, agreed: Values, quiet: Values) -> Values:
        keep = bargaining.keep[number]
        if bargaining.discount_all:
            return tuple(share * item for share, item in zip(keep, agreed, strict=True))
        return tuple(floor + share * (item - floor) for share, item, floor in zip(keep, agreed, quiet, strict=True))

    def named(self, play: Play, settlement: Settlement, bargaining: Bargaining) -> Values:
        quiet = self.value(settlement.none)
        options = [self.value(option) for option in settlement.options]
        mixes: list[tuple[Fraction, ...]] = list(settlement.mixes) or [
            tuple(Fraction(int(option == name)) for option in range(len(options))) for name in settlement.named
        ]
        values = _expected(options, quiet, mixes, bargaining)
        for seat, player in enumerate(bargaining.by):
            for option in range(len(options)):
                pure = tuple(Fraction(int(number == option)) for number in range(len(options)))
                if pure != mixes[seat]:
                    turned = _expected(options, quiet, [*mixes[:seat], pure, *mixes[seat + 1 :]], bargaining)
                    self.ledger.append(Deviation(player, option, turned[player] - values[player], play.node))
        return values


def _total(below: list[Values]) -> Values:
    return tuple(sum(column, Fraction(0)) for column in zip(*below, strict=True))


def _expected(
    options: list[Values], quiet: Values, mixes: list[tuple[Fraction, ...]], bargaining: Bargaining
) -> Values:
    """The worth of naming with these chances, from every way in which the players can name."""
    used = [[(option, chance) for option, chance in enumerate(mix) if chance] for mix in mixes]
    total = [Fraction(0)] * len(quiet)
    for cell in product(*used):
        weight = prod((chance for _, chance in cell), start=Fraction(1))
        settled = bargaining.settled_by([option for option, _ in cell])
        values = quiet if settled is None else options[settled]
        total = [one + weight * value for one, value in zip(total, values, strict=True)]
    return tuple(total)


def _are_chances(mix: tuple[Fraction, ...]) -> bool:
    return sum(mix) == 1 and min(mix) >= 0


def _names_lead_there(settlement: Settlement, bargaining: Bargaining) -> bool:
    """Whether what each side names, or mixes, is complete and leads to the option that the settlement says."""
    count, seats = len(settlement.options), len(bargaining.by)
    if settlement.rounds or settlement.round:
        return False
    if settlement.mixes:
        proper = len(settlement.mixes) == seats and not settlement.named and settlement.option is None
        return proper and all(len(mix) == count and _are_chances(mix) for mix in settlement.mixes)
    if not count:
        return settlement.option is None and not settlement.named
    if len(settlement.named) != seats or not all(0 <= name < count for name in settlement.named):
        return False
    return settlement.option == bargaining.settled_by(settlement.named)

"""What money shared in any way makes of an agreement: the coalitions' worths, the splits, and who pays whom.

The agreement is taken where play comes to it, what follows each option as it is solved. Money moves only if the option
needs it: if nobody, alone or together, has more elsewhere than the option gives, no payment is proposed. Else the
payments are the least that keep everybody, of two players the middle of the interval (`compromises/sharing/least`).
The fair split beside it is the Shapley value if it keeps everybody, else the nucleolus. Where no split keeps everybody
the payments make the largest objection as small as can be, and what is lacking is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.advice.assess import Case
from gamecore.advice.sharing_facts import Claim, CoalitionWorth, CoreRange, PaidTo, Sharing
from gamecore.compromises.sharing.least import LeastChange, least_change
from gamecore.compromises.sharing.overview import Sharing as Shared
from gamecore.compromises.sharing.overview import share_out
from gamecore.compromises.sharing.scenario import CoalitionWorth as Worth
from gamecore.compromises.sharing.scenario import Stage, coalition_worths, worths_over_draws
from gamecore.compromises.sharing.structures import best_structures
from gamecore.equilibria.batch import backward_induction_over_draws
from gamecore.equilibria.following import best_play
from gamecore.games.coalition import CoalitionGame
from gamecore.games.translate import drawn_numbers
from gamecore.games.tree import NodeKind
from gamecore.games.voting import Quorum
from gamecore.model import NO_AGREEMENT, Decision
from gamecore.scenario.expressions import VECTOR
from gamecore.valuation.draws import Sampling
from gamecore.valuation.inputs import draw, quantities, quantity_key
from gamecore.valuation.payoffs import Worth as Valuation

__all__ = ["MOST_PLAYERS", "coalition_game", "sharing_of"]

MOST_PLAYERS: Final = 10  # of one agreement: a second for the exact splits
MOST_WORTHS: Final = 8_000_000  # coalitions times draws: 60 MB
MOST_DRAWN: Final = 10_000

Reached = list[tuple[int, Any]]


def sharing_of(case: Case, *, draws: int, seed: int, sampling: str = Sampling.LATIN_HYPERCUBE) -> Sharing | None:
    """The first agreement with `payments` that play comes to; None if there is none, or too many take part."""
    for decision in case.game.scenario.decisions.values():
        if decision.payments and len(decision.by) <= MOST_PLAYERS:
            nodes, others = _reached(case, decision)
            if nodes:
                return _Maker(case, decision, nodes, others).sharing(draws, seed, sampling)
    return None


def coalition_game(case: Case, decision: Decision) -> CoalitionGame | None:
    """What every coalition can have in an agreement; None if play does not come to it."""
    nodes, others = _reached(case, decision)
    return _Maker(case, decision, nodes, others).game if nodes else None


def _reached(case: Case, decision: Decision) -> tuple[Reached, Reached]:
    """The nodes of an agreement that play comes to, and the ends it comes to without it, with their weights."""
    tree, nodes, others = case.game.tree, [], []
    stack: list[tuple[int, Any]] = [(0, Fraction(1))]
    while stack:
        number, weight = stack.pop()
        node = tree.nodes[number]
        if node.kind is NodeKind.END:
            others.append((number, weight))
        elif node.kind is NodeKind.AGREEMENT and case.game.names[number] == decision.name:
            nodes.append((number, weight))
        elif node.kind is NodeKind.CHANCE:
            stack += [(child, weight) for child in node.children]
        else:
            stack += [(node.children[branch], weight * share) for branch, share in case.policy.branches(number)]
    return sorted(nodes), sorted(others)


class _Maker:
    """The sharing of one agreement of one case."""

    def __init__(self, case: Case, decision: Decision, nodes: Reached, others: Reached) -> None:
        self.case, self.decision, self.nodes, self.others = case, decision, nodes, others
        self.members = tuple(case.game.players.index(player) for player in decision.by)
        plays = case.solved[0].perfect.plays
        self.stages = [self.stage(node, lambda child: best_play(plays[child]).values, w) for node, w in nodes]
        ends = [[weight * value for value in case.numbers.payoffs[:, self.end(node)]] for node, weight in others]
        none = [Fraction(0)] * len(case.game.players)
        self.besides = [sum(column, Fraction(0)) for column in zip(none, *ends, strict=True)]
        self.worths = coalition_worths(self.stages, self.members, self.besides)
        self.game = CoalitionGame(decision.by, tuple(one.value for one in self.worths))

    def end(self, node: int) -> int:
        return self.case.game.tree.nodes[node].end

    def stage(self, node: int, values: Any, weight: Any) -> Stage:
        item = self.case.game.tree.nodes[node]
        quorums = item.quorums or tuple(Quorum.everyone(item.by) for _ in item.children[:-1])
        worth = [values(child) for child in item.children]
        if isinstance(worth[0], tuple):
            return Stage(quorums, tuple(tuple(weight * value for value in one) for one in worth))
        return Stage(quorums, tuple(float(weight) * one for one in worth))

    # ---- the answer

    def sharing(self, draws: int, seed: int, sampling: str) -> Sharing:
        structure = self.structure()
        game = self.game if len(structure) == 1 else best_structures(self.game).cover
        shared = share_out(game)
        rule = "nucleolus" if shared.core.is_empty or shared.objections_to_shapley else "shapley"
        shares = shared.shapley.shares if rule == "shapley" else shared.nucleolus.shares
        acting = max(
            structure, key=lambda block: (any(o is not None for o in self.worths[block].options), block.bit_count())
        )
        before = self.before(acting)
        change = self.change(shared, shares, before, acting)
        paid = [amount if acting >> place & 1 else Fraction(0) for place, amount in enumerate(change.proposed)]
        split = [value + amount for value, amount in zip(before, paid, strict=True)]
        count, structure_holds, split_holds = self.over_draws(structure, acting, paid, (draws, seed, sampling))
        return Sharing(
            decision=self.decision.name,
            coalitions=tuple(self.told(coalition) for coalition in range(1, len(self.worths))),
            structure=tuple(self.game.names(block) for block in structure),
            option=self.option(self.worths[acting]),
            agrees=self.agrees(self.worths[acting]),
            worth=float(game.values[-1]),
            shapley=self.by_name(shared.shapley.shares),
            nucleolus=self.by_name(shared.nucleolus.shares),
            least_core=self.by_name(shared.least_core.shares),
            least_core_excess=float(shared.least_core.excess),
            core=tuple(
                CoreRange(player, float(least.amount), float(most.amount))
                for player, (least, most) in zip(self.decision.by, shared.core_range, strict=False)
            ),
            claims=_claims(shared),
            subsidy=float(shared.core.cost_of_stability),
            rule=rule,
            fair=self.by_name(shares),
            least_paid=float(change.total),
            most_paid=float(change.total * change.most),
            before=self.by_name(before),
            split=self.by_name(split),
            payments=tuple(_payments(self.decision.by, paid)),
            draws=count,
            structure_holds=structure_holds,
            split_holds=split_holds,
            reaches=self.reaches(),
        )

    def change(
        self, shared: Shared, shares: Sequence[Fraction], before: Sequence[Fraction], acting: int
    ) -> LeastChange:
        """The payments; who is left out of the block that acts has what its own block is worth, and pays nothing."""
        held = [
            value if acting >> place & 1 else share
            for place, (share, value) in enumerate(zip(shares, before, strict=True))
        ]
        if sum(held) != shared.game.values[-1]:  # blocks that differ, and no split of their sum keeps everybody
            return LeastChange(tuple(share - value for share, value in zip(shares, held, strict=True)), Fraction(1))
        return least_change(shared.game, held, stable=not shared.core.is_empty)

    def by_name(self, shares: Sequence[Fraction]) -> Mapping[str, float]:
        return {player: float(share) for player, share in zip(self.decision.by, shares, strict=True)}

    def structure(self) -> tuple[int, ...]:
        """The blocks that are worth most, all together if that is among the best."""
        found = best_structures(self.game).structures
        return (self.game.everybody,) if (self.game.everybody,) in found else found[0]

    def told(self, coalition: int) -> CoalitionWorth:
        worth = self.worths[coalition]
        return CoalitionWorth(self.game.names(coalition), float(worth.value), str(worth.value), self.option(worth))

    def option(self, worth: Worth) -> str:
        """The option of a coalition by its key; where it differs from state to state, all of them."""
        names = [
            NO_AGREEMENT if option is None else self.case.game.actions[node][option].name
            for (node, _), option in zip(self.nodes, worth.options, strict=True)
        ]
        return " or ".join(dict.fromkeys(names))

    def before(self, acting: int) -> list[Fraction]:
        """What each has before payments by the option that is carried out, those who are left out too."""
        values = []
        for player in self.members:
            parts = [
                stage.values[-1 if option is None else option][player]
                for stage, option in zip(self.stages, self.worths[acting].options, strict=True)
            ]
            values.append(sum(parts, self.besides[player]))
        return values

    def agrees(self, worth: Worth) -> bool:
        """Whether every equilibrium of the talks settles on that option, whoever proposes."""
        for solved in self.case.solved:
            for (node, _), option in zip(self.nodes, worth.options, strict=True):
                settled = {play.settlement.option for play in solved.perfect.plays[node] if play.settlement}
                if settled != {option}:
                    return False
        return True

    def reaches(self) -> frozenset[str]:
        """What is confidential and reaches any of these numbers: all payoffs of those who agree, wherever play goes."""
        tree = self.case.game.tree
        ends = {end for node, _ in self.nodes for end in tree.ends_below(node)}
        ends |= {self.end(node) for node, _ in self.others}
        return frozenset().union(*(self.case.traces[player, end] for player in self.members for end in ends))

    # ---- over the draws

    def over_draws(
        self, structure: tuple[int, ...], acting: int, paid: Sequence[Fraction], settings: tuple[int, int, str]
    ) -> tuple[int, float, float]:
        """In how many draws the structure and the split were looked at, and the shares in which they hold.

        Who is left out has what its own block can have.
        """
        case, (draws, seed, sampling) = self.case, settings
        if not quantities(case.game.scenario):
            draws = 1
        count = max(1, min(draws, MOST_DRAWN, MOST_WORTHS // len(self.worths)))
        drawn = draw(case.game.scenario, draws=count, seed=seed, sampling=sampling)
        worth = Valuation(case.game.scenario, VECTOR, lambda item: drawn[quantity_key(item)])
        numbers = drawn_numbers(case.game, draws=count, seed=seed, worth=worth)
        rules = case.game.bargaining(case.solved[0].talks, worth)
        played = backward_induction_over_draws(case.game.tree, numbers.payoffs, rules)
        stages = [self.stage(node, lambda child: played.values[child], weight) for node, weight in self.nodes]
        besides = np.zeros((len(case.game.players), count))
        for node, weight in self.others:
            besides += float(weight) * numbers.payoffs[:, self.end(node)]
        found = worths_over_draws(stages, self.members, besides)
        tie = 1e-9 * np.maximum(1.0, np.abs(found).max(axis=0))
        held = np.array([self._held(player, acting, stages, besides) for player in self.members])
        inside = [place for place in range(len(self.members)) if acting >> place & 1]
        together = held[inside].sum(axis=0) + sum(found[block] for block in structure if block != acting)
        after = held + np.array([float(amount) for amount in paid])[:, None]
        outside = [place for place in range(len(self.members)) if place not in inside]
        after[outside] = found[[1 << place for place in outside]]
        sums = np.zeros((1, count))
        for row in after:
            sums = np.concatenate([sums, sums + row])
        stays, content = together >= _cover(found) - tie, (sums >= found - tie).all(axis=0)
        return count, float(stays.mean()), float(content.mean())

    def _held(
        self, player: int, acting: int, stages: Sequence[Stage], besides: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """What a player has before payments in each draw, by the option carried out at base values."""
        total: npt.NDArray[np.float64] = besides[player].copy()
        for stage, option in zip(stages, self.worths[acting].options, strict=True):
            total += stage.values[-1 if option is None else option][player]
        return total


def _cover(worths: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The most all have by splitting up, in each draw: the superadditive cover of everybody."""
    best = worths.copy()
    for coalition in range(1, len(best)):
        part = (coalition - 1) & coalition
        while part:
            best[coalition] = np.maximum(best[coalition], best[part] + best[coalition ^ part])
            part = (part - 1) & coalition
    most: npt.NDArray[np.float64] = best[-1]
    return most


def _claims(shared: Shared) -> tuple[Claim, ...]:
    """The coalitions that together ask for more than there is."""
    pairs = zip(shared.core.objection.coalitions, shared.core.objection.weights, strict=True)
    return tuple(Claim(shared.game.names(one), float(shared.game.values[one]), float(weight)) for one, weight in pairs)


def _payments(players: Sequence[str], paid: Sequence[Fraction]) -> Iterator[PaidTo]:
    """Who pays whom: whoever gives up most pays whoever gets most, until all is paid."""
    left = dict(zip(players, paid, strict=True))
    while any(left.values()):
        payer, payee = min(left, key=lambda player: left[player]), max(left, key=lambda player: left[player])
        if left[payer] >= 0 or left[payee] <= 0:
            return  # an empty core of blocks that differ: what is lacking is told apart
        amount = min(-left[payer], left[payee])
        left[payer] += amount
        left[payee] -= amount
        yield PaidTo(payer, payee, float(amount))

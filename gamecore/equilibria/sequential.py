"""Whether beliefs exist under which a behaviour is optimal in every information set, reached or not; exact.

An *assessment* is a behaviour with a belief, a distribution over its nodes, for each information set. It is *weakly
sequential* if beliefs follow Bayes' rule where play gets and nobody would gain, in any information set, by another plan
from there on; *sequential* if the beliefs moreover are limits of those of completely mixed behaviours that tend to the
behaviour (Kreps & Wilson 1982).

**Weak**: where play does not get, the beliefs that make the behaviour optimal form a polytope, each other plan being
one linear inequality; it is empty or not, set by set, decided by a linear program in rationals.

**Consistent**: beliefs are limits of that kind exactly if each action `a` that is not played can be given an order
`e_a > 0` and a weight `c_a > 0`, with `e_a = 0` and `c_a` its chance for the actions played, such that in each
information set the nodes believed in are those of least order (sum of `e` on the way) and are as likely as the products
of `c` on the way (Kreps & Wilson 1982, appendix; Kohlberg & Reny 1997). Given the beliefs, the orders are a linear
program, and the weights a system of equations between products, both solved exactly. Beliefs are tried at corners and
in the middle of the polytopes: finding some proves `sequential`, finding none leaves `weak`.

Payoffs and `reach` are as in `games/tree.py`; beliefs are the information set's owner's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from itertools import islice, product
from typing import Any, Final

import numpy.typing as npt

from gamecore.equilibria.behaviour import (
    Behaviour,
    Sequences,
    is_subgame_perfect,
    node_reach,
    node_values,
    sequences,
    unit,
)
from gamecore.equilibria.exact_program import Outcome, Program
from gamecore.equilibria.result import Status
from gamecore.equilibria.tree_equilibria import nash_equilibria
from gamecore.equilibria.tree_result import TreeEquilibrium, TreeSolution
from gamecore.games.tree import NodeKind, Tree

__all__ = ["Assessment", "Sequential", "Verdict", "assess", "best_assessment", "sequential_equilibria"]

MOST_PLANS: Final = 2_000  # continuation plans from one information set
MOST_TRIED: Final = 2_000  # beliefs tried for consistency
MOST_FILLINGS: Final = 64  # ways to fill in what an equilibrium leaves open
LARGEST_POWER: Final = 64  # of a weight, in the equations between products

Stop = Callable[[], bool]
Weights = dict[int, Fraction]


class Verdict(StrEnum):
    SEQUENTIAL = "sequential"
    WEAK = "weak"
    NONE = "none"
    UNDECIDED = "undecided"


BEST_FIRST: Final = (Verdict.SEQUENTIAL, Verdict.WEAK, Verdict.UNDECIDED, Verdict.NONE)


@dataclass(frozen=True)
class Assessment:
    """The beliefs found, by information set and node, and what they prove.

    With the verdict `weak` they make the behaviour optimal everywhere but were not shown to be consistent
    (`consistent` is False if no beliefs are: the behaviour is not subgame-perfect). With `none`, `failing` are the
    information sets in which no belief makes it optimal. `undecided`: the limits did not allow it.
    """

    verdict: Verdict
    beliefs: Mapping[int, Mapping[int, Fraction]] = field(default_factory=dict)
    failing: tuple[int, ...] = ()
    consistent: bool | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sequential:
    """The Nash equilibria that are at least weakly sequential, with their beliefs."""

    status: Status
    equilibria: tuple[tuple[TreeEquilibrium, Assessment], ...]
    notes: tuple[str, ...] = ()


def assess(
    tree: Tree,
    payoffs: npt.NDArray[Any],
    behaviour: Behaviour,
    reach: npt.NDArray[Any],
    *,
    should_stop: Stop | None = None,
) -> Assessment:
    """The beliefs that make a behaviour optimal everywhere, or where there are none.

    Parameters
    ----------
    tree
        A tree of moves and chance with perfect recall.
    payoffs
        `Fraction`s weighted by reach, axes (player, end).
    behaviour
        The chances of the actions of every information set.
    reach
        The chance that chance lets play get to each end, axes (player, end).

    Raises
    ------
    InputError
        If the tree has agreements.
    RefusedError
        If it has imperfect recall.
    """
    return _Assessing(tree, payoffs, dict(behaviour), reach, sequences(tree), should_stop).assessment()


def sequential_equilibria(
    tree: Tree,
    payoffs: npt.NDArray[Any],
    reach: npt.NDArray[Any],
    *,
    nash: TreeSolution | None = None,
    should_stop: Stop | None = None,
) -> Sequential:
    """The Nash equilibria of a small tree that are sequential, or at least weakly so, with beliefs.

    What an equilibrium leaves open is filled in the way that has the best verdict of those tried. The equilibria looked
    at are those of `nash_equilibria`: where there are infinitely many, extreme ones stand for the others.
    """
    nash = nash or nash_equilibria(tree, payoffs, should_stop=should_stop)
    if nash.status is Status.REFUSED:
        return Sequential(Status.REFUSED, (), nash.notes)
    kept: list[tuple[TreeEquilibrium, Assessment]] = []
    notes = list(nash.notes)
    status = nash.status
    for number, one in enumerate(nash.equilibria):
        if should_stop is not None and should_stop():
            notes.append(f"stopped after {number} of {len(nash.equilibria)} equilibria")
            status = Status.PARTIAL
            break
        found, judged = best_assessment(tree, payoffs, reach, one, should_stop=should_stop)
        if judged.verdict is Verdict.NONE:
            continue
        kept.append((found, judged))
        if judged.verdict is not Verdict.SEQUENTIAL and judged.consistent is not False:
            status = Status.PARTIAL
    if any(judged.verdict is Verdict.WEAK and judged.consistent is None for _, judged in kept):
        notes.append("where the verdict is weak, no consistent beliefs were found among those tried")
    return Sequential(status, tuple(kept), tuple(notes))


def best_assessment(
    tree: Tree,
    payoffs: npt.NDArray[Any],
    reach: npt.NDArray[Any],
    one: TreeEquilibrium,
    *,
    should_stop: Stop | None = None,
) -> tuple[TreeEquilibrium, Assessment]:
    """An equilibrium and its beliefs; what it leaves open (`filled`) is done in the way that has the best verdict of
    those tried.
    """
    tried: list[tuple[TreeEquilibrium, Assessment]] = []
    for behaviour in islice(_fillings(tree, one), MOST_FILLINGS):
        judged = assess(tree, payoffs, behaviour, reach, should_stop=should_stop)
        tried.append((replace(one, behaviour=behaviour), judged))
        if judged.verdict is Verdict.SEQUENTIAL:
            break
    return min(tried, key=lambda item: BEST_FIRST.index(item[1].verdict))


def _fillings(tree: Tree, one: TreeEquilibrium) -> Iterator[Behaviour]:
    """The behaviour as it is, and with other pure actions where no plan of its owner gets."""
    yield one.behaviour
    keys = sorted(one.filled)
    widths = [len(tree.nodes[tree.information_sets[key][0]].children) for key in keys]
    for choice in product(*map(range, widths)):
        changed = dict(one.behaviour)
        changed |= {key: unit(action, width) for key, action, width in zip(keys, choice, widths, strict=True)}
        if changed != one.behaviour:
            yield changed


@dataclass
class _Assessing:
    """`weights` of nodes in a belief are in units of the players' choices: the owner's belief is that times its reach
    of the node.
    """

    tree: Tree
    payoffs: npt.NDArray[Any]
    behaviour: dict[int, tuple[Fraction, ...]]
    reach: npt.NDArray[Any]
    numbered: Sequences
    should_stop: Stop | None
    _known_gains: dict[int, Sequence[Weights]] = field(default_factory=dict)

    def assessment(self) -> Assessment:
        self.chances = node_reach(self.tree, self.reach)
        self.worth = node_values(self.tree, self.payoffs, self.behaviour)
        self.likely = self._likely()
        certain: dict[int, Weights] = {}
        open_sets: dict[int, list[Weights]] = {}
        failing: list[int] = []
        for key, owner in self.numbered.owner.items():
            nodes = [node for node in self.tree.information_sets[key] if self.chances[node][owner]]
            if not nodes:
                continue  # chance never lets play get there: nothing to judge
            gains = self._gains(key, nodes)
            if gains is None:
                note = f"more than {MOST_PLANS} plans from information set {key} on: not judged"
                return Assessment(Verdict.UNDECIDED, notes=(note,))
            weights = {node: self.likely[node] for node in nodes}
            if any(weights.values()):
                certain[key] = weights
                if any(_dot(gain, weights) > 0 for gain in gains):
                    failing.append(key)
                continue
            found = self._possible(key, nodes, gains)
            if found is None:
                return Assessment(Verdict.UNDECIDED, notes=("stopped before all information sets were judged",))
            if found:
                open_sets[key] = found
            else:
                failing.append(key)
        if failing:
            return Assessment(Verdict.NONE, failing=tuple(failing))
        return self._consistent_or_not(certain, open_sets)

    def _consistent_or_not(self, certain: dict[int, Weights], open_sets: dict[int, list[Weights]]) -> Assessment:
        if not open_sets:
            return Assessment(Verdict.SEQUENTIAL, self._beliefs(certain), (), consistent=True)
        middle = {key: options[-1] for key, options in open_sets.items()}
        if not is_subgame_perfect(self.tree, self.payoffs, self.behaviour, numbered=self.numbered):
            note = "not subgame-perfect, so that no consistent beliefs exist"
            return Assessment(Verdict.WEAK, self._beliefs(certain | middle), (), consistent=False, notes=(note,))
        chosen, exhausted = self._search(open_sets)
        if chosen is not None:
            return Assessment(Verdict.SEQUENTIAL, self._beliefs(certain | chosen), (), consistent=True)
        note = f"no consistent beliefs among those tried{' before the limit' if exhausted else ''}"
        return Assessment(Verdict.WEAK, self._beliefs(certain | middle), (), notes=(note,))

    def _likely(self) -> list[Fraction]:
        """How likely the players' choices make each node."""
        likely = [Fraction(1)] * len(self.tree.nodes)
        for number, node in enumerate(self.tree.nodes):
            for place, child in enumerate(node.children):
                share = self.behaviour[node.information_set][place] if node.kind is NodeKind.MOVE else 1
                likely[child] = likely[number] * share
        return likely

    def _beliefs(self, weights: Mapping[int, Weights]) -> dict[int, dict[int, Fraction]]:
        beliefs = {}
        for key, here in sorted(weights.items()):
            owner = self.numbered.owner[key]
            scaled = {node: weight * self.chances[node][owner] for node, weight in here.items()}
            total = sum(scaled.values())
            beliefs[key] = {node: value / total for node, value in scaled.items()}
        return beliefs

    # ---- which beliefs make the behaviour optimal in one information set

    def _gains(self, key: int, nodes: Sequence[int]) -> list[Weights] | None:
        """For each plan of the owner from the set on, what it gains over the behaviour at each node; None if too many.

        Plans that gain nothing anywhere are left out.
        """
        owner = self.numbered.owner[key]
        ways = self._continuations(key, owner)
        if ways is None:
            return None
        distinct: dict[tuple[Fraction, ...], None] = {}
        for plan in ways:
            gain = tuple(self._value(node, plan, owner) - self.worth[node][owner] for node in nodes)
            if max(gain) > 0:
                distinct[gain] = None
        return [dict(zip(nodes, gain, strict=True)) for gain in distinct]

    def _continuations(self, key: int, owner: int) -> list[dict[int, int]] | None:
        """The owner's plans from an information set on, an action for each of its sets they get to."""
        numbered = self.numbered
        plans: list[dict[int, int]] = [{}]
        sets = [key]
        got = {numbered.first[key] + action for action in range(numbered.width[key])}
        for later in numbered.owned[owner]:
            if numbered.before[later] in got:
                sets.append(later)
                got |= {numbered.first[later] + action for action in range(numbered.width[later])}
        for here in sets:
            grown = []
            for plan in plans:
                made = {numbered.first[one] + action for one, action in plan.items()}
                if here == key or numbered.before[here] in made:
                    grown += [plan | {here: action} for action in range(numbered.width[here])]
                else:
                    grown.append(plan)
            plans = grown
            if len(plans) > MOST_PLANS:
                return None
        return plans

    def _value(self, number: int, plan: Mapping[int, int], owner: int) -> Fraction:
        """What a node is worth to `owner` when it follows `plan` from there on."""
        total = Fraction(0)
        stack = [(number, Fraction(1))]
        while stack:
            here, weight = stack.pop()
            node = self.tree.nodes[here]
            if node.kind is NodeKind.END:
                total += weight * self.payoffs[owner, node.end]
            elif node.kind is NodeKind.CHANCE:
                stack.extend((child, weight) for child in node.children)
            elif node.player == owner:
                stack.append((node.children[plan[node.information_set]], weight))
            else:
                mix = self.behaviour[node.information_set]
                stack.extend((c, weight * chance) for c, chance in zip(node.children, mix, strict=True) if chance)
        return total

    def _possible(self, key: int, nodes: Sequence[int], gains: Sequence[Weights]) -> list[Weights] | None:
        """Some beliefs of the polytope, corners first and the middle of them last; empty if there are none, None if
        stopped.
        """
        owner = self.numbered.owner[key]
        program = Program(
            at_most=[([gain[node] for node in nodes], Fraction(0)) for gain in gains],
            equal=[([self.chances[node][owner] for node in nodes], Fraction(1))],
            should_stop=self.should_stop,
        )
        corners: dict[tuple[Fraction, ...], None] = {}
        for sign, place in product((1, -1), range(len(nodes))):
            optimum = program.maximise([sign * int(place == other) for other in range(len(nodes))])
            if optimum.outcome is Outcome.STOPPED:
                return None
            if optimum.outcome is not Outcome.OPTIMAL:
                return []
            corners[optimum.point] = None
        middle = tuple(sum(column, Fraction(0)) / len(corners) for column in zip(*corners, strict=True))
        corners.pop(middle, None)
        listed = [dict(zip(nodes, point, strict=True)) for point in (*corners, middle)]
        self._known_gains[key] = gains
        return listed

    # ---- consistency

    def _search(self, open_sets: dict[int, list[Weights]]) -> tuple[dict[int, Weights] | None, bool]:
        """Beliefs for the sets that play does not get to, consistent together; and whether the limit cut it short."""
        keys = list(open_sets)
        options = {key: self._options(key, open_sets) for key in keys}
        tried = 0
        stack: list[dict[int, Weights]] = [{}]
        while stack:
            chosen = stack.pop()
            if len(chosen) == len(keys):
                return chosen, False
            key = keys[len(chosen)]
            for option in options[key]:
                tried += 1
                if tried > MOST_TRIED or (self.should_stop is not None and self.should_stop()):
                    return None, True
                longer = chosen | {key: option}
                if self._is_consistent(longer):
                    stack.append(longer)
        return None, False

    def _options(self, key: int, open_sets: dict[int, list[Weights]]) -> list[Weights]:
        """The corners and middle of a set's own beliefs, and those of sets of the same size that fit here too; the
        middle comes last, so that it is tried first.
        """
        own = open_sets[key]
        nodes = list(own[0])
        owner = self.numbered.owner[key]
        gains = self._known_gains[key]
        borrowed: list[Weights] = []
        for other, options in open_sets.items():
            if other != key and len(options[0]) == len(nodes):
                for option in options:
                    weights = dict(zip(nodes, option.values(), strict=True))
                    total = sum(weight * self.chances[node][owner] for node, weight in weights.items())
                    weights = {node: weight / total for node, weight in weights.items()}
                    if weights not in own and weights not in borrowed:
                        borrowed.append(weights)
        fitting = [option for option in borrowed if all(_dot(gain, option) <= 0 for gain in gains)]
        return [*fitting, *own]

    def _is_consistent(self, beliefs: Mapping[int, Weights]) -> bool:
        """Whether orders and weights of the actions not played exist that make these beliefs (see the module)."""
        unplayed: dict[tuple[int, int], int] = {}
        for key, mix in self.behaviour.items():
            for action, chance in enumerate(mix):
                if not chance:
                    unplayed[key, action] = len(unplayed)
        count = len(unplayed)
        equal: list[tuple[list[int], int]] = []
        at_most: list[tuple[list[int], int]] = []
        products: list[tuple[list[int], Fraction]] = []
        for here in beliefs.values():
            ways = {node: self._way(node, unplayed, count) for node in here}
            believed = [node for node, weight in here.items() if weight]
            first = believed[0]
            way, played = ways[first]
            for node, weight in here.items():
                other, chance = ways[node]
                difference = [a - b for a, b in zip(other, way, strict=True)]
                if not weight:  # sum of e over `other` at least 1 more, where e = 1 + the unknown
                    at_most.append(([-value for value in difference], sum(difference) - 1))
                elif node != first:
                    equal.append((difference, -sum(difference)))
                    products.append((difference, weight / here[first] * played / chance))
        if not _solvable(products):
            return False
        if not equal and not at_most:
            return True
        program = Program(at_most=at_most, equal=equal, variables=count)
        return program.maximise([0] * count).outcome is Outcome.OPTIMAL

    def _way(self, node: int, unplayed: Mapping[tuple[int, int], int], count: int) -> tuple[list[int], Fraction]:
        """Which unplayed actions lead to a node, and the product of the chances of the played ones."""
        way = [0] * count
        chance = Fraction(1)
        while (parent := self.tree.parents[node]) >= 0:
            above = self.tree.nodes[parent]
            if above.kind is NodeKind.MOVE:
                action = above.children.index(node)
                if (above.information_set, action) in unplayed:
                    way[unplayed[above.information_set, action]] += 1
                else:
                    chance *= self.behaviour[above.information_set][action]
            node = parent
        return way, chance


def _solvable(equations: Sequence[tuple[list[int], Fraction]]) -> bool:
    """Whether positive `c` exist with `prod c_j ** row_j = side` for each equation.

    Elimination in integers: a combination of rows is a product of powers of the sides, so nothing is rounded. False as
    well if the powers grow beyond `LARGEST_POWER`.
    """
    rows = [(list(row), side) for row, side in equations]
    while rows:
        row, side = rows.pop()
        lead = next((place for place, value in enumerate(row) if value), None)
        if lead is None:
            if side != 1:
                return False
            continue
        reduced = []
        for other, value in rows:
            if other[lead]:
                up, down = row[lead], other[lead]
                combined = [up * b - down * a for a, b in zip(row, other, strict=True)]
                if max(map(abs, (up, down, *combined))) > LARGEST_POWER:
                    return False
                reduced.append((combined, value**up / side**down))
            else:
                reduced.append((other, value))
        rows = reduced
    return True


def _dot(gain: Weights, weights: Weights) -> Fraction:
    return sum((value * weights[node] for node, value in gain.items()), Fraction(0))

"""What one player does when another settles on a move: the game narrowed down to that move, solved again.

A *move* of player `u` is an option of the first decision that `u` takes part in. Where `u` decides alone, the game
keeps that option only, in every information set in which it is there; where several agree, `u` makes this offer and no
other, and the others say yes or no (an offer as good as a no is taken). Everything after it, `u`'s own later choices
included, is played as the narrowed game is solved by `backward_induction`, so a reply is a best reply to what follows.
An offer is answered as it stands, without money on top, also where offers may come with money (`payments`).

The narrowed game is the same tree without the branches that are given up (`narrowed`), with nodes and ends numbered
anew, prefix order kept; payoffs weighted by reach (`games/tree.py`) keep their columns.

>>> from gamecore.games.tree import Node, NodeKind, Tree
>>> end = [Node(NodeKind.END, end=number) for number in range(3)]
>>> tree = Tree(1, (Node(NodeKind.MOVE, (1, 2, 3), player=0, information_set=0), *end))
>>> less = narrowed(tree, {0: (0, 2)})
>>> less.tree.nodes[0].children, less.ends
((1, 2), (0, 2))
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from gamecore.advice.analysis import ContingentChoice
from gamecore.advice.assess import Case, contingent_choices
from gamecore.advice.partner_facts import Reply
from gamecore.advice.plans import Plan
from gamecore.equilibria.backward_induction import backward_induction
from gamecore.equilibria.following import Policy, best_play, follow, policy_of
from gamecore.equilibria.play import Play
from gamecore.equilibria.protocols import Solved
from gamecore.games.agreement import Bargaining
from gamecore.games.translate import Action
from gamecore.games.tree import Node, NodeKind, Tree
from gamecore.model import AGREED

__all__ = ["MOST_MOVES", "Narrowed", "narrowed", "replies"]

MOST_MOVES: Final = 12  # listed one by one, as candidates are; of a longer menu those that are candidates


@dataclass(frozen=True)
class Narrowed:
    """A tree without some branches: `nodes` and `ends` give the old number of each new one, `branches` the old branches
    that are kept at an old node.
    """

    tree: Tree
    nodes: tuple[int, ...]
    ends: tuple[int, ...]
    branches: Mapping[int, tuple[int, ...]]


def narrowed(tree: Tree, keep: Mapping[int, tuple[int, ...]]) -> Narrowed:
    """The tree with only the branches `keep[node]` at the nodes named; all others keep theirs.

    An agreement whose answer is known, one branch being kept, is nobody's choice any more: it becomes a chance node.
    """

    def children(number: int) -> tuple[int, ...]:
        node = tree.nodes[number]
        return tuple(node.children[branch] for branch in keep[number]) if number in keep else node.children

    order: list[int] = []
    stack = [0]
    while stack:
        number = stack.pop()
        order.append(number)
        stack.extend(reversed(children(number)))
    place = {number: new for new, number in enumerate(order)}
    nodes: list[Node] = []
    ends: list[int] = []
    for number in order:
        node = tree.nodes[number]
        if node.kind is NodeKind.END:
            nodes.append(replace(node, end=len(ends)))
            ends.append(node.end)
        else:
            below = tuple(place[child] for child in children(number))
            settled = node.kind is NodeKind.AGREEMENT and len(below) < len(node.children)
            kept = Node(NodeKind.CHANCE, below) if settled else replace(node, children=below)  # payoffs hold the chance
            nodes.append(kept)
    return Narrowed(Tree(tree.players, tuple(nodes)), tuple(order), tuple(ends), dict(keep))


def replies(case: Case, asker: str, seat: str) -> tuple[tuple[Reply, ...], int]:
    """What `seat` does after each first move of `asker`, in the order of the file, and how many moves are left out.

    The protocol is the one in which `asker` makes the first offer, if there is one.
    """
    moves = _moves(case, case.game.players.index(asker))
    left_out = 0
    if len(moves) > MOST_MOVES:
        known = {plan.key for plan in case.plans}
        kept = {key: move for key, move in moves.items() if key in known}
        left_out = len(moves) - len(kept)
        moves = kept
    return tuple(_reply(case, asker, seat, key, nodes) for key, nodes in moves.items()), left_out


def _moves(case: Case, asker: int) -> dict[str, dict[int, int]]:
    """The first moves of a player by key, each with its branch at every node where it can be made."""
    found: dict[str, dict[int, int]] = {}
    for number in _first(case.game.tree, asker):
        quorums = case.game.tree.nodes[number].quorums
        for branch, action in enumerate(case.game.actions[number]):
            if not action.fails and (not quorums or asker in quorums[branch].signers):
                found.setdefault(_key(case.game.name_of(number), action), {})[number] = branch
    return found


def _key(decision: str, action: Action) -> str:
    pairs = [(name, value) for name, value in action.sets if value != AGREED] or [(decision, action.name)]
    return ",".join(f"{name}={value}" for name, value in pairs)


def _first(tree: Tree, player: int) -> Iterator[int]:
    """The first nodes on the way from the root at which a player has a say."""
    stack = [0]
    while stack:
        number = stack.pop()
        node = tree.nodes[number]
        mine = node.player == player if node.kind is NodeKind.MOVE else player in node.by
        if mine and node.kind in {NodeKind.MOVE, NodeKind.AGREEMENT}:
            yield number
        else:
            stack.extend(reversed(node.children))


@dataclass(frozen=True)
class _Game:
    """A move and the game narrowed down to it, solved. `answers` says, for each node at which the move is an offer,
    whether it is taken there.
    """

    case: Case
    number: int  # of the protocol
    moves: Mapping[int, int]
    answers: Mapping[int, bool]
    less: Narrowed
    bargaining: Mapping[int, Bargaining]
    plays: tuple[Play, ...]


def _solved(case: Case, asker: str, moves: Mapping[int, int]) -> _Game:
    """The game in which a player has settled on a move."""
    tree, names = case.game.tree, [item.talks.proposer for item in case.solved]
    number = names.index(asker) if asker in names else 0
    talks, own = case.solved[number], case.game.players.index(asker)
    answers: dict[int, bool] = {}
    keep: dict[int, tuple[int, ...]] = {}
    for node, branch in moves.items():
        item = tree.nodes[node]
        if item.kind is NodeKind.AGREEMENT:
            answers[node] = _taken(talks, tree, node, branch, own)
            keep[node] = (branch,) if answers[node] else (len(item.children) - 1,)
        else:
            keep |= dict.fromkeys(tree.information_sets[item.information_set], (branch,))
    less = narrowed(tree, keep)
    bargaining = {new: talks.bargaining[old] for new, old in enumerate(less.nodes) if old in talks.bargaining}
    perfect = backward_induction(less.tree, case.numbers.payoffs[:, list(less.ends)], bargaining)
    return _Game(case, number, moves, answers, less, bargaining, perfect.plays[0])


def _taken(talks: Solved, tree: Tree, node: int, branch: int, asker: int) -> bool:
    """Whether those who are asked take an offer: each says yes to what is as good as a no, as talks are played."""
    children = tree.nodes[node].children
    yes, no = (best_play(talks.perfect.plays[child]).values for child in (children[branch], children[-1]))
    return talks.bargaining[node].quorum(branch).accepts(asker, lambda player: yes[player] >= no[player])


def _reply(case: Case, asker: str, seat: str, key: str, moves: Mapping[int, int]) -> Reply:
    """One move: narrow the game down to it, solve, and read off what follows."""
    game = case.game
    found = _solved(case, asker, moves)
    play = best_play(found.plays)
    policy = policy_of(found.less.tree, play, found.bargaining)
    worth = case.numbers.equivalents(play.values)  # what later offers pay included
    node, branch = next(iter(moves.items()))
    decision = game.scenario.decisions[game.name_of(node)]
    accepted, margin = _offered(found, game.players.index(seat)) if found.answers else (None, None)
    return Reply(
        move=key,
        label=game.actions[node][branch].label,
        decision=decision.name,
        decision_label=decision.label,
        accepted=accepted,
        margin=margin,
        does=_does(found, policy, seat),
        values={name: float(value) for name, value in zip(game.players, worth, strict=True)},
        settled=play.pure and len({item.values for item in found.plays}) == 1,
    )


def _offered(found: _Game, player: int) -> tuple[float, float]:
    """The chance that the offer is taken, given that it is made, and what taking it is worth to a player over a no."""
    case, tree = found.case, found.case.game.tree
    policy, reach, payoffs = case.policies[found.number], case.numbers.reach[-1], case.numbers.payoffs[player]
    made = taken = Fraction(0)
    worth = [Fraction(0), Fraction(0)]  # yes, no; weighted by reach
    for node, answer in found.answers.items():
        children = tree.nodes[node].children
        for place, child in enumerate((children[found.moves[node]], children[-1])):
            weights = follow(tree, policy, start=child)
            worth[place] += sum((weight * payoffs[end] for end, weight in weights.items()), Fraction(0))
            if not place:
                chance = sum((weight * reach[end] for end, weight in weights.items()), Fraction(0))
                made, taken = made + chance, taken + chance * answer
    if not made:
        return 0.0, 0.0
    yes, no = (case.numbers.equivalent(player, total / made) for total in worth)
    return float(taken / made), float(yes - no)


def _does(found: _Game, policy: Policy, seat: str) -> tuple[ContingentChoice, ...]:
    """The seat's other choices, with the news each rests on; none where somebody mixes."""
    forced: dict[int, tuple[int, ...]] = {}
    for new, old in enumerate(found.less.nodes):
        kept = found.less.branches.get(old)
        if kept is not None:
            forced[old] = kept
        elif found.less.tree.nodes[new].kind in {NodeKind.MOVE, NodeKind.AGREEMENT}:
            taken = policy.branches(new)
            if len(taken) != 1:
                return ()
            forced[old] = (taken[0][0],)
    plan = Plan("", "", tuple((node, forced[node][0]) for node in found.moves if node in forced), forced)
    return tuple(item for item in contingent_choices(found.case, plan) if seat in item.by)

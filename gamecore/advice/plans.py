"""The plans people can name, read off the game tree.

A plan is a path of choices from the root as far as nothing is left to chance: the steps of a game of moves, or the
steps up to the first agreement and the option agreed there. What follows - after news, or after the agreement - follows
by itself, as the game will be played. Where chance comes first, a plan lays down one option of the first decision
whatever the news, and one more plan is to decide as the news suggests.

A plan is kept as `forced`: the branches it leaves open at the nodes of the tree it speaks of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from gamecore.equilibria.following import Policy, open_branches
from gamecore.games.translate import Action, Game
from gamecore.games.tree import NodeKind
from gamecore.model import AGREED, NO_AGREEMENT, Clause, Condition

__all__ = ["Plan", "condition_fits", "disagreement_of", "forced_by", "later_failures", "named_plans", "plan_of"]


@dataclass(frozen=True)
class Plan:
    """`path` are the (node, branch) steps people name; `forced` what it lays down; `fails` if it ends without
    agreement.
    """

    key: str
    label: str
    path: tuple[tuple[int, int], ...]
    forced: Mapping[int, tuple[int, ...]]
    fails: bool = False
    contingent: bool = False


def named_plans(game: Game, policy: Policy) -> tuple[tuple[Plan, ...], tuple[Plan, ...]]:
    """Every plan people can name, in file order, and apart from them the ways talks can fail."""
    chance_first = game.tree.nodes[0].kind is NodeKind.CHANCE
    found = list(_after_news(game, policy) if chance_first else _paths(game, 0, ()))
    return tuple(plan for plan in found if not plan.fails), tuple(plan for plan in found if plan.fails)


def disagreement_of(failing: tuple[Plan, ...], reached: Callable[[Plan], bool]) -> Plan | None:
    """No agreement: of the ways talks can fail, the one that play comes past, else the first."""
    return next((plan for plan in failing if reached(plan)), failing[0] if failing else None)


def later_failures(game: Game) -> Iterator[Plan]:
    """No agreement in talks that come after news or after moves that chance follows: wherever they are held."""
    for name, nodes in game.agreement_nodes.items():
        failing = game.scenario.decisions[name].no_agreement
        forced = {node: (len(game.tree.nodes[node].children) - 1,) for node in nodes}
        label = NO_AGREEMENT if failing is None else failing.label
        yield Plan(f"{name}={NO_AGREEMENT}", label, (), forced, fails=True)


def plan_of(game: Game, path: tuple[tuple[int, int], ...], *, fails: bool = False) -> Plan:
    """The plan that is a path of choices."""
    actions = [game.actions[node][branch] for node, branch in path]
    label = "; ".join(action.label for action in actions)
    return Plan(_key(game, path), label, path, {node: (branch,) for node, branch in path}, fails)


def _key(game: Game, path: tuple[tuple[int, int], ...]) -> str:
    parts = []
    for node, branch in path:
        action = game.actions[node][branch]
        pairs = [(name, value) for name, value in action.sets if value != AGREED] or [(game.name_of(node), action.name)]
        if action.fails:
            pairs = [(game.name_of(node), action.name)]
        parts += [f"{name}={value}" for name, value in pairs]
    return ",".join(parts)


def _paths(game: Game, number: int, path: tuple[tuple[int, int], ...]) -> Iterator[Plan]:
    node = game.tree.nodes[number]
    name = game.names[number]
    if node.kind in {NodeKind.END, NodeKind.CHANCE}:
        yield plan_of(game, path)
    elif node.kind is NodeKind.AGREEMENT:
        last = len(node.children) - 1
        for branch in range(len(node.children)):
            yield plan_of(game, (*path, (number, branch)), fails=branch == last)
    elif name in game.spelled_out:
        yield from _spelled_out(game, number, path)
    else:
        for branch, child in enumerate(node.children):
            yield from _paths(game, child, (*path, (number, branch)))


def _spelled_out(game: Game, number: int, path: tuple[tuple[int, int], ...]) -> Iterator[Plan]:
    """An agreement laid out as moves: one plan for each option that all take, one for failing."""
    for branch, action in enumerate(game.actions[number]):
        plan = plan_of(game, (*path, (number, branch)), fails=action.fails)
        taken = {node: (onward,) for node, onward in _taken_by_all(game, number, (branch,))}
        yield Plan(plan.key, plan.label, plan.path, dict(plan.forced) | taken, plan.fails)
    yield from _missed(game, [number], dict(path))


def _missed(game: Game, nodes: list[int], before: Mapping[int, int]) -> Iterator[Plan]:
    """No agreement where each names an option: the first two name different ones."""
    name = game.name_of(nodes[0])
    failing = game.scenario.decisions[name].no_agreement
    forced: dict[int, tuple[int, ...]] = {}
    for number in nodes:
        child = game.tree.nodes[number].children[0]
        named = game.names[child] == name and len(game.actions[child]) > 1
        if any(action.fails for node in (number, child) for action in game.actions[node]) or not named:
            return  # there is an offer to refuse, or only one option to name
        forced |= {number: (0,), child: (1,)}
    label = NO_AGREEMENT if failing is None else failing.label
    steps = {node: (branch,) for node, branch in before.items()}
    yield Plan(f"{name}={NO_AGREEMENT}", label, (), forced | steps, fails=True)


def _taken_by_all(game: Game, number: int, branches: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """The answers by which all go along with an option, in an agreement laid out as moves; nothing in any other."""
    name, (branch,) = game.names[number], branches
    if name not in game.spelled_out:
        return
    action, child = game.actions[number][branch], game.tree.nodes[number].children[branch]
    while game.names[child] == name and game.tree.nodes[child].kind is NodeKind.MOVE:
        onward = _taking(game, child, action)
        yield child, onward
        child = game.tree.nodes[child].children[onward]


def _taking(game: Game, number: int, action: Action) -> int:
    """The branch that goes along with an option: accepting it, or naming it too."""
    names = [other.name for other in game.actions[number]]
    return names.index("accept") if "accept" in names else names.index(action.name)


def _after_news(game: Game, policy: Policy) -> Iterator[Plan]:
    """Where chance comes first: one option whatever the news, and deciding as the news suggests."""
    first = list(_first_decisions(game, 0))
    names = dict.fromkeys(game.names[number] for number in first)
    seen = set()
    for name in names:
        nodes = [number for number in first if game.names[number] == name]
        options = dict.fromkeys((action.name, action.fails) for number in nodes for action in game.actions[number])
        for option, fails in options:
            forced = {}
            for number in nodes:
                branches = [branch for branch, action in enumerate(game.actions[number]) if action.name == option]
                if branches:
                    forced[number] = (branches[0],)
            if len(forced) == len(nodes):
                path = (next(iter((number, branches[0]) for number, branches in forced.items())),)
                plan = plan_of(game, path, fails=fails)
                taken = {node: (onward,) for step in forced.items() for node, onward in _taken_by_all(game, *step)}
                seen.add(tuple(sorted((forced | taken).items())))
                yield Plan(plan.key, plan.label, path, forced | taken, fails)
        if name in game.spelled_out:
            yield from _missed(game, nodes, {})
    usual = [_usual(game, policy, number) for number in first]
    as_suggested = {number: branches for steps, _ in usual for number, branches in steps.items()}
    last = [action for _, action in usual if action is not None]
    comes_to_something = any(not action.fails for action in last)
    if comes_to_something and tuple(sorted(as_suggested.items())) not in seen:
        key = ",".join(f"{name}=as the news suggests" for name in names)
        chosen = dict.fromkeys(action.label for action in last)
        yield Plan(key, "As the news suggests: " + " or ".join(chosen), (), as_suggested, contingent=True)


def _usual(game: Game, policy: Policy, number: int) -> tuple[dict[int, tuple[int, ...]], Action | None]:
    """What is done at a first decision as usual, and what that comes to; None where it is left to chance.

    In an agreement laid out as moves the answers belong to it: an offer may be taken after some news only.
    """
    name = game.names[number]
    steps: dict[int, tuple[int, ...]] = {}
    offer: Action | None = None
    while (branch := _choice(policy, number)) is not None:
        action = game.actions[number][branch]
        steps[number] = (branch,)
        if offer is None or action.fails:
            offer = action
        elif action.sets and action.name != offer.name:
            failing = game.scenario.decisions[str(name)].no_agreement
            offer = Action((), NO_AGREEMENT, NO_AGREEMENT if failing is None else failing.label, fails=True)
        number = game.tree.nodes[number].children[branch]
        answered = game.names[number] != name or game.tree.nodes[number].kind is not NodeKind.MOVE
        if name not in game.spelled_out or answered:
            return steps, offer
    return {}, None


def _first_decisions(game: Game, number: int) -> Iterator[int]:
    node = game.tree.nodes[number]
    if node.kind is NodeKind.CHANCE:
        for child in node.children:
            yield from _first_decisions(game, child)
    elif node.kind is not NodeKind.END:
        yield number


def _choice(policy: Policy, number: int) -> int | None:
    branches = policy.branches(number)
    return branches[0][0] if len(branches) == 1 else None


# ---- conditions ----------------------------------------------------------------------------------------------------


def condition_fits(game: Game, clause: Clause) -> Callable[[int], bool]:
    """Whether something that can be the case at an end fits a clause; asked by end number."""
    switches = game.scenario.switches

    def fits(end: int) -> bool:
        return any(clause.fits({**switches, **case.assignment}) for case in game.cases[end])

    return fits


def forced_by(game: Game, condition: Condition) -> tuple[Clause, Mapping[int, tuple[int, ...]]] | None:
    """What a condition lays down: its first clause that can come true, with the branches it leaves open; None if none
    can.
    """
    for clause in condition.clauses:
        fits = condition_fits(game, clause)
        if any(map(fits, range(game.tree.ends))):
            return clause, open_branches(game.tree, fits)
    return None

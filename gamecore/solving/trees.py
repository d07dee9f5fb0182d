"""Game trees read from a file: their equilibria in behaviour strategies, or those of the reduced strategic form.

With form `tree` (what `auto` takes) equilibria say what each player does in each information set: the subgame-perfect
ones first, then, where the tree is small enough for all to be found, the other Nash equilibria, which rest on threats
nobody would carry out. With form `strategic` the reduced strategic form is solved, and each of its equilibria
is looked at in the tree: whether it is subgame-perfect as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from math import log10, prod
from typing import Final

from gamecore.equilibria.behaviour import (
    Behaviour,
    behaviour_of_mixture,
    plan_count,
    sequences,
)
from gamecore.equilibria.result import Component, Status
from gamecore.equilibria.tree_components import placed
from gamecore.equilibria.tree_equilibria import (
    MOST_PROFILES,
    MOST_WORK,
    nash_equilibria,
    subgame_perfect_equilibria,
)
from gamecore.equilibria.tree_result import TreeEquilibrium, TreeSolution
from gamecore.errors import TooLargeError
from gamecore.games.gambit.files import NONE, TreeFile, unique_labels
from gamecore.games.recall import check_perfect_recall
from gamecore.games.strategic_form import StrategicForm, Strategy, strategic_form
from gamecore.games.tree import NodeKind, Tree
from gamecore.solving.answer import Answer, Found, Outcome, Place, Step
from gamecore.solving.limits import Limits, ShouldStop
from gamecore.solving.strategic import Labels, Tell, nothing_yet, solve_strategic
from gamecore.solving.unreached import Parts

__all__ = ["behaviour_of", "end_name", "laid_out", "sets_reached", "solve_tree", "solve_tree_strategically"]

MOST_DIGITS: Final = 9  # of a count that is told in full
MOST_STEPS: Final = 1_000  # ends of one outcome that are listed
MOST_LISTED: Final = 200_000  # choices in information sets listed for all equilibria together
MOST_NODES: Final = 20_000  # of a tree whose Nash equilibria are looked for
MOST_NASH: Final = 300  # Nash equilibria listed beside the subgame-perfect ones of a tree in which all moves are seen
FEW_PROFILES: Final = 5_000  # of plans of such a tree
LITTLE_WORK: Final = 1_000_000  # of the search for its Nash equilibria: about half a second on one core
FIRST_SHARE: Final = 0.8  # of the time limit that backward induction may take; then one equilibrium is looked for
SMALL_SHARE: Final = 0.2  # of the time limit that the search may take
ALONE: Final = "listed are the subgame-perfect equilibria of backward induction; --form strategic looks for all others"
BETWEEN: Final = (
    "some subgame-perfect equilibria lie between those listed: subgame_perfect_outcomes have theirs, "
    "--form tree lists them"
)
MOST_SETS: Final = 20_000  # information sets up to which all are listed; of a larger tree, those that play gets to
MOST_LOOKED_AT: Final = 300  # equilibria for which it is found out whether they are subgame-perfect
NEVER: Final = "*"  # in the name of a plan: an information set it never gets to


def solve_tree(file: TreeFile, limits: Limits, stop: ShouldStop, tell: Tell) -> Answer:
    """The equilibria of a tree: the subgame-perfect ones, and the other Nash equilibria if the tree is small enough."""
    labels = Labels(file.title, file.players, (), file.notes)
    nothing = replace(nothing_yet(labels, "tree"), strategies=_places(file), tree=file)
    tell(nothing)
    check_perfect_recall(file.tree, file.players, file.information_set_names)
    parts = Parts(file, MOST_WORK, stop)
    main = parts.main
    soon = replace(limits, seconds=limits.seconds * FIRST_SHARE).clock()
    perfect = parts.whole(
        subgame_perfect_equilibria(main.tree, main.payoffs, should_stop=stop, soon=lambda: soon() or stop())
    )
    outcomes = _outcomes(file, perfect.equilibria)
    answer = replace(
        nothing,
        method=perfect.method,
        status=perfect.status,
        equilibria=tuple(_found(file, one) for one in _within(file, perfect.equilibria)),
        subgame_perfect_outcomes=outcomes,
        notes=(*file.notes, *_cut_short(file, perfect)),
    )
    if perfect.status is not Status.REFUSED:
        tell(replace(answer, notes=(*answer.notes, ALONE)))
    hidden = any(len(nodes) > 1 for nodes in main.tree.information_sets.values())
    every = None if stop() else _nash(parts, limits, stop, hidden=hidden)
    if every is not None and (hidden or not perfect.equilibria or _worth_listing(every)):
        if every.status is Status.COMPLETE and _one_subgame(main.tree):
            perfect = replace(perfect, status=Status.COMPLETE)  # each Nash equilibrium is one, and all are found
            answer = replace(answer, notes=file.notes)
        return _together(file, answer, perfect, every, stop)
    # Where moves are hidden, backward induction lists the pure equilibria of a subgame; there may be mixed ones.
    status = Status.PARTIAL if hidden and answer.status is Status.COMPLETE else answer.status
    return replace(answer, status=status, notes=(*answer.notes, *((ALONE,) if answer.equilibria else ())))


def _nash(parts: Parts, limits: Limits, stop: ShouldStop, *, hidden: bool) -> TreeSolution | None:
    """The Nash equilibria, if the tree is small enough; where all moves are seen they are worth less effort."""
    main = parts.main
    if len(main.tree.nodes) > MOST_NODES:
        return None
    numbered = sequences(main.tree)
    most, work, share = (MOST_PROFILES, MOST_WORK, 1.0) if hidden else (FEW_PROFILES, LITTLE_WORK, SMALL_SHARE)
    most = min(limits.profiles, most)
    if prod(plan_count(numbered, player) for player in range(len(main.players))) > most:
        return None
    late = replace(limits, seconds=limits.seconds * share).clock()
    found = nash_equilibria(
        main.tree, main.payoffs, most_profiles=most, limit=work, should_stop=lambda: stop() or late()
    )
    return parts.whole(found)


def _one_subgame(tree: Tree) -> bool:
    """Whether the whole tree is its only proper subgame, ends aside."""
    return not any(number and tree.nodes[number].kind is not NodeKind.END for number in tree.subgame_roots)


def _worth_listing(every: TreeSolution) -> bool:
    return every.status is Status.COMPLETE and len(every.equilibria) <= MOST_NASH


def _together(file: TreeFile, answer: Answer, perfect: TreeSolution, every: TreeSolution, stop: ShouldStop) -> Answer:
    """Subgame-perfect equilibria first, then the others; components in terms of these places."""
    ranked = sorted(range(len(every.equilibria)), key=lambda place: every.equilibria[place].subgame_perfect is not True)
    listed = [every.equilibria[place] for place in ranked]
    known = {_acts(one) for one in listed}
    further = [one for one in perfect.equilibria if _acts(one) not in known]
    first = sum(one.subgame_perfect is True for one in listed)
    equilibria = [*listed[:first], *further, *listed[first:]]
    place_of = {id(one): number for number, one in enumerate(equilibria)}
    moved = {place: place_of[id(every.equilibria[place])] for place in ranked}
    components = tuple(
        Component(
            tuple(sorted(moved[one] for one in item.members)),
            tuple(tuple(sorted(moved[one] for one in subset)) for subset in item.subsets),
            item.payoff_ranges,
        )
        for item in every.components
    )
    if components and every.status is Status.COMPLETE:
        numbers = {id(one): one.component for one in listed}
        equilibria = [replace(one, component=numbers.get(id(one))) for one in equilibria]
        equilibria, components = placed(file.tree, file.payoffs, equilibria, components, should_stop=stop)
    kept = _within(file, equilibria)
    whole = len(kept) == len(equilibria)
    status = _worse(perfect.status, every.status)
    return replace(
        answer,
        method=f"{perfect.method}; all Nash equilibria {every.method}",
        status=Status.COMPLETE if whole and status is Status.COMPLETE else Status.PARTIAL,
        equilibria=tuple(_found(file, one) for one in kept),
        subgame_perfect_outcomes=_outcomes(file, (*perfect.equilibria, *every.equilibria)),
        components=components if whole else (),
        notes=(
            *dict.fromkeys((*answer.notes, *every.notes)),
            *(() if whole else (f"{len(equilibria)} equilibria were found, the first {len(kept)} are listed",)),
        ),
    )


def _acts(one: TreeEquilibrium) -> object:
    """What an equilibrium does where its plans get to."""
    return tuple(sorted((key, mix) for key, mix in one.behaviour.items() if key not in one.filled))


def _worse(one: Status, other: Status) -> Status:
    order = (Status.COMPLETE, Status.PARTIAL, Status.REFUSED)
    return max(one, other, key=order.index)


def _within(file: TreeFile, equilibria: list[TreeEquilibrium] | tuple[TreeEquilibrium, ...]) -> list[TreeEquilibrium]:
    """As many as can be listed in whole."""
    sets = min(max(1, len(file.information_sets)), MOST_SETS)
    return list(equilibria[: max(1, MOST_LISTED // sets)])


def _cut_short(file: TreeFile, perfect: TreeSolution) -> tuple[str, ...]:
    kept, count = len(_within(file, perfect.equilibria)), len(perfect.equilibria)
    more = () if kept == count else (f"{count} equilibria were found, the first {kept} are listed",)
    large = len(file.information_sets)
    shown = () if large <= MOST_SETS else (f"{large} information sets: only those that play gets to are listed",)
    return (*perfect.notes, *more, *shown)


def _found(file: TreeFile, one: TreeEquilibrium) -> Found:
    behaviour = one.behaviour
    if len(file.information_sets) > MOST_SETS:
        reached = sets_reached(file, behaviour)
        behaviour = {key: mix for key, mix in behaviour.items() if key in reached}
    return Found(_by_place(file, behaviour), one.payoffs, one.pure, one.subgame_perfect, one.certificate, one.component)


# ---- behaviour and what it leads to ----------------------------------------------------------------------------------


def _places(file: TreeFile) -> tuple[tuple[Place, ...], ...]:
    """Per player, its information sets in the order of the tree; none of a tree that has too many to list."""
    if len(file.information_sets) > MOST_SETS:
        return ()
    owned: list[list[Place]] = [[] for _ in file.players]
    for item, name in zip(file.information_sets, file.information_set_names, strict=True):
        owned[item.player].append(Place(name, item.actions))
    return tuple(map(tuple, owned))


def _by_place(file: TreeFile, behaviour: Behaviour) -> tuple[Mapping[str, tuple[Fraction, ...]], ...]:
    """Behaviour per player, by the names of the information sets."""
    told: list[dict[str, tuple[Fraction, ...]]] = [{} for _ in file.players]
    for key, (item, name) in enumerate(zip(file.information_sets, file.information_set_names, strict=True)):
        if key in behaviour:
            told[item.player][name] = behaviour[key]
    return tuple(told)


def behaviour_of(file: TreeFile, found: Found) -> dict[int, tuple[Fraction, ...]]:
    """The behaviour of an equilibrium by the numbers of the information sets, as the solvers want it."""
    number = {name: key for key, name in enumerate(file.information_set_names)}
    return {
        number[name]: mix
        for doing in found.strategies
        if isinstance(doing, Mapping)
        for name, mix in doing.items()
        if not isinstance(mix, str)
    }


def _outcomes(file: TreeFile, equilibria: Iterable[TreeEquilibrium]) -> tuple[Outcome, ...]:
    """The different outcomes of the subgame-perfect ones among some equilibria, in order."""
    by_weight: dict[object, Behaviour] = {}
    for one in equilibria:
        if one.subgame_perfect:
            reached = ((end, weight) for end, weight in one.outcome.items() if file.reach[end])
            by_weight.setdefault(tuple(sorted(reached)), one.behaviour)
    return tuple(behaviour_outcome(file, behaviour) for behaviour in by_weight.values())


def behaviour_outcome(file: TreeFile, behaviour: Behaviour) -> Outcome:
    """The ends that behaviour leads to, with their chances and what was done on the way."""
    payoffs = [Fraction(0)] * len(file.players)
    path: list[Step] = []
    for node, chance, way in _reached(file, behaviour):
        end = file.tree.nodes[node].end
        for player in range(len(payoffs)):
            payoffs[player] += chance * file.end_payoffs[player, end]
        if len(path) < MOST_STEPS:
            names = unique_labels([name for name, _ in way])
            history = {name: action for name, (_, action) in zip(names, way, strict=True)}
            path.append(Step(history, chance, end_name(file, node)))
    return Outcome(tuple(payoffs), tuple(path))


def _reached(file: TreeFile, behaviour: Behaviour) -> Iterator[tuple[int, Fraction, tuple[tuple[str, str], ...]]]:
    """The ends with a positive chance, in the order of the tree, and the way to each."""
    stack: list[tuple[int, Fraction, tuple[tuple[str, str], ...]]] = [(0, Fraction(1), ())]
    while stack:
        number, chance, way = stack.pop()
        node = file.tree.nodes[number]
        if node.kind is NodeKind.END:
            yield number, chance, way
            continue
        if node.kind is NodeKind.CHANCE:
            item = file.chance_sets[file.chance_set_of[number]]
            name, mix = item.label or "chance", item.probabilities
        else:
            name, mix = file.information_set_names[node.information_set], behaviour[node.information_set]
        branches = list(zip(node.children, mix, file.actions(number), strict=True))
        for child, share, action in reversed(branches):
            if share:
                stack.append((child, chance * share, (*way, (name, action))))


def sets_reached(file: TreeFile, behaviour: Behaviour) -> set[int]:
    """The information sets that behaviour gets to."""
    found: set[int] = set()
    stack = [0]
    while stack:
        node = file.tree.nodes[stack.pop()]
        if node.kind is NodeKind.MOVE:
            found.add(node.information_set)
            mix = behaviour[node.information_set]
            stack += [child for child, chance in zip(node.children, mix, strict=True) if chance]
        else:
            stack += node.children
    return found


def end_name(file: TreeFile, node: int) -> str:
    """What the file calls an end: the label of its outcome or its own."""
    outcome = file.outcome_of[node]
    return (file.outcomes[outcome].label if outcome != NONE else "") or file.labels[node]


# ---- as a strategic form ---------------------------------------------------------------------------------------------


def laid_out(file: TreeFile, limits: Limits) -> tuple[StrategicForm, tuple[tuple[str, ...], ...]]:
    """The reduced strategic form of a tree and the names of its plans: their actions in the order of the tree.

    Raises `RefusedError` if somebody forgets, or it is too large.
    """
    check_perfect_recall(file.tree, file.players, file.information_set_names)
    numbered = sequences(file.tree)
    count = prod(plan_count(numbered, player) for player in range(len(file.players)))
    if count > limits.profiles:
        raise TooLargeError(
            f"the strategic form has {_counted(count)} profiles of plans, more than {limits.profiles}; "
            "solve the game as a tree, or leave out options",
            limit="profiles",
            allowed=limits.profiles,
        )
    form = strategic_form(file.tree, file.payoffs, most_profiles=limits.profiles)
    names = tuple(
        unique_labels([_plan_label(file, keys, plan) for plan in plans])
        for keys, plans in zip(form.information_sets, form.strategies, strict=True)
    )
    return form, names


def _counted(count: int) -> str:
    """A count people can read."""
    digits = int(count.bit_length() * log10(2)) + 1
    return str(count) if digits <= MOST_DIGITS else f"about 10^{digits - 1}"


def _plan_label(file: TreeFile, keys: tuple[int, ...], plan: Strategy) -> str:
    if not keys:
        return "never moves"
    return ", ".join(
        NEVER if action is None else file.information_sets[key].actions[action]
        for key, action in zip(keys, plan, strict=True)
    )


def solve_tree_strategically(file: TreeFile, limits: Limits, stop: ShouldStop, tell: Tell) -> Answer:
    """All equilibria of the tree's reduced strategic form, and which of them are subgame-perfect in the tree."""
    tell(nothing_yet(Labels(file.title, file.players, (), file.notes), "strategic"))
    form, names = laid_out(file, limits)
    labels = Labels(file.title, file.players, names, file.notes)
    answer = solve_strategic(form.game, labels, limits, stop, tell)
    numbered = sequences(file.tree)
    parts = Parts(file, MOST_WORK, stop)
    judged: list[Found] = []
    outcomes: dict[object, Outcome] = {}
    for found in answer.equilibria:
        if len(judged) >= MOST_LOOKED_AT or stop() or found.certificate.bound:
            judged.append(found)
            continue
        strategies = tuple(mix for mix in found.strategies if not isinstance(mix, Mapping))
        perfect, behaviour = parts.complete(behaviour_of_mixture(numbered, form, strategies))
        judged.append(replace(found, subgame_perfect=perfect))
        if perfect:
            outcome = behaviour_outcome(file, behaviour)
            outcomes.setdefault(_told_apart(outcome), outcome)
    answer = replace(answer, equilibria=tuple(judged), subgame_perfect_outcomes=tuple(outcomes.values()))
    if stop() or (answer.components and all(one.single for one in answer.components)):
        return answer  # where equilibria are infinitely many, a subgame-perfect one may lie between the extreme ones
    tell(answer)
    inside = parts.whole(subgame_perfect_equilibria(parts.main.tree, parts.main.payoffs, should_stop=stop))
    for outcome in _outcomes(file, inside.equilibria):
        outcomes.setdefault(_told_apart(outcome), outcome)
    more = len(outcomes) > len(answer.subgame_perfect_outcomes)
    notes = (*answer.notes, *((BETWEEN,) if more else ()))
    return replace(answer, subgame_perfect_outcomes=tuple(outcomes.values()), notes=notes)


def _told_apart(outcome: Outcome) -> object:
    return outcome.payoffs, tuple((tuple(step.history.items()), step.chance) for step in outcome.path)

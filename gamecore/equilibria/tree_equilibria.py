"""Nash and subgame-perfect equilibria of trees of moves and chance, in behaviour strategies, exact and certified.

`nash_equilibria` finds them in the reduced strategic form (Kuhn 1953): where two players move, all extreme equilibria,
mixed ones too, and the components they form; where more move, those of `n_player_equilibria`. A mixture of plans is
turned into the behaviour that makes every node as likely (Kuhn's theorem; the tree must have perfect recall). Mixtures
that differ only in what they would do after an own choice they never make are one equilibrium here.

What a player would do in an information set that its own plan never gets to is no part of a Nash equilibrium. It is
filled in: so that the whole is subgame-perfect if that can be done, else with what is best there against the others'
behaviour. `TreeEquilibrium.filled` names these sets, `subgame_perfect` says whether some filling makes the equilibrium
subgame-perfect (None: not found out).

`subgame_perfect_equilibria` takes those that backward induction finds (`backward_induction`); of trees too large for
that, one.

>>> import numpy as np
>>> from gamecore.games.tree import Node, NodeKind
>>> leaf = [Node(NodeKind.END, end=number) for number in range(3)]
>>> enter = Node(NodeKind.MOVE, (1, 2), player=0, information_set=0)
>>> fight = Node(NodeKind.MOVE, (3, 4), player=1, information_set=1)
>>> tree = Tree(2, (enter, leaf[0], fight, leaf[1], leaf[2]))
>>> payoffs = np.array([[1, 0, 2], [5, 0, 2]], dtype=object) * Fraction(1)
>>> found = nash_equilibria(tree, payoffs)
>>> [(one.outcome, one.subgame_perfect) for one in found.equilibria if one.pure]
[({0: Fraction(1, 1)}, False), ({2: Fraction(1, 1)}, True)]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.backward_induction import backward_induction
from gamecore.equilibria.behaviour import (
    Behaviour,
    Sequences,
    behaviour_of_mixture,
    certify_behaviour,
    end_weights,
    is_subgame_perfect,
    realisation,
    sequences,
    unit,
)
from gamecore.equilibria.completion import Completion, cut_off, solve_plans
from gamecore.equilibria.large_trees import array_tree, solve_large
from gamecore.equilibria.play import Play
from gamecore.equilibria.result import Component, Equilibrium, Status
from gamecore.equilibria.sequence_form import sequence_form_equilibrium
from gamecore.equilibria.tree_certificate import Judge
from gamecore.equilibria.tree_result import TreeEquilibrium, TreeSolution
from gamecore.errors import OutOfTimeError, TooLargeError
from gamecore.games.strategic_form import strategic_form
from gamecore.games.tree import NodeKind, Tree

__all__ = [
    "MOST_EQUILIBRIA",
    "MOST_PROFILES",
    "TreeEquilibrium",
    "TreeSolution",
    "nash_equilibria",
    "subgame_perfect_equilibria",
]

MOST_PROFILES: Final = 50_000  # profiles of plans laid out at most: about a second
MOST_WORK: Final = 5_000_000  # of the search for mixed equilibria: two to three seconds on one core
MOST_EQUILIBRIA: Final = 2_000  # certified and listed at most
MOST_COMPLETED: Final = 300  # equilibria for which fillings are searched that make them subgame-perfect

METHOD = "exact, by the reduced strategic form"
MOST_NODES_BY_SETS: Final = 20_000  # of a tree of perfect information; beyond, one equilibrium, in arrays

METHOD_PERFECT = "backward induction over proper subgames"
METHOD_LARGE = "backward induction in arrays"

Stop = Callable[[], bool]


def nash_equilibria(
    tree: Tree,
    payoffs: npt.NDArray[Any],
    *,
    most_profiles: int = MOST_PROFILES,
    limit: int = MOST_WORK,
    should_stop: Stop | None = None,
) -> TreeSolution:
    """The Nash equilibria of a tree, pure ones first.

    Parameters
    ----------
    tree
        A tree of moves and chance.
    payoffs
        `Fraction`s weighted by reach, axes (player, end).
    most_profiles
        The most profiles of plans; a larger tree is refused.
    limit
        Bounds the search for mixed equilibria (`solve_plans`).
    should_stop
        Asked now and then; the answer is partial as soon as it says so.

    Raises
    ------
    InputError
        If the tree has agreements.
    RefusedError
        If it has imperfect recall.
    """
    numbered = sequences(tree)
    parameters = {"most_profiles": most_profiles, "limit": limit}
    try:
        form = strategic_form(tree, payoffs, most_profiles=most_profiles)
    except TooLargeError as refusal:
        return TreeSolution(METHOD, Status.REFUSED, (), (str(refusal),), (), parameters)
    search = solve_plans(form.game, limit, should_stop)
    notes = list(search.notes)
    status = search.status
    completion = Completion(tree, payoffs, numbered, limit, should_stop)
    found: dict[tuple[object, ...], TreeEquilibrium] = {}
    order: dict[tuple[object, ...], int] = {}
    places: list[int] = []  # of the strategic form's equilibria among those of the tree
    for number, one in enumerate(search.equilibria):
        if found and (len(found) >= MOST_EQUILIBRIA or (should_stop is not None and should_stop())):
            notes.append(f"{len(search.equilibria)} equilibria of the strategic form exist, {number} were looked at")
            status = Status.PARTIAL
            break
        given = behaviour_of_mixture(numbered, form, one.strategies)
        same = tuple(sorted(given.items()))
        if same not in found:
            looked = len(found) < MOST_COMPLETED
            looked &= one.certificate.bound == 0  # what is irrational is only near an equilibrium of each subgame
            verdict, behaviour = completion.complete(given) if looked else (None, completion.filled(given))
            found[same] = _equilibrium(tree, payoffs, numbered, behaviour, (verdict, one, given))
        order.setdefault(same, len(order))
        places.append(order[same])
    if len(found) < len(places):
        notes.append(f"{len(places)} equilibria of the strategic form are {len(found)} different ways to behave")
    if len(found) > MOST_COMPLETED:
        notes.append(f"whether an equilibrium is subgame-perfect was looked at for the first {MOST_COMPLETED}")
    if len(numbered.movers) > 2:
        for perfect in subgame_perfect_equilibria(tree, payoffs, should_stop=should_stop).equilibria:
            acts = tuple(sorted((key, mix) for key, mix in perfect.behaviour.items() if key not in perfect.filled))
            if len(found) < MOST_EQUILIBRIA:
                found.setdefault(acts, perfect)
    equilibria = tuple(found.values())
    if not all(one.certificate.holds for one in equilibria):
        notes.append("an equilibrium of the strategic form could not be proved in the tree; it is left out")
        proved = tuple(one for one in equilibria if one.certificate.holds)
        return TreeSolution(METHOD, Status.PARTIAL, proved, tuple(notes), (), parameters)
    whole = len(places) == len(search.equilibria)
    components = _components(search.components, places, equilibria) if whole else ()
    return TreeSolution(METHOD, status, equilibria, tuple(notes), components, parameters)


def _equilibrium(
    tree: Tree,
    payoffs: npt.NDArray[Any],
    numbered: Sequences,
    behaviour: Behaviour,
    known: tuple[bool | None, Equilibrium, Behaviour],
) -> TreeEquilibrium:
    """The behaviour with its worth and its proof; `known` are the verdict, the strategic form's equilibrium and
    the behaviour it gives.
    """
    verdict, found, given = known
    if verdict and not is_subgame_perfect(tree, payoffs, behaviour, numbered=numbered):
        verdict = None  # the completion claims what pricing every subgame does not bear out
    outcome = end_weights(numbered, behaviour)
    worth = tuple(
        sum((weight * payoffs[player, end] for end, weight in outcome.items()), Fraction(0))
        for player in range(tree.players)
    )
    certificate = certify_behaviour(tree, payoffs, behaviour, bound=found.certificate.bound, numbered=numbered)
    filled = frozenset(numbered.owner) - frozenset(given)
    return TreeEquilibrium(behaviour, worth, outcome, certificate, verdict, found.component, filled)


def _components(
    components: Sequence[Component], places: Sequence[int], equilibria: Sequence[TreeEquilibrium]
) -> tuple[Component, ...]:
    """The components in terms of the tree's equilibria, with ranges for every player."""
    translated = []
    for one in components:
        members = tuple(sorted({places[member] for member in one.members}))
        subsets = tuple(dict.fromkeys(tuple(sorted({places[member] for member in subset})) for subset in one.subsets))
        payoffs = zip(*(equilibria[member].payoffs for member in members), strict=True)
        translated.append(Component(members, subsets, tuple((min(each), max(each)) for each in payoffs)))
    return tuple(translated)


def subgame_perfect_equilibria(
    tree: Tree, payoffs: npt.NDArray[Any], *, should_stop: Stop | None = None, soon: Stop | None = None
) -> TreeSolution:
    """The subgame-perfect equilibria that backward induction finds: all outcomes of pure ones, mixed where a subgame
    needs it; see `backward_induction` for what `complete` means.

    When `soon` says so (by default `should_stop`), one equilibrium is looked for, subgame by subgame, until
    `should_stop` does.

    Raises `InputError` if the tree has agreements, `RefusedError` if it has imperfect recall.
    """
    numbered = sequences(tree)
    if len(tree.nodes) > MOST_NODES_BY_SETS and all(len(nodes) == 1 for nodes in tree.information_sets.values()):
        return _in_arrays(tree, payoffs, numbered, should_stop)
    try:
        perfect = backward_induction(tree, payoffs, should_stop=soon or should_stop)
    except (TooLargeError, OutOfTimeError) as refusal:
        return _one_by_one(tree, payoffs, numbered, str(refusal), should_stop)
    notes, status = list(perfect.notes), perfect.status
    found: dict[tuple[object, ...], TreeEquilibrium] = {}
    judge = Judge(tree, payoffs)
    for number, play in enumerate(perfect.plays[0]):
        if found and should_stop is not None and should_stop():
            notes.append(f"{len(perfect.plays[0])} equilibria were found, {number} of them were proved")
            status = Status.PARTIAL
            break
        certificate = judge.certificate(play)  # a ledger of every subgame, the whole tree included
        behaviour = behaviour_of_play(play)
        if not certificate.holds:
            notes.append("a play that backward induction proposed could not be proved and is left out")
            status = Status.PARTIAL
            continue
        same = tuple(sorted(behaviour.items()))
        found.setdefault(
            same,
            TreeEquilibrium(
                behaviour,
                play.values,
                end_weights(numbered, behaviour),
                certificate,
                subgame_perfect=True,
                filled=_unreached(numbered, behaviour),
            ),
        )
    return TreeSolution(METHOD_PERFECT, status, tuple(found.values()), tuple(notes))


def _in_arrays(tree: Tree, payoffs: npt.NDArray[Any], numbered: Sequences, should_stop: Stop | None) -> TreeSolution:
    """One subgame-perfect equilibrium of a large tree of perfect information."""
    solved = solve_large(*array_tree(tree, payoffs), should_stop=should_stop)
    if solved.status is Status.REFUSED:
        return TreeSolution(METHOD_LARGE, Status.REFUSED, (), solved.notes)
    behaviour = {}
    for key, (number,) in tree.information_sets.items():
        children = tree.nodes[number].children
        behaviour[key] = unit(children.index(int(solved.choice[number])), len(children))
    found = TreeEquilibrium(
        behaviour,
        solved.payoffs,
        end_weights(numbered, behaviour),
        solved.certificate,
        subgame_perfect=True,
        filled=_unreached(numbered, behaviour),
    )
    return TreeSolution(METHOD_LARGE, solved.status, (found,), solved.notes)


def _one_by_one(
    tree: Tree, payoffs: npt.NDArray[Any], numbered: Sequences, reason: str, should_stop: Stop | None
) -> TreeSolution:
    """One subgame-perfect equilibrium: every subgame of at most two movers by its sequence form."""
    behaviour: dict[int, tuple[Fraction, ...]] = {}
    worth: dict[int, npt.NDArray[Any]] = {
        number: payoffs[: tree.players, node.end] for number, node in enumerate(tree.nodes) if node.kind is NodeKind.END
    }
    for root in sorted(tree.subgame_roots, reverse=True):
        if root in worth:
            continue
        if should_stop is not None and should_stop():
            return TreeSolution(METHOD_PERFECT, Status.REFUSED, (), (reason, "nor was there time to look for one"))
        part = cut_off(tree, root)
        values = np.array([worth[number] for number in part.exits], dtype=object).T
        solved = sequence_form_equilibrium(part.tree, values, should_stop=should_stop)
        if solved.equilibrium is None or not solved.exact:
            notes = (reason, "one equilibrium of each subgame was not found either", *solved.notes)
            return TreeSolution(METHOD_PERFECT, Status.REFUSED, (), notes)
        behaviour |= solved.equilibrium.behaviour
        worth[root] = np.array(solved.equilibrium.payoffs, dtype=object)
    certificate = certify_behaviour(tree, payoffs, behaviour, numbered=numbered)
    found = TreeEquilibrium(
        behaviour,
        tuple(worth[0].tolist()),
        end_weights(numbered, behaviour),
        certificate,
        subgame_perfect=is_subgame_perfect(tree, payoffs, behaviour, numbered=numbered) or None,
        filled=_unreached(numbered, behaviour),
    )
    if not certificate.holds or not found.subgame_perfect:
        return TreeSolution(METHOD_PERFECT, Status.REFUSED, (), (reason,))
    note = "one subgame-perfect equilibrium is listed; others were not looked for"
    return TreeSolution(METHOD_PERFECT, Status.PARTIAL, (found,), (reason, note))


def behaviour_of_play(play: Play) -> dict[int, tuple[Fraction, ...]]:
    """What a play does in every information set."""
    behaviour: dict[int, tuple[Fraction, ...]] = {}
    for part in play.parts():
        behaviour |= part.actions
    return behaviour


def _unreached(numbered: Sequences, behaviour: Behaviour) -> frozenset[int]:
    """The information sets that their owners' own behaviour never gets to."""
    unreached: set[int] = set()
    for player in numbered.movers:
        weights = realisation(numbered, behaviour, player)
        unreached |= {key for key in numbered.owned[player] if not weights[numbered.before[key]]}
    return frozenset(unreached)

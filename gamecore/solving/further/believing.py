"""Which equilibria of a tree are sequentially rational, and the beliefs that make them so."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np

from gamecore.equilibria.behaviour import realisation, sequences
from gamecore.equilibria.result import Status
from gamecore.equilibria.sequential import Assessment, Verdict, best_assessment
from gamecore.equilibria.tree_result import TreeEquilibrium
from gamecore.errors import RefusedError
from gamecore.games.gambit.files import TreeFile, unique_labels
from gamecore.games.tree import NodeKind
from gamecore.model import Scenario
from gamecore.solving.answer import Answer, Found, Further
from gamecore.solving.limits import Limits, ShouldStop
from gamecore.solving.trees import behaviour_of, solve_tree

__all__ = ["sequential"]

NO_TREE: Final = "this is for trees: in a strategic form nobody learns anything before choosing"
OWN_PLACES: Final = "equilibria are counted in the order of --form tree"
ROUNDED: Final = "chances that are no fractions are not judged"
MOST_JUDGED: Final = 200  # equilibria
MOST_NODES: Final = 2_000  # of a tree
MOST_TOLD: Final = 8  # equilibria told in sentences
MOST_BELIEFS: Final = 4  # beliefs told in one sentence
LISTED_ONLY: Final = "this is about the equilibria that are listed; there may be others"


def sequential(answer: Answer, game: Any, limits: Limits, stop: ShouldStop) -> Further:
    """For each equilibrium of a tree the beliefs under which nobody would do better anywhere, or where there are none.

    Raises `RefusedError` if there is no tree, or it is too large.
    """
    file, equilibria, notes = _tree(answer, game, limits, stop)
    if len(file.tree.nodes) > MOST_NODES:
        count = len(file.tree.nodes)
        raise RefusedError(
            f"beliefs are looked for in trees of up to {MOST_NODES} nodes, and this one has {count}",
            limit="nodes",
            allowed=MOST_NODES,
        )
    judged: list[tuple[TreeEquilibrium, Assessment]] = []
    for one in equilibria[:MOST_JUDGED]:
        if stop():
            break
        judged.append(_judged(file, one, stop))
    if len(judged) < len(equilibria):
        notes += (f"{len(judged)} of {len(equilibria)} equilibria were judged",)
    if answer.status is not Status.COMPLETE:
        notes += (LISTED_ONLY,)
    settled = all(_settled(assessment) for _, assessment in judged) and len(judged) == len(equilibria)
    sentences = [_said(file, place, assessment) for place, (_, assessment) in enumerate(judged[:MOST_TOLD])]
    if len(judged) > MOST_TOLD:
        sentences.append(f"and {len(judged) - MOST_TOLD} more")
    return Further(
        "sequential",
        Status.COMPLETE if settled and answer.status is Status.COMPLETE else Status.PARTIAL,
        {"judged": [_document(file, place, *one, equilibria[place]) for place, one in enumerate(judged)]},
        tuple(sentences) or ("no equilibrium was found that could be judged",),
        notes,
        tuple(judged),
    )


def _tree(
    answer: Answer, game: Any, limits: Limits, stop: ShouldStop
) -> tuple[TreeFile, tuple[Found, ...], tuple[str, ...]]:
    """The tree, its equilibria in behaviour strategies, and notes."""
    if answer.tree is not None:
        return answer.tree, answer.equilibria, ()
    notes: tuple[str, ...] = ()
    file = game if isinstance(game, TreeFile) else None
    if isinstance(game, Scenario):
        from gamecore.solving.scenarios import scenario_tree

        file, notes = scenario_tree(game, limits)
    if file is None:
        raise RefusedError(NO_TREE, limit="form")
    solved = solve_tree(file, limits, stop, lambda _: None)
    return file, solved.equilibria, (*notes, *solved.notes, OWN_PLACES)


def _judged(file: TreeFile, one: Found, stop: ShouldStop) -> tuple[TreeEquilibrium, Assessment]:
    numbered = sequences(file.tree)
    behaviour = behaviour_of(file, one)
    weights = [realisation(numbered, behaviour, player) for player in range(len(file.players))]
    avoided = frozenset(key for key, owner in numbered.owner.items() if not weights[owner][numbered.before[key]])
    found = TreeEquilibrium(behaviour, one.payoffs, {}, one.certificate, one.subgame_perfect, filled=avoided)
    if one.certificate.bound:
        return found, Assessment(Verdict.UNDECIDED, notes=(ROUNDED,))
    reach = np.broadcast_to(np.array(file.reach, dtype=object), file.payoffs.shape)  # all have the chances of the file
    return best_assessment(file.tree, file.payoffs, reach, found, should_stop=stop)


def _settled(assessment: Assessment) -> bool:
    return assessment.verdict in (Verdict.SEQUENTIAL, Verdict.NONE) or assessment.consistent is False


def _document(file: TreeFile, place: int, one: TreeEquilibrium, assessment: Assessment, told: Found) -> dict[str, Any]:
    listed = behaviour_of(file, told)
    changed = {key: mix for key, mix in sorted(one.behaviour.items()) if listed.get(key) != mix}
    return {
        "equilibrium": place,
        "verdict": assessment.verdict.value,
        "consistent": assessment.consistent,
        "beliefs": [
            {
                "player": file.players[file.information_sets[key].player],
                "information_set": file.information_set_names[key],
                "nodes": [{"history": _history(file, node), "chance": str(chance)} for node, chance in here.items()],
            }
            for key, here in sorted(assessment.beliefs.items())
            if len(here) > 1
        ],
        "failing": [file.information_set_names[key] for key in assessment.failing],
        "elsewhere": {file.information_set_names[key]: [str(one) for one in mix] for key, mix in changed.items()},
        "notes": list(assessment.notes),
    }


def _history(file: TreeFile, node: int) -> dict[str, str]:
    """What was done on the way to a node, as in `subgame_perfect_outcomes`."""
    way: list[tuple[str, str]] = []
    while (parent := file.tree.parents[node]) >= 0:
        above = file.tree.nodes[parent]
        if above.kind is NodeKind.CHANCE:
            name = file.chance_sets[file.chance_set_of[parent]].label or "chance"
        else:
            name = file.information_set_names[above.information_set]
        way.append((name, file.actions(parent)[above.children.index(node)]))
        node = parent
    way.reverse()
    names = unique_labels([name for name, _ in way])
    return {name: action for name, (_, action) in zip(names, way, strict=True)}


def _said(file: TreeFile, place: int, assessment: Assessment) -> str:
    name = f"equilibrium {place}"
    if assessment.verdict is Verdict.NONE:
        where = _where(file, assessment.failing)
        return f"{name} is not sequentially rational: no belief makes what is done at {where} best"
    if assessment.verdict is Verdict.UNDECIDED:
        return f"{name} was not judged: {'; '.join(assessment.notes)}"
    owners = {key: file.players[file.information_sets[key].player] for key in assessment.beliefs}
    beliefs = [
        f"{owners[key]} at {file.information_set_names[key]} believes in {_most(file, here)}"
        for key, here in sorted(assessment.beliefs.items())
        if len(here) > 1
    ]
    held = "; ".join(beliefs[:MOST_BELIEFS]) or "everybody knows where it moves"
    if len(beliefs) > MOST_BELIEFS:
        held += f"; and {len(beliefs) - MOST_BELIEFS} more beliefs"
    if assessment.verdict is Verdict.SEQUENTIAL:
        return f"{name} is sequential: {held}"
    why = "is not subgame-perfect" if assessment.consistent is False else "no consistent ones were found"
    return f"{name} is best everywhere under some beliefs, but {why}: {held}"


def _where(file: TreeFile, keys: Sequence[int]) -> str:
    return " and ".join(file.information_set_names[key] for key in keys)


def _most(file: TreeFile, here: Any) -> str:
    """The nodes believed in, each by what was done on the way."""
    items: list[tuple[int, Fraction]] = [(node, chance) for node, chance in here.items() if chance]
    return " or ".join(f"{', '.join(_history(file, node).values())} ({chance})" for node, chance in items)

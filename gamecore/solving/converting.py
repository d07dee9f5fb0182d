"""Games from one form to the other, so that they can be written to either kind of file.

A tree becomes its reduced strategic form; a strategic form becomes the tree in which the players move one after the
other and nobody sees what the others did. Both keep the equilibria.

>>> pennies = as_strategic_file([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], Limits())
>>> tree = as_tree_file(pennies)
>>> len(tree.tree.nodes), len(tree.information_sets)
(7, 2)
>>> bool((as_strategic_file(tree, Limits()).game.payoffs == pennies.game.payoffs).all())
True
"""

from __future__ import annotations

from typing import Any

from gamecore.errors import TooLargeError
from gamecore.games.gambit.files import NONE, InformationSet, Outcome, StrategicFile, TreeFile
from gamecore.games.tree import Node, NodeKind, Tree
from gamecore.solving.limits import Limits
from gamecore.solving.strategic import as_file
from gamecore.solving.trees import laid_out

__all__ = ["as_strategic_file", "as_tree_file"]


def as_strategic_file(game: Any, limits: Limits) -> StrategicFile:
    """A tree's reduced strategic form with labels; what is one already, as it is.

    Raises `RefusedError` if a player forgets in the tree, or it has too many plans.
    """
    if not isinstance(game, TreeFile):
        return as_file(game)
    form, names = laid_out(game, limits)
    return StrategicFile(game.title, game.players, names, form.game, game.comment, game.notes)


def as_tree_file(game: Any, most_profiles: int = Limits.profiles) -> TreeFile:
    """A tree in which each player has one information set; what is a tree already, as it is.

    Raises `TooLargeError` if there are more than `most_profiles` ends.
    """
    if isinstance(game, TreeFile):
        return game
    file = as_file(game)
    if file.game.size > most_profiles:
        raise TooLargeError(
            f"the tree would have {file.game.size} ends, more than {most_profiles}",
            limit="profiles",
            count=file.game.size,
            allowed=most_profiles,
        )
    nodes: list[Node] = []
    outcome_of: list[int] = []
    outcomes: list[Outcome] = []

    def grow(profile: tuple[int, ...]) -> int:
        number = len(nodes)
        nodes.append(Node(NodeKind.END, end=len(outcomes)))
        outcome_of.append(NONE)
        if len(profile) == file.game.players:
            outcome_of[number] = len(outcomes)
            outcomes.append(Outcome(len(outcomes) + 1, "", file.game.payoff(profile)))
            return number
        player = len(profile)
        children = tuple(grow((*profile, option)) for option in range(file.game.shape[player]))
        nodes[number] = Node(NodeKind.MOVE, children, player=player, information_set=player)
        return number

    grow(())
    return TreeFile(
        file.title,
        file.players,
        Tree(file.game.players, tuple(nodes)),
        ("",) * len(nodes),
        tuple(InformationSet(player, 1, "", options) for player, options in enumerate(file.strategies)),
        (),
        (NONE,) * len(nodes),
        tuple(outcomes),
        tuple(outcome_of),
        file.comment,
        file.notes,
    )

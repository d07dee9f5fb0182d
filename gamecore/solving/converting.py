"""Games from one form to the other, and as the text of a file for other programs.

`converted` writes any game: `.nfg` and `.efg` for Gambit, and the graph of its tree for programs that draw. A tree
becomes its reduced strategic form; a strategic form becomes the tree in which the players move one after the
other and nobody sees what the others did. Both keep the equilibria.

>>> pennies = as_strategic_file([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], Limits())
>>> tree = as_tree_file(pennies)
>>> len(tree.tree.nodes), len(tree.information_sets)
(7, 2)
>>> bool((as_strategic_file(tree, Limits()).game.payoffs == pennies.game.payoffs).all())
True
"""

from __future__ import annotations

from typing import Any, Final

from gamecore.errors import InputError, RefusedError, TooLargeError
from gamecore.games.gambit import with_plain_labels, write_efg, write_nfg
from gamecore.games.gambit.files import NONE, InformationSet, Outcome, StrategicFile, TreeFile
from gamecore.games.graph_files import GRAPH_FORMATS, graph_text
from gamecore.games.tree import Node, NodeKind, Tree
from gamecore.model import Scenario
from gamecore.scenario.confidential import confidential_names
from gamecore.solving.limits import Limits
from gamecore.solving.strategic import as_file
from gamecore.solving.trees import laid_out

__all__ = ["FORMATS", "as_strategic_file", "as_tree_file", "converted"]

FORMATS: Final = ("nfg", "efg", *GRAPH_FORMATS)
MOST_NAMED: Final = 3  # confidential entries named in a note


def converted(
    game: Any, format: str, limits: Limits | None = None, *, plain: bool = False, shared: bool = False
) -> tuple[str, tuple[str, ...]]:
    """A game as the text of a file in one of `FORMATS`, and what people should know about it.

    Parameters
    ----------
    game
        As `solve` takes it. A tree written as `nfg` is its reduced strategic form; a strategic form written otherwise
        is a tree in which nobody sees what the others did; a scenario is its moves and chance under one protocol.
    plain
        Labels in ASCII only.
    shared
        For the other side: refused unless the scenario keeps nothing confidential and every player is released.

    Raises
    ------
    InputError
        If what is given is no game, or there is no such format.
    RefusedError
        If it cannot be said in that format, or is too large.
    """
    if format not in FORMATS:
        raise InputError(f"games are not written as {format!r}: use one of {', '.join(FORMATS)}")
    limits = limits or Limits()
    notes: tuple[str, ...] = ()
    if isinstance(game, Scenario):
        from gamecore.solving.scenarios import scenario_tree

        secret = _held(game, shared=shared)
        game, protocol = scenario_tree(game, limits)
        notes = (*secret, *protocol)
    elif isinstance(game, TreeFile | StrategicFile):
        notes = game.notes
    if format == "nfg":
        strategic = as_strategic_file(game, limits)
        return write_nfg(with_plain_labels(strategic) if plain else strategic), notes
    tree = as_tree_file(game, limits.profiles)
    tree = with_plain_labels(tree) if plain else tree
    return (write_efg(tree) if format == "efg" else graph_text(tree, format)), notes


def _held(scenario: Scenario, *, shared: bool) -> tuple[str, ...]:
    """What to say of the payoffs in the file, unless every player has released its own and nothing is confidential.

    Raises `RefusedError` if the file is to be shared (docs/decisions/0005: who says nothing has released nothing).
    """
    secret = sorted(confidential_names(scenario))
    silent = [f"players.{name}" for name, player in scenario.players.items() if player.confidential is not False]
    if not secret and not silent:
        return ()
    kept = secret or silent
    more = f" and {len(kept) - MOST_NAMED} more" if len(kept) > MOST_NAMED else ""
    what = "confidential entries of the scenario" if secret else "what the players have not released"
    named = f"{what} ({', '.join(kept[:MOST_NAMED])}{more})"
    if shared:
        raise RefusedError(
            f"a game file to share is not possible: its payoffs and chances are made of {named}; "
            "release that with 'confidential: no'",
            limit="confidential",
        )
    return (f"the file holds payoffs and chances made of {named}: keep it inside",)


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

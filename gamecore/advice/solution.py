"""The JSON document of `solve --json`: a scenario's game and its equilibria, in labels and exact numbers.

`form` is `tree` for a game of several steps, whose `equilibria` are the subgame-perfect ones, protocol by protocol; a
game in which everybody moves once at the same time is `strategic`, and all its equilibria are listed. `pure` are index
tuples into `strategies` (strategic form) and `subgame_perfect_outcomes` the distinct outcomes of a tree. `status` is
`complete`, `partial` or `refused`; `notes` say what was not searched.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import numpy as np

from gamecore.advice.assess import Solved
from gamecore.equilibria.backward_induction import region
from gamecore.equilibria.following import follow, policy_of
from gamecore.equilibria.play import Play
from gamecore.equilibria.pure import pure_equilibria
from gamecore.equilibria.result import Solution, Status
from gamecore.equilibria.tree_certificate import certify_play
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.games.strategic import StrategicGame
from gamecore.games.translate import Game, Numbers
from gamecore.games.tree import NodeKind

__all__ = ["solution_document"]

MOST_LISTED: Final = 200  # equilibria listed
MOST_MIXED: Final = 8  # options of each of two players up to which mixed equilibria are searched


def solution_document(
    game: Game, numbers: Numbers, solved: tuple[Solved, ...], *, most_profiles: int
) -> dict[str, Any]:
    """The document; everything listed carries the gain of its best deviation, recomputed in rationals."""
    form = _one_shot(game)
    if form is not None:
        return _strategic(game, numbers, form, most_profiles)
    return _tree(game, numbers, solved)


def _head(game: Game, form: str, method: str, status: Status) -> dict[str, Any]:
    return {
        "title": game.scenario.title,
        "sha256": game.scenario.sha256,
        "players": list(game.players),
        "form": form,
        "method": method,
        "status": status.value,
    }


# ---- everybody moves once, at the same time ------------------------------------------------------------------------


def _one_shot(game: Game) -> list[int] | None:
    """The information sets of a game in which each player moves at most once and all at the same time; else None."""
    tree = game.tree
    if any(node.kind is NodeKind.AGREEMENT for node in tree.nodes) or len(tree.information_sets) < 2:
        return None
    part = region(tree, 0)
    owners = list(part.owners.values())
    at_once = len(set(owners)) == len(owners) and set(part.sets) == set(tree.information_sets)
    return list(part.sets) if at_once and tree.nodes[0].kind is NodeKind.MOVE else None


def _strategic(game: Game, numbers: Numbers, sets: list[int], most_profiles: int) -> dict[str, Any]:
    tree = game.tree
    first = {tree.nodes[tree.information_sets[key][0]].player: tree.information_sets[key][0] for key in sets}
    movers = sorted(first)
    menus = [[action.name for action in game.actions[first[player]]] for player in movers]
    payoffs = np.full((len(movers), *map(len, menus)), Fraction(0), dtype=object)
    for profile in np.ndindex(*map(len, menus)):
        for end in _ends(game, dict(zip(movers, profile, strict=True)), 0):
            for place, player in enumerate(movers):
                payoffs[(place, *profile)] += numbers.payoffs[player, end]
    form = StrategicGame(payoffs)
    small = len(movers) == 2 and max(map(len, menus)) <= MOST_MIXED
    solution: Solution = two_player_equilibria(form) if small else pure_equilibria(form, limit=most_profiles)
    document = _head(game, "strategic", solution.method, solution.status)
    document["players"] = [game.players[player] for player in movers]
    document["strategies"] = {game.players[player]: menu for player, menu in zip(movers, menus, strict=True)}
    document["equilibria"] = [
        {
            "strategies": {
                game.players[player]: [str(chance) for chance in mix]
                for player, mix in zip(movers, found.strategies, strict=True)
            },
            "payoffs": [str(value) for value in found.payoffs],
            "pure": found.pure,
            "subgame_perfect": True,
            "component": found.component,
            "max_gain": str(found.certificate.max_gain),
            "deviations": len(found.certificate.deviations),
        }
        for found in solution.equilibria[:MOST_LISTED]
    ]
    document["pure"] = [list(found.profile) for found in solution.equilibria if found.pure]
    document["subgame_perfect_outcomes"] = []
    document["notes"] = [*solution.notes, *([] if small else ["only pure equilibria were searched"])]
    return document


def _ends(game: Game, profile: dict[int, int], number: int) -> Iterator[int]:
    node = game.tree.nodes[number]
    if node.kind is NodeKind.END:
        yield node.end
    elif node.kind is NodeKind.MOVE:
        yield from _ends(game, profile, node.children[profile[node.player]])
    else:
        for child in node.children:
            yield from _ends(game, profile, child)


# ---- trees ---------------------------------------------------------------------------------------------------------


def _tree(game: Game, numbers: Numbers, solved: tuple[Solved, ...]) -> dict[str, Any]:
    from gamecore.advice.report import choices_of

    complete = all(item.perfect.status is Status.COMPLETE for item in solved)
    status = Status.COMPLETE if complete else Status.PARTIAL
    document = _head(game, "tree", "set-valued backward induction", status)
    document["strategies"] = _information_sets(game)
    equilibria: list[dict[str, Any]] = []
    outcomes: dict[str, dict[str, Any]] = {}
    failed = 0
    for item in solved:
        for play in item.perfect.plays[0][:MOST_LISTED]:
            ledger = certify_play(game.tree, numbers.payoffs, play, item.bargaining)
            if not ledger.holds:
                failed += 1
                continue
            behaviour: dict[str, dict[str, str]] = {player: {} for player in game.players}
            for who, where, what in choices_of(game, play):
                behaviour[who].setdefault(where, what)
            outcome = _outcome(game, numbers, item, play)
            outcomes.setdefault(f"{item.talks.name}:{outcome['path']}", outcome)
            equilibria.append(
                {
                    "protocol": item.talks.name,
                    "strategies": behaviour,
                    "payoffs": [str(value) for value in play.values],
                    "pure": play.pure,
                    "subgame_perfect": True,
                    "component": None,
                    "max_gain": str(ledger.max_gain),
                    "deviations": len(ledger.deviations),
                }
            )
    document["equilibria"] = equilibria
    document["pure"] = []
    document["subgame_perfect_outcomes"] = list(outcomes.values())
    document["notes"] = [note for item in solved for note in item.perfect.notes]
    if game.unsolved:
        document["status"] = Status.PARTIAL.value
        document["notes"] += [f"not solved, because not all who agree know the same: {name}" for name in game.unsolved]
    if failed:
        document["status"] = Status.PARTIAL.value
        document["notes"].append(f"{failed} plays failed their certificate and are left out")
    return document


def _information_sets(game: Game) -> dict[str, list[dict[str, Any]]]:
    """Per player, where it moves and what it can do there."""
    from gamecore.advice.report import where_of

    menus: dict[str, list[dict[str, Any]]] = {player: [] for player in game.players}
    for nodes in game.tree.information_sets.values():
        player = game.players[game.tree.nodes[nodes[0]].player]
        actions = [action.name for action in game.actions[nodes[0]]]
        menus[player].append({"information_set": where_of(game, nodes[0]), "actions": actions})
    for name, nodes in game.agreement_nodes.items():
        actions = [action.name for action in game.actions[nodes[0]] if not action.fails]
        for player in game.scenario.decisions[name].by:
            menus[player].append({"agreement": name, "options": actions})
    return menus


def _outcome(game: Game, numbers: Numbers, item: Solved, play: Play) -> dict[str, Any]:
    """Where play goes: the ends it reaches with their chances."""
    weights = follow(game.tree, policy_of(game.tree, play, item.bargaining))
    ends = {node.end: number for number, node in enumerate(game.tree.nodes) if node.kind is NodeKind.END}
    path = []
    for end in sorted(weights):
        chance = Fraction(weights[end]) * numbers.reach[-1, end]
        if chance:
            history = {name: value for name, value in game.histories[ends[end]].items() if not name.endswith("!failed")}
            path.append({"history": history, "chance": str(chance)})
    return {"protocol": item.talks.name, "payoffs": [str(value) for value in play.values], "path": path}

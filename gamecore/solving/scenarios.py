"""Scenarios: the subgame-perfect equilibria of every protocol, or all equilibria where everybody moves once.

A scenario of several steps has form `tree`: its equilibria are the subgame-perfect ones, protocol by protocol. One in
which everybody moves once, at the same time, has form `strategic`: all its equilibria are listed. With form `strategic`
asked for, agreements are laid out as moves and the reduced strategic form of all that is solved, under one protocol.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

import numpy as np

from gamecore.advice.report import choices_of, where_of
from gamecore.equilibria.backward_induction import region
from gamecore.equilibria.following import follow, policy_of
from gamecore.equilibria.play import Play
from gamecore.equilibria.protocols import Solved, in_order, solved_game
from gamecore.equilibria.result import Status
from gamecore.equilibria.tree_certificate import certify_play
from gamecore.games.gambit.files import TreeFile
from gamecore.games.gambit.scenario_tree import scenario_to_tree_file
from gamecore.games.strategic import StrategicGame
from gamecore.games.translate import Game, Numbers, compile_game, exact_numbers
from gamecore.games.tree import NodeKind
from gamecore.model import Scenario
from gamecore.solving.answer import Answer, Found, Outcome, Place, Step
from gamecore.solving.explaining_plays import TreeNames, explain_play
from gamecore.solving.limits import Limits, ShouldStop
from gamecore.solving.strategic import Labels, Tell, nothing_yet, solve_strategic
from gamecore.solving.trees import solve_tree_strategically

__all__ = ["one_shot_game", "scenario_tree", "solve_scenario"]

MOST_LISTED: Final = 200  # equilibria listed for each protocol
MOST_TOLD: Final = 6  # certainty equivalents in a note


def solve_scenario(
    scenario: Scenario, form: str, limits: Limits, stop: ShouldStop, tell: Tell, *, explain: bool = False
) -> Answer:
    """The equilibria of a scenario's game; `form` is auto, strategic or tree."""
    labels = Labels(scenario.title, tuple(scenario.players), (), sha256=scenario.sha256, by_name=True)
    tell(nothing_yet(labels, "tree"))
    if form == "strategic":
        return _laid_out(scenario, labels, limits, stop, tell)
    game, numbers, solved = solved_game(scenario, nodes=limits.nodes, cases=limits.cases, profiles=limits.profiles)
    at_once = _one_shot(game) if form == "auto" else None
    if at_once is not None:
        table, menu = one_shot_game(game, numbers, at_once)
        answer = solve_strategic(table, replace(labels, **menu), limits, stop, tell)
        found = tuple(replace(item, subgame_perfect=True) for item in answer.equilibria)
        answer = replace(answer, equilibria=found)
    else:
        answer = _tree(labels, game, numbers, solved, explain=explain)
    return replace(answer, notes=(*_attitudes(game, numbers, answer), *answer.notes))


def _attitudes(game: Game, numbers: Numbers, answer: Answer | None = None) -> Iterator[str]:
    """A note for each player whose payoffs are utilities, with what they are worth in money."""
    for place, tolerance in numbers.tolerances.items():
        player = game.players[place]
        told = (
            f"{player}: payoffs are utilities R (1 - exp(-x / R)) of amounts x, with risk tolerance R = "
            f"{float(tolerance):.6g}; a utility U is worth -R ln(1 - U / R) for certain"
        )
        found = answer.equilibria if answer is not None and player in answer.players else ()
        values = list(dict.fromkeys(item.payoffs[answer.players.index(player)] for item in found)) if answer else []
        sure = [f"{float(numbers.equivalent(place, value)):.6g}" for value in values[:MOST_TOLD]]
        more = " ..." if len(values) > MOST_TOLD else ""
        yield told + (f": here {', '.join(sure)}{more}" if sure else "")


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


def one_shot_game(game: Game, numbers: Numbers, sets: list[int]) -> tuple[StrategicGame, dict[str, Any]]:
    """The strategic form of such a game, and the names of its players and options."""
    tree = game.tree
    first = {tree.nodes[tree.information_sets[key][0]].player: tree.information_sets[key][0] for key in sets}
    movers = sorted(first)
    menus = tuple(tuple(action.name for action in game.actions[first[player]]) for player in movers)
    payoffs = np.full((len(movers), *map(len, menus)), Fraction(0), dtype=object)
    for profile in np.ndindex(*map(len, menus)):
        for end in _ends(game, dict(zip(movers, profile, strict=True)), 0):
            for place, player in enumerate(movers):
                payoffs[(place, *profile)] += numbers.payoffs[player, end]
    names = tuple(game.players[player] for player in movers)
    return StrategicGame(payoffs), {"players": names, "strategies": menus}


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


def _tree(labels: Labels, game: Game, numbers: Numbers, solved: tuple[Solved, ...], *, explain: bool) -> Answer:
    status = Status.COMPLETE if all(item.perfect.status is Status.COMPLETE for item in solved) else Status.PARTIAL
    notes = list(dict.fromkeys(note for item in solved for note in item.perfect.notes))
    if game.unsolved:
        status = Status.PARTIAL
        notes.append(f"under private information one protocol is solved; not: {', '.join(game.unsolved)}")
    equilibria: list[Found] = []
    outcomes: dict[object, Outcome] = {}
    failed = 0
    for item in solved:
        plays = item.perfect.plays[0]
        if len(plays) > MOST_LISTED:
            status = Status.PARTIAL
            notes.append(f"{item.talks.name}: {len(plays)} equilibria, the first {MOST_LISTED} are listed")
        for play in plays[:MOST_LISTED]:
            ledger = certify_play(game.tree, numbers.payoffs, play, item.bargaining)
            if not ledger.holds:
                failed += 1
                continue
            behaviour: dict[str, dict[str, str]] = {player: {} for player in game.players}
            for who, where, what in choices_of(game, play):
                behaviour[who].setdefault(where, what)
            outcome = _outcome(game, numbers, item, play)
            path = tuple((tuple(step.history.items()), step.chance) for step in outcome.path)
            outcomes.setdefault((outcome.protocol, path), outcome)
            done = tuple(behaviour[player] for player in game.players)
            weighted = numbers.payoffs, numbers.reach[-1].tolist()
            why = explain_play(game.tree, weighted, play, item.bargaining, _names(game)) if explain else None
            equilibria.append(
                Found(
                    done,
                    play.values,
                    play.pure,
                    subgame_perfect=True,
                    certificate=ledger,
                    protocol=item.talks.name,
                    explanation=why,
                )
            )
    if failed:
        status = Status.PARTIAL
        notes.append(f"{failed} plays failed their certificate and are left out")
    return Answer(
        labels.title,
        "tree",
        "set-valued backward induction",
        status,
        labels.players,
        _places(game),
        tuple(equilibria),
        subgame_perfect_outcomes=tuple(outcomes.values()),
        notes=tuple(notes),
        sha256=labels.sha256,
        by_name=True,
    )


def _names(game: Game) -> TreeNames:
    """How the parts of the tree are called in an explanation."""
    tree = game.tree
    first = {key: nodes[0] for key, nodes in tree.information_sets.items()}
    ends = {node.end: number for number, node in enumerate(tree.nodes) if node.kind is NodeKind.END}

    def agreement(node: int) -> tuple[str, list[str]]:
        return game.name_of(node), [action.name for action in game.actions[node] if not action.fails]

    def end(number: int) -> str:
        history = game.histories[ends[number]].items()
        return ", ".join(f"{name}: {value}" for name, value in history if not name.endswith("!failed"))

    return TreeNames(
        game.players,
        lambda key: where_of(game, first[key]),
        lambda key: [action.name for action in game.actions[first[key]]],
        agreement,
        end,
    )


def _places(game: Game) -> tuple[tuple[Place, ...], ...]:
    """Per player, where it moves and what it can do there."""
    menus: dict[str, list[Place]] = {player: [] for player in game.players}
    for nodes in game.tree.information_sets.values():
        player = game.players[game.tree.nodes[nodes[0]].player]
        actions = tuple(action.name for action in game.actions[nodes[0]])
        menus[player].append(Place(where_of(game, nodes[0]), actions))
    for name, nodes in game.agreement_nodes.items():
        actions = tuple(action.name for action in game.actions[nodes[0]] if not action.fails)
        for player in game.scenario.decisions[name].by:
            menus[player].append(Place(name, actions, agreement=True))
    return tuple(tuple(menus[player]) for player in game.players)


def _outcome(game: Game, numbers: Numbers, item: Solved, play: Play) -> Outcome:
    """Where play goes: the ends it reaches with their chances."""
    weights = follow(game.tree, policy_of(game.tree, play, item.bargaining))
    ends = {node.end: number for number, node in enumerate(game.tree.nodes) if node.kind is NodeKind.END}
    path = []
    for end in sorted(weights):
        chance = Fraction(weights[end]) * numbers.reach[-1, end]
        if chance:
            history = {name: value for name, value in game.histories[ends[end]].items() if not name.endswith("!failed")}
            path.append(Step(history, chance))
    return Outcome(play.values, tuple(path), item.talks.name)


# ---- laid out as moves -----------------------------------------------------------------------------------------------


def scenario_tree(scenario: Scenario, limits: Limits) -> tuple[TreeFile, tuple[str, ...]]:
    """The scenario's tree of moves and chance, offers and answers laid out, under one protocol: that of the advised
    side if there are several (and then a note).

    Raises `RefusedError` if it cannot be said in moves and chance.
    """
    talks = in_order(scenario)
    first = talks[0]
    game = compile_game(
        scenario, talks=first, most_nodes=limits.nodes, most_cases=limits.cases, lay_out_agreements=True
    )
    notes = () if len(talks) == 1 else (f"one protocol of {len(talks)} is laid out as moves: {first.name}",)
    numbers = exact_numbers(game)
    return scenario_to_tree_file(game, numbers), (*notes, *_attitudes(game, numbers))


def _laid_out(scenario: Scenario, labels: Labels, limits: Limits, stop: ShouldStop, tell: Tell) -> Answer:
    """All equilibria of the reduced strategic form of that tree."""
    file, notes = scenario_tree(scenario, limits)

    def named(answer: Answer) -> Answer:
        status = Status.PARTIAL if len(in_order(scenario)) > 1 and answer.status is Status.COMPLETE else answer.status
        return replace(
            answer,
            title=labels.title,
            status=status,
            players=labels.players,
            notes=(*notes, *answer.notes),
            sha256=labels.sha256,
            by_name=True,
        )

    return named(solve_tree_strategically(file, limits, stop, lambda answer: tell(named(answer))))

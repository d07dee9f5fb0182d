"""A scenario as a game file: its tree of moves and chance, with the names people gave.

Agreements have to be laid out as moves (`compile_game` with `lay_out_agreements`). What nobody learns in time is
averaged over at the ends, as in the tree itself, so an end pays the expected value there. Branches whose chance is 0
are left out: nothing is known of what would follow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy.typing as npt

from gamecore.errors import RefusedError
from gamecore.games.gambit.files import NONE, ChanceSet, InformationSet, Outcome, TreeFile, unique_labels
from gamecore.games.translate import Game, Numbers
from gamecore.games.tree import Node, NodeKind, Tree
from gamecore.model import Protocol

__all__ = ["scenario_to_tree_file"]


def scenario_to_tree_file(game: Game, numbers: Numbers) -> TreeFile:
    """A scenario's tree with its base values, ready to be written as `.efg`.

    Parameters
    ----------
    game
        The tree with its agreements laid out as moves.
    numbers
        Its exact base values (`exact_numbers`).

    Raises
    ------
    RefusedError
        If the players believe in different chances, or an agreement is not laid out, as one over several rounds of
        offers cannot be: neither can be said in an `.efg`.
    """
    _refuse_what_cannot_be_said(game)
    return _Export(game, numbers).file()


def _refuse_what_cannot_be_said(game: Game) -> None:
    believing = [event.name for event in game.scenario.events.values() if event.beliefs]
    if believing:
        raise RefusedError(
            f"events.{believing[0]}: the players believe in different chances, and a tree file has one chance for all; "
            "leave out 'beliefs' to export the game",
            limit="private beliefs",
        )
    for name in game.agreement_nodes:
        proposals = game.scenario.timing.moments[name].proposals
        if proposals.protocol is Protocol.OFFERS and proposals.rounds != 1:
            raise RefusedError(
                f"decisions.{name}: several rounds of offers cannot be laid out as moves of a tree file; use one round",
                limit="several rounds",
            )
        raise RefusedError(
            f"decisions.{name}: the agreement is not laid out as moves; compile the game with lay_out_agreements",
            limit="agreements",
        )


@dataclass
class _Export:
    game: Game
    numbers: Numbers
    nodes: list[Node] = field(default_factory=list)
    sets: dict[int, int] = field(default_factory=dict)  # the game's number of an information set -> the file's
    information_sets: list[InformationSet] = field(default_factory=list)
    chance_sets: list[ChanceSet] = field(default_factory=list)
    chance_set_of: list[int] = field(default_factory=list)
    owned: Counter[int] = field(default_factory=Counter)  # information sets of each player so far
    outcomes: list[Outcome] = field(default_factory=list)
    outcome_of: list[int] = field(default_factory=list)

    def file(self) -> TreeFile:
        self.weights = _weights(self.game.tree, self.numbers.reach[-1])
        kept = self._kept()
        place = {node: number for number, node in enumerate(kept)}
        for node in kept:
            self._add(node, place)
        scenario = self.game.scenario
        players = unique_labels([_clean(scenario.players[name].label or name) for name in self.game.players])
        return TreeFile(
            _clean(scenario.title),
            players,
            Tree(len(players), tuple(self.nodes)),
            ("",) * len(self.nodes),
            _apart(self.information_sets),
            _apart_chance(self.chance_sets),
            tuple(self.chance_set_of),
            tuple(self.outcomes),
            tuple(self.outcome_of),
            _clean(f"Payoffs in {scenario.unit}" if scenario.unit else ""),
        )

    def _kept(self) -> list[int]:
        """The nodes that chance can lead to, in prefix order."""
        kept = []
        node = 0
        after = self.game.tree.after
        while node < len(self.game.tree.nodes):
            if node and not self.weights[node]:
                node = after[node]
                continue
            kept.append(node)
            node += 1
        return kept

    def _add(self, node: int, place: dict[int, int]) -> None:
        item = self.game.tree.nodes[node]
        branches = [(number, child) for number, child in enumerate(item.children) if child in place]
        labels = [_clean(self.game.actions[node][number].label) for number, _ in branches]
        children = tuple(place[child] for _, child in branches)
        chance_set, outcome = NONE, NONE
        if item.kind is NodeKind.END:
            outcome = self._outcome(node, item.end)
            self.nodes.append(Node(NodeKind.END, end=len(self.outcomes) - 1))
        elif item.kind is NodeKind.CHANCE:
            chances = tuple(self.weights[child] / self.weights[node] for _, child in branches)
            chance_set = len(self.chance_sets)
            self.chance_sets.append(ChanceSet(chance_set + 1, self._called(node), unique_labels(labels), chances))
            self.nodes.append(Node(NodeKind.CHANCE, children))
        else:
            number = self._information_set(node, item, labels)
            self.nodes.append(Node(NodeKind.MOVE, children, player=item.player, information_set=number))
        self.chance_set_of.append(chance_set)
        self.outcome_of.append(outcome)

    def _outcome(self, node: int, end: int) -> int:
        weight = self.weights[node]
        payoffs = tuple(Fraction(value) / weight for value in self.numbers.payoffs[:, end])
        self.outcomes.append(Outcome(len(self.outcomes) + 1, "", payoffs))
        return len(self.outcomes) - 1

    def _information_set(self, node: int, item: Node, labels: list[str]) -> int:
        if item.information_set not in self.sets:
            self.sets[item.information_set] = len(self.information_sets)
            number = self.owned[item.player] = self.owned[item.player] + 1
            label = self._called(node, self.game.knowledge[item.information_set])
            self.information_sets.append(InformationSet(item.player, number, label, unique_labels(labels)))
        return self.sets[item.information_set]

    def _called(self, node: int, known: Iterable[tuple[str, str]] = ()) -> str:
        """The name of a decision or event, and what is known there."""
        told = ", ".join(f"{name}: {value}" for name, value in known if "!" not in name)
        name = self.game.name_of(node) + self._offered(node)
        return _clean(f"{name} ({told})" if told else name)

    def _offered(self, node: int) -> str:
        """The offer that an agreement's answer is about."""
        game = self.game
        if game.name_of(node) not in game.spelled_out or not {action.name for action in game.actions[node]} >= {
            "accept"
        }:
            return ""
        child = node
        while game.actions[node][0].name == "accept":
            child, node = node, game.tree.parents[node]
        return ", offered: " + game.actions[node][game.tree.nodes[node].children.index(child)].label


def _weights(tree: Tree, reach: npt.NDArray[Any]) -> list[Fraction]:
    """The probability that chance lets play get to each node."""
    weights = [Fraction(0)] * len(tree.nodes)
    for number in range(len(tree.nodes) - 1, -1, -1):
        node = tree.nodes[number]
        below = [weights[child] for child in node.children]
        if node.kind is NodeKind.END:
            weights[number] = Fraction(reach[node.end])
        elif node.kind is NodeKind.CHANCE:
            weights[number] = sum(below, Fraction(0))
        else:
            weights[number] = below[0]
            if any(weight != below[0] for weight in below):
                raise RefusedError(
                    "chances depend on what is chosen later in this game, which a tree file cannot say",
                    limit="chances",
                )
    return weights


def _clean(text: str) -> str:
    """A label on one line, without what a game file cannot hold at its end."""
    return " ".join(text.split()).rstrip("\\ ")


def _apart(sets: list[InformationSet]) -> tuple[InformationSet, ...]:
    """Information sets whose labels differ for each player."""
    count = Counter((item.player, item.label) for item in sets)
    return tuple(
        item
        if count[item.player, item.label] == 1
        else InformationSet(item.player, item.number, f"{item.label} #{item.number}", item.actions)
        for item in sets
    )


def _apart_chance(sets: list[ChanceSet]) -> tuple[ChanceSet, ...]:
    count = Counter(item.label for item in sets)
    return tuple(
        item
        if count[item.label] == 1
        else ChanceSet(item.number, f"{item.label} #{item.number}", item.actions, item.probabilities)
        for item in sets
    )

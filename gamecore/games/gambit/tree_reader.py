"""Reading `.efg`: the nodes in prefix order, each with its information set and its outcome.

The first mention of an information set or an outcome defines it; later ones say the same again, word by word, or
nothing. After a node that cannot be understood the reader looks for the next one, so that faults further down are told
as well; what can no longer be known then (how the nodes hang together, what was defined in between) is not complained
about.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from gamecore.errors import TooLargeError
from gamecore.games.gambit.files import NONE, ChanceSet, InformationSet, Outcome, TreeFile, unique_labels
from gamecore.games.gambit.strategic_reader import read_head, read_payoffs
from gamecore.games.gambit.tokens import Lost, Words, told
from gamecore.games.tree import Node, NodeKind, Tree

__all__ = ["DEFAULT_MOST_NODES", "read_tree"]

DEFAULT_MOST_NODES: Final = 1_000_000

Definition = tuple[int, int, int]
"""Where something stands in its list, and from where to where the words reach that defined it."""


@dataclass
class _Nodes:
    """What is known of the nodes read so far, node by node."""

    kinds: list[NodeKind] = field(default_factory=list)
    players: list[int] = field(default_factory=list)
    sets: list[int] = field(default_factory=list)  # the information set of a move, the chance set of a chance node
    labels: list[str] = field(default_factory=list)
    outcomes: list[int] = field(default_factory=list)
    children: list[list[int]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)  # the word each starts with

    def add(
        self, kind: NodeKind, label: str, outcome: int, place: int, *, player: int = NONE, its_set: int = NONE
    ) -> int:
        self.kinds.append(kind)
        self.players.append(player)
        self.sets.append(its_set)
        self.labels.append(label)
        self.outcomes.append(outcome)
        self.children.append([])
        self.places.append(place)
        return len(self.kinds) - 1


class _TreeReader:
    def __init__(self, words: Words, most_nodes: int) -> None:
        self.words = words
        self.most_nodes = most_nodes
        self.notes: list[str] = []
        self.nodes = _Nodes()
        self.players: tuple[str, ...] = ()
        self.information_sets: list[InformationSet] = []
        self.chance_sets: list[ChanceSet] = []
        self.outcomes: list[Outcome] = []
        self.defined: dict[tuple[int, int], Definition] = {}  # (player or -1 for chance, number in the file)
        self.paid: dict[int, Definition] = {}
        self.missed = False  # a node could not be understood

    def read(self) -> TreeFile:
        words = self.words
        title, self.players = read_head(words, "2", self.notes)
        if not self.players:
            words.fault("name a player at least, as a text in quotes between the braces", words.at - 1)
        comment = words.label("the comment") if words.is_text else ""
        self.walk()
        words.check()
        return TreeFile(
            title,
            self.players,
            self.tree(),
            tuple(self.nodes.labels),
            tuple(self.information_sets),
            tuple(self.chance_sets),
            tuple(
                number if kind is NodeKind.CHANCE else NONE
                for number, kind in zip(self.nodes.sets, self.nodes.kinds, strict=True)
            ),
            tuple(self.outcomes),
            tuple(self.nodes.outcomes),
            comment,
            tuple(self.notes),
        )

    def tree(self) -> Tree:
        made = []
        ends = 0
        nodes = self.nodes
        for kind, player, its_set, children in zip(nodes.kinds, nodes.players, nodes.sets, nodes.children, strict=True):
            if kind is NodeKind.END:
                made.append(Node(kind, end=ends))
                ends += 1
            elif kind is NodeKind.CHANCE:
                made.append(Node(kind, tuple(children)))
            else:
                made.append(Node(kind, tuple(children), player=player, information_set=its_set))
        return Tree(len(self.players), tuple(made))

    # -- the walk

    def walk(self) -> None:
        """Read nodes until the tree is complete; `waiting` are nodes with branches that have no child yet."""
        words = self.words
        waiting: list[tuple[int, int]] = []  # (node, branches without a child)
        while not self.nodes.kinds or waiting or self.missed:
            if not words.word:
                break
            try:
                node, branches = self.node()
            except Lost:
                self.missed = True
                self.find_next_node()
                continue
            if waiting:
                parent, left = waiting.pop()
                self.nodes.children[parent].append(node)
                if left > 1:
                    waiting.append((parent, left - 1))
            if branches:
                waiting.append((node, branches))
        if self.missed:
            return
        if not self.nodes.kinds:
            words.fault("the tree has no node: write the root after the players")
        elif waiting:
            self.unfinished(waiting)
        elif words.word:
            line, _ = words.place(words.at)
            self.notes.append(f"line {line}: the tree is complete before {told(words.word)}; the rest is not read")

    def unfinished(self, waiting: list[tuple[int, int]]) -> None:
        missing = sum(left for _, left in waiting)
        node, left = waiting[-1]
        line, _ = self.words.place(self.nodes.places[node])
        have = len(self.nodes.children[node])
        self.words.fault(
            f"the file ends {missing} node{'s' * (missing > 1)} too early: the node in line {line} has "
            f"{have + left} actions and {have} node{'s' * (have != 1)} below it"
        )

    def find_next_node(self) -> None:
        """Pass words up to what looks like the start of a node."""
        words = self.words
        while words.word and not (
            words.word in {"c", "p", "t"} and words.words[words.at + 1][:1] == '"' and words.words[words.at - 1] != "{"
        ):
            words.at += 1

    # -- one node

    def node(self) -> tuple[int, int]:
        """Read a node; its number and how many branches it has."""
        words = self.words
        place = words.at
        kind = words.word
        if kind not in {"c", "p", "t"}:
            words.lost(f"a node must start here, with c (chance), p (player) or t (end), not {told(kind)}")
        if len(self.nodes.kinds) >= self.most_nodes:
            raise TooLargeError(
                f"{words.file} has more than {self.most_nodes} nodes; give a smaller game",
                limit="nodes",
                count=len(self.nodes.kinds) + 1,
                allowed=self.most_nodes,
            )
        words.at += 1
        label = words.label("the node's name")
        if kind == "t":
            return self.nodes.add(NodeKind.END, label, self.outcome(), place), 0
        if kind == "c":
            number = self.chance_set()
            branches = len(self.chance_sets[number].actions)
            return self.nodes.add(NodeKind.CHANCE, label, self.outcome(), place, its_set=number), branches
        at = words.at
        player = words.integer("the player's number") - 1
        if not 0 <= player < len(self.players):
            words.fault(f"there is no player {player + 1}: the players are 1 to {len(self.players)}", at)
            player = max(len(self.players), player + 1)  # apart from those there are
        number = self.information_set(player)
        branches = len(self.information_sets[number].actions)
        return self.nodes.add(NodeKind.MOVE, label, self.outcome(), place, player=player, its_set=number), branches

    # -- information sets

    def information_set(self, player: int) -> int:
        words = self.words
        at = words.at
        number = words.integer("the information set's number")
        key = (player, number)
        if key in self.defined:
            return self.again(key)
        start = self.definition_starts(key, at)
        label = self.set_label()
        words.open("the actions")
        labels = []
        while not words.next_is("}"):
            if words.next_is(","):
                words.fault("leave out the commas between actions", words.at - 1)
                continue
            labels.append(words.label("an action's name", "a text in quotes, and a } after the last one"))
        self.some_actions(labels, key, at)
        self.information_sets.append(InformationSet(player, number, label, self.told_apart(labels, key, at)))
        self.defined[key] = (len(self.information_sets) - 1, start, words.at)
        return len(self.information_sets) - 1

    def chance_set(self) -> int:
        words = self.words
        at = words.at
        number = words.integer("the chance node's information set")
        key = (NONE, number)
        if key in self.defined:
            return self.again(key)
        start = self.definition_starts(key, at)
        label = self.set_label()
        words.open("the branches and their chances")
        labels: list[str] = []
        chances: list[Fraction] = []
        before = len(words.faults)
        while not words.next_is("}"):
            if words.next_is(","):
                words.fault("leave out the commas between branches", words.at - 1)
                continue
            labels.append(words.label("a branch's name", "a text in quotes, and a } after the last one"))
            here = words.at
            chance = words.number(f"the chance of {told(words.words[here - 1])}")
            if chance < 0:
                words.fault(f"a chance cannot be negative: {told(words.words[here])}", here)
            chances.append(chance)
        self.some_actions(labels, key, at)
        if len(words.faults) == before and sum(chances) != 1:
            words.fault(
                f"the chances of {_set_called(key)} add up to {_short(sum(chances))} and not to 1 exactly; "
                "fractions such as 1/3 are exact",
                start,
            )
        self.chance_sets.append(ChanceSet(number, label, self.told_apart(labels, key, at), tuple(chances)))
        self.defined[key] = (len(self.chance_sets) - 1, start, words.at)
        return len(self.chance_sets) - 1

    def definition_starts(self, key: tuple[int, int], at: int) -> int:
        """Where the definition of a set starts; lost if there is none."""
        words = self.words
        if not words.is_text and words.word != "{":
            if self.missed:
                raise Lost
            words.lost(
                f"{_set_called(key)} is mentioned for the first time: give its name and actions after the number", at
            )
        return words.at

    def set_label(self) -> str:
        words = self.words
        if words.word == "{":
            words.fault('the information set\'s name is missing: write "" before the { if it has none')
            return ""
        return words.label("the information set's name")

    def some_actions(self, labels: list[str], key: tuple[int, int], at: int) -> None:
        if not labels:
            self.words.lost(f"{_set_called(key)} needs an action at least", at)

    def told_apart(self, labels: list[str], key: tuple[int, int], at: int) -> tuple[str, ...]:
        different = unique_labels(labels)
        if different != tuple(labels):
            line, _ = self.words.place(at)
            self.notes.append(
                f"line {line}: actions of {_set_called(key)} share a name or have none; "
                f"they are told apart as {', '.join(different)}"
            )
        return different

    def again(self, key: tuple[int, int]) -> int:
        """Pass a repeated definition, or nothing; tell a fault if it says something else."""
        words = self.words
        index, first, last = definition = self.defined[key]
        if not words.is_text and words.word != "{":
            return index
        start = words.at
        words.at += last - first
        if words.words[start : words.at] == words.words[first:last]:
            return index
        words.at = start
        self.pass_definition()
        return self.different(definition, start, f"{_set_called(key)} was defined with other words before")

    def pass_definition(self) -> None:
        """Pass a name and what stands in braces after it."""
        words = self.words
        if words.is_text:
            words.at += 1
        words.open("what is repeated")
        while not words.next_is("}"):
            if words.word in {"", "{"}:
                words.lost(f"a }} is missing before {told(words.word)}: close the braces")
            words.at += 1

    def different(self, definition: Definition, start: int, message: str) -> int:
        words = self.words
        shown = " ".join(words.words[definition[1] : definition[2]])
        words.fault(f"{message}: repeat {told_all(shown)} exactly, or leave it out", start)
        return definition[0]

    # -- outcomes

    def outcome(self) -> int:
        """The outcome a node carries, an index into `outcomes`."""
        words = self.words
        at = words.at
        number = words.integer("the outcome's number (0 for none)")
        if not words.is_text and words.word != "{":
            if number == 0:
                return NONE
            if number not in self.paid:
                if not self.missed:
                    words.fault(f"outcome {number} is mentioned for the first time: give its name and payoffs", at)
                return NONE
            return self.paid[number][0]
        if number == 0:
            words.fault("outcome 0 pays nothing and has no name: give another number, or leave out what follows")
            self.pass_definition()
            return NONE
        if number in self.paid:
            return self.paid_again(number)
        start = words.at
        label = ""
        if words.is_text:
            label = words.label("the outcome's name")
        else:
            words.fault('the outcome\'s name is missing: write "" before the { if it has none')
        words.open("the outcome's payoffs")
        payoffs = tuple(read_payoffs(words, len(self.players), f"outcome {number}"))
        self.outcomes.append(Outcome(number, label, payoffs))
        self.paid[number] = (len(self.outcomes) - 1, start, words.at)
        return len(self.outcomes) - 1

    def paid_again(self, number: int) -> int:
        words = self.words
        start = words.at
        self.pass_definition()
        index, first, last = self.paid[number]
        here, said = words.words[start : words.at], words.words[first:last]
        if here == said or [word for word in here if word != ","] == [word for word in said if word != ","]:
            return index
        return self.different(self.paid[number], start, f"outcome {number} was defined with other words before")


def _set_called(key: tuple[int, int]) -> str:
    player, number = key
    return f"information set {number} of " + ("chance" if player == NONE else f"player {player + 1}")


def told_all(text: str) -> str:
    """A definition as a message repeats it."""
    short = " ".join(text.split())
    return short if len(short) <= 120 else short[:120] + "..."


def _short(number: Fraction | int) -> str:
    text = str(number)
    return text if len(text) <= 40 else f"about {float(number):.6g}"


def read_tree(words: Words, most_nodes: int) -> TreeFile:
    """The whole file; raises `ScenarioError` or `Lost` with its faults, `TooLargeError` above `most_nodes`."""
    return _TreeReader(words, most_nodes).read()

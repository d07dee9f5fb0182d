"""Why nobody moves in a play of a tree with agreements, as scenarios have them: the play's ledger in labels.

Gains in the ledger of a play are weighted by the chance that chance moves let play get there; what people are told is
what they lose once they are there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy.typing as npt

from gamecore.equilibria.play import Play, Settlement, plays_reached
from gamecore.equilibria.result import Deviation
from gamecore.equilibria.tree_certificate import certify_play
from gamecore.games.agreement import Bargaining
from gamecore.games.tree import NodeKind, Tree
from gamecore.solving.answer import Explanation, LedgerLine, Stay
from gamecore.solving.explaining import ON_AVERAGE, ended, losing, move_of

__all__ = ["TreeNames", "explain_play"]


@dataclass(frozen=True)
class TreeNames:
    """How a tree's players, information sets, agreements and ends are called."""

    players: tuple[str, ...]
    place: Callable[[int], str]  # of an information set
    actions: Callable[[int], Sequence[str]]  # of an information set
    agreement: Callable[[int], tuple[str, Sequence[str]]]  # of an agreement node: its name and options
    end: Callable[[int], str]


@dataclass(frozen=True)
class _Part:
    """A player's information sets in one subgame, where the certificate changes them together."""

    play: Play
    keys: tuple[int, ...]


def explain_play(
    tree: Tree,
    numbers: tuple[npt.NDArray[Any], Sequence[Fraction]],
    play: Play,
    bargaining: Mapping[int, Bargaining],
    names: TreeNames,
) -> Explanation:
    """Why nobody moves in a subgame-perfect play: per player the deviation that would lose least.

    Those at places that play gets to count before those it would only get to after somebody else moved. `numbers` are
    the payoffs, weighted by reach, and the reach of each end.
    """
    payoffs, reach = numbers
    # The ledger names information sets and agreement nodes by their numbers: told apart by numbering the sets on.
    offset = len(tree.nodes)
    apart = Tree(
        tree.players,
        tuple(
            replace(node, information_set=node.information_set + offset) if node.kind is NodeKind.MOVE else node
            for node in tree.nodes
        ),
    )
    ledger = certify_play(apart, payoffs, _Renumbering(offset).play(play), bargaining)
    judge = _Explainer(tree, reach, play, names, offset)
    stays: list[Stay] = []
    sentences: list[str] = []
    for player, name in enumerate(names.players):
        mine = [judge.stay(one) for one in ledger.deviations if one.player == player]
        known = [item for item in mine if item is not None]
        if not known:
            sentences.append(f"{name} has nothing else to do")
            continue
        on_path, best = min(known, key=lambda item: (not item[0], item[1].loss))
        stays.append(best)
        where = f" at {best.where}" if best.where else ""
        there = where if on_path else f"{where}, if play ever got there"
        sentences.append(f"{name} keeps to its plan{there}: {losing(best)}")
    return ended(stays, sentences, ledger, map(judge.line, ledger.deviations))


class _Renumbering:
    """A play of the same tree with its information sets numbered from `offset` on."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self.done: dict[int, Play] = {}

    def play(self, play: Play) -> Play:
        """The play, each part once."""
        if id(play) not in self.done:
            self.done[id(play)] = replace(
                play,
                actions={key + self.offset: mix for key, mix in play.actions.items()},
                below={number: self.play(below) for number, below in play.below.items()},
                settlement=None if play.settlement is None else self.settlement(play.settlement),
            )
        return self.done[id(play)]

    def settlement(self, settlement: Settlement) -> Settlement:
        """The settlement with the plays that may follow it."""
        return replace(
            settlement,
            none=self.play(settlement.none),
            options=tuple(self.play(option) for option in settlement.options),
            rounds=tuple(
                replace(
                    turn,
                    responses=tuple(
                        replace(
                            response,
                            agreed=self.play(response.agreed),
                            refused=None if response.refused is None else self.play(response.refused),
                        )
                        for response in turn.responses
                    ),
                )
                for turn in settlement.rounds
            ),
        )


class _Explainer:
    def __init__(self, tree: Tree, reach: Sequence[Fraction], play: Play, names: TreeNames, offset: int) -> None:
        self.tree, self.reach, self.names, self.offset = tree, reach, names, offset
        self.parts: dict[tuple[int, int], _Part] = {}  # (player, first information set)
        self.plays: dict[int, Play] = {}
        self.on_path: set[int] = set()
        self._collect(play, on_path=True)

    def _collect(self, play: Play, *, on_path: bool) -> None:
        """Every part of the play, and the subgame roots that it gets to."""
        stack = [(play, on_path)]
        seen: set[int] = set()
        while stack:
            item, reached = stack.pop()
            if reached:
                self.on_path.add(item.node)
            if item.node in seen and not reached:
                continue
            seen.add(item.node)
            self.plays[item.node] = item
            owned: dict[int, list[int]] = {}
            for key in item.actions:
                owned.setdefault(self.tree.nodes[self.tree.information_sets[key][0]].player, []).append(key)
            self.parts |= {(player, keys[0]): _Part(item, tuple(keys)) for player, keys in owned.items()}
            stack += self._below(item, reached=reached)

    def _below(self, item: Play, *, reached: bool) -> list[tuple[Play, bool]]:
        if item.settlement is not None:
            ended = {id(one) for one in plays_reached(item.settlement)}
            found = [*item.settlement.options, item.settlement.none]
            found += [answer.agreed for turn in item.settlement.rounds for answer in turn.responses]
            return [(one, reached and id(one) in ended) for one in found]
        got = self._exits(item)
        return [(below, reached and number in got) for number, below in item.below.items()]

    def _exits(self, item: Play) -> set[int]:
        """The next subgame roots that a play's own choices get to."""
        found: set[int] = set()
        stack = [item.node]
        while stack:
            number = stack.pop()
            if number in item.below and number != item.node:
                found.add(number)
                continue
            node = self.tree.nodes[number]
            if node.kind is NodeKind.MOVE:
                mix = item.actions[node.information_set]
                stack += [child for child, chance in zip(node.children, mix, strict=True) if chance]
            else:
                stack += node.children
        return found

    def chance(self, number: int) -> Fraction:
        """The chance that chance moves let play get to a node."""
        node = self.tree.nodes[number]
        if node.kind is NodeKind.END:
            return self.reach[node.end]
        if node.kind is NodeKind.CHANCE:
            return sum((self.chance(child) for child in node.children), Fraction(0))
        return self.chance(node.children[0])

    def stay(self, deviation: Deviation) -> tuple[bool, Stay] | None:
        """A deviation in labels and whether play gets there; None if it does nothing that is not done anyway."""
        where = -1 if deviation.where is None else deviation.where
        if where < self.offset:
            known = where in self.plays and self.plays[where].settlement is not None
            return self._at_agreement(deviation, where) if known else None
        part = self.parts.get((deviation.player, where - self.offset))
        return None if part is None else self._at_sets(deviation, part)

    def line(self, deviation: Deviation) -> LedgerLine:
        """A line of the ledger in labels."""
        where = -1 if deviation.where is None else deviation.where
        part = self.parts.get((deviation.player, where - self.offset))
        if part is not None:
            doing, place = self._moves(deviation, part)
        elif where < self.offset and where in self.plays:
            doing, place = self._answer(deviation, where), self.names.agreement(where)[0]
        else:
            doing, place = f"{deviation.action}", ""
        return LedgerLine(self.names.players[deviation.player], doing, deviation.gain, place)

    def _at_agreement(self, deviation: Deviation, where: int) -> tuple[bool, Stay]:
        label, name = self._answer(deviation, where), self.names.agreement(where)[0]
        weight = self.chance(where)
        loss = -deviation.gain / weight if weight else -deviation.gain
        stay = Stay(self.names.players[deviation.player], label, loss, name, loss, ON_AVERAGE)
        return where in self.on_path and self._comes_up(deviation, where), stay

    def _comes_up(self, deviation: Deviation, where: int) -> bool:
        """Whether the player is asked: it proposes in some round, all name at once, or the option is offered."""
        settlement = self.plays[where].settlement
        if settlement is None or not settlement.rounds:
            return True
        turns = settlement.rounds[: settlement.round + 1]
        return any(deviation.player == turn.proposer or deviation.action == turn.offer for turn in turns)

    def _answer(self, deviation: Deviation, where: int) -> str:
        """What a deviation at an agreement is: another name, offer or answer."""
        options = self.names.agreement(where)[1]
        option = deviation.action if isinstance(deviation.action, int) else deviation.action[0]
        settlement = self.plays[where].settlement
        if settlement is None or not 0 <= option < len(options):
            return "offering nothing"
        if not settlement.rounds:
            return f"naming {options[option]}"
        if all(turn.proposer == deviation.player for turn in settlement.rounds):
            return f"offering {options[option]}"
        accepted = {turn.responses[option].accepted for turn in settlement.rounds if turn.proposer != deviation.player}
        answer = f"{'refusing' if accepted == {True} else 'accepting'} {options[option]}"
        if len(accepted) > 1:
            answer = f"the other answer to {options[option]}"
        if all(turn.proposer != deviation.player for turn in settlement.rounds):
            return answer
        return f"offering {options[option]}, or {answer},"

    def _changed(self, deviation: Deviation, part: _Part) -> tuple[dict[int, int], dict[int, int]]:
        """The actions of a deviation by information set: those that are not done anyway, and all."""
        many = isinstance(deviation.action, tuple)
        choice = deviation.action if isinstance(deviation.action, tuple) else (deviation.action,)
        chosen = dict(zip(part.keys if many else part.keys[:1], choice, strict=True))
        return {key: action for key, action in chosen.items() if part.play.actions[key][action] != 1}, chosen

    def _moves(self, deviation: Deviation, part: _Part) -> tuple[str, str]:
        changed, chosen = self._changed(deviation, part)
        return move_of([(self.names.actions(k)[a], self.names.place(k)) for k, a in (changed or chosen).items()])

    def _at_sets(self, deviation: Deviation, part: _Part) -> tuple[bool, Stay] | None:
        play = part.play
        changed, chosen = self._changed(deviation, part)
        if not changed or all(play.actions[key][action] for key, action in changed.items()):
            return None  # part of what is mixed already
        label, place = self._moves(deviation, part)
        weight = self.chance(play.node)
        loss = -deviation.gain / weight if weight else -deviation.gain
        change, at = self._cheapest(play, chosen, -deviation.gain)
        stay = Stay(self.names.players[deviation.player], label, loss, place, change, at)
        return play.node in self.on_path, stay

    def _cheapest(self, play: Play, choice: Mapping[int, int], loss: Fraction) -> tuple[Fraction, str]:
        """The end at which the smallest rise makes the deviation pay."""
        after = self._ends(play, choice)
        before = self._ends(play, {})
        gained = {end: weight - before.get(end, 0) for end, weight in after.items()}
        end = max(gained, key=lambda one: gained[one], default=None)
        if end is None or gained[end] <= 0:
            weight = self.chance(play.node)
            return (loss / weight if weight else loss), ON_AVERAGE
        return loss / gained[end], self.names.end(end)

    def _ends(self, play: Play, choice: Mapping[int, int]) -> dict[int, Fraction]:
        """The chances of the ends below a play (chance moves from the root of the tree included)."""
        found: dict[int, Fraction] = {}
        stack: list[tuple[int, Fraction, Play]] = [(play.node, Fraction(1), play)]
        while stack:
            number, weight, here = stack.pop()
            if number in here.below and number != here.node:
                here = here.below[number]
            node = self.tree.nodes[number]
            if here.settlement is not None:
                return {}
            if node.kind is NodeKind.END:
                found[node.end] = found.get(node.end, Fraction(0)) + weight * self.reach[node.end]
            elif node.kind is NodeKind.CHANCE:
                stack += [(child, weight, here) for child in node.children]
            else:
                mix = here.actions[node.information_set]
                taken = choice.get(node.information_set)
                for action, (child, share) in enumerate(zip(node.children, mix, strict=True)):
                    part = share if taken is None else Fraction(int(action == taken))
                    if part:
                        stack.append((child, weight * part, here))
        return {end: weight for end, weight in found.items() if weight}

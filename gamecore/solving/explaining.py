"""Why nobody moves, who would move first and what it would take: the ledger of an equilibrium as values and sentences.

For each player the best deviation it does not already play is taken from the certificate, with what it would lose.
**What it would take** is the least that one payoff must rise by so that this deviation pays: the loss over the chance
that the deviation leads there, at the place where that chance is highest. Who needs the least would move first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.behaviour import Behaviour, Sequences, certify_behaviour, end_weights, sequences, unit
from gamecore.equilibria.play import Play, Settlement, plays_reached
from gamecore.equilibria.result import Certificate, Deviation
from gamecore.equilibria.threats import threats_in
from gamecore.equilibria.tree_certificate import certify_play
from gamecore.games.agreement import Bargaining
from gamecore.games.gambit.files import TreeFile
from gamecore.games.tree import NodeKind, Tree
from gamecore.solving.answer import Answer, Explanation, Found, Stay
from gamecore.solving.limits import ShouldStop
from gamecore.solving.trees import MOST_SETS, behaviour_of, end_name, sets_reached

__all__ = ["TreeNames", "explain_play", "explained", "told"]

ON_AVERAGE: Final = "what would follow, on average,"
MOST_DECIMALS: Final = 9
LONGEST: Final = 24  # signs of a fraction that is told exactly; the document has it in full
MOST_PLANS_LOOKED_AT: Final = 64  # of one player, best ones first

Chances = tuple[Fraction, ...]


def told(number: Fraction) -> str:
    """A number in a sentence: as a decimal where that is exact and short, else as a fraction with its size."""
    if number.denominator == 1:
        return str(number)
    for digits in range(1, MOST_DECIMALS + 1):
        if 10**digits % number.denominator == 0:
            whole, rest = divmod(abs(number.numerator) * (10**digits // number.denominator), 10**digits)
            return f"{'-' if number < 0 else ''}{whole}.{rest:0{digits}d}"
    about = f"about {float(number):.6g}"
    return f"{number} ({about})" if len(str(number)) <= LONGEST else about


def explained(answer: Answer, stop: ShouldStop) -> Answer:
    """The answer with each equilibrium explained, as far as the time allows (a note says so if not)."""
    if answer.tree is not None and len(answer.tree.information_sets) > MOST_SETS:
        return replace(answer, notes=(*answer.notes, "the tree is too large for its equilibria to be explained"))
    numbered = None if answer.tree is None or answer.game is not None else sequences(answer.tree.tree)
    equilibria: list[Found] = []
    for found in answer.equilibria:
        if equilibria and stop():
            break
        if numbered is not None and answer.tree is not None:
            explanation = explain_behaviour(answer.tree, numbered, found)
        else:
            explanation = explain_strategic(answer, found)
        equilibria.append(replace(found, explanation=explanation))
    left = answer.equilibria[len(equilibria) :]
    notes = (f"the time was up: {len(equilibria)} equilibria are explained",) if left else ()
    return replace(answer, equilibria=(*equilibria, *left), notes=(*answer.notes, *notes))


# ---- strategic forms -------------------------------------------------------------------------------------------------


def explain_strategic(answer: Answer, found: Found) -> Explanation:
    """Why nobody moves in an equilibrium of a strategic form."""
    mixes: list[Chances] = [tuple(mix) for mix in found.strategies if not isinstance(mix, Mapping)]
    stays: list[Stay] = []
    sentences: list[str] = []
    for player, mix in enumerate(mixes):
        names = [str(name) for name in answer.strategies[player]]
        unused = [one for one in found.certificate.deviations if one.player == player and not _played(one, mix)]
        stay = None
        if unused:
            best = max(unused, key=lambda one: one.gain)
            stay = _stay(answer, mixes, best)
            stays.append(stay)
        sentences.append(_why(answer.players[player], names, mix, stay))
    return _ended(stays, sentences, found.certificate)


def _played(deviation: Deviation, mix: Chances) -> bool:
    return isinstance(deviation.action, int) and mix[deviation.action] > 0


def _stay(answer: Answer, mixes: Sequence[Chances], best: Deviation) -> Stay:
    """The deviation in labels, and the cell of the table where the least change makes it pay."""
    option = best.action if isinstance(best.action, int) else best.action[0]
    likely = [max(range(len(mix)), key=mix.__getitem__) for mix in mixes]
    likely[best.player] = option
    others = prod((mixes[seat][one] for seat, one in enumerate(likely) if seat != best.player), start=Fraction(1))
    names = [str(answer.strategies[seat][one]) for seat, one in enumerate(likely)]
    return Stay(
        answer.players[best.player], names[best.player], -best.gain, change=-best.gain / others, at=", ".join(names)
    )


def _why(player: str, names: Sequence[str], mix: Chances, stay: Stay | None) -> str:
    used = [option for option, chance in enumerate(mix) if chance]
    if len(used) == 1:
        head = f"{player} stays with {names[used[0]]}"
        if stay is None:
            return f"{player} has nothing but {names[used[0]]} to choose"
    else:
        chances = ", ".join(f"{names[option]} with chance {mix[option]}" for option in used)
        head = f"{player} plays {chances}, and each gives it the same"
        if stay is None:
            return f"{head}: it has no other option"
    return f"{head}: {_losing(stay)}"


def _losing(stay: Stay) -> str:
    if stay.loss > 0:
        return f"{stay.deviation} instead would cost it {told(stay.loss)}"
    return f"{stay.deviation} instead would give it the same, so it has no reason to move"


def _ended(stays: list[Stay], sentences: list[str], ledger: Certificate) -> Explanation:
    """The explanation with who would move first."""
    if ledger.bound:
        sentences.append(f"the chances are rounded: nobody can gain more than {told(ledger.bound)} by moving alone")
    able = [stay for stay in stays if stay.change is not None]
    first = min(able, key=lambda stay: stay.change or Fraction(0)) if able else None
    if first is None or first.change is None:
        sentences.append("nobody has another option to move to")
    else:
        where = f" at {first.where}" if first.where else ""
        head = f"{first.player} would move first{where}, to {first.deviation}"
        how = f"by more than {told(first.change)}" if first.change > 0 else "by anything at all, however little"
        what = first.at if first.at == ON_AVERAGE else f"what it gets at ({first.at})"
        sentences.append(f"{head}: it pays as soon as {what} rises {how}")
    return Explanation(tuple(stays), first, tuple(sentences))


# ---- trees -----------------------------------------------------------------------------------------------------------


def explain_behaviour(file: TreeFile, numbered: Sequences, found: Found) -> Explanation:
    """Why nobody moves in an equilibrium of a tree, against what the others do; and the threats nobody would carry out.

    Of a player's other plans the best one counts that leads somewhere else.
    """
    behaviour = behaviour_of(file, found)
    now = end_weights(numbered, behaviour)
    ledger = certify_behaviour(file.tree, file.payoffs, behaviour, numbered=numbered)
    stays: list[Stay] = []
    sentences: list[str] = []
    for player, name in enumerate(file.players):
        mine = sorted((one for one in ledger.deviations if one.player == player), key=lambda one: -one.gain)
        tried = (_plan_stay(file, numbered, behaviour, now, one) for one in mine[:MOST_PLANS_LOOKED_AT])
        stay = next((item for item in tried if item is not None), None)
        if stay is None:
            sentences.append(f"{name} can change nothing by moving alone")
            continue
        stays.append(stay)
        sentences.append(f"{name} keeps to its plan at {stay.where}: {_losing(stay)}")
    explanation = _ended(stays, sentences, ledger)
    if found.subgame_perfect is False:
        return replace(explanation, threats=tuple(_threats(file, behaviour)))
    return explanation


def _plan_stay(
    file: TreeFile, numbered: Sequences, behaviour: Behaviour, now: Mapping[int, Fraction], deviation: Deviation
) -> Stay | None:
    """Another plan of a player in labels; None if it leads nowhere else or is part of what the player mixes."""
    actions = deviation.action if isinstance(deviation.action, tuple) else (deviation.action,)
    plan = {key: action for key, action in zip(numbered.owned[deviation.player], actions, strict=True) if action >= 0}
    changed = {key: action for key, action in plan.items() if behaviour[key][action] != 1}
    turned = dict(behaviour) | {key: unit(action, numbered.width[key]) for key, action in plan.items()}
    after = end_weights(numbered, turned)
    if after == now or all(behaviour[key][action] for key, action in changed.items()):
        return None
    reached = sets_reached(file, turned)
    told_of = [key for key in changed if key in reached]
    names = file.information_set_names
    doing = " and ".join(file.information_sets[key].actions[changed[key]] for key in told_of)
    loss = -deviation.gain
    gained = {
        end: (weight - now.get(end, Fraction(0))) * file.reach[end]
        for end, weight in after.items()
        if weight > now.get(end, Fraction(0)) and file.reach[end]
    }
    if not gained:
        return None
    end = max(gained, key=gained.__getitem__)
    where = " and ".join(names[key] for key in told_of)
    at = _end_told(file, end)
    return Stay(file.players[deviation.player], doing, loss, where, loss / gained[end], at)


def _end_told(file: TreeFile, end: int) -> str:
    """An end by its name, or by the way to it."""
    nodes = list(file.ends())
    name = end_name(file, nodes[end])
    if name:
        return name
    way = []
    number = nodes[end]
    while file.tree.parents[number] >= 0:
        parent = file.tree.parents[number]
        way.append(file.actions(parent)[file.tree.nodes[parent].children.index(number)])
        number = parent
    return ", ".join(reversed(way))


def _threats(file: TreeFile, behaviour: Behaviour) -> Iterator[str]:
    """What holds the equilibrium up although nobody would do it."""
    reach = np.stack([file.reach] * len(file.players))
    for threat in threats_in(file.tree, file.payoffs, behaviour, reach=reach):
        item = file.information_sets[threat.information_set]
        player, place = file.players[threat.player], file.information_set_names[threat.information_set]
        yield (
            f"{player} announces {item.actions[threat.action]} at {place} but would not do it: "
            f"{item.actions[threat.better]} would be worth {told(threat.cost)} more there"
        )
        for who, gain in threat.deters:
            yield f"if that were expected, {file.players[who]} would leave the plan and gain {told(gain)}"


# ---- trees with agreements (scenarios) -------------------------------------------------------------------------------


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
        there = f"at {best.where}" if on_path else f"at {best.where}, if play ever got there"
        sentences.append(f"{name} keeps to its plan {there}: {_losing(best)}")
    return _ended(stays, sentences, ledger)


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

    def _at_agreement(self, deviation: Deviation, where: int) -> tuple[bool, Stay]:
        name, options = self.names.agreement(where)
        option = deviation.action if isinstance(deviation.action, int) else deviation.action[0]
        settlement = self.plays[where].settlement
        if not 0 <= option < len(options):
            label = "offering nothing"
        elif settlement is not None and not settlement.rounds:
            label = f"naming {options[option]}"
        elif settlement is not None and all(turn.proposer == deviation.player for turn in settlement.rounds):
            label = f"offering {options[option]}"
        elif settlement is not None and all(turn.proposer != deviation.player for turn in settlement.rounds):
            label = f"the other answer to {options[option]}"
        else:
            label = f"another offer of {options[option]}, or the other answer to it,"
        weight = self.chance(where)
        loss = -deviation.gain / weight if weight else -deviation.gain
        stay = Stay(self.names.players[deviation.player], label, loss, name, loss, ON_AVERAGE)
        return where in self.on_path, stay

    def _at_sets(self, deviation: Deviation, part: _Part) -> tuple[bool, Stay] | None:
        play = part.play
        many = isinstance(deviation.action, tuple)
        choice = deviation.action if isinstance(deviation.action, tuple) else (deviation.action,)
        keys = part.keys if many else part.keys[:1]
        changed = {key: action for key, action in zip(keys, choice, strict=True) if play.actions[key][action] != 1}
        if not changed or all(play.actions[key][action] for key, action in changed.items()):
            return None  # part of what is mixed already
        label = " and ".join(f"{self.names.actions(key)[action]}" for key, action in changed.items())
        place = " and ".join(self.names.place(key) for key in changed)
        weight = self.chance(play.node)
        loss = -deviation.gain / weight if weight else -deviation.gain
        change, at = self._cheapest(play, dict(zip(keys, choice, strict=True)), -deviation.gain)
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

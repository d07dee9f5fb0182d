"""Why nobody moves, who would move first and what it would take: the ledger of an equilibrium as values and sentences.

For each player the best deviation it does not already play is taken from the certificate, with what it would lose.
**What it would take** is the least that one payoff must rise by so that this deviation pays: the loss over the chance
that the deviation leads there, at the place where that chance is highest. Who needs the least would move first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from math import prod
from typing import Final

import numpy as np

from gamecore.equilibria.behaviour import Behaviour, Sequences, certify_behaviour, end_weights, sequences, unit
from gamecore.equilibria.result import Certificate, Deviation
from gamecore.equilibria.threats import threats_in
from gamecore.games.gambit.files import TreeFile
from gamecore.solving.answer import Answer, Explanation, Found, LedgerLine, Stay
from gamecore.solving.limits import ShouldStop
from gamecore.solving.trees import MOST_SETS, behaviour_of, end_name, sets_reached

__all__ = ["ON_AVERAGE", "ended", "explained", "losing", "move_of", "told"]

ON_AVERAGE: Final = "what would follow, on average,"
MOST_DECIMALS: Final = 9
LONGEST: Final = 24  # signs of a fraction that is told exactly; the document has it in full
MOST_PLANS_LOOKED_AT: Final = 64  # of one player, best ones first
MOST_LINES: Final = 1_000  # of a ledger that is told; the certificate's `max_gain` is about all

ZERO: Final = Fraction(0)

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
        mine = [one for one in found.certificate.deviations if one.player == player]
        unused = max((one for one in mine if not mix[_option(one)]), key=lambda one: one.gain, default=None)
        other = None if unused is None else _stay(answer, mixes, unused)
        # Who mixes does not care which of its options it plays: the likeliest is the first it would turn to.
        used = [one for one in mine if mix[_option(one)]]
        likely = max(used, key=lambda one: mix[_option(one)], default=None)
        stay = other if likely is None else replace(_stay(answer, mixes, likely), loss=ZERO, change=ZERO)
        stays += [] if stay is None else [stay]
        sentences.append(_why(answer.players[player], names, mix, other))
    lines = (
        LedgerLine(answer.players[one.player], str(answer.strategies[one.player][_option(one)]), one.gain)
        for one in found.certificate.deviations
    )
    return ended(stays, sentences, found.certificate, lines)


def _option(deviation: Deviation) -> int:
    return deviation.action if isinstance(deviation.action, int) else deviation.action[0]


def _stay(answer: Answer, mixes: Sequence[Chances], best: Deviation) -> Stay:
    """The deviation in labels, and the cell of the table where the least change makes it pay."""
    option = _option(best)
    likely = [max(range(len(mix)), key=mix.__getitem__) for mix in mixes]
    likely[best.player] = option
    others = prod((mixes[seat][one] for seat, one in enumerate(likely) if seat != best.player), start=Fraction(1))
    names = [str(answer.strategies[seat][one]) for seat, one in enumerate(likely)]
    return Stay(
        answer.players[best.player], names[best.player], -best.gain, change=-best.gain / others, at=", ".join(names)
    )


def _why(player: str, names: Sequence[str], mix: Chances, other: Stay | None) -> str:
    """Why a player stays, against the best option that it does not use (`other`)."""
    used = [option for option, chance in enumerate(mix) if chance]
    if len(used) == 1:
        if other is None:
            return f"{player} has nothing but {names[used[0]]} to choose"
        return f"{player} stays with {names[used[0]]}: {losing(other)}"
    chances = " and ".join(f"{names[option]} with chance {mix[option]}" for option in used)
    head = f"{player} plays {chances}: each gives it the same, so it has no reason to change the chances"
    return head if other is None else f"{head}; {losing(other)}"


def losing(stay: Stay) -> str:
    """What a deviation would cost, in words."""
    if stay.loss > 0:
        return f"{stay.deviation} instead would cost it {told(stay.loss)}"
    return f"{stay.deviation} instead would give it the same, so it has no reason to move"


def move_of(moves: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """What is done and where, of pairs (action, place); of several, the first names the places too."""
    if len(moves) == 1:
        return moves[0]
    return ", ".join(f"{action} at {place}" for action, place in moves), ""


def ended(stays: list[Stay], sentences: list[str], ledger: Certificate, lines: Iterable[LedgerLine]) -> Explanation:
    """The explanation with who would move first, and the first lines of the ledger."""
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
    return Explanation(tuple(stays), first, tuple(sentences), ledger=tuple(islice(lines, MOST_LINES)))


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
        tried = [_plan_stay(file, numbered, behaviour, now, one) for one in mine[:MOST_PLANS_LOOKED_AT]]
        other = next((stay for stay, mixed in tried if stay is not None and not mixed), None)
        indifferent = next((stay for stay, mixed in tried if stay is not None and mixed), None)
        stays += [stay for stay in (indifferent or other,) if stay is not None]
        sentences.append(_keeps(name, other, indifferent))
    lines = (_plan_line(file, numbered, behaviour, one) for one in ledger.deviations)
    explanation = ended(stays, sentences, ledger, lines)
    if found.subgame_perfect is False:
        return replace(explanation, threats=tuple(_threats(file, behaviour)))
    return explanation


def _keeps(player: str, other: Stay | None, indifferent: Stay | None) -> str:
    """Why a player keeps to its plan: against another one, and against the parts of what it mixes itself."""
    if other is None and indifferent is None:
        return f"nothing else that {player} could do would change what happens"
    mixes = f"{player} mixes, and everything it mixes gives it the same"
    if other is None:
        return f"{mixes}, so it has no reason to change the chances"
    where = f" at {other.where}" if other.where else ""
    keeps = f"keeps to its plan{where}: {losing(other)}"
    return f"{player} {keeps}" if indifferent is None else f"{mixes}; otherwise it {keeps}"


def _plan(numbered: Sequences, deviation: Deviation) -> dict[int, int]:
    """The action of the deviation in each information set it gets to."""
    actions = deviation.action if isinstance(deviation.action, tuple) else (deviation.action,)
    return {key: action for key, action in zip(numbered.owned[deviation.player], actions, strict=True) if action >= 0}


def _plan_line(file: TreeFile, numbered: Sequences, behaviour: Behaviour, deviation: Deviation) -> LedgerLine:
    """A line of the ledger in labels: what the plan does differently, whether play gets there or not."""
    changed = {key: action for key, action in _plan(numbered, deviation).items() if behaviour[key][action] != 1}
    doing, where = _moves(file, changed, changed)
    return LedgerLine(file.players[deviation.player], doing, deviation.gain, where)


def _moves(file: TreeFile, plan: Mapping[int, int], keys: Iterable[int]) -> tuple[str, str]:
    names = file.information_set_names
    return move_of([(file.information_sets[key].actions[plan[key]], names[key]) for key in keys])


def _plan_stay(
    file: TreeFile, numbered: Sequences, behaviour: Behaviour, now: Mapping[int, Fraction], deviation: Deviation
) -> tuple[Stay | None, bool]:
    """Another plan of a player in labels, and whether it is part of what it mixes; None if it leads nowhere else."""
    plan = _plan(numbered, deviation)
    changed = {key: action for key, action in plan.items() if behaviour[key][action] != 1}
    turned = dict(behaviour) | {key: unit(action, numbered.width[key]) for key, action in plan.items()}
    after = end_weights(numbered, turned)
    if after == now:
        return None, False
    reached = sets_reached(file, turned)
    mixed = all(behaviour[key][action] for key, action in changed.items() if key in reached)
    doing, where = _moves(file, changed, [key for key in changed if key in reached])
    loss = -deviation.gain
    gained = {
        end: (weight - now.get(end, ZERO)) * file.reach[end]
        for end, weight in after.items()
        if weight > now.get(end, ZERO) and file.reach[end]
    }
    if not gained:
        return None, mixed
    end = max(gained, key=gained.__getitem__)
    return Stay(file.players[deviation.player], doing, loss, where, loss / gained[end], _end_told(file, end)), mixed


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

"""A conflict worked out from its file by hand-written loops, sharing no code with the project: states, moves, stable
states. Ranks count from 1; larger is worse.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

State = tuple[tuple[str, str], ...]


@dataclass
class Plain:
    """A conflict as plain data: decisions as (name, owner, options, leads_to, when)."""

    players: list[str]
    decisions: list[dict[str, Any]]
    impossible: list[dict[str, str]]
    orders: dict[str, list[list[State]]]
    known: dict[tuple[str, State], set[State]] = field(default_factory=dict)

    def known_moves(self, player: str, state: State) -> set[State]:
        """`moves`, each worked out once."""
        if (player, state) not in self.known:
            self.known[player, state] = self.moves(player, state, self.states())
        return self.known[player, state]

    def exists(self, decision: Mapping[str, Any], chosen: Mapping[str, str]) -> bool:
        when = decision["when"]
        return when is None or all(chosen.get(name) in options for name, options in when.items())

    def states(self) -> list[State]:
        found: list[State] = []
        for picks in itertools.product(*(decision["options"] for decision in self.decisions)):
            chosen: dict[str, str] = {}
            for decision, pick in zip(self.decisions, picks, strict=True):  # what opens stands before what is opened
                if self.exists(decision, chosen):
                    chosen[decision["name"]] = pick
            state = tuple(chosen.items())
            wrong = any(all(chosen.get(name) == option for name, option in one.items()) for one in self.impossible)
            if not wrong and state not in found:
                found.append(state)
        return found

    def moves(self, player: str, state: State, states: Sequence[State]) -> set[State]:
        """Try every way to choose anew in one's own decisions; what then opens for others takes its first option."""
        before = dict(state)
        own = [decision for decision in self.decisions if decision["owner"] == player]
        found: set[State] = set()
        for picks in itertools.product(*(decision["options"] for decision in own)):
            wanted = {decision["name"]: pick for decision, pick in zip(own, picks, strict=True)}
            if not all(self.may_follow(decision, before, wanted[decision["name"]]) for decision in own):
                continue
            opened = [d for d in self.decisions if d["name"] not in before and d["owner"] != player]
            for more in itertools.product(*(decision["options"] for decision in opened)):
                filled = {**before, **wanted, **{d["name"]: pick for d, pick in zip(opened, more, strict=True)}}
                chosen: dict[str, str] = {}
                for decision in self.decisions:
                    if self.exists(decision, chosen):
                        chosen[decision["name"]] = filled[decision["name"]]
                if tuple(chosen.items()) in states:
                    found.add(tuple(chosen.items()))
                    break
        return found - {state}

    def may_follow(self, decision: Mapping[str, Any], before: Mapping[str, str], option: str) -> bool:
        now = before.get(decision["name"])
        if now is None or option == now or now not in decision["leads_to"]:
            return True
        return option in decision["leads_to"][now]

    def rank(self, player: str, state: State) -> int:
        return next(place for place, line in enumerate(self.orders[player]) if state in line)


def stable(plain: Plain, player: str, state: State, concept: str) -> bool:
    """nash, gmr, smr or seq, by the words of the definitions."""
    moves = plain.known_moves
    here = plain.rank(player, state)
    for tempting in moves(player, state):
        if plain.rank(player, tempting) >= here:
            continue
        if concept == "nash":
            return False
        others = [other for other in plain.players if other != player]
        answers = reached(plain, others, tempting, moves, improving=concept == "seq")
        hurting = [end for end in answers if plain.rank(player, end) >= here]
        if concept == "smr":
            hurting = [end for end in hurting if all(plain.rank(player, out) >= here for out in moves(player, end))]
        if not hurting:
            return False
    return True


def reached(
    plain: Plain, others: Sequence[str], start: State, moves: Callable[[str, State], set[State]], *, improving: bool
) -> set[State]:
    """Where legal sequences of the others lead: nobody moves twice in a row."""
    seen: set[tuple[State, str]] = set()
    ends: set[State] = set()
    waiting: list[tuple[State, str]] = [(start, "")]
    while waiting:
        at, last = waiting.pop()
        for other in others:
            if other == last:
                continue
            for end in moves(other, at):
                if improving and plain.rank(other, end) >= plain.rank(other, at):
                    continue
                ends.add(end)
                if (end, other) not in seen:
                    seen.add((end, other))
                    waiting.append((end, other))
    return ends

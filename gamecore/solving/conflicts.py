"""`solve` for a conflict without an order of moves: its states, and which of them are equilibria under which concept.

>>> from gamecore.scenario import read_scenario
>>> text = '''
... {gamecore: 1, title: T, question: Q, advise: a, players: {a: {name: A}, b: {name: B}},
...  decisions: {arm: {by: a, options: {keep: Keep, disarm: Disarm}}, pay: {by: b, options: {hold: Hold, pay: Pay}}},
...  timing: {anytime: yes, today: {arm: keep, pay: hold}},
...  payoffs: {rankings: {a: {priorities: [{arm: keep}]}, b: {priorities: [{pay: hold}]}}}}'''
>>> answer = solve_conflict(read_scenario(text))
>>> answer.status.value, answer.document()["equilibria"]["nash"]
('complete', ['arm: keep, pay: hold'])
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gamecore.equilibria.result import Status
from gamecore.errors import InputError
from gamecore.solving.answer import Answer

if TYPE_CHECKING:
    from gamecore.model import Scenario

__all__ = ["ConflictAnswer", "solve_conflict"]


@dataclass(frozen=True)
class ConflictAnswer(Answer):
    """The answer for a conflict: `found` is its part of the document."""

    found: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The JSON document: states by the names of the file, moves, ranks and stabilities by player."""
        head: dict[str, Any] = {"title": self.title, "sha256": self.sha256, "players": list(self.players)}
        told = {"form": self.form, "method": self.method, "status": self.status.value}
        return head | told | dict(self.found) | {"notes": list(self.notes)}


def solve_conflict(scenario: Scenario) -> ConflictAnswer:
    """All equilibria of a conflict, alone and by groups. Raises as `analyse_conflict` does."""
    from gamecore.redesign.conflict_analysis import analyse_conflict

    analysis = analyse_conflict(scenario)
    keys = [state.key for state in analysis.states]
    found = {
        "today": None if analysis.today is None else keys[analysis.today],
        "states": [
            {
                "state": state.key,
                "ranks": dict(state.ranks),
                "moves": {player: [keys[end] for end in ends] for player, ends in state.moves.items()},
                "stable": {concept: list(players) for concept, players in state.stable.items()},
            }
            for state in analysis.states
        ],
        "equilibria": {concept: [keys[s] for s in states] for concept, states in analysis.equilibria.items()},
        "coalition_equilibria": {
            concept: [keys[s] for s in states] for concept, states in analysis.coalition_equilibria.items()
        },
    }
    return ConflictAnswer(
        title=scenario.title,
        form="conflict",
        method="graph model",
        status=Status.COMPLETE,
        players=tuple(scenario.players),
        notes=analysis.notes,
        sha256=scenario.sha256,
        by_name=True,
        found=found,
    )


def refuse_more(form: str, *, explain: bool, second_opinion: bool, also: bool) -> None:
    """Raises `InputError` for what cannot be asked of a conflict."""
    asked = {"form": form != "auto", "explain": explain, "second opinion": second_opinion, "also": also}
    for name, wanted in asked.items():
        if wanted:
            raise InputError(
                f"'{name}' is for games with an order of moves; this scenario is a conflict, and `analyse` tells why "
                "each state lasts or does not"
            )

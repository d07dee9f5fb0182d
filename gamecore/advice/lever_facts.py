"""What changing the game would do, as frozen values for the analysis record.

Units: gains in the scenario's unit at base values, net of what pulling the lever costs; chances between 0 and 1.
Players, levers and candidates are named by their keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["ClausePrice", "LeverFacts", "Proposal", "Pulled"]


@dataclass(frozen=True)
class Pulled:
    """One change that a proposal makes.

    `lever` is the key of a lever of the file, or of one that was derived (`derived`); `verb` is set, pay or commit;
    `path` is what it changes in the file, `before` and `after` what stands there, as the file would write it. `kind`
    is what sort of change it is: option, order, date, commitment, disclosure, payment, term, clause, input.
    """

    lever: str
    label: str
    kind: str
    verb: str
    derived: bool
    path: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Proposal:
    """A change of the game, solved again.

    `outcome` is the plan that then comes about (the same key as a candidate's where it is one), per protocol; `settled`
    says that it is the same whoever proposes, and the only one. `gains` compare, per player, what it is worth with the
    outcome of the game as it stands, and `gains_mean` the same on average over the draws. `works` is the share of
    draws in which the outcome comes about (None: not drawn). `size` counts how much is changed (0 small .. ), as
    `size_reason` says. `payment` is the range of an amount that works, where there is one to choose. `unchanged` names
    what the change does not move although one might think so (amounts typed in rows, for example). `acceptable_to`
    are the players who have at least what the game as it stands gives them.
    """

    changes: tuple[Pulled, ...]
    outcome: Mapping[str, str]
    outcome_label: str
    settled: bool
    moves_outcome: bool
    values: Mapping[str, float]
    gains: Mapping[str, float]
    gains_mean: Mapping[str, float] = field(default_factory=dict)
    works: float | None = None
    size: float = 0.0
    size_reason: str = ""
    payment: tuple[float, float] | None = None
    unchanged: tuple[str, ...] = ()
    acceptable_to: tuple[str, ...] = ()
    reaches: frozenset[str] = frozenset()
    confidential: bool = False


@dataclass(frozen=True)
class ClausePrice:
    """What a clause is worth: how the outcome and the even payment move when what happens without agreement does."""

    lever: str
    label: str
    disagreement_before: Mapping[str, float]
    disagreement_after: Mapping[str, float]
    outcome_before: str
    outcome_after: str
    even_before: float | None
    even_after: float | None
    payer: str | None = None
    payee: str | None = None
    reaches: frozenset[str] = frozenset()


@dataclass(frozen=True)
class LeverFacts:
    """Everything found by changing the game: `proposals` best first (gain to the advised side net of cost, then the
    smaller change), `clauses`, how many changes were tried, and what was left out (`notes`, as names or counts).
    """

    proposals: tuple[Proposal, ...]
    clauses: tuple[ClausePrice, ...] = ()
    tried: int = 0
    status: str = "complete"  # complete or partial: not every pair was tried
    notes: tuple[str, ...] = ()

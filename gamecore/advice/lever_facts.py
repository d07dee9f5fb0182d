"""What changing the game would do, as frozen values for the analysis record.

Units: gains in the scenario's unit at base values, net of what pulling the lever costs; chances between 0 and 1.
Players, levers and candidates are named by their keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["ClausePrice", "LeverFacts", "Proposal", "Pulled", "Threshold", "Way", "Ways"]


@dataclass(frozen=True)
class Pulled:
    """One change that a proposal makes.

    `lever` is the key of a lever of the file, or of one that was derived (`derived`); `verb` is set, pay or commit;
    `path` is what it changes in the file, `before` and `after` what stands there, as the file would write it. `kind`
    is what sort of change it is: option, order, date, commitment, disclosure, payment, term, clause, input. `by` is the
    side that can make it alone (None: all have to agree); `amount` what is paid; `values` everything that is set, by
    path, so that it can be repeated by hand (empty for payments and commitments). Of a derived one, `subject` is what
    it is about, in words: what moves from the day `now` to the day `then`, or the option that is offered, dropped,
    promised or paid for (if the event `now` has the outcome `then`, where it hangs on one).
    """

    lever: str
    label: str
    kind: str
    verb: str
    derived: bool
    path: str = ""
    before: str = ""
    after: str = ""
    by: str | None = None
    giver: str | None = None
    receiver: str | None = None
    amount: float | None = None
    months: float = 0.0
    values: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""
    now: str = ""
    then: str = ""


@dataclass(frozen=True)
class Proposal:
    """A change of the game, solved again.

    `outcome` is the plan that then comes about (the same key as a candidate's where it is one; several joined by
    " or "), per protocol; `settled` says that it is the same whoever proposes, and the only one. `values` are those of
    the outcome that can be relied on (the worst for the advised side of those that may come about); `gains` compare
    them, per player, with the same of the game as it stands, and `gains_mean` the same on average over the draws.
    `works` is the share of draws in which the outcome comes about (None: not drawn). `size` says how much is changed
    (clauses, plus years by which dates move, plus money as a share of what is at stake), `size_reason` of what it is
    made. `payment` is the range of an amount that works, where there is one to choose. `unchanged` names what the
    change does not move although one might think so (amounts typed in rows, for example), and `moves_no_agreement`
    says that it also changes what no agreement is worth. `acceptable_to` are the players who have at least what the
    game as it stands gives them; `accepted` says that all who have to agree are among them. `nature` marks changes of
    something that nobody decides. `largest_cost` is, for a commitment, the most it may cost the side that commits
    itself before it no longer pays.
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
    moves_no_agreement: bool = False
    acceptable_to: tuple[str, ...] = ()
    accepted: bool = True
    nature: bool = False
    largest_cost: float | None = None
    reaches: frozenset[str] = frozenset()
    confidential: bool = False

    @property
    def key(self) -> str:
        """The levers of the proposal, joined by " + "."""
        return " + ".join(change.lever for change in self.changes)


@dataclass(frozen=True)
class ClausePrice:
    """What a clause is worth: how the outcome and the even payment move when what happens without agreement does.

    `plan` is the plan the payment is for: what comes about in the game as it stands, or the best for all together where
    that is no agreement. The ranges are the payments from
    `payer` to `payee` with which both prefer it to no agreement, before and after; `even` splits the joint gain in
    equal parts. All are None unless two sides play.
    """

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
    plan: str | None = None
    range_before: tuple[float, float] | None = None
    range_after: tuple[float, float] | None = None
    reaches: frozenset[str] = frozenset()
    confidential: bool = False


@dataclass(frozen=True)
class Threshold:
    """Where an outcome comes about when what no agreement is worth to one player moves, all else as it is.

    `value` is what no agreement is worth to `player` today; under `protocols` the outcome comes about from `low` to
    `high` (None: however low, or however high).
    """

    player: str
    protocols: tuple[str, ...]
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Way:
    """Changes with which an outcome comes about: under `protocols`, and as the only outcome of all (`settled`)."""

    changes: tuple[Pulled, ...]
    protocols: tuple[str, ...]
    settled: bool
    values: Mapping[str, float]
    gains: Mapping[str, float]
    size: float
    accepted: bool


@dataclass(frozen=True)
class Ways:
    """When an outcome would come about. `already` are the protocols of the game as it stands in which it does."""

    target: str
    target_label: str
    already: tuple[str, ...]
    ways: tuple[Way, ...]
    thresholds: tuple[Threshold, ...] = ()
    tried: int = 0
    status: str = "complete"
    reaches: frozenset[str] = frozenset()


@dataclass(frozen=True)
class LeverFacts:
    """Everything found by changing the game: `proposals` best first (those nobody who has to agree would lose by, gain
    to the advised side net of cost, then the smaller change), `clauses`, how many changes were tried, and what was left
    out (`notes`, as names or counts). `outcome` and `values` are those of the game as it stands.
    """

    proposals: tuple[Proposal, ...]
    clauses: tuple[ClausePrice, ...] = ()
    tried: int = 0
    status: str = "complete"  # complete or partial: not every pair was tried
    notes: tuple[str, ...] = ()
    outcome: str = ""
    outcome_label: str = ""
    settled: bool = True
    values: Mapping[str, float] = field(default_factory=dict)
    pairs_left: int = 0
    draws: int = 0

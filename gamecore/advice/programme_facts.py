"""What a plan means for the programme, in facts that both sides can check. Frozen data only."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FactRange", "PlanProgramme", "ProgrammeFacts", "ProgrammeRanges"]


@dataclass(frozen=True)
class FactRange:
    """One fact at base inputs: what is expected, and the lowest and highest over the ways chance can go.

    `expected` is None where later choices are left open: then the range is over these too. `reaches` names the
    confidential entries of the file that reach any of the three (empty: none).
    """

    expected: float | None
    lowest: float
    highest: float
    reaches: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ProgrammeRanges:
    """`cost` of the first phase in the scenario's unit, `launch` of the first market in years, `approval` as a chance.

    Where the programme is ended cost and approval count as 0, and `launch` is of the other cases. A fact is None where
    there is no such case, or no market.
    """

    cost: FactRange
    launch: FactRange | None
    approval: FactRange | None


@dataclass(frozen=True)
class PlanProgramme:
    """The programme under one plan; both ranges are None if no case runs it.

    `as_stated` follows the choices that `follows` of the candidate states, as a commitment (None if some of these are
    left to chance); `whatever_follows` is the range over all later options. `open` says whether somebody still chooses.
    """

    candidate: str
    as_stated: ProgrammeRanges | None
    whatever_follows: ProgrammeRanges | None
    open: bool


@dataclass(frozen=True)
class ProgrammeFacts:
    """The programme under every candidate; `phase` is the first one of the file."""

    phase: str
    phase_label: str
    plans: tuple[PlanProgramme, ...]

"""What can hold a decision maker in a state: the stabilities of the graph model, for all states at once.

Notation: R_i(s) the states one move of `i` leads to, R_i^+(s) those preferred to `s`; R_O and R_O^+ where legal
sequences of moves and of improvements of all others lead; φ_i(s) the states that `s` is at least as good as. State `s`
is stable for `i` if every s1 in R_i^+(s) is *sanctioned*:

| concept | sanctioned by | source |
|---|---|---|
| `NASH` | nothing | Nash 1950 |
| `GMR` general metarational | an s2 in R_O(s1) ∩ φ_i(s) | Howard 1971 |
| `SMR` symmetric metarational | such an s2 from which `i` cannot escape: R_i(s2) within φ_i(s) | Howard 1971 |
| `SEQ` sequential | an s2 in R_O^+(s1) ∩ φ_i(s): a sanction in the others' own interest | Fraser & Hipel 1979 |
| `SSEQ` symmetric sequential | such an s2 from which `i` cannot escape | Rego & Vieira 2017 |
| `SIM` simultaneous | improvements of the others from `s`, made together with the move to s1 | Fraser & Hipel 1979 |

Where comparisons are not known there are four readings (Li, Hipel, Kilgour & Fang 2004), `Uncertainty`. Sanctions under
SEQ, SSEQ and SIM may then be moves to states whose comparison is not known. With `strong` a sanction has to lead to a
state that `s` is greatly preferred to, and so has every escape (Hamouda, Kilgour & Hipel 2004).

>>> from gamecore.games.conflict import conflict_from_arcs
>>> from gamecore.games.conflict_preferences import from_ranks
>>> from gamecore.games.conflict_relations import members
>>> prisoners = conflict_from_arcs(
...     ("A", "B"),
...     ("CC", "CD", "DC", "DD"),
...     [[(0, 2), (2, 0), (1, 3), (3, 1)], [(0, 1), (1, 0), (2, 3), (3, 2)]],
...     [from_ranks([3, 1, 4, 2]), from_ranks([3, 4, 1, 2])],
... )
>>> members(stable_states(prisoners, 0, Concept.NASH)), members(equilibria(prisoners, Concept.SEQ))
([2, 3], [0, 3])
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from gamecore.compromises.stability.reachable import legal_sequences
from gamecore.errors import InputError
from gamecore.games.conflict import Conflict
from gamecore.games.conflict_relations import Rows, StateSet, everything, flags, members, transposed, union

if TYPE_CHECKING:
    from gamecore.games.conflict_options import OptionForm

__all__ = [
    "Concept",
    "Situation",
    "Uncertainty",
    "equilibria",
    "improvements",
    "sanctioned",
    "stabilities",
    "stable_states",
    "without_escape",
]


NOT_YET: Final = -2
"""Stands for a pair of parts that is not combined yet; -1 is what cannot be."""


class Concept(StrEnum):
    """The stabilities of one decision maker."""

    NASH = "nash"
    GMR = "gmr"
    SMR = "smr"
    SEQ = "seq"
    SSEQ = "sseq"
    SIM = "sim"


class Uncertainty(StrEnum):
    """What an unknown comparison does; without unknown comparisons all four are the same.

    `A` tempts (one moves to where it may be better) and does not deter; `B` neither tempts nor deters; `C` tempts and
    deters; `D` deters and does not tempt. Stable under `A`: so under all.
    Stable under any: so under `D`.
    """

    A = "a"
    B = "b"
    C = "c"
    D = "d"

    @property
    def tempts(self) -> bool:
        """Whether a decision maker moves to a state it cannot compare with the present one."""
        return self in {Uncertainty.A, Uncertainty.C}

    @property
    def deters(self) -> bool:
        """Whether ending in a state it cannot compare holds a decision maker back."""
        return self in {Uncertainty.C, Uncertainty.D}


@dataclass(frozen=True, eq=False)
class Situation:
    """A conflict as one decision maker sees it: its temptations, the others' answers, what deters it."""

    conflict: Conflict
    decision_maker: int
    uncertainty: Uncertainty = Uncertainty.A
    strong: bool = False

    def __post_init__(self) -> None:
        self.conflict.check_decision_maker(self.decision_maker)

    @cached_property
    def temptations(self) -> Rows:
        """R_i^+(s), with the unknown ones where they tempt."""
        return improvements(self.conflict, self.decision_maker, unknown=self.uncertainty.tempts)

    @property
    def others(self) -> tuple[int, ...]:
        """Everybody else."""
        return tuple(j for j in range(len(self.conflict.decision_makers)) if j != self.decision_maker)

    @cached_property
    def moves_of_others(self) -> tuple[Rows, ...]:
        """R_j(s) of each of the others."""
        return tuple(self.conflict.reachable[j] for j in self.others)

    @cached_property
    def improvements_of_others(self) -> tuple[Rows, ...]:
        """R_j^+(s) of each of the others; a step whose worth is not known to us is taken as one."""
        return tuple(improvements(self.conflict, j, unknown=True) for j in self.others)

    @cached_property
    def answers(self) -> Rows:
        """R_O(s)."""
        return self._sequences(self.moves_of_others)

    @cached_property
    def credible_answers(self) -> Rows:
        """R_O^+(s)."""
        return self._sequences(self.improvements_of_others)

    def _sequences(self, steps: Sequence[Rows]) -> Rows:
        return legal_sequences(steps) or (0,) * len(self.conflict.states)

    @cached_property
    def deterring(self) -> Rows:
        """φ_i(s), with the unknown ones where they deter; under `strong` only what is far worse than `s`."""
        preference = self.conflict.preferences[self.decision_maker]
        if self.strong:
            return preference.much_worse()
        if self.uncertainty.deters:
            return tuple(everything(len(preference)) & ~row for row in preference.better)
        return tuple(preference.at_most(state) for state in range(len(preference)))

    @cached_property
    def deterring_for_good(self) -> Rows:
        """The deterring states that no move of the decision maker leads out of."""
        return without_escape(self.deterring, self.conflict.reachable[self.decision_maker])


def improvements(conflict: Conflict, decision_maker: int, *, unknown: bool) -> Rows:
    """The states one move leads to that the mover prefers to where it starts, or with `unknown` may prefer."""
    preference = conflict.preferences[decision_maker]
    rows = zip(conflict.reachable[decision_maker], preference.better, preference.unknown, strict=True)
    return tuple(reach & (better | unsure if unknown else better) for reach, better, unsure in rows)


def without_escape(deterring: Rows, moves: Rows) -> Rows:
    """Of each set of deterring states, those from which every move stays within the set."""
    count = len(deterring)
    full = everything(count)
    tempting_from = tuple(full & ~row for row in transposed(deterring))
    escapes = transposed(tuple(union(tempting_from, members(row)) for row in moves))
    return tuple(row & ~escape for row, escape in zip(deterring, escapes, strict=True))


def sanctioned(temptations: Rows, answers: Rows, deterring: Rows) -> StateSet:
    """The states where each temptation has an answer that leads to a deterring state."""
    stable = 0
    for state, tempting in enumerate(temptations):
        holding = deterring[state]
        if all(answers[after] & holding for after in members(tempting)):
            stable |= 1 << state
    return stable


def stable_states(
    conflict: Conflict,
    decision_maker: int,
    concept: Concept,
    uncertainty: Uncertainty = Uncertainty.A,
    *,
    strong: bool = False,
) -> StateSet:
    """The states that are stable for one decision maker.

    Raises `InputError` if it does not exist, or for `SIM` in a conflict whose states are not made of options.
    """
    return stable_in(Situation(conflict, decision_maker, uncertainty, strong), concept)


def stable_in(situation: Situation, concept: Concept) -> StateSet:
    """As `stable_states`; what several concepts need of one situation is worked out once."""
    tempting = situation.temptations
    match concept:
        case Concept.NASH:
            return sanctioned(tempting, (0,) * len(tempting), (0,) * len(tempting))
        case Concept.GMR:
            return sanctioned(tempting, situation.answers, situation.deterring)
        case Concept.SMR:
            return sanctioned(tempting, situation.answers, situation.deterring_for_good)
        case Concept.SEQ:
            return sanctioned(tempting, situation.credible_answers, situation.deterring)
        case Concept.SSEQ:
            return sanctioned(tempting, situation.credible_answers, situation.deterring_for_good)
        case Concept.SIM:
            return _simultaneous(situation)


def _simultaneous(situation: Situation) -> StateSet:
    """SIM: the others improve from the present state while the decision maker moves; an infeasible result is none."""
    if situation.conflict.form is None:
        raise InputError("simultaneous sanctions need a conflict whose states are made of options")
    mixed = _Mixed(situation.conflict.form, situation.decision_maker)
    count = len(situation.conflict.states)
    stable = 0
    for state, tempting in enumerate(situation.temptations):
        ends = mixed.states(flags(tempting, count), flags(situation.credible_answers[state], count))
        holds = flags(situation.deterring[state], count)[ends] & (ends >= 0)
        if holds.any(axis=1).all():
            stable |= 1 << state
    return stable


class _Mixed:
    """Where it leads if a decision maker's options become those of one state and the others' those of another.

    What counts of a state is one part of its options, and many states share it: each pair of parts is combined once.
    """

    def __init__(self, form: OptionForm, mover: int) -> None:
        self.form, self.mover = form, mover
        owned = np.array([decision.owner == mover for decision in form.decisions])
        options = np.array(form.states)
        self.first_own, self.own = _numbered(options[:, owned])
        self.first_other, self.other = _numbered(options[:, ~owned])
        self.ends = np.full((len(self.first_own), len(self.first_other)), NOT_YET)

    def states(self, after: npt.NDArray[np.bool_], answers: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """The states that come of them, axes (own part, others' part), -1 where one is not feasible."""
        place = np.ix_(_among(self.own[after]), _among(self.other[answers]))
        found = self.ends[place]
        if (found == NOT_YET).any():
            own, other = (self.first_own[place[0].ravel()].tolist(), self.first_other[place[1].ravel()].tolist())
            for row, column in np.argwhere(found == NOT_YET).tolist():
                found[row, column] = self.form.combined(own[row], other[column], self.mover)
            self.ends[place] = found
        return found


def _among(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Which numbers occur, ascending; without sorting, since they are small."""
    return np.flatnonzero(np.bincount(numbers))


def _numbered(parts: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """A state with each part, and the number of the part of each state; `parts` has axes (state, decision)."""
    if not parts.shape[1]:
        return np.zeros(1, dtype=np.int64), np.zeros(len(parts), dtype=np.int64)
    _, first, number = np.unique(parts, axis=0, return_index=True, return_inverse=True)
    return first, number.reshape(-1)


def stabilities(
    conflict: Conflict,
    concepts: Collection[Concept] = (Concept.NASH, Concept.GMR, Concept.SMR, Concept.SEQ),
    uncertainty: Uncertainty = Uncertainty.A,
    *,
    strong: bool = False,
) -> dict[Concept, tuple[StateSet, ...]]:
    """Per concept the states that are stable for each decision maker, in their order. Raises as `stable_states`."""
    situations = [Situation(conflict, number, uncertainty, strong) for number in range(len(conflict.decision_makers))]
    by_person = [{concept: stable_in(situation, concept) for concept in concepts} for situation in situations]
    return {concept: tuple(stable[concept] for stable in by_person) for concept in concepts}


def equilibria(
    conflict: Conflict, concept: Concept, uncertainty: Uncertainty = Uncertainty.A, *, strong: bool = False
) -> StateSet:
    """The states that are stable for every decision maker. Raises as `stable_states`."""
    stable = everything(len(conflict.states))
    for own in stabilities(conflict, [concept], uncertainty, strong=strong)[concept]:
        stable &= own
    return stable

"""Why a state lasts or does not: what tempts each decision maker, what the others would answer, what comes of it.

The story of a state has one part per decision maker. It is told by the strongest reason there is: nothing better in
reach; every temptation answered in the others' own interest (sequential), or by a threat that cannot be escaped
(symmetric), or by a threat at all (general); or a temptation that nobody can answer. Values come first
(`Part`, `Temptation`); `tell` says them in a sentence or two, with the names of the conflict.

>>> from gamecore.games.conflict import conflict_from_arcs
>>> from gamecore.games.conflict_preferences import from_ranks
>>> prisoners = conflict_from_arcs(
...     ("Ann", "Bob"),
...     ("both keep quiet", "Bob confesses", "Ann confesses", "both confess"),
...     [[(0, 2), (2, 0), (1, 3), (3, 1)], [(0, 1), (1, 0), (2, 3), (3, 2)]],
...     [from_ranks([3, 1, 4, 2]), from_ranks([3, 4, 1, 2])],
... )
>>> print(tell(prisoners, story(prisoners, 0).parts[0]))
Ann could move to 'Ann confesses', but Bob would answer with 'both confess', which Ann likes less.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from gamecore.compromises.stability.concepts import Situation, Uncertainty
from gamecore.compromises.stability.reachable import Path, Step, shortest_path_into
from gamecore.games.conflict import Conflict
from gamecore.games.conflict_relations import Rows, members

__all__ = ["Holds", "Part", "Story", "Temptation", "stories", "story", "tell", "tell_state"]


class Holds(StrEnum):
    """What holds a decision maker in a state, the strongest reason first."""

    CONTENT = "content"
    """Nothing better in reach (Nash)."""
    INTEREST = "interest"
    """Answers in the others' own interest (sequential)."""
    TRAP = "trap"
    """Threats that it could not escape (symmetric metarational)."""
    THREAT = "threat"
    """Threats that may hurt who carries them out (general metarational)."""
    NOTHING = "nothing"
    """Nothing: it gains by moving."""


@dataclass(frozen=True)
class Temptation:
    """A state a decision maker would rather have, and the others' shortest answer; no steps if there is none."""

    state: int
    answer: Path


@dataclass(frozen=True)
class Part:
    """One decision maker in one state. Of those held by `NOTHING` only the temptations without an answer are kept."""

    state: int
    decision_maker: int
    holds: Holds
    temptations: tuple[Temptation, ...]


@dataclass(frozen=True)
class Story:
    """One state: a part per decision maker, in their order."""

    state: int
    parts: tuple[Part, ...]

    @property
    def lasts(self) -> bool:
        """Whether somebody or something holds everybody in it (general metarational for all)."""
        return all(part.holds is not Holds.NOTHING for part in self.parts)


def story(conflict: Conflict, state: int, uncertainty: Uncertainty = Uncertainty.A) -> Story:
    """Why a state lasts or not. Raises `InputError` if the state does not exist."""
    return stories(conflict, [state], uncertainty)[0]


def stories(conflict: Conflict, states: Iterable[int], uncertainty: Uncertainty = Uncertainty.A) -> tuple[Story, ...]:
    """The stories of several states; what they have in common is worked out once. Raises as `story` does."""
    everybody = range(len(conflict.decision_makers))
    situations = [Situation(conflict, number, uncertainty) for number in everybody]
    checked = [conflict.check_state(state) for state in states]
    return tuple(Story(state, tuple(_part(situation, state) for situation in situations)) for state in checked)


def _part(situation: Situation, state: int) -> Part:
    """The strongest reason that holds for all temptations."""
    tempting = _best_first(situation, members(situation.temptations[state]))
    if not tempting:
        return Part(state, situation.decision_maker, Holds.CONTENT, ())
    ways = [
        (Holds.INTEREST, situation.credible_answers, situation.deterring[state]),
        (Holds.TRAP, situation.answers, situation.deterring_for_good[state]),
        (Holds.THREAT, situation.answers, situation.deterring[state]),
    ]
    for holds, answers, deterring in ways:
        if all(answers[end] & deterring for end in tempting):
            interested = holds is Holds.INTEREST
            steps = situation.improvements_of_others if interested else situation.moves_of_others
            told = tuple(Temptation(end, _answer(situation, steps, end, deterring)) for end in tempting)
            return Part(state, situation.decision_maker, holds, told)
    unanswered = (end for end in tempting if not situation.answers[end] & situation.deterring[state])
    return Part(state, situation.decision_maker, Holds.NOTHING, tuple(Temptation(end, ()) for end in unanswered))


def _best_first(situation: Situation, states: list[int]) -> list[int]:
    """The states in the order in which the decision maker likes them, as far as that is known."""
    worse = situation.conflict.preferences[situation.decision_maker].worse
    return sorted(states, key=lambda state: (-worse[state].bit_count(), state))


def _answer(situation: Situation, steps: tuple[Rows, ...], start: int, deterring: int) -> Path:
    """The shortest legal sequence of the others from `start` to a deterring state; empty if there is none."""
    shortest = shortest_path_into(steps, start, deterring)
    return tuple(Step(situation.others[step.mover], step.state) for step in shortest)


def tell(conflict: Conflict, part: Part) -> str:
    """One or two sentences with the names of the conflict: the best temptation, and how many more there are."""
    who = conflict.decision_makers[part.decision_maker]
    if part.holds is Holds.CONTENT:
        if not conflict.moves[part.decision_maker][part.state]:
            return f"{who} cannot move from here."
        return f"{who} has nothing better within reach."
    first, further = part.temptations[0], len(part.temptations) - 1
    goal = f"'{conflict.states[first.state]}'"
    if part.holds is Holds.NOTHING:
        more = f", or to {further} more" if further else ""
        return f"{who} gains by moving to {goal}{more}, and no answer of the others takes that gain away."
    end = first.answer[-1].state
    likes = f"which is no better for {who}"
    preference = conflict.preferences[part.decision_maker]
    if preference.worse[part.state] >> end & 1:
        likes = f"which {who} likes less"
    elif preference.unknown[part.state] >> end & 1:
        likes = f"and whether {who} would like that is not known"
    verb = "would" if part.holds is Holds.INTEREST else "could"
    sentence = f"{who} could move to {goal}, but {_answer_in_words(conflict, first.answer, verb)}, {likes}."
    if part.holds is Holds.THREAT:
        sentence += " That is a threat: it is not in the interest of everybody who would have to carry it out"
        sentence += f", or {who} could get out of it again."
    elif part.holds is Holds.TRAP:
        sentence += f" {who} could not get out of that again."
    if further:
        sentence += f" {_counted(further)} answered too."
    return sentence


def _counted(further: int) -> str:
    return "One more temptation is" if further == 1 else f"{further} more temptations are"


def _answer_in_words(conflict: Conflict, answer: Path, verb: str) -> str:
    """Who answers with what; of several steps each with its mover."""
    names, states = conflict.decision_makers, conflict.states
    first, *rest = answer
    words = f"{names[first.mover]} {verb} answer with '{states[first.state]}'"
    return words + "".join(f" and {names[step.mover]} go on to '{states[step.state]}'" for step in rest)


def tell_state(conflict: Conflict, told: Story) -> str:
    """The whole story: whether the state lasts, then each decision maker; those with nothing better in one sentence."""
    name = conflict.states[told.state]
    content = [part for part in told.parts if part.holds is Holds.CONTENT]
    if len(content) == len(told.parts):
        return f"'{name}' lasts: nobody has anything better within reach."
    opening = f"'{name}' {'lasts' if told.lasts else 'does not last'}."
    return " ".join([opening, *(tell(conflict, part) for part in told.parts if part.holds is not Holds.CONTENT)])

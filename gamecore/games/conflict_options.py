"""Conflicts from options: each decision is somebody's, a state is one option for every decision that is open.

What a state is follows from the decisions; who can move where follows from who decides what. A move of a decision maker
changes any number of its own decisions at once and leaves those of the others alone. `leads_to` says which options can
follow an option in one move; an option that leads nowhere cannot be taken back. A decision with `when` is open only in
states that fit it. If a move opens a decision of somebody else, it opens at the first of its options that is possible.

>>> decisions = (
...     Decision("data", 0, ("hold", "share"), leads_to={"share": ()}),
...     Decision("milestone", 1, ("withhold", "pay")),
... )
>>> form = option_form(decisions, impossible=[{"data": "share", "milestone": "withhold"}])
>>> [form.label(state) for state in range(len(form.states))]
['data: hold, milestone: withhold', 'data: hold, milestone: pay', 'data: share, milestone: pay']
>>> form.moves(0), form.matching({"milestone": "pay"})
(((), (2,), ()), (False, True, True))
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Final

from gamecore.errors import InputError, TooLargeError
from gamecore.games.conflict import MOST_STATES, Conflict
from gamecore.games.conflict_preferences import Preference

__all__ = ["MOST_COMBINATIONS", "Condition", "Decision", "OptionForm", "conflict_from_options", "option_form"]

MOST_COMBINATIONS: Final = 1_000_000  # of options, before what cannot be is left out: a few seconds

Condition = Mapping[str, str | Collection[str]] | Sequence[Mapping[str, str | Collection[str]]]
"""Decision -> option or options, all of which have to hold; or a list of such, one of which has to."""

CLOSED: Final = -1
"""Stands in a state for a decision that is not open there."""


@dataclass(frozen=True)
class Decision:
    """One decision of decision maker `owner`: its options, which of them can follow which, and when it is open.

    `leads_to[option]` lists what can follow `option` in one move; options not named there lead to all others. Without
    `when` the decision is open in every state.
    """

    name: str
    owner: int
    options: tuple[str, ...]
    leads_to: Mapping[str, Collection[str]] = field(default_factory=dict)
    when: Condition = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class OptionForm:
    """How states are made of options: `states[s][d]` is the option of decision `d`, or `CLOSED`.

    Made by `option_form`.
    """

    decisions: tuple[Decision, ...]
    states: tuple[tuple[int, ...], ...]
    numbers: Mapping[tuple[int, ...], int] = field(repr=False)
    follows: tuple[tuple[tuple[int, ...], ...], ...] = field(repr=False)
    """Per decision and option what may stand there after one move of its owner, staying included."""

    @cached_property
    def closing(self) -> bool:
        """Whether there are decisions that are not open in every state."""
        return any(decision.when for decision in self.decisions)

    def label(self, state: int) -> str:
        """The state in words: each open decision with its option."""
        pairs = zip(self.decisions, self.states[state], strict=True)
        return ", ".join(f"{d.name}: {d.options[option]}" for d, option in pairs if option != CLOSED)

    def find(self, options: Sequence[int]) -> int:
        """The number of the state with these options once what is closed is left out; -1 if it is not feasible."""
        if not self.closing:
            return self.numbers.get(tuple(options), -1)
        return self.numbers.get(_closed(self.decisions, tuple(options)), -1)

    def state(self, options: Mapping[str, str]) -> int:
        """The number of the state with these options, by names.

        Raises `InputError` if a name is unknown, a decision is left open, or the state is not feasible.
        """
        _check_condition(options, self.decisions, "the state")
        chosen = [d.options.index(options[d.name]) if d.name in options else CLOSED for d in self.decisions]
        said = ", ".join(f"{name}: {option}" for name, option in options.items())
        if tuple(chosen) not in self.numbers:
            left_out = [
                d.name for d, option in zip(self.decisions, chosen, strict=True) if option == CLOSED and not d.when
            ]
            why = (
                f"it does not say '{left_out[0]}'"
                if left_out
                else "impossible, or one of these decisions is closed there"
            )
            raise InputError(f"{said or 'nothing'} is not a feasible state: {why}")
        return self.numbers[tuple(chosen)]

    def matching(self, condition: Condition) -> tuple[bool, ...]:
        """Per state whether it fits the condition; a closed decision fits none.

        Raises `InputError` for unknown names.
        """
        _check_condition(condition, self.decisions, "the condition")
        return tuple(_fits(condition, self.decisions, state) for state in self.states)

    def moves(self, decision_maker: int) -> tuple[tuple[int, ...], ...]:
        """Per state the states that one move of the decision maker leads to, ascending."""
        return tuple(self._moves_from(number, decision_maker) for number in range(len(self.states)))

    def _moves_from(self, number: int, mover: int) -> tuple[int, ...]:
        state = self.states[number]
        choices: list[Iterable[int]] = []
        for position, (decision, option) in enumerate(zip(self.decisions, state, strict=True)):
            if decision.owner != mover:
                choices.append((option,))
            elif option == CLOSED:
                choices.append(range(len(decision.options)))
            else:
                choices.append(self.follows[position][option])
        found = {self._opened(chosen, mover) for chosen in product(*choices)} - {-1, number}
        return tuple(sorted(found))

    def _opened(self, chosen: tuple[int, ...], mover: int) -> int:
        """The state of these options; decisions of others that the move opens stand at their first possible option."""
        if not self.closing:
            return self.find(chosen)
        others = [
            position for position, (d, option) in enumerate(zip(self.decisions, chosen, strict=True))
            if option == CLOSED and d.owner != mover
        ]  # fmt: skip
        for opening in product(*(range(len(self.decisions[position].options)) for position in others)):
            full = list(chosen)
            for position, option in zip(others, opening, strict=True):
                full[position] = option
            if (found := self.find(full)) >= 0:
                return found
        return -1

    def combined(self, mover_state: int, others_state: int, mover: int) -> int:
        """The state with the mover's options of one state and the others' of another; -1 if it is not feasible."""
        own, other = self.states[mover_state], self.states[others_state]
        return self._opened(
            tuple(o if d.owner == mover else q for d, o, q in zip(self.decisions, own, other, strict=True)), -1
        )


def option_form(decisions: Sequence[Decision], impossible: Sequence[Condition] = ()) -> OptionForm:
    """All feasible states of these decisions: closed decisions left out, impossible combinations removed.

    States come in the order of the options, the last decision changing fastest.

    Raises
    ------
    InputError
        If a name is unknown or used twice, a decision has no options, or nothing is feasible.
    TooLargeError
        For more than `MOST_COMBINATIONS` combinations of options or `MOST_STATES` feasible states.
    """
    _check_decisions(decisions)
    for number, condition in enumerate(impossible):
        _check_condition(condition, decisions, f"impossible, line {number + 1}")
        if not condition:
            raise InputError(f"impossible, line {number + 1}: names no decision, so nothing would be possible")
    combinations = math.prod(len(d.options) for d in decisions)
    if combinations > MOST_COMBINATIONS:
        raise TooLargeError(
            f"the decisions have {combinations} combinations of options, more than the {MOST_COMBINATIONS} looked at",
            limit="combinations of options",
            count=combinations,
            allowed=MOST_COMBINATIONS,
        )
    numbers: dict[tuple[int, ...], int] = {}
    for options in product(*(range(len(d.options)) for d in decisions)):
        state = _closed(decisions, options)
        if state not in numbers and not any(_fits(condition, decisions, state) for condition in impossible):
            numbers[state] = len(numbers)
    if not numbers:
        raise InputError("no state is feasible: what is impossible leaves nothing over")
    if len(numbers) > MOST_STATES:
        raise TooLargeError(
            f"the conflict has {len(numbers)} feasible states, more than the {MOST_STATES} that are compared",
            limit="states of a conflict",
            count=len(numbers),
            allowed=MOST_STATES,
        )
    follows = tuple(
        tuple(
            tuple(
                after
                for after, name in enumerate(d.options)
                if after == number or d.options[number] not in d.leads_to or name in d.leads_to[d.options[number]]
            )
            for number in range(len(d.options))
        )
        for d in decisions
    )
    return OptionForm(tuple(decisions), tuple(numbers), numbers, follows)


def conflict_from_options(
    decision_makers: Sequence[str],
    form: OptionForm,
    preferences: Sequence[Preference],
    states: Sequence[str] | None = None,
) -> Conflict:
    """The conflict over the states of an option form; `states` names them, otherwise their options do.

    Raises `InputError` if a decision belongs to nobody or the preferences do not fit.
    """
    for decision in form.decisions:
        if not 0 <= decision.owner < len(decision_makers):
            raise InputError(
                f"decision '{decision.name}' belongs to decision maker {decision.owner}, who does not exist"
            )
    names = tuple(states) if states is not None else tuple(form.label(state) for state in range(len(form.states)))
    moves = tuple(form.moves(number) for number in range(len(decision_makers)))
    return Conflict(tuple(decision_makers), names, moves, tuple(preferences), form)


def _fits(condition: Condition, decisions: Sequence[Decision], state: Sequence[int]) -> bool:
    """Whether a state fits a condition whose names are known to be right."""
    if not isinstance(condition, Mapping):
        return any(_fits(one, decisions, state) for one in condition)
    for decision, option in zip(decisions, state, strict=True):
        if decision.name in condition:
            wanted = condition[decision.name]
            if option == CLOSED or decision.options[option] not in ((wanted,) if isinstance(wanted, str) else wanted):
                return False
    return True


def _closed(decisions: Sequence[Decision], options: tuple[int, ...]) -> tuple[int, ...]:
    """The options with `CLOSED` for each decision whose `when` does not hold; what is closed can close more."""
    state = options
    while True:
        after = tuple(
            option if not d.when or _fits(d.when, decisions, state) else CLOSED
            for d, option in zip(decisions, state, strict=True)
        )
        if after == state:
            return state
        state = after


def _check_decisions(decisions: Sequence[Decision]) -> None:
    """Raises `InputError` for names used twice, decisions without options, unknown names in `leads_to` and `when`."""
    if not decisions:
        raise InputError("a conflict needs at least one decision")
    names = [d.name for d in decisions]
    for d in decisions:
        if names.count(d.name) > 1:
            raise InputError(f"two decisions are called '{d.name}'")
        if not d.options or len(set(d.options)) < len(d.options):
            raise InputError(f"decision '{d.name}' needs options, each with a name of its own")
        for option, following in d.leads_to.items():
            for name in (option, *following):
                if name not in d.options:
                    raise InputError(f"leads_to of '{d.name}': '{name}' is not one of its options {d.options}")
        _check_condition(d.when, decisions, f"when of '{d.name}'")


def _check_condition(condition: Condition, decisions: Sequence[Decision], where: str) -> None:
    """Raises `InputError` if the condition names a decision or an option that does not exist."""
    if not isinstance(condition, Mapping):
        for one in condition:
            _check_condition(one, decisions, where)
        return
    options = {d.name: d.options for d in decisions}
    for name, wanted in condition.items():
        if name not in options:
            raise InputError(f"{where}: no decision is called '{name}'")
        for option in (wanted,) if isinstance(wanted, str) else wanted:
            if option not in options[name]:
                raise InputError(f"{where}: '{option}' is not an option of '{name}' ({', '.join(options[name])})")

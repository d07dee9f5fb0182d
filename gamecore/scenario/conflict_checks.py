"""What only the whole file of a conflict can show: states without a rank, preferences in a circle, a status quo that
cannot be, and what has no place in a conflict.

Every check works on the feasible states themselves (`anytime.states_of`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

from gamecore.errors import TooLargeError
from gamecore.model import Condition, Ranking, Scenario
from gamecore.scenario.anytime import states_of
from gamecore.scenario.outcomes import described
from gamecore.scenario.rankings import WAYS
from gamecore.scenario.reader import Reader
from gamecore.scenario.tree import Mapping, below, item

__all__ = ["MOST_COMBINATIONS", "MOST_STATES", "check_conflict", "check_rankings_have_a_conflict", "starts_of"]

MOST_STATES: Final = 10_000  # of a conflict: relations over them are squares of bits
MOST_COMBINATIONS: Final = 1_000_000  # of options, before what cannot be is left out
_SHOWN: Final = 3
_PATH: Final = "payoffs.rankings"

State = dict[str, str]


def check_rankings_have_a_conflict(reader: Reader, scenario: Scenario) -> None:
    """Rankings are compared where nobody moves first; elsewhere they are refused."""
    payoffs = reader.root.get("payoffs")
    key = payoffs.key("rankings") if isinstance(payoffs, Mapping) else None
    if key is not None and not scenario.timing.anytime:
        told = (
            "'rankings' in a game with dates is not supported yet; add 'anytime: yes' under 'timing' (a conflict), or "
        )
        reader.fault(key, "payoffs", told + "give each outcome a value")


def check_conflict(reader: Reader, scenario: Scenario) -> None:
    """Tell the faults of the whole; raises `TooLargeError` for more than `MOST_STATES` states."""
    _strangers(reader, scenario)
    choosable = all(any(option.available for option in held.options) for held in scenario.decisions.values())
    if reader.broken & {"decisions", "events"} or not choosable:
        return
    switches = dict(scenario.switches)
    states = [{**switches, **state} for state in _all_states(scenario, on_the_table=True)]
    possible = states
    if any(not option.available for held in scenario.decisions.values() for option in held.options):
        possible = [{**switches, **state} for state in _all_states(scenario, on_the_table=False)]
    if not states:
        reader.fault(reader.root.key("decisions") or reader.root, "decisions", "no state is left that can be")
        return
    _today(reader, scenario, possible, states)
    if reader.root.key("payoffs") is not None and _PATH not in reader.broken:
        for ranking in scenario.rankings.values():
            if below(_PATH, ranking.player) not in reader.broken:
                _ranking(reader, scenario, ranking, states, possible)


def _all_states(scenario: Scenario, *, on_the_table: bool) -> list[State]:
    combinations = math.prod(
        sum(option.available or not on_the_table for option in held.options) for held in scenario.decisions.values()
    )
    if combinations > MOST_COMBINATIONS:
        raise TooLargeError(
            f"the decisions have {combinations:,} combinations of options, more than the {MOST_COMBINATIONS:,} that "
            "are looked at",
            limit="combinations of options",
            count=combinations,
            allowed=MOST_COMBINATIONS,
        )
    found: list[State] = []
    count = 0
    for state in states_of(scenario, on_the_table=on_the_table):
        count += 1
        if count <= MOST_STATES:
            found.append(state)
    if count > MOST_STATES:
        raise TooLargeError(
            f"the conflict has {count:,} states, more than the {MOST_STATES:,} that are compared",
            limit="states of a conflict",
            count=count,
            allowed=MOST_STATES,
        )
    return found


# ---- what has no place in a conflict ---------------------------------------------------------------------------------


def _strangers(reader: Reader, scenario: Scenario) -> None:
    """Events, agreements, options with a condition, amounts: none of them belongs to a conflict."""
    for name in scenario.events:
        told = f"a conflict has no events, and nobody can tell when '{name}' would be known; leave it out"
        reader.fault(scenario.events[name].place, f"events.{name}", told)
    for name, decision in scenario.decisions.items():
        path = f"decisions.{name}"
        if decision.is_agreement or decision.terms:
            told = f"in a conflict each side decides for itself; give '{name}' one player, or each player a decision"
            reader.fault(decision.place, path, told)
            reader.spoil("decisions")
        for option in decision.options:
            if option.when is not None:
                told = "in a conflict an option has no 'when'; say under 'impossible' what cannot be together"
                reader.fault(option.place, f"{path}.options.{option.name}", told)
    for block in ("programme", "deal"):
        key = reader.root.key(block)
        if key is not None:
            reader.fault(key, block, "a conflict compares rankings, so no amounts are computed; leave this block out")
    baseline = reader.root.key("baseline")
    if baseline is not None:
        reader.fault(baseline, "baseline", "'timing.today' is the plan as it stood; leave 'baseline' out")
    payoffs = reader.root.get("payoffs")
    if not isinstance(payoffs, Mapping):
        return
    if payoffs.key("rankings") is None:
        at = reader.root.key("payoffs") or payoffs
        told = "with 'anytime' only rankings are compared: add 'rankings:' with the order of each player"
        reader.fault(at, "payoffs", told)
        return
    for key, _ in payoffs.entries:
        if key.text != "rankings":
            told = f"'rankings' stands in place of lines; leave '{key.text[:60]}' out"
            reader.fault(key, "payoffs", told)


# ---- the status quo --------------------------------------------------------------------------------------------------


def _today(reader: Reader, scenario: Scenario, possible: Sequence[State], states: Sequence[State]) -> None:
    """Today is a state; it may hold options that are not on the table, if others can stand in their place."""
    timing = reader.root.get("timing")
    node = timing.get("today") if isinstance(timing, Mapping) else None
    path = "timing.today"
    if not isinstance(node, Mapping) or path in reader.broken:
        return
    at = timing.key("today") if isinstance(timing, Mapping) else None
    told = _not_a_state(scenario, possible)
    if not told and not starts_of(scenario, states):
        told = ["no state that is left agrees with it: an option of today is not available"]
    for fault in told:
        reader.fault(at or node, path, fault)


def _not_a_state(scenario: Scenario, possible: Sequence[State]) -> list[str]:
    """Why today is none of the states; nothing if it is one."""
    today = {**scenario.switches, **scenario.timing.today}
    told = []
    for name, decision in scenario.decisions.items():
        is_open = decision.when is None or decision.when.fits(today)
        if is_open and name not in today:
            told.append(f"today does not say where '{name}' stands; add '{name}: {decision.options[0].name}'")
        if not is_open and name in today:
            told.append(f"today there is nothing to decide in '{name}' (its 'when'); leave it out")
    if told or today in possible:
        return told
    for index, condition in enumerate(scenario.impossible):
        if condition.fits(today):
            return [f"today cannot be: it fits entry {index + 1} of 'impossible'"]
    return ["today cannot be; compare 'when' and 'impossible'"]


def starts_of(scenario: Scenario, states: Iterable[State]) -> list[State]:
    """The states the conflict can begin in: today; or, where an option of today is not on the table, every state that
    agrees with the rest of it.
    """
    today = dict(scenario.timing.today)
    for name, decision in scenario.decisions.items():
        if any(option.name == today.get(name) and not option.available for option in decision.options):
            del today[name]
    whole = {**scenario.switches, **scenario.timing.today}
    if len(today) == len(scenario.timing.today):
        return [state for state in states if {**scenario.switches, **state} == whole]
    gone = set(scenario.timing.today) - set(today)
    return [state for state in states if _agrees(scenario, state, today, gone)]


def _agrees(scenario: Scenario, state: State, kept: State, gone: set[str]) -> bool:
    """Whether a state has what is kept of today; what the choice of another option closes or opens is free."""
    for name in scenario.decisions:
        if name in gone:
            continue
        if name in state and name in kept and state[name] != kept[name]:
            return False
    return True


# ---- rankings --------------------------------------------------------------------------------------------------------


def _ranking(
    reader: Reader, scenario: Scenario, ranking: Ranking, states: Sequence[State], possible: Sequence[State]
) -> None:
    path = below(_PATH, ranking.player)
    way = next(way for way in WAYS if getattr(ranking, way))
    compared = [(one.better, one.than) for one in ranking.comparisons]
    conditions = [*ranking.best_to_worst, *ranking.priorities, *(side for pair in compared for side in pair)]
    reader.spend(len(conditions) * (len(states) + len(possible)))
    sound = True
    for index, condition in enumerate(conditions):
        if not any(condition.fits(state) for state in possible):
            number = index // 2 if ranking.comparisons else index
            told = "no state that can occur fits this; compare 'when' and 'impossible'"
            reader.fault(condition.place, item(below(path, way), number, "entry"), told)
            sound = False
    if ranking.best_to_worst:
        _best_to_worst(reader, scenario, ranking, states)
    elif ranking.comparisons and sound:
        _circle(reader, scenario, ranking, states)


def _best_to_worst(reader: Reader, scenario: Scenario, ranking: Ranking, states: Sequence[State]) -> None:
    path = below(_PATH, ranking.player)
    missing, twice = [], []
    for state in states:
        fitting = [index for index, condition in enumerate(ranking.best_to_worst) if condition.fits(state)]
        if not fitting:
            missing.append(state)
        elif len(fitting) > 1:
            twice.append((fitting[0], fitting[1], state))
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        told = f"{len(missing)} of {len(states)} states {verb} not ranked: {_told(scenario, missing)}"
        reader.fault(ranking.place, path, told)
    seen: set[int] = set()
    for first, second, state in twice:
        if second not in seen:
            seen.add(second)
            told = f"{_told(scenario, [state])} already fits entry {first + 1}; each state fits one entry"
            place = ranking.best_to_worst[second].place
            reader.fault(place, item(below(path, "best_to_worst"), second, "entry"), told)


def _told(scenario: Scenario, states: Sequence[State]) -> str:
    switches = set(scenario.switches)
    shown = [described(scenario, state, switches) or "the only state" for state in states[:_SHOWN]]
    more = f" (and {len(states) - _SHOWN} more)" if len(states) > _SHOWN else ""
    return "; ".join(shown) + more


def _circle(reader: Reader, scenario: Scenario, ranking: Ranking, states: Sequence[State]) -> None:
    """Comparisons must not lead back to where they began, with one of them strict."""
    path = below(below(_PATH, ranking.player), "comparisons")
    groups = [(_fitting(one.better, states), _fitting(one.than, states)) for one in ranking.comparisons]
    reader.spend(sum(len(better) * len(than) for better, than in groups))
    edges: dict[int, set[int]] = {number: set() for number in range(len(states))}
    for one, (better, than) in zip(ranking.comparisons, groups, strict=True):
        for upper in better:
            edges[upper].update(than)
        for lower in than if one.tie else ():
            edges[lower].update(better)
    for index, (one, (better, than)) in enumerate(zip(ranking.comparisons, groups, strict=True)):
        if one.tie:
            continue
        for lower in than:
            way = _way(edges, lower, set(better))
            if way:
                circle = " over ".join(_told(scenario, [states[number]]) for number in [way[-1], *way])
                told = f"the preferences run in a circle: {circle}; leave out one of these comparisons"
                reader.fault(one.place, item(path, index, "entry"), told)
                return


def _fitting(condition: Condition, states: Sequence[State]) -> list[int]:
    return [number for number, state in enumerate(states) if condition.fits(state)]


def _way(edges: dict[int, set[int]], start: int, goals: set[int]) -> list[int]:
    """A shortest way from `start` to one of `goals`; a goal that is the start is one of no steps."""
    came_from = {start: start}
    queue = [start]
    for number in queue:
        if number in goals:
            way = [number]
            while way[-1] != start:
                way.append(came_from[way[-1]])
            return way[::-1]
        for after in sorted(edges[number]):
            if after not in came_from:
                came_from[after] = number
                queue.append(after)
    return []

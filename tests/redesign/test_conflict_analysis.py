"""Conflicts from scenario files: against loops written by hand, the worked file, levers, changes of preference."""

from __future__ import annotations

import itertools
import json
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from gamecore.advice.conflict_facts import ConflictAnalysis, Strength, Why
from gamecore.advice.conflict_recommend import choose, strengths
from gamecore.errors import InputError, ScenarioError, TooLargeError
from gamecore.games.conflict_of_scenario import conflict_of
from gamecore.games.conflict_preferences import Preference, from_ranks
from gamecore.pipeline import Settings, analyse, analysis_document, analysis_of, solve
from gamecore.redesign.conflict_analysis import analyse_conflict
from gamecore.redesign.conflict_changes import _distance
from gamecore.scenario import apply_levers, read_scenario
from gamecore.scenario.anytime import states_of
from tests.redesign.independent_conflict import Plain, State, stable

FILE = Path(__file__).resolve().parents[2] / "scenarios" / "data-package-dispute.yaml"
CONCEPTS = ("nash", "gmr", "smr", "seq")


def worked(*changes: tuple[str, str]) -> str:
    text = FILE.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def analysed(*changes: tuple[str, str]) -> ConflictAnalysis:
    return analyse_conflict(read_scenario(worked(*changes), file=FILE.name))


# ---- random files against loops written by hand ----------------------------------------------------------------------


def random_conflict(seed: int) -> tuple[Plain, str]:
    """A conflict as plain data, and the file that says the same."""
    dice = random.Random(seed)
    players = ["ann", "ben", "cyn"][: dice.randint(2, 3)]
    decisions: list[dict[str, Any]] = []
    for index in range(dice.randint(2, 3)):
        options = [f"o{index}{letter}" for letter in "abc"[: dice.randint(2, 3)]]
        leads = {
            one: [other for other in options if other != one and dice.random() < 0.4]
            for one in options
            if dice.random() < 0.3
        }
        when = None
        if index and dice.random() < 0.3:
            first = decisions[dice.randrange(index)]
            when = {first["name"]: dice.sample(first["options"], len(first["options"]) - 1)}
        owner = players[index % len(players)]
        decisions.append({"name": f"d{index}", "owner": owner, "options": options, "leads_to": leads, "when": when})
    plain = Plain(players, decisions, [], {})
    states = plain.states()
    if dice.random() < 0.5 and len(states) > 3:
        plain.impossible = [dict(dice.choice(states))]
        states = plain.states()
    for player in players:
        mixed = dice.sample(states, len(states))
        cuts = sorted(dice.sample(range(1, len(states)), dice.randint(1, len(states) - 1)))
        edges = [0, *cuts, len(states)]
        plain.orders[player] = [mixed[a:b] for a, b in itertools.pairwise(edges)]
    return plain, written(plain, dice.choice(states))


def written(plain: Plain, today: State) -> str:
    # Which decisions are open tells states apart that a condition, which says nothing of the rest, cannot: so each line
    # of a ranking lists its states in full, and a state with fewer decisions excludes those that have more.
    def condition(state: State) -> dict[str, str]:
        return dict(state)

    document = {
        "gamecore": 1,
        "title": "T",
        "question": "Q",
        "advise": plain.players[0],
        "players": {player: {"name": player.title()} for player in plain.players},
        "decisions": {
            one["name"]: {
                "by": one["owner"],
                **({"when": one["when"]} if one["when"] else {}),
                "options": {
                    option: {
                        "label": option.upper(),
                        **({"leads_to": one["leads_to"][option]} if option in one["leads_to"] else {}),
                    }
                    for option in one["options"]
                },
            }
            for one in plain.decisions
        },
        "impossible": plain.impossible,
        "timing": {"anytime": "yes", "today": dict(today)},
        "payoffs": {
            "rankings": {
                player: {"best_to_worst": [[condition(state) for state in line] for line in lines]}
                for player, lines in plain.orders.items()
            }
        },
    }
    return json.dumps(document)


@pytest.mark.parametrize("seed", range(14))
def test_states_moves_and_stabilities_of_a_file_are_those_of_loops_written_by_hand(seed: int) -> None:
    plain, text = random_conflict(seed)
    scenario = read_scenario(text)
    found = conflict_of(scenario)
    states = plain.states()
    mine = [tuple(dict(state).items()) for state in found.options]
    assert set(mine) == set(states)
    assert {tuple(state.items()) for state in states_of(scenario)} == set(states)
    analysis = analyse_conflict(scenario)
    for number, state in enumerate(mine):
        for index, player in enumerate(plain.players):
            ends = {mine[end] for end in found.conflict.moves[index][number]}
            assert ends == plain.moves(player, state, states)
            better = sum(plain.rank(player, other) < plain.rank(player, state) for other in states)
            assert analysis.states[number].ranks[player] == better + 1
            for concept in CONCEPTS:
                said = player in analysis.states[number].stable[concept]
                assert said == stable(plain, player, state, concept), (state, player, concept)


@pytest.mark.parametrize("seed", range(60, 66))
def test_what_is_recommended_lasts_can_be_reached_and_is_as_good_as_today(seed: int) -> None:
    _, text = random_conflict(seed)
    analysis = analyse_conflict(read_scenario(text))
    advised = analysis.scenario.advise
    assert analysis.today is not None
    chosen = analysis.recommendation.state
    reached = {way.state for way in analysis.ways}
    places = {state.number: state.ranks[advised] or 0 for state in analysis.states}
    lasting = [
        state.number
        for state in analysis.states
        if state.strength is not Strength.NONE
        and state.number in reached
        and places[state.number] <= places[analysis.today]
    ]
    assert (chosen is None) == (not lasting)
    by_interest = {Strength.COALITION, Strength.NASH, Strength.SEQ}

    def all_prefer(one: int, other: int) -> bool:
        ranks, others = analysis.states[one].ranks, analysis.states[other].ranks
        return all((ranks[player] or 0) < (others[player] or 0) for player in ranks)

    firm = [state for state in lasting if analysis.states[state].strength in by_interest]
    lasting = [state for state in lasting if not any(all_prefer(other, state) for other in firm)]
    if chosen is not None:
        assert chosen in lasting
        strongest = min(list(Strength).index(analysis.states[state].strength) for state in lasting)
        assert list(Strength).index(analysis.states[chosen].strength) == strongest
    for change in analysis.changes:
        assert change.distance > 0
        assert change.parts


# ---- the worked file, by hand ----------------------------------------------------------------------------------------


def test_the_exchange_is_recommended_to_the_one_who_holds_the_data() -> None:
    found = analysed()
    chosen = found.states[found.recommendation.state or 0]
    assert chosen.options == {"data": "share", "milestone": "pay", "filing": "wait"}
    assert chosen.strength is Strength.COALITION
    # by hand: Sapphire's first line; Diamond has 'filing: wait', 'data: share' and only then 'withhold'
    assert (chosen.ranks["sapphire"], chosen.ranks["diamond"], chosen.ranks["registry"]) == (1, 2, 1)
    kinds = {reason.kind: reason for reason in found.recommendation.reasons}
    assert kinds[Why.STEP_AGAINST_INTEREST].players == ("sapphire", "diamond")
    assert kinds[Why.TOGETHER].players == ("sapphire", "diamond")
    assert kinds[Why.CANNOT_BE_UNDONE].options == ("data=share", "milestone=pay")
    assert kinds[Why.TODAY_FEAR].players == ("registry",)
    assert [option.roles for option in found.options] == [("today",), ("recommended",), ("alternative",)]


def test_the_deadlock_lasts_until_two_move_together() -> None:
    found = analysed()
    deadlock = next(state for state in found.states if state.options.get("filing") == "close" and
                    state.options["milestone"] == "withhold")  # fmt: skip
    assert deadlock.equilibrium == ("nash", "gmr", "smr", "seq", "sseq", "sim")
    assert deadlock.coalition == ()
    way = next(way for way in found.ways if way.state == deadlock.number)
    assert way.by_improvements is not None
    assert [step.player for step in way.by_improvements] == ["registry"]


def test_where_all_can_have_better_that_holds_nobody_is_asked_to_stay() -> None:
    """The prisoners' dilemma: keeping quiet holds because leaving it would be answered (Fraser & Hipel 1984)."""
    document = {
        "gamecore": 1, "title": "T", "question": "Q", "advise": "ann",
        "players": {"ann": {"name": "Ann"}, "ben": {"name": "Ben"}},
        "decisions": {
            "one": {"by": "ann", "options": {"quiet": "Quiet", "confess": "Confess"}},
            "two": {"by": "ben", "options": {"silent": "Silent", "talk": "Talk"}},
        },
        "timing": {"anytime": "yes", "today": {"one": "confess", "two": "talk"}},
        "payoffs": {"rankings": {
            "ann": {"priorities": [{"two": "silent"}, {"one": "confess"}]},
            "ben": {"priorities": [{"one": "quiet"}, {"two": "talk"}]},
        }},
    }  # fmt: skip
    found = analyse_conflict(read_scenario(json.dumps(document)))
    assert [state.strength.value for state in found.states] == ["seq", "none", "none", "nash"]
    assert found.recommendation.state == 0
    reasons = {reason.kind: reason.players for reason in found.recommendation.reasons}
    assert reasons[Why.TOGETHER] == ("ann", "ben")


def test_the_alliance_spares_the_one_who_ends_worst() -> None:
    found = analysed(("advise: sapphire", "advise: alliance"))
    chosen = found.states[found.recommendation.state or 0]
    # places by hand: share-pay 1, 2, 1; share-withhold 4, 1, 1
    assert max(rank or 0 for rank in chosen.ranks.values()) == 2
    assert Why.FAIREST in {reason.kind for reason in found.recommendation.reasons}


def test_a_lever_that_takes_an_option_off_the_table_is_solved_again() -> None:
    scenario = read_scenario(worked(), file=FILE.name)
    found = analyse_conflict(apply_levers(scenario, ["escrow"]))
    assert found.today is None
    assert Why.TODAY_GONE in {reason.kind for reason in found.recommendation.reasons}
    assert all(state.options["milestone"] != "withhold" for state in found.states)
    assert {found.states[start].options["milestone"] for start in found.starts} == {"pay", "terminate"}
    assert found.states[found.recommendation.state or 0].options["data"] == "share"
    bound = worked(("set: {decisions.milestone.options.withhold.available: no}", "commit: {data: share}"))
    again = analyse_conflict(apply_levers(read_scenario(bound), ["escrow"]))
    assert all(state.options["data"] == "share" for state in again.states)


def test_a_payment_is_no_lever_of_a_conflict() -> None:
    pay = "pay: {from: diamond, to: sapphire, amount: 5}"
    with pytest.raises(ScenarioError, match=r"levers.escrow: with this lever the file would be wrong: payoffs"):
        read_scenario(worked(("set: {decisions.milestone.options.withhold.available: no}", pay)))


def test_the_same_file_gives_the_same_bytes_and_other_records_refuse_it() -> None:
    scenario = read_scenario(worked(), file=FILE.name)
    once, again = (json.dumps(analysis_document(analysis_of(scenario))) for _ in range(2))
    assert once == again
    assert json.loads(once)["kind"] == "conflict"
    assert json.loads(once)["scenario"]["sha256"] == scenario.sha256
    with pytest.raises(InputError, match="without an order of moves"):
        analyse(scenario, Settings(draws=1))
    assert "data: share, milestone: pay, filing: wait" in solve(scenario)["equilibria"]["nash"]


def test_too_many_states_are_refused_with_their_number_and_the_limit() -> None:
    decisions = {f"d{n}": {"by": "a", "options": {f"x{n}": "X", f"y{n}": "Y"}} for n in range(14)}
    document = {
        "gamecore": 1, "title": "T", "question": "Q", "advise": "a", "players": {"a": {"name": "A"}},
        "decisions": decisions,
        "timing": {"anytime": "yes", "today": {f"d{n}": f"x{n}" for n in range(14)}},
        "payoffs": {"rankings": {"a": {"priorities": [{"d0": "x0"}]}}},
    }  # fmt: skip
    with pytest.raises(TooLargeError, match="16,384 states, more than the 10,000") as told:
        read_scenario(json.dumps(document))
    assert (told.value.count, told.value.allowed) == (16_384, 10_000)


def test_comparisons_leave_the_rest_unknown() -> None:
    some = "      comparisons:\n        - {better: {data: share}, than: {data: hold}}\n"
    found = analysed(("      priorities:\n        - {data: share}\n        - {filing: close}\n", some))
    assert found.unknown_comparisons
    assert found.changes_status == "refused"
    assert {state.ranks["registry"] for state in found.states} == {None}
    assert all(state.ranks["sapphire"] for state in found.states)


# ---- changes of preference -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(84, 88))
def test_a_proposed_change_of_preference_makes_the_state_last(seed: int) -> None:
    _, text = random_conflict(seed)
    scenario = read_scenario(text)
    analysis, found = analyse_conflict(scenario), conflict_of(scenario)
    for change in analysis.changes:
        after: dict[int, Preference] = {}
        for part in change.parts:
            number = found.players.index(part.player)
            before = found.conflict.preferences[number]
            better = [set(_members(row)) for row in before.better]
            for a, b in (*part.swapped, *part.tied):
                better[b].discard(a)
            for a, b in part.swapped:
                better[a].add(b)
            for a, b in part.untied:
                better[b].add(a)
            after[number] = from_ranks([-len(row) for row in better])
        conflict = found.conflict.with_preferences(after)
        held = strengths(conflict)
        assert held[change.state] in {Strength.NASH, Strength.COALITION}
        assert choose(conflict, found.starts, found.today, 0, held).recommended == change.recommended


def _members(row: int) -> list[int]:
    return [bit for bit in range(row.bit_length()) if row >> bit & 1]


def _orders(count: int) -> list[tuple[int, ...]]:
    """Every weak order of a few states, as heights."""
    found = {tuple(sorted(set(heights)).index(h) for h in heights) for heights in
             itertools.product(range(count), repeat=count)}  # fmt: skip
    return sorted(found)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


@pytest.mark.parametrize("heights", random.Random(7).sample(_orders(5), 12))
def test_what_it_takes_to_leave_is_the_least_over_all_orders_in_which_one_state_has_moved(
    heights: tuple[int, ...],
) -> None:
    preference = from_ranks(heights)
    for state, end in ((0, 1), (3, 2)):
        if preference.better[state] >> end & 1:
            continue
        least = min(
            distance(heights, other)
            for other in _orders(5)
            if other[end] > other[state] and any(kept(heights, other, besides) for besides in (state, end))
        )
        assert _distance(preference, state, end) == least


PAIRS = list(itertools.combinations(range(5), 2))


def distance(one: tuple[int, ...], other: tuple[int, ...]) -> Fraction:
    steps = (abs(_sign(one[a] - one[b]) - _sign(other[a] - other[b])) for a, b in PAIRS)
    return Fraction(sum(steps), 2)


def kept(one: tuple[int, ...], other: tuple[int, ...], besides: int) -> bool:
    """Whether all states but one stand to each other as before."""
    return all(
        _sign(one[a] - one[b]) == _sign(other[a] - other[b]) for a, b in PAIRS if besides not in {a, b}
    )  # fmt: skip

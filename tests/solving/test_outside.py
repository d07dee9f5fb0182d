"""Games as outsiders would put them to `solve`: what once came back slow, partial without need, or wrong."""

from __future__ import annotations

from itertools import permutations

import gamecore
from gamecore.games.gambit.files import TreeFile
from gamecore.solving import Limits


def _kuhn() -> str:
    """Kuhn's poker of three cards: one subgame, the whole game, with infinitely many equilibria."""
    deals = list(permutations(range(3), 2))
    lines = ['EFG 2 R "Kuhn" { "A" "B" }', 'c "" 1 "" {', *(f'"{a}{b}" 1/6' for a, b in deals), "} 0"]
    outcome = 0

    def end(value: int) -> None:
        nonlocal outcome
        outcome += 1
        lines.append(f't "" {outcome} "" {{ {value} {-value} }}')

    for a, b in deals:
        sign = 1 if a > b else -1
        lines.append(f'p "" 1 {a + 1} "" {{ "bet" "check" }} 0')
        lines.append(f'p "" 2 {b + 1} "" {{ "call" "fold" }} 0')
        end(2 * sign)
        end(1)
        lines.append(f'p "" 2 {b + 4} "" {{ "bet" "check" }} 0')
        lines.append(f'p "" 1 {a + 4} "" {{ "call" "fold" }} 0')
        end(2 * sign)
        end(-1)
        end(sign)
    return "\n".join(lines)


def _stages(count: int) -> str:
    """Matching pennies played again and again, everybody seeing what was done: every subgame has to be mixed."""
    lines = ['EFG 2 R "stages" { "A" "B" }']
    numbers = {"set": 0, "outcome": 0}

    def stage(left: int, won: int) -> None:
        if not left:
            numbers["outcome"] += 1
            lines.append(f't "" {numbers["outcome"]} "" {{ {won} {-won} }}')
            return
        numbers["set"] += 1
        number = numbers["set"]
        lines.append(f'p "" 1 {number} "" {{ "h" "t" }} 0')
        for mine in range(2):
            lines.append(f'p "" 2 {number} "" {{ "h" "t" }} 0')
            for other in range(2):
                stage(left - 1, won + (1 if mine == other else -1))

    stage(count, 0)
    return "\n".join(lines)


def test_where_the_game_is_its_only_subgame_all_nash_equilibria_are_all() -> None:
    answer = gamecore.solve(gamecore.read_game(_kuhn()))
    assert answer.status.value == "complete"
    assert len(answer.components) == 1
    assert all(one.subgame_perfect for one in answer.equilibria)
    assert {str(one.payoffs[0]) for one in answer.equilibria} == {"-1/18"}


def test_like_stages_are_solved_alike() -> None:
    answer = gamecore.solve(gamecore.read_game(_stages(4)))
    (found,) = answer.equilibria
    assert found.subgame_perfect
    assert found.payoffs == (0, 0)
    assert {str(chance) for doing in answer.document()["equilibria"][0]["strategies"] for mix in doing.values()
            for chance in mix} == {"1/2"}  # fmt: skip


def test_a_tree_without_time_says_so() -> None:
    game = gamecore.read_game(_stages(5))
    assert isinstance(game, TreeFile)
    answer = gamecore.solve(game, Limits(seconds=0.001))
    assert answer.status.value == "refused"
    assert any("time was up" in note for note in answer.notes)


PENNIES_NEVER_PLAYED = """EFG 2 R "pennies that are never played" { "Ann" "Bob" }
p "" 2 1 "" { "stay" "go" } 0
t "" 1 "" { 5 5 }
p "" 1 2 "" { "h" "t" } 0
p "" 2 3 "" { "H" "T" } 0
t "" 2 "" { 1 -1 }
t "" 3 "" { -1 1 }
p "" 2 3 0
t "" 4 "" { -1 1 }
t "" 5 "" { 1 -1 }
"""


def test_a_subgame_perfect_equilibrium_between_extreme_ones_belongs_to_their_component() -> None:
    # Whatever Ann plays, Bob stays: "h" and "t" are extreme, and only 1/2 each is one of the subgame.
    answer = gamecore.solve(gamecore.read_game(PENNIES_NEVER_PLAYED))
    assert answer.status.value == "complete"
    perfect = [one for one in answer.equilibria if one.subgame_perfect]
    assert [one.component for one in perfect] == [0]
    (component,) = answer.components
    assert component.members == (0, 1, 2)
    assert component.subsets == ((0, 1, 2),)


def test_the_strategic_form_names_subgame_perfect_outcomes_of_equilibria_it_does_not_list() -> None:
    game = gamecore.read_game(PENNIES_NEVER_PLAYED)
    answer = gamecore.solve(game, form="strategic")
    assert [one.subgame_perfect for one in answer.equilibria] == [False, False]
    assert [outcome.payoffs for outcome in answer.subgame_perfect_outcomes] == [(5, 5)]
    assert answer.subgame_perfect_outcomes == gamecore.solve(game).subgame_perfect_outcomes
    assert any("lie between those listed" in note for note in answer.notes)

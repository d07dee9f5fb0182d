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

"""Solving games by themselves: documents of every kind, textbook answers, limits, explanations, the second opinion."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import jsonschema
import numpy as np
import pytest

import gamecore
from gamecore.equilibria.certificate import certify
from gamecore.equilibria.result import Certificate, Status
from gamecore.errors import InputError
from gamecore.games.gambit import read_game, write_efg
from gamecore.games.strategic import StrategicGame
from gamecore.pipeline import solve as solve_for_analysis
from gamecore.scenario import read_scenario
from gamecore.solving import Answer, Limits, solve
from gamecore.solving.converting import as_strategic_file, as_tree_file
from gamecore.solving.explaining import told
from tests.worked import WITH_ORDER

ROOT = Path(__file__).resolve().parent.parent
# of games with an order of moves

EXACT: Final = {"type": "string", "pattern": r"^-?[0-9]+(/[1-9][0-9]*)?$"}
CHANCES: Final = {"type": "array", "items": EXACT}
PER_PLAYER: Final = {"type": ["array", "object"]}
DOCUMENT: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "title",
        "players",
        "form",
        "method",
        "status",
        "strategies",
        "equilibria",
        "components",
        "pure",
        "subgame_perfect_outcomes",
        "notes",
    ],
    "properties": {
        "title": {"type": "string"},
        "sha256": {"type": "string"},
        "players": {"type": "array", "items": {"type": "string"}},
        "form": {"enum": ["strategic", "tree", "auto"]},
        "method": {"type": "string"},
        "status": {"enum": ["complete", "partial", "refused"]},
        "strategies": PER_PLAYER,
        "equilibria": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["strategies", "payoffs", "pure", "subgame_perfect", "component", "max_gain"],
                "properties": {
                    "strategies": PER_PLAYER,
                    "payoffs": CHANCES,
                    "pure": {"type": "boolean"},
                    "subgame_perfect": {"type": ["boolean", "null"]},
                    "component": {"type": ["integer", "null"]},
                    "max_gain": EXACT,
                },
            },
        },
        "components": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["members", "payoff_ranges"],
                "properties": {
                    "members": {"type": "array", "items": {"type": "integer"}},
                    "payoff_ranges": {"type": "array", "items": CHANCES},
                },
            },
        },
        "pure": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}},
        "subgame_perfect_outcomes": {
            "type": "array",
            "items": {"type": "object", "required": ["payoffs", "path"]},
        },
        "notes": {"type": "array", "items": {"type": "string"}},
        "second_opinion": {"type": "array"},
    },
}

SEXES = [[[2, 0], [0, 1]], [[1, 0], [0, 2]]]
DUPLICATE = 'NFG 1 R "a row twice" { "R" "C" } { 3 2 } 1 1 1 1 1 1 0 0 0 0 2 2'
# Selten 1965: entry, and a threat to fight it.
ENTRY = """EFG 2 R "entry" { "entrant" "incumbent" } ""
p "" 1 1 "enter" { "out" "in" } 0
t "" 1 "Out" { 0 2 }
p "" 2 1 "react" { "fight" "share" } 0
t "" 2 "War" { -1 -1 }
t "" 3 "Peace" { 1 1 }
"""
# Binmore's one-card poker (Myerson 1991, figure 2.2): the value is 1/3 of the stake to the player who sees the card.
POKER = """EFG 2 R "one-card poker" { "Alice" "Bob" } ""
c "" 1 "card" { "red" 1/2 "black" 1/2 } 0
p "" 1 1 "red" { "raise" "fold" } 0
p "" 2 1 "raised" { "meet" "pass" } 0
t "" 1 "" { 2 -2 }
t "" 2 "" { 1 -1 }
t "" 2
p "" 1 2 "black" { "raise" "fold" } 0
p "" 2 1 0
t "" 3 "" { -2 2 }
t "" 2
t "" 4 "" { -1 1 }
"""
FORGETS = """EFG 2 R "absent-minded" { "driver" } ""
p "" 1 1 "exit" { "leave" "go on" } 0
t "" 1 "" { 0 }
p "" 1 1 0
t "" 2 "" { 4 }
t "" 3 "" { 1 }
"""


def volunteers() -> Any:
    """Three volunteers (Diekmann 1985): acting costs 1, all gain 2 if somebody acts."""
    payoffs = np.zeros((3, 2, 2, 2), dtype=int)
    for profile in np.ndindex(2, 2, 2):
        for player in range(3):
            payoffs[(player, *profile)] = 2 * any(profile) - profile[player]
    return payoffs


def sound(answer: Answer) -> None:
    """What every answer has to be."""
    document = answer.document()
    jsonschema.Draft202012Validator(DOCUMENT).validate(document)
    for found in answer.equilibria:
        assert found.certificate.holds
        assert len(found.payoffs) == len(answer.players)
    if answer.components:
        assert sorted(one for item in answer.components for one in item.members) == [
            number for number, found in enumerate(answer.equilibria) if found.component is not None
        ]


# ---- documents -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form"),
    [(DUPLICATE, "auto"), (ENTRY, "auto"), (ENTRY, "strategic"), (POKER, "tree"), (POKER, "strategic")],
)
def test_the_document_of_a_game_file_is_as_promised(text: str, form: Any) -> None:
    answer = solve(read_game(text), form=form, explain=True, second_opinion=True)
    sound(answer)
    assert answer.status is Status.COMPLETE
    assert solve(read_game(text), form=form, explain=True, second_opinion=True).document() == answer.document()


@pytest.mark.parametrize("path", WITH_ORDER, ids=lambda path: path.stem)
def test_a_scenario_is_solved_as_the_analysis_solves_it(path: Path) -> None:
    scenario = read_scenario(path.read_bytes(), file=path.name)
    answer = solve(scenario)
    sound(answer)
    assert answer.document() == solve_for_analysis(scenario)


def test_a_scenario_is_explained_protocol_by_protocol() -> None:
    scenario = read_scenario((ROOT / "scenarios" / "phase2-covid-by-state.yaml").read_bytes(), file="phase2-covid.yaml")
    answer = solve(scenario, explain=True)
    assert {found.protocol for found in answer.equilibria} == {"diamond proposes", "sapphire proposes"}
    for found in answer.equilibria:
        assert found.explanation is not None
        assert {stay.player for stay in found.explanation.stays} == set(answer.players)
        assert all(stay.loss > 0 and stay.where == "plan" for stay in found.explanation.stays)


def test_a_scenario_laid_out_as_a_strategic_form_has_the_outcome_of_its_protocol() -> None:
    scenario = read_scenario((ROOT / "scenarios" / "launch-timing.yaml").read_bytes(), file="launch-timing.yaml")
    in_turn, laid_out = solve(scenario), solve(scenario, form="strategic")
    sound(laid_out)
    perfect = {found.payoffs for found in laid_out.equilibria if found.subgame_perfect}
    assert {outcome.payoffs for outcome in in_turn.subgame_perfect_outcomes} <= perfect


def test_the_answer_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        solve(SEXES).status = Status.PARTIAL  # type: ignore[misc]


# ---- games with known answers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "game", [SEXES, np.array(SEXES), StrategicGame.from_array(SEXES), [[[2.0, 0], [0, "1"]], [[1, 0], [0, 2]]]]
)
def test_a_game_can_be_an_array_or_a_strategic_game(game: Any) -> None:
    answer = gamecore.solve(game)
    sound(answer)
    assert answer.pure == ((0, 0), (1, 1))
    assert answer.equilibria[2].strategies == ((Fraction(2, 3), Fraction(1, 3)), (Fraction(1, 3), Fraction(2, 3)))
    assert answer.players == ("player 1", "player 2")


def test_a_row_that_stands_twice_is_no_trouble() -> None:
    answer = solve(read_game(DUPLICATE))
    sound(answer)
    assert (0, 0) in answer.pure
    assert any(len(item.members) > 1 for item in answer.components)


def test_one_player_takes_what_is_best() -> None:
    answer = solve([[3, 5, 5]])
    sound(answer)
    assert (answer.status, answer.pure) == (Status.COMPLETE, ((1,), (2,)))
    assert answer.components[0].members == (0, 1)


def test_three_volunteers_have_an_irrational_equilibrium_told_as_an_interval() -> None:
    answer = solve(volunteers())
    sound(answer)
    assert set(answer.pure) >= {(1, 0, 0), (0, 1, 0), (0, 0, 1)}
    mixed = [found for found in answer.equilibria if all(0 < float(mix[0]) < 1 for mix in _mixes(found))]
    assert any(abs(float(_mixes(found)[0][0]) - 0.5**0.5) < 1e-9 for found in mixed)
    document = answer.document()
    assert any("radius" in found for found in document["equilibria"])


def _mixes(found: Any) -> Any:
    return found.strategies


def test_a_threat_that_nobody_would_carry_out_is_named() -> None:
    answer = solve(read_game(ENTRY), explain=True)
    (outcome,) = answer.subgame_perfect_outcomes
    assert list(outcome.payoffs) == [1, 1]
    assert [found.subgame_perfect for found in answer.equilibria].count(True) == 1
    hollow = next(found for found in answer.equilibria if found.subgame_perfect is False and found.pure)
    assert list(hollow.payoffs) == [0, 2]
    assert hollow.explanation is not None
    assert "fight" in hollow.explanation.threats[0]


def test_a_tree_as_a_strategic_form_says_which_equilibria_are_subgame_perfect() -> None:
    answer = solve(read_game(ENTRY), form="strategic")
    assert answer.strategies == (("out", "in"), ("fight", "share"))
    verdicts = {tuple(map(int, found.payoffs)): found.subgame_perfect for found in answer.equilibria}
    assert verdicts == {(0, 2): False, (1, 1): True}


def test_one_card_poker_is_worth_a_third() -> None:
    for form in ("tree", "strategic"):
        answer = solve(read_game(POKER), form=form)
        sound(answer)
        assert {found.payoffs for found in answer.equilibria} == {(Fraction(1, 3), Fraction(-1, 3))}
    behaviour = solve(read_game(POKER)).equilibria[0].strategies[0]
    assert behaviour == {"red": (1, 0), "black": (Fraction(1, 3), Fraction(2, 3))}


# ---- explanations ----------------------------------------------------------------------------------------------------


def test_the_smallest_change_makes_the_deviation_pay_and_a_smaller_one_does_not() -> None:
    rng = np.random.default_rng(7)
    for _ in range(20):
        payoffs = rng.integers(0, 9, (2, 3, 3))
        answer = solve(payoffs, explain=True)
        for found in answer.equilibria:
            assert found.explanation is not None
            first = found.explanation.first
            if first is None or first.change is None:
                continue
            player = answer.players.index(first.player)
            cell = tuple(int(label) - 1 for label in first.at.split(", "))
            for by, pays in ((first.change, False), (first.change + Fraction(1, 1000), True)):
                changed = StrategicGame.from_array(payoffs).payoffs.copy()
                changed[(player, *cell)] += by
                ledger = certify(StrategicGame(changed), found.strategies, bound=10**6)  # type: ignore[arg-type]
                assert (_gain(ledger, player, cell[player]) > 0) is pays


def _gain(ledger: Certificate, player: int, option: int) -> Fraction:
    return next(one.gain for one in ledger.deviations if (one.player, one.action) == (player, option))


def test_sentences_tell_what_everybody_would_lose() -> None:
    found = solve([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], explain=True).equilibria[0]
    assert found.explanation is not None
    assert found.explanation.sentences == (
        "player 1 stays with 2: 1 instead would cost it 1",
        "player 2 stays with 2: 1 instead would cost it 1",
        "player 1 would move first, to 1: it pays as soon as what it gets at (1, 2) rises by more than 1",
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [("3", "3"), ("-1/4", "-0.25"), ("7/20", "0.35"), ("1/3", "1/3 (about 0.333333)"), ("12345/1000", "12.345")],
)
def test_numbers_in_sentences_are_exact(number: str, text: str) -> None:
    assert told(Fraction(number)) == text


# ---- the second opinion ----------------------------------------------------------------------------------------------


def test_nashpy_agrees_where_floats_suffice() -> None:
    answer = solve(SEXES, second_opinion=True)
    assert answer.second_opinion is not None
    assert all(opinion.agrees for opinion in answer.second_opinion)


def test_what_nashpy_misses_in_dollars_is_told() -> None:
    rng = np.random.default_rng(5)
    differs = 0
    for _ in range(5):
        answer = solve(rng.integers(-500_000_000, 3_000_000_000, (2, 3, 3)), second_opinion=True)
        assert answer.status is Status.COMPLETE
        vertices = next(one for one in answer.second_opinion or () if one.algorithm == "vertex enumeration")
        differs += vertices.agrees is False
        if vertices.missing:
            assert any("misses" in sentence for sentence in vertices.sentences)
    assert differs


def test_nashpy_is_not_asked_about_three_players() -> None:
    (opinion,) = solve(volunteers(), second_opinion=True).second_opinion or ()
    assert opinion.agrees is None
    assert "two players" in opinion.sentences[0]


# ---- limits and faults -----------------------------------------------------------------------------------------------


def test_imperfect_recall_is_refused_and_says_who_forgets() -> None:
    answer = solve(read_game(FORGETS))
    sound(answer)
    assert (answer.status, answer.equilibria) == (Status.REFUSED, ())
    assert "driver" in answer.notes[-1]
    assert answer.players == ("driver",)


def test_a_game_that_is_too_large_is_refused_and_names_the_limit() -> None:
    answer = solve(read_game(POKER), Limits(profiles=3), form="strategic")
    sound(answer)
    assert answer.status is Status.REFUSED
    assert "3" in answer.notes[-1]


def test_a_search_that_is_stopped_is_partial_and_what_it_lists_is_right() -> None:
    rng = np.random.default_rng(2)
    answer = solve(rng.integers(1, 4, (2, 12, 12)), Limits(seconds=0.05))
    sound(answer)
    assert answer.status is Status.PARTIAL
    assert answer.notes


def test_what_is_known_is_told_before_the_long_search() -> None:
    known: list[Answer] = []
    solve(SEXES, tell=known.append)
    assert [answer.status for answer in known] == [Status.REFUSED, Status.PARTIAL]
    assert known[1].pure == ((0, 0), (1, 1))


@pytest.mark.parametrize(
    ("game", "options", "told_of"),
    [
        ([[1, 2], [3, 4]], {}, "axes"),
        (SEXES, {"form": "tree"}, "no tree"),
        (SEXES, {"form": "normal"}, "auto, strategic, tree"),
        (SEXES, {"limits": Limits(seconds=0)}, "time"),
        ([[["x"]]], {}, "x"),
        ("game.nfg", {}, "read_game"),
        (Path("game.nfg"), {}, "read_game"),
        ([[[1, 2], [3]], [[1, 2], [3, 4]]], {}, "ragged"),
        (SEXES, {"limits": Limits(seconds=float("nan"))}, "time"),
        (SEXES, {"limits": 10}, "gamecore.Limits"),
        (SEXES, {"also": 3}, "give names"),
        (SEXES, {"also": "learning", "seed": -1}, "whole number"),
        (SEXES, {"also": "learning", "seed": 1.5}, "whole number"),
    ],
)
def test_what_is_no_game_is_an_error(game: Any, options: dict[str, Any], told_of: str) -> None:
    with pytest.raises(InputError, match=told_of):
        solve(game, **options)


def test_short_floats_count_as_the_decimals_they_print_as() -> None:
    answer = solve(np.array([[[0.1, 0.3]], [[0, 0]]], dtype=np.float32))
    assert answer.equilibria[0].payoffs[0] == Fraction(1, 10)


# ---- other forms -----------------------------------------------------------------------------------------------------


def test_a_strategic_form_as_a_tree_and_back_is_the_same_game() -> None:
    rng = np.random.default_rng(3)
    for shape in ((2, 2, 3), (3, 2, 2, 2), (1, 4)):
        file = as_strategic_file(rng.integers(-3, 4, shape), Limits())
        tree = read_game(write_efg(as_tree_file(file)))
        back = as_strategic_file(tree, Limits())
        assert (back.game.payoffs == file.game.payoffs).all()
        assert back.strategies == file.strategies


def test_units_and_order_of_players_do_not_matter() -> None:
    rng = np.random.default_rng(11)
    for _ in range(10):
        payoffs = rng.integers(0, 3, (2, 3, 3))
        plain = solve(payoffs)
        scaled = solve([[[f"{1000 * value}/7" for value in row] for row in payoffs[0]], payoffs[1].tolist()])
        swapped = solve(np.stack([payoffs[1].T, payoffs[0].T]))
        assert [found.strategies for found in scaled.equilibria] == [found.strategies for found in plain.equilibria]
        assert {found.strategies[::-1] for found in swapped.equilibria} == {f.strategies for f in plain.equilibria}


def test_the_package_itself_solves_and_reads() -> None:
    assert {"solve", "read_game", "Limits"} <= set(dir(gamecore))
    assert gamecore.solve(gamecore.read_game(ENTRY), limits=gamecore.Limits(seconds=5)).status is Status.COMPLETE
    with pytest.raises(AttributeError):
        gamecore.nothing  # noqa: B018

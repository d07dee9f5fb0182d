"""A scenario as a tree file: the same values, labels that tell what is what, refusals for what no such file can say."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gamecore.equilibria.backward_induction import backward_induction
from gamecore.errors import GamecoreError, RefusedError, ScenarioError
from gamecore.games.gambit import TreeFile, read_game, with_plain_labels, write_efg
from gamecore.games.gambit.scenario_tree import scenario_to_tree_file
from gamecore.games.recall import imperfect_recall
from gamecore.games.translate import Game, Numbers, compile_game, exact_numbers, protocols
from gamecore.model import Scenario
from gamecore.scenario import read_scenario
from tests.games.sketches import sketch, text_of

SCENARIOS = Path(__file__).parents[2] / "scenarios"
EXPORTED = ["ip-ownership", "jsc-deadlock", "launch-timing", "payer", "phase2-covid-by-state", "supply-price"]


def scenario(name: str) -> Scenario:
    return read_scenario((SCENARIOS / f"{name}.yaml").read_bytes(), file=name)


def laid_out(situation: Scenario) -> tuple[Game, Numbers]:
    game = compile_game(situation, talks=protocols(situation)[0], lay_out_agreements=True)
    return game, exact_numbers(game)


def read_back(file: TreeFile) -> TreeFile:
    again = read_game(write_efg(file))
    assert isinstance(again, TreeFile)
    return again


def same_values(file: TreeFile, game: Game, numbers: Numbers) -> None:
    kept = [end for end in range(game.tree.ends) if numbers.reach[-1, end]]
    assert file.tree.ends == len(kept)
    assert file.reach.tolist() == numbers.reach[-1, kept].tolist()
    assert file.payoffs.tolist() == numbers.payoffs[:, kept].tolist()


@pytest.mark.parametrize("name", EXPORTED)
def test_an_exported_situation_is_read_and_solved_with_the_same_result(name: str) -> None:
    game, numbers = laid_out(scenario(name))
    file = scenario_to_tree_file(game, numbers)
    again = read_back(file)
    assert again == file
    assert again.notes == ()
    same_values(again, game, numbers)
    assert imperfect_recall(again.tree) is None
    here = {tuple(play.values) for play in backward_induction(game.tree, numbers.payoffs).plays[0]}
    there = {tuple(play.values) for play in backward_induction(again.tree, again.payoffs).plays[0]}
    assert here == there


@pytest.mark.parametrize("name", EXPORTED)
def test_labels_are_those_of_the_file_and_tell_information_sets_apart(name: str) -> None:
    situation = scenario(name)
    game, numbers = laid_out(situation)
    file = scenario_to_tree_file(game, numbers)
    assert file.title == situation.title
    assert file.players == tuple(player.label for player in situation.players.values())
    named = [(item.player, item.label) for item in file.information_sets]
    assert len(set(named)) == len(named)
    assert all(label for _, label in named)
    labels = {option.label for decision in situation.decisions.values() for option in decision.options}
    assert labels & {label for item in file.information_sets for label in item.actions}


def test_an_answer_is_labelled_with_the_offer_it_is_about() -> None:
    file = scenario_to_tree_file(*laid_out(scenario("phase2-covid-by-state")))
    answers = [item.label for item in file.information_sets if "accepts" in item.actions]
    assert answers[0] == "plan, offered: Start on 1 July as planned"


@given(st.integers(0, 2**32))
@settings(max_examples=60)
def test_any_situation_keeps_its_values_on_the_way_through_the_file(seed: int) -> None:
    try:
        situation = read_scenario(text_of(sketch(random.Random(seed))))
    except ScenarioError:
        assume(False)
        raise
    try:
        game, numbers = laid_out(situation)
        file = scenario_to_tree_file(game, numbers)
    except GamecoreError as error:
        assert isinstance(error, RefusedError) or "cannot tell" in str(error) or "no option" in str(error)  # noqa: PT017
        return
    same_values(read_back(file), game, numbers)
    plain = read_back(with_plain_labels(file))
    assert plain.payoffs.tolist() == file.payoffs.tolist()
    for number in range(len(file.tree.nodes)):
        chances = file.probabilities(number)
        assert not chances or sum(chances) == Fraction(1)


def test_players_who_believe_in_different_chances_are_refused() -> None:
    game, numbers = laid_out(scenario("termination"))
    with pytest.raises(RefusedError, match=r"events\.\w+: the players believe in different chances") as caught:
        scenario_to_tree_file(game, numbers)
    assert caught.value.limit == "private beliefs"


def test_several_rounds_of_offers_are_refused() -> None:
    situation = scenario("alliance-reset")
    game = compile_game(situation, talks=protocols(situation)[0])
    with pytest.raises(RefusedError, match="several rounds of offers") as caught:
        scenario_to_tree_file(game, exact_numbers(game))
    assert caught.value.limit == "several rounds"


def test_an_agreement_that_is_not_laid_out_is_refused() -> None:
    situation = scenario("phase2-covid-by-state")
    game = compile_game(situation, talks=protocols(situation)[0])
    with pytest.raises(RefusedError, match="lay_out_agreements"):
        scenario_to_tree_file(game, exact_numbers(game))

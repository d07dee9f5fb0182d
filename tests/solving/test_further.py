"""What is said of a game beside its equilibria: textbook values, proofs by sums, every kind of game, limits."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gamecore
from gamecore.cli import endings, solving
from gamecore.equilibria.result import Status
from gamecore.equilibria.zero_sum import ZeroSum
from gamecore.errors import InputError
from gamecore.games.gambit import read_game
from gamecore.scenario import read_scenario
from gamecore.solving import ALSO, Limits, solve
from gamecore.solving.further import securing, wanted

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "games" / "data"
PRISONERS = [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]
PENNIES = [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]
# Aumann 1974: chicken.
CHICKEN = [[[6, 2], [7, 0]], [[6, 7], [2, 0]]]
# Conitzer & Sandholm 2006, figure 1: the leader gains by mixing before the other chooses.
LEADING = [[[2, 4], [1, 3]], [[1, 0], [0, 2]]]
STAG = [[[9, 0], [8, 7]], [[9, 8], [0, 7]]]
THREE = np.arange(24).reshape(3, 2, 2, 2).tolist()
ALONE = [[1, 3, 2]]
KEYS = tuple(name.replace("-", "_") for name in ALSO)


def test_security_levels_and_the_value_of_pennies() -> None:
    document = solve(PENNIES, also="security,zero-sum").document()
    levels = document["security"]["levels"]
    assert [level["pure"]["value"] for level in levels] == ["-1", "-1"]
    assert [level["mixed"]["value"] for level in levels] == ["0", "0"]
    assert [level["mixed"]["strategy"] for level in levels] == [{"1": "1/2", "2": "1/2"}] * 2
    assert document["zero_sum"]["value"] == ["0", "0"]
    assert document["zero_sum"]["optimal"] == [[{"1": "1/2", "2": "1/2"}]] * 2


def test_a_zero_sum_game_without_time_for_its_program_is_solved_by_its_equilibria(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = solve(PENNIES, also="zero-sum").document()["zero_sum"]
    monkeypatch.setattr(securing, "solved", lambda *_, **__: ZeroSum(Status.REFUSED, notes=("no time",)))
    assert solve(PENNIES, also="zero-sum").document()["zero_sum"] == whole


def test_a_game_that_is_not_zero_sum_is_said_to_be_none() -> None:
    told = solve(PRISONERS, also="zero-sum").document()["zero_sum"]
    assert (told["status"], told["zero_sum"]) == ("complete", False)


def test_dominance_tells_each_step_with_what_dominates() -> None:
    # Only the mixture of the first two dominates the third.
    mixed = [[[4, 0], [0, 4], [1, 1]], [[0, 0], [0, 0], [0, 0]]]
    document = solve(mixed, also="dominance").document()["dominance"]
    assert document["strict"]["steps"] == [
        {
            "round": 1,
            "player": "player 1",
            "strategy": "3",
            "dominated_by": {"1": "1/2", "2": "1/2"},
            "least": "1",
            "most": "1",
        }
    ]
    assert document["strict"]["remaining"] == [["1", "2"], ["1", "2"]]


def test_what_is_rationalizable_has_a_belief() -> None:
    document = solve(PRISONERS, also="rationalizable").document()["rationalizable"]
    assert document["options"] == [["2"], ["2"]]
    assert [belief["belief"] for belief in document["beliefs"]] == [[{"others": ["2"], "chance": "1"}]] * 2


def test_commitment_is_an_interval_with_the_followers_ledger_and_the_cost_it_may_have() -> None:
    first = solve(LEADING, also="commitment").document()["commitment"]["leaders"][0]
    assert first["equilibrium_payoffs"] == ["2", "2"]
    assert first["pure"]["strong"]["value"] == "3"
    assert first["mixed"]["strong"]["value"] == "11/3"
    assert first["mixed"]["weak"] | {"ledger": None} == {
        "value": "11/3",
        "strategy": first["mixed"]["weak"]["strategy"],
        "answer": "2",
        "follower": first["mixed"]["weak"]["follower"],
        "attained": False,
        "loss": first["mixed"]["weak"]["loss"],
        "ledger": None,
    }
    assert first["mixed"]["pays_if_it_costs_less_than"] == ["5/3", "5/3"]
    # the follower's ledger, by hand
    for kind, how in itertools.product(("pure", "mixed"), ("strong", "weak")):
        one = first[kind][how]
        odds = [Fraction(one["strategy"].get(name, "0")) for name in ("1", "2")]
        worth = [sum(chance * row[place] for chance, row in zip(odds, LEADING[1], strict=True)) for place in (0, 1)]
        now = int(one["answer"]) - 1
        assert one["ledger"] == [{"answer": str(2 - now), "gain": str(worth[1 - now] - worth[now])}]
        assert worth[now] == max(worth) == Fraction(one["follower"])


def test_the_best_adviser_in_chicken_and_everybodys_reason_to_obey() -> None:
    document = solve(CHICKEN, also="correlated").document()["correlated"]
    best = document["best_sum"]
    assert best["value"] == "21/2"
    assert {tuple(item["profile"]): item["chance"] for item in best["chances"]} == {
        ("1", "1"): "1/2",
        ("1", "2"): "1/4",
        ("2", "1"): "1/4",
    }
    for one in (best, document["worst_sum"], *document["best"], *document["worst"]):
        drawn = {tuple(item["profile"]): Fraction(item["chance"]) for item in one["chances"]}
        gains = {(item["player"], item["told"], item["instead"]): item["gain"] for item in one["ledger"]}
        for (player, told, instead), gain in gains.items():
            seat = int(player[-1]) - 1
            total = Fraction(0)
            for profile, chance in drawn.items():
                if profile[seat] == told:
                    other = [*profile[:seat], instead, *profile[seat + 1 :]]
                    table = CHICKEN[seat]
                    before = table[int(profile[0]) - 1][int(profile[1]) - 1]
                    total += chance * (table[int(other[0]) - 1][int(other[1]) - 1] - before)
            assert total == Fraction(gain) <= 0
    assert Fraction(document["best"][0]["value"]) >= 7
    assert Fraction(document["worst"][0]["value"]) <= Fraction(14, 3)


def test_noise_and_learning_lead_to_the_hare() -> None:
    answer = solve(STAG, also=["quantal-response", "learning"])
    document = answer.document()
    hare = answer.pure.index((1, 1))
    assert document["quantal_response"]["limit"]["equilibrium"] == hare
    points = document["quantal_response"]["points"]
    assert points[0]["precision"] == 0
    assert points[0]["strategies"] == [{"1": 0.5, "2": 0.5}] * 2
    assert points[-1]["strategies"][0]["2"] == pytest.approx(1)
    assert len(points) <= document["quantal_response"]["points_followed"]
    for way in ("fictitious_play", "replicator"):
        told = document["learning"][way]
        assert sum(end["starts"] for end in told["ends"]) + told["unsettled"] == document["learning"]["starts"]
        assert max(told["ends"], key=lambda end: end["starts"])["equilibrium"] == hare


def test_a_seed_gives_the_same_bytes_and_another_other_beginnings() -> None:
    sexes = [[[2, 0], [0, 1]], [[1, 0], [0, 2]]]
    told = [json.dumps(solve(sexes, also="learning", seed=seed).document()) for seed in (1, 1, 2)]
    assert told[0] == told[1]
    assert json.loads(told[2])["learning"]["seed"] == 2


@pytest.mark.parametrize("game", [PRISONERS, PENNIES, CHICKEN, LEADING, STAG, THREE, ALONE])
def test_every_answer_is_there_with_a_status_sentences_and_named_options(game: Any) -> None:
    answer = solve(game, also="all")
    assert tuple(answer.further) == ALSO
    document = answer.document()
    json.dumps(document, allow_nan=False)
    for name, key in zip(ALSO, KEYS, strict=True):
        one = document[key]
        assert one["status"] in {"complete", "partial", "refused"}
        assert one["notes"] if one["status"] == "refused" else one["sentences"], name
        assert answer.further[name].result is not None or one["status"] == "refused" or name == "zero-sum"


def test_of_the_horse_s_equilibria_those_in_which_two_would_not_go_across_are_not_sequential() -> None:
    # Selten 1975; Kreps & Wilson 1982: three thinks "D" at most a third as likely, else it would take "L".
    answer = solve(read_game((DATA / "selten_horse.efg").read_bytes()), also="sequential")
    told = answer.document()["sequential"]
    assert told["status"] == "complete"
    by_payoffs = {tuple(answer.document()["equilibria"][one["equilibrium"]]["payoffs"]): one for one in told["judged"]}
    good, bad = by_payoffs["1", "1", "1"], by_payoffs["3", "3", "2"]
    assert (good["verdict"], bad["verdict"]) == ("sequential", "none")
    assert bad["failing"] == ["two"]
    (belief,) = good["beliefs"]
    assert belief["information_set"] == "three"
    assert min(Fraction(node["chance"]) for node in belief["nodes"]) <= Fraction(1, 3)
    assert sum(Fraction(node["chance"]) for node in belief["nodes"]) == 1


@pytest.mark.parametrize("form", ["tree", "strategic"])
def test_beer_and_quiche_are_both_sequential_with_bayes_on_the_path(form: str) -> None:
    answer = solve(read_game((DATA / "beer_quiche.efg").read_bytes()), form=form, also="sequential")  # type: ignore[arg-type]
    told = answer.document()["sequential"]
    assert {one["verdict"] for one in told["judged"]} == {"sequential"}
    for one in told["judged"]:
        chances = [{node["chance"] for node in belief["nodes"]} for belief in one["beliefs"]]
        assert {"1/10", "9/10"} in chances


def test_without_a_tree_nothing_is_believed() -> None:
    further = solve(CHICKEN, also="sequential").further["sequential"]
    assert further.status is Status.REFUSED
    assert "trees" in further.notes[0]


def test_beliefs_are_told_where_the_plans_are_too_many_to_lay_out() -> None:
    tree = read_game((DATA / "beer_quiche.efg").read_bytes())
    further = solve(tree, Limits(profiles=3), also="sequential,security").further
    assert further["security"].status is Status.REFUSED
    assert further["sequential"].status is not Status.REFUSED


@pytest.mark.parametrize("name", ["zero-sum", "commitment", "learning"])
def test_what_is_for_two_players_is_refused_to_three(name: str) -> None:
    further = solve(THREE, also=[name]).further[name]
    assert further.status is Status.REFUSED
    assert further.notes == ("this is for two players, and the game has 3",)


def test_a_tree_is_asked_about_as_its_plans() -> None:
    answer = solve(read_game((DATA / "chain_store.efg").read_bytes()), also="all")
    document = answer.document()
    assert document["form"] == "tree"
    assert document["dominance"]["weak"]["remaining"] == [["in"], ["share"]]
    chain = document["commitment"]["leaders"][1]
    assert (chain["pure"]["strong"]["value"], chain["pure"]["strong"]["strategy"]) == ("5", {"fight": "1"})
    assert "reduced strategic form" in document["security"]["notes"][0]


def test_commitment_in_a_tree_is_compared_with_what_is_expected_without() -> None:
    # The chain store gets 2 where its threat is not believed, and 5 where it is bound to fight.
    for form in ("tree", "strategic"):
        answer = solve(read_game((DATA / "chain_store.efg").read_bytes()), form=form, also="commitment")
        chain = answer.document()["commitment"]["leaders"][1]
        assert chain["equilibrium_payoffs"] == ["2", "2"]
        assert chain["pure"]["pays_if_it_costs_less_than"] == ["3", "3"]
        assert "that pays if being believed costs Chain store less than 3" in answer.further["commitment"].sentences
    scenario = read_scenario((ROOT / "scenarios" / "phase2-covid.yaml").read_bytes())
    answer = solve(scenario, also="commitment")
    told = answer.document()["commitment"]["leaders"]
    expected = next(one.payoffs for one in answer.equilibria if one.protocol == "diamond proposes")
    assert [told[player]["equilibrium_payoffs"] for player in scenario.players] == [[str(x)] * 2 for x in expected]


def test_plans_that_never_get_somewhere_are_said_short_and_told_in_full() -> None:
    answer = solve(read_game((DATA / "centipede.efg").read_bytes()), also="dominance")
    told = answer.document()["dominance"]
    assert any("*" in name for player in told["strict"]["remaining"] for name in player)
    assert not any("*" in sentence for sentence in told["sentences"])


def test_a_scenario_answers_by_player_under_one_protocol() -> None:
    scenario = read_scenario((ROOT / "scenarios" / "phase2-covid-by-state.yaml").read_bytes())
    document = solve(scenario, also="security").document()
    assert document["security"]["status"] == "complete"
    assert set(document["security"]["levels"]) == {"diamond", "sapphire"}
    assert "one protocol of 2" in document["security"]["notes"][1]


def test_a_scenario_that_cannot_be_laid_out_keeps_its_equilibria() -> None:
    answer = solve(read_scenario((ROOT / "scenarios" / "alliance-reset.yaml").read_bytes()), also="security,dominance")
    assert answer.equilibria
    assert {one.status for one in answer.further.values()} == {Status.REFUSED}
    assert "several rounds" in answer.further["security"].notes[0]


def test_a_game_that_is_refused_refuses_the_rest_with_it() -> None:
    answer = solve(read_game((DATA / "absent_minded_driver.efg").read_bytes()), also="all")
    assert answer.status is Status.REFUSED
    assert tuple(answer.further) == ALSO
    assert all(one.status is Status.REFUSED for one in answer.further.values())


def test_too_large_a_tree_keeps_its_own_answer() -> None:
    tree = read_game((DATA / "kuhn_poker.efg").read_bytes())
    answer = solve(tree, Limits(profiles=50), also="security")
    assert answer.status is not Status.REFUSED
    assert answer.further["security"].status is Status.REFUSED
    assert "more than 50" in answer.further["security"].notes[0]


def test_no_time_is_said_and_nothing_is_made_up() -> None:
    big = np.random.default_rng(3).integers(0, 10**6, (2, 40, 40)).tolist()
    answer = solve(big, Limits(seconds=0.2), also="all")
    assert tuple(answer.further) == ALSO
    assert any(one.status is not Status.COMPLETE for one in answer.further.values())
    for one in answer.further.values():
        assert one.notes or one.status is Status.COMPLETE


def test_security_is_at_most_every_equilibrium_payoff_and_within_the_advisers_reach() -> None:
    generator = np.random.default_rng(11)
    for _ in range(40):
        shape = tuple(generator.integers(1, 4, 2).tolist())
        answer = solve(generator.integers(0, 4, (2, *shape)).tolist(), also="security,correlated,commitment")
        document = answer.document()
        for player in (0, 1):
            sure = Fraction(document["security"]["levels"][player]["mixed"]["value"])
            low = Fraction(document["correlated"]["worst"][player]["value"])
            high = Fraction(document["correlated"]["best"][player]["value"])
            strong = Fraction(document["commitment"]["leaders"][player]["mixed"]["strong"]["value"])
            for found in answer.equilibria:
                assert sure <= low <= found.payoffs[player] <= high
                assert strong >= found.payoffs[player]


def test_names_are_taken_in_any_order_and_others_are_refused() -> None:
    assert wanted(" learning , dominance") == ("dominance", "learning")
    assert wanted(["all", "security"]) == ALSO
    for wrong in ("nash", "", "security,,dominance"):
        with pytest.raises(InputError, match="use security, dominance"):
            wanted(wrong)
    with pytest.raises(InputError, match="also 'nash'"):
        gamecore.solve(PRISONERS, also="nash")


# ---- on the command line ---------------------------------------------------------------------------------------------


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = endings.run(list(arguments))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_the_command_line_says_what_the_python_surface_says(capsys: pytest.CaptureFixture[str]) -> None:
    file = DATA / "chain_store.efg"
    code, out, err = _run(capsys, "solve", str(file), "--json", "--also", "all", "--seed", "4", "--limit", "100s")
    assert (code, err) == (0, "")
    tree = read_game(file.read_bytes())
    assert json.loads(out) == solve(tree, Limits(seconds=100), also="all", seed=4).document()  # time for all of it


def test_people_are_told_in_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "solve", str(DATA / "chain_store.efg"), "--also", "commitment,security")
    assert code == 0
    text = " ".join(out.split())
    for said in (
        "What each can be sure of",
        "Competitor is sure of 1 by playing out, whatever the others do",
        "Being bound first",
        "Chain store, bound to one option before Competitor chooses, gets 5: it plays fight, Competitor answers out",
    ):
        assert said in text
    assert text.count("this is about the reduced strategic form") == 1


def test_a_wrong_name_is_told_before_the_file_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = _run(capsys, "solve", "nowhere.nfg", "--also", "nash")
    assert (code, out) == (2, "")
    assert err.startswith("--also 'nash': use security, dominance")


def test_a_solver_that_was_ended_leaves_every_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import gamecore.solving.further as f, time\n"
        "def hang(*_, **__):\n"
        "    while True:\n"
        "        time.sleep(1)\n"
        "f.correlated = hang\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    request = solving.Request("sexes.nfg", "nfg", also=("security", "correlated"), seconds=5.0)
    document = solving.solved_within(request, b'NFG 1 R "x" { "a" "b" } { 2 2 } 2 1 0 0 0 0 1 2')
    assert (document["status"], document["security"]["status"]) == ("complete", "complete")
    assert document["correlated"]["status"] == "refused"
    assert "the time was up" in document["correlated"]["notes"][0]

"""Every worked scenario is read, solved and advised on as its file expects; the acceptance case figure by figure."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from gamecore.advice.analysis import Analysis, Kind, Role
from gamecore.expectations import LATER, MET, NOT_YET, check_expectations
from gamecore.model import Scenario
from gamecore.pipeline import Settings, analyse, analysis_document, analysis_schema, solve
from gamecore.scenario import apply_levers, read_scenario

FOLDER = Path(__file__).parents[1] / "scenarios"
EVERY = sorted(path.stem for path in FOLDER.glob("*.yaml"))
CONFLICTS = {"data-package-dispute"}  # without an order of moves; see tests/redesign/test_conflict_analysis.py
FILES = [name for name in EVERY if name not in CONFLICTS]
QUICK = Settings(draws=500)


@cache
def scenario(name: str) -> Scenario:
    path = FOLDER / f"{name}.yaml"
    return read_scenario(path.read_bytes(), file=path.name)


@cache
def analysis(name: str) -> Analysis:
    return analyse(scenario(name), QUICK)


def levers() -> list[tuple[str, str]]:
    return [(name, lever) for name in FILES for lever in scenario(name).levers]


def advised(name: str) -> Analysis:
    """The acceptance case with somebody else advised."""
    text = (FOLDER / "phase2-covid-by-state.yaml").read_text()
    assert "advise: diamond" in text
    return analyse(read_scenario(text.replace("advise: diamond", f"advise: {name}", 1)), QUICK)


# ---- every file ------------------------------------------------------------------------------------------------------


def test_the_situations_of_the_first_release_are_there() -> None:
    wanted = {"phase2-covid", "ip-ownership", "supply-price", "alliance-reset", "launch-timing"}
    assert wanted | {"termination", "jsc-deadlock", "payer"} <= set(FILES)


def test_the_situations_that_rest_on_a_model_or_on_criteria_are_there() -> None:
    assert {"phase2-covid-by-state", "licence-term-sheet", "cost-overrun", "internal-alignment"} <= set(FILES)


@pytest.mark.parametrize("name", EVERY)
def test_a_worked_scenario_gives_what_it_expects(name: str) -> None:
    outcomes = check_expectations(scenario(name), Settings(draws=4000))
    assert outcomes
    assert [f"line {item.line}: {item.text}" for item in outcomes if item.status not in {MET, NOT_YET}] == []
    later = {item.kind for item in outcomes if item.status == NOT_YET}
    assert later <= {kind.value for kind in LATER}


def sound(found: Analysis) -> None:
    """What holds in every analysis."""
    keys = [item.key for item in found.candidates]
    assert len(set(keys)) == len(keys)
    assert len({item.label for item in found.candidates}) == len(keys)
    assert [option.letter for option in found.options] == list("ABC")[: len(found.options)]
    assert len({option.candidate for option in found.options}) == len(found.options)
    if len(found.options) < 3:
        assert Kind.FEWER_THAN_THREE in {note.kind for note in found.notes}
    recommended = [option.candidate for option in found.options if option.role is Role.RECOMMENDED]
    assert recommended == ([found.recommendation.candidate] if found.recommendation.candidate else [])
    for option in found.options:
        assert option.candidate in keys
        assert option.reasons
        assert option.pros or option.cons
    for frequency in found.frequencies:
        assert sum(frequency.shares.values()) == pytest.approx(1)
        assert all(0 <= share <= 1 for share in frequency.shares.values())
        assert set(frequency.shares) <= {*keys, "no_agreement", "undecided", "other"}
    for equilibrium in found.equilibria:
        assert equilibrium.certificate.max_gain_value <= 0
    for key in [key for item in found.compromises for key in item.candidates] + list(found.frontier):
        assert key in keys


@pytest.mark.parametrize("name", FILES)
def test_a_worked_scenario_comes_to_three_options_one_of_them_the_plan_as_it_stood(name: str) -> None:
    found = analysis(name)
    sound(found)
    assert len(found.options) == 3
    assert found.status == "complete"
    base = next(item for item in found.candidates if item.is_baseline)
    assert found.options[0].candidate == base.key
    roles = [option.role for option in found.options]
    if found.recommendation.candidate == base.key:
        assert roles == [Role.RECOMMENDED, Role.ALTERNATIVE, Role.ALTERNATIVE]
        assert Kind.RECOMMENDED_IS_BASELINE in {note.kind for note in found.notes}
    else:
        assert roles == [Role.BASELINE, Role.RECOMMENDED, Role.ALTERNATIVE]


@pytest.mark.parametrize("name", FILES)
def test_the_document_of_a_worked_scenario_is_as_its_schema_says(name: str) -> None:
    document = analysis_document(analysis(name))
    jsonschema.Draft202012Validator(analysis_schema()).validate(document)
    assert document["scenario"]["sha256"] == scenario(name).sha256
    for option in document["options"]:
        assert option["label"]
        assert option["plan"] or analysis(name).candidate(option["candidate"]).follows  # a plan may hang on the news


@pytest.mark.parametrize("name", FILES)
def test_a_worked_scenario_is_solved_with_certificates(name: str) -> None:
    document = solve(scenario(name))
    assert document["status"] == "complete"
    assert document["equilibria"]
    assert all(item["max_gain"] == "0" or item["max_gain"].startswith("-") for item in document["equilibria"])


@pytest.mark.parametrize(("name", "lever"), levers())
def test_every_lever_of_a_worked_scenario_leads_to_a_sound_analysis(name: str, lever: str) -> None:
    payments = scenario(name).levers[lever].payments
    amounts = {lever: Fraction(3)} if payments else {}
    pulled = apply_levers(scenario(name), [lever], amounts)
    found = analyse(pulled, QUICK)
    sound(found)
    assert found.recommendation.candidate is not None
    assert found.recommendation.candidate in {option.candidate for option in found.options}


def test_a_lever_that_rules_the_plan_as_it_stood_out_leaves_an_analysis_without_a_baseline() -> None:
    found = analyse(apply_levers(scenario("launch-timing"), ["promise_wait"]), QUICK)
    assert not any(item.is_baseline for item in found.candidates)
    assert Kind.BASELINE_RULED_OUT in {note.kind for note in found.notes}
    assert found.recommendation.candidate == "europe=wait,china=early"
    assert found.options[0].role is Role.RECOMMENDED
    assert found.options[0].letter == "A"
    chosen = found.candidate("europe=wait,china=early")
    assert [item.value.base for item in chosen.standings] == [70, 94]  # 72 less the cost of 2


# ---- the acceptance case ---------------------------------------------------------------------------------------------

VALUES = {  # sapphire, diamond: valuation of the Sapphire-Diamond case
    "plan=start": (51.812, 9.699),
    "plan=wait": (47.420, 25.813),
    "plan=hybrid": (42.198, 18.106),
    "plan=terminate": (5.0, -4.0),
}


@pytest.mark.parametrize("name", ["phase2-covid", "phase2-covid-by-state"])
def test_phase_two_plans_are_worth_what_the_worked_case_says(name: str) -> None:
    found = analysis(name)
    assert [item.key for item in found.candidates] == list(VALUES)
    for key, (sapphire, diamond) in VALUES.items():
        candidate = found.candidate(key)
        assert candidate.standing("sapphire").value.base == pytest.approx(sapphire, abs=0.002)
        assert candidate.standing("diamond").value.base == pytest.approx(diamond, abs=0.002)
    assert found.disagreement is not None
    diamond, sapphire = (item.base for item in found.disagreement.values)
    assert sapphire == pytest.approx(43.031, abs=0.002)
    assert diamond == pytest.approx(15.992, abs=0.002)
    assert [item.kind for item in found.walk_aways] == ["no_agreement", "no_agreement"]


def test_phase_two_plans_rank_as_in_the_worked_case() -> None:
    found = analysis("phase2-covid-by-state")
    ranks = {item.key: (item.standing("sapphire").rank, item.standing("diamond").rank) for item in found.candidates}
    assert ranks == {"plan=start": (1, 3), "plan=wait": (2, 1), "plan=hybrid": (3, 2), "plan=terminate": (4, 4)}
    accepted = {item.key: item.acceptable_to for item in found.candidates}
    assert accepted == {
        "plan=start": ("sapphire",),
        "plan=wait": ("diamond", "sapphire"),
        "plan=hybrid": ("diamond",),
        "plan=terminate": (),
    }
    assert [item.key for item in found.candidates if item.nobodys_worst] == ["plan=start", "plan=wait", "plan=hybrid"]


def test_in_january_the_full_trial_is_run_unless_the_news_is_severe() -> None:
    follows = analysis("phase2-covid-by-state").candidate("plan=wait").follows
    chosen = {item.given: item.choice for item in follows if item.decision == "january"}
    assert chosen == {
        (("news", "contained"),): "full",
        (("news", "prolonged"),): "full",
        (("news", "severe"),): "hybrid",
    }
    assert sum(item.chance for item in follows) == pytest.approx(1)


def test_waiting_is_the_outcome_whoever_proposes_and_what_fair_division_chooses() -> None:
    found = analysis("phase2-covid-by-state")
    assert found.protocols == ("diamond proposes", "sapphire proposes")
    assert {(item.protocol, item.outcome) for item in found.equilibria} == {
        ("diamond proposes", "plan=wait"),
        ("sapphire proposes", "plan=wait"),
    }
    assert [item.key for item in found.candidates if item.self_enforcing] == ["plan=wait"]
    rules = {item.kind: item.candidates for item in found.compromises}
    assert rules["nash"] == rules["kalai_smorodinsky"] == ("plan=wait",)


def test_naming_plans_at_once_has_four_pure_equilibria_and_one_deadlock_in_good_sense() -> None:
    game = analysis("phase2-covid-by-state").naming_game
    assert game is not None
    named = {
        tuple(sorted(zip(game.by, (game.options[option] for option in cell), strict=True))) for cell in game.equilibria
    }
    assert named == {
        (("diamond", "wait"), ("sapphire", "wait")),
        (("diamond", "hybrid"), ("sapphire", "start")),
        (("diamond", "terminate"), ("sapphire", "start")),
        (("diamond", "hybrid"), ("sapphire", "terminate")),
    }
    assert len(game.deadlocks) == 3
    (deadlock,) = game.undominated_deadlocks
    assert dict(zip(game.by, (game.options[option] for option in deadlock), strict=True)) == {
        "sapphire": "start",
        "diamond": "hybrid",
    }
    assert all(certificate.max_gain_value <= 0 for certificate in game.certificates)


@pytest.mark.parametrize("who", ["diamond", "sapphire", "alliance"])
def test_waiting_is_advised_to_either_side_and_to_the_alliance(who: str) -> None:
    found = analysis("phase2-covid-by-state") if who == "diamond" else advised(who)
    assert found.recommendation.candidate == "plan=wait"
    assert found.recommendation.holds_if == ()
    assert [(option.letter, option.role.value, option.candidate) for option in found.options] == [
        ("A", "baseline", "plan=start"),
        ("B", "recommended", "plan=wait"),
        ("C", "alternative", "plan=hybrid"),
    ]
    kinds = [reason.kind for reason in found.recommendation.reasons]
    assert kinds[0] is Kind.ONLY_ACCEPTABLE
    assert Kind.WHOEVER_PROPOSES in kinds


def test_chances_of_phase_two_plans_are_told_per_proposer_and_sum_to_one() -> None:
    found = analysis("phase2-covid-by-state")
    assert [item.proposer for item in found.frequencies] == ["diamond", "sapphire"]
    for frequency in found.frequencies:
        assert sum(frequency.shares.values()) == pytest.approx(1)
        assert max(frequency.shares, key=lambda key: frequency.shares[key]) == "plan=wait"

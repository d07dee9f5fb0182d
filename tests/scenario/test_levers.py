"""Levers change the file, and what comes out obeys the same rules."""

from dataclasses import replace
from fractions import Fraction

import pytest

from gamecore.errors import InputError, ScenarioError
from gamecore.model import Formula, Number, Scenario
from gamecore.scenario import apply_levers, base_times, evaluate, outcomes, read_scenario, set_values
from gamecore.scenario.expressions import EXACT
from tests.scenario.conftest import GOOD, SCENARIOS


def read(name: str) -> Scenario:
    return read_scenario((SCENARIOS / f"{name}.yaml").read_bytes())


def amount(scenario: Scenario, line: str, player: str) -> Fraction:
    value = scenario.payoffs[line].rows[0].values[player]
    assert isinstance(value, Formula)
    return evaluate(value.node, lambda _: Fraction(0), EXACT)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_every_lever_of_the_worked_situations_can_be_pulled(path) -> None:  # type: ignore[no-untyped-def]
    scenario = read_scenario(path.read_bytes(), file=path.name)
    for name in scenario.levers:
        changed = apply_levers(scenario, [name])
        assert (changed.sha256, changed.file) == (scenario.sha256, scenario.file)
        assert replace(changed, source=None) != replace(scenario, source=None)


def test_what_happens_without_agreement_can_be_set(phase2: Scenario) -> None:
    changed = apply_levers(phase2, ["contract_binds"])
    failed = changed.decisions["plan"].no_agreement
    assert failed is not None
    assert failed.means == "start"
    assert failed.label.startswith("Drift")
    assert outcomes(changed, ["plan"]) == [{"plan": name} for name in ("start", "wait", "hybrid", "terminate")]


def test_a_payment_is_a_line_from_one_to_the_other(phase2: Scenario) -> None:
    changed = apply_levers(phase2, ["pay_at_signature"])
    line = changed.payoffs["pay_pay_at_signature"]
    assert line.single
    assert line.label == "Diamond pays for waiting"
    assert line.when is not None
    assert line.when.fits({"plan": "wait"})
    assert not line.when.fits({"plan": "start"})
    assert amount(changed, "pay_pay_at_signature", "sapphire") == Fraction(15, 2)
    assert amount(changed, "pay_pay_at_signature", "diamond") == Fraction(-15, 2)
    third = apply_levers(phase2, ["pay_at_signature"], {"pay_at_signature": Fraction(10, 3)})
    assert amount(third, "pay_pay_at_signature", "diamond") == Fraction(-10, 3)


def test_a_commitment_rules_out_the_other_options_and_costs() -> None:
    changed = apply_levers(read("launch-timing"), ["promise_wait"])
    assert [option.name for option in changed.decisions["europe"].options if option.available] == ["wait"]
    assert amount(changed, "cost_promise_wait", "diamond") == -2
    assert amount(changed, "cost_promise_wait", "sapphire") == 0


def test_dates_are_moved() -> None:
    changed = apply_levers(read("launch-timing"), ["swap_order"])
    assert base_times(changed)["europe"] == Fraction(1, 6)


def test_a_switch_opens_other_outcomes() -> None:
    changed = apply_levers(read("jsc-deadlock"), ["arbitration"])
    assert any("arbitrator" in outcome for outcome in outcomes(changed))


def test_levers_add_up(phase2: Scenario) -> None:
    changed = apply_levers(phase2, ["contract_binds", "pay_at_signature"])
    assert "pay_pay_at_signature" in changed.payoffs
    assert changed.decisions["plan"].no_agreement is not None
    assert changed.decisions["plan"].no_agreement.means == "start"


def test_candidates_and_bounds_are_chosen(phase2: Scenario) -> None:
    levers = "levers:\n  later: {set: {timing.january: [7 months, 9 months], inputs.x: 1 to 3}}\n"
    source = (SCENARIOS.parent / "tests/scenario/files/phase2.yaml").read_text()
    head, _, tail = source.partition("# ---- What could change the game?\nlevers:\n")
    assert tail
    expect = tail[tail.index("# ---- What the program must find") :].replace(
        "  - {payment: pay_at_signature, needed", "  # {"
    )
    scenario = read_scenario(head + levers + "inputs: {x: 1}\n" + expect)
    assert base_times(apply_levers(scenario, ["later"]))["january"] == Fraction(7, 12)
    chosen = apply_levers(scenario, ["later"], {"later": Fraction(3)}, {"later.timing.january.at": "9 months"})
    assert base_times(chosen)["january"] == Fraction(3, 4)
    assert chosen.inputs["x"].value == Formula("3", Number(Fraction(3)))


def test_values_can_be_set_by_their_path(phase2: Scenario) -> None:
    changed = set_values(phase2, {"timing.january": "1 year", "players.diamond.discount_rate": Fraction(1, 10)})
    assert base_times(changed)["january"] == 1
    rate = changed.players["diamond"].discount_rate
    assert isinstance(rate, Formula)
    assert evaluate(rate.node, lambda _: Fraction(0), EXACT) == Fraction(1, 10)
    closed = set_values(phase2, {"decisions.plan.options.hybrid.available": False})
    assert not closed.decisions["plan"].options[2].available


def test_what_is_not_there_cannot_be_changed(phase2: Scenario) -> None:
    with pytest.raises(InputError, match="no lever is called 'nothing'"):
        apply_levers(phase2, ["nothing"])
    with pytest.raises(InputError, match=r"there is no 'timing.janaury' to change"):
        set_values(phase2, {"timing.janaury": 0})
    with pytest.raises(ScenarioError, match="its date must be after 0"):
        set_values(phase2, {"timing.january": 0})


def test_the_record_names_what_was_taken(phase2: Scenario) -> None:
    scenario = set_values(phase2, {})
    assert apply_levers(scenario, ["pay_at_signature", "contract_binds"]).changes == (
        "pay_at_signature=7.5",
        "contract_binds",
    )
    file = (SCENARIOS.parent / "api/examples/launch.yaml").read_text()
    listed = read_scenario(
        file + "inputs: {k: 1, j: 2}\nlevers:\n  l1: {set: {inputs.k: [1, 2, 20]}}\n"
        "  l2: {set: {inputs.k: [1, 2], inputs.j: 0 to 3}}\n"
    )
    assert apply_levers(listed, ["l1"]).changes == ("l1=1",)
    assert apply_levers(listed, ["l1"], None, {"l1.inputs.k.value": "20"}).changes == ("l1=20",)
    assert apply_levers(listed, ["l2"], {"l2": Fraction(1, 2)}).changes == ("l2 inputs.k=1 inputs.j=0.5",)

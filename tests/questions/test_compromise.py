"""What both can live with, against definitions written out by brute force, and the worked cases."""

from __future__ import annotations

import json
import re
from itertools import product
from math import prod
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.errors import InputError
from gamecore.questions.compromise import Compromises, compromise_document, compromise_found
from gamecore.scenario import read_scenario
from tests.advice.small import read

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
PLAYERS = ("ann", "ben")


def file(name: str) -> Compromises:
    return compromise_found(read_scenario((SCENARIOS / f"{name}.yaml").read_bytes()), lotteries=True)


def menu(values: list[tuple[int, int]], nothing: tuple[int, int] = (0, 0)) -> str:
    rows = "\n".join(f"      - {{when: {{deal: o{n}}}, ann: {a}, ben: {b}}}" for n, (a, b) in enumerate(values))
    return f"""
decisions:
  deal:
    by: [ann, ben]
    options: {{{", ".join(f"o{n}: Offer {n}" for n in range(len(values)))}}}
    no_agreement: Nothing
baseline: {{deal: o0}}
timing: {{deal: 0}}
payoffs:
  worth:
    rows:
{rows}
      - {{when: {{deal: no_agreement}}, ann: {nothing[0]}, ben: {nothing[1]}}}
"""


TERMS = {"price": ("low", "high"), "term": ("short", "long"), "data": ("shared", "held")}


def deals(worth: dict[tuple[str, str, str], tuple[int, int]]) -> str:
    rows = "\n".join(
        f"      - {{when: {{price: {p}, term: {t}, data: {d}}}, ann: {a}, ben: {b}}}"
        for (p, t, d), (a, b) in worth.items()
    )
    return f"""
decisions:
  deal:
    by: [ann, ben]
    terms:
      price: {{options: {{low: Low, high: High}}}}
      term: {{options: {{short: Short, long: Long}}}}
      data: {{options: {{shared: Shared, held: Held}}}}
    no_agreement: Nothing
baseline: {{price: low, term: short, data: shared}}
timing: {{deal: 0}}
payoffs:
  worth:
    rows:
{rows}
      - {{when: {{deal: no_agreement}}, ann: 0, ben: 0}}
"""


amount = st.integers(-3, 6)


@settings(max_examples=25, deadline=None)
@given(values=st.lists(st.tuples(amount, amount), min_size=2, max_size=5), weights=st.tuples(*[st.integers(1, 3)] * 2))
def test_frontier_rules_and_what_is_left_are_as_defined(
    values: list[tuple[int, int]], weights: tuple[int, int]
) -> None:
    found = compromise_found(read(menu(values)), weights=f"ann={weights[0]},ben={weights[1]}")
    keys = {f"deal=o{n}": row for n, row in enumerate(values)}
    assert {item.key: tuple(item.values.values()) for item in found.options} == keys
    undominated = [
        key
        for key, row in keys.items()
        if not any(other != row and other[0] >= row[0] and other[1] >= row[1] for other in values)
    ]
    assert list(found.frontier) == undominated
    accepted = {key: row for key, row in keys.items() if min(row) >= 0}
    chosen = {item.rule: item.options for item in found.rules}
    scores = {
        key: prod(float(gain) ** weight for gain, weight in zip(row, weights, strict=True))
        for key, row in accepted.items()
    }
    if any(scores.values()):
        assert chosen["nash"] == tuple(key for key in scores if scores[key] == max(scores.values()))
    if accepted:
        sums = {key: row[0] * weights[0] + row[1] * weights[1] for key, row in accepted.items()}
        assert chosen["utilitarian"] == tuple(key for key in sums if sums[key] == max(sums.values()))
        even = {key: sorted(row) for key, row in accepted.items()}
        assert chosen["egalitarian"] == tuple(key for key in even if even[key] == max(even.values()))
        parts = {key: sorted(g / w for g, w in zip(row, weights, strict=True)) for key, row in accepted.items()}
        assert set(chosen["proportional"]) <= {key for key in parts if parts[key][0] == max(parts.values())[0]}
    else:
        assert set(chosen.values()) == {()}
    for item in found.options:
        row = keys[item.key]
        better = [sum(other) - sum(row) for other in values if other[0] >= row[0] and other[1] >= row[1]]
        assert item.left == max(better)
        assert item.on_frontier == (item.key in undominated)
        assert item.payment is not None
        assert item.payment.works == (sum(row) >= 0)
        for paid in (item.payment.low, item.payment.high):  # at the ends one of them is level with a no
            after = dict(zip(PLAYERS, row, strict=True))
            assert after[item.payment.payer] - paid == 0 or after[item.payment.payee] + paid == 0
        gains = dict(zip(PLAYERS, row, strict=True))
        even_gain = gains[item.payment.payer] - item.payment.even
        assert even_gain == gains[item.payment.payee] + item.payment.even
        assert item.payment.even >= 0
    if found.split is not None:
        assert sum(found.split.values.values()) == max(map(sum, values))
        assert found.split.values["ann"] * weights[1] == pytest.approx(found.split.values["ben"] * weights[0])


@settings(max_examples=20, deadline=None)
@given(worth=st.fixed_dictionaries({deal: st.tuples(amount, amount) for deal in product(*TERMS.values())}))
def test_trades_are_all_changes_of_one_or_two_terms_that_nobody_minds(
    worth: dict[tuple[str, str, str], tuple[int, int]],
) -> None:
    found = compromise_found(read(deals(worth)), start="term=short, price=low,data=shared")
    base = ("low", "short", "shared")
    expected = {}
    for deal, row in worth.items():
        changed = [n for n in range(3) if deal[n] != base[n]]
        gains = (row[0] - worth[base][0], row[1] - worth[base][1])
        if 1 <= len(changed) <= 2 and min(gains) >= 0 and max(gains) > 0:
            expected[",".join(f"{name}={level}" for name, level in zip(TERMS, deal, strict=True))] = gains
    assert {item.to: tuple(item.gains.values()) for item in found.trades} == expected
    joint = [item.joint for item in found.trades]
    assert joint == sorted(joint, reverse=True)
    for item in found.trades:
        for change in item.changes:
            place = list(TERMS).index(change.term)
            low = [TERMS[name][1] if n == place else base[n] for n, name in enumerate(TERMS)]
            alone = (low[0], low[1], low[2])
            for player, name in enumerate(PLAYERS):
                difference = worth[alone][player] - worth[base][player]
                assert (change.term in item.gets[name]) == (difference > 0)
                assert (change.term in item.gives[name]) == (difference < 0)


def test_phase_two_has_its_payments() -> None:
    """4.392 to 9.821 makes waiting better than start for Sapphire; against no agreement the even payment is 2.716."""
    found = file("phase2-covid-by-state")
    wait = next(item for item in found.options if item.key == "plan=wait")
    assert wait.payment is not None
    assert (wait.payment.payer, wait.payment.payee) == ("diamond", "sapphire")
    assert wait.payment.high == pytest.approx(9.821, abs=0.001)
    assert wait.payment.even == pytest.approx(2.716, abs=0.001)
    assert found.split is not None
    assert found.split.payments[0].amount == pytest.approx(2.716, abs=0.001)
    assert {rule.options for rule in found.rules} == {("plan=wait",)}


def test_a_menu_of_deals_is_compared_whole() -> None:
    found = file("licence-term-sheet")
    assert found.menu == 540
    chosen = {item.rule: item.options for item in found.rules}
    best = "upfront=50,milestones=60,royalty=low,territory=world,improvements=joint,co_promotion=option"
    assert chosen["nash"] == (best,)
    lottery = next(item for item in found.lotteries if item.rule == "egalitarian")
    assert sum(chance for _, chance in lottery.chances) == pytest.approx(1.0)
    gains = [lottery.values[name] - floor for name, floor in found.disagreement.items()]
    assert gains[0] == pytest.approx(gains[1])


def test_three_who_can_share_money_have_their_coalitions_and_a_split() -> None:
    """Alone 10, 20, 0; pairs 70, 28, 45; together 110. By hand over six orders each adds 38, 51.5, 20.5 on average;
    as they stand the values 62, 34, 14 leave nobody better off elsewhere."""
    found = file("contract-manufacturer")
    sharing = found.sharing
    assert sharing is not None
    worth = {item.members: item.value for item in sharing.coalitions}
    assert worth["diamond", "sapphire"] == 70
    assert sharing.fair == {"diamond": 38.0, "sapphire": 51.5, "cobalt": 20.5}
    assert sharing.split == {"diamond": 62.0, "sapphire": 34.0, "cobalt": 14.0}
    document = compromise_document(found)
    assert document["sharing"]["split"] == sharing.split
    assert "draws" not in document["sharing"]
    assert file("phase2-covid-by-state").sharing is None


def test_one_decision_can_be_looked_at_alone() -> None:
    scenario = read_scenario((SCENARIOS / "launch-timing.yaml").read_bytes())
    found = compromise_found(scenario, decision="europe")
    assert {item.key: tuple(item.values.values()) for item in found.options} == {
        "europe=early": (100.0, 80.0),
        "europe=wait": (72.0, 94.0),
    }


@pytest.mark.parametrize("name", ["phase2-covid-by-state", "internal-alignment", "cost-overrun", "payer"])
def test_the_document_is_plain_data(name: str) -> None:
    found = file(name)
    document = compromise_document(found)
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["copy"] == "internal"
    money = name != "internal-alignment"  # scores cannot be paid
    assert (document["split"] is not None) == money
    assert all("places" not in rule for rule in document["rules"])


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"rule": ["fair"]}, "rule fair: there is no such rule; choose one of nash, kalai-smorodinsky"),
        ({"decision": "dael"}, "decision dael: there is no such decision; choose one of deal"),
        ({"start": "deal=o9"}, "from deal=o9: there is no such option; write one as deal=o0, deal=o1"),
        ({"weights": "ann"}, "write PLAYER=NUMBER"),
        ({"weights": "ann=1,bob=2"}, "weights bob: there is no such player; choose one of ann, ben"),
        ({"weights": "ann=1"}, "every player needs a weight above 0; ben has none"),
        ({"weights": "ann=0,ben=0"}, "the weights sum to 0"),
        ({"weights": "ann=-1,ben=2"}, "a weight cannot be less than 0"),
        ({"weights": "ann=1,ann=2"}, "named twice"),
    ],
)
def test_what_is_wrong_is_told(asked: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=re.escape(told)):
        compromise_found(read(menu([(1, 2), (2, 1)])), **asked)  # type: ignore[arg-type]

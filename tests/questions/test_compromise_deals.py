"""Deals on terms as told from a file: payments that make a change worth it, votes, steps, any amount of a term."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.questions.compromise import Compromises, compromise_found
from gamecore.questions.compromise_deals import DealsView
from gamecore.scenario import read_scenario
from tests.advice.small import read
from tests.questions.test_compromise import PLAYERS, TERMS, amount, deals, menu

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
FEE = """
decisions:
  deal:
    by: [ann, ben]
    terms:
      fee: {{levels: 0 to 10}}
      site: {{options: {{north: North, south: South}}}}
    no_agreement: Nothing
baseline: {{fee: 0, site: north}}
timing: {{deal: 0}}
payoffs:
  fee: {{when: {{deal: agreed}}, ann: -fee, ben: {fee}}}
  site:
    rows:
      - {{when: {{site: north}}, ann: 3, ben: 1}}
      - {{when: {{site: south}}, ann: 10, ben: 0}}
      - {{when: {{deal: no_agreement}}, ann: 2, ben: 1}}
"""


def view(found: Compromises) -> DealsView:
    assert found.deals is not None
    return found.deals


@settings(max_examples=20)
@given(values=st.lists(st.tuples(amount, amount), min_size=2, max_size=5))
def test_an_option_is_sweetened_exactly_if_more_is_there_and_one_side_would_mind(values: list[tuple[int, int]]) -> None:
    found = compromise_found(read(menu(values)))
    base = values[0]
    gains = {f"deal=o{n}": (row[0] - base[0], row[1] - base[1]) for n, row in enumerate(values)}
    free = max((sum(row) for row in gains.values() if min(row) >= 0), default=0)
    expected = {key: row for key, row in gains.items() if sum(row) > free and min(row) < 0}
    assert {item.trade.to: tuple(item.trade.gains.values()) for item in found.sweetened} == dict(
        sorted(expected.items(), key=lambda item: -sum(item[1]))[:4]
    )
    for item in found.sweetened:
        assert item.payment is not None
        worth = dict(zip(PLAYERS, values[int(item.trade.to.removeprefix("deal=o"))], strict=True))
        least = {name: max(old, 0) for name, old in zip(PLAYERS, base, strict=True)}
        if sum(worth.values()) <= sum(least.values()):
            assert item.refusing == tuple(name for name, old in zip(PLAYERS, base, strict=True) if old < 0)
            least = dict(zip(PLAYERS, base, strict=True))
        else:
            assert item.refusing == ()
        assert item.payment.low < item.payment.high
        assert worth[item.payment.payer] - item.payment.high == least[item.payment.payer]
        assert worth[item.payment.payee] + item.payment.low == least[item.payment.payee]


@settings(max_examples=15)
@given(worth=st.fixed_dictionaries({deal: st.tuples(amount, amount) for deal in product(*TERMS.values())}))
def test_no_part_of_a_sweetened_change_is_worth_as_much_alone(
    worth: dict[tuple[str, str, str], tuple[int, int]],
) -> None:
    found = compromise_found(read(deals(worth)))
    base = ("low", "short", "shared")
    free = max((item.joint for item in found.trades), default=0)
    expected = set()
    for deal, row in worth.items():
        changed = [n for n in range(3) if deal[n] != base[n]]
        joint = sum(row) - sum(worth[base])
        parts: list[Any] = [
            tuple(deal[n] if n in some else base[n] for n in range(3))
            for some in product(*[(n, None) for n in changed])
            if any(n is not None for n in some) and None in some
        ]
        minds = any(new < old for new, old in zip(row, worth[base], strict=True))
        if joint > free and minds and all(sum(worth[part]) < sum(row) for part in parts):
            expected.add(",".join(f"{name}={level}" for name, level in zip(TERMS, deal, strict=True)))
    told = [item.trade.to for item in found.sweetened]
    assert set(told) <= expected
    assert len(told) == min(4, len(expected))


def test_a_term_sheet_names_the_term_that_carries_money_and_those_that_hang_together() -> None:
    found = compromise_found(read_scenario((SCENARIOS / "licence-term-sheet.yaml").read_bytes()))
    assert view(found).carriers == ("Upfront",)
    assert view(found).together == (("Development milestones in total", "Royalty", "Territory"),)
    assert found.trades == ()
    best = found.sweetened[0]  # -3 and -2 to Diamond, +4 and +5 to Sapphire
    assert best.trade.gains == {"diamond": -5.0, "sapphire": 9.0}
    assert best.payment is not None
    assert (best.payment.payer, best.payment.low, best.payment.high, best.payment.even) == ("sapphire", 5.0, 9.0, 7.0)


def test_from_no_agreement_every_deal_that_nobody_minds_is_a_trade() -> None:
    found = compromise_found(read_scenario((SCENARIOS / "alliance-reset.yaml").read_bytes()))
    assert len(found.trades) == 12
    assert {item.joint for item in found.trades} == {42.0}
    assert view(found).improved is None


def test_a_deal_gets_better_step_by_step() -> None:
    worth = {
        (p, t, d): (2 * (t == "long") - (p == "high"), 3 * (p == "high") - (t == "long") + (d == "held"))
        for p, t, d in product(*TERMS.values())
    }
    better = view(compromise_found(read(deals(worth)))).improved
    assert better is not None
    assert better.gains == {"ann": 1.0, "ben": 3.0}
    assert better.steps[-1].options == {"Price": "High", "Term": "Long", "Data": "Held"}
    rows = [better.start.values, *(step.values for step in better.steps)]
    for before, after in pairwise(rows):
        assert all(after[name] >= before[name] for name in before)


def test_any_amount_of_a_straight_term_is_taken_where_the_levels_miss_it() -> None:
    """Gains with south are 8 - fee and fee - 1: equal at 4.5; shares of 7 each at 4.5 too."""
    found = compromise_found(read(FEE.format(fee="fee")))
    amounts = view(found).amounts
    assert amounts is not None
    assert (amounts.straight, amounts.stepped) == (("Fee",), ())
    (even,) = amounts.answers["egalitarian"]
    assert (even.options, even.amounts, even.values) == ({"Site": "South"}, {"Fee": 4.5}, {"ann": 5.5, "ben": 4.5})
    assert amounts.answers["nash"][0].amounts == {"Fee": float(Fraction(9, 2))}


def test_a_term_that_bends_keeps_its_levels_and_that_is_told() -> None:
    amounts = view(compromise_found(read(FEE.format(fee="fee ** 2 / 10")))).amounts
    assert amounts is not None
    assert (amounts.straight, amounts.stepped, amounts.answers) == ((), ("Fee",), {})


THREE = """
players: {{ann: {{name: Ann}}, ben: {{name: Ben}}, cia: {{name: Cia}}}}
decisions:
  deal:
    by: [ann, ben, cia]
    terms:
      site: {{options: {{north: North, south: South}}}}
      pay: {{options: {{low: Low, high: High}}}}
    no_agreement: Nothing
    needs: {{{needs}}}
baseline: {{site: north, pay: low}}
timing: {{deal: 0}}
payoffs:
  worth:
    rows:
      - {{when: {{deal: no_agreement}}, ann: 2, ben: 2, cia: 1}}
{rows}
"""
WORTH = {
    ("north", "low"): (5, 3, 0),
    ("north", "high"): (7, 1, 1),
    ("south", "low"): (2, 4, 3),
    ("south", "high"): (4, 1, 3),
}


@pytest.mark.parametrize(("votes", "veto"), [(2, ()), (2, (2,)), (2, (1,)), (3, ())])
def test_votes_and_vetoes_say_how_many_deals_pass(votes: int, veto: tuple[int, ...]) -> None:
    names = ("ann", "ben", "cia")
    rows = "\n".join(
        f"      - {{when: {{site: {site}, pay: {pay}}}, ann: {a}, ben: {b}, cia: {c}}}"
        for (site, pay), (a, b, c) in WORTH.items()
    )
    vetoes = f", veto: [{', '.join(names[who] for who in veto)}]" if veto else ""
    passes = view(compromise_found(read(THREE.format(needs=f"votes: {votes}{vetoes}", rows=rows)))).passes
    clears = [[value >= least for value, least in zip(row, (2, 2, 1), strict=True)] for row in WORTH.values()]
    assert passes is not None
    assert passes.veto == tuple(names[who] for who in veto)
    assert passes.passing == sum(sum(row) >= votes and all(row[who] for who in veto) for row in clears)
    assert passes.unanimous == sum(map(all, clears)) == 1
    assert passes.stops == {
        name: sum(not row[who] and sum(row) == 2 for row in clears) for who, name in enumerate(names)
    }

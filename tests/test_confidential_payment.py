"""Payments are computed from both sides' values: no number of them is on a shared copy, from file to bytes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pytest

from gamecore.advice.analysis import Analysis
from gamecore.brief import page, render
from gamecore.pipeline import Settings, analyse
from gamecore.scenario import read_scenario
from tests.test_confidential import Format, text_of

FILE = """
gamecore: 1
title: Start of the study
question: When do we start the study?
advise: diamond
unit: USD m
players:
  diamond:  {name: Diamond, role: pharma, confidential: RELEASED}
  sapphire: {name: Sapphire, role: biotech, confidential: RELEASED}
decisions:
  plan:
    by: [diamond, sapphire]
    options: {start: Start in July, wait: Wait six months}
    no_agreement: {label: Talks go on}
baseline: {plan: start}
timing: {count_from: 2030-07-01, plan: 0}
payoffs:
  value:
    rows:
      - {when: {plan: start}, diamond: 9.6173, sapphire: 51.8391}
      - {when: {plan: wait}, diamond: 25.8617, sapphire: 47.4283}
      - {when: {plan: no_agreement}, diamond: 15.9719, sapphire: floor}
inputs:
  floor: {value: 43.0577, label: Gazelle estimate, confidential: yes}
levers:
  pay: {pay: {from: diamond, to: sapphire, if: {plan: wait}, amount: 0 to 15}, label: Diamond pays for waiting}
"""
SECRETS = [("51.8391", "52.3187"), ("47.4283", "46.9173"), ("15.9719", "14.1937"), ("43.0577", "42.1973")]


def analysed(text: str = FILE, released: str = "yes") -> Analysis:
    return analyse(read_scenario(text.replace("RELEASED", released), file="study.yaml"), Settings(draws=50))


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return analysed()


def amounts(analysis: Analysis) -> list[str]:
    facts = analysis.payments[0]
    numbers = [facts.proposed, *(end for item in facts.ranges for end in (item.needed, item.possible, item.even))]
    return sorted({f"{abs(number):.1f}" for number in numbers})


def test_the_internal_copy_tells_the_range_that_the_analysis_found(analysis: Analysis) -> None:
    assert analysis.recommendation.candidate == "plan=wait"
    made = page(analysis)
    strict = next(item for item in analysis.payments[0].ranges if item.against == "both")
    assert made.payment is not None
    assert made.payment.labels[0] == f"{strict.needed:.1f} Sapphire needs" == "4.4 Sapphire needs"
    assert made.payment.labels[2] == f"{strict.possible:.1f} Diamond's limit" == "9.9 Diamond's limit"


@pytest.mark.parametrize("form", get_args(Format))
@pytest.mark.parametrize("necessary", [False, True])
def test_no_amount_of_a_payment_is_on_the_shared_copy(analysis: Analysis, form: str, necessary: bool) -> None:
    facts = tuple(replace(item, necessary=necessary) for item in analysis.payments)
    content = render(replace(analysis, payments=facts), form, copy="shared")
    if form == "png":
        return
    text = re.sub(r"<style.*?</style>|<svg.*?</svg>|<[^>]*>", " ", text_of(content, form), flags=re.DOTALL)
    for amount in amounts(analysis):
        assert not re.search(rf"(?<![\d.]){re.escape(amount)}(?!\d)", text), amount


@pytest.mark.parametrize("form", get_args(Format))
@pytest.mark.parametrize(("old", "new"), SECRETS)
def test_no_byte_of_the_shared_copy_moves_with_what_a_payment_is_made_of(
    analysis: Analysis, old: str, new: str, form: str
) -> None:
    other = analysed(FILE.replace(old, new))
    assert amounts(other) != amounts(analysis)
    for necessary in (False, True):
        one, two = (
            replace(
                item,
                scenario=replace(item.scenario, sha256="0" * 64),
                payments=tuple(replace(facts, necessary=necessary) for facts in item.payments),
            )
            for item in (analysis, other)
        )
        assert render(one, form, copy="shared") == render(two, form, copy="shared")


def test_with_released_values_an_amount_that_a_confidential_input_reaches_stays_away() -> None:
    released = analysed(released="no")
    assert any("inputs.floor" in item.reaches for item in released.payments)
    asked = replace(released, payments=tuple(replace(item, necessary=True) for item in released.payments))
    assert "the amount to be agreed" in page(asked, "shared").recommendation.text
    told = FILE.replace("label: Gazelle estimate, confidential: yes", "label: Open estimate, confidential: no")
    public = analysed(told.replace("{label: Talks go on}", "{label: Talks go on, confidential: no}"), "no")
    asked = replace(public, payments=tuple(replace(item, necessary=True) for item in public.payments))
    assert not any(item.reaches for item in public.payments)
    assert "pays Sapphire USD\N{NO-BREAK SPACE}7.2\N{NO-BREAK SPACE}m" in page(asked, "shared").recommendation.text
    assert page(asked, "shared").payment is None

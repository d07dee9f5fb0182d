"""A shared copy says nothing that a confidential programme or deal reaches, even where sides release their values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gamecore.advice.analysis import Analysis
from gamecore.brief import render
from gamecore.pipeline import Settings, analyse
from gamecore.scenario import read_scenario
from tests.valuation.small_programme import TEXT

RELEASED = TEXT.replace("discount_rate: 9%", "discount_rate: 9%, confidential: no").replace(
    "discount_rate: 13%", "discount_rate: 13%, confidential: no"
).replace("no_agreement: Nothing", "no_agreement: {label: Nothing, confidential: no}").replace(
    "p: {value: 30% .. 40% .. 50%}", "p: {value: 30% .. 40% .. 50%, confidential: no}"
)  # fmt: skip


def analysed(*changes: tuple[str, str]) -> Analysis:
    text = RELEASED
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return analyse(read_scenario(text, file="drug.yaml"), Settings(draws=200))


def shared(analysis: Analysis, form: str) -> bytes:
    digest = replace(analysis, scenario=replace(analysis.scenario, sha256="0" * 64))
    return render(digest, form, copy="shared", date="2029-12-01")


def test_released_values_of_a_programme_are_on_the_shared_copy() -> None:
    text = shared(analysed(), "md").decode()
    value = next(item for item in analysed().candidates if item.key == "plan=go").standing("a").value.base
    assert f"{value:.1f}" in text


FEE = ("fee_at_launch: 12", "fee_at_launch: {value: 12, confidential: yes}")
SECRETS = [
    ("a programme", ("  phases:\n", "  confidential: yes\n  phases:\n"), ("peak: 400", "peak: 401.7")),
    ("a deal", ("  profit_share:\n", "  confidential: yes\n  profit_share:\n"), ("a: 60%, b: 40%", "a: 59%, b: 41%")),
    ("an input of the deal", FEE, ("value: 12", "value: 12.3")),
]  # fmt: skip


@pytest.mark.parametrize(("what", "hide", "change"), SECRETS, ids=[secret[0] for secret in SECRETS])
@pytest.mark.parametrize("form", ["md", "html", "json", "pdf"])
def test_the_shared_copy_does_not_move_with_what_is_secret(
    what: str, hide: tuple[str, str], change: tuple[str, str], form: str
) -> None:
    ours, theirs = analysed(hide), analysed(hide, change)
    values = [[item.standing("a").value.base for item in found.candidates] for found in (ours, theirs)]
    assert values[0] != values[1], what
    assert ours.recommendation.candidate == theirs.recommendation.candidate
    assert shared(ours, form) == shared(theirs, form)

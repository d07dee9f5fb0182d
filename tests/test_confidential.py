"""Nothing that a confidential value reaches is on the shared copy: the whole way, from a file to the bytes."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any, Literal, get_args

import pytest
from pypdf import PdfReader

from gamecore.advice.analysis import Analysis
from gamecore.brief import render
from gamecore.errors import InputError
from gamecore.pipeline import Settings, analyse
from gamecore.scenario import read_scenario

Format = Literal["pdf", "html", "md", "json", "png"]

FILE = """
gamecore: 1
title: Start of the study
question: When do we start the study?
decide_by: 2030-06-12
advise: diamond
unit: USD m
context: [The study was planned for July.]
players:
  diamond:  {name: Diamond, lead: Michael, discount_rate: 7.7701%, confidential: yes}
  sapphire: {name: Sapphire, lead: Sandra, discount_rate: 11.3303%, runway: 19 months, confidential: yes}
decisions:
  plan:
    by: [diamond, sapphire]
    options:
      start: {label: Start in July, pros: [Keeps the date.]}
      wait:  {label: Wait six months, cons: [Costs time.]}
      quiet: {label: Zebra option, confidential: yes, pros: [Zebra pro.]}
    no_agreement: {label: Quagga walk-away, confidential: yes}
  later:
    by: diamond
    when: {plan: wait}
    options: {go: Run it, stop: Stop it}
events:
  state: {chances: {good: 61.1107%, bad: rest}}
  news:  {signal_of: state, right: 83.3309%}
  award: {label: Okapi award, chances: {high: 37.7711%, low: rest}, confidential: yes}
baseline: {plan: start}
timing:
  count_from: 2030-07-01
  plan: 0
  news: 6 months
  later: 6 months
  state: hidden
  award: hidden
payoffs:
  value:
    rows:
      - {when: {plan: start, state: good}, diamond: 31.1713, sapphire: 52.2917}
      - {when: {plan: start, state: bad},  diamond: -8.8319, sapphire: 38.8523}
      - {when: {later: go, state: good},   diamond: 33.3929, sapphire: 50.5131}
      - {when: {later: go, state: bad},    diamond: 9.9737, sapphire: 41.1741}
      - {when: {later: stop}, at: date of later, diamond: 2.2143, sapphire: 4.4347}
      - {when: {plan: quiet},              diamond: 1.1953, sapphire: 2.2559}
      - {when: {plan: no_agreement},       diamond: walk_diamond, sapphire: walk_sapphire}
  side: {label: Tapir line, when: {award: high}, diamond: 0.6767, sapphire: 0.7373, confidential: yes}
inputs:
  walk_diamond:
    {value: 11.1961 .. 12.2967 .. 13.3971, label: Gazelle estimate, source: Kudu desk, owner: Eland, confidential: yes}
  walk_sapphire:
    {value: 38.4979 .. 39.5983 .. 40.6989, label: Bongo estimate, source: Oribi desk, note: Dik-dik, confidential: yes}
levers:
  pay:
    {pay: {from: diamond, to: sapphire, if: {plan: wait}, amount: 0 to 6.6697}, label: Nyala lever, confidential: yes}
"""

WORDS = re.findall(r"Zebra|Quagga|Okapi|Tapir|Gazelle|Kudu|Eland|Bongo|Oribi|Dik-dik|Nyala", FILE)
NUMBERS = sorted(set(re.findall(r"-?\d+\.\d{4}", FILE)))


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return analyse(read_scenario(FILE, file="study.yaml"), Settings(draws=400))


def text_of(content: bytes, form: str) -> str:
    if form != "pdf":
        return content.decode("utf-8", errors="ignore")
    reader = PdfReader(io.BytesIO(content))
    pages = "\n".join(page.extract_text() for page in reader.pages)
    return pages + str(reader.metadata) + str(reader.trailer["/Root"])


def shown(number: str) -> list[str]:
    """The ways a number could be printed: as typed, and at one and two decimals, with either minus sign."""
    value = float(number)
    forms = {number, f"{value:.1f}", f"{value:.2f}", f"{value:.3f}"}
    return [form.replace("-", sign) for form in forms for sign in "-\u2212"]


@pytest.mark.parametrize("form", get_args(Format))
def test_planted_secrets_are_not_on_the_shared_copy(analysis: Analysis, form: str) -> None:
    content = render(analysis, form, copy="shared", paper="a4", date="2030-05-28")
    text = text_of(content, form)
    for secret in (*WORDS, *NUMBERS):
        assert secret not in text
        assert secret.encode() not in content
    if form == "png":
        return
    printed = re.sub(
        r"<style.*?</style>|<svg.*?</svg>|<[^>]*>", " ", text, flags=re.DOTALL
    )  # style has sizes such as 1.2
    for number in NUMBERS:
        found = [form for form in shown(number) if re.search(rf"(?<![\d.]){re.escape(form)}(?!\d)", printed)]
        assert not found, (number, found)


def test_the_same_secrets_are_found_on_the_internal_copy(analysis: Analysis) -> None:
    text = text_of(render(analysis, "md", copy="internal"), "md")
    assert "Quagga walk-away" in text
    assert "12.6" in text  # the walk-away with the line that comes on top


def test_no_line_in_numbers_and_no_threshold_is_on_the_shared_copy(analysis: Analysis) -> None:
    assert analysis.robustness is not None
    assert analysis.robustness.thresholds is not None
    assert "In numbers" in text_of(render(analysis, "md", copy="internal"), "md")
    shared = text_of(render(analysis, "md", copy="shared"), "md")
    assert "In numbers" not in shared
    assert "It changes to" not in shared
    assert "No input alone" not in shared


def every_number_of(analysis: Analysis) -> dict[str, Any]:
    values = {
        f"{candidate.key} {standing.player}": standing.value.base
        for candidate in analysis.candidates
        for standing in candidate.standings
    }
    return values | {item.player: item.value.base for item in analysis.walk_aways}


SECRETS = [
    ("walk-away input", "12.2967", "12.4011"),
    ("own payoff", "33.3929", "34.0007"),
    ("partner's payoff", "50.5131", "50.9999"),
    ("partner's rate", "11.3303%", "12.5707%"),
    ("confidential line", "0.6767", "0.7979"),
    ("confidential event", "37.7711%", "41.0101%"),
]


@pytest.mark.parametrize(("what", "old", "new"), SECRETS, ids=[secret[0] for secret in SECRETS])
@pytest.mark.parametrize("form", get_args(Format))
def test_the_shared_copy_does_not_move_with_a_secret(
    analysis: Analysis, what: str, old: str, new: str, form: str
) -> None:
    other = analyse(read_scenario(FILE.replace(old, new), file="study.yaml"), Settings(draws=400))
    assert every_number_of(other) != every_number_of(analysis) or what == "partner's rate"
    assert other.recommendation.candidate == analysis.recommendation.candidate
    same_digest = replace(other, scenario=replace(other.scenario, sha256=analysis.scenario.sha256))
    ours, theirs = (render(item, form, copy="shared") for item in (analysis, same_digest))
    assert ours == theirs


def test_a_confidential_recommendation_refuses_a_shared_copy(analysis: Analysis) -> None:
    secret = FILE.replace("label: Wait six months,", "label: Wait six months, confidential: yes,")
    hidden = analyse(read_scenario(secret, file="study.yaml"), Settings(draws=400))
    assert hidden.recommendation.candidate == analysis.recommendation.candidate == "plan=wait"
    with pytest.raises(InputError, match="confidential"):
        render(hidden, "pdf", copy="shared")


def test_released_values_are_printed_and_what_a_secret_reaches_still_is_not() -> None:
    released = FILE.replace("7.7701%, confidential: yes", "7.7701%, confidential: no").replace(
        "runway: 19 months, confidential: yes", "runway: 19 months, confidential: no"
    )
    analysis = analyse(read_scenario(released, file="study.yaml"), Settings(draws=400))
    assert analysis.released == {"diamond", "sapphire"}
    text = text_of(render(analysis, "md", copy="shared"), "md")
    for word in WORDS:
        assert word not in text
    for walk_away in analysis.walk_aways:
        assert f"{walk_away.value.base:.1f}" not in text

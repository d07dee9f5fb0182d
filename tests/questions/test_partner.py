"""The partner's seat: its page is the brief of the mirrored file, and the record says what these analyses hold."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

from gamecore.advice.partner import asker_of, mirrored, seat_of
from gamecore.advice.partner_facts import ArgumentKind, PartnerFacts
from gamecore.brief import render
from gamecore.errors import InputError
from gamecore.pipeline import Settings, analyse
from gamecore.questions.partner import Partner, check_copy, partner_document, partner_found, partner_page
from gamecore.scenario import apply_levers, read_scenario
from tests.advice.small import whole

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
FEW = Settings(draws=200)
FILES = ("phase2-covid-by-state", "launch-timing", "jsc-deadlock", "ip-ownership", "payer")


@cache
def text_of(name: str) -> str:
    return (SCENARIOS / f"{name}.yaml").read_text(encoding="utf-8")


@cache
def found(name: str, player: str | None = None) -> Partner:
    return partner_found(read_scenario(text_of(name), file=f"{name}.yaml"), FEW, player=player)


def advising(text: str, player: str) -> str:
    """The text of a file with another player advised and nothing else changed."""
    changed, count = re.subn(r"(?m)^advise: \w+", f"advise: {player}", text)
    assert count == 1
    return changed


@pytest.mark.parametrize("name", FILES)
def test_the_partners_page_is_the_brief_of_the_mirrored_file_in_both_directions(name: str) -> None:
    seat = found(name).facts.seat
    scenario = read_scenario(text_of(name), file=f"{name}.yaml")
    other = read_scenario(advising(text_of(name), seat), file=f"{name}.yaml")
    for ours, theirs in ((scenario, other), (other, scenario)):
        page = partner_page(partner_found(ours, FEW, player=theirs.advise), "json", date="2020-06-01").content
        brief = render(analyse(theirs, FEW), "json", date="2020-06-01")
        assert undigested(page, ours.sha256) == undigested(brief, theirs.sha256)


def undigested(page: bytes, sha256: str) -> str:
    """A page without the digest of the file itself, which differs as the files do: whole, or eight digits of it."""
    digits = f"{sha256[:4]}\\s?{sha256[4:8]}({sha256[8:]})?"
    text, count = re.subn(digits, "DIGEST", page.decode())
    assert count
    return text


@pytest.mark.parametrize("name", FILES)
def test_mirroring_twice_gives_the_scenario_back(name: str) -> None:
    scenario = read_scenario(text_of(name))
    seat = seat_of(scenario)
    assert mirrored(scenario, seat) != scenario
    assert mirrored(mirrored(scenario, seat), asker_of(scenario, seat)) == scenario
    assert seat_of(mirrored(scenario, seat)) == scenario.advise or len(scenario.players) > 2


def test_a_lever_pulled_after_mirroring_leaves_the_seat_advised() -> None:
    scenario = mirrored(read_scenario(text_of("phase2-covid-by-state")), "sapphire")
    assert apply_levers(scenario, ["contract_binds"]).advise == "sapphire"


def test_phase_two_from_sapphires_seat() -> None:
    """Values, replies and limits of the case with given numbers."""
    facts: PartnerFacts = found("phase2-covid-by-state").facts
    assert (facts.seat, facts.asker, facts.asked, facts.preferred) == ("sapphire", "diamond", "plan=wait", "plan=start")
    assert [item.candidate for item in facts.ranking] == ["plan=start", "plan=wait", "plan=hybrid", "plan=terminate"]
    assert [item.gain for item in facts.ranking[:3]] == pytest.approx([8.781, 4.389, -0.833], abs=0.002)
    assert {item.move: item.accepted for item in facts.replies} == {
        "plan=start": 1.0,
        "plan=wait": 1.0,
        "plan=hybrid": 0.0,
        "plan=terminate": 0.0,
    }
    (opening,) = facts.openings
    assert (opening.protocol, opening.outcome) == ("sapphire proposes", "plan=wait")
    assert facts.push[0].candidate == "plan=wait"
    assert facts.push[0].most == pytest.approx(9.821, abs=0.001)
    kinds = [item.kind for item in facts.no]
    assert kinds.count(ArgumentKind.REFUSES) == 2
    assert ArgumentKind.LEARNS in [item.kind for item in facts.tell]


def test_the_launch_is_answered_as_the_moves_are_seen() -> None:
    facts = found("launch-timing").facts
    told = {item.move: [choice.choice for choice in item.does] for item in facts.replies}
    assert told == {"europe=early": ["wait"], "europe=wait": ["early"]}
    assert [item.accepted for item in facts.replies] == [None, None]


@pytest.mark.parametrize("name", FILES)
def test_every_number_of_the_record_is_on_one_of_the_two_analyses(name: str) -> None:
    partner = found(name)
    facts = partner.facts
    for item in facts.ranking:
        standing = partner.mirrored.candidate(item.candidate).standing(facts.seat)
        assert (item.rank, item.value, item.gain) == (standing.rank, standing.value, standing.gain)
    assert [item.rank for item in facts.ranking] == sorted(item.rank for item in facts.ranking)
    for push in facts.push:
        assert push.most == partner.ours.candidate(push.candidate).standing(facts.asker).gain > 0
    assert facts.recommended == partner.mirrored.recommendation.candidate
    assert facts.asked == partner.ours.recommendation.candidate
    for reply in facts.replies:  # an outcome that is a plan of its own is worth what that plan is
        candidate = next((item for item in partner.ours.candidates if item.key == reply.move), None)
        if candidate is not None and reply.accepted == 1 and reply.settled:
            assert reply.values == {item.player: item.value.base for item in candidate.standings}


@pytest.mark.parametrize("name", FILES)
def test_the_document_is_plain_data_and_says_that_it_is_internal(name: str) -> None:
    document = partner_document(found(name))
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["copy"] == "internal"
    assert document["values_are_estimates_of"] == found(name).facts.seat
    assert "estimate" in document["text"]["estimate"]["sentences"][0]
    assert "Nash" not in json.dumps(document["text"])


def test_another_seat_can_be_taken_where_there_are_three() -> None:
    assert found("internal-alignment", "finance").facts.seat == "finance"
    assert found("internal-alignment", "commercial").facts.asker == "clinical"


@pytest.mark.parametrize(
    ("advise", "player", "told"),
    [
        ("ann", "ann", "advises 'ann' already; choose one of ben"),
        ("ann", "bob", "there is no player 'bob'; choose one of ann, ben"),
        ("alliance", None, "say whose seat it is, one of ann, ben"),
    ],
)
def test_a_seat_that_is_none_is_refused(advise: str, player: str | None, told: str) -> None:
    scenario = read_scenario(whole(SMALL + f"advise: {advise}\n"))
    with pytest.raises(InputError, match=re.escape(told)):
        seat_of(scenario, player)


def test_who_decides_alone_has_no_partner() -> None:
    scenario = read_scenario(
        whole(
            "players: {ann: {name: Ann}}\ndecisions: {go: {by: ann, options: {yes_: Yes, no_: No}}}\n"
            "baseline: {go: no_}\ntiming: {go: 0}\npayoffs: {worth: {rows: [{when: {go: yes_}, ann: 1}, "
            "{when: {go: no_}, ann: 0}]}}\n"
        )
    )
    with pytest.raises(InputError, match="no partner"):
        partner_found(scenario, FEW)


def test_a_shared_copy_is_refused_with_the_reason() -> None:
    check_copy("internal", "--copy")
    with pytest.raises(InputError, match="our estimate of the partner's values and is internal by nature"):
        check_copy("shared", "--copy")


SMALL = """\
decisions:
  deal: {by: [ann, ben], options: {one: "One [bold]x[/bold]", two: "Two *y*"}, no_agreement: Nothing}
baseline: {deal: one}
timing: {deal: 0}
payoffs:
  worth:
    rows:
      - {when: {deal: one}, ann: 3, ben: 1}
      - {when: {deal: two}, ann: 1, ben: 4}
      - {when: {deal: no_agreement}, ann: 0, ben: 0}
"""


def test_small_deals_are_told_in_sentences() -> None:
    partner = partner_found(read_scenario(whole(SMALL)), FEW)
    text = {item.key: item.texts for item in partner.sections}
    assert text["replies"] == (
        "“One [bold]x[/bold]”: Ben accepts (for Ben 1.0 above no agreement); values: Ann 3.0, Ben 1.0.",
        "“Two *y*”: Ben accepts (for Ben 4.0 above no agreement); values: Ann 1.0, Ben 4.0.",
    )
    assert text["openings"] == ("The outcome is “Two *y*”; values: Ann 1.0, Ben 4.0.",)
    assert text["argument"][0] == "Ann has 1.0 with it; no agreement is worth 1.0 less to it (0.0)."
    assert (
        text["push"][0].replace("\N{NO-BREAK SPACE}", " ")
        == "On “One [bold]x[/bold]”: up to USD 3.0 m, where Ann would be level with no agreement."
    )


def test_a_plan_has_one_name_in_all_sections() -> None:
    text = {item.key: item.texts for item in found("jsc-deadlock").sections}
    named = {line.split(": ", 1)[1].rpartition(" (")[0] for line in text["ranking"]}
    assert "“Insist on the active comparator; Yield”" in named  # as on our own page
    assert {line[3:].partition("”: up to")[0] + "”" for line in text["push"]} <= named
    assert any("“Insist on placebo” and then “Decide for placebo”" in line for line in text["replies"])

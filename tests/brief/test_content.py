"""The page's blocks: words, limits, sentences."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from gamecore.advice.analysis import Analysis, ContingentChoice, Kind, Reason
from gamecore.brief import page
from gamecore.brief.blocks import LIMITS, WORDS
from gamecore.errors import InputError, PageOverflowError
from tests.brief import extremes
from tests.brief.cases import sapphire_diamond

BANNED = re.compile(
    r"\b(nash|equilibri\w*|demand\w*|refuse[sd]?|wins?|winner|loses?|loser|threat\w*|unfair|fair|hope|no decision)\b",
    re.IGNORECASE,
)
COPIES = ("internal", "shared")


def text_of(analysis: Analysis, copy: str = "internal") -> str:
    return "\n".join(text for _, text in page(analysis, copy, date="2020-05-28").texts())


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize("case", extremes.ALL.values(), ids=extremes.ALL)
def test_no_page_has_more_words_than_it_may(case: Callable[[], Analysis], copy: str) -> None:
    assert sum(page(case(), copy, date="2020-05-28").words().values()) <= WORDS


@pytest.mark.parametrize("advise", ["diamond", "sapphire", "alliance"])
@pytest.mark.parametrize("copy", COPIES)
def test_every_block_of_the_acceptance_case_keeps_its_limit(copy: str, advise: str) -> None:
    counts = page(sapphire_diamond(advise), copy, date="2020-05-28").words()
    beyond = {block: counts[block] for block, limit in LIMITS.items() if counts.get(block, 0) > limit}
    # The panel's limit is for labels; the names of options and the pros and cons are the author's.
    assert set(beyond) <= {"panel"}


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize("case", extremes.ALL.values(), ids=extremes.ALL)
def test_words_of_the_trade_and_loaded_words_never_appear(case: Callable[[], Analysis], copy: str) -> None:
    assert not BANNED.search(text_of(case(), copy))


def test_the_acceptance_case_says_what_was_found() -> None:
    made = page(sapphire_diamond(), "internal", date="2020-05-28")
    assert made.recommendation.text == "We recommend B: Wait six months, then Diamond decides."
    assert (
        made.recommendation.numbers
        == "Both end better than with no agreement: Sapphire +4.4, Diamond +9.8 (value, USD m)."
    )
    assert made.why.text == (
        "Diamond does better with no agreement than with A, Sapphire than with C. Only B beats no agreement for both "
        "companies, whoever proposes first."
    )
    assert made.gives.text == "Sapphire accepts 4.4 less than under A, its best option; Diamond has 16.1 more."
    assert made.no.text == ("Drift - the trial starts nine months late, in dispute (Diamond 16.0, Sapphire 43.0).")
    assert made.sure.text.startswith(
        "B is the outcome in 66 of 100 cases when Diamond proposes, 40 when Sapphire does."
    )
    assert "If severe (28 of 100), Diamond moves to “Run the hybrid trial”" in made.known.text
    assert made.asked.items[:2] == ("Mandate for option B", "Decision date 1 January 2021 and the trigger “severe”")
    assert made.key[1] == "* On average over all cases B (42.1) is level with C (42.4) for Sapphire."
    assert made.badge == "Internal · Diamond only"
    assert made.payment is None


def test_what_is_given_is_compared_with_the_best_option_and_the_plan_as_it_stood() -> None:
    base = sapphire_diamond()
    hybrid = base.candidate("plan=hybrid")
    best = replace(hybrid.standings[1], value=replace(hybrid.standings[1].value, base=30.0), rank=1)
    wait = base.candidate("plan=wait")
    second = replace(wait.standings[1], rank=2, regret=4.187)
    changed = {
        hybrid.key: replace(hybrid, standings=(hybrid.standings[0], best)),
        wait.key: replace(wait, standings=(wait.standings[0], second)),
    }
    made = page(replace(base, candidates=tuple(changed.get(item.key, item) for item in base.candidates)))
    assert made.gives.text == (
        "Sapphire accepts 4.4 less than under A, its best option. Diamond accepts 4.2 less than under C, but has 16.1 "
        "more than under A."
    )


def test_owners_stand_advised_first_inside_and_in_the_file_s_order_on_the_shared_copy() -> None:
    assert dict(page(sapphire_diamond(), "internal").who)["Owners"] == "Michael (Diamond), Sandra (Sapphire)"
    assert dict(page(sapphire_diamond(), "shared").who)["Owners"] == "Sandra (Sapphire), Michael (Diamond)"


def test_the_alliance_s_copy_is_for_the_alliance_team() -> None:
    made = page(sapphire_diamond("alliance"), "internal")
    assert made.badge == "Internal · alliance team"
    assert [item.who for item in made.signatures] == ["Sapphire, co-chair", "Diamond, co-chair"]


def test_nothing_drawn_is_said() -> None:
    made = page(extremes.certain(), "internal")
    assert made.sure.text == "All inputs are certain in this file; nothing was drawn."
    assert made.strips == ()
    assert "Whisker" not in made.key[0]


def test_nothing_acceptable_recommends_nothing_and_asks_for_the_next_step() -> None:
    made = page(extremes.nothing_acceptable(), "internal")
    assert made.recommendation.text == "No option beats no agreement for both companies."
    assert not any(row.recommended for row in made.panel.rows)
    assert made.asked.items[0] == "A further option that suits all sides"


def test_without_an_agreement_there_is_no_dashed_line_and_the_floor_is_named() -> None:
    made = page(extremes.moves_only("security"), "internal")
    assert all(column.line is None for column in made.panel.columns)
    assert made.panel.floor is not None
    assert made.panel.floor.label == "Secured alone"
    assert "acting alone" in made.recommendation.numbers
    other = page(extremes.moves_only("baseline"), "internal")
    assert other.panel.floor is None
    assert other.no.text == "the plan as it stood, A, goes on (Diamond 9.7, Sapphire 51.8)."
    assert made.no.text.endswith("secure alone (Diamond at least -4.0, Sapphire 33.0).".replace("-", "\N{MINUS SIGN}"))


def test_five_companies_and_more_keep_one_column_for_the_advised_and_one_for_the_lowest_of_the_others() -> None:
    made = page(extremes.companies(6), "internal")
    assert [column.head for column in made.panel.columns] == ["Diamond", "Lowest other", "Together", "For and against"]
    assert [row.cells[1].note for row in made.panel.rows] == ["Ruby", "Registry", "Ruby"]


def test_what_is_chosen_next_without_an_agreement_is_told_inside_only() -> None:
    """Without agreement each does what is best for itself: that follows from values it need not show."""
    base = sapphire_diamond()
    assert base.disagreement is not None
    after = ContingentChoice(
        *("claim", "Claim", ("sapphire",), "arbitrate", "Go to arbitration", (), (), 1.0, 0.5, "2021-01-01")
    )
    short = replace(base.disagreement, label="Drift", follows=(after,), confidential=False)
    made = page(replace(base, disagreement=short), "internal")
    assert (
        made.no.text
        == "Drift (Diamond 16.0, Sapphire 43.0). Sapphire then chooses “Go to arbitration” on 1 January 2021."
    )
    other = replace(
        after, choice="settle", choice_label="Settle", given=(("news", "good"),), given_labels=(("News", "good"),)
    )
    several = replace(short, follows=(after, other))
    assert page(replace(base, disagreement=several)).no.text.endswith("Sapphire then decides on 1 January 2021.")
    assert page(replace(base, disagreement=short), "shared").no.text == "Drift."


def test_three_companies_drop_together_and_stack_the_words() -> None:
    made = page(extremes.companies(3), "internal")
    assert made.panel.stacked
    assert {column.kind for column in made.panel.columns} == {"company"}


def test_one_option_has_no_rank() -> None:
    made = page(extremes.one_option(), "internal")
    assert [cell.rank for cell in made.panel.rows[0].cells] == ["", "", ""]


def test_two_options_say_why_there_is_no_third() -> None:
    assert "The file has no other plan." in page(extremes.two_options(), "internal").key[1]


def test_a_whisker_beyond_the_scale_is_cut() -> None:
    made = page(extremes.cut_whiskers(), "internal")
    bar = made.panel.rows[1].cells[1].bar
    assert bar is not None
    assert (bar.cut_low, bar.cut_high, bar.low, bar.high) == (True, True, 0.0, 1.0)


@pytest.mark.parametrize("case", extremes.ALL.values(), ids=extremes.ALL)
def test_every_mark_stands_on_the_scale(case: Callable[[], Analysis]) -> None:
    for row in page(case(), "internal").panel.rows:
        for cell in row.cells:
            if cell.bar is not None:
                assert all(0 <= place <= 1 for place in (cell.bar.zero, cell.bar.value, cell.bar.low, cell.bar.high))


def test_the_average_that_would_choose_otherwise_is_told() -> None:
    base = sapphire_diamond()
    told = replace(base, notes=(Reason(Kind.MEAN_RECOMMENDS, refers_to=("plan=hybrid",)),))
    assert "By the average over all cases C would be recommended." in page(told, "internal").sure.text


def test_too_many_words_name_the_block_and_what_it_is_made_of() -> None:
    with pytest.raises(PageOverflowError, match=r"shorten the block 'context' .* context and note") as caught:
        page(extremes.more_context(200), "internal")
    assert caught.value.block == "context"


def test_every_kind_of_reason_can_be_met() -> None:
    base = sapphire_diamond()
    for kind in Kind:
        for player in (None, "diamond"):
            reason = Reason(kind, player, {"amount": 1.0}, ("plan=hybrid",))
            options = tuple(replace(option, pros=(reason,), cons=(reason,)) for option in base.options)
            told = replace(base.recommendation, reasons=(reason,), holds_if=(reason,))
            page(replace(base, options=options, recommendation=told, notes=(reason,)), "internal")


def test_a_page_names_no_folder_of_the_machine() -> None:
    base = sapphire_diamond()
    for path in ("folder/deals/x.yaml", "C:\\deals\\x.yaml"):
        made = page(replace(base, scenario=replace(base.scenario, file=path)), "internal")
        assert made.footer[0].startswith("Scenario x.yaml, SHA-256 9f2c 41d7 · gamecore 0.1.0 · seed 7 · 10,000 draws")


def test_there_is_no_other_copy() -> None:
    with pytest.raises(InputError, match="no copy 'public'"):
        page(sapphire_diamond(), "public")


def test_without_a_word_for_or_against_there_is_no_column_for_them() -> None:
    base = sapphire_diamond()
    plain = tuple(replace(item, pros=(), cons=()) for item in base.candidates)
    bare = replace(base, candidates=plain)
    assert [column.kind for column in page(bare, "shared").panel.columns] == ["lays_down"]
    assert [column.kind for column in page(base, "shared").panel.columns] == ["lays_down", "words"]
    silent = replace(bare, options=tuple(replace(option, pros=(), cons=()) for option in base.options))
    assert "words" not in {column.kind for column in page(silent, "internal").panel.columns}


def test_what_only_follows_does_not_begin_with_then() -> None:
    base = sapphire_diamond()
    unplanned = tuple(replace(item, steps=()) if item.follows else item for item in base.candidates)
    rows = page(replace(base, candidates=unplanned), "shared").panel.rows
    assert rows[1].lays_down.startswith("Diamond, 1 January 2021")


def test_the_terms_of_a_deal_are_not_told_one_by_one() -> None:
    base = sapphire_diamond()
    chosen = base.candidates[1]
    terms = tuple(replace(chosen.steps[0], choice_label=f"{level} USD m") for level in (10, 20, 30))
    deal = replace(base, candidates=(base.candidates[0], replace(chosen, steps=terms), *base.candidates[2:]))
    assert page(deal, "shared").gives.text.startswith("Sapphire and Diamond agree on the terms of B on 1 July 2020.")

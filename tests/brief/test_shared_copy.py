"""What is confidential never reaches a shared copy: secrets are planted and searched for in the produced bytes."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pypdf
import pytest

from gamecore.advice.analysis import Analysis, Kind, Reason, Spread
from gamecore.brief import page, render
from gamecore.errors import InputError
from tests.brief import extremes
from tests.brief.cases import sapphire_diamond

FORMATS = ("pdf", "html", "md", "json", "png")
# What the internal copy prints and a shared one must not.
NUMBERS = (
    "51.8",
    "47.4",
    "42.2",
    "25.8",
    "18.1",
    "9.7",
    "43.0",
    "16.0",
    "59.0",
    "61.5",
    "73.2",
    "60.3",
    "+4.4",
    "66",
    "40 when Sapphire",
)


def searched(content: bytes, form: str) -> Iterator[str]:
    """Everything readable in a file: the raw bytes, and what is inside its streams."""
    yield content.decode("latin-1")
    if form != "pdf":
        return
    reader = pypdf.PdfReader(BytesIO(content))
    yield " ".join(one.extract_text() for one in reader.pages)
    for number in range(1, len(reader.xref[0]) + 200 if 0 in reader.xref else 2000):
        try:
            found = reader.get_object(number)
        except pypdf.errors.PdfReadError:
            continue
        if isinstance(found, pypdf.generic.StreamObject):
            yield found.get_data().decode("latin-1")
        elif found is not None:
            yield repr(found)


def shaken(analysis: Analysis, seed: int) -> Analysis:
    """The analysis with every number that a confidential value reaches changed."""
    chance = random.Random(seed)

    def other(value: float) -> float:
        return value * chance.uniform(0.5, 1.5) + chance.uniform(-5, 5)

    def spread(item: Spread) -> Spread:
        return Spread(other(item.base), other(item.mean), other(item.p10), other(item.p90))

    assert analysis.disagreement is not None
    candidates = tuple(
        replace(
            item,
            standings=tuple(
                replace(
                    one,
                    value=spread(one.value),
                    rank=chance.randint(1, 4),
                    mean_rank=chance.randint(1, 4),
                    acceptable=chance.random() < 0.5,
                    acceptable_chance=chance.random(),
                    gain=other(one.gain),
                    regret=other(one.regret),
                )
                for one in item.standings
            ),
            joint=spread(item.joint),
            self_enforcing=chance.random() < 0.5,
            acceptable_to=(),
            fairness=chance.random(),
            max_regret=chance.random(),
            follows=tuple(replace(one, chance=one.chance * 0.5) for one in item.follows),
        )
        for item in analysis.candidates
    )
    told = replace(
        analysis.recommendation,
        reasons=(Reason(Kind.TIE_BROKEN), Reason(Kind.COMPROMISE)),
        holds_if=(Reason(Kind.IF_PROPOSES, "diamond"),),
    )
    return replace(
        analysis,
        candidates=candidates,
        disagreement=replace(
            analysis.disagreement,
            values=tuple(spread(one) for one in analysis.disagreement.values),
            label="SECRET drift",
        ),
        walk_aways=tuple(replace(one, kind="security", value=spread(one.value)) for one in analysis.walk_aways),
        frequencies=tuple(
            replace(one, shares={key: chance.random() for key in one.shares}) for one in analysis.frequencies
        ),
        equilibria=(),
        compromises=(),
        frontier=(),
        naming_game=None,
        recommendation=told,
        options=tuple(replace(one, pros=(Reason(Kind.WORST_VALUE, "diamond"),), cons=()) for one in analysis.options),
        notes=(
            Reason(Kind.MEAN_RECOMMENDS, refers_to=("plan=hybrid",)),
            Reason(Kind.ESTIMATE_OF_OTHER_SIDE, "sapphire"),
        ),
        known=tuple(replace(one, outcomes=()) for one in analysis.known),
        tree=None,
    )


def reached(analysis: Analysis) -> Analysis:
    """The analysis in which a confidential input reaches the chances too."""
    return replace(
        analysis, known=tuple(replace(one, reaches=frozenset({"inputs.p_severe"})) for one in analysis.known)
    )


@pytest.mark.parametrize("form", FORMATS)
def test_the_shared_copy_stays_the_same_whatever_the_confidential_numbers_are(form: str) -> None:
    base = reached(sapphire_diamond())
    expected = render(base, form, copy="shared", date="2020-05-28")
    for seed in range(3):
        assert render(shaken(base, seed), form, copy="shared", date="2020-05-28") == expected


@pytest.mark.parametrize("form", ["pdf", "html", "md", "json"])
def test_no_number_of_a_company_is_on_the_shared_copy(form: str) -> None:
    base = reached(sapphire_diamond())
    # The draws, dates and SHA digits may hold such digits; they are taken out of the search.
    content = render(base, form, copy="shared")
    inside = render(base, form)
    for number in NUMBERS:
        pattern = re.compile(rf"(?<![\d.#]){re.escape(number)}(?![\d%.])(?!pt|mm|px|em)")
        if form == "pdf":
            text = " ".join(pypdf.PdfReader(BytesIO(content)).pages[0].extract_text().split())
            told = " ".join(pypdf.PdfReader(BytesIO(inside)).pages[0].extract_text().split())
        else:
            text = re.sub(r"(?s)<style>.*?</style>", "", content.decode())
            told = re.sub(r"(?s)<style>.*?</style>", "", inside.decode())
        assert not pattern.search(text), number
        if number != "66":
            assert pattern.search(told), number


@pytest.mark.parametrize("form", ["pdf", "html", "md", "json"])
def test_confidential_parts_are_left_out_of_every_byte(form: str) -> None:
    analysis = extremes.confidential_parts()
    assert any("SECRET" in text for text in searched(render(analysis, form), form))
    content = render(analysis, form, copy="shared")
    assert not any("SECRET" in text for text in searched(content, form))
    assert not any("left out" in text for text in searched(content, form))


def test_what_is_left_out_leaves_no_gap_in_the_letters() -> None:
    made = page(extremes.confidential_parts(), "shared")
    assert [row.letter for row in made.panel.rows] == ["A", "B"]
    assert made.recommendation.text == "We recommend B: Wait six months, then Diamond decides."
    assert made.notes


def test_a_chance_that_a_secret_reaches_is_left_out_of_the_trigger() -> None:
    assert "If severe (28 of 100), Diamond" in page(sapphire_diamond(), "shared").known.text
    assert "If severe, Diamond" in page(reached(sapphire_diamond()), "shared").known.text


def test_a_confidential_recommendation_has_no_shared_copy() -> None:
    base = sapphire_diamond()
    secret = tuple(replace(item, confidential=item.key == "plan=wait") for item in base.candidates)
    with pytest.raises(InputError, match="a shared copy is not possible: the recommended plan is confidential"):
        render(replace(base, candidates=secret), "pdf", copy="shared")


def test_released_values_are_shown_without_what_saying_no_is_worth() -> None:
    made = page(extremes.released(), "shared")
    assert made.panel.floor is None
    assert all(column.line is None for column in made.panel.columns)
    assert [cell.text for cell in made.panel.rows[1].cells] == ["47.4", "25.8", "73.2"]
    assert made.recommendation.numbers == ""
    assert made.strips == ()
    assert "43.0" not in "".join(text for _, text in made.texts())


def test_a_released_value_that_a_secret_reaches_stays_away_with_its_ranks_and_its_sum() -> None:
    made = page(extremes.released(reached=True), "shared")
    assert [cell.text for cell in made.panel.rows[0].cells] == ["", "9.7", ""]
    assert [cell.rank for row in made.panel.rows for cell in row.cells[:1]] == ["", "", ""]
    assert made.panel.rows[1].cells[1].rank == "1st"
    other = extremes.released(reached=True)
    start = other.candidate("plan=start")
    hidden = replace(start.standings[0], value=Spread(500.0, 500.0, -900.0, 900.0))
    louder = replace(
        other,
        candidates=tuple(
            replace(item, standings=(hidden, item.standings[1])) if item is start else item for item in other.candidates
        ),
    )
    assert page(louder, "shared") == made


def test_one_company_s_release_is_not_enough() -> None:
    base = replace(sapphire_diamond(), released=frozenset({"diamond"}))
    assert page(base, "shared").panel.ticks == ()


def test_the_full_digest_stays_inside() -> None:
    assert len(page(sapphire_diamond(), "shared").provenance.sha) == 8
    assert b"0" * 56 not in render(sapphire_diamond(), "json", copy="shared")

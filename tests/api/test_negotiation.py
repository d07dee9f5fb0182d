"""The format of a brief is the one the `Accept` header prefers."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.negotiation import choose
from api.routes.briefs import FORMATS

from .conftest import YAML

OFFERS = tuple(FORMATS)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "application/pdf"),
        ("", "application/pdf"),
        ("*/*", "application/pdf"),
        ("text/html", "text/html"),
        ("TEXT/HTML", "text/html"),
        ("text/*", "text/html"),
        ("text/*, text/html;q=0.1", "text/markdown"),
        ("text/markdown;q=0.5, image/png;q=0.7", "image/png"),
        ("application/*;q=0.2, application/pdf;q=0", "application/json"),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, image/webp, */*;q=0.8", "text/html"),
        ("application/json;charset=utf-8", "application/json"),
        ("text/html;q=0.0001", "text/html"),
        ("*/*;q=0.1, image/png", "image/png"),
        ("nonsense, text/html", "text/html"),
        ("text/csv", None),
        ("*/*;q=0", None),
        ("*/html", None),
        ("text/html;q=2", None),
        ("text/html;q=nan", None),
        ("text/html;q=", None),
    ],
)
def test_the_best_quality_wins_and_the_most_specific_range_decides(accept: str | None, expected: str | None) -> None:
    assert choose(accept, OFFERS) == expected


@given(st.text(alphabet=st.sampled_from("ahtmlexpdf/*;q=.,019 \t-"), max_size=80))
def test_any_header_gives_an_offer_or_none(accept: str) -> None:
    assert choose(accept, OFFERS) in {*OFFERS, None}


@pytest.mark.parametrize(("media_type", "name"), FORMATS.items())
def test_a_brief_comes_in_the_format_asked_for(rehearsal: TestClient, media_type: str, name: str) -> None:
    response = rehearsal.post("/v1/briefs", content=b"echo", headers={**YAML, "Accept": media_type})
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == media_type
    assert response.headers["vary"] == "Accept"
    assert response.headers["content-disposition"] == f'inline; filename="brief.{name}"'
    assert response.json()["options"]["format"] == name


def test_wishes_for_the_page_reach_the_worker(rehearsal: TestClient) -> None:
    query: dict[str, str | list[str]] = {
        "copy": "shared",
        "paper": "letter",
        "date": "2020-06-01",
        "seed": "7",
        "draws": "500",
        "lever": ["b", "a"],
    }
    response = rehearsal.post("/v1/briefs", content=b"echo", headers=YAML, params=query)
    assert response.json()["options"] == {
        "copy": "shared",
        "paper": "letter",
        "date": "2020-06-01",
        "seed": 7,
        "draws": 500,
        "levers": ["b", "a"],
        "limits": {},
        "sampling": "latin-hypercube",
        "format": "pdf",
    }


def test_a_format_that_cannot_be_made_is_refused(rehearsal: TestClient) -> None:
    response = rehearsal.post("/v1/briefs", content=b"echo", headers={**YAML, "Accept": "text/csv"})
    assert response.status_code == 406
    assert "application/pdf" in response.json()["detail"]

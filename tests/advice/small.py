"""Small scenarios written in the tests: a head that is always the same, and the four questions of each case."""

from __future__ import annotations

from textwrap import dedent

from gamecore.advice.analysis import Analysis, Kind
from gamecore.model import Scenario
from gamecore.pipeline import Settings, analyse
from gamecore.scenario import read_scenario

HEAD = "gamecore: 1\ntitle: A small case\nquestion: What do we do?\nunit: USD m\n"
TWO = "players: {ann: {name: Ann}, ben: {name: Ben}}\n"


def whole(text: str) -> str:
    """A file from its four questions; Ann and Ben play, and Ann is advised, unless the text says otherwise."""
    body = dedent(text)
    return HEAD + ("" if "players:" in body else TWO) + ("" if "advise:" in body else "advise: ann\n") + body


def read(text: str) -> Scenario:
    return read_scenario(whole(text))


def advised(text: str, *, draws: int = 200) -> Analysis:
    """The analysis of a small scenario."""
    return analyse(read(text), Settings(draws=draws))


def values(found: Analysis) -> dict[str, tuple[float, ...]]:
    """Base values of each candidate, in the order of the players."""
    return {item.key: tuple(standing.value.base for standing in item.standings) for item in found.candidates}


def options(found: Analysis) -> list[tuple[str, str]]:
    """(role, candidate) of A, B and C."""
    return [(option.role.value, option.candidate) for option in found.options]


def holding(found: Analysis) -> dict[str, tuple[str, ...]]:
    """Where each candidate is an outcome; those that are nowhere are left out."""
    return {item.key: item.self_enforcing_under for item in found.candidates if item.self_enforcing_under}


def accepted(found: Analysis) -> dict[str, tuple[str, ...]]:
    return {item.key: item.acceptable_to for item in found.candidates}


def noted(found: Analysis) -> set[Kind]:
    return {note.kind for note in found.notes}


def why(found: Analysis) -> list[Kind]:
    return [reason.kind for reason in found.recommendation.reasons]


def shares(found: Analysis) -> list[dict[str, float]]:
    """What happens in how many draws, per protocol; what never happens is left out."""
    return [{key: share for key, share in item.shares.items() if share} for item in found.frequencies]

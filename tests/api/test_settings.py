"""The service's limits come from the environment, each under the name its error gives."""

from __future__ import annotations

import pytest

from api.settings import Settings
from gamecore.errors import InputError


def test_nothing_set_gives_the_defaults() -> None:
    assert Settings.from_environment({"PATH": "x"}) == Settings()


def test_every_limit_can_be_set() -> None:
    given = {
        "GAMECORE_MAX_BODY_BYTES": "5000",
        "GAMECORE_MAX_DRAWS": "2000",
        "GAMECORE_SOLVE_SECONDS": "2.5",
        "GAMECORE_SOLVES_AT_ONCE": "3",
        "GAMECORE_MAX_WAITING": "0",
        "GAMECORE_MAX_NODES": "500",
    }
    assert Settings.from_environment(given) == Settings(5000, 2000, 2.5, 3, 0, {"nodes": 500})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GAMECORE_MAX_BODY_BYTES", "1 MB"),
        ("GAMECORE_MAX_BODY_BYTES", "0"),
        ("GAMECORE_MAX_BODY_BYTES", "2.5"),
        ("GAMECORE_SOLVE_SECONDS", "0"),
        ("GAMECORE_SOLVE_SECONDS", "-1"),
        ("GAMECORE_SOLVE_SECONDS", "inf"),
        ("GAMECORE_SOLVE_SECONDS", "nan"),
        ("GAMECORE_SOLVES_AT_ONCE", "0"),
        ("GAMECORE_MAX_WAITING", "-1"),
        ("GAMECORE_MAX_DRAWS", ""),
    ],
)
def test_a_wrong_limit_is_told_by_its_variable(variable: str, value: str) -> None:
    with pytest.raises(InputError, match=variable):
        Settings.from_environment({variable: value})

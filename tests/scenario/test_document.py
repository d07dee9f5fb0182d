"""The JSON Schema: fresh, valid, and in agreement with the reader on the worked files."""

import json
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

import gamecore.scenario
from gamecore.scenario import json_schema
from tests.scenario.conftest import FILES, GOOD


def loaded(path) -> Any:  # type: ignore[no-untyped-def]
    """The file as an editor's YAML reader sees it: dates are texts."""
    return json.loads(json.dumps(YAML(typ="safe").load(path.read_text()), default=str))


def test_the_stored_schema_is_fresh() -> None:
    from pathlib import Path

    stored = Path(gamecore.scenario.__file__).with_name("schema.json").read_text()
    assert json.loads(stored) == json_schema(), "write it again: see docs/scenario-format.md"


def test_the_schema_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", [*GOOD, FILES / "phase2.yaml"], ids=lambda path: path.stem)
def test_worked_files_fit_the_schema(path) -> None:  # type: ignore[no-untyped-def]
    jsonschema.Draft202012Validator(json_schema()).validate(loaded(path))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("title",), None),
        (("titel",), "T"),
        (("decisions", "plan", "payments"), "perhaps"),
        (("decisions", "plan", "needs"), {"votes": 0}),
        (("players", "diamond", "confidential"), "maybe"),
        (("programme",), {}),
        (("payoffs", "trial", "rows"), []),
    ],
)
def test_mistakes_of_shape_do_not_fit(path: tuple[str, ...], value: object) -> None:
    data = loaded(FILES / "phase2.yaml")
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    assert not jsonschema.Draft202012Validator(json_schema()).is_valid(data)

"""What the OpenAPI document shows: a small real scenario, which a new worker also warms up with, and a small game."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

__all__ = ["NFG", "YAML", "as_json"]

YAML: Final = (Path(__file__).parent / "launch.yaml").read_bytes()
NFG: Final = (
    'NFG 1 R "Standards" { "Diamond" "Sapphire" } { { "ours" "theirs" } { "ours" "theirs" } } 3 2 0 0 0 0 2 3\n'
)


def as_json() -> Any:
    """The same scenario as plain data: names, texts and whole numbers, so nothing is lost; dates as texts."""
    from ruamel import yaml

    return json.loads(json.dumps(yaml.YAML(typ="safe", pure=True).load(YAML), default=str))

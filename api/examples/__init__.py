"""A small real scenario: shown in the OpenAPI document, and what a new worker warms up with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

__all__ = ["YAML", "as_json"]

YAML: Final = (Path(__file__).parent / "launch.yaml").read_bytes()


def as_json() -> Any:
    """The same scenario as plain data: names, texts and whole numbers, so nothing is lost; dates as texts."""
    from ruamel import yaml

    return json.loads(json.dumps(yaml.YAML(typ="safe", pure=True).load(YAML), default=str))

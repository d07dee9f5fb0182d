"""What only the whole file can show."""

from __future__ import annotations

from gamecore.model import Scenario
from gamecore.scenario.reader import Reader


def check(reader: Reader, scenario: Scenario) -> None:
    """Tell the faults of the whole."""

"""The situations under `scenarios/`: every file, and those that are games with an order of moves."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gamecore.scenario import read_scenario

FOLDER: Final = Path(__file__).parents[1] / "scenarios"
EVERY: Final = sorted(FOLDER.glob("*.yaml"))
WITH_ORDER: Final = [path for path in EVERY if not read_scenario(path.read_bytes()).timing.anytime]

"""The reference names every key, and its example is a scenario."""

import re
from pathlib import Path

from gamecore.scenario import read_scenario
from gamecore.scenario.document import BLOCKS

TEXT = (Path(__file__).parents[2] / "docs" / "scenario-format.md").read_text()


def test_every_key_is_on_the_page() -> None:
    missing = [f"{block}.{key}" for block, keys in BLOCKS.items() for key in keys if not re.search(rf"\b{key}\b", TEXT)]
    assert missing == []


def test_the_example_is_read_and_so_are_its_levers() -> None:
    whole, _, programme, deal, levers = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    scenario = read_scenario(whole + levers)
    assert set(scenario.levers) == {"earlier", "fee", "announce"}
    valued = whole.replace("payoffs:  ", "payoffs:\n  drug: {all: enpv}\n#")
    scenario = read_scenario(valued + programme + deal + levers)
    assert scenario.programme is not None
    assert scenario.programme.sources[("phases", "phase_3")].startswith("BIO, Informa")

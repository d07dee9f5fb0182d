"""The reference names every key, and its example is a scenario."""

import re
from pathlib import Path

from gamecore.scenario import read_scenario
from gamecore.scenario.document import BLOCKS

TEXT = (Path(__file__).parents[2] / "docs" / "scenario-format.md").read_text()


def test_every_key_is_on_the_page() -> None:
    missing = [f"{block}.{key}" for block, keys in BLOCKS.items() for key in keys if not re.search(rf"\b{key}\b", TEXT)]
    assert missing == []


def test_the_example_of_votes_and_signatures_is_read() -> None:
    example = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)[1]
    indented = "".join(f"  {line}\n" for line in example.splitlines())
    players = "players: {diamond: {name: D}, sapphire: {name: S}, cobalt: {name: C}}\n"
    head = f"gamecore: 1\ntitle: T\nquestion: Q\nadvise: diamond\n{players}decisions:\n{indented}"
    rest = "baseline: {alliance: own_plant}\ntiming: {alliance: 0}\npayoffs: {worth: {all: 1}}\n"
    alliance = read_scenario(head + rest).decisions["alliance"]
    assert alliance.needs is not None
    assert (alliance.needs.votes, alliance.needs.veto) == (2, ("diamond",))
    assert alliance.signers("own_plant") == ("diamond", "sapphire")


def test_the_example_of_a_conflict_is_read() -> None:
    scenario = read_scenario(re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)[-1])
    assert scenario.is_conflict
    assert set(scenario.rankings) == {"biotech", "pharma"}


def test_the_example_is_read_and_so_are_its_levers() -> None:
    whole, _, _, programme, deal, levers, _ = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    scenario = read_scenario(whole + levers)
    assert set(scenario.levers) == {"earlier", "fee", "announce"}
    valued = whole.replace("payoffs:  ", "payoffs:\n  drug: {all: enpv}\n#")
    scenario = read_scenario(valued + programme + deal + levers)
    assert scenario.programme is not None
    assert scenario.programme.sources[("phases", "phase_3")].startswith("BIO, Informa")

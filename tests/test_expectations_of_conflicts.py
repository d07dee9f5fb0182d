"""What a file expects of a conflict: stable and not stable under each concept, what is recommended, with a lever."""

from __future__ import annotations

from pathlib import Path

import pytest

from gamecore.expectations import MET, MISSED, Outcome, check_expectations
from gamecore.scenario import read_scenario

TEXT = (Path(__file__).parents[1] / "scenarios" / "data-package-dispute.yaml").read_text()
DEADLOCK = "{data: hold, milestone: withhold, filing: close}"
TODAY = "{data: hold, milestone: withhold, filing: wait}"


def checked(entry: str) -> Outcome:
    head = TEXT[: TEXT.index("expect:")]
    return check_expectations(read_scenario(f"{head}expect:\n  - {entry}\n"))[0]


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        (f"{{stable: {DEADLOCK}, under: nash}}", MET),
        (f"{{stable: {DEADLOCK}}}", MET),  # Nash if nothing is said
        (f"{{stable: {DEADLOCK}, under: simultaneous}}", MET),
        (f"{{not_stable: {DEADLOCK}, under: coalition_nash}}", MET),
        (f"{{stable: {DEADLOCK}, under: coalition_nash}}", MISSED),
        (f"{{stable: {TODAY}, under: symmetric}}", MET),
        (f"{{stable: {TODAY}, under: sequential}}", MISSED),
        (f"{{not_stable: {TODAY}, under: seq}}", MET),
        ("{stable: {data: share}, under: nash}", MET),  # all three states with the data handed over
        ("{stable: {data: hold}, under: nash}", MISSED),  # not all of them
        ("{not_stable: {data: hold}, under: nash}", MISSED),
        ("{recommended: {data: share, milestone: pay}}", MET),
        ("{recommended: {data: hold}}", MISSED),
        ("{recommended: {data: share, milestone: pay}, lever: escrow}", MET),
        (f"{{stable: {TODAY}, lever: escrow}}", MISSED),  # no such state any more
        ("{value: {data: share}, sapphire: 3}", MISSED),
    ],
)
def test_an_entry_is_met_or_missed(entry: str, status: str) -> None:
    assert checked(entry).status == status


def test_what_was_found_is_told() -> None:
    assert "data: hold, milestone: withhold, filing: wait is not" in checked(f"{{stable: {TODAY}}}").text
    assert checked(f"{{stable: {TODAY}, lever: escrow}}").text == "no state is so"
    assert "a conflict has no 'value'" in checked("{value: {data: share}, sapphire: 3}").text


def test_a_game_with_dates_has_no_stable_states() -> None:
    launch = (Path(__file__).parents[1] / "scenarios" / "launch-timing.yaml").read_text()
    name = next(iter(read_scenario(launch).decisions))
    option = read_scenario(launch).decisions[name].options[0].name
    head = launch[: launch.index("expect:")] if "expect:" in launch else launch
    found = check_expectations(read_scenario(f"{head}expect:\n  - {{stable: {{{name}: {option}}}}}\n"))[0]
    assert found.status == MISSED
    assert "anytime: yes" in found.text

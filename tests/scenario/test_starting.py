"""First files read without fault, whatever people call things."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.errors import InputError
from gamecore.scenario import Answers, new_scenario, read_scenario
from gamecore.scenario.tree import without_unfit


def test_a_joint_decision() -> None:
    answers = Answers(
        title="Supply: who pays?",
        players=("Diamond", "Sapphire, Inc."),
        options=(("Share costs", "no", "Wait, then decide"),),
        values=(("1", "2 .. 3 .. 4"), ("5", "6"), ("7", "8"), ("0", "0")),
        advise=1,
        count_from="2027-01-01",
        dates=("2027-02-01",),
    )
    text = new_scenario(answers)
    scenario = read_scenario(text)
    assert scenario.title == "Supply: who pays?"
    assert scenario.advise == "sapphire_inc"
    assert [option.label for option in scenario.decisions["plan"].options] == ["Share costs", "no", "Wait, then decide"]
    assert "# ---- 4. What are the payoffs?" in text


def test_separate_decisions_have_a_row_for_every_combination() -> None:
    answers = Answers(
        "Entry", ("A", "B"), (("In", "Out"), ("In", "Out", "Later")), joint=False, dates=("0", "2 months")
    )
    scenario = read_scenario(new_scenario(answers))
    assert list(scenario.decisions) == ["a_move", "b_move"]
    assert len(scenario.payoffs["value"].rows) == len(answers.outcomes) == 6


@pytest.mark.parametrize(
    "answers",
    [
        Answers("T", ("A",), (("X",),)),
        Answers("T", ("A", "B"), ((),)),
        Answers("T", ("A", "B"), (("X",),), joint=False),
        Answers("T", ("A", "B"), (("X",),), values=(("1",),)),
        Answers("T", ("A", "B"), (("X",),), values=(("1 m", "2"), ("3", "4"))),
        Answers("T", ("A", "B"), (("X",),), dates=("6",)),
        Answers("", ("A", "B"), (("X",),)),
        Answers("T", ("A", "B"), (("X",),), advise=2),
    ],
)
def test_missing_or_wrong_answers_are_told(answers: Answers) -> None:
    with pytest.raises(InputError):
        new_scenario(answers)


labels = st.text(min_size=1, max_size=30).filter(lambda text: without_unfit(text).strip())


@given(labels, st.lists(labels, min_size=2, max_size=3), st.lists(labels, min_size=1, max_size=3), st.booleans())
@settings(max_examples=60, deadline=None)
def test_texts_come_back_as_they_were_written(title: str, players: list[str], options: list[str], joint: bool) -> None:
    sets = (tuple(options),) if joint else tuple(tuple(options) for _ in players)
    scenario = read_scenario(new_scenario(Answers(title, tuple(players), sets, joint=joint)))
    assert scenario.title == fit(title)
    assert [player.label for player in scenario.players.values()] == [fit(name) for name in players]


def fit(text: str) -> str:
    return " ".join(without_unfit(text).split())


def test_a_first_file_has_no_context_that_could_reach_the_page() -> None:
    text = new_scenario(Answers("T", ("A", "B"), (("X",),)))
    assert read_scenario(text).context == ()
    used = text.replace("# context:", "context:").replace("#   - ...", "  - Prices rose.")
    assert read_scenario(used).context == ("Prices rose.",)

"""`gamecore information` and `gamecore waiting`: tables, documents, figures, and how wrong questions end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from gamecore.cli import endings

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "scenarios" / "phase2-covid.yaml"
FEW = ("--draws", "400")


@pytest.fixture
def gamecore(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command in this process: exit code, standard output, standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = endings.run(list(arguments))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def test_information_names_who_proposes_and_whom_knowing_can_cost(gamecore: Any) -> None:
    code, out, _ = gamecore("information", str(MODEL), "--about", "p2", "--about", "news", *FEW)
    assert code == 0
    assert "What knowing is worth: Diamond proposes" in out
    assert "What knowing is worth: Sapphire proposes" in out
    assert "Knowing can cost Diamond" in out
    assert "Phase II success" in out


def test_information_as_a_document_has_every_player_protocol_and_topic(gamecore: Any) -> None:
    code, out, _ = gamecore("information", str(MODEL), "--json", "--accuracy", "80%", "--about", "p2", *FEW)
    document = json.loads(out)
    assert code == 0
    assert set(document["expected"]) == {"diamond proposes", "sapphire proposes"} == set(document["protocols"])
    perfect, signal = document["quantities"]
    assert (perfect["about"], perfect["accuracy"], signal["accuracy"]) == ("p2", None, 0.8)
    for player in ("diamond", "sapphire"):
        assert 0 <= signal["alone"][player] <= perfect["alone"][player] <= document["everything"][0]["alone"][player]
    assert document["scenario"]["sha256"]
    assert (document["seed"], document["draws"]) == (1, 400)


def test_events_can_be_told_to_one_player(gamecore: Any) -> None:
    code, out, _ = gamecore("information", str(ROOT / "scenarios/supply-price.yaml"), "--seen-by", "ruby", *FEW)
    assert code == 0
    assert "Known to Ruby only before the first decision" in out


def test_waiting_tells_the_parts_and_where_it_turns(gamecore: Any) -> None:
    code, out, _ = gamecore("waiting", str(MODEL), *FEW)
    assert code == 0
    rows = {line.strip().split("  ")[0]: line for line in out.splitlines() if line.strip()}
    assert "−6.9" in rows["Starting later"]
    assert "+22.3" in rows["Better or worse conditions then"]
    assert "+16.1" in rows["What waiting is worth"]
    assert "Where it turns" in out
    assert "Without news Diamond would then go for: Run the full trial." in out


def test_waiting_as_a_document_adds_up(gamecore: Any) -> None:
    code, out, _ = gamecore("waiting", str(MODEL), "--json", *FEW)
    (way,) = json.loads(out)["ways"]
    (under,) = way["under"]
    assert code == 0
    assert (way["now"], way["wait"], way["same"], way["years"]) == ("start", "wait", "full", 0.5)
    for player in ("diamond", "sapphire"):
        parts = sum(part["values"][player] for part in under["parts"])
        assert parts == pytest.approx(under["total"][player], abs=1e-9)
        values = under["values"]
        assert parts == pytest.approx(values["wait"][player] - values["now"][player], abs=1e-9)
    assert {item["kind"] for item in under["break_even"]} >= {"holding", "chance"}


@pytest.mark.parametrize("command", ["information", "waiting"])
def test_figures_are_drawn_the_same_each_time(command: str, gamecore: Any, tmp_path: Path) -> None:
    one, other, picture = (tmp_path / name for name in ("one.svg", "other.svg", "one.png"))
    for path in (one, other, picture):
        code, _, err = gamecore(command, str(MODEL), "-o", str(path), *FEW)
        assert code == 0
        assert f"wrote {path}" in err
    assert one.read_bytes() == other.read_bytes()
    assert picture.read_bytes().startswith(b"\x89PNG")
    texts = [item.text for item in ET.fromstring(one.read_text()).iter("{http://www.w3.org/2000/svg}text")]
    assert "Diamond" in texts
    assert "Sapphire" in texts
    assert any(text and "seed 1" in text for text in texts)


def test_a_lever_is_pulled_before_weighing(gamecore: Any) -> None:
    _, out, _ = gamecore("waiting", str(MODEL), "--json", "--lever", "decide_earlier", *FEW)
    document = json.loads(out)
    assert document["ways"][0]["years"] == 0.25
    assert document["scenario"]["changes"] == ["decide_earlier"]
    assert document["ways"][0]["under"][0]["values"]["wait"] == pytest.approx(
        {"sapphire": 51.088, "diamond": 29.222}, abs=0.01
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("information", str(MODEL), "--accuracy", "much"), "--accuracy much: write a chance such as 80% or 0.8"),
        (("information", str(MODEL), "--accuracy", "180%"), "--accuracy 180%: a chance is at most 100%"),
        (("information", str(MODEL), "--about", "moon"), "there is nothing called 'moon' to know about"),
        (("information", str(MODEL), "--about", "newz"), "did you mean 'news'?"),
        (("information", str(MODEL), "--about", "discount_rat"), "did you mean 'discount_rate'?"),
        (("waiting", str(MODEL), "--now", "strat"), "there is no option 'strat'; did you mean 'start'?"),
        (("information", str(MODEL), "--about", "pandemic", "--seen-by", "moon"), "there is no player 'moon'"),
        (("information", str(MODEL), "--about", "news", "--seen-by", "diamnd"), "did you mean 'diamond'?"),
        (("information", str(MODEL), "-o", "figure.gif"), "the ending says the format; use one of .svg, .png, .pdf"),
        (("waiting", str(MODEL), "--wait", "moon"), "'moon' is no way to wait; there is plan=wait"),
        (("waiting", str(ROOT / "scenarios/payer.yaml")), "nobody can wait here"),
        (("waiting", str(ROOT / "scenarios/jsc-deadlock.yaml")), "which option means waiting is not plain"),
    ],
)
def test_a_wrong_question_ends_with_what_can_be_asked(arguments: tuple[str, ...], told: str, gamecore: Any) -> None:
    code, out, err = gamecore(*arguments)
    assert code == 2
    assert not out
    assert told in err


def test_a_number_has_one_name_in_every_command(gamecore: Any) -> None:
    _, told, _ = gamecore("tornado", str(MODEL), "--json", *FEW)
    _, learnt, _ = gamecore("information", str(MODEL), "--json", *FEW)
    names = {bar["quantity"]["key"]: bar["quantity"]["label"] for bar in json.loads(told)["tornado"]["bars"]}
    for item in json.loads(learnt)["quantities"]:
        (key,) = item["members"]
        assert item["label"] == names[key]
    assert {"Peak sales, world", "Phase II budget", "Diamond's discount rate"} <= set(names.values())


def test_a_close_call_is_told_beside_what_hangs_on_it(gamecore: Any) -> None:
    """If Sapphire proposes, a third of a million to her decides between the hybrid trial and waiting, which is worth 12
    more to Diamond; so nearly any number that is learnt seems to be worth much to Diamond.
    """
    many = ("--about", "accuracy", "--draws", "10000")
    _, out, _ = gamecore("information", str(MODEL), *many)
    told = " ".join(out.replace("\N{NO-BREAK SPACE}", " ").split())
    assert "Sapphire proposes: what is expected is a close call. USD 0.342 m more or less to Sapphire" in told
    assert "Diamond proposes: what is expected is a close call" not in told
    _, out, _ = gamecore("information", str(MODEL), "--json", *many)
    document = json.loads(out)
    assert document["close_calls"]["diamond proposes"] is None
    call = document["close_calls"]["sapphire proposes"]
    assert call["player"] == "sapphire"
    assert call["by"] == pytest.approx(0.342, abs=0.001)
    assert call["expected_instead"] == pytest.approx({"diamond": 32.071, "sapphire": 42.038}, abs=0.001)


def test_an_option_that_only_leaves_something_for_later_is_told_to_be_taken_for_waiting(gamecore: Any) -> None:
    _, out, _ = gamecore("waiting", str(ROOT / "scenarios/launch-timing.yaml"), *FEW)
    assert "'Launch in May' is read as waiting because it leaves 'co_promotion' for later" in " ".join(out.split())


def test_nothing_to_learn_in_time_is_said_without_calling_all_certain(gamecore: Any) -> None:
    _, out, _ = gamecore("information", str(ROOT / "scenarios/jsc-deadlock.yaml"), *FEW)
    assert "Nothing in this scenario could be learnt before the first decision." in out
    assert "rests on 'escalate'" in out


def test_text_of_the_file_is_no_markup(gamecore: Any, tmp_path: Path) -> None:
    text = MODEL.read_text().replace("label: Phase II success", 'label: "[bold]Phase <b>II</b> success[/bold]"')
    file, figure = tmp_path / "marked.yaml", tmp_path / "marked.svg"
    file.write_text(text)
    code, out, _ = gamecore("information", str(file), "--about", "p2", "-o", str(figure), *FEW)
    assert code == 0
    assert "[bold]Phase <b>II</b>" in out
    assert "&lt;b&gt;II&lt;/b&gt;" in figure.read_text()

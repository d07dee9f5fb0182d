"""`gamecore solve` and `gamecore convert`: every kind of file, limits, faults with their places, how they end."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import gamecore as package
from gamecore.cli import endings, solving
from gamecore.equilibria.protocols import in_order
from gamecore.errors import InputError, RefusedError
from gamecore.scenario import read_scenario
from gamecore.solving.converting import converted
from tests.test_solving import DOCUMENT, DUPLICATE, ENTRY, FORGETS, POKER
from tests.worked import WITH_ORDER

jsonschema = pytest.importorskip("jsonschema")

ROOT = Path(__file__).resolve().parent.parent
PHASE2 = ROOT / "scenarios" / "phase2-covid-by-state.yaml"
COMMAND = [sys.executable, "-c", "from gamecore.cli import main; main()"]


@pytest.fixture
def gamecore(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command in this process: its exit code, what it printed, what it told."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = endings.run(list(arguments))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def written(tmp_path: Path) -> Any:
    """Write a file and give its name."""

    def write(name: str, text: str) -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


# ---- documents -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "options"),
    [
        ("twice.nfg", DUPLICATE, ()),
        ("entry.efg", ENTRY, ()),
        ("entry.efg", ENTRY, ("--form", "strategic")),
        ("poker.efg", POKER, ("--explain", "--second-opinion")),
    ],
)
def test_the_document_says_what_the_python_surface_says(
    gamecore: Any, written: Any, name: str, text: str, options: tuple[str, ...]
) -> None:
    code, out, err = gamecore("solve", written(name, text), "--json", *options)
    assert (code, err) == (0, "")
    document = json.loads(out)
    jsonschema.Draft202012Validator(DOCUMENT).validate(document)
    answer = package.solve(
        package.read_game(text),
        form="strategic" if "strategic" in options else "auto",
        explain="--explain" in options,
        second_opinion="--second-opinion" in options,
    )
    assert document == answer.document()
    assert gamecore("solve", written(name, text), "--json", *options)[1] == out


def test_a_scenario_is_solved_with_its_levers(gamecore: Any) -> None:
    plain = json.loads(gamecore("solve", str(PHASE2), "--json")[1])
    pulled = json.loads(gamecore("solve", str(PHASE2), "--json", "--lever", "contract_binds")[1])
    jsonschema.Draft202012Validator(DOCUMENT).validate(plain)
    assert plain["sha256"] == pulled["sha256"]
    assert plain["equilibria"] != pulled["equilibria"]


@pytest.mark.parametrize(("text", "kind"), [(DUPLICATE, "nfg"), (ENTRY, "efg"), (ENTRY, None)])
def test_standard_input_is_read(text: str, kind: str | None) -> None:
    told = [] if kind is None else ["--type", kind]
    done = subprocess.run(
        [*COMMAND, "solve", "-", "--json", *told], input=text.encode(), capture_output=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout) == package.solve(package.read_game(text)).document()


def test_people_are_told_equilibria_proofs_and_why_nobody_moves(gamecore: Any, written: Any) -> None:
    code, out, _ = gamecore("solve", written("entry.efg", ENTRY), "--explain", "--second-opinion")
    assert code == 0
    for text in (
        "3 equilibria, complete",
        "threat nobody would carry out",
        "would move first",
        "nashpy, vertex",
        "share",
    ):
        assert text in out, text
    code, out, _ = gamecore("solve", written("twice.nfg", DUPLICATE))
    assert code == 0
    assert "Joined by further equilibria" in out


# ---- faults, refusals, limits ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("wrong.nfg", 'NFG 1 R "x" { "a" "b" } { 2 2 }\n1 1 2 two 3 3 4 4', ":2:7: "),
        ("wrong.efg", 'EFG 2 R "x" { "a" } ""\np "" 1 1 "" { "l" "r" } 0\nt "" 1 "" { 1 2 }\nt "" 0', ":3:"),
        ("empty.nfg", "", ":1:1: "),
        ("wrong.yaml", "gamecore: 1\ntitel: x\n", ":2:1: "),
        ("saved.gbt", "<gambit:document/>", ": a .gbt is not read here; save the game as .nfg or .efg"),
        ("short.nfg", 'NFG 1 R "x" { "a" "b" } { 2 2 }\n1 1 2 2 3 3', ":2:12: 8 payoffs are needed"),
        ("comma.nfg", 'NFG 1 R "x" { "a" "b" } { 2 2 }\n1, 1 2 2 3 3 4 4', ":2:2: leave out the commas"),
        ("nan.nfg", 'NFG 1 R "x" { "a" "b" } { 2 2 }\n1 1 nan 2 3 3 4 4', ":2:5: payoff 3 must be a number"),
        ("huge.nfg", 'NFG 1 R "x" { "a" "b" } { 1000000 1000000 }\n1', ":1:27: player 1 is given 1000000"),
        (
            "chance.efg",
            'EFG 2 R "x" { "a" } ""\nc "" 1 "" { "l" 1/3 "r" 0.67 } 0\nt "" 0\nt "" 0',
            ":2:8: the chances of information set 1",
        ),
    ],
)
def test_faults_are_told_with_line_and_column(gamecore: Any, written: Any, name: str, text: str, place: str) -> None:
    file = written(name, text)
    code, out, err = gamecore("solve", file, "--json")
    assert (code, out) == (2, "")
    assert f"{file}{place}" in err


def test_a_refusal_is_a_document_too(gamecore: Any, written: Any) -> None:
    file = written("forgets.efg", FORGETS)
    code, out, err = gamecore("solve", file, "--json")
    assert code == 3
    document = json.loads(out)
    jsonschema.Draft202012Validator(DOCUMENT).validate(document)
    assert (document["status"], document["players"]) == ("refused", ["driver"])
    assert err.startswith("refused: ")
    assert "driver" in err
    assert gamecore("solve", file)[:2] == (3, "")


@pytest.mark.parametrize(
    "options",
    [
        ("--limit", "soon"),
        ("--limit", "0s"),
        ("--type", "xml"),
        ("--form", "tree"),
        ("--lever", "x"),
    ],
)
def test_a_wrong_option_is_told(gamecore: Any, written: Any, options: tuple[str, ...]) -> None:
    code, out, err = gamecore("solve", written("twice.nfg", DUPLICATE), "--json", *options)
    assert (code, out) == (2, "")
    assert err


@pytest.mark.parametrize(("text", "value"), [("30s", 30), ("30", 30), ("500ms", 0.5), ("2m", 120), ("1.5s", 1.5)])
def test_limits_are_written_as_people_write_them(text: str, value: float) -> None:
    assert solving.seconds(text) == value


@pytest.mark.parametrize("text", ["", "s", "-1s", "1h", "1e9s", "inf", "0"])
def test_other_limits_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        solving.seconds(text)


@pytest.mark.parametrize(
    ("file", "data", "kind"),
    [
        ("a.nfg", b"", "nfg"),
        ("a.EFG", b"", "efg"),
        ("a.yml", b"NFG", "yaml"),
        ("a", b"\xef\xbb\xbf NFG 1", "nfg"),
        ("-", b"\nEFG 2", "efg"),
        ("-", b"gamecore: 1", "yaml"),
    ],
)
def test_the_kind_of_file_is_seen_by_its_ending_or_first_word(file: str, data: bytes, kind: str) -> None:
    assert solving.kind_of(file, data, None) == kind


def test_a_solver_that_does_not_stop_is_ended_at_the_limit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import gamecore.solving.strategic as s, time\n"
        "def hang(*_, **__):\n"
        "    while True:\n"
        "        time.sleep(1)\n"
        "s.two_player_equilibria = hang\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    begun = time.monotonic()
    request = solving.Request("sexes.nfg", "nfg", seconds=4.0)
    document = solving.solved_within(request, b'NFG 1 R "x" { "a" "b" } { 2 2 } 2 1 0 0 0 0 1 2')
    assert time.monotonic() - begun < 5
    jsonschema.Draft202012Validator(DOCUMENT).validate(document)
    assert (document["status"], document["pure"]) == ("partial", [[0, 0], [1, 1]])
    assert "ended at the limit" in document["notes"][-1]


def test_a_limit_too_short_to_begin_is_a_refusal(gamecore: Any, written: Any) -> None:
    code, out, _ = gamecore("solve", written("twice.nfg", DUPLICATE), "--json", "--limit", "20ms")
    assert code == 3
    assert json.loads(out)["status"] == "refused"


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_stopping_it_leaves_nothing_behind(tmp_path: Path, sign: signal.Signals, code: int) -> None:
    program = (
        "import subprocess, sys\nfrom gamecore.cli import main, solving\n"
        "real = solving._Worker.ask\n"
        "def ask(self, *rest):\n    real(self, *rest)\n    print(self.process.pid, flush=True)\n"
        "solving._Worker.ask = ask\nsys.argv = ['gamecore', 'solve', sys.argv[1], '--json']\nmain()\n"
    )
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nif 'gamecore.cli.solving_worker' in ' '.join(sys.orig_argv):\n"
        "    import gamecore.solving.strategic as s, time\n"
        "    s.two_player_equilibria = lambda *_, **__: time.sleep(60)\n"
    )
    game = tmp_path / "twice.nfg"
    game.write_text(DUPLICATE)
    with subprocess.Popen(
        [sys.executable, "-c", program, str(game)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    ) as process:
        assert process.stdout is not None
        worker = int(process.stdout.readline())
        time.sleep(1.5)
        process.send_signal(sign)
        assert process.wait(20) == code
        assert process.stdout.read() == b""
    end = time.monotonic() + 10
    while _alive(worker) and time.monotonic() < end:
        time.sleep(0.05)
    assert not _alive(worker)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


# ---- convert ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "out"),
    [(DUPLICATE, "same.nfg"), (DUPLICATE, "tree.efg"), (ENTRY, "same.efg"), (ENTRY, "form.nfg"), (POKER, "form.nfg")],
)
def test_a_converted_game_has_the_same_equilibrium_payoffs(
    gamecore: Any, written: Any, tmp_path: Path, text: str, out: str
) -> None:
    target = tmp_path / "out" / out
    target.parent.mkdir()
    code, told, err = gamecore("convert", written("game", text), str(target))
    assert (code, told, err) == (0, f"wrote {target}\n", "")
    before = package.solve(package.read_game(text), form="strategic")
    after = package.solve(package.read_game(target.read_text(encoding="utf-8")), form="strategic")
    assert {found.payoffs for found in after.equilibria} == {found.payoffs for found in before.equilibria}


def test_a_scenario_is_exported_as_a_tree_with_the_same_outcome(gamecore: Any, tmp_path: Path) -> None:
    out = tmp_path / "phase2.efg"
    code, _, err = gamecore("convert", str(PHASE2), str(out))
    assert code == 0, err
    assert "one protocol of 2" in err
    here = json.loads(gamecore("solve", str(PHASE2), "--json")[1])
    there = json.loads(gamecore("solve", str(out), "--json")[1])
    payoffs = {tuple(outcome["payoffs"]) for outcome in here["subgame_perfect_outcomes"]}
    assert {tuple(outcome["payoffs"]) for outcome in there["subgame_perfect_outcomes"]} <= payoffs


def test_plain_labels_are_ascii(gamecore: Any, written: Any, tmp_path: Path) -> None:
    file = written("a.nfg", 'NFG 1 R "Grüße" { "Ä" "B" } { { "é" "è" } { "x" "y" } } 1 1 2 2 3 3 4 4')
    out = tmp_path / "b.nfg"
    assert gamecore("convert", file, str(out), "--plain")[0] == 0
    assert out.read_text(encoding="utf-8").isascii()


@pytest.mark.parametrize("out", ["x.txt", "x.yaml", "missing/x.nfg"])
def test_an_output_that_cannot_be_is_refused_before_any_work(
    gamecore: Any, written: Any, tmp_path: Path, out: str
) -> None:
    code, _, err = gamecore("convert", written("twice.nfg", DUPLICATE), str(tmp_path / out))
    assert code == 2
    assert err


def test_converting_a_game_somebody_forgets_in_is_refused(gamecore: Any, written: Any, tmp_path: Path) -> None:
    code, _, err = gamecore("convert", written("forgets.efg", FORGETS), str(tmp_path / "x.nfg"))
    assert code == 3
    assert "driver" in err
    assert not (tmp_path / "x.nfg").exists()


@pytest.mark.parametrize("ending", ["graphml", "json", "dot"])
@pytest.mark.parametrize("game", ["twice.nfg", "entry.efg", "phase2"])
def test_every_kind_of_game_is_written_for_programs_that_draw(
    gamecore: Any, written: Any, tmp_path: Path, game: str, ending: str
) -> None:
    texts = {"twice.nfg": DUPLICATE, "entry.efg": ENTRY}
    file = written(game, texts[game]) if game in texts else str(PHASE2)
    out = tmp_path / f"tree.{ending}"
    code, told, _ = gamecore("convert", file, str(out))
    assert (code, told) == (0, f"wrote {out}\n")
    text = out.read_text(encoding="utf-8")
    assert all(word in text for word in {"twice.nfg": ["R", "C"], "entry.efg": ["share"], "phase2": ["hybrid"]}[game])


# What an .efg cannot say: private beliefs, offers over several rounds, and any amount of money.
CANNOT_BE_SAID = {
    "contract-manufacturer": "offers of money",
    "alliance-reset": "several rounds of offers",
    "termination": "different chances",
}


@pytest.mark.parametrize("path", WITH_ORDER, ids=lambda path: path.stem)
def test_every_scenario_that_is_exported_has_the_outcome_it_has_here(path: Path) -> None:
    scenario = read_scenario(path.read_bytes())
    if path.stem in CANNOT_BE_SAID:
        with pytest.raises(RefusedError, match=CANNOT_BE_SAID[path.stem]):
            converted(scenario, "efg")
        return
    protocol = in_order(scenario)[0].name
    here, there = package.solve(scenario), package.solve(package.read_game(converted(scenario, "efg")[0]))
    mine = {found.payoffs for found in here.subgame_perfect_outcomes if found.protocol == protocol}
    assert mine
    assert {found.payoffs for found in there.subgame_perfect_outcomes} == mine


def test_what_is_confidential_is_said_and_not_shared(gamecore: Any, tmp_path: Path) -> None:
    out = tmp_path / "phase2.efg"
    code, _, err = gamecore("convert", str(PHASE2), str(out))
    assert code == 0
    assert "confidential entries of the scenario (decisions.plan.no_agreement, inputs.hold_sapphire, " in err
    out.unlink()
    code, told, err = gamecore("convert", str(PHASE2), str(out), "--copy", "shared")
    assert (code, told) == (3, "")
    assert "release that with 'confidential: no'" in err
    assert not out.exists()
    # who says nothing has released nothing
    deadlock = ROOT / "scenarios" / "jsc-deadlock.yaml"
    code, _, err = gamecore("convert", str(deadlock), str(out), "--copy", "shared")
    assert code == 3
    assert "what the players have not released (players.sapphire, players.diamond)" in err
    # released by both: a copy to share is the same file
    text = re.sub(
        r"name: (Sapphire|Diamond)(?=[,}\n])", r"name: \1, confidential: no", deadlock.read_text("utf-8"), count=2
    )
    released = tmp_path / "released.yaml"
    released.write_text(text, encoding="utf-8")
    assert gamecore("convert", str(released), str(out), "--copy", "shared")[::2] == (0, "")
    shared = out.read_bytes()
    assert gamecore("convert", str(released), str(out))[::2] == (0, "")
    assert out.read_bytes() == shared


def test_converting_ends_at_its_limit_and_writes_nothing(gamecore: Any, written: Any, tmp_path: Path) -> None:
    out = tmp_path / "x.efg"
    code, _, err = gamecore("convert", written("twice.nfg", DUPLICATE), str(out), "--limit", "20ms")
    assert code == 3
    assert "not written within --limit 0.02s" in err
    assert not out.exists()
    assert gamecore("convert", written("twice.nfg", DUPLICATE), str(out), "--limit", "never")[0] == 2

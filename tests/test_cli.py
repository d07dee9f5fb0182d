"""The command line: every command, how each ends, what goes to which stream, and how quickly it starts."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gamecore import __version__
from gamecore.cli import commands, endings, files
from gamecore.errors import Fault, InputError, OutOfTimeError, PageOverflowError, ScenarioError, TooLargeError

ROOT = Path(__file__).resolve().parent.parent
PHASE2 = ROOT / "scenarios" / "phase2-covid-by-state.yaml"
SMALL = ROOT / "api" / "examples" / "launch.yaml"
COMMANDS = ("check", "analyse", "solve", "brief", "figure", "new", "schema", "serve")


class Ended:
    """What a command printed and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def gamecore(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command in this process, as `main` would."""

    def run(*arguments: str) -> Ended:
        code = endings.run(list(arguments))
        printed = capsys.readouterr()
        return Ended(code, printed.out, printed.err)

    return run


def shell(*arguments: str, stdin: bytes = b"", **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process of its own."""
    command = [sys.executable, "-c", "from gamecore.cli import main; main()", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=120, **options)


# ---- start -----------------------------------------------------------------------------------------------------------


def test_our_packages_are_named_as_our_own_so_that_imports_sort_alike_in_every_checkout() -> None:
    import tomllib

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    named = settings["tool"]["ruff"]["lint"]["isort"]["known-first-party"]
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} <= set(named)


def test_importing_the_command_line_loads_no_solver_and_no_web() -> None:
    program = "import gamecore.cli.commands, sys; print('\\n'.join(sys.modules))"
    loaded = set(
        subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout.split()
    )
    heavy = {
        "nashpy",
        "scipy",
        "numpy",
        "networkx",
        "fastapi",
        "starlette",
        "uvicorn",
        "pydantic",
        "ruamel.yaml",
        "typst",
    }
    assert not heavy & loaded
    assert not {"api", "rich", "jinja2"} & loaded


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_works_where_solvers_and_web_are_missing(command: str) -> None:
    # typer itself reads the options of a command with pydantic.
    missing = ("nashpy", "scipy", "numpy", "networkx", "fastapi", "uvicorn", "ruamel", "typst", "rich")
    program = f"import sys; sys.modules |= dict.fromkeys({missing!r}); from gamecore.cli import main; main()"
    arguments = [command] if command else []
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments, "--help"], capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Usage: gamecore")
    if not command:
        assert all(name in done.stdout for name in COMMANDS)


def test_the_version_is_told(gamecore: Any) -> None:
    ended = gamecore("--version")
    assert (ended.code, ended.out) == (0, f"gamecore {__version__}\n")


def test_the_manual_names_every_command_and_every_shared_option() -> None:
    manual = (ROOT / "docs" / "command-line.md").read_text()
    shared = {
        "--seed",
        "--draws",
        "--lever",
        "--json",
        "--expect",
        "--copy",
        "--paper",
        "--date",
        "--analysis",
        "--version",
    }
    for option in shared:
        assert option in manual, option
    for command in COMMANDS:
        assert f"gamecore {command}" in manual, command


# ---- endings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (
            ScenarioError([Fault(3, 1, "a", "wrong"), Fault(1, 2, "", "also")], "x.yaml"),
            2,
            "x.yaml:1:2: also\nx.yaml:3:1: a: wrong\n",
        ),
        (InputError("no such lever"), 2, "no such lever\n"),
        (TooLargeError("9 nodes", limit="nodes"), 3, "refused: 9 nodes\n"),
        (OutOfTimeError("too slow"), 3, "refused: too slow\n"),
        (PageOverflowError("shorten 'why'", block="why"), 3, "refused: shorten 'why'\n"),
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(), 141, ""),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_an_exception_becomes_a_sentence_and_an_exit_code(
    gamecore: Any, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, told: str
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(commands, "_analysis", broken)
    ended = gamecore("analyse", "x.yaml")
    assert (ended.code, ended.out, ended.err) == (code, "", told)


@pytest.mark.parametrize("error", [ZeroDivisionError("secret"), RecursionError(), MemoryError(), OSError("disk")])
def test_anything_else_is_called_a_fault_of_ours(
    gamecore: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(commands, "_analysis", broken)
    ended = gamecore("analyse", "x.yaml")
    assert ended.code == 1
    assert "this is a fault in gamecore" in ended.err
    assert "Traceback" not in ended.err
    assert "Traceback" in gamecore("--debug", "analyse", "x.yaml").err


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["analyse"],
        ["analyse", "x.yaml", "--draws", "0"],
        ["analyse", "x.yaml", "--draws", "many"],
        ["analyse", "x.yaml", "--seed", "-1"],
        ["brief", "x.yaml"],
        ["brief", "x.yaml", "-o", "x.pdf", "--copy", "secret"],
        ["brief", "x.yaml", "-o", "x.pdf", "--paper", "a3"],
        ["figure", "x.yaml", "pie", "-o", "x.svg"],
        ["serve", "--port", "0"],
        ["serve", "--port", "99999"],
    ],
)
def test_wrong_options_end_with_two(gamecore: Any, arguments: list[str]) -> None:
    ended = gamecore(*arguments)
    assert ended.code == 2
    assert "Error:" in ended.err
    assert ended.out == ""


# ---- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["check"], ["analyse"], ["solve"]])
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(gamecore: Any, tmp_path: Path, command: list[str]) -> None:
    missing = gamecore(*command, str(tmp_path / "none.yaml"))
    assert (missing.code, missing.err) == (2, f"{tmp_path / 'none.yaml'}: there is no such file\n")
    folder = gamecore(*command, str(tmp_path))
    assert folder.code == 2
    assert "this is a directory" in folder.err
    under_a_file = gamecore(*command, str(SMALL / "x.yaml"))
    assert under_a_file.code == 2
    assert "cannot be read: not a directory" in under_a_file.err


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_one_may_not_read_is_told(gamecore: Any, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.touch(mode=0)
    ended = gamecore("check", str(secret))
    assert (ended.code, "may not read" in ended.err) == (2, True)


def test_a_file_without_end_is_refused_and_not_loaded(gamecore: Any) -> None:
    ended = gamecore("check", "/dev/zero")
    assert ended.code == 3
    assert ended.err.startswith("refused: /dev/zero: ")


def test_faults_come_all_at_once_with_file_line_and_column(gamecore: Any, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(SMALL.read_text().replace("by: [diamond", "by: [daimond").replace("{plan: later}", "{plan: latr}"))
    ended = gamecore("check", str(wrong), str(SMALL), str(tmp_path / "none.yaml"))
    assert ended.code == 2
    lines = ended.err.splitlines()
    assert len(lines) >= 3
    assert all(re.match(rf"{re.escape(str(wrong))}:\d+:\d+: ", line) for line in lines[:-1])
    assert lines[-1].endswith("there is no such file")
    assert ended.out.startswith(f"{SMALL}: Launch order in Europe: 2 players (Diamond, Sapphire), 1 decision, ")


def test_a_scenario_can_come_from_standard_input() -> None:
    done = shell("check", "-", stdin=SMALL.read_bytes())
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"-: Launch order")
    faulty = shell("check", "-", stdin=b"gamecore: 1\n")
    assert faulty.returncode == 2
    assert faulty.stderr.startswith(b"stdin:1:1: ")


def test_control_characters_of_a_file_never_reach_the_terminal(gamecore: Any, tmp_path: Path) -> None:
    file = tmp_path / "colours.yaml"
    file.write_text(SMALL.read_text().replace("Launch order in Europe", '"a\\e[31mred\\a [bold]x[/bold]"'))
    ended = gamecore("check", str(file))
    assert "\x1b" not in ended.out + ended.err
    assert "\a" not in ended.out + ended.err
    assert files.shown("a\x1b[31m\x9b1m\u202eb") == "a\ufffd[31m\ufffd1m\ufffdb"
    assert files.shown("a\u00a0b\n") == "a\u00a0b\ufffd"


# ---- outputs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("out", "told"),
    [
        ("page.docx", "the ending says the format; use one of .pdf, .html, .md, .png, .json"),
        ("page", "the ending says the format"),
        ("none/page.pdf", "there is no folder"),
        ("folder.pdf", "this is a directory"),
    ],
)
def test_an_output_that_cannot_be_is_told_before_any_work(gamecore: Any, tmp_path: Path, out: str, told: str) -> None:
    (tmp_path / "folder.pdf").mkdir()
    ended = gamecore("brief", "not-even-there.yaml", "-o", str(tmp_path / out))
    assert ended.code == 2
    assert told in ended.err
    assert "no such file" not in ended.err


def test_the_scenario_itself_is_never_overwritten(gamecore: Any, tmp_path: Path) -> None:
    scenario = tmp_path / "scenario.json"
    scenario.write_bytes(SMALL.read_bytes())
    link = tmp_path / "link.json"
    link.symlink_to(scenario)
    for out in (scenario, link):
        ended = gamecore("brief", str(scenario), "-o", str(out))
        assert ended.code == 2
        assert "this is the scenario itself" in ended.err
    assert scenario.read_bytes() == SMALL.read_bytes()


def test_one_output_named_twice_is_a_slip(gamecore: Any, tmp_path: Path) -> None:
    page = str(tmp_path / "page.pdf")
    ended = gamecore("brief", str(SMALL), "-o", page, "-o", page)
    assert (ended.code, "named twice" in ended.err) == (2, True)


def test_a_wrong_date_is_told_before_any_work(gamecore: Any, tmp_path: Path) -> None:
    ended = gamecore("brief", "not-even-there.yaml", "-o", str(tmp_path / "x.pdf"), "--date", "June 1")
    assert (ended.code, "write a date such as 2021-01-04" in ended.err) == (2, True)


def test_outputs_replace_a_file_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    old = tmp_path / "page.md"
    old.write_text("old")
    old.chmod(0o640)
    link = tmp_path / "link.md"
    link.symlink_to(old)
    files.write_all({str(link): b"new"})
    assert (old.read_bytes(), link.is_symlink(), old.stat().st_mode & 0o777) == (b"new", True, 0o640)
    with pytest.raises(InputError, match="cannot be written"):
        files.write_all({str(tmp_path / "none" / "page.md"): b"new"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.md", "page.md"]


# ---- levers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lever", "told"),
    [
        ("nothing", "no lever is called 'nothing'"),
        ("pay_at_signature=much", "write the amount as a number"),
        ("pay_at_signature=1e999999", "write the amount as a number"),
        ("pay_at_signature=16", "choose an amount from 0 to 15"),
        ("contract_binds=3", "has no amount to choose"),
    ],
)
def test_a_wrong_lever_is_told(gamecore: Any, lever: str, told: str) -> None:
    ended = gamecore("analyse", str(PHASE2), "--lever", lever)
    assert ended.code == 2
    assert told in ended.err


def test_a_lever_named_twice_is_a_slip(gamecore: Any) -> None:
    ended = gamecore("analyse", str(PHASE2), "--lever", "contract_binds", "--lever", "contract_binds")
    assert (ended.code, "named twice" in ended.err) == (2, True)


@pytest.fixture
def listed(tmp_path: Path) -> str:
    """A file whose levers leave values of a list to be chosen."""
    file = tmp_path / "listed.yaml"
    file.write_text(
        SMALL.read_text() + "inputs: {k: 1, j: 10%}\nlevers:\n"
        "  l1: {set: {inputs.k: [1, 2, 20], timing.plan: 0}}\n"
        "  l2: {set: {inputs.k: [1, 2], inputs.j: [10%, 20%]}}\n"
        "  l3: {set: {timing.plan: [0, 1 month]}}\n"
    )
    return str(file)


@pytest.mark.parametrize(
    ("levers", "record", "told"),
    [
        (["l1=20"], ["l1=20"], ""),
        (["l1=2.0"], ["l1=2"], ""),
        (["l1.inputs.k=20"], ["l1=20"], ""),
        (["l1"], ["l1=1"], "lever l1: 1 is taken of 1, 2, 20; choose with l1=...\n"),
        (
            ["l2.inputs.j=0.2"],
            ["l2 inputs.k=1 inputs.j=20%"],
            "lever l2: 1 is taken of 1, 2; choose with l2.inputs.k=...\n",
        ),
        (["l2.inputs.j=20%", "l2.inputs.k=2"], ["l2 inputs.k=2 inputs.j=20%"], ""),
        (["l3=1  month"], ["l3=1 month"], ""),
    ],
)
def test_a_value_of_a_list_is_chosen_and_recorded(
    gamecore: Any, listed: str, levers: list[str], record: list[str], told: str
) -> None:
    options = [part for lever in levers for part in ("--lever", lever)]
    ended = gamecore("analyse", listed, "--json", "--draws", "20", *options)
    assert (ended.code, ended.err) == (0, told)
    assert json.loads(ended.out)["scenario"]["changes"] == record


@pytest.mark.parametrize(
    ("lever", "told"),
    [
        ("l1=3", "lever l1: choose one of 1, 2, 20"),
        ("l1=", "lever l1: choose one of 1, 2, 20"),
        ("l2=2", "lever l2 leaves several choices; write l2.inputs.k=..., l2.inputs.j=..."),
        ("l1.inputs.j=2", "lever l1 leaves no choice at 'inputs.j'; write l1.inputs.k=..."),
        ("l1.inputs.k", "lever l1: say what is chosen: l1.inputs.k=..."),
        ("l9=2", "no lever is called 'l9'; the levers are: l1, l2, l3"),
    ],
)
def test_a_value_that_is_not_in_the_list_is_refused(gamecore: Any, listed: str, lever: str, told: str) -> None:
    ended = gamecore("analyse", listed, "--json", "--draws", "20", "--lever", lever)
    assert (ended.code, ended.err.splitlines()[-1]) == (2, told)


# ---- the work --------------------------------------------------------------------------------------------------------


def test_analyse_prints_one_json_document_that_fits_its_published_schema(gamecore: Any) -> None:
    import jsonschema

    ended = gamecore("analyse", str(PHASE2), "--json", "--draws", "200")
    assert (ended.code, ended.err) == (0, "")
    document = json.loads(ended.out)
    jsonschema.Draft202012Validator(json.loads(gamecore("schema", "--analysis").out)).validate(document)
    assert [option["role"] for option in document["options"]].count("recommended") == 1
    assert document["draws"] == 200
    assert str(ROOT) not in ended.out
    assert gamecore("analyse", str(PHASE2), "--json", "--draws", "200").out == ended.out


def test_analyse_tells_people_values_ranks_chances_and_why(gamecore: Any) -> None:
    ended = gamecore("analyse", str(PHASE2), "--draws", "500")
    assert ended.code == 0, ended.err
    for text in (
        "51.8",
        "25.8",
        "43.0",
        "1st",
        "No agreement",
        "recommended",
        "baseline",
        "Diamond proposes",
        "of 100",
        "We recommend",
    ):
        assert text in ended.out, text
    assert "Nash" not in ended.out


@pytest.mark.parametrize("path", [PHASE2, SMALL])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_summary_counts_cases_as_the_page_does(path: Path, seed: int) -> None:
    from gamecore.brief.content import make_page
    from gamecore.cli.telling import _cases
    from gamecore.pipeline import Settings, analyse
    from gamecore.scenario import read_scenario

    analysis = analyse(read_scenario(path.read_bytes()), Settings(seed=seed, draws=500))
    told = [dict(_cases(frequency, analysis)) for frequency in analysis.frequencies]
    for cases in told:
        assert (
            sum(int(text.split()[0]) for text in cases.values() if text.endswith("of 100") and text[0].isdigit()) == 100
        )
    for strip in make_page(analysis).strips:
        printed = {segment.label: segment.cases for segment in strip.segments if len(segment.label) == 1}
        assert any(all(cases.get(name) == f"{count} of 100" for name, count in printed.items()) for cases in told)


def test_what_rounds_to_none_or_all_is_said_in_words() -> None:
    from gamecore.cli.telling import _counted

    assert [_counted(0, 0.006), _counted(100, 0.993), _counted(100, 1.0), _counted(74, 0.742)] == [
        "fewer than 1 of 100",
        "more than 99 of 100",
        "100 of 100",
        "74 of 100",
    ]


def test_a_lever_changes_the_answer(gamecore: Any) -> None:
    plain = json.loads(gamecore("analyse", str(PHASE2), "--json", "--draws", "50").out)
    bound = json.loads(gamecore("analyse", str(PHASE2), "--json", "--draws", "50", "--lever", "contract_binds").out)
    assert plain["scenario"]["sha256"] == bound["scenario"]["sha256"]
    assert plain != bound


def test_a_lever_without_its_amount_says_what_is_taken(gamecore: Any) -> None:
    ended = gamecore("analyse", str(PHASE2), "--json", "--draws", "50", "--lever", "pay_at_signature")
    assert ended.code == 0
    assert "the middle of 0 to 15 is taken" in ended.err


def test_solve_prints_one_json_document(gamecore: Any) -> None:
    ended = gamecore("solve", str(PHASE2), "--json")
    assert (ended.code, ended.err) == (0, "")
    document = json.loads(ended.out)
    assert {"players", "status", "method", "equilibria", "notes"} <= set(document)
    told = gamecore("solve", str(PHASE2))
    assert told.code == 0
    assert document["status"] in told.out


def test_check_compares_with_what_the_file_expects(gamecore: Any, tmp_path: Path) -> None:
    met = gamecore("check", str(PHASE2), "--expect")
    assert met.code == 0, met.out + met.err
    assert ", 0 missed, " in met.out
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(PHASE2.read_text().replace("sapphire: 51.812, diamond: 9.699", "sapphire: 61.812, diamond: 9.699"))
    missed = gamecore("check", str(wrong), "--expect")
    assert missed.code == 2
    assert ", 1 missed, " in missed.out


def test_brief_writes_several_formats_from_one_analysis(gamecore: Any, tmp_path: Path) -> None:
    heads = {"pdf": b"%PDF-", "html": b"<!", "md": b"", "png": b"\x89PNG", "json": b"{"}
    outs = [str(tmp_path / f"page.{name}") for name in heads]
    arguments = [part for out in outs for part in ("-o", out)]
    ended = gamecore("brief", str(PHASE2), *arguments, "--draws", "200", "--date", "2020-06-01")
    assert ended.code == 0
    assert ended.err.startswith("note: to keep to 420 words the page leaves out ")
    assert ended.err.count("\n") == 1
    assert ended.out == "".join(f"wrote {out}\n" for out in outs)
    for (name, head), out in zip(heads.items(), outs, strict=True):
        data = Path(out).read_bytes()
        assert data.lower().startswith(head.lower()), name
        assert str(ROOT).encode() not in data, name
    before = {out: Path(out).read_bytes() for out in outs}
    assert gamecore("brief", str(PHASE2), *arguments, "--draws", "200", "--date", "2020-06-01").code == 0
    assert {out: Path(out).read_bytes() for out in outs} == before


@pytest.mark.parametrize("kind", ["tree", "payoffs", "frontier"])
def test_figure_draws(gamecore: Any, tmp_path: Path, kind: str) -> None:
    out = tmp_path / f"{kind}.svg"
    ended = gamecore("figure", str(PHASE2), kind, "-o", str(out), "--draws", "100")
    assert (ended.code, ended.out) == (0, f"wrote {out}\n")
    assert b"<svg" in out.read_bytes()


def test_the_schema_of_the_scenario_file_is_a_schema(gamecore: Any) -> None:
    import jsonschema

    document = json.loads(gamecore("schema").out)
    jsonschema.Draft202012Validator.check_schema(document)
    assert "players" in document["properties"]


# ---- streams ---------------------------------------------------------------------------------------------------------


def test_a_reader_that_goes_away_is_no_noise() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "from gamecore.cli import main; main()", "schema"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
        assert (process.wait(30), told) == (141, b"")


def test_control_c_ends_without_a_trace() -> None:
    program = (
        # A process started in the background inherits that it ignores the interrupt.
        "import signal, sys, time\nfrom gamecore.cli import commands, main\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "def wait(*_, **__):\n    print('ready', flush=True)\n    time.sleep(30)\n"
        "commands._analysis = wait\nsys.argv = ['gamecore', 'analyse', 'x']\nmain()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert (process.wait(30), process.stderr.read()) == (130, b"")


def test_no_bar_where_nobody_watches(gamecore: Any) -> None:
    done = shell("analyse", str(SMALL), "--json", "--draws", "100")
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("seconds", "seen"), [(1.5, True), (0.1, False)])
def test_a_bar_is_shown_on_a_terminal_once_work_takes_over_a_second(seconds: float, seen: bool) -> None:
    import pty

    program = (
        "import time\nfrom gamecore.cli.progress import Progress\n"
        f"with Progress() as told:\n    told(1, 3, '[b]draws')\n    time.sleep({seconds})\n"
    )
    master, slave = pty.openpty()
    subprocess.run([sys.executable, "-c", program], stderr=slave, check=True)
    os.set_blocking(master, False)
    try:
        told = os.read(master, 100_000)
    except BlockingIOError:
        told = b""
    finally:
        os.close(slave)
        os.close(master)
    assert (b"[b]draws" in told) is seen


def test_a_terminal_that_knows_only_ascii_gets_every_answer() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = shell("analyse", str(SMALL), "--draws", "100", env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    document = shell("analyse", str(SMALL), "--json", "--draws", "100", env=environment)
    json.loads(document.stdout.decode("utf-8"))

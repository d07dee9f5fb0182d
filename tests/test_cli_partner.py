"""`gamecore partner`: the record, the page, what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gamecore.cli import endings
from tests.advice.small import whole
from tests.questions.test_partner import SMALL

ROOT = Path(__file__).resolve().parent.parent
PHASE2 = str(ROOT / "scenarios" / "phase2-covid-by-state.yaml")
LAUNCH = str(ROOT / "scenarios" / "launch-timing.yaml")


@pytest.fixture
def partner(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command; (exit code, standard output, standard error)."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = endings.run(["partner", *arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def test_the_record_is_told_and_the_page_written(partner: Any, tmp_path: Path, capsys: Any) -> None:
    page, brief = tmp_path / "theirs.md", tmp_path / "mirrored.md"
    code, out, err = partner(LAUNCH, "--draws", "100", "-o", str(page), "--date", "2020-06-01")
    assert code == 0
    told = "note: the page is written from Sapphire's seat with Diamond's numbers: for Diamond's own people only"
    assert err == f"{told}\nwrote {page}\n"
    assert "What Sapphire does after each first move of Diamond" in out
    assert "every value of Sapphire in it is Diamond's estimate" in " ".join(out.split())
    copy = tmp_path / "launch-timing.yaml"
    copy.write_text(Path(LAUNCH).read_text().replace("advise: diamond", "advise: sapphire"))
    assert endings.run(["brief", str(copy), "--draws", "100", "-o", str(brief), "--date", "2020-06-01"]) == 0
    capsys.readouterr()
    assert len(page.read_text().splitlines()) == len(brief.read_text().splitlines())
    differing = [
        (one, two)
        for one, two in zip(page.read_text().splitlines(), brief.read_text().splitlines(), strict=True)
        if one != two
    ]
    assert len(differing) == 1  # the footer: the digest of the file itself
    assert "SHA" in differing[0][0]


def test_the_document_is_the_same_every_time(partner: Any) -> None:
    code, out, _ = partner(PHASE2, "--draws", "100", "--json")
    assert code == 0
    assert json.loads(out)["seat"] == "sapphire"
    assert partner(PHASE2, "--draws", "100", "--json")[1] == out


def test_text_of_the_file_is_data(partner: Any, tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(whole(SMALL))
    code, out, _ = partner(str(file), "--draws", "1")
    assert code == 0
    assert "One [bold]x[/bold]" in out
    assert "Two *y*" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--player", "diamond"], "advises 'diamond' already; choose one of sapphire"),
        (["--player", "daimond"], "there is no player 'daimond'"),
        (["--copy", "shared"], "internal by nature"),
        (["-o", "x.docx"], "use one of .pdf, .html, .md, .png, .json"),
        (["--date", "june"], "write a date such as"),
    ],
)
def test_what_is_wrong_is_told(partner: Any, arguments: list[str], told: str) -> None:
    code, out, err = partner(PHASE2, *arguments)
    assert (code, out) == (2, "")
    assert told in err

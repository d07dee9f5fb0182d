"""What every figure shares: names, numbers, the provenance line, and the finished drawing with its text alternative."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath, PureWindowsPath

from gamecore.advice.analysis import Analysis
from gamecore.brief import words
from gamecore.brief.figures.canvas import Canvas
from gamecore.brief.sentences import Names

__all__ = ["Drawn", "Sheet", "provenance"]


@dataclass(frozen=True)
class Drawn:
    """A drawing of so many points' height; `table` are its numbers as lines of text."""

    canvas: Canvas
    height: float
    title: str
    reading: str
    table: list[str]

    @property
    def alternative(self) -> str:
        """The drawing in words: title, reading line, the numbers."""
        return f"{self.title}. {self.reading} {'; '.join(self.table)}"

    @property
    def svg(self) -> str:
        return self.canvas.svg(self.height, self.title, f"{self.reading} {'; '.join(self.table)}")


@dataclass(frozen=True)
class Sheet:
    """The analysis with the words figures use."""

    analysis: Analysis
    names: Names
    decimals: int

    @classmethod
    def of(cls, analysis: Analysis) -> Sheet:
        """The sheet of an analysis; numbers get the decimals of its page."""
        values = [
            item.value.base for option in analysis.options for item in analysis.candidate(option.candidate).standings
        ]
        values += [away.value.base for away in analysis.walk_aways]
        letters = {option.candidate: option.letter for option in analysis.options}
        return cls(analysis, Names(analysis, letters), words.decimals_for(values))

    @property
    def provenance(self) -> str:
        facts = self.analysis.scenario
        return provenance(facts.file, facts.sha256, self.analysis.version, self.analysis.seed)

    def number(self, value: float) -> str:
        """A value as on the page."""
        return words.number(value, self.decimals)

    def outcome(self, key: str) -> str:
        """An outcome by its letter, or in words."""
        return self.names.outcome(key)

    def lettered(self, candidate: str, label: str) -> str:
        """A name with its option's letter in front, if it has one."""
        letter = self.names.letters.get(candidate)
        return f"{letter} {label}" if letter else label


def provenance(file: str, sha256: str, version: str, seed: int) -> str:
    """What a figure was made from."""
    name = PurePath(PureWindowsPath(file).name).name
    digits = f"{sha256[:4]} {sha256[4:8]}".strip()
    return f"Scenario {name} {digits} · gamecore {version} · seed {seed}"

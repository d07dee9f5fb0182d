r"""The words of a game file, and the faults found in it.

A file is texts in double quotes (`\"` stands for a quote, any other backslash for itself), the marks `{`, `}` and `,`,
and words: numbers and symbols. White space outside of quotes says nothing. Places are worked out only when a fault is
told, so that reading a large file costs no more than its words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from fractions import Fraction
from functools import cached_property
from typing import Final, NoReturn

from gamecore.errors import Fault, ScenarioError

__all__ = ["MOST_CHARACTERS", "Words", "told"]

MOST_CHARACTERS: Final = 32_000_000  # about a million nodes; read in some 15 seconds
MOST_DIGITS: Final = 2_000  # of a number, and its largest power of ten: what can still be written out again
MOST_FAULTS: Final = 50
SHOWN: Final = 40  # characters of a word repeated in a message

_WORD: Final = re.compile(r'"[^"\\]*(?:\\"?[^"\\]*)*"?|[{},]|[^\s{},"]+')
_NUMBER: Final = re.compile(r"([+-]?[0-9]*)(?:/([0-9]+)|(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?)")
_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_LINE: Final = re.compile(r"\r\n|\r|\n")


class Lost(Exception):  # noqa: N818 - not an error people see: the fault is told already, the reader has to find its way
    """The words no longer fit what the format wants here; the fault is in the list."""


class Enough(Exception):  # noqa: N818 - as `Lost`
    """More faults than anybody reads at once."""


def told(word: str) -> str:
    """A word as a message repeats it."""
    if not word:
        return "the end of the file"
    short = word if len(word) <= SHOWN else word[:SHOWN] + "..."
    return " ".join(short.split()) if word[0] == '"' else f"'{short}'"


class Words:
    """The words of a file, a place among them (`at`), and the faults told so far. The last word is empty: the end."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.words: list[str] = _WORD.findall(text)
        self.words.append("")
        self.at = 0
        self.faults: list[Fault] = []
        self._numbers: dict[str, Fraction | str] = {}

    # -- places and faults

    @cached_property
    def _starts(self) -> list[int]:
        return [found.start() for found in _WORD.finditer(self.text)] + [len(self.text.rstrip())]

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in _LINE.finditer(self.text))]

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of a word, from 1."""
        start = self._starts[min(at, len(self._starts) - 1)]
        line = bisect_right(self._lines, start)
        return line, start - self._lines[line - 1] + 1

    def fault(self, message: str, at: int | None = None) -> None:
        """Tell a fault at a word (the next one, if none is named) and go on."""
        line, column = self.place(self.at if at is None else at)
        if len(self.faults) >= MOST_FAULTS:
            more = f"the first {MOST_FAULTS} faults are told; mend these first"
            self.faults.append(Fault(line, column, "", more))
            raise Enough
        self.faults.append(Fault(line, column, "", message))

    def lost(self, message: str, at: int | None = None) -> NoReturn:
        """Tell a fault after which the next words cannot be understood."""
        self.fault(message, at)
        raise Lost

    def check(self) -> None:
        """Raise `ScenarioError` with all faults, if there are any."""
        if self.faults:
            raise ScenarioError(self.faults, self.file)

    # -- what may come next

    @property
    def word(self) -> str:
        """The next word; empty at the end."""
        return self.words[self.at]

    @property
    def is_text(self) -> bool:
        return self.words[self.at][:1] == '"'

    def next_is(self, mark: str) -> bool:
        """Whether the next word is this one; if so it is passed."""
        if self.words[self.at] != mark:
            return False
        self.at += 1
        return True

    def text_of(self, at: int) -> str:
        """The text between the quotes of a word."""
        word = self.words[at]
        if len(word) < 2 or word[-1] != '"' or word[-2] == "\\":
            self.lost('this quote is never closed: end the text with a "', at)
        return word[1:-1].replace('\\"', '"') if "\\" in word else word[1:-1]

    def label(self, what: str, hint: str = 'a text in quotes, "" if it has none') -> str:
        """The text that has to come next."""
        if not self.is_text:
            self.lost(f"{what} is missing before {told(self.word)}: write {hint}")
        self.at += 1
        return self.text_of(self.at - 1)

    def open(self, what: str) -> None:
        """Pass the brace that has to come next."""
        if not self.next_is("{"):
            self.lost(f"{what} must stand in braces: put a {{ before {told(self.word)}")

    def integer(self, what: str) -> int:
        """The whole number that has to come next."""
        word = self.words[self.at]
        if len(word) > 18 or not ((word.isdigit() and word.isascii()) or _INTEGER.fullmatch(word)):
            self.lost(f"{what} must be a whole number, not {told(word)}")
        self.at += 1
        return int(word)

    def number(self, what: str) -> Fraction:
        """The exact number that has to come next; a fault if it cannot be one, and then 0 stands for it."""
        word = self.words[self.at]
        known = self._numbers.get(word)
        if known is None:
            known = self._numbers[word] = _exact(word)
        if not word or word in "{}" or word[0] == '"':
            self.lost(f"{what} is missing before {told(word)}: write a number")
        if isinstance(known, str):
            self.fault(f"{what} {known}")
            known = Fraction(0)
        self.at += 1
        return known


def _exact(word: str) -> Fraction | str:
    """The number a word stands for, or what is wrong with it."""
    found = _NUMBER.fullmatch(word)
    whole, denominator, decimals, exponent = found.groups() if found else ("", None, None, None)
    digits = whole + (decimals or "")
    if not digits[-1:].isdigit() or (denominator and not whole[-1:].isdigit()):
        return f"must be a number (2, -0.5, 1/3 or 1e6), not {told(word)}"
    power = exponent or "0"
    if len(word) > MOST_DIGITS or len(power) > 6 or abs(int(power)) > MOST_DIGITS:
        return f"has more than {MOST_DIGITS} digits: shorten it"
    if denominator:
        return Fraction(int(whole), int(denominator)) if int(denominator) else f"divides by zero: {told(word)}"
    shift = int(power) - len(decimals or "")
    value = int(digits)
    return Fraction(value, 10**-shift) if shift < 0 else Fraction(value * 10**shift)

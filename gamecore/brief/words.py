"""How the page writes numbers, ranks, chances, dates and lists.

One home for the typography of decision papers: a true minus, a no-break space before a unit, `66 of 100` instead of
percentages of chance, `1st=` for a shared rank, `4 January 2021` for a date.

>>> signed(2.62, 1), signed(-4.39, 1)
('+2.6', '−4.4')
>>> rank_text(2, tied=True)
'2nd='
>>> chance_text(0.662), chance_text(0.002)
('66 of 100', 'fewer than 1 of 100')
>>> hundred([("wait", 0.655), ("hybrid", 0.255), ("none", 0.09)])
{'wait': 65, 'hybrid': 26, 'none': 9}
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from gamecore.errors import InputError

__all__ = [
    "MINUS",
    "NO_BREAK",
    "Dates",
    "chance_text",
    "count_words",
    "date_text",
    "decimals_for",
    "hundred",
    "length",
    "listed",
    "number",
    "number_word",
    "rank_text",
    "sentence",
    "signed",
    "with_unit",
]

MINUS: Final = "\N{MINUS SIGN}"
NO_BREAK: Final = "\N{NO-BREAK SPACE}"
WORD_JOINER: Final = "\N{WORD JOINER}"
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_COUNTS: Final = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def decimals_for(values: Iterable[float]) -> int:
    """How many decimals every value of one page gets: one, none in the thousands, more where all are below one."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=1.0)
    if largest >= 1000:
        return 0
    if largest >= 1 or largest == 0:
        return 1
    return min(6, 1 - math.floor(math.log10(largest)))


def number(value: float, decimals: int) -> str:
    """A value with a true minus and a comma every three digits from 1,000 on; halves are rounded away from zero."""
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{decimals}f}"
    return MINUS + text if rounded < 0 else text


def signed(value: float, decimals: int) -> str:
    """A difference: always with its sign, except where it rounds to nothing."""
    text = number(value, decimals)
    return text if text.startswith(MINUS) or not any(digit in text for digit in "123456789") else f"+{text}"


def with_unit(text: str, unit: str | None) -> str:
    """A number with its unit, held together: currencies stand in front (`USD 7.0 m`), the rest behind."""
    if not unit:
        return text
    first, _, rest = unit.partition(" ")
    if len(first) == 3 and first.isalpha() and first.isupper():
        return NO_BREAK.join(part for part in (first, text, rest) if part)
    return f"{text}{NO_BREAK}{unit}"


def rank_text(rank: int, *, tied: bool = False) -> str:
    """`1st`, `2nd`, `3rd`, `4th`; a shared rank carries an equals sign."""
    ending = "th" if rank % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank}{ending}{'=' if tied else ''}"


def chance_text(chance: float) -> str:
    """A chance as cases of a hundred; near nothing and near certain are said in words."""
    if 0 < chance < 0.005:
        return "fewer than 1 of 100"
    if 0.995 < chance < 1:
        return "more than 99 of 100"
    return f"{math.floor(100 * chance + 0.5)} of 100"


def hundred(shares: Sequence[tuple[str, float]]) -> dict[str, int]:
    """Whole cases of a hundred by largest remainder.

    `shares` are in the order printed, best first: where remainders tie, the later, worse one is rounded up.
    """
    total = math.fsum(share for _, share in shares)
    if total <= 0:
        return {key: 0 for key, _ in shares}
    exact = [(key, 100 * share / total) for key, share in shares]
    whole = {key: math.floor(value + 1e-9) for key, value in exact}
    left = 100 - sum(whole.values())
    order = sorted(range(len(exact)), key=lambda i: (-round(exact[i][1] - whole[exact[i][0]], 9), -i))
    for index in order[:left]:
        whole[exact[index][0]] += 1
    return whole


def date_text(iso: str, *, year: bool = True) -> str:
    """`2021-01-04` as `4 January 2021`."""
    try:
        day = date.fromisoformat(iso)
    except ValueError as error:
        raise InputError(f"'{iso}' is not a date; write it as 2021-01-04") from error
    text = f"{day.day} {_MONTHS[day.month - 1]}"
    return f"{text} {day.year}" if year else text


class Dates:
    """The dates of one block: a year is said once."""

    def __init__(self) -> None:
        self._years: set[str] = set()

    def text(self, iso: str) -> str:
        """The date, with its year the first time that year appears."""
        year = iso[:4]
        said = year in self._years
        self._years.add(year)
        return date_text(iso, year=not said)


def month_text(year: int, month: int) -> str:
    """`Sep 2026`; months count from 1."""
    return f"{_MONTHS[month - 1][:3]} {year}"


def length(years: float) -> str:
    """A length of time in the largest unit that keeps it whole: years, months or weeks."""
    months = round(12 * years)
    if months and months % 12 == 0:
        return f"{months // 12} year{'s' if months > 12 else ''}"
    if months:
        return f"{months} month{'s' if months > 1 else ''}"
    weeks = max(1, round(years * 365.25 / 7))
    return f"{weeks} week{'s' if weeks > 1 else ''}"


def listed(parts: Sequence[str], last: str = "and") -> str:
    """`A`, `A and B`, `A, B and C`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def number_word(count: int) -> str:
    """A small count in letters."""
    return _COUNTS[count] if 0 <= count < len(_COUNTS) else str(count)


def sentence(text: str) -> str:
    """The text with a full stop unless it brings its own end."""
    text = text.strip()
    return text if not text or text[-1] in ".!?…:;" or text[-2:] in {".”", "?”", "!”"} else f"{text}."


def count_words(text: str) -> int:
    """Words as a reader counts them: whatever stands between spaces and holds a letter or a digit."""
    return sum(any(character.isalnum() for character in word) for word in text.split())

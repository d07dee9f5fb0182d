"""Writing `.nfg` and `.efg` as Gambit's own writer lays them out, with exact numbers."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from gamecore.errors import InputError
from gamecore.games.gambit.files import NONE, StrategicFile, TreeFile
from gamecore.games.tree import NodeKind

__all__ = ["write_efg", "write_game", "write_nfg"]

MOST_DECIMALS: Final = 60  # with more, a fraction is told rather than a decimal


def write_game(file: StrategicFile | TreeFile) -> str:
    """The text of either kind of file."""
    return write_nfg(file) if isinstance(file, StrategicFile) else write_efg(file)


def write_nfg(file: StrategicFile) -> str:
    """A strategic form as `.nfg`: labels, comment, one outcome for each profile. Raises `InputError` (see `quoted`)."""
    flat = file.game.payoffs.reshape(len(file.players), -1, order="F").T.tolist()
    lines = [f"NFG 1 R {quoted(file.title)} {_braced(file.players)}", ""]
    lines += [("{ " if number == 0 else "") + _braced(labels) for number, labels in enumerate(file.strategies)]
    lines += ["}", quoted(file.comment), "", "{"]
    lines += [f'{{ "" {_payoffs(cell)} }}' for cell in flat]
    lines += ["}", " ".join(map(str, range(1, len(flat) + 1)))]
    return "\n".join(lines) + "\n"


def write_efg(file: TreeFile) -> str:
    """A tree as `.efg`. Raises `InputError` if it has agreements that are not laid out as moves (and see `quoted`)."""
    moves = [f"{item.number} {quoted(item.label)} {_braced(item.actions)}" for item in file.information_sets]
    chances = [
        f"{item.number} {quoted(item.label)} {{ "
        + " ".join(f"{quoted(a)} {number_text(p)}" for a, p in zip(item.actions, item.probabilities, strict=True))
        + " }"
        for item in file.chance_sets
    ]
    outcomes = [f"{item.number} {quoted(item.label)} {{ {_payoffs(item.payoffs)} }}" for item in file.outcomes]
    lines = [f"EFG 2 R {quoted(file.title)} {_braced(file.players)}", quoted(file.comment), ""]
    for number, node in enumerate(file.tree.nodes):
        outcome = file.outcome_of[number]
        paid = "0" if outcome == NONE else outcomes[outcome]
        label = quoted(file.labels[number])
        match node.kind:
            case NodeKind.END:
                lines.append(f"t {label} {paid}")
            case NodeKind.CHANCE:
                lines.append(f"c {label} {chances[file.chance_set_of[number]]} {paid}")
            case NodeKind.MOVE:
                lines.append(f"p {label} {node.player + 1} {moves[node.information_set]} {paid}")
            case NodeKind.AGREEMENT:
                raise InputError("an .efg has moves and chance only: lay the agreements out as moves")
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A text in quotes. Raises `InputError` for one that ends in a backslash: no file of this format can hold it."""
    if text.endswith("\\"):
        raise InputError(f"a label in a Gambit file cannot end in a backslash: {text!r}; leave it out")
    return '"' + text.replace('"', '\\"') + '"'


def number_text(number: Fraction) -> str:
    """An exact number: a decimal where it ends soon, else a fraction."""
    if number.denominator == 1:
        return str(number.numerator)
    decimals = _decimals(number.denominator)
    if decimals > MOST_DECIMALS:
        return f"{number.numerator}/{number.denominator}"
    digits = str(abs(number.numerator) * 10**decimals // number.denominator).zfill(decimals + 1)
    return f"{'-' * (number < 0)}{digits[:-decimals]}.{digits[-decimals:]}"


def _decimals(denominator: int) -> int:
    """How many decimals a fraction with this denominator needs; more than `MOST_DECIMALS` for never-ending ones."""
    for decimals in range(1, MOST_DECIMALS + 1):
        if 10**decimals % denominator == 0:
            return decimals
    return MOST_DECIMALS + 1


def _braced(labels: Iterable[str]) -> str:
    return "{ " + " ".join(map(quoted, labels)) + " }"


def _payoffs(payoffs: Iterable[Fraction]) -> str:
    return ", ".join(map(number_text, payoffs))

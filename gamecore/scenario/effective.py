"""A programme or a deal as it stands in an outcome: the rows that fit applied, first sets, then times, then plus.

Nothing is computed here but which number, factor and addend belong to which path; `Effective.number` then computes one
in any arithmetic. The order of rows in the file never matters, as no two rows that fit one outcome set the same path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Final, TypeVar

from gamecore.model import Block, DateOf, Due, Formula, Leaf, Path, Range, Time, Uncertain, Value, Verb, Words
from gamecore.scenario.expressions import Arithmetic

__all__ = ["BlockInOutcomes", "Effective"]

T = TypeVar("T")
_COST: Final = "cost"
_BUDGET: Final = "budget"


@dataclass(frozen=True)
class Effective:
    """What stands at every path after the changes, and what is still to be multiplied and added there."""

    leaves: Mapping[Path, Leaf]
    factors: Mapping[Path, tuple[Value, ...]]
    addends: Mapping[Path, tuple[tuple[Verb, Value], ...]]

    def words(self, path: Path) -> tuple[str, ...] | None:
        """The names at a path, or None if nothing is written there."""
        leaf = self.leaves.get(path)
        return leaf.words if isinstance(leaf, Words) else None

    def due(self, path: Path) -> Due | None:
        """The point of the programme at a path."""
        leaf = self.leaves.get(path)
        return leaf if isinstance(leaf, Due) else None

    def names(self, section: str) -> tuple[str, ...]:
        """The names of the parts of a section, in file order."""
        return tuple(dict.fromkeys(path[1] for path in self.leaves if path[0] == section))

    def below(self, path: Path) -> tuple[str, ...]:
        """The names of what stands right below a path."""
        depth = len(path)
        return tuple(dict.fromkeys(at[depth] for at in self.leaves if at[:depth] == path and len(at) > depth))

    def has(self, path: Path) -> bool:
        """Whether a number is written or changed at a path."""
        return path in self.leaves or path in self.factors or path in self.addends

    def plain(self, path: Path) -> Fraction | None:
        """The number at a path if it is one in every outcome, written out and changed by nothing."""
        leaf = self.leaves.get(path)
        if not isinstance(leaf, Formula) or path in self.factors or path in self.addends:
            return None
        return leaf.constant

    def formulas(self) -> frozenset[str]:
        """Every name of an input or term that the numbers rest on."""
        found: set[str] = set()
        for leaf in self.leaves.values():
            for value in (leaf.above, leaf.at) if isinstance(leaf, Due) else (leaf,):
                found |= value.names if isinstance(value, Formula) else set()
        changing = [value for values in self.factors.values() for value in values]
        changing += [value for values in self.addends.values() for _, value in values]
        return frozenset(found).union(*(value.names for value in changing if isinstance(value, Formula)))

    def number(self, path: Path, arithmetic: Arithmetic[T], evaluate: Callable[[Value | Uncertain | Time], T]) -> T:
        """The number at a path; 0 where nothing is written, the budget for a cost."""
        leaf = self.leaves.get(path)
        written = (leaf.above or leaf.at) if isinstance(leaf, Due) else leaf  # of a milestone: threshold or date
        if isinstance(written, Formula | Range | DateOf):
            found = evaluate(written)
        elif path[-1] == _COST:
            found = self.number((*path[:-1], _BUDGET), arithmetic, evaluate)
        else:
            found = arithmetic.number(Fraction(0))
        for factor in self.factors.get(path, ()):
            found = arithmetic.operate("*", found, evaluate(factor))
        for verb, addend in self.addends.get(path, ()):
            found = arithmetic.operate("+" if verb is Verb.PLUS else "-", found, evaluate(addend))
        return found


class BlockInOutcomes:
    """A block under the outcomes of a scenario; what the same rows make of it is made once."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.named = frozenset().union(*(row.when.names for row in block.changes))
        self._names = tuple(sorted(self.named))
        self._fitting: dict[tuple[str | None, ...], tuple[int, ...]] = {}
        self._effective: dict[tuple[int, ...], Effective] = {}

    def fitting(self, assignment: Mapping[str, str]) -> tuple[int, ...]:
        """The rows that fit an outcome (with the switches in it)."""
        key = tuple(map(assignment.get, self._names))
        if key not in self._fitting:
            self._fitting[key] = tuple(
                number for number, row in enumerate(self.block.changes) if row.when.fits(assignment)
            )
        return self._fitting[key]

    def after(self, fitting: tuple[int, ...]) -> Effective:
        """The block after the changes of some rows."""
        if fitting not in self._effective:
            self._effective[fitting] = self._apply(fitting)
        return self._effective[fitting]

    def _apply(self, fitting: tuple[int, ...]) -> Effective:
        edits = [edit for number in fitting for edit in self.block.changes[number].edits]
        leaves = reduce(
            lambda held, edit: (
                {path: leaf for path, leaf in held.items() if path[: len(edit.path)] != edit.path} | dict(edit.leaves)
            ),
            sorted((edit for edit in edits if edit.verb is Verb.SET), key=lambda edit: len(edit.path)),
            dict(self.block.leaves),
        )
        factors: dict[Path, tuple[Value, ...]] = {}
        addends: dict[Path, tuple[tuple[Verb, Value], ...]] = {}
        for edit in edits:
            if edit.value is None:
                continue
            if edit.verb is Verb.TIMES:
                factors[edit.path] = (*factors.get(edit.path, ()), edit.value)
            else:
                addends[edit.path] = (*addends.get(edit.path, ()), (edit.verb, edit.value))
        return Effective(leaves, factors, addends)

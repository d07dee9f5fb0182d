"""What the record of an analysis says of every input: what was typed, its unit, its source and its owner."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gamecore.advice.analysis import InputFacts
from gamecore.model import Block, DateOf, Formula, Input, Path, Range, Scenario, Shape, Uncertain, Value, Words
from gamecore.scenario.confidential import confidential_names
from gamecore.scenario.reader import spoken
from gamecore.valuation.inputs import cut_share, quantile

__all__ = ["input_facts"]

_WORDS = (DateOf, Words)  # names and dates of others, which are no figures


def input_facts(scenario: Scenario, draws: int) -> tuple[InputFacts, ...]:
    """The inputs in the order of their names, then what parts of the programme and the deal have a source of their own.

    `draws` is how many were taken, for the share that was cut.
    """
    secret = confidential_names(scenario)
    inputs = (_facts(item, draws, f"inputs.{name}" in secret) for name, item in sorted(scenario.inputs.items()))
    blocks = (("programme", scenario.programme), ("deal", scenario.deal))
    parts = (
        _part_facts(name, block, path, name in secret)
        for name, block in blocks
        if block is not None
        for path in block.sources
    )
    return (*inputs, *parts)


def _part_facts(name: str, block: Block, path: Path, confidential: bool) -> InputFacts:  # noqa: FBT001 - as below
    """A part whose figures come from somewhere, such as published success rates: all of its numbers in one."""
    written = {
        at[-1]: leaf.text for at, leaf in block.leaves.items() if at[:2] == path and not isinstance(leaf, _WORDS)
    }
    return InputFacts(
        key=f"{name}.{'.'.join(path)}",
        label=block.labels.get(path, spoken(path[-1])),
        value=", ".join(f"{key} {text}" for key, text in written.items()),
        shape=None,
        base=None,
        p10=None,
        p90=None,
        cut=0.0,
        unit=None,
        source=block.sources[path],
        owner=None,
        moves_with={},
        confidential=confidential,
    )


def _facts(item: Input, draws: int, confidential: bool) -> InputFacts:  # noqa: FBT001 - one fact among others
    value = item.value
    base, p10, p90 = _points(value)
    moves_with: Mapping[str, float] = {name: float(rho) for name, rho in item.moves_with.items()}
    return InputFacts(
        key=item.name,
        label=item.label,
        value=_typed(item),
        shape=_shape(value),
        base=base,
        p10=p10,
        p90=p90,
        cut=cut_share(value, draws=draws) if isinstance(value, Range | Uncertain) else 0.0,
        unit=item.unit,
        source=item.source,
        owner=item.owner,
        moves_with=moves_with,
        confidential=confidential,
    )


def _typed(item: Input) -> str:
    """The value as the file says it; of a switch, the position it stands in."""
    if item.rows:
        return "; ".join(row.value.text for row in item.rows)
    return (item.stands or "") if item.value is None else item.value.text


def _shape(value: Value | Uncertain | None) -> str | None:
    if isinstance(value, Uncertain):
        return value.shape.value
    return Shape.NORMAL.value if isinstance(value, Range) else None


def _points(value: Value | Uncertain | None) -> tuple[float | None, float | None, float | None]:
    """The base value with P10 and P90, where they are numbers whatever happens."""
    if isinstance(value, Range | Uncertain):
        low, high = map(float, quantile(value, np.array([0.1, 0.9])))
        return float(value.base), low, high
    if isinstance(value, Formula) and value.constant is not None:
        return (float(value.constant),) * 3
    return None, None, None

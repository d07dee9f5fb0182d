"""Solving a game by itself: from arrays, a game file or a scenario to its equilibria with their proofs.

`solve` is what `gamecore solve` prints, as a frozen `Answer`; `answer.document()` is its JSON document. Every
equilibrium is exact and certified, `status` and `notes` say how much of the game was searched, and every limit is
named.

>>> from gamecore.solving import solve
>>> answer = solve([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])  # axes (player, row, column)
>>> answer.status.value, answer.pure
('complete', ((1, 1),))
>>> [str(value) for value in answer.equilibria[0].payoffs]
['1', '1']
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gamecore.solving.answer import (
        Answer,
        Explanation,
        Found,
        Further,
        LedgerLine,
        Opinion,
        Outcome,
        Place,
        Stay,
        Step,
    )
    from gamecore.solving.door import FORMS, Form, solve
    from gamecore.solving.further import ALSO
    from gamecore.solving.limits import Limits

__all__ = [
    "ALSO",
    "FORMS",
    "Answer",
    "Explanation",
    "Form",
    "Found",
    "Further",
    "LedgerLine",
    "Limits",
    "Opinion",
    "Outcome",
    "Place",
    "Stay",
    "Step",
    "solve",
]

_HOMES = {"ALSO": "further", "FORMS": "door", "Form": "door", "solve": "door", "Limits": "limits"}


def __getattr__(name: str) -> Any:
    """Load what is asked for when it is asked for: an analysis needs one module of the room, not all of them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'answer')}"), name)

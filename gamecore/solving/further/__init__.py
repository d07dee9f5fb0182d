"""What else can be said of a game beside its equilibria: `solve(game, also=...)`.

| name | what it tells | games |
|---|---|---|
| `security` | what each player can be sure of alone, by one option and by a mixture | any |
| `dominance` | iterated elimination of dominated options, strict and weak, each step with what dominates | any |
| `rationalizable` | options a player may choose who thinks the others choose such options, each with a belief | any |
| `zero-sum` | whether one wins what the other loses; then the value and all optimal strategies | two players |
| `commitment` | what moving first and being bound is worth to each, and what it may cost | two players |
| `quantal-response` | how players who err play, from noise to the equilibrium that path leads to | any |
| `learning` | which equilibrium adaptive partners drift to | two players |
| `sequential` | which equilibria are sequentially rational, with the beliefs that make them so | trees |
| `correlated` | the best and worst a trusted adviser can do for each player and for the sum | any |

Each becomes a `Further`: a status of its own, its values as plain data with names, sentences, and the solver's frozen
`result`. All but `sequential` are about the strategic form: a tree is laid out as its reduced strategic form, a
scenario of several steps as that of its moves and chance under one protocol. What a limit or the kind of game rules out
is refused by itself and says why; the others are told.

>>> from gamecore.solving import solve
>>> answer = solve([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], also=["security", "dominance"])
>>> answer.further["security"].sentences[0]
'player 1 is sure of 1 by playing 2, whatever the others do'
>>> answer.document()["dominance"]["strict"]["remaining"]
[['2'], ['2']]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from gamecore.equilibria.result import Status
from gamecore.errors import InputError, RefusedError
from gamecore.solving.answer import Answer, Further
from gamecore.solving.further.adviser import correlated
from gamecore.solving.further.believing import sequential
from gamecore.solving.further.committing import commitment
from gamecore.solving.further.drifting import learning, quantal_response
from gamecore.solving.further.eliminating import dominance, rationalizable
from gamecore.solving.further.securing import security, zero_sum
from gamecore.solving.further.subject import Subject, subject_of
from gamecore.solving.limits import Limits, ShouldStop
from gamecore.solving.strategic import Tell

__all__ = ["ALSO", "furthered", "refused_further", "wanted"]

Solver = Callable[[Subject, ShouldStop], Further]

ALSO: Final = (
    "security",
    "dominance",
    "rationalizable",
    "zero-sum",
    "commitment",
    "quantal-response",
    "learning",
    "sequential",
    "correlated",
)
"""In the order in which they are computed and told: the one that may take long comes last."""

EVERYTHING: Final = "all"
ON_TREES: Final = "sequential"
TWO_PLAYERS: Final = ("zero-sum", "commitment", "learning")
ON_EQUILIBRIA: Final = ("commitment", "quantal-response", "learning", "correlated")  # refer to them


def wanted(also: str | Iterable[str]) -> tuple[str, ...]:
    """The names asked for, each once, in the order of `ALSO`; `all` means all of them.

    Raises `InputError` for a name that is none of them.
    """
    names = [also] if isinstance(also, str) else list(also)
    names = [part.strip() for name in names for part in str(name).split(",")]
    for name in names:
        if name not in ALSO and name != EVERYTHING:
            raise InputError(f"also {name!r}: use {', '.join(ALSO)}, or {EVERYTHING}; several with commas between")
    return tuple(name for name in ALSO if name in names or EVERYTHING in names)


def refused_further(names: Iterable[str], why: str) -> dict[str, Further]:
    """Each of these refused for the same reason."""
    return {name: Further(name, Status.REFUSED, notes=(why,)) for name in names}


def furthered(
    answer: Answer,
    game: Any,
    names: tuple[str, ...],
    bounds: tuple[Limits, Iterator[ShouldStop]],
    tell: Tell,
    *,
    seed: int,
) -> Answer:
    """The answer with what was asked for beside its equilibria.

    `bounds` are the limits of size, and clocks: one for laying out the game, then one for each name.
    """
    limits, clocks = bounds
    laid_out = [name for name in names if name != ON_TREES]
    clock = next(clocks)
    found: dict[str, Further] = {}
    subject: Subject | None = None
    try:
        if laid_out:
            needed = any(name in ON_EQUILIBRIA for name in laid_out)
            subject = subject_of(answer, game, limits, clock, equilibria=needed)
    except RefusedError as error:
        found = refused_further(laid_out, str(error))
    for place, name in enumerate(names):
        clock = next(clocks)
        if name == ON_TREES:
            found[name] = _believed(answer, game, limits, clock)
        elif subject is not None:
            found[name] = _asked(name, subject, clock, seed)
        rest = refused_further(names[place + 1 :], "the time was up before this")
        known = rest | found
        answer = replace(answer, further={name: known[name] for name in names})
        tell(answer)
    return answer


def _believed(answer: Answer, game: Any, limits: Limits, stop: ShouldStop) -> Further:
    try:
        return sequential(answer, game, limits, stop)
    except RefusedError as error:
        return Further(ON_TREES, Status.REFUSED, notes=(str(error),))


def _asked(name: str, subject: Subject, stop: ShouldStop, seed: int) -> Further:
    solvers: Mapping[str, Solver] = {
        "security": security,
        "dominance": dominance,
        "rationalizable": rationalizable,
        "zero-sum": zero_sum,
        "commitment": commitment,
        "quantal-response": quantal_response,
        "learning": partial(learning, seed=seed),
        "correlated": correlated,
    }
    players = len(subject.players)
    if name in TWO_PLAYERS and players != 2:
        return Further(name, Status.REFUSED, notes=(f"this is for two players, and the game has {players}",))
    try:
        found = solvers[name](subject, stop)
    except RefusedError as error:
        return Further(name, Status.REFUSED, notes=(str(error),))
    return replace(found, notes=(*subject.notes, *found.notes))

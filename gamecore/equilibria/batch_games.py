"""All equilibria of many games of one shape at once: two players mixed and pure, more players pure.

Payoffs are floats with the game in front: `(game, row, column)` for each of two players, `(game, player, option of
player 0, ...)` for more. Games that are not close to a tie are solved in floats, all at once (`batch_supports`); the
others one by one in rationals (`two_player`), where a float counts as the decimal it prints as. So the answer is the
exact solver's for every game; chances are right to 1e-9.

Answers are flat: one row per equilibrium, with the number of its game. Games are cut in pieces of a size that depends
on their shape alone, so neither the pieces nor who works on them changes a number.

>>> import numpy as np
>>> sexes = np.array([[[2.0, 0.0], [0.0, 1.0]]]), np.array([[[1.0, 0.0], [0.0, 2.0]]])
>>> found = solve_batch(*sexes)
>>> found.game.tolist(), found.x.round(3).tolist()
([0, 0, 0], [[1.0, 0.0], [0.0, 1.0], [0.667, 0.333]])
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from importlib.util import find_spec
from itertools import chain
from math import comb, prod
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.batch_compiled import compiled_minors, worth_compiling
from gamecore.equilibria.batch_minors import Floats, Whole, Workspace, minors
from gamecore.equilibria.batch_supports import clear_equilibria
from gamecore.equilibria.pure import pure_equilibria_batch
from gamecore.equilibria.result import Status
from gamecore.equilibria.spreading import Progress, crew, in_order, parts
from gamecore.equilibria.two_player import WORK_LIMIT, two_player_equilibria
from gamecore.errors import InputError, TooLargeError
from gamecore.games.strategic import StrategicGame

__all__ = ["EXACT_WORK", "MOST_MINORS", "BatchEquilibria", "PureBatch", "solve_batch", "solve_pure_batch"]

Flags = npt.NDArray[np.bool_]

MOST_MINORS: Final = 250_000
"""Determinants of one size that are held for a game at most: up to 11x11, or 3x50."""

PIECE_NUMBERS: Final = 3_000_000
"""Floats that a piece of games works with: about 24 MB, which a thread keeps for the next."""

MOST_IN_PIECE: Final = 8_192
"""Games of a piece, however small they are."""

EXACT_WORK: Final = 120_000_000
"""Entries of dictionaries computed for all games solved in rationals together: about a minute on one core."""

LEAST_WORK: Final = 2_000
"""What a game solved in rationals is given at least, a millisecond: games beyond are not solved mixed, only pure."""

EXACT_PIECE: Final = 8
"""Games solved in rationals of one piece."""


@dataclass(frozen=True, eq=False)
class BatchEquilibria:
    """The equilibria of `len(exact)` games, game after game; within one pure ones first, then by supports.

    `game` (equilibrium,) numbers from 0; `x` (equilibrium, row) and `y` (equilibrium, column) are chances; `payoffs`
    (equilibrium, player). Per game: `exact` where ties could matter and it was solved in rationals, `infinite` where
    the equilibria listed are the extreme ones of infinitely many, `complete` where nothing was cut short (else pure
    equilibria are all listed, mixed ones may be missing).
    """

    game: Whole
    x: Floats
    y: Floats
    payoffs: Floats
    exact: Flags
    infinite: Flags
    complete: Flags

    @property
    def counts(self) -> Whole:
        """How many are listed for each game."""
        return np.bincount(self.game, minlength=len(self.exact))

    def of(self, game: int) -> slice:
        """Where the equilibria of a game stand."""
        first, last = np.searchsorted(self.game, [game, game + 1])
        return slice(int(first), int(last))


@dataclass(frozen=True, eq=False)
class PureBatch:
    """The pure equilibria of `len(near)` games, game after game, profiles in order (the last player's varies fastest).

    `game` (equilibrium,); `profile` (equilibrium, player), options from 0; `payoffs` (equilibrium, player). `near`
    (game,) flags games in which it matters that floats are compared exactly: somebody gains by moving, but no more than
    `RELATIVE_TIE_TOLERANCE` of its largest payoff.
    """

    game: Whole
    profile: Whole
    payoffs: Floats
    near: Flags


def solve_batch(
    row_payoffs: npt.ArrayLike,
    column_payoffs: npt.ArrayLike,
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    chunk: int | None = None,
    exact_work: int = EXACT_WORK,
    compiled: bool | None = None,
) -> BatchEquilibria:
    """All Nash equilibria, pure and mixed, of many two-player games of one shape.

    Parameters
    ----------
    row_payoffs, column_payoffs
        What the players get, axes (game, row, column).
    executor, workers
        Who does the work: any executor of `concurrent.futures`, or so many processes of our own; we ourselves if
        neither is given. The answer is the same.
    progress
        Called with how many games are done, of how many, and a word.
    chunk
        Games of a piece; what fits in about 24 MB if not given. The answer is the same.
    exact_work
        Bounds the work in rationals: divided evenly among the games that need it. Games beyond it are not `complete`.
    compiled
        Whether to use compiled code, which wants numba (extra `compiled`). If nothing is said, it is used where numba
        is loaded already, or installed and the work large. The answer is the same.

    Raises
    ------
    InputError
        If the axes do not fit, a payoff is not finite, or numba is wanted and not installed.
    TooLargeError
        If a game needs more than `MOST_MINORS` determinants of one size.
    """
    tables = _tables(row_payoffs, column_payoffs)
    games, rows, columns = tables[0].shape
    pieces = parts(games, _piece(chunk, _numbers(rows, columns)))
    clear = partial(_cleared, compiled=_by_compiled_code(games * _products(rows, columns), wanted=compiled))
    tell = progress or (lambda _done, _total, _label: None)
    with crew(executor, workers if games > 0 else None) as hands:
        found: list[_Listed] = []
        close = np.zeros(games, dtype=bool)
        for part, (listed, wanting) in zip(
            pieces, in_order(clear, _Tables(tables, pieces), executor=hands), strict=True
        ):
            close[part] = wanting
            found.append(listed.moved(part.start))
            tell(part.stop - int(close[: part.stop].sum()), games, "games")
        plain = games - int(close.sum())
        flags = close, np.zeros(games, dtype=bool), np.ones(games, dtype=bool)
        for listed, done in _solved_exactly(tables, flags, exact_work, hands):
            found.append(listed)
            tell(plain + done, games, "games with ties, in rationals")
    return _together(found, (rows, columns), flags)


def solve_pure_batch(
    payoffs: npt.ArrayLike,
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    chunk: int | None = None,
) -> PureBatch:
    """All pure Nash equilibria of many games of any number of players; floats are compared exactly.

    `payoffs` have axes (game, player, option of player 0, ..., option of player n-1); the rest is as in `solve_batch`.

    Raises
    ------
    InputError
        If the axes do not fit or a payoff is not finite.
    """
    values = _array(payoffs)
    if values.ndim < 3 or values.shape[1] != values.ndim - 2 or 0 in values.shape[1:]:
        raise InputError(f"payoffs of shape {values.shape}: the axes are (game, player, options of each player)")
    games, players = values.shape[:2]
    pieces = parts(games, _piece(chunk, 4 * prod(values.shape[1:])))
    found = []
    with crew(executor, workers if games > 0 else None) as hands:
        for part, one in zip(pieces, in_order(_pure, [values[part] for part in pieces], executor=hands), strict=True):
            found.append((one[0] + part.start, *one[1:]))
            if progress is not None:
                progress(part.stop, games, "games")
    if not found:
        empty = np.zeros(0, dtype=np.intp)
        return PureBatch(empty, empty.reshape(0, players), np.zeros((0, players)), np.zeros(0, dtype=bool))
    return PureBatch(*(np.concatenate(column) for column in zip(*found, strict=True)))


# ---- what goes in


def _array(values: npt.ArrayLike) -> Floats:
    try:
        table = np.ascontiguousarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InputError("the payoffs are no array of numbers: every game needs as many rows and columns") from None
    if not np.isfinite(table).all():
        raise InputError("a payoff is not finite: every payoff must be a finite number")
    return table


def _tables(row_payoffs: npt.ArrayLike, column_payoffs: npt.ArrayLike) -> tuple[Floats, Floats]:
    first, second = _array(row_payoffs), _array(column_payoffs)
    if first.ndim != 3 or first.shape != second.shape or 0 in first.shape[1:]:
        raise InputError(
            f"payoffs of shapes {first.shape} and {second.shape}: both have the axes (game, row, column), "
            "with as many of each and at least one row and column"
        )
    return first, second


def _numbers(rows: int, columns: int) -> int:
    """How many floats the search works with for one game. Raises `TooLargeError`."""
    most = max(
        max(comb(rows, size) * comb(columns, size + 1), comb(columns, size) * comb(rows, size + 1))
        for size in range(1, min(rows, columns) + 1)
    )
    if most > MOST_MINORS:
        raise TooLargeError(
            f"games of {rows}x{columns} need {most} determinants of one size, more than {MOST_MINORS}: "
            "solve them one by one (gamecore.solve), or leave out options that are dominated",
            limit="determinants of a game",
            count=most,
            allowed=MOST_MINORS,
        )
    return 6 * most + 4 * rows * columns + 32


def _products(rows: int, columns: int) -> int:
    """How many products the determinants of one game take."""
    return sum(
        comb(rows, size) * comb(columns, size + 1) * (size + 1)
        + comb(columns, size) * comb(rows, size + 1) * (size + 1)
        for size in range(1, min(rows, columns) + 1)
    )


def _by_compiled_code(products: int, *, wanted: bool | None) -> bool:
    if wanted and find_spec("numba") is None:
        raise InputError("compiled code needs numba: install gamecore[compiled], or leave out compiled=True")
    return worth_compiling(products) if wanted is None else wanted


def _piece(chunk: int | None, each: int) -> int:
    if chunk is None:
        return max(1, min(MOST_IN_PIECE, PIECE_NUMBERS // each))
    if chunk < 1:
        raise InputError(f"chunk = {chunk}: a piece has at least one game")
    return chunk


class _Tables(Sequence[tuple[Floats, Floats]]):
    """The pieces of both tables, cut when they are asked for: only what is out is held twice."""

    def __init__(self, tables: tuple[Floats, Floats], pieces: Sequence[slice]) -> None:
        self.tables = tables
        self.pieces = pieces

    def __len__(self) -> int:
        return len(self.pieces)

    def __getitem__(self, place: Any) -> Any:
        return tuple(table[self.pieces[place]] for table in self.tables)


# ---- pieces


@dataclass(frozen=True)
class _Listed:
    """Rows of `BatchEquilibria`."""

    game: Whole
    x: Floats
    y: Floats
    payoffs: Floats

    def moved(self, by: int) -> _Listed:
        return _Listed(self.game + by, self.x, self.y, self.payoffs)


def _cleared(tables: tuple[Floats, Floats], *, compiled: bool) -> tuple[_Listed, Flags]:
    """The equilibria of the games of a piece, and which of the games want to be solved exactly."""
    if _KEPT.space is None:
        _KEPT.space = Workspace()
    clear = clear_equilibria(*tables, _KEPT.space, compiled_minors if compiled else minors)
    return _Listed(clear.game, clear.x, clear.y, clear.payoffs), clear.close


class _Kept(threading.local):
    """The workspace of a thread: none is shared, and none is made anew for every piece."""

    space: Workspace | None = None


_KEPT: Final = _Kept()


def _exactly(limit: int, games: Sequence[tuple[Floats, Floats]]) -> list[tuple[_Listed, bool, bool]]:
    """Each game solved in rationals: its equilibria (all of game 0), whether infinitely many, and whether all."""
    answers = []
    for row_payoffs, column_payoffs in games:
        solution = two_player_equilibria(
            StrategicGame.from_array(np.stack([row_payoffs, column_payoffs]).astype(object)), limit=limit
        )
        found = solution.equilibria
        listed = _Listed(
            np.zeros(len(found), dtype=np.intp),
            _floats([one.strategies[0] for one in found], row_payoffs.shape[0]),
            _floats([one.strategies[1] for one in found], row_payoffs.shape[1]),
            _floats([one.payoffs for one in found], 2),
        )
        infinite = any(not component.single for component in solution.components)
        answers.append((listed, infinite, solution.status is Status.COMPLETE))
    return answers


def _floats(rows: Sequence[Sequence[Fraction]], width: int) -> Floats:
    return np.array([[float(value) for value in row] for row in rows], dtype=np.float64).reshape(-1, width)


def _only_pure(tables: tuple[Floats, Floats]) -> _Listed:
    """The pure equilibria of games."""
    game, profile, payoffs, _ = _pure(np.stack(tables, axis=1))
    x, y = (np.zeros((len(game), count)) for count in tables[0].shape[1:])
    for chances, player in ((x, 0), (y, 1)):
        chances[np.arange(len(game)), profile[:, player]] = 1.0
    return _Listed(game, x, y, payoffs)


def _pure(payoffs: Floats) -> tuple[Whole, Whole, Floats, Flags]:
    """The fields of a `PureBatch` for one piece."""
    stable = pure_equilibria_batch(payoffs, tolerance=0.0)
    every = tuple(range(1, stable.ndim))
    near = (stable != pure_equilibria_batch(payoffs)).any(axis=every)
    game, *profile = np.nonzero(stable)
    return game, np.stack(profile, axis=1), np.moveaxis(payoffs, 1, -1)[(game, *profile)], near


# ---- games that are close to a tie


def _solved_exactly(
    tables: tuple[Floats, Floats], flags: tuple[Flags, Flags, Flags], work: int, hands: Executor | None
) -> Iterator[tuple[_Listed, int]]:
    """The equilibria of the games flagged, and how many of them are done; equal games are solved once."""
    exact, infinite, complete = flags
    alike: dict[bytes, list[int]] = {}
    for game in np.flatnonzero(exact).tolist():
        alike.setdefault(b"".join((table[game] + 0.0).tobytes() for table in tables), []).append(game)  # -0.0 is 0.0
    groups = [np.array(members, dtype=np.intp) for members in alike.values()]
    enough = groups[: work // LEAST_WORK]
    limit = min(WORK_LIMIT, work // max(1, len(groups)))
    done = 0
    chosen = [(tables[0][members[0]], tables[1][members[0]]) for members in enough]
    pieces = [chosen[part] for part in parts(len(chosen), EXACT_PIECE)]
    answers = chain.from_iterable(in_order(partial(_exactly, max(limit, LEAST_WORK)), pieces, executor=hands))
    for members, (listed, endless, every) in zip(enough, answers, strict=True):
        infinite[members], complete[members] = endless, every
        count = len(listed.game)
        again = np.tile(np.arange(count), len(members))
        done += len(members)
        yield _Listed(np.repeat(members, count), listed.x[again], listed.y[again], listed.payoffs[again]), done
    beyond = np.sort(np.concatenate([np.zeros(0, dtype=np.intp), *groups[len(enough) :]]))
    exact[beyond] = complete[beyond] = False
    for part in parts(len(beyond), MOST_IN_PIECE):
        games = beyond[part]
        listed = _only_pure((tables[0][games], tables[1][games]))
        done += len(games)
        yield _Listed(games[listed.game], listed.x, listed.y, listed.payoffs), done


def _together(found: Sequence[_Listed], shape: tuple[int, int], flags: tuple[Flags, Flags, Flags]) -> BatchEquilibria:
    """All rows, sorted by game; those of a game stay as they are."""
    nothing = _Listed(np.zeros(0, dtype=np.intp), np.zeros((0, shape[0])), np.zeros((0, shape[1])), np.zeros((0, 2)))
    game, x, y, payoffs = (
        np.concatenate([getattr(one, name) for one in (nothing, *found)]) for name in ("game", "x", "y", "payoffs")
    )
    if (game[1:] < game[:-1]).any():
        order = np.argsort(game, kind="stable")
        game, x, y, payoffs = game[order], x[order], y[order], payoffs[order]
    return BatchEquilibria(game, x, y, payoffs, *flags)

"""Many games at once have the equilibria that each has by itself, whoever works on them and in what pieces."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamecore.equilibria import batch_games
from gamecore.equilibria.batch_compiled import worth_compiling
from gamecore.equilibria.batch_games import BatchEquilibria, solve_batch, solve_pure_batch
from gamecore.equilibria.pure import pure_equilibria
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.errors import InputError, TooLargeError
from gamecore.games.strategic import StrategicGame
from tests.equilibria.games import TEXTBOOK, Textbook

Floats = npt.NDArray[np.float64]
Games = tuple[Floats, Floats]
Kind = Callable[[np.random.Generator, tuple[int, int, int]], Games]

SHAPES = ((1, 1), (1, 4), (4, 1), (2, 2), (2, 3), (3, 2), (3, 3), (2, 6), (4, 3), (4, 4))
EACH = 24  # games of a kind and shape


def uniform(rng: np.random.Generator, shape: tuple[int, int, int]) -> Games:
    return rng.uniform(-1, 1, shape), rng.uniform(0, 1, shape)


def small_numbers(rng: np.random.Generator, shape: tuple[int, int, int]) -> Games:
    return rng.integers(0, 3, shape).astype(float), rng.integers(0, 3, shape).astype(float)


def digits(rng: np.random.Generator, shape: tuple[int, int, int]) -> Games:
    return rng.integers(-9, 10, shape).astype(float), rng.integers(-9, 10, shape).astype(float)


def dollars(rng: np.random.Generator, shape: tuple[int, int, int]) -> Games:
    """Billions to the cent, against millions with one decimal."""
    return np.round(rng.normal(5e9, 2e9, shape), 2), np.round(rng.normal(0, 3, shape), 1)


def same_rows(rng: np.random.Generator, shape: tuple[int, int, int]) -> Games:
    first, second = uniform(rng, shape)
    first[:, -1], second[:, -1] = first[:, 0], second[:, 0]
    return first, second


def worse_rows(rng: np.random.Generator, shape: tuple[int, int, int]) -> Games:
    """The last row is worse than the first by the same everywhere, and its payoffs tie for the column player."""
    first, second = uniform(rng, shape)
    first[:, -1] = first[:, 0] - (0.25 if shape[1] > 1 else 0)
    second[:, -1] = 0.5
    return first, second


def one_total(rng: np.random.Generator, shape: tuple[int, int, int]) -> Games:
    first, _ = uniform(rng, shape)
    return first, -first


def shared(rng: np.random.Generator, shape: tuple[int, int, int]) -> Games:
    first, _ = digits(rng, shape)
    return first, first.copy()


def no_deal(rng: np.random.Generator, shape: tuple[int, int, int]) -> Games:
    """Both name an option; what happens if they do not name the same is one payoff."""
    games, rows, columns = shape
    first, second = uniform(rng, shape)
    apart = ~np.eye(rows, columns, dtype=bool)
    first[:, apart], second[:, apart] = rng.uniform(-1, 1, (games, 1)), rng.uniform(0, 1, (games, 1))
    return first, second


def nearly_tied(rng: np.random.Generator, shape: tuple[int, int, int]) -> Games:
    """Whole numbers, moved by less than what counts as a difference."""
    first, second = small_numbers(rng, shape)
    return first + rng.uniform(-1e-12, 1e-12, shape), second + rng.uniform(-1e-12, 1e-12, shape)


def far_apart(rng: np.random.Generator, shape: tuple[int, int, int]) -> Games:
    """Payoffs of very different size in one game."""
    return np.float_power(10, rng.integers(-6, 7, shape)), -np.float_power(10, rng.integers(-6, 7, shape))


KINDS: tuple[Kind, ...] = (
    uniform,
    small_numbers,
    digits,
    dollars,
    same_rows,
    worse_rows,
    one_total,
    shared,
    no_deal,
    nearly_tied,
    far_apart,
)


def one_by_one(tables: Games, game: int) -> Any:
    return two_player_equilibria(StrategicGame.from_array(np.stack([table[game] for table in tables]).astype(object)))


def same(found: BatchEquilibria, other: BatchEquilibria) -> bool:
    """Whether two answers are the same to the last bit."""
    names = ("game", "x", "y", "payoffs", "exact", "infinite", "complete")
    return all(getattr(found, name).tobytes() == getattr(other, name).tobytes() for name in names)


def nothing_to_gain(found: BatchEquilibria, tables: Games) -> bool:
    """The definition: chances sum to 1, and no option gives its player more than what it gets."""
    first, second = (table[found.game] for table in tables)
    rows = np.einsum("eij,ej->ei", first, found.y)
    columns = np.einsum("eij,ei->ej", second, found.x)
    tolerated = [1e-8 * np.abs(table).max(axis=(1, 2), initial=0.0) for table in (first, second)]
    return bool(
        (found.x >= 0).all()
        and (found.y >= 0).all()
        and np.allclose(found.x.sum(axis=1), 1, atol=1e-12)
        and np.allclose(found.y.sum(axis=1), 1, atol=1e-12)
        and (rows.max(axis=1, initial=-np.inf) <= found.payoffs[:, 0] + tolerated[0]).all()
        and (columns.max(axis=1, initial=-np.inf) <= found.payoffs[:, 1] + tolerated[1]).all()
        and (np.abs((rows * found.x).sum(axis=1) - found.payoffs[:, 0]) <= tolerated[0]).all()
        and (np.abs((columns * found.y).sum(axis=1) - found.payoffs[:, 1]) <= tolerated[1]).all()
    )


# ---- two players


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_each_game_has_the_equilibria_the_exact_solver_finds(kind: Kind, shape: tuple[int, int]) -> None:
    tables = kind(np.random.default_rng([1, *shape]), (EACH, *shape))
    found = solve_batch(*tables)
    assert found.complete.all()
    assert nothing_to_gain(found, tables)
    for game in range(EACH):
        solution = one_by_one(tables, game)
        here = found.of(game)
        assert found.counts[game] == len(solution.equilibria)
        for x, y, payoffs, one in zip(
            found.x[here], found.y[here], found.payoffs[here], solution.equilibria, strict=True
        ):
            assert x == pytest.approx([float(chance) for chance in one.strategies[0]], abs=1e-9)
            assert y == pytest.approx([float(chance) for chance in one.strategies[1]], abs=1e-9)
            assert payoffs == pytest.approx([float(value) for value in one.payoffs], rel=1e-8, abs=1e-8)
        assert found.infinite[game] == (not all(component.single for component in solution.components))


@pytest.mark.parametrize("case", TEXTBOOK, ids=lambda case: case.name)
def test_published_equilibria_are_found(case: Textbook) -> None:
    tables = tuple(table[None].astype(float) for table in case.game.payoffs)
    found = solve_batch(*tables)
    listed = {(tuple(x.round(9)), tuple(y.round(9))) for x, y in zip(found.x, found.y, strict=True)}
    published = {tuple(tuple(round(float(c), 9) for c in strategy) for strategy in one) for one in case.equilibria}
    assert listed == published
    assert found.infinite.tolist() == [not case.finite]


def test_games_without_ties_are_solved_in_floats_and_have_an_odd_number_of_equilibria() -> None:
    for size in (2, 3, 4, 5, 6):
        tables = uniform(np.random.default_rng(size), (500, size, size))
        found = solve_batch(*tables)
        assert not found.exact.any()
        assert (found.counts % 2 == 1).all()  # Wilson 1971
        assert nothing_to_gain(found, tables)


def test_a_tie_that_nobody_gets_near_needs_no_exact_solution() -> None:
    first = np.array([[[3.0, 3.0, 3.0], [0.0, 0.0, 0.0]]])
    second = np.array([[[3.0, 1.0, 1.0], [5.0, 5.0, 5.0]]])  # ties between worse columns, and in a row never used
    found = solve_batch(first, second)
    assert found.exact.tolist() == [False]
    assert (found.x.tolist(), found.y.tolist()) == ([[1.0, 0.0]], [[1.0, 0.0, 0.0]])


def test_a_tie_that_matters_is_solved_exactly() -> None:
    found = solve_batch([[[1.0, 1.0], [0.0, 0.0]]], [[[2.0, 2.0], [0.0, 0.0]]])
    assert (found.exact.tolist(), found.infinite.tolist()) == ([True], [True])
    assert found.y.tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_a_float_counts_as_the_decimal_it_prints_as() -> None:
    tables = np.array([[[0.1 + 0.2, 0.3]]]), np.array([[[0.1 + 0.2, 0.3]]])
    found = solve_batch(*tables)
    assert found.exact.tolist() == [True]
    assert found.y.tolist() == [[1.0, 0.0]]  # 0.30000000000000004 is more than 0.3, if only just
    solution = one_by_one(tables, 0)
    assert [one.strategies[1] for one in solution.equilibria] == [(Fraction(1), Fraction(0))]


@given(st.integers(0, 2**32), st.integers(1, 4), st.integers(1, 4), st.sampled_from(KINDS))
def test_units_offsets_and_the_order_of_games_change_nothing(seed: int, rows: int, columns: int, kind: Kind) -> None:
    rng = np.random.default_rng(seed)
    first, second = kind(rng, (6, rows, columns))
    found = solve_batch(first, second)
    turned = solve_batch(first[::-1], second[::-1])
    for game in range(6):
        assert found.x[found.of(game)].tobytes() == turned.x[turned.of(5 - game)].tobytes()
        assert found.y[found.of(game)].tobytes() == turned.y[turned.of(5 - game)].tobytes()
    doubled = solve_batch(first * 4, second * 0.5)  # powers of 2 round nothing
    clear = ~found.exact & ~doubled.exact
    assert np.array_equal(found.counts[clear], doubled.counts[clear])
    swapped = solve_batch(second.transpose(0, 2, 1), first.transpose(0, 2, 1))
    assert np.array_equal(found.counts, swapped.counts)
    assert np.array_equal(found.infinite, swapped.infinite)


@pytest.mark.parametrize("kind", [uniform, digits, no_deal])
def test_pieces_and_workers_change_no_bit(kind: Kind) -> None:
    tables = kind(np.random.default_rng(5), (60, 3, 3))
    whole = solve_batch(*tables)
    assert len(whole.game) > 60
    for chunk in (1, 7, 8, 59):
        assert same(whole, solve_batch(*tables, chunk=chunk))
    with ThreadPoolExecutor(3) as threads:
        assert same(whole, solve_batch(*tables, chunk=8, executor=threads))
    assert same(whole, solve_batch(*tables, chunk=16, workers=2))


def test_equal_games_are_solved_once_and_none_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    solved = []

    def counting(game: StrategicGame, **options: Any) -> Any:
        solved.append(game)
        return two_player_equilibria(game, **options)

    monkeypatch.setattr(batch_games, "two_player_equilibria", counting)
    nothing = np.zeros((5_000, 6, 6))
    found = solve_batch(nothing, -nothing)
    assert len(solved) == 1
    assert found.exact.all()
    assert found.infinite.all()
    assert (found.counts == 36).all()


def test_work_in_rationals_is_bounded_and_games_beyond_say_so() -> None:
    tables = small_numbers(np.random.default_rng(2), (300, 3, 3))
    found = solve_batch(*tables, exact_work=10 * batch_games.LEAST_WORK)
    whole = solve_batch(*tables)
    assert whole.complete.all()
    assert 0 < (~found.complete).sum() <= whole.exact.sum() - 10
    assert not (found.exact & ~found.complete).any()
    for game in np.flatnonzero(~found.complete):
        pure = pure_equilibria(StrategicGame.from_array(np.stack([table[game] for table in tables]))).equilibria
        here = found.of(int(game))
        listed = list(zip(found.x[here].argmax(axis=1), found.y[here].argmax(axis=1), strict=True))
        assert listed == [one.profile for one in pure]
        assert (found.x[here].max(axis=1) == 1).all()
    for game in np.flatnonzero(found.complete):
        assert found.x[found.of(int(game))].tobytes() == whole.x[whole.of(int(game))].tobytes()


def test_progress_counts_every_game_and_never_backwards() -> None:
    told: list[tuple[int, int]] = []
    tables = digits(np.random.default_rng(3), (50, 2, 2))
    solve_batch(*tables, chunk=10, progress=lambda done, total, _label: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (50, 50)


def test_no_games_have_no_equilibria() -> None:
    found = solve_batch(np.zeros((0, 2, 3)), np.zeros((0, 2, 3)), workers=2)
    assert (found.x.shape, found.y.shape, found.payoffs.shape, found.exact.shape) == ((0, 2), (0, 3), (0, 2), (0,))


@pytest.mark.parametrize(
    ("first", "second", "options", "said"),
    [
        ([[[1, 2]]], [[[1, 2, 3]]], {}, r"axes \(game, row, column\)"),
        ([[1, 2]], [[1, 2]], {}, r"axes \(game, row, column\)"),
        ([[[1], [2, 3]]], [[[1], [2, 3]]], {}, "no array of numbers"),
        ([[["a"]]], [[[1]]], {}, "no array of numbers"),
        ([[[float("nan")]]], [[[1]]], {}, "finite"),
        ([[[1]]], [[[float("inf")]]], {}, "finite"),
        (np.zeros((2, 0, 3)), np.zeros((2, 0, 3)), {}, "at least one row"),
        ([[[1]]], [[[1]]], {"chunk": 0}, "at least one game"),
        ([[[1]]], [[[1]]], {"workers": 0}, "workers"),
        ([[[1]]], [[[1]]], {"workers": 10_000}, "workers"),
    ],
)
def test_wrong_input_is_told(first: Any, second: Any, options: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        solve_batch(first, second, **options)


def test_games_too_large_are_refused_by_name() -> None:
    with pytest.raises(TooLargeError, match="determinants") as refused:
        solve_batch(np.zeros((1, 12, 12)), np.zeros((1, 12, 12)))
    assert refused.value.allowed == batch_games.MOST_MINORS


# ---- compiled code


def test_nothing_loads_numba_for_a_small_batch() -> None:
    if "numba" not in sys.modules:
        assert not worth_compiling(1_000_000)


def test_compiled_code_gives_the_same_bits_or_is_refused_where_numba_is_missing() -> None:
    tables = digits(np.random.default_rng(7), (200, 4, 5))
    if find_spec("numba") is None:
        with pytest.raises(InputError, match="numba"):
            solve_batch(*tables, compiled=True)
    else:
        assert same(solve_batch(*tables, compiled=True), solve_batch(*tables, compiled=False))


# ---- more players


@pytest.mark.parametrize("shape", [(2,), (2, 2), (2, 2, 2), (3, 2, 2), (2, 2, 2, 2)], ids=str)
def test_the_pure_equilibria_of_each_game_are_those_found_alone(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng([3, *shape])
    payoffs = np.concatenate(
        [rng.uniform(size=(40, len(shape), *shape)), rng.integers(0, 3, (40, len(shape), *shape)).astype(float)]
    )
    found = solve_pure_batch(payoffs, chunk=9)
    assert not found.near.any()
    for game, values in enumerate(payoffs):
        solution = pure_equilibria(StrategicGame.from_array(values.astype(object)))
        here = found.game == game
        assert list(map(tuple, found.profile[here])) == [one.profile for one in solution.equilibria]
        assert found.payoffs[here].tolist() == [[float(value) for value in one.payoffs] for one in solution.equilibria]


def test_pure_equilibria_that_hang_on_the_last_digits_are_flagged() -> None:
    first = np.array([[1.0, 0.0], [1.0 + 1e-12, 0.0]])
    found = solve_pure_batch(np.stack([np.stack([first, np.zeros((2, 2))]), np.zeros((2, 2, 2))]))
    assert found.near.tolist() == [True, False]
    assert found.profile[found.game == 0].tolist() == [[0, 1], [1, 0], [1, 1]]


def test_pure_equilibria_do_not_depend_on_pieces_or_workers() -> None:
    payoffs = np.random.default_rng(4).integers(0, 4, (50, 3, 2, 3, 2)).astype(float)
    whole = solve_pure_batch(payoffs)
    for other in (solve_pure_batch(payoffs, chunk=7), solve_pure_batch(payoffs, chunk=13, workers=2)):
        for name in ("game", "profile", "payoffs", "near"):
            assert getattr(whole, name).tobytes() == getattr(other, name).tobytes()
    assert len(solve_pure_batch(np.zeros((0, 3, 2, 2, 2))).game) == 0


@pytest.mark.parametrize("payoffs", [np.zeros((2, 3, 2, 2)), np.zeros((2, 2)), [[[np.nan, 1.0]]]])
def test_payoffs_of_a_wrong_form_are_refused(payoffs: Any) -> None:
    with pytest.raises(InputError):
        solve_pure_batch(payoffs)


@pytest.mark.parametrize("unit", [1e308, 1e-308, 5e-324])
def test_the_largest_and_smallest_floats_are_games_like_any_other(unit: float) -> None:
    rng = np.random.default_rng(9)
    tables = unit * rng.choice([-1.0, 0.0, 1.0], (40, 2, 2)), unit * rng.choice([-1.0, 0.0, 1.0], (40, 2, 2))
    found = solve_batch(*tables)
    assert np.isfinite(found.payoffs).all()
    for game in range(40):
        assert found.counts[game] == len(one_by_one(tables, game).equilibria)

"""Close calls: how little leads play elsewhere, found by hand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from gamecore.robustness.close_calls import close_call

Floats = npt.NDArray[np.float64]


def first_chooses(worth: Floats) -> Floats:
    """The first player picks an end; of equal ones the first."""
    cases = np.arange(worth.shape[2])
    return worth[:, worth[0].argmax(axis=0), cases]


def test_the_smallest_change_and_what_is_then_expected() -> None:
    """The first player prefers the second end by 0.005; lowering it leaves the first end, worth 1 and 5."""
    found = close_call(np.array([[1.0, 1.005, -3.0], [5.0, 0.0, 9.0]]), first_chooses)
    assert found is not None
    assert found.player == 0
    assert found.by == pytest.approx(0.005, abs=1e-9)
    assert found.instead == pytest.approx((1.0, 5.0), abs=1e-9)


@pytest.mark.parametrize(
    "worth",
    [
        [[1.0, 1.2], [5.0, 0.0]],  # it takes more than a hundredth of the largest payoff
        [[1.0, 1.005], [5.0, 5.01]],  # nobody minds which
        [[0.0, 0.0], [0.0, 0.0]],
    ],
)
def test_no_close_call(worth: list[list[float]]) -> None:
    assert close_call(np.array(worth), first_chooses) is None


def test_the_largest_payoff_is_the_measure() -> None:
    small = np.array([[1.0, 1.005], [5.0, 0.0]])
    found = close_call(1_000 * small, first_chooses)
    assert found is not None
    assert found.by == pytest.approx(5.0, abs=1e-6)

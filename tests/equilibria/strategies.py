"""What hypothesis draws: games with many ties, and mixed profiles."""

from __future__ import annotations

from fractions import Fraction
from math import prod

import numpy as np
from hypothesis import strategies as st

from gamecore.games.strategic import Mixed, StrategicGame


@st.composite
def games(
    draw: st.DrawFn, *, players: tuple[int, int] = (1, 3), options: tuple[int, int] = (1, 3), top: int = 3
) -> StrategicGame:
    """Payoffs from 0 to `top`: few values, many ties."""
    count = draw(st.integers(*players))
    shape = (count, *(draw(st.integers(*options)) for _ in range(count)))
    values = draw(st.lists(st.integers(0, top), min_size=prod(shape), max_size=prod(shape)))
    return StrategicGame.from_array(np.array(values, dtype=object).reshape(shape))


@st.composite
def profiles(draw: st.DrawFn, game: StrategicGame) -> Mixed:
    """A mixed profile of a game, small denominators."""
    answer = []
    for count in game.shape:
        weights = draw(st.lists(st.integers(0, 4), min_size=count, max_size=count).filter(any))
        answer.append(tuple(Fraction(weight, sum(weights)) for weight in weights))
    return tuple(answer)

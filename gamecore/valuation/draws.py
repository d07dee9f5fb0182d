"""Streams of draws: numbers spread evenly over (0, 1), one stream a quantity, by Latin hypercube or Sobol sequence.

`streams` gives each quantity a stream, `tied` reorders the streams of quantities that move together. Both keep the
spread of each stream: what is drawn is the same set of numbers, only in another order.

* Latin hypercube (McKay, Beckman & Conover 1979): one number in the middle of every 1/draws, in an order that rests on
  the seed and the quantity's name alone. A quantity that is added leaves the others' draws as they are.
* Sobol sequence (directions of Joe & Kuo 2008) with Owen's scrambling by hashing (Laine & Karras 2011; Burley 2020),
  seeded by the quantity's name: the draws also fill the space of several quantities evenly. The sequence's dimensions
  go to the quantities in the order of the file, so one that is added leaves those before it as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

from gamecore.errors import InputError, TooLargeError
from gamecore.scenario.correlations import Tie

__all__ = ["Sampling", "Stream", "normal_quantile", "sampling_named", "streams", "tied"]

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint32]

MOST_DIMENSIONS: Final = 21_201  # of the published directions
BITS: Final = 32


class Sampling(StrEnum):
    """How draws are spread."""

    LATIN_HYPERCUBE = "latin-hypercube"
    SOBOL = "sobol"


@dataclass(frozen=True)
class Stream:
    """One quantity's draws as numbers in (0, 1) and as standard normal scores, both of shape (draws,)."""

    uniform: Floats
    normal: Floats


def sampling_named(name: str) -> Sampling:
    """The sampling of a name; `InputError` if there is none."""
    try:
        return Sampling(name)
    except ValueError:
        raise InputError(f"there is no sampling '{name}'; write one of {', '.join(Sampling)}") from None


def streams(keys: Sequence[str], *, draws: int, seed: int, sampling: Sampling) -> dict[str, Stream]:
    """The streams of quantities by their keys, independent of each other.

    Raises `TooLargeError` if a Sobol sequence has no dimension left for a quantity.
    """
    if sampling is Sampling.SOBOL:
        return _sobol(keys, draws, seed)
    uniforms, normals = strata(draws)
    orders = {key: _generator(seed, key).permutation(draws) for key in keys}
    return {key: Stream(uniforms[order], normals[order]) for key, order in orders.items()}


@lru_cache(maxsize=4)
def strata(draws: int) -> tuple[Floats, Floats]:
    """The middles of `draws` strata of equal chance: of the uniform on (0, 1), and of the standard normal."""
    uniforms = (np.arange(draws) + 0.5) / draws
    return uniforms, normal_quantile(uniforms)


def normal_quantile(uniform: Floats) -> Floats:
    """The quantile function of the standard normal, of any shape."""
    # scipy's ndtri takes a fifth of a second to import; this takes a hundredth for 10,000 strata, once.
    quantile_of = NormalDist().inv_cdf
    return np.array([quantile_of(float(u)) for u in uniform.ravel()]).reshape(uniform.shape)


def _digest(seed: int, key: str) -> bytes:
    return hashlib.sha256(f"{seed}:{key}".encode()).digest()


def _generator(seed: int, key: str) -> np.random.Generator:
    """A quantity's own stream of random numbers, by the seed and its name."""
    return np.random.Generator(np.random.PCG64(int.from_bytes(_digest(seed, key)[:16], "big")))


# ---- Sobol ----------------------------------------------------------------------------------------------------------


def _sobol(keys: Sequence[str], draws: int, seed: int) -> dict[str, Stream]:
    if not keys:
        return {}
    if len(keys) > MOST_DIMENSIONS:
        raise TooLargeError(
            f"{len(keys)} uncertain numbers; a Sobol sequence has {MOST_DIMENSIONS:,} dimensions",
            limit="dimensions of a Sobol sequence",
            count=len(keys),
            allowed=MOST_DIMENSIONS,
        )
    from scipy.special import ndtri
    from scipy.stats.qmc import Sobol

    # A sequence is balanced at powers of two: so many are made, and the first taken.
    points = Sobol(len(keys), scramble=False, bits=BITS).random_base2(max(draws - 1, 0).bit_length())[:draws]
    found = {}
    for key, column in zip(keys, points.T, strict=True):
        words = _scrambled((column * 2.0**BITS).astype(np.uint32), _digest(seed, key))
        uniform = (words.astype(np.float64) + 0.5) / 2.0**BITS
        found[key] = Stream(uniform, ndtri(uniform))
    return found


def _scrambled(words: Words, digest: bytes) -> Words:
    """Owen's nested uniform scrambling: each bit is flipped or not by a hash of the bits above it."""
    seed = np.uint32(int.from_bytes(digest[:4], "big"))
    turned = _reversed(words) + seed
    for factor in (0x6C50B47C, 0xB82F1E52, 0xC7AFE638, 0x8D22F6E6):
        turned ^= turned * np.uint32(factor)
    return _reversed(turned)


def _reversed(words: Words) -> Words:
    """The bits of each word from last to first."""
    for shift, mask in ((1, 0x55555555), (2, 0x33333333), (4, 0x0F0F0F0F), (8, 0x00FF00FF), (16, 0x0000FFFF)):
        kept = np.uint32(mask)
        words = ((words >> np.uint32(shift)) & kept) | ((words & kept) << np.uint32(shift))
    return words


# ---- moving together ------------------------------------------------------------------------------------------------


def tied(independent: Mapping[str, Stream], ties: Iterable[Tie]) -> dict[str, Stream]:
    """The streams of tied quantities, reordered so that they move together as the ties say.

    The scores made from the weights only say the order: each quantity goes through its own numbers in the order of its
    score (Iman & Conover 1982). What chance would add in these draws is taken out first, so that the rank correlations
    asked for are met nearly exactly.
    """
    scores: dict[str, Floats] = {}
    found = {}
    for tie in ties:
        stream = independent[tie.name]
        score = tie.own * _apart(stream.normal, [scores[other] for other, _ in tie.on])
        for other, weight in tie.on:
            score = score + weight * scores[other]
        ranks = np.empty(len(score), dtype=np.int64)
        ranks[np.argsort(score, kind="stable")] = np.arange(len(score))
        order = np.argsort(stream.uniform, kind="stable")
        found[tie.name] = Stream(stream.uniform[order][ranks], stream.normal[order][ranks])
        scores[tie.name] = found[tie.name].normal
    return found


def _apart(own: Floats, others: Sequence[Floats]) -> Floats:
    """A quantity's own part without what it happens to share with others in these draws, as spread as before."""
    if not others or len(own) <= len(others) + 1:
        return own
    basis = np.column_stack([np.ones(len(own)), *others])
    rest: Floats = own - basis @ np.linalg.lstsq(basis, own, rcond=None)[0]
    spread = float(rest.std())
    return own if spread < 1e-9 else rest * (own.std() / spread)

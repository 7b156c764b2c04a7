"""Readings made to measure, for tests of what compares them."""

import numpy as np
from numpy.typing import NDArray

from feeds.reading.related.reading import Reading


def units(*shape: int, seed: int) -> NDArray[np.float32]:
    return _scaled(np.random.default_rng(seed).standard_normal(shape))


def reading(seed: int, *, near: Reading | None = None, cosine: float = 0.0) -> Reading:
    """A reading unlike all others, or one as near as `cosine` to another in all that is compared."""
    vector, words = units(384, seed=seed), units(12, 64, seed=seed + 1)
    if near is None:
        return Reading(vector, words, np.arange(12) + 1000 * seed, np.ones(12, dtype=np.float32))
    # As many words shared as leave their cosine at `cosine`.
    ids = np.where(np.arange(12) < 12 * cosine, near.ids, np.arange(12) + 1000 * seed)
    return Reading(_towards(vector, near.vector, cosine), _towards(words, near.words, cosine), ids, near.weights)


def _towards(part: NDArray[np.float32], goal: NDArray[np.float32], cosine: float) -> NDArray[np.float32]:
    aside = _scaled(part - (part * goal).sum(axis=-1, keepdims=True) * goal)
    return _scaled(cosine * goal + np.sqrt(1 - cosine**2) * aside)


def _scaled(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)
    return scaled

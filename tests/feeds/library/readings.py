"""Readings made to measure, for tests of what compares them."""

import numpy as np
from numpy.typing import NDArray

from feeds.reading.related.reading import SUBJECT, Reading


def units(*shape: int, seed: int) -> NDArray[np.float32]:
    return _scaled(np.random.default_rng(seed).standard_normal(shape))


def reading(seed: int, *, near: Reading | None = None, cosine: float = 0.0) -> Reading:
    """A reading unlike all others, or one as near as `cosine` to another in all that is compared."""
    vector, subject, words = units(384, seed=seed), units(SUBJECT, seed=seed + 1), units(12, 64, seed=seed + 2)
    if near is None:
        return Reading(vector, subject, words, np.ones(12, dtype=np.float32))
    vector = _towards(vector, near.vector, cosine)
    subject = _towards(subject, near.subject, cosine)
    return Reading(vector, subject, _towards(words, near.words, cosine), near.weights)


def _towards(part: NDArray[np.float32], goal: NDArray[np.float32], cosine: float) -> NDArray[np.float32]:
    aside = _scaled(part - (part * goal).sum(axis=-1, keepdims=True) * goal)
    return _scaled(cosine * goal + np.sqrt(1 - cosine**2) * aside)


def _scaled(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)
    return scaled

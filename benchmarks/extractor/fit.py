"""Fits the judge: ridge regression on the marks' worth, then its calibration on shows that the fit has not seen."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from feeds.reading.insights.features import Matrix
from feeds.reading.insights.scorer import Judge, standardised

# What marks of 0 to 3 are worth: between the mark itself, which is fitted best, and the measure's 0, 1, 3 and 7.
_WORTH = np.array([0.0, 1.0, 2.5, 4.5], dtype=np.float32)
_PENALTY = 20_000.0
_CALIBRATION_FOLDS = 4
_NEWTON_STEPS = 25

Marks = NDArray[np.int64]
Vector = NDArray[np.float32]


def fit(rows: Matrix, marks: Marks, shows: Sequence[str]) -> Judge:
    """The judge for these stretches; `shows` names each one's show and keeps the calibration honest."""
    unseen = np.zeros(len(rows), dtype=np.float32)
    for held_out in folds(shows, count=_CALIBRATION_FOLDS):
        means, deviations, coefficients = _ridge(rows[~held_out], marks[~held_out])
        unseen[held_out] = standardised(rows[held_out], means, deviations) @ coefficients
    calibration = np.array([_logistic(unseen, marks >= least) for least in (1, 2, 3)], dtype=np.float32)
    return Judge(*_ridge(rows, marks), calibration)


def folds(shows: Sequence[str], *, count: int) -> list[NDArray[np.bool_]]:
    """Masks of the rows that each fold holds out: whole shows, dealt so that the folds are about as large."""
    names, sizes = np.unique(shows, return_counts=True)
    loads = [0] * count
    fold_of: dict[str, int] = {}
    for index in np.argsort(-sizes, kind="stable"):
        lightest = loads.index(min(loads))
        fold_of[names[index]] = lightest
        loads[lightest] += int(sizes[index])
    assigned = np.array([fold_of[show] for show in shows])
    return [assigned == fold for fold in range(count)]


def _ridge(rows: Matrix, marks: Marks) -> tuple[Vector, Vector, Vector]:
    means, deviations = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    scaled = standardised(rows, means, deviations)
    worth = _WORTH[marks]
    gram = scaled.T @ scaled
    gram[np.diag_indices_from(gram)] += _PENALTY
    coefficients = np.linalg.solve(gram, scaled.T @ (worth - worth.mean()))
    return means, deviations, coefficients.astype(np.float32)


def _logistic(scores: Vector, true: NDArray[np.bool_]) -> Vector:
    """Slope and intercept of the log odds, by Newton's method."""
    design = np.stack([scores, np.ones_like(scores)], axis=1).astype(np.float64)
    weights = np.zeros(2)
    for _ in range(_NEWTON_STEPS):
        chance = 1 / (1 + np.exp(-design @ weights))
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design
        weights += np.linalg.solve(curvature, design.T @ (true - chance))
    return weights.astype(np.float32)

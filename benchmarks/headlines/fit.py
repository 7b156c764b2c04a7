"""Fits the judge of headlines: ridge regressions on standardised rows, within passages for nearness."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.extractor.fit import folds
from benchmarks.logistic import fit_logistic
from feeds.reading.insights.writeup.judge import Judge, Matrix
from feeds.reading.insights.writeup.shortenings import Row

_CLIP = 4.0
_NEARNESS_PENALTY = 6000.0
_CLARITY_PENALTY = 3200.0
_CALIBRATION_FOLDS = 5
_READS_ALONE = 2


@dataclass(frozen=True)
class Nearness:
    """Rows of shortenings: which passage (a number) each is of, and how near an editor's words it comes."""

    rows: Matrix
    passages: NDArray[np.int64]
    near: Row


@dataclass(frozen=True)
class Clarity:
    rows: Matrix
    marks: NDArray[np.int64]
    shows: Sequence[str]


def fit(nearness: Nearness, clarity: Clarity) -> Judge:
    """One judge of both; rows are standardised as the shortenings of labelled passages are."""
    means, deviations = nearness.rows.mean(axis=0), nearness.rows.std(axis=0) + 1e-6
    near = _ridge(
        _within(_scaled(nearness.rows, means, deviations), nearness.passages),
        _within(nearness.near[:, None], nearness.passages)[:, 0],
        penalty=_NEARNESS_PENALTY,
    )
    marked = _scaled(clarity.rows, means, deviations)
    unseen = clarity_unseen(clarity, means, deviations)
    reads_alone = (clarity.marks >= _READS_ALONE).astype(np.float64)
    calibration = fit_logistic(unseen[:, None].astype(np.float64), reads_alone, ridge=0.01)
    spread = _within(_scaled(nearness.rows, means, deviations) @ near[:, None], nearness.passages).std()
    return Judge(
        means.astype(np.float32),
        deviations.astype(np.float32),
        (near / spread).astype(np.float32),
        _ridge(marked, _worth(clarity.marks), penalty=_CLARITY_PENALTY),
        calibration.astype(np.float32),
    )


def clarity_unseen(clarity: Clarity, means: Row, deviations: Row) -> Row:
    """The clarity of each marked shortening by numbers that were learned without its show."""
    scaled, worth = _scaled(clarity.rows, means, deviations), _worth(clarity.marks)
    unseen = np.zeros(len(worth), dtype=np.float32)
    for held_out in folds(clarity.shows, count=_CALIBRATION_FOLDS):
        unseen[held_out] = scaled[held_out] @ _ridge(scaled[~held_out], worth[~held_out], penalty=_CLARITY_PENALTY)
    return unseen


def _worth(marks: NDArray[np.int64]) -> Row:
    centred: Row = (marks - marks.mean()).astype(np.float32)
    return centred


def _scaled(rows: Matrix, means: Row, deviations: Row) -> Matrix:
    scaled: Matrix = np.clip((rows - means) / deviations, -_CLIP, _CLIP)
    return scaled


def _within(values: Matrix, passages: NDArray[np.int64]) -> Matrix:
    """Values against the mean of their passage."""
    sums = np.zeros((passages.max() + 1, values.shape[1]), dtype=np.float64)
    np.add.at(sums, passages, values)
    counts = np.bincount(passages, minlength=len(sums))[:, None]
    inner: Matrix = (values - (sums / np.maximum(counts, 1))[passages]).astype(np.float32)
    return inner


def _ridge(rows: Matrix, wanted: Row, *, penalty: float) -> Row:
    gram = rows.T @ rows
    gram[np.diag_indices_from(gram)] += penalty
    solved: Row = np.linalg.solve(gram, rows.T @ wanted).astype(np.float32)
    return solved

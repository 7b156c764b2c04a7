"""The trained judgement: what an editor would mark each stretch of a transcript with."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from feeds.reading.insights.candidates import Layout, Stretch
from feeds.reading.insights.encoder import Encoder, encoder
from feeds.reading.insights.features import Matrix, states_in_context, stretch_features

MODEL = Path(__file__).parent / "model" / "extractor.npz"
# No single number may weigh more than this many standard deviations.
_CLIP = 4.0


@dataclass(frozen=True, slots=True)
class Judge:
    """The learned numbers: a linear score of standardised features, and its calibration for marks of 1, 2 and 3.

    `means`, `deviations` and `coefficients` have one entry a feature, `calibration` (3, 2) slopes and intercepts.
    """

    means: NDArray[np.float32]
    deviations: NDArray[np.float32]
    coefficients: NDArray[np.float32]
    calibration: Matrix

    def probabilities(self, rows: Matrix) -> Matrix:
        """Chances that an editor marks each stretch with at least 1, 2 and 3: float32 (n, 3), never rising."""
        odds = self.scores(rows)[:, None] * self.calibration[:, 0] + self.calibration[:, 1]
        return np.minimum.accumulate(1 / (1 + np.exp(-odds)), axis=1)

    def scores(self, rows: Matrix) -> NDArray[np.float32]:
        return standardised(rows, self.means, self.deviations) @ self.coefficients


class Scorer:
    """Reads a transcript's stretches and says how good an editor would find them."""

    def __init__(self, *, judge: Judge, encoder: Encoder) -> None:
        self._judge = judge
        self._encoder = encoder

    def probabilities(self, layout: Layout, stretches: Sequence[Stretch]) -> Matrix:
        """Chances that an editor marks each stretch with at least 1, 2 and 3: float32 (n, 3), never rising."""
        return self._judge.probabilities(rows_of(layout, stretches, encoder=self._encoder))


@cache
def scorer() -> Scorer:
    """The shipped model, loaded once a process."""
    with np.load(MODEL) as stored:
        judge = Judge(**stored)
    return Scorer(judge=judge, encoder=encoder())


def rows_of(layout: Layout, stretches: Sequence[Stretch], *, encoder: Encoder) -> Matrix:
    """Everything that is known about an episode's stretches, one row each."""
    states = encoder.read([layout.text[slice(*stretch.span)] for stretch in stretches])
    return np.hstack([stretch_features(layout, stretches), states_in_context(states)])


def standardised(rows: Matrix, means: NDArray[np.float32], deviations: NDArray[np.float32]) -> Matrix:
    """Rows in standard deviations from the mean, none past four."""
    scaled: Matrix = np.clip((rows - means) / deviations, -_CLIP, _CLIP)
    return scaled

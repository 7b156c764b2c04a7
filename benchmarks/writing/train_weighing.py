"""Fit what weighs an offer: python -m benchmarks.writing.train_weighing READS.jsonl

READS is what `train_judge` writes. Logistic regression, its ridge chosen by cross-validation over shows; printed: what
is published of the best, and the calibration error, always of shows left out.
"""

import json
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.logistic import fit_logistic
from feeds.reading.insights.editor.judgement import WEIGHING

Floats = NDArray[np.float64]
_RIDGES = (3.0, 10.0, 30.0, 100.0, 300.0)
_FOLDS = 6
_BINS = 10


def chances_apart(rows: Floats, labels: Floats, shows: Sequence[str], *, ridge: float) -> Floats:
    """Of each row, by numbers that were fitted without its show."""
    fold = np.array([sha256(show.encode()).digest()[0] % _FOLDS for show in shows])
    chances = np.zeros(len(labels))
    for held in range(_FOLDS):
        inside = fold != held
        mean, deviation = rows[inside].mean(axis=0), rows[inside].std(axis=0) + 1e-6
        weights = fit_logistic((rows[inside] - mean) / deviation, labels[inside], ridge=ridge)
        chances[~inside] = 1 / (1 + np.exp(-((rows[~inside] - mean) / deviation @ weights[:-1] + weights[-1])))
    return chances


def log_loss(chances: Floats, labels: Floats) -> float:
    clipped = np.clip(chances, 1e-4, 1 - 1e-4)
    return float(-np.mean(labels * np.log(clipped) + (1 - labels) * np.log(1 - clipped)))


def calibration_error(chances: Floats, labels: Floats) -> float:
    """The mean distance between what was promised and what came, over ten bins of like chances, by their size."""
    order = np.array_split(np.argsort(chances), _BINS)
    return float(sum(len(part) * abs(chances[part].mean() - labels[part].mean()) for part in order) / len(chances))


def report(chances: Floats, labels: Floats) -> None:
    print(f"{len(labels)} offers, {int(labels.sum())} of them publishable; log-loss {log_loss(chances, labels):.3f}")
    print(f"calibration error {calibration_error(chances, labels):.3f}")
    order = np.argsort(-chances)
    for most in (10, 20, 30, 50, 80):
        best = order[:most]
        print(f"best {most}: {labels[best].mean():.0%} publishable, chance at least {chances[best].min():.2f}")


def main(path: Path) -> None:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    rows = np.array([[*line["features"], *line["reads"]] for line in lines])
    labels = np.array([float(line["label"]) for line in lines])
    shows = [line["show"] for line in lines]
    apart = {ridge: chances_apart(rows, labels, shows, ridge=ridge) for ridge in _RIDGES}
    ridge = min(apart, key=lambda one: log_loss(apart[one], labels))
    print(f"ridge {ridge}")
    report(apart[ridge], labels)
    mean, deviation = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    weights = fit_logistic((rows - mean) / deviation, labels, ridge=ridge)
    single = {"mean": mean, "deviation": deviation, "weights": weights[:-1], "intercept": weights[-1]}
    with WEIGHING.open("wb") as file:
        np.savez(file, **{name: np.float32(value) for name, value in single.items()})  # type: ignore[arg-type]


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Trains the extractor on labelled episodes, prints its cross-validated figures and writes the shipped weights.

usage: python -m benchmarks.extractor.train PATH-TO-LABELLED-DATA
"""

import argparse
from pathlib import Path

import numpy as np

from benchmarks.extractor.corpus import labelled_episodes
from benchmarks.extractor.cross_validation import cross_validated, report
from benchmarks.extractor.fit import fit
from benchmarks.extractor.rows import Rows
from feeds.reading.insights.scorer import MODEL


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="where the encoder's graph is kept")
    parser.add_argument("--output", type=Path, default=MODEL)
    args = parser.parse_args()
    rows = Rows.of(labelled_episodes(args.data), models=args.models)
    report("Each show by a judge that never saw it", cross_validated(rows))
    judge = fit(rows.values, rows.marks, rows.shows)
    np.savez_compressed(
        args.output,
        means=judge.means,
        deviations=judge.deviations,
        coefficients=judge.coefficients,
        calibration=judge.calibration,
    )


if __name__ == "__main__":
    main()

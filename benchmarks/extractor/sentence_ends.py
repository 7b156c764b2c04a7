"""Learns where sentences end without punctuation, from punctuated transcripts whose marks are taken away.

usage: python -m benchmarks.extractor.sentence_ends PATH-TO-LABELLED-DATA
"""

import argparse
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from feeds.reading.insights.sentences import BUCKETS, WEIGHTS, bare, gap_features

# With fewer ends than one in this many words a transcript has no punctuation to learn from.
_WORDS_A_SENTENCE = 60
_PASSES = 6
_BATCH = 256
_RATE = 0.3
_SHRINK = 1e-5

Gaps = NDArray[np.int32]
Ends = NDArray[np.bool_]

_MARKED = re.compile(r"[.?!][\"')\u201d]*$")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    read = list(_transcripts(args.data / "episodes"))
    held_out, learned = read[::8], [each for number, each in enumerate(read) if number % 8]
    report(*train(*_joined(learned)), *_joined(held_out))
    weights, bias = train(*_joined(read))
    np.savez_compressed(args.output, weights=weights.astype(np.float16), bias=bias)


def train(gaps: Gaps, ends: Ends) -> tuple[NDArray[np.float32], np.float32]:
    """Logistic regression over hashed features by AdaGrad; the weights of the buckets and the bias."""
    random = np.random.default_rng(0)
    weights, squares = np.zeros(BUCKETS, dtype=np.float32), np.full(BUCKETS, 1e-3, dtype=np.float32)
    bias = np.float32(np.log(ends.mean() / (1 - ends.mean())))
    for _ in range(_PASSES):
        for batch in np.array_split(random.permutation(len(gaps)), len(gaps) // _BATCH + 1):
            error = 1 / (1 + np.exp(-(weights[gaps[batch]].sum(axis=1) + bias))) - ends[batch]
            slope = np.bincount(gaps[batch].ravel(), np.repeat(error, gaps.shape[1]), BUCKETS).astype(np.float32)
            slope += _SHRINK * _BATCH * weights
            squares += slope**2
            weights -= _RATE * slope / np.sqrt(squares)
    return weights, bias


def report(weights: NDArray[np.float32], bias: np.float32, gaps: Gaps, ends: Ends) -> None:
    said = weights[gaps].sum(axis=1) + bias > 0
    hits = (said & ends).sum()
    print(f"sentence ends in unseen transcripts: precision {hits / said.sum():.2f}, recall {hits / ends.sum():.2f}")


def _transcripts(folder: Path) -> Iterator[tuple[Gaps, Ends]]:
    for file in sorted(folder.glob("*.json")):
        tokens = " ".join(segment["body"] for segment in json.loads(file.read_text())["segments"]).split()
        spoken = [(token, word) for token in tokens if (word := bare(token))]
        ends = np.array([_ends_between(a, b) for (a, _), (b, _) in itertools.pairwise(spoken)])
        if ends.sum() * _WORDS_A_SENTENCE > len(spoken):
            words = [word for _, word in spoken]
            yield np.array([gap_features(words, gap) for gap in range(1, len(words))], dtype=np.int32), ends


def _ends_between(token: str, following: str) -> bool:
    return bool(_MARKED.search(token)) and following[0].isupper()


def _joined(transcripts: list[tuple[Gaps, Ends]]) -> tuple[Gaps, Ends]:
    gaps, ends = zip(*transcripts, strict=True)
    return np.vstack(gaps), np.concatenate(ends)


if __name__ == "__main__":
    main()

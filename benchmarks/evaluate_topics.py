"""Cross-validates the topic classifier by show: python -m benchmarks.evaluate_topics PATH-TO-LABELLED-DATA"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.labelled_insights import labelled_insights
from benchmarks.tables import print_table
from benchmarks.train_topics import AnchorVectors, Examples, all_examples, anchor_vectors, off_topic_examples, train
from feeds.embeddings import LocalEmbedder
from feeds.topics.catalogue import TOPICS
from feeds.topics.classifier import BRIEF_FLOOR, FIRST_FLOOR, FLOOR

Scores = NDArray[np.floating]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="where the embedder's graph is kept")
    args = parser.parse_args()
    embedder = LocalEmbedder(directory=args.models, threads=1)
    insights = labelled_insights(args.data)
    shows = np.array([insight.show for insight in insights])
    sets = all_examples(insights, embedder)
    off_topic = off_topic_examples(args.data, embedder)
    fixed = anchor_vectors(embedder)
    names = embedder.embed([topic.name for topic in TOPICS])
    rows = []
    for name, scores in cross_validated(sets, shows, off_topic, fixed).items():
        labels = sets[name].labels
        alone = first_right(sets[name].vectors @ names.T, labels, floor=-1)
        right = first_right(scores, labels, floor=FIRST_FLOOR)
        floors = _at(scores, labels, BRIEF_FLOOR), _at(scores, labels, FLOOR)
        rows.append((name, [f"{right:.3f}", f"{alone:.3f}", *floors]))
    print_table(
        f"Topics: {len(insights)} insights of {len(set(shows))} shows, each show scored by a model that never saw it",
        ["first topic right", "by names alone", "at the brief floor", "when listed"],
        rows,
    )


def cross_validated(
    sets: dict[str, Examples], shows: NDArray[np.str_], off_topic: Sequence[Examples], fixed: AnchorVectors
) -> dict[str, Scores]:
    scores: dict[str, Scores] = {name: np.zeros_like(examples.labels) for name, examples in sets.items()}
    for show in np.unique(shows):
        model = train([*(examples.where(shows != show) for examples in sets.values()), *off_topic], fixed)
        for name, examples in sets.items():
            unseen = examples.where(shows == show)
            scores[name][shows == show] = model.scores(unseen.vectors, unseen.said)
    return scores


def first_right(scores: Scores, labels: Scores, *, floor: float) -> float:
    """The share of texts whose best topic is one of the editor's; where none reaches the floor, that is a miss."""
    best = scores.argmax(axis=1)
    rows = np.arange(len(scores))
    return float(np.mean(labels[rows, best] * (scores[rows, best] >= floor)))


def _at(scores: Scores, labels: Scores, floor: float) -> str:
    named = scores >= floor
    return f"P {labels[named].mean():.2f} R {labels[named].sum() / labels.sum():.2f} at {floor:.2f}"


if __name__ == "__main__":
    main()

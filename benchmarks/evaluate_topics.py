"""Cross-validates the topic classifier by show: python -m benchmarks.evaluate_topics PATH-TO-LABELLED-DATA"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.labelled_insights import LabelledInsight, labelled_insights
from benchmarks.tables import print_table
from benchmarks.topics.surroundings import Seen, chapters, fit_weights, held_out, knowing_only, stray_chapters
from benchmarks.topics.training import all_examples, anchor_vectors, strays, written_examples
from feeds.reading.embeddings import LocalEmbedder, embedding_text
from feeds.reading.topics.catalogue import TOPICS
from feeds.reading.topics.classifier import BRIEF_FLOOR, FIRST_FLOOR, FLOOR
from feeds.reading.topics.weighing import Known, weigh

Scores = NDArray[np.floating]

ALONE = Known(0)
IMPORTED = Known.QUOTE | Known.OTHERS | Known.TITLE
FILED = IMPORTED | Known.TRANSCRIPT | Known.SHOW
CASES = (
    ("text alone", "written", ALONE),
    ("quote alone", "quotes", ALONE),
    ("passage alone", "passages", ALONE),
    ("text, imported", "written", IMPORTED),
    ("text in context", "written", FILED),
    ("passage in context", "passages", FILED),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="where the embedder's graph is kept")
    args = parser.parse_args()
    embedder = LocalEmbedder(directory=args.models, threads=1)
    insights = labelled_insights(args.data)
    seen = seen_by_others(args.data, insights, embedder)
    labels = np.concatenate([one.labels for one in seen["written"]])
    rows = []
    for name, texts, what in CASES:
        scores = cross_validated(seen, texts, what)
        right = first_right(scores, labels, floor=FIRST_FLOOR)
        floors = _at(scores, labels, BRIEF_FLOOR), _at(scores, labels, FLOOR)
        rows.append((name, [f"{right:.3f}", f"{average_precision(scores, labels):.3f}", *floors]))
    names = embedder.embed([topic.name for topic in TOPICS])
    vectors = embedder.embed([embedding_text(insight.headline, insight.text) for insight in insights])
    rows.append(("by names alone", [f"{first_right(vectors @ names.T, labels, floor=-1):.3f}", "", "", ""]))
    print_table(
        f"Topics: {len(insights)} insights of {len({one.show for one in insights})} shows, "
        "each show scored by a model that never saw it",
        ["first topic right", "average precision", "at the brief floor", "when listed"],
        rows,
    )
    print(f"Of lines of small talk, which belong nowhere, {filed(seen):.1%} are filed all the same.\n")


def seen_by_others(data: Path, insights: Sequence[LabelledInsight], embedder: LocalEmbedder) -> dict[str, list[Seen]]:
    """The insights as written, as quoted and as spoken, and strays: read by models that never saw the show."""
    sets = all_examples(insights, embedder)
    labels = sets["written"].labels
    texts = {
        "written": [embedding_text(insight.headline, insight.text) for insight in insights],
        "quotes": [insight.quote for insight in insights],
        "passages": [insight.passage for insight in insights],
    }
    found = {name: chapters(data, insights, of, labels) for name, of in texts.items()}
    never = strays(data)
    found["strays"] = stray_chapters(data, insights, never)
    seen = iter(
        held_out(
            [one for of in found.values() for one in of],
            sets=list(sets.values()),
            shows=np.array([insight.show for insight in insights]),
            always=written_examples(embedder),
            never=never,
            fixed=anchor_vectors(embedder),
            embedder=embedder,
        )
    )
    return {name: [next(seen) for _ in of] for name, of in found.items()}


def cross_validated(seen: dict[str, list[Seen]], texts: str, what: Known) -> Scores:
    """(n, topics): the chances of the insights in `texts`, when `what` is known beside them."""
    combinations = sorted({what, what & ~Known.OTHERS})
    learned_from = [one for name in ("written", "passages", "strays") for one in seen[name]]
    weights = {
        show: fit_weights([one for one in learned_from if one.show != show], combinations)
        for show in {one.show for one in seen[texts]}
    }
    return np.concatenate([weigh(knowing_only(one.logits, what), weights[one.show]) for one in seen[texts]])


def filed(seen: dict[str, list[Seen]]) -> float:
    """The share of the small talk, each line alone, that is given a topic all the same. Banter, which counts for less
    than a line of it, may well touch one."""
    scores = cross_validated(seen, "strays", ALONE)
    is_small_talk = np.concatenate([one.weights for one in seen["strays"]]) == 1
    return float(np.mean(scores[is_small_talk].max(axis=1) >= FIRST_FLOOR))


def first_right(scores: Scores, labels: Scores, *, floor: float) -> float:
    """The share of texts whose best topic is one of the editor's; where none reaches the floor, that is a miss."""
    best = scores.argmax(axis=1)
    rows = np.arange(len(scores))
    return float(np.mean(labels[rows, best] * (scores[rows, best] >= floor)))


def average_precision(scores: Scores, labels: Scores) -> float:
    """Over all pairs of insight and topic, the likeliest first."""
    right = labels.ravel()[np.argsort(-scores.ravel(), kind="stable")]
    return float((np.cumsum(right) / np.arange(1, len(right) + 1) * right).sum() / right.sum())


def _at(scores: Scores, labels: Scores, floor: float) -> str:
    named = scores >= floor
    return f"P {labels[named].mean():.2f} R {labels[named].sum() / labels.sum():.2f} at {floor:.2f}"


if __name__ == "__main__":
    main()

"""Cross-validates related insights by query: python -m benchmarks.evaluate_related PATH-TO-LABELLED-DATA"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.related_grades import (
    Collection,
    Figures,
    figures,
    load_collection,
    neighbourhood,
    readings_through,
    shown,
)
from benchmarks.tables import print_table
from benchmarks.train_related import grind_lens, train
from feeds.reading.embeddings import LocalEmbedder
from feeds.reading.related.reading import Reading


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="where the embedder's graph is kept")
    args = parser.parse_args()
    collection = load_collection(args.data, LocalEmbedder(directory=args.models, threads=1))
    readings = readings_through(grind_lens(collection), collection)
    pairs = sum(map(len, collection.grades.values()))
    print_table(
        f"Related insights: {len(collection.grades)} queries, {pairs} graded pairs, each query scored unseen",
        ["nDCG@10", "P@3", "padding"],
        [
            ("the embedding alone", _cells(figures(collection.grades, by_embedding(collection)))),
            ("re-ranked, with its floors", _cells(figures(collection.grades, cross_validated(collection, readings)))),
        ],
    )


def by_embedding(collection: Collection) -> dict[int, list[int]]:
    return {query: neighbourhood(collection, query) for query in collection.grades}


def cross_validated(collection: Collection, readings: Sequence[Reading]) -> dict[int, list[int]]:
    pages = {}
    for query in collection.grades:
        model = train(collection, readings, [other for other in collection.grades if other != query])
        pages[query] = shown(collection, readings, query, model)
    return pages


def _cells(figures: Figures) -> list[str]:
    return [f"{figures.ndcg:.3f}", f"{figures.precision:.3f}", f"{figures.padding:.1f}"]


if __name__ == "__main__":
    main()

"""Related insights on shows left out: python -m benchmarks.evaluate_related PATH-TO-LABELLED-DATA

For each show in turn, lens and chances are learned from the insights and pairs of all others, the penalty and the
floor are chosen on those alone, each show among them left out once more, and its queries are ranked by the result.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.related_grades import BELONGS, PAGE, Collection, best_first, by_show, load_collection, ndcg, precision
from benchmarks.tables import print_table
from benchmarks.train_related import Pairs, fit, graded_pairs, grind_lens, readings_through
from feeds.reading.embeddings import LocalEmbedder
from feeds.reading.related.rank import FLOOR, Share

RIDGES = (1.0, 3.0, 10.0, 30.0, 100.0)
FLOORS = (0.3, 0.4, 0.5, 0.6)
WANTED_PRECISION = 0.6

Floats = NDArray[np.float64]
# {query row: {candidate row: score}}
Scores = dict[int, dict[int, float]]


@dataclass(frozen=True)
class Unseen:
    """Scores of every graded pair by rankings that never saw the query's show, and what each show's others chose."""

    by_embedding: Scores
    untrained: Scores
    chances: Scores
    ridges: dict[str, float]
    floors: dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="where the embedder's graph is kept")
    args = parser.parse_args()
    collection = load_collection(args.data, LocalEmbedder(directory=args.models, threads=1))
    unseen = judged_unseen(collection)
    report_order(collection, unseen)
    report_pages(collection, unseen)


def judged_unseen(collection: Collection) -> Unseen:
    unseen = Unseen({}, {}, {}, {}, {})
    for show in collection.queried_shows:
        lens = grind_lens(collection, collection.without(show))
        pairs = graded_pairs(collection, readings_through(lens, collection))
        asked, known = pairs.asked_by(collection, show), pairs.without(collection, show)
        ridge, unseen.floors[show] = chosen(collection, known)
        unseen.ridges[show] = ridge
        features = asked.features.astype(float)
        spread = known.features.mean(axis=0), known.features.std(axis=0)
        unseen.by_embedding.update(scores(asked, features[:, 0]))
        unseen.untrained.update(scores(asked, ((features - spread[0]) / spread[1]).sum(axis=1)))
        unseen.chances.update(scores(asked, fit(known, ridge=ridge).chances(asked.features)))
    return unseen


def chosen(collection: Collection, known: Pairs) -> tuple[float, float]:
    """The penalty whose chances are the likeliest on shows left out of `known`, and the floor that suits them."""
    held_out = {ridge: left_out(collection, known, ridge=ridge) for ridge in RIDGES}
    ridge = min(RIDGES, key=lambda ridge: _surprise(*held_out[ridge]))
    chances, belong = held_out[ridge]
    return ridge, next((floor for floor in FLOORS if _precise(chances, belong, floor)), FLOORS[-1])


def left_out(collection: Collection, pairs: Pairs, *, ridge: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Each pair's chance by pairs without its query's show, and whether it belongs."""
    chances, belong = [], []
    for show in {collection.shows[query] for query in pairs.rows[:, 0]}:
        asked = pairs.asked_by(collection, show)
        chances.append(fit(pairs.without(collection, show), ridge=ridge).chances(asked.features).astype(float))
        belong.append(asked.belong)
    return np.concatenate(chances), np.concatenate(belong)


def scores(asked: Pairs, values: Sequence[float] | NDArray[np.floating]) -> Scores:
    found: Scores = {}
    for (query, candidate), value in zip(asked.rows.tolist(), values, strict=True):
        found.setdefault(query, {})[candidate] = float(value)
    return found


def report_order(collection: Collection, unseen: Unseen) -> None:
    queries = [query for query in collection.grades if collection.has_something(query)]
    rankings = {
        "the embedding alone": unseen.by_embedding,
        "embedding + words, untrained": unseen.untrained,
        "embedding + words, weighed": unseen.chances,
    }
    pairs = sum(map(len, collection.grades.values()))
    print_table(
        f"Related insights, the order: {len(queries)} queries with something to show, {pairs} graded pairs",
        ["nDCG@10", "P@3"],
        [(name, _order_cells(collection, ranking, queries)) for name, ranking in rankings.items()],
    )


def report_pages(collection: Collection, unseen: Unseen) -> None:
    chosen_floors = {query: unseen.floors[collection.shows[query]] for query in collection.grades}
    rows = [("the floor chosen by the other shows", _page_cells(collection, unseen.chances, chosen_floors))]
    rows += [
        (f"a floor of {floor}", _page_cells(collection, unseen.chances, dict.fromkeys(collection.grades, floor)))
        for floor in (0.2, *FLOORS)
    ]
    print_table(
        f"What pages show of it; {FLOOR} is in use", ["shown", "of them belong", "pages that show any", "padding"], rows
    )
    print(f"calibration error, ten bins: {calibration_error(collection, unseen.chances):.3f}")
    print(f"penalties chosen: {sorted(set(unseen.ridges.values()))}; floors: {sorted(set(unseen.floors.values()))}\n")


def calibration_error(collection: Collection, chances: Scores) -> float:
    pairs = [(chance, collection.grades[query][row]) for query in chances for row, chance in chances[query].items()]
    stated, belong = np.array([chance for chance, _ in pairs]), np.array([grade >= BELONGS for _, grade in pairs])
    bins = np.minimum((stated * 10).astype(int), 9)
    gaps = [abs(stated[bins == n].sum() - belong[bins == n].sum()) for n in range(10)]
    return float(sum(gaps) / len(pairs))


def pages(collection: Collection, ranking: Scores, floors: Mapping[int, float]) -> Iterator[tuple[int, list[int]]]:
    """Each query with the grades of what its page shows."""
    for query, scored in ranking.items():
        share = Share()
        likely = [row for row in best_first(scored) if scored[row] >= floors[query]]
        shown = [row for row in likely if share.takes(collection.shows[row], collection.episode_numbers[row])]
        yield query, [collection.grades[query][row] for row in shown[:PAGE]]


def _order_cells(collection: Collection, ranking: Scores, queries: Sequence[int]) -> list[str]:
    orders = {query: best_first(ranking[query]) for query in queries}
    return [
        by_show(collection, {query: measure(collection, query, orders[query]) for query in queries})
        for measure in (ndcg, precision)
    ]


def _page_cells(collection: Collection, ranking: Scores, floors: Mapping[int, float]) -> list[str]:
    shown = dict(pages(collection, ranking, floors))
    grades = [grade for page in shown.values() for grade in page]
    padding = [len(page) for query, page in shown.items() if not collection.has_something(query)]
    belonging = sum(grade >= BELONGS for grade in grades) / max(1, len(grades))
    error = np.sqrt(belonging * (1 - belonging) / max(1, len(grades)))
    return [
        str(len(grades)),
        f"{belonging:.2f} ± {error:.2f}",
        f"{sum(map(bool, shown.values()))} of {len(shown)}",
        f"{np.mean(padding):.2f}",
    ]


def _surprise(chances: Floats, belong: NDArray[np.bool_]) -> float:
    return float(-np.log(np.where(belong, chances, 1 - chances)).mean())


def _precise(chances: Floats, belong: NDArray[np.bool_], floor: float) -> bool:
    shown = belong[chances >= floor]
    return bool(len(shown) and shown.mean() >= WANTED_PRECISION)


if __name__ == "__main__":
    main()

"""Learns which insights are related: python -m benchmarks.train_related PATH-TO-LABELLED-DATA

Writes feeds/reading/related/model/related.npz. Only learned numbers go in; no text does.
"""

import argparse
from collections.abc import Collection as Some
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.logistic import fit_logistic
from benchmarks.related_grades import Collection, load_collection, neighbourhood, readings_through
from feeds.reading.embeddings import LocalEmbedder, load_tokenizer
from feeds.reading.related.rank import PairModel, pair_features
from feeds.reading.related.reading import MODEL, WORDS, Floats, Lens, Reading, headline_stressed

RIDGE = 10.0
# The better a pair belongs, the more it weighs; grades 0 to 3.
WEIGHT = np.array([1.0, 1.0, 1.5, 2.5])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="where the embedder's graph is kept")
    args = parser.parse_args()
    collection = load_collection(args.data, LocalEmbedder(directory=args.models, threads=1))
    lens = grind_lens(collection)
    model = train(collection, readings_through(lens, collection), list(collection.grades))
    store(lens, model)
    print(f"{len(collection.grades)} graded queries; {MODEL.stat().st_size / 1e3:.0f} kB in {MODEL.name}")


def grind_lens(collection: Collection) -> Lens:
    """Principal directions of the insights, and how common each token is; no grade is looked at."""
    vectors = collection.vectors.astype(float)
    centre = vectors.mean(axis=0)
    _, _, directions = np.linalg.svd(vectors - centre, full_matrices=False)
    counts = np.zeros(load_tokenizer().get_vocab_size())
    for states in collection.states:
        counts[np.unique(states.ids)] += 1
    weights = np.log1p(len(vectors) / np.maximum(counts, 1))
    return Lens(centre.astype(np.float32), directions[:WORDS].astype(np.float32), weights.astype(np.float32))


def train(collection: Collection, readings: Sequence[Reading], queries: Some[int]) -> PairModel:
    """The chance that a graded pair belongs on the page, from the pairs of `queries` alone."""
    features, grades = [], []
    for query in queries:
        pairs = graded_features(collection, readings, query)
        features += list(pairs.values())
        grades += [collection.grades[query][row] for row in pairs]
    inputs, labels = np.array(features, dtype=float), np.array(grades)
    mean, scale = inputs.mean(axis=0), inputs.std(axis=0)
    related = (labels >= 2).astype(float)
    fitted = fit_logistic((inputs - mean) / scale, related, ridge=RIDGE, sample_weights=WEIGHT[labels])
    mean, scale, weights = (array.astype(np.float32) for array in (mean, scale, fitted[:-1]))
    return PairModel(mean, scale, weights, bias=float(fitted[-1]))


def graded_features(collection: Collection, readings: Sequence[Reading], query: int) -> dict[int, Floats]:
    """The features of the query's graded candidates, in the company that they would meet on a real page."""
    company = list(dict.fromkeys([*neighbourhood(collection, query), *collection.grades[query]]))
    asked = headline_stressed(readings[query], collection.headlines[query])
    features = pair_features(asked, [readings[row] for row in company])
    return {row: features[place] for place, row in enumerate(company) if row in collection.grades[query]}


def store(lens: Lens, model: PairModel) -> None:
    MODEL.parent.mkdir(exist_ok=True)
    np.savez_compressed(
        MODEL,
        allow_pickle=False,
        centre=lens.centre,
        basis=lens.basis.astype(np.float16),
        weights=lens.weights.astype(np.float16),
        pair_mean=model.mean,
        pair_scale=model.scale,
        pair_weights=model.weights,
        pair_bias=np.float32(model.bias),
    )


if __name__ == "__main__":
    main()

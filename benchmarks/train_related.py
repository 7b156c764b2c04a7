"""Learns which insights are related: python -m benchmarks.train_related PATH-TO-LABELLED-DATA

Writes feeds/reading/related/model/related.npz. Only learned numbers go in; no text does.
"""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.logistic import fit_logistic
from benchmarks.related_grades import BELONGS, Collection, load_collection
from feeds.reading.embeddings import LocalEmbedder, load_tokenizer
from feeds.reading.related.packing import pack, unpack
from feeds.reading.related.rank import PairModel, pair_features
from feeds.reading.related.reading import MODEL, WORDS, Floats, Lens, Reading

RIDGE = 10.0
# Two claims are not alike for telling the same sum.
NUMBERS = re.compile(
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    "|hundred|thousands?|millions?|billions?|trillion|dollars?|percent"
)


@dataclass(frozen=True)
class Pairs:
    """Graded pairs: their rows, (n, 2), features, (n, 4), and whether they belong, (n,)."""

    rows: NDArray[np.int64]
    features: Floats
    belong: NDArray[np.bool_]

    def asked_by(self, collection: Collection, show: str) -> "Pairs":
        """Those whose query is of the show."""
        return self._of(np.array(collection.shows)[self.rows[:, 0]] == show)

    def without(self, collection: Collection, show: str) -> "Pairs":
        """Those that the show has no part in."""
        return self._of((np.array(collection.shows)[self.rows] != show).all(axis=1))

    def _of(self, chosen: NDArray[np.bool_]) -> "Pairs":
        return Pairs(self.rows[chosen], self.features[chosen], self.belong[chosen])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="where the embedder's graph is kept")
    args = parser.parse_args()
    collection = load_collection(args.data, LocalEmbedder(directory=args.models, threads=1))
    lens = grind_lens(collection, range(len(collection.shows)))
    model = fit(graded_pairs(collection, readings_through(lens, collection)), ridge=RIDGE)
    store(lens, model)
    print(f"{len(collection.grades)} graded queries; {MODEL.stat().st_size / 1e3:.0f} kB in {MODEL.name}")


def grind_lens(collection: Collection, rows: Sequence[int]) -> Lens:
    """Principal directions of these insights, and how common each token is; no grade is looked at."""
    vectors = collection.vectors[rows].astype(float)
    centre = vectors.mean(axis=0)
    _, _, directions = np.linalg.svd(vectors - centre, full_matrices=False)
    counts = np.zeros(load_tokenizer().get_vocab_size())
    for row in rows:
        counts[np.unique(collection.states[row].ids)] += 1
    weights = np.log1p(len(vectors) / np.maximum(counts, 1))
    weights[[token_id for token, token_id in load_tokenizer().get_vocab().items() if _is_number(token)]] = 0
    return Lens(centre.astype(np.float32), directions[:WORDS].astype(np.float32), weights.astype(np.float32))


def readings_through(lens: Lens, collection: Collection) -> list[Reading]:
    """As the site has them: packed when they were filed."""
    return [unpack(pack(states, lens), lens) for states in collection.states]


def graded_pairs(collection: Collection, readings: Sequence[Reading]) -> Pairs:
    rows = [(query, row) for query, graded in collection.grades.items() for row in graded]
    features = [
        pair_features(readings[query], [readings[row] for row in graded]) for query, graded in collection.grades.items()
    ]
    belong = [grade >= BELONGS for graded in collection.grades.values() for grade in graded.values()]
    return Pairs(np.array(rows), np.concatenate(features), np.array(belong))


def fit(pairs: Pairs, *, ridge: float) -> PairModel:
    """The chance that a pair belongs on the page."""
    inputs = pairs.features.astype(float)
    mean, scale = inputs.mean(axis=0), inputs.std(axis=0)
    fitted = fit_logistic((inputs - mean) / scale, pairs.belong.astype(float), ridge=ridge)
    mean, scale, weights = (array.astype(np.float32) for array in (mean, scale, fitted[:-1]))
    return PairModel(mean, scale, weights, bias=float(fitted[-1]))


def _is_number(token: str) -> bool:
    bare = token.removeprefix("##")
    return NUMBERS.fullmatch(bare) is not None or not any(map(str.isalpha, bare))


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

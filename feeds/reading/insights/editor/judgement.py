"""The chance that an editor would publish an offer.

A second network reads headline and text as a stranger would and says how each reads; a calibrated logistic regression
weighs that with what is known of how they were made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from django.conf import settings

from feeds.reading.embeddings import load_tokenizer
from feeds.reading.insights.editor.draft import Answers
from feeds.reading.insights.editor.features import features
from feeds.reading.insights.editor.offers import Offer
from feeds.reading.insights.editor.sequence import Material
from feeds.reading.insights.editor.tuned import Floats, Integers, TunedEncoder

_MODEL = Path(__file__).parent / "model"
READER, WEIGHING = _MODEL / "reader.npz", _MODEL / "weighing.npz"
LONGEST = 128


class Reader:
    """How headlines and texts read: log-odds that each is fit to print."""

    def __init__(self, encoder: TunedEncoder) -> None:
        self._encoder = encoder
        self._tokenizer = load_tokenizer()

    def read(self, offers: Sequence[tuple[str, str]]) -> Floats:
        """Two values an offer (headline, text), float32 (n, 2): of its text, of its headline."""
        ids, kinds, mask = self._tokens(offers)
        upper, _ = self._encoder.states(ids, kinds, mask)
        real = mask[:, :, None].astype(np.float32)
        mean = (upper * real).sum(axis=1) / real.sum(axis=1)
        return self._encoder.head("out", np.concatenate([upper[:, 0], mean], axis=1))

    def _tokens(self, offers: Sequence[tuple[str, str]]) -> tuple[Integers, Integers, Integers]:
        heads = self._tokenizer.encode_batch([headline for headline, _ in offers])
        texts = self._tokenizer.encode_batch([text for _, text in offers])
        rows = [([*head.ids, *text.ids[1:]][:LONGEST], len(head.ids)) for head, text in zip(heads, texts, strict=True)]
        ids = np.zeros((len(rows), max(len(row) for row, _ in rows)), dtype=np.int32)
        kinds, mask = np.zeros_like(ids), np.zeros_like(ids)
        for place, (row, headline) in enumerate(rows):
            ids[place, : len(row)] = row
            kinds[place, headline : len(row)] = 1
            mask[place, : len(row)] = 1
        return ids, kinds, mask


@dataclass(frozen=True, slots=True)
class Weighing:
    """`mean`, `deviation` and `weights` hold a value a feature and two for how text and headline read."""

    mean: Floats
    deviation: Floats
    weights: Floats
    intercept: float

    def chances(self, rows: Floats) -> Floats:
        scores = (rows - self.mean) / self.deviation @ self.weights + self.intercept
        chances: Floats = (1 / (1 + np.exp(-scores))).astype(np.float32)
        return chances


def chances(offers: Sequence[Offer], read: Material, answers: Answers) -> Floats:
    """The chance of each offer to be published, float32 (n,)."""
    seen = reader().read([(offer.headline, offer.text) for offer in offers])
    made = np.stack([features(offer, read, answers) for offer in offers])
    return weighing().chances(np.concatenate([made, seen], axis=1))


@cache
def reader() -> Reader:
    directory = Path(settings.VAR_DIR) / "models"
    return Reader(TunedEncoder(READER, directory=directory, threads=settings.EMBEDDER_THREADS))


@cache
def weighing() -> Weighing:
    with np.load(WEIGHING) as arrays:
        return Weighing(arrays["mean"], arrays["deviation"], arrays["weights"], float(arrays["intercept"]))

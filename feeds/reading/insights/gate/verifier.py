"""How faithful a text is to the talk: learned from an editor's texts, and the same with one thing made untrue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from feeds.reading.insights.gate.alignment import Aligned, Row, Talk, aligned

MODEL = Path(__file__).parent.parent / "model" / "verifier.npz"
# Nine in ten of an editor's texts are at least so faithful.
LEAST_FAITHFUL = 0.1
# A text that keeps this share of its words in their order was made by editing, others by writing.
EDITED = 0.5


@dataclass(frozen=True, slots=True)
class Network:
    """One hidden layer: its numbers, and the means and deviations of what goes in."""

    means: Row
    deviations: Row
    inner: Row
    bias: Row
    outer: Row

    def scores(self, rows: Row) -> Row:
        hidden = np.maximum(((rows - self.means) / self.deviations) @ self.inner + self.bias, 0)
        scores: Row = hidden @ self.outer[:-1] + self.outer[-1]
        return scores


@dataclass(frozen=True, slots=True)
class Verifier:
    """`of_words` suspects words, `of_texts` texts; `edited` and `written` are the suspicions of an editor's own texts
    of either kind, in order."""

    of_words: Network
    of_texts: Network
    edited: Row
    written: Row

    def suspicion(self, found: Aligned) -> float:
        return float(self.of_texts.scores(summed(found, self.of_words))[0])

    def faithfulness(self, found: Aligned) -> float:
        """The share of an editor's texts of its kind that are at least as suspicious."""
        own = self.edited if found.kept >= EDITED else self.written
        return 1 - float(np.searchsorted(own, self.suspicion(found))) / len(own)


def faithfulness(
    *, headline: str, text: str, passage: str, before: str = "", after: str = "", context: str = ""
) -> float:
    """0 to 1: the share of an editor's own texts that follow their talk no better; see LEAST_FAITHFUL.

    The arguments are those of `rules.faults`, which finds names and numbers that were never said; this finds texts of
    another passage and many changes of a word. It overlooks most actors that changed places and hedges that were left
    out (model card).
    """
    talk = Talk(before=before, passage=passage, after=after, context=context)
    return verifier().faithfulness(aligned(f"{headline}. {text}", talk))


def summed(found: Aligned, of_words: Network) -> Row:
    """One row a text: what speaks of it as a whole, and its most suspicious words."""
    scores = np.sort(of_words.scores(found.rows))[::-1] if len(found.rows) else np.zeros(1, dtype=np.float32)
    top = [scores[0], scores[:2].mean(), scores[:4].mean(), scores.mean(), np.logaddexp(0, scores).sum()]
    return np.concatenate([found.whole, top]).astype(np.float32)[None, :]


@cache
def verifier() -> Verifier:
    with np.load(MODEL) as stored:
        return Verifier(
            of_words=_network(stored, "words"),
            of_texts=_network(stored, "texts"),
            edited=stored["edited"],
            written=stored["written"],
        )


def _network(stored: Mapping[str, NDArray[np.float32]], name: str) -> Network:
    return Network(*(stored[f"{name}.{part}"] for part in ("means", "deviations", "inner", "bias", "outer")))

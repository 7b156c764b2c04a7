"""Trains the verifier, prints what it makes of shows that it has not seen, and writes the shipped numbers.

    python -m benchmarks.gate.train FOLDER

FOLDER holds pairs.jsonl and edits.jsonl. The shows that are left out of all training are in `corpus`; of the others
four folds of whole shows take turns. Takes half a minute of a processor.
"""

import argparse
import random
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.extractor.fit import folds
from benchmarks.gate.corpus import EditedText, edited_texts
from benchmarks.gate.corruptions import NEIGHBOUR
from benchmarks.gate.figures import print_figures
from benchmarks.gate.rows import OWN, Example, examples
from feeds.reading.insights.gate.alignment import Row
from feeds.reading.insights.gate.verifier import EDITED, MODEL, Network, Verifier, summed

_FOLDS = 4
# Freely written texts, beside all those made by light edits; more of them changed nothing.
_WRITTEN_TEXTS = 600
_CHANGES = 6
_HIDDEN = 24
_WORD_ROUNDS, _TEXT_ROUNDS = 8, 25
_WORD_PENALTY, _TEXT_PENALTY = 1e-4, 1e-3
_RATE = 3e-3
_BATCH = 256
# A wrong word among fifty right ones.
_WEIGHT_OF_WRONG = 8.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path, default=MODEL)
    args = parser.parse_args()
    texts = edited_texts(args.folder)
    found = list(examples(_chosen(texts), others=texts, changes=_CHANGES))
    suspicions = _unseen(found)
    print_figures([one.kind for one in found], suspicions, [one.found.kept >= EDITED for one in found])
    trained = _fit(found, own=suspicions)
    stored: dict[str, Any] = dict(_stored(trained))
    np.savez_compressed(args.output, **stored)
    print(f"{len(found)} texts; written to {args.output}")


def _chosen(texts: Sequence[EditedText]) -> list[EditedText]:
    """All edits, and some of the freely written texts."""
    seen = [text for text in texts if not text.is_held_out]
    written = [text for text in seen if not text.is_an_edit]
    return [text for text in seen if text.is_an_edit] + random.Random(1).sample(written, _WRITTEN_TEXTS)


def _unseen(found: Sequence[Example]) -> NDArray[np.float64]:
    """The suspicion of each text by numbers learned without its show."""
    suspicions = np.zeros(len(found))
    for held_out in folds([one.text.show for one in found], count=_FOLDS):
        learned = _fit([one for one, is_out in zip(found, held_out, strict=True) if not is_out])
        for number in np.flatnonzero(held_out).tolist():
            suspicions[number] = learned.suspicion(found[number].found)
    return suspicions


def _fit(found: Sequence[Example], *, own: NDArray[np.float64] | None = None) -> Verifier:
    """`own` are the suspicions of texts unseen, by which an editor's texts are told from others."""
    local = [one for one in found if one.kind != NEIGHBOUR and len(one.wrong)]
    wrong = np.concatenate([one.wrong for one in local])
    of_words = _network(
        np.concatenate([one.found.rows for one in local]),
        wrong,
        weights=np.where(wrong > 0, _WEIGHT_OF_WRONG, 1.0),
        rounds=_WORD_ROUNDS,
        penalty=_WORD_PENALTY,
    )
    is_false = np.array([one.kind != OWN for one in found], dtype=np.float32)
    of_texts = _network(
        np.concatenate([summed(one.found, of_words) for one in found]),
        is_false,
        weights=np.where(is_false > 0, 1.0, is_false.sum() / (1 - is_false).sum()),
        rounds=_TEXT_ROUNDS,
        penalty=_TEXT_PENALTY,
    )
    return Verifier(of_words, of_texts, *_sorted_own(found, own))


def _sorted_own(found: Sequence[Example], own: NDArray[np.float64] | None) -> tuple[Row, Row]:
    if own is None:
        return np.zeros(1, dtype=np.float32), np.zeros(1, dtype=np.float32)
    kept = np.array([one.found.kept if one.kind == OWN else np.nan for one in found])
    return np.sort(own[kept >= EDITED]).astype(np.float32), np.sort(own[kept < EDITED]).astype(np.float32)


def _network(rows: Row, targets: Row, *, weights: NDArray[np.float64], rounds: int, penalty: float) -> Network:
    """Logistic loss, Adam, a rate that falls to nothing."""
    chance = np.random.default_rng(0)
    means, deviations = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    scaled = (rows - means) / deviations
    numbers = [
        chance.normal(0, rows.shape[1] ** -0.5, (rows.shape[1], _HIDDEN)),
        np.zeros(_HIDDEN),
        np.append(chance.normal(0, _HIDDEN**-0.5, _HIDDEN), 0.0),
    ]
    firsts, seconds = [np.zeros_like(one) for one in numbers], [np.zeros_like(one) for one in numbers]
    step = 0
    for done in range(rounds):
        order = chance.permutation(len(rows))
        for begin in range(0, len(rows), _BATCH):
            batch = order[begin : begin + _BATCH]
            slopes = _slopes(numbers, scaled[batch], targets[batch], weights[batch])
            step += 1
            for number, first, second, slope in zip(numbers, firsts, seconds, slopes, strict=True):
                towards = slope + penalty * number
                np.add(first, 0.1 * (towards - first), out=first)
                np.add(second, 0.001 * (towards**2 - second), out=second)
                change = first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
                np.subtract(number, _RATE * (1 - done / rounds) * change, out=number)
    return Network(means, deviations, *(number.astype(np.float32) for number in numbers))


def _slopes(
    numbers: Sequence[NDArray[np.float64]], rows: Row, targets: Row, weights: NDArray[np.float64]
) -> list[NDArray[np.float64]]:
    inner, bias, outer = numbers
    hidden = np.maximum(rows @ inner + bias, 0)
    chance = 1 / (1 + np.exp(-(hidden @ outer[:-1] + outer[-1])))
    error = (chance - targets) * weights / len(rows)
    back = np.outer(error, outer[:-1]) * (hidden > 0)
    return [rows.T @ back, back.sum(axis=0), np.append(hidden.T @ error, error.sum())]


def _stored(trained: Verifier) -> dict[str, Row]:
    networks = {"words": trained.of_words, "texts": trained.of_texts}
    parts = {
        f"{name}.{field.name}": value
        for name, network in networks.items()
        for field, value in zip(fields(Network), astuple(network), strict=True)
    }
    return parts | {"edited": trained.edited, "written": trained.written}


if __name__ == "__main__":
    main()

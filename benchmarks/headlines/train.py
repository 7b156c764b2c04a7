"""Trains the judge of headlines, prints what it chooses for unseen shows and writes the shipped numbers.

usage: python -m benchmarks.headlines.train PATH-TO-LABELLED-DATA
"""

import argparse
import os
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.extractor.fit import folds
from benchmarks.headlines.corpus import EditedPassage, edited_passages, marked_shortenings
from benchmarks.headlines.fit import Clarity, Nearness, clarity_unseen, fit
from benchmarks.headlines.likeness import share, stems
from feeds.reading.embeddings import LocalEmbedder, Vectors
from feeds.reading.insights.writeup.headline import shortenings
from feeds.reading.insights.writeup.judge import MODEL, Judge, numbers, share_left
from feeds.reading.insights.writeup.shortenings import Row, Shortening

_FOLDS = 5
# How much of the target each likeness is: to the headline in meaning and words, to the text in meaning and words.
_MEANING, _WORDS, _TEXT_MEANING, _TEXT_WORDS = 0.5, 0.3, 0.3, 0.1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="where the embedder's graph is kept")
    parser.add_argument("--output", type=Path, default=MODEL)
    args = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    passages = edited_passages(args.data)
    nearness, offered = _nearness(passages, LocalEmbedder(directory=args.models, threads=1))
    marked = marked_shortenings(args.data)
    clarity = Clarity(
        np.stack([numbers(one.shortening, one.scene) for one in marked]),
        np.array([one.mark for one in marked]),
        [one.show for one in marked],
    )
    _report(passages, nearness, clarity)
    trained = fit(nearness, clarity)
    _report_clarity(trained, clarity, [share_left(one.shortening.text) for one in marked])
    stored = dict(zip([field.name for field in fields(Judge)], astuple(trained), strict=True))
    np.savez_compressed(args.output, **stored)
    print(f"{len(offered)} shortenings of {len(passages)} passages, {len(marked)} marked; written to {args.output}")


def _nearness(passages: Sequence[EditedPassage], embedder: LocalEmbedder) -> tuple[Nearness, list[Shortening]]:
    scenes = [passage.scene for passage in passages]
    offered = [(number, shortening) for number, scene in enumerate(scenes) for shortening in shortenings(scene)]
    own = embedder.embed([shortening.text for _, shortening in offered])
    headlines = embedder.embed([passage.headline for passage in passages])
    texts = embedder.embed([passage.text for passage in passages])
    near = [
        _likeness(shortening.text, passages[number], own[at], headlines[number], texts[number])
        for at, (number, shortening) in enumerate(offered)
    ]
    rows = np.stack([numbers(shortening, scenes[number]) for number, shortening in offered])
    of_passages = np.array([number for number, _ in offered], dtype=np.int64)
    return Nearness(rows, of_passages, np.array(near, dtype=np.float32)), [shortening for _, shortening in offered]


def _likeness(shortening: str, passage: EditedPassage, own: Vectors, headline: Vectors, text: Vectors) -> float:
    words, wanted, wider = stems(shortening), stems(passage.headline), stems(passage.text)
    meaning = _MEANING * float(own @ headline) + _TEXT_MEANING * float(own @ text)
    return meaning + _WORDS * share(words & wanted, wanted) + _TEXT_WORDS * share(words & wider, words)


def _report(passages: Sequence[EditedPassage], nearness: Nearness, clarity: Clarity) -> None:
    """Mean nearness of the shortening that is chosen, each show's by numbers learned without it."""
    unseen = np.zeros(len(nearness.near), dtype=np.float32)
    shows = [passages[number].show for number in nearness.passages]
    for held_out in folds(shows, count=_FOLDS):
        seen = Nearness(nearness.rows[~held_out], nearness.passages[~held_out], nearness.near[~held_out])
        unseen[held_out] = fit(seen, clarity).judged(nearness.rows[held_out])[0]
    print(f"{'nearness to the editor':30}{'mean':>8}")
    for name, scores in (("the nearest", nearness.near), ("chosen", unseen), ("any", None)):
        print(f"{name:30}{_mean_of_best(nearness, scores):8.3f}")


def _mean_of_best(nearness: Nearness, scores: Row | None) -> float:
    groups = [np.flatnonzero(nearness.passages == number) for number in np.unique(nearness.passages)]
    if scores is None:
        return float(np.mean([nearness.near[group].mean() for group in groups]))
    return float(np.mean([nearness.near[group[scores[group].argmax()]] for group in groups]))


def _report_clarity(judge: Judge, clarity: Clarity, sound: Sequence[float]) -> None:
    unseen = clarity_unseen(clarity, judge.means, judge.deviations)
    alone = clarity.marks >= 2
    print(f"clarity, shows unseen:   AUC {_auc(unseen, alone):.3f}")
    print(f"with faults of wording:  AUC {_auc(judge.chance(unseen) * np.array(sound, dtype=np.float32), alone):.3f}")


def _auc(scores: Row, true: NDArray[np.bool_]) -> float:
    return float((scores[true][:, None] > scores[~true]).mean())


if __name__ == "__main__":
    main()

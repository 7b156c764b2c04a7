"""How near the write-ups of labelled passages come to the editor's: python -m benchmarks.headlines.measure DATA

The editor's passages are written up, whole shows by numbers that were learned from them too: training prints what
the ranker chooses for shows that it has not seen.
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.headlines.corpus import EditedPassage, edited_passages
from benchmarks.headlines.likeness import share, stems
from feeds.reading.embeddings import LocalEmbedder
from feeds.reading.insights.writeup import WriteUp, write_up


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="where the embedder's graph is kept")
    args = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    passages = edited_passages(args.data)
    written = [write_up(one.passage, speaker=one.speaker) for one in passages]
    embedder = LocalEmbedder(directory=args.models, threads=1)

    def cosine(ours: Callable[[WriteUp], str], editors: Callable[[EditedPassage], str]) -> float:
        own, wanted = embedder.embed([*map(ours, written)]), embedder.embed([*map(editors, passages)])
        return float(np.einsum("nd,nd->n", own, wanted).mean())

    print(f"{len(passages)} passages that an editor chose")
    print(f"headline, cosine with the editor's   {cosine(lambda w: w.headline, lambda p: p.headline):.3f}")
    print(f"text, cosine with the editor's       {cosine(lambda w: w.text, lambda p: p.text):.3f}")
    print(f"headline, editor's words recalled    {_recall(passages, written):.3f}")
    clarity = np.array([one.clarity for one in written])
    print(f"clarity, mean                        {clarity.mean():.3f}")
    print(f"clarity, share of 0.3 and more       {(clarity >= 0.3).mean():.3f}")


def _recall(passages: list[EditedPassage], written: list[WriteUp]) -> float:
    """The mean share of the content words of the editor's headline that are in ours."""
    pairs = ((stems(ours.headline), stems(theirs.headline)) for ours, theirs in zip(written, passages, strict=True))
    return float(np.mean([share(own & wanted, wanted) for own, wanted in pairs]))


if __name__ == "__main__":
    main()

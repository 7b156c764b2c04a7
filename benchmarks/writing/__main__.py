"""What the configured writer prints of passages: python -m benchmarks.writing --pairs PAIRS.jsonl --out FILE.jsonl

Of the shows that nothing was learned from, unless --all is given. FILE gets a line {"key", "headline", "text", "ready"}
for each passage of which anything can be printed at all; how many of them are ready, and the seconds, are printed.
"""

import argparse
import json
import os
import time
from pathlib import Path

import django
import numpy as np

from benchmarks.writing.corpus import KEPT_APART, Pair, read_pairs
from feeds.reading.insights.extraction import EpisodeContext
from feeds.reading.insights.writers import configured_writer
from feeds.reading.insights.writing import READY_FLOOR, PassageToPrint


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    pairs = [pair for pair in read_pairs(options.pairs).values() if options.all or pair.show in KEPT_APART]
    write_all(pairs, options.out)


def write_all(pairs: list[Pair], out: Path) -> None:
    writer = configured_writer()
    chances, begun = [], time.perf_counter()
    with out.open("w", encoding="utf-8") as lines:
        for pair in pairs:
            context = EpisodeContext(show=pair.show, title=pair.episode, guests=pair.guests)
            passage = PassageToPrint(text=pair.passage, speaker=pair.speaker, before=pair.before, after=pair.after)
            if written := writer.write(passage, context):
                row = {"key": pair.key, "headline": written.headline, "text": written.text, "ready": written.ready}
                lines.write(json.dumps(row) + "\n")
                chances.append(written.ready)
    seconds = (time.perf_counter() - begun) / max(1, len(pairs))
    ready = int((np.array(chances) >= READY_FLOOR).sum())
    print(f"{len(pairs)} passages, {len(chances)} with something to print, {ready} ready (at least {READY_FLOOR})")
    print(f"{ready / max(1, len(pairs)):.1%} of the passages are ready; {seconds:.2f} s a passage")


if __name__ == "__main__":
    main()

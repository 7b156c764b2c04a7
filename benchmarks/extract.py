"""How long an hour of talk takes: the extractor, the bare embedder on the same words, and LexRank.

usage: python -m benchmarks.extract TRANSCRIPT...   (Podcasting 2.0 JSON; their words are joined until 10,000 are there)

Each runs in a process of its own with one thread, three times; the peak resident memory is that process's. Other words
warm it up, for what was read once is remembered.
"""

import argparse
import json
import multiprocessing
import os
import re
import resource
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from feeds.reading.insights.candidates import Layout, stretches
from feeds.reading.insights.extraction import EpisodeContext
from feeds.reading.transcripts.segments import Segment

WORDS = 10_000
_SIMILAR = 0.1
_DAMPING = 0.85
_ROUNDS = 50

Run = Callable[[list[Segment], Path], Callable[[], object]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("transcripts", type=Path, nargs="+")
    parser.add_argument("--models", type=Path, default=Path("var/models").resolve(), help="where graphs are kept")
    args = parser.parse_args()
    print(f"{'':24}{'words':>8}{'seconds':>10}{'of the embedder':>17}{'peak MB':>9}")
    for words in (WORDS, 2 * WORDS):
        segments = _hour_of_talk(args.transcripts, words)
        embedder = 0.0
        for name, run in (("embedder alone", _embedder), ("extractor", _extractor), ("LexRank", _lexrank)):
            seconds, peak = _apart(run, segments, args.models)
            embedder = embedder or seconds
            print(f"{name:24}{words:8}{seconds:10.2f}{seconds / embedder:17.2f}{peak:9.0f}")


def _hour_of_talk(files: Sequence[Path], words: int) -> list[Segment]:
    spoken: list[Segment] = []
    left = words
    for file in (file for _ in range(words) for file in files):
        for entry in json.loads(file.read_text())["segments"]:
            body = entry["body"].split()[:left]
            spoken.append(Segment(" ".join(body), entry.get("speaker")))
            left -= len(body)
            if not left:
                return spoken
    return spoken


def _apart(run: Run, segments: list[Segment], models: Path) -> tuple[float, float]:
    """Seconds of the best of three runs, each in a new process, and the peak memory in MB."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1, maxtasksperchild=1) as pool:
        timed = [pool.apply(_timed, (run, segments, models)) for _ in range(3)]
    return min(seconds for seconds, _ in timed), max(peak for _, peak in timed)


def _timed(run: Run, segments: list[Segment], models: Path) -> tuple[float, float]:
    run(_backwards(segments[:30]), models)()
    seconds = _processor_seconds(run(segments, models))
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _backwards(segments: Sequence[Segment]) -> list[Segment]:
    return [Segment(" ".join(reversed(one.body.split())), one.speaker) for one in segments]


def _processor_seconds(work: Callable[[], object]) -> float:
    """Time of the processor, not of the wall: what else the machine does must not count."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _embedder(segments: list[Segment], models: Path) -> Callable[[], object]:
    _set_up_django(models)
    from feeds.reading.embeddings import LocalEmbedder  # noqa: PLC0415  only this process may pay for it

    layout = Layout.of(segments)
    texts = [layout.text[slice(*stretch.span)] for stretch in stretches(layout)]
    embedder = LocalEmbedder(directory=models, threads=1)
    return lambda: embedder.embed(texts)


def _extractor(segments: list[Segment], models: Path) -> Callable[[], object]:
    _set_up_django(models)
    from feeds.reading.insights.local import LocalExtractor  # noqa: PLC0415  only this process may pay for it

    extractor = LocalExtractor()
    return lambda: extractor.extract(segments, context=EpisodeContext(), limit=10)


def _lexrank(segments: list[Segment], _models: Path) -> Callable[[], object]:
    layout = Layout.of(segments)
    texts = [layout.text[slice(*stretch.span)] for stretch in stretches(layout)]
    return lambda: lexrank(texts)


def _set_up_django(models: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.update(VAR_DIR=str(models.parent), EMBEDDER_THREADS="1")


def lexrank(texts: Sequence[str]) -> NDArray[np.float64]:
    """How central each text is: the stationary distribution of a walk between texts of like words (TF-IDF)."""
    counts = [Counter(re.findall(r"[a-z']+", text.lower())) for text in texts]
    places = {word: place for place, word in enumerate(sorted(set().union(*counts)))}
    weights = np.zeros((len(texts), len(places)))
    for row, counted in enumerate(counts):
        weights[row, [places[word] for word in counted]] = list(counted.values())
    weights *= np.log(len(texts) / (weights > 0).sum(axis=0))
    weights /= np.linalg.norm(weights, axis=1, keepdims=True) + 1e-9
    links = (weights @ weights.T > _SIMILAR).astype(np.float64) + np.eye(len(texts))
    links /= links.sum(axis=1, keepdims=True)
    rank = np.full(len(texts), 1 / len(texts))
    for _ in range(_ROUNDS):
        rank = (1 - _DAMPING) / len(texts) + _DAMPING * (links.T @ rank)
    return rank


if __name__ == "__main__":
    main()

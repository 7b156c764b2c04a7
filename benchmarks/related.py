"""Neighbours among 100,000 insights by the HNSW index, beside exact search: python -m benchmarks.related PATH

PATH holds labelled episodes, whose real embeddings the vectors are drawn from. Embedding 100,000 texts would take
most of an hour, so each is a real one moved by the difference of two others: the cloud keeps its shape and its clumps.
The rows live in a database of their own, which is dropped at the end.
"""

import argparse
import os
import time
from collections.abc import Iterator
from pathlib import Path

import django
import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.labelled_insights import labelled_insights  # noqa: E402
from feeds.embeddings import embedder, embedding_text  # noqa: E402
from feeds.models import Episode, Feed, Insight  # noqa: E402
from feeds.neighbours import nearest  # noqa: E402

Vectors = NDArray[np.float32]

COUNT = 100_000
QUERIES = 200
NEIGHBOURS = 34
SHOWS = 400
STEP = 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--count", type=int, default=COUNT)
    args = parser.parse_args()
    real = real_vectors(args.data)
    queries, sources = real[:QUERIES], real[QUERIES:]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        vectors = drawn(sources, args.count)
        print(f"{args.count} vectors drawn from {len(sources)} embeddings of real texts; {SHOWS} shows")
        print(f"index built in {fill(vectors):.0f} s")
        report(vectors, queries)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def real_vectors(data: Path) -> Vectors:
    """Shuffled embeddings of the insights' texts, quotes and passages."""
    insights = labelled_insights(data)
    texts = [text for i in insights for text in (embedding_text(i.headline, i.text), i.headline, i.quote, i.passage)]
    vectors = embedder().embed(texts)
    return np.random.default_rng(1).permutation(vectors)


def drawn(sources: Vectors, count: int) -> Vectors:
    random = np.random.default_rng(2)
    base, first, second = (sources[random.integers(len(sources), size=count)] for _ in range(3))
    moved = base + STEP * (first - second)
    units: Vectors = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
    return units


def fill(vectors: Vectors) -> float:
    """Store the vectors as insights of SHOWS shows in turn; the index is built at the end, and its seconds returned."""

    feeds = Feed.objects.bulk_create(Feed(slug=f"show-{n}", title=f"Show {n}") for n in range(SHOWS))
    now = timezone.now()
    episodes = Episode.objects.bulk_create(
        Episode(feed=feed, guid="1", title="Episode", published_at=now) for feed in feeds
    )
    (index,) = (index for index in Insight._meta.indexes if index.name == "insights_by_meaning")
    with connection.schema_editor() as editor:
        editor.remove_index(Insight, index)
    for start in range(0, len(vectors), 2000):
        Insight.objects.bulk_create(_rows(vectors, start, episodes))
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
    with connection.schema_editor() as editor:
        editor.add_index(Insight, index)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return time.perf_counter() - started


def _rows(vectors: Vectors, start: int, episodes: list[Episode]) -> Iterator[Insight]:
    for number, vector in enumerate(vectors[start : start + 2000], start=start):
        yield Insight(
            episode=episodes[number % SHOWS],
            headline=f"Claim {number}",
            text=f"Claim {number}.",
            extractor="local",
            fingerprint=str(number),
            embedding=vector,
            embedding_model="all-MiniLM-L6-v2",
        )


def report(vectors: Vectors, queries: Vectors) -> None:
    own = Feed.objects.get(slug="show-0")
    others = Insight.objects.public().exclude(episode__feed=own)
    row_of = {int(fingerprint): pk for fingerprint, pk in Insight.objects.values_list("fingerprint", "pk")}
    allowed = np.flatnonzero(np.arange(len(vectors)) % SHOWS)
    nearness = vectors[allowed] @ queries.T
    nearest_rows = allowed[np.argsort(-nearness, axis=0)[:NEIGHBOURS]]
    exact_ids = [{row_of[int(row)] for row in rows} for rows in nearest_rows.T]
    for query in queries[:20]:
        nearest(others, query, NEIGHBOURS)
    recalls, seconds = [], []
    for query, exact in zip(queries, exact_ids, strict=True):
        started = time.perf_counter()
        found = nearest(others, query, NEIGHBOURS)
        seconds.append(time.perf_counter() - started)
        recalls.append(len(exact & set(found)) / len(exact))
    middle, late = np.percentile(seconds, [50, 95]) * 1000
    print(f"recall@{NEIGHBOURS} {np.mean(recalls):.3f} (at least 0.95)")
    print(f"p50 {middle:.1f} ms, p95 {late:.1f} ms (at most 20)")


if __name__ == "__main__":
    main()

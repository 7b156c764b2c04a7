"""Related insights among 100,000, the index beside exact search, then pages: python -m benchmarks.related PATH

PATH holds labelled episodes, whose real embeddings the vectors are drawn from. Embedding 100,000 texts would take
most of an hour, so each is a real one moved by the difference of two others: the cloud keeps its shape and its clumps.
Texts and readings are those of the real one. The rows live in a database of their own, which is dropped at the end.
"""

import argparse
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django
import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.labelled_insights import labelled_insights  # noqa: E402
from feeds.library.neighbours import nearest  # noqa: E402
from feeds.library.related.retrieve import related_ids  # noqa: E402
from feeds.models import Episode, Feed, Insight, InsightReading  # noqa: E402
from feeds.reading.embeddings import embedding_text, local_embedder  # noqa: E402
from feeds.reading.related.packing import pack  # noqa: E402
from feeds.reading.related.reading import load_lens  # noqa: E402

Vectors = NDArray[np.float32]
Ints = NDArray[np.int64]

COUNT = 100_000
QUERIES = 200
NEIGHBOURS = 34
SHOWS = 400
STEP = 0.5
AT_ONCE = 2000
WARM_UP = 20


@dataclass(frozen=True)
class Real:
    """Texts with their embeddings, (n, 384), and packed readings, shuffled."""

    texts: list[str]
    vectors: Vectors
    readings: list[bytes]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--count", type=int, default=COUNT)
    args = parser.parse_args()
    real = read_real(args.data)
    queries = real.vectors[:QUERIES]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        sources, vectors = drawn(real.vectors[QUERIES:], args.count)
        print(f"{args.count} vectors drawn from {len(real.texts) - QUERIES} embeddings of real texts; {SHOWS} shows")
        print(f"index built in {fill(vectors, sources + QUERIES, real):.0f} s")
        report_search(vectors, queries)
        report_pages()
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def read_real(data: Path) -> Real:
    """The insights' texts, quotes and passages."""
    insights = labelled_insights(data)
    texts = [text for i in insights for text in (embedding_text(i.headline, i.text), i.headline, i.quote, i.passage)]
    shuffled = [texts[place] for place in np.random.default_rng(1).permutation(len(texts))]
    states = local_embedder().read(shuffled)
    lens = load_lens()
    return Real(shuffled, np.stack([one.vector for one in states]), [pack(one, lens) for one in states])


def drawn(vectors: Vectors, count: int) -> tuple[Ints, Vectors]:
    """Which real one each is, and its vector."""
    random = np.random.default_rng(2)
    base, first, second = (random.integers(len(vectors), size=count) for _ in range(3))
    moved = vectors[base] + STEP * (vectors[first] - vectors[second])
    units: Vectors = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
    return base, units


def fill(vectors: Vectors, sources: Ints, real: Real) -> float:
    """Store the vectors as insights of SHOWS shows in turn; the index is built at the end, and its seconds returned."""
    feeds = Feed.objects.bulk_create(Feed(slug=f"show-{n}", title=f"Show {n}") for n in range(SHOWS))
    now = timezone.now()
    episodes = Episode.objects.bulk_create(
        Episode(feed=feed, guid="1", title="Episode", published_at=now) for feed in feeds
    )
    (index,) = (index for index in Insight._meta.indexes if index.name == "insights_by_meaning")
    with connection.schema_editor() as editor:
        editor.remove_index(Insight, index)
    for start in range(0, len(vectors), AT_ONCE):
        rows = Insight.objects.bulk_create(_rows(vectors, sources, real, start, episodes))
        model = load_lens().model
        InsightReading.objects.bulk_create(
            InsightReading(insight=row, model=model, content=real.readings[source])
            for row, source in zip(rows, sources[start : start + AT_ONCE], strict=True)
        )
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
    with connection.schema_editor() as editor:
        editor.add_index(Insight, index)
    seconds = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return seconds


def _rows(vectors: Vectors, sources: Ints, real: Real, start: int, episodes: list[Episode]) -> Iterator[Insight]:
    for number, vector in enumerate(vectors[start : start + AT_ONCE], start=start):
        yield Insight(
            episode=episodes[number % SHOWS],
            headline=f"Claim {number}",
            text=real.texts[sources[number]],
            extractor="local",
            fingerprint=str(number),
            embedding=vector,
            embedding_model="all-MiniLM-L6-v2",
        )


def report_search(vectors: Vectors, queries: Vectors) -> None:
    own = Feed.objects.get(slug="show-0")
    others = Insight.objects.public().ready().exclude(episode__feed=own)
    row_of = {int(fingerprint): pk for fingerprint, pk in Insight.objects.values_list("fingerprint", "pk")}
    allowed = np.flatnonzero(np.arange(len(vectors)) % SHOWS)
    nearness = vectors[allowed] @ queries.T
    nearest_rows = allowed[np.argsort(-nearness, axis=0)[:NEIGHBOURS]]
    exact_ids = [{row_of[int(row)] for row in rows} for rows in nearest_rows.T]
    for query in queries[:WARM_UP]:
        nearest(others, query, NEIGHBOURS)
    recalls, seconds = [], []
    for query, exact in zip(queries, exact_ids, strict=True):
        started = time.perf_counter()
        found = nearest(others, query, NEIGHBOURS)
        seconds.append(time.perf_counter() - started)
        recalls.append(len(exact & set(found)) / len(exact))
    print(f"search: recall@{NEIGHBOURS} {np.mean(recalls):.3f} (at least 0.95), {_spread(seconds)}; p95 at most 20 ms")


def report_pages() -> None:
    """The related insights of a page, nothing cached: the search, the readings of what it found, the ranking."""
    asked = list(Insight.objects.select_related("episode__feed").filter(pk__in=_every(QUERIES + WARM_UP)))
    for insight in asked[:WARM_UP]:
        related_ids(insight)
    seconds = []
    for insight in asked[WARM_UP:]:
        started = time.perf_counter()
        related_ids(insight)
        seconds.append(time.perf_counter() - started)
    print(f"page: {_spread(seconds)}, with the readings that lie beside the insights")


def _every(count: int) -> list[int]:
    ids = np.array(Insight.objects.order_by("pk").values_list("pk", flat=True))
    return [int(pk) for pk in np.random.default_rng(3).choice(ids, count, replace=False)]


def _spread(seconds: list[float]) -> str:
    middle, late = np.percentile(seconds, [50, 95]) * 1000
    return f"p50 {middle:.1f} ms, p95 {late:.1f} ms"


if __name__ == "__main__":
    main()

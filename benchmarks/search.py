"""Sixty questions to the search, with the answers a person would want: python -m benchmarks.search PATH-TO-DATA

Names of people, shows and episodes, mistyped words, words, other words for the same, phrases and what must not be said
(data/search_queries.json), against the labelled insights, in a database of their own that is dropped at the end.
Recall at five: how many of the wanted stand among the first five, of as many as can stand there.
"""

import argparse
import json
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.tables import print_table  # noqa: E402
from feeds.library.finding.vocabulary import renew_vocabulary  # noqa: E402
from feeds.library.search import Query, search  # noqa: E402
from feeds.models import Episode, Feed, Insight  # noqa: E402
from feeds.reading.embeddings import LocalEmbedder, embedding_text  # noqa: E402

QUERIES = Path(__file__).parent / "data" / "search_queries.json"
FIRST = 5
WANTED = 0.9


@dataclass(frozen=True)
class Judged:
    """`wanted` are ids of insights."""

    kind: str
    query: str
    wanted: frozenset[int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="where the embedder's graph is kept")
    args = parser.parse_args()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        ids = fill(args.data, LocalEmbedder(directory=args.models, threads=1))
        renew_vocabulary()
        report(list(judged(ids)))
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def fill(data: Path, embedder: LocalEmbedder) -> dict[str, int]:
    """Store the labelled insights; returns the ids of their rows by the ids of the labels."""
    names, rows = [], []
    feeds: dict[str, Feed] = {}
    for path in sorted((data / "labels").glob("*.json")):
        told = json.loads((data / "episodes" / path.name).read_text())
        title = told["podcast"]
        feed = feeds.get(title) or Feed.objects.create(
            slug=f"show-{len(feeds)}", title=title, url=f"https://{path.stem}"
        )
        feeds[title] = feed
        episode = Episode.objects.create(feed=feed, guid=path.stem, title=told["title"], published_at=timezone.now())
        for number, label in enumerate(json.loads(path.read_text())["insights"]):
            names.append(f"{path.stem}#{number}")
            rows.append(_insight(episode, label, fingerprint=names[-1]))
    vectors = embedder.embed([embedding_text(row.headline, row.text) for row in rows])
    for row, vector in zip(rows, vectors, strict=True):
        row.embedding = vector
    stored = Insight.objects.bulk_create(rows)
    return {name: row.pk for name, row in zip(names, stored, strict=True)}


def _insight(episode: Episode, label: dict[str, str], *, fingerprint: str) -> Insight:
    return Insight(
        episode=episode,
        headline=label["headline"],
        text=label["text"],
        quote=label["quote"],
        speaker=label.get("speaker") or "",
        language="en",
        extractor="editor",
        fingerprint=fingerprint[-64:],
        embedding_model=LocalEmbedder.model,
    )


def judged(ids: dict[str, int]) -> Iterator[Judged]:
    for row in json.loads(QUERIES.read_text()):
        wanted = [ids[answer] for answer in row.get("answers", [])]
        insights = Insight.objects.order_by()
        if "show" in row:
            wanted = list(insights.filter(episode__feed__title=row["show"]).values_list("pk", flat=True))
        elif "speaker" in row:
            wanted = list(insights.filter(speaker=row["speaker"]).values_list("pk", flat=True))
        elif "episode" in row:
            wanted = list(insights.filter(episode__guid=row["episode"]).values_list("pk", flat=True))
        yield Judged(row["kind"], row["query"], frozenset(wanted))


def report(questions: Sequence[Judged]) -> None:
    recalls: defaultdict[str, list[float]] = defaultdict(list)
    seconds, missed = [], []
    for one in questions:
        started = perf_counter()
        found = search(Query(words=one.query)).ids[:FIRST]
        seconds.append(perf_counter() - started)
        recall = len(one.wanted.intersection(found)) / min(FIRST, len(one.wanted))
        recalls[one.kind].append(recall)
        if recall < 1:
            missed.append(f"{one.query}: {recall:.2f}")
    every = [recall for kind in recalls.values() for recall in kind]
    rows = [*recalls.items(), (f"all (at least {WANTED})", every)]
    print_table(
        f"Search: {len(questions)} judged questions",
        ["questions", "recall at 5"],
        [(kind, [str(len(found)), f"{np.mean(found):.3f}"]) for kind, found in rows],
    )
    print(f"median {np.median(seconds) * 1000:.0f} ms; not wholly found: {'; '.join(missed) or 'none'}")


if __name__ == "__main__":
    main()

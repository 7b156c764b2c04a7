"""How many ways on an insight's page has among 500: python -m benchmarks.ways_on PATH-TO-LABELLED-DATA

The labelled insights, with the editor's topics, in a database of their own that is dropped at the end.
"""

import argparse
import json
import os
from collections.abc import Mapping
from pathlib import Path

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks.search import fill  # noqa: E402
from benchmarks.tables import print_table  # noqa: E402
from feeds.library.related.on_page import WAYS_ON, ways_on  # noqa: E402
from feeds.library.related.stored import keep_missing  # noqa: E402
from feeds.models import Insight, InsightTopic, Topic  # noqa: E402
from feeds.reading.embeddings import LocalEmbedder  # noqa: E402

COUNT, ASKED = 500, 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="where the embedder's graph is kept")
    args = parser.parse_args()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        file_by_topic(args.data, fill(args.data, LocalEmbedder(directory=args.models, threads=1)))
        every = np.array(Insight.objects.values_list("pk", flat=True))
        kept = np.random.default_rng(1).permutation(every)[:COUNT].tolist()
        Insight.objects.exclude(pk__in=kept).delete()
        keep_missing()
        report(kept[:ASKED])
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def file_by_topic(data: Path, ids: Mapping[str, int]) -> None:
    topics = {topic.name: topic for topic in Topic.objects.all()}
    labels = {path.stem: json.loads(path.read_text())["insights"] for path in (data / "labels").glob("*.json")}
    rows = []
    for name, pk in ids.items():
        episode, _, number = name.partition("#")
        for place, topic in enumerate(labels[episode][int(number)]["topics"]):
            rows.append(InsightTopic(insight_id=pk, topic=topics[topic], score=1 - place / 10))
    InsightTopic.objects.bulk_create(rows)


def report(ids: list[int]) -> None:
    cache.clear()
    asked = Insight.objects.with_source().in_bulk(ids)
    found = [ways_on(asked[pk]) for pk in ids]
    beside = np.array([len(one.elsewhere) for one in found])
    ways = beside + [sum(len(more.insights) for more in one.more) for one in found]
    rows = [("also said elsewhere", beside), ("with more on the topics (10)", ways)]
    print_table(
        f"Ways on from {len(ids)} of {COUNT} insights' pages",
        ["median", "mean", "fewest", "pages with ten"],
        [
            (name, [f"{np.median(n):.0f}", f"{n.mean():.1f}", str(n.min()), f"{(n >= WAYS_ON).mean():.0%}"])
            for name, n in rows
        ],
    )


if __name__ == "__main__":
    main()

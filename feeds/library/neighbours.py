"""The insights nearest to a vector, through the HNSW index."""

from __future__ import annotations

from django.db import connection, transaction
from pgvector.django import CosineDistance

from feeds.models import InsightQuerySet
from feeds.reading.embeddings import Vectors

_EF_SEARCH = 100


def nearest(insights: InsightQuerySet, vector: Vectors, count: int) -> list[int]:
    """Ids of `insights`, nearest first; as many as there are up to `count`, however few the filters let through."""
    near = insights.order_by(CosineDistance("embedding", vector))
    with transaction.atomic(), connection.cursor() as cursor:
        # An HNSW scan takes its nearest few and only then filters: it has to go on until enough have passed.
        cursor.execute("SET LOCAL hnsw.iterative_scan = strict_order")
        cursor.execute("SELECT set_config('hnsw.ef_search', %s, true)", [str(max(_EF_SEARCH, count))])
        return list(near.values_list("pk", flat=True)[:count])

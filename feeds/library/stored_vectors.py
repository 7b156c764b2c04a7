"""Embeddings of many insights in the server's own bytes: 384 numbers each are slow to read from text."""

from collections.abc import Iterable

import numpy as np
from django.db.models import BinaryField, Func

from feeds.models import Insight
from feeds.reading.embeddings import DIMENSIONS, Vectors

# The number of dimensions and a reserved field, 16 bits each; then the numbers, the highest byte first.
_HEADER = 4


def stored_vectors(ids: Iterable[int]) -> tuple[list[int], Vectors]:
    """Those of the ids that exist, ascending, and their vectors, (n, 384)."""
    content = Func("embedding", function="vector_send", output_field=BinaryField())
    rows = list(Insight.objects.filter(pk__in=ids).order_by("pk").values_list("pk", content))
    numbers = np.frombuffer(b"".join(bytes(content)[_HEADER:] for _, content in rows), dtype=">f4")
    return [pk for pk, _ in rows], numbers.reshape(len(rows), DIMENSIONS).astype(np.float32)

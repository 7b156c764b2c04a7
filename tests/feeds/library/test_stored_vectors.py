import numpy as np
import pytest

from feeds.library.stored_vectors import stored_vectors
from tests.factories import make_insight, unit_vector

pytestmark = pytest.mark.django_db


def test_the_vectors_come_back_bit_by_bit_in_the_order_of_their_ids() -> None:
    first = make_insight(embedding=unit_vector("first"))
    second = make_insight(embedding=unit_vector("second"))
    ids, vectors = stored_vectors([second.pk, first.pk, second.pk + 1])
    assert ids == [first.pk, second.pk]
    assert np.array_equal(vectors, np.array([unit_vector("first"), unit_vector("second")]))


def test_of_nothing_there_is_nothing() -> None:
    ids, vectors = stored_vectors([])
    assert ids == []
    assert vectors.shape == (0, 384)

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from feeds.reading.insights.editor.tuned import packed, sigmoid, softmax, unpacked

MATRICES = arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(-8, 8, width=32))


@given(MATRICES)
def test_packed_numbers_come_back_within_a_step_of_their_row(tmp_path_factory, matrix) -> None:  # type: ignore[no-untyped-def]
    path: Path = tmp_path_factory.mktemp("numbers") / "numbers.npz"
    with path.open("wb") as file:
        np.savez(file, **packed({"layer": matrix, "bias": matrix[0]}))  # type: ignore[arg-type]
    found = unpacked(path)
    steps = np.maximum(np.abs(matrix).max(axis=1, keepdims=True), 1e-8) / 127
    assert (np.abs(found["layer"] - matrix) <= steps / 2 + 1e-6).all()
    assert (found["bias"] == matrix[0]).all()


@given(MATRICES)
def test_probabilities_add_up_to_one(matrix) -> None:  # type: ignore[no-untyped-def]
    assert np.allclose(softmax(matrix).sum(axis=1), 1, atol=1e-5)
    assert ((sigmoid(matrix) >= 0) & (sigmoid(matrix) <= 1)).all()

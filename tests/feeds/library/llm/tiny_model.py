"""A language model of half a megabyte that talks nonsense in printable characters, and llama.cpp's server for it.

    python -m tests.feeds.library.llm.tiny_model FILE PORT

makes the model and serves it until its input ends. The server is one that nobody here wrote: what it takes for the
protocol is the protocol.
"""

from __future__ import annotations

import sys
from pathlib import Path

import gguf
import numpy as np
import xllamacpp
from numpy.typing import NDArray

LAYERS, WIDTH, HEADS, HIDDEN = 2, 64, 4, 128
CONTEXT = 16_384
_SPECIAL = ("<unk>", "<s>", "</s>")
_TOKENS = [*_SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256))]
_TYPES = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL, *[gguf.TokenType.BYTE] * 256]
# In the first dimension every token says the same, and no layer adds to it: there the last matrix holds a bias.
_STEADY = 30.0
_UNPRINTABLE = -3.0
# An insight is rather begun than not, and a string rather ended than not.
_LIKELY = {'"': 0.5, "{": 0.35, "]": 0.1}


def make(file: Path) -> None:
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(_TOKENS)
    writer.add_token_scores([0.0] * len(_TOKENS))
    writer.add_token_types(_TYPES)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_space_prefix(False)
    for name, values in _tensors().items():
        writer.add_tensor(name, values.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _tensors() -> dict[str, NDArray[np.float64]]:
    chance = np.random.default_rng(7)

    def matrix(rows: int, columns: int) -> NDArray[np.float64]:
        values: NDArray[np.float64] = chance.standard_normal((rows, columns)) / np.sqrt(columns)
        return values

    embedding, output = matrix(len(_TOKENS), WIDTH), matrix(len(_TOKENS), WIDTH)
    embedding[:, 0] = _STEADY
    output[:, 0] = [_bias(token - len(_SPECIAL)) for token in range(len(_TOKENS))]
    tensors = {"token_embd.weight": embedding, "output.weight": output, "output_norm.weight": np.ones(WIDTH)}
    for layer in range(LAYERS):
        block = {
            "attn_norm": np.ones(WIDTH),
            "attn_q": matrix(WIDTH, WIDTH),
            "attn_k": matrix(WIDTH, WIDTH),
            "attn_v": matrix(WIDTH, WIDTH),
            "attn_output": matrix(WIDTH, WIDTH),
            "ffn_norm": np.ones(WIDTH),
            "ffn_gate": matrix(HIDDEN, WIDTH),
            "ffn_up": matrix(HIDDEN, WIDTH),
            "ffn_down": matrix(WIDTH, HIDDEN),
        }
        block["attn_output"][0] = block["ffn_down"][0] = 0
        tensors |= {f"blk.{layer}.{name}.weight": values for name, values in block.items()}
    return tensors


def _bias(byte: int) -> float:
    """Only what can be printed."""
    if not 0x20 <= byte < 0x7F:
        return _UNPRINTABLE
    return _LIKELY.get(chr(byte), 0.0)


def serve(file: Path, port: int) -> None:
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(file)
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = port
    parameters.model_alias = {"tiny"}
    parameters.n_ctx = CONTEXT
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = 1
    parameters.warmup = False
    server = xllamacpp.Server(parameters)
    print("ready", flush=True)  # noqa: T201
    sys.stdin.read()
    del server


if __name__ == "__main__":
    make(Path(sys.argv[1]))
    serve(Path(sys.argv[1]), int(sys.argv[2]))

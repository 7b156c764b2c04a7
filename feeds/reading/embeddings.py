"""Texts to unit vectors, by all-MiniLM-L6-v2 on the CPU: no download, no PyTorch, no database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
from django.conf import settings
from numpy.typing import NDArray
from tokenizers import Tokenizer

from feeds.reading.choices import EMBEDDERS
from feeds.reading.embedding_graph import WIDTH, build_graph, model_directory, read_safetensors, write_graph

DIMENSIONS = WIDTH
MAX_TOKENS = 256
BATCH = 16
# Bump when the graph's nodes or outputs change: a graph cached by an earlier version must not be taken for this one.
GRAPH_VERSION = 2

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Texts to vectors whose dot product is the nearness of their meanings."""

    @property
    def model(self) -> str:
        """Names the model; vectors of different models must never be compared."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text: float32 (n, 384)."""
        ...

    def token_reader(self) -> "TokenReader | None":
        """Itself, where it can also tell its model's states of each token; None where it gives whole vectors only."""
        ...


class TokenReader(Embedder, Protocol):
    """An embedder that looks inside its texts."""

    def read(self, texts: Sequence[str]) -> "list[TokenStates]":
        """The texts token by token, for comparisons finer than one vector allows."""
        ...


@dataclass(frozen=True, slots=True)
class TokenStates:
    """What the last layer makes of each token of a text, [CLS] and [SEP] left out.

    `ids` is int32 (length,), `states` float32 (length, 384), `vector` what `embed` gives for the text.
    """

    ids: NDArray[np.int32]
    states: NDArray[np.float32]
    vector: NDArray[np.float32]


class LocalEmbedder:
    """all-MiniLM-L6-v2 in onnxruntime; 256 tokens a text at most, the rest of a longer one is not read.

    The graph (90 MB) is built into `directory` on first use, by default `models` under VAR_DIR.
    """

    model = "all-MiniLM-L6-v2"

    def __init__(self, *, directory: Path | None = None, threads: int | None = None) -> None:
        graph = graph_path(directory or Path(settings.VAR_DIR) / "models")
        self._session = open_session(graph, threads=settings.EMBEDDER_THREADS if threads is None else threads)
        self._tokenizer = load_tokenizer()

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for rows, token_ids, mask in batches(self._tokenizer, texts):
            (vectors[rows],) = self._session.run(["embedding"], {"input_ids": token_ids, "attention_mask": mask})
        return vectors

    def token_reader(self) -> "LocalEmbedder":
        return self

    def read(self, texts: Sequence[str]) -> list[TokenStates]:
        read: list[tuple[int, TokenStates]] = []
        for rows, token_ids, mask in batches(self._tokenizer, texts):
            inputs = {"input_ids": token_ids, "attention_mask": mask}
            vectors, states = self._session.run(["embedding", "tokens"], inputs)
            for place, row in enumerate(rows):
                inner = slice(1, int(mask[place].sum()) - 1)
                read.append((int(row), TokenStates(token_ids[place, inner], states[place, inner], vectors[place])))
        return [states for _, states in sorted(read, key=itemgetter(0))]


@cache
def embedder() -> Embedder:
    """The configured embedder (setting EMBEDDER); loaded once a process."""
    made: Embedder = EMBEDDERS.make(settings.EMBEDDER)
    return made


@cache
def local_embedder() -> TokenReader:
    """One of the model that learned numbers were made with, whichever embedder searches: that one, where it serves."""
    reader = embedder().token_reader()
    return reader if reader is not None and reader.model == LocalEmbedder.model else LocalEmbedder()


def searches_by_learned_vectors() -> bool:
    """Whether the vectors of the configured embedder are those that learned numbers were made with."""
    return embedder().model == LocalEmbedder.model


def embedding_text(headline: str, text: str) -> str:
    """What of an insight is embedded; every vector that is compared with an insight's must be made from the like."""
    return f"{headline.rstrip(' .')}. {text}"


def graph_path(directory: Path) -> Path:
    """The cached graph in `directory`, built first where it is not there yet."""
    path = directory / f"{LocalEmbedder.model}-{GRAPH_VERSION}.onnx"
    if not path.exists():
        write_graph(build_graph(read_safetensors(model_directory() / "model.safetensors"), tokens=True), path)
    return path


def open_session(graph: Path, *, threads: int) -> onnxruntime.InferenceSession:
    """An onnxruntime session on the CPU; one thread a service process is faster than spinning for two."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def load_tokenizer() -> Tokenizer:
    """The model's own tokenizer, without the truncation and padding to 128 that its file switches on."""
    tokenizer: Tokenizer = Tokenizer.from_file(str(model_directory() / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def batches(
    tokenizer: Tokenizer, texts: Sequence[str]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.int32], NDArray[np.int32]]]:
    """Batches of texts of like length: their row numbers, token ids and attention mask, int32 (n, length)."""
    # JSON may hold half of a character; the tokenizer takes whole ones only.
    whole = [text.encode(errors="replace").decode() for text in texts]
    encoded = [encoding.ids for encoding in tokenizer.encode_batch(whole)]
    order = np.argsort([len(ids) for ids in encoded], kind="stable")
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        longest = len(encoded[rows[-1]])
        token_ids = np.zeros((len(rows), longest), dtype=np.int32)
        mask = np.zeros_like(token_ids)
        for place, row in enumerate(rows):
            token_ids[place, : len(encoded[row])] = encoded[row]
            mask[place, : len(encoded[row])] = 1
        yield rows, token_ids, mask

"""Reads a transcript with the lower layers of the embedder.

The top layers of MiniLM tell what a text is about and forget how it is said; an editor's mark is predicted far better
from the layer below them, which also spares a third of the work. The words pass once, in windows of up to 384 tokens,
so that a stretch is read together with what stands around it.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from feeds.reading.embedding_graph import build_graph, model_directory, read_safetensors, write_graph
from feeds.reading.embeddings import load_tokenizer, open_session
from feeds.reading.insights.features import Matrix

LAYERS = 4
WINDOW_TOKENS = 384
# Bump when the graph's nodes change: one cached by an earlier version must not be taken for this one.
_GRAPH_VERSION = 1
_OPENING, _CLOSING = 101, 102
_BATCH = 4

# Numbered stretches in their order, each a list of token ids.
Window = list[tuple[int, list[int]]]


class Encoder:
    """An episode's stretches as the states of their tokens, summed up."""

    def __init__(self, *, directory: Path, threads: int) -> None:
        self._session = open_session(_graph(directory), threads=threads)
        self._tokenizer = load_tokenizer()
        self._tokenizer.no_truncation()

    def read(self, texts: Sequence[str]) -> Matrix:
        """For each stretch the mean, deviation, maximum and minimum of its tokens' states: float32 (n, 4 * 384).

        The stretches must be neighbours in their order: each is read in the light of the others.
        """
        encoded = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        tokens = [encoding.ids[: WINDOW_TOKENS - 2] for encoding in encoded]
        summed = [summary for batch in _batches(_windows(tokens)) for summary in self._summaries(batch)]
        return np.stack([summary for _, summary in sorted(summed, key=lambda numbered: numbered[0])])

    def _summaries(self, batch: Sequence[Window]) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Each stretch's number, and its tokens' states (with the mark that closes it) summed up."""
        lengths = [_length(window) for window in batch]
        token_ids = np.zeros((len(batch), max(lengths)), dtype=np.int32)
        for row, window in enumerate(batch):
            token_ids[row, : lengths[row]] = [_OPENING, *(t for _, tokens in window for t in (*tokens, _CLOSING))]
        mask = (np.arange(token_ids.shape[1]) < np.array(lengths)[:, None]).astype(np.int32)
        (states,) = self._session.run(["tokens"], {"input_ids": token_ids, "attention_mask": mask})
        for row, window in enumerate(batch):
            begin = 1
            for number, tokens in window:
                own = states[row, begin : begin + len(tokens) + 1]
                yield number, np.concatenate([own.mean(axis=0), own.std(axis=0), own.max(axis=0), own.min(axis=0)])
                begin += len(tokens) + 1


@cache
def encoder() -> Encoder:
    """The configured one, loaded once a process."""
    return Encoder(directory=Path(settings.VAR_DIR) / "models", threads=settings.EMBEDDER_THREADS)


def _length(window: Window) -> int:
    return 1 + sum(len(tokens) + 1 for _, tokens in window)


def _windows(stretches: Sequence[list[int]]) -> Iterator[Window]:
    """As many neighbours in each as a window holds."""
    window: Window = []
    for number, tokens in enumerate(stretches):
        if window and _length(window) + len(tokens) + 1 > WINDOW_TOKENS:
            yield window
            window = []
        window.append((number, tokens))
    if window:
        yield window


def _batches(windows: Iterator[Window]) -> Iterator[list[Window]]:
    """Windows of like length together, so that little is padding."""
    ordered = sorted(windows, key=_length)
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]


def _graph(directory: Path) -> Path:
    """The cached graph, built first where it is not there yet."""
    path = directory / f"all-MiniLM-L6-v2-lower-{LAYERS}-{_GRAPH_VERSION}.onnx"
    if not path.exists():
        weights = read_safetensors(model_directory() / "model.safetensors")
        write_graph(build_graph(weights, tokens=True, layers=LAYERS), path)
    return path

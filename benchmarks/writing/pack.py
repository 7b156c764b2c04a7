"""Write what was learned into the project: python -m benchmarks.writing.pack EDITOR.pt [READER.pt]"""

import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.writing.network import FROZEN, NAMES
from feeds.reading.embedding_graph import LAYERS
from feeds.reading.insights.editor.judgement import READER
from feeds.reading.insights.editor.network import NUMBERS
from feeds.reading.insights.editor.tuned import Floats, packed


def layers(state: Mapping[str, torch.Tensor]) -> dict[str, Floats]:
    """The tuned layers under the names of the embedder's file."""
    return {
        f"encoder.layer.{layer}.{theirs}.{part}": state[f"layers.{layer}.{ours}.{part}"].float().numpy()
        for layer in range(FROZEN, LAYERS)
        for ours, theirs in NAMES.items()
        for part in ("weight", "bias")
    }


def heads(state: Mapping[str, torch.Tensor], prefixes: tuple[str, ...]) -> dict[str, Floats]:
    return {
        f"head.{name.removeprefix('heads.')}": values.float().numpy()
        for name, values in state.items()
        if name.startswith(prefixes)
    }


def _save(path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # its stub takes any keyword for allow_pickle


def main(editor: Path, reader: Path | None = None) -> None:
    NUMBERS.parent.mkdir(exist_ok=True)
    learned = torch.load(editor, weights_only=False)["network"]
    _save(NUMBERS, packed({**layers(learned), **heads(learned, ("heads.", "worth."))}))
    print(f"{NUMBERS}: {NUMBERS.stat().st_size / 1e6:.1f} MB")
    if reader is None:
        return
    judged = torch.load(reader, weights_only=False)["judge"]
    body = {name.removeprefix("body."): values for name, values in judged.items() if name.startswith("body.")}
    _save(READER, packed({**layers(body), **heads(judged, ("out.",))}))
    print(f"{READER}: {READER.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))

"""What the editor's network says of a passage's words."""

from functools import cache
from pathlib import Path

import numpy as np
from django.conf import settings

from feeds.reading.insights.editor.draft import Answers
from feeds.reading.insights.editor.sequence import TokenRow
from feeds.reading.insights.editor.tuned import Floats, TunedEncoder, sigmoid, softmax

NUMBERS = Path(__file__).parent / "model" / "editor.npz"


def answers_for(row: TokenRow, encoder: TunedEncoder) -> Answers:
    upper, lower = encoder.states(row.ids[None], row.kinds[None], np.ones((1, len(row.ids)), dtype=np.int32))
    words = np.concatenate([_words(upper[0], row), _words(lower[0], row), row.shapes], axis=1)
    take, gone, says, headline = (
        sigmoid(encoder.head(name, words)[:, 0]) for name in ("take", "gone", "says", "headline")
    )
    return Answers(
        take=take,
        gone=gone,
        says=says,
        headline=headline,
        mark=softmax(encoder.head("mark", words)),
        worth=softmax(encoder.head("worth", upper[0][:1]))[0],
    )


@cache
def editor_network() -> TunedEncoder:
    """Loaded once a process."""
    return TunedEncoder(NUMBERS, directory=Path(settings.VAR_DIR) / "models", threads=settings.EMBEDDER_THREADS)


def _words(states: Floats, row: TokenRow) -> Floats:
    """A word is the mean of its first and its last token."""
    return np.asarray((states[row.first] + states[row.last]) / 2, dtype=np.float32)

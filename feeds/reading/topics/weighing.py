"""How much each reading counts: an insight on its own, or in the light of its episode and show."""

from collections.abc import Sequence
from enum import IntFlag

import numpy as np

from feeds.reading.topics.context import Logits
from feeds.reading.topics.evidence import Floats


class Known(IntFlag):
    """What there is besides the text. Each combination has weights of its own: its number is their row."""

    QUOTE = 1
    OTHERS = 2
    TRANSCRIPT = 4
    TITLE = 8
    SHOW = 16


COMBINATIONS = 2 ** len(Known)

# The features, in order, that need something besides the text.
NEEDS: tuple[Known, ...] = (
    *[Known(0)] * 6,
    Known.QUOTE,
    Known.OTHERS,
    *[Known.TRANSCRIPT] * 3,
    Known.TITLE,
    Known.SHOW,
)


def known(logits: Logits) -> list[Known]:
    """For each insight."""
    around = Known(0)
    if logits.are_of_one_episode and len(logits.texts) > 1:
        around |= Known.OTHERS
    for flag, found in (
        (Known.TRANSCRIPT, logits.stretches),
        (Known.TITLE, logits.title),
        (Known.SHOW, logits.show),
    ):
        around |= flag if len(found) else Known(0)
    return [around | (Known.QUOTE if len(quote) else Known(0)) for quote in logits.quotes]


def features(logits: Logits) -> Floats:
    """(n, topics, len(NEEDS)), 0 in those whose need is not met."""
    texts = logits.texts
    columns = [
        texts,
        texts - texts.max(axis=1, keepdims=True),
        -np.log1p((-texts).argsort(axis=1).argsort(axis=1)),
        np.stack([parts[0] for parts in logits.parts]),
        np.stack([parts.max(axis=0) for parts in logits.parts]),
        np.stack([parts.mean(axis=0) for parts in logits.parts]),
        np.stack([quote.sum(axis=0) for quote in logits.quotes]),
        _others(texts),
        *(np.broadcast_to(of_all, texts.shape) for of_all in _of_transcript(logits.stretches)),
        np.broadcast_to(logits.title.sum(axis=0), texts.shape),
        np.broadcast_to(logits.show.sum(axis=0), texts.shape),
    ]
    met = np.array([[need in has for need in NEEDS] for has in known(logits)])
    found: Floats = (np.stack(columns, axis=2) * met[:, None, :]).astype(np.float32)
    return found


def weigh(logits: Logits, weights: Floats) -> Floats:
    """(n, topics) chances, by `weights` (COMBINATIONS, features and a constant)."""
    own = weights[known(logits)]
    return chances(np.einsum("ntf,nf->nt", features(logits), own[:, :-1]) + own[:, -1:])


def chances(logits: Floats) -> Floats:
    # The logistic function, in the form that cannot overflow.
    of: Floats = ((1 + np.tanh(logits / 2)) / 2).astype(np.float32)
    return of


def _others(texts: Floats) -> Floats:
    """How likely the topic is among the episode's other insights; a few invented ones keep small numbers modest."""
    likely = chances(texts)
    return _logit((likely.sum(axis=0) - likely + 0.1) / (len(texts) - 1 + 0.5))


def _of_transcript(stretches: Floats) -> Sequence[Floats]:
    """The logit of the mean chance, the mean logit, and the topic's share in all chances."""
    if not len(stretches):
        return [np.zeros(stretches.shape[1], dtype=np.float32)] * 3
    likely = chances(stretches).mean(axis=0)
    return [_logit(likely), stretches.mean(axis=0), likely / likely.sum()]


def _logit(likely: Floats) -> Floats:
    within = np.clip(likely, 1e-6, 1 - 1e-6)
    logit: Floats = np.log(within / (1 - within))
    return logit

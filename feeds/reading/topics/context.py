"""An insight's text, the words it rests on and what surrounds it: all the texts that tell which topics it is about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from feeds.reading.topics.evidence import Floats

# Of a text as many sentences are read for themselves, of a transcript as many stretches, evenly spread.
MOST_PARTS = 8
STRETCHES = 12
STRETCH_WORDS = 90
# What is shorter is no claim: "Dr.", "Right."
_PART_WORDS = 4
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where insights come from; what is not known stays "". `transcript` is all that was said."""

    show: str = ""
    about_show: str = ""
    episode: str = ""
    transcript: str = ""


@dataclass(frozen=True)
class Logits:
    """What the topic model makes of each text, in logits; (0, topics) where there is no such text.

    `parts` and `quotes` have one array for each insight, `stretches`, `title` and `show` are of their episode.
    """

    texts: Floats  # (n, topics)
    parts: Sequence[Floats]
    quotes: Sequence[Floats]
    stretches: Floats
    title: Floats
    show: Floats
    are_of_one_episode: bool


@dataclass(frozen=True)
class Material:
    """The texts to be read for some insights: of one episode, or strangers where `context` is None."""

    texts: Sequence[str]
    quotes: Sequence[str]
    context: Surroundings | None

    def to_read(self) -> list[str]:
        """Every text, those of the insights first, in the order that `by_kind` expects."""
        return [text for group in self._groups() for text in group]

    def by_kind(self, logits: Floats) -> Logits:
        """From one row of `logits` for each text of `to_read`."""
        bounds = accumulate((len(group) for group in self._groups()), initial=0)
        first, *rest = [logits[start:stop] for start, stop in pairwise(bounds)]
        count = len(self.texts)
        # A text of one sentence is not read twice.
        parts = [own if len(own) else first[row : row + 1] for row, own in enumerate(rest[:count])]
        stretches, title, show = rest[2 * count :]
        return Logits(first, parts, rest[count : 2 * count], stretches, title, show, self.context is not None)

    def _groups(self) -> list[Sequence[str]]:
        around = self.context or Surroundings()
        return [
            self.texts,
            *map(_parts, self.texts),
            *([quote] if quote.strip() else [] for quote in self.quotes),
            stretches(around.transcript),
            [f"{around.show}. {around.episode}"] if around.episode else [],
            [f"{around.show}. {around.about_show}"] if around.about_show else [],
        ]


def stretches(transcript: str) -> list[str]:
    """Evenly spread over the transcript; all of a short one."""
    words = transcript.split()
    count = min(STRETCHES, -(-len(words) // STRETCH_WORDS))
    last = max(len(words) - STRETCH_WORDS, 0)
    starts = np.linspace(0, last, count + 2)[1:-1] if count == STRETCHES else np.arange(count) * STRETCH_WORDS
    return [" ".join(words[int(start) : int(start) + STRETCH_WORDS]) for start in starts]


def _parts(text: str) -> list[str]:
    """The sentences, if there are several."""
    parts = [part for part in _SENTENCE_END.split(text.strip()) if len(part.split()) >= _PART_WORDS]
    return parts[:MOST_PARTS] if len(parts) > 1 else []

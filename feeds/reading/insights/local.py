"""The default extractor: offline, no key, a trained model on the CPU."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from feeds.reading.insights.candidates import Layout, Passage, Span, Stretch, spans_of_passages, stretches
from feeds.reading.insights.extraction import EpisodeContext, ExtractedInsight
from feeds.reading.insights.features import Matrix
from feeds.reading.insights.scorer import scorer
from feeds.reading.insights.writers import configured_writer
from feeds.reading.insights.writing import Writer, passage_at, printed
from feeds.reading.transcripts.segments import Segment

# Below this chance of being marked "good" a passage is not worth a reader's time, even in a poor episode.
FLOOR = 0.3
# A passage rests on a stretch that holds this share of its words.
_RESTS_ON = 0.32
# A mid-thought opening or an unfinished end makes a passage worse to read by about a tenth of its worth.
_ROUGH_EDGE = 0.1
# Among passages that rest on the same stretches: enough words to be understood alone, no more than are read with ease.
_EASY_WORDS = 90
_ODD_LENGTH = 0.001
# Below this a quote is hardly ever a whole argument.
_WHOLE_ARGUMENT_WORDS = 45
_TOO_SHORT = 0.01
_SAID_AGAIN = 0.25

_ROUGH_OPENING = re.compile(
    r"\W*(?:and|so|but|or|because|then|also|which|that|yeah|yes|no|right|well|okay|oh|um+|uh+|sure|exactly|mm+|hmm+"
    r"|absolutely|he|she|it|it's|they|this|that's|these|those)\b|[^.!?]{1,34}[.!?]\s",
    re.IGNORECASE,
)
_FINISHED = re.compile(r"[.!][\"'\u201d\u2019)]*$")
_WORD = re.compile(r"[a-z']+")
_GAINS = np.array([1.0, 2.0, 4.0])


@dataclass(frozen=True, slots=True)
class Chosen:
    """A passage and how promising it is."""

    passage: Passage
    salience: float


class LocalExtractor:
    """Marks every stretch, then takes the passages that promise most, none of them saying what another has said.

    What is printed of each, the writer says.
    """

    def __init__(self, *, writer: Writer | None = None) -> None:
        self._writer = writer or configured_writer()

    def extract(self, segments: Sequence[Segment], *, context: EpisodeContext, limit: int) -> list[ExtractedInsight]:
        layout = Layout.of(segments)
        if not layout.placed:
            return []
        cut = stretches(layout)
        chosen = choose(layout, cut, scorer().probabilities(layout, cut), limit=limit)
        return [self._insight(layout, one, context) for one in chosen]

    def _insight(self, layout: Layout, chosen: Chosen, context: EpisodeContext) -> ExtractedInsight:
        passage = chosen.passage
        fit = printed(self._writer, passage_at(layout, passage.span, passage.speaker), context)
        return ExtractedInsight(
            headline=fit.headline,
            text=fit.text,
            quote=passage.text,
            speaker=passage.speaker,
            start=passage.start,
            end=passage.end,
            salience=round(chosen.salience, 3),
            ready=fit.ready,
        )


def choose(layout: Layout, cut: Sequence[Stretch], probabilities: Matrix, *, limit: int) -> list[Chosen]:
    """The passages worth showing, most salient first.

    `probabilities` are the chances that each stretch is marked with at least 1, 2 and 3. No two passages rest on the
    same stretch, overlap, or repeat each other's words.
    """
    found = _most_promising(layout, sorted(_offers(layout, cut, probabilities), key=_worth, reverse=True), limit=limit)
    return sorted(found, key=lambda one: one.salience, reverse=True)


def _most_promising(layout: Layout, offers: Sequence["_Offer"], *, limit: int) -> list[Chosen]:
    """As many as wanted, the most promising first."""
    taken: list[_Offer] = []
    chosen: list[Chosen] = []
    said: set[tuple[str, ...]] = set()
    for offer in offers:
        if len(chosen) == limit:
            break
        if _repeats(layout, offer, said) or any(offer.meets(other) for other in taken):
            continue
        said |= _phrases(layout.text[slice(*offer.span)])
        taken.append(offer)
        chosen.append(Chosen(layout.passage(offer.span, offer.speaker), offer.salience))
    return chosen


def _repeats(layout: Layout, offer: "_Offer", said: set[tuple[str, ...]]) -> bool:
    phrases = _phrases(layout.text[slice(*offer.span)])
    return len(phrases & said) > _SAID_AGAIN * len(phrases)


def _worth(offer: "_Offer") -> float:
    return offer.worth


@dataclass(frozen=True, slots=True)
class _Offer:
    """A passage with the numbers of the stretches that it rests on."""

    span: Span
    speaker: str | None
    rests_on: frozenset[int]
    salience: float
    worth: float

    def meets(self, other: "_Offer") -> bool:
        overlap = self.span[0] < other.span[1] and other.span[0] < self.span[1]
        return overlap or not self.rests_on.isdisjoint(other.rests_on)


def _offers(layout: Layout, cut: Sequence[Stretch], probabilities: Matrix) -> Iterator[_Offer]:
    ends = [stretch.span[1] for stretch in cut]
    for span, speaker in spans_of_passages(layout):
        touched = range(bisect_right(ends, span[0]), bisect_left(ends, span[1]) + 1)
        rests_on = _rests_on(layout, span, cut, touched)
        at_least = 1 - np.prod(1 - probabilities[rests_on], axis=0)
        if at_least[1] >= FLOOR:
            worth = float(at_least @ _GAINS) * (1 - _awkwardness(layout, span))
            yield _Offer(span, speaker, frozenset(rests_on), float(at_least[1]), worth)


def _rests_on(layout: Layout, span: Span, cut: Sequence[Stretch], touched: range) -> list[int]:
    """The stretches that hold enough of the passage to answer for it; at least the one that holds most."""
    held = {
        number: layout.words((max(span[0], cut[number].span[0]), min(span[1], cut[number].span[1])))
        for number in touched
    }
    enough = _RESTS_ON * layout.words(span) + 1
    return [number for number, words in held.items() if words >= enough] or [max(held, key=lambda n: held[n])]


def _awkwardness(layout: Layout, span: Span) -> float:
    """The share of its worth that a passage loses for the way it is cut."""
    text = layout.text[slice(*span)]
    rough_edges = bool(_ROUGH_OPENING.match(text)) + (not _FINISHED.search(text))
    words = layout.words(span)
    too_short = _TOO_SHORT * max(0, _WHOLE_ARGUMENT_WORDS - words)
    return _ROUGH_EDGE * rough_edges + _ODD_LENGTH * abs(words - _EASY_WORDS) + too_short


def _phrases(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return set(zip(words, words[1:], words[2:], words[3:], strict=False))

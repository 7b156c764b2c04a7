"""Insights by a language model; wherever it has no answer to give, those of the local extractor."""

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from feeds.asking.asker import Asker, Unanswered, configured_asker
from feeds.library.llm.question import about_chunk
from feeds.library.llm.schema import Proposal, read_proposals
from feeds.library.llm.writer import LlmWriter
from feeds.reading.insights.candidates import Layout, Span
from feeds.reading.insights.extraction import EpisodeContext, ExtractedInsight, Extractor
from feeds.reading.insights.gate.chunks import chunks
from feeds.reading.insights.gate.gate import Draft, Evidence, Rejection, examined, words_of
from feeds.reading.insights.grounding import SPEAKERS_SHARE, Ground, Grounded
from feeds.reading.insights.local import LocalExtractor
from feeds.reading.insights.writing import PassageToPrint, Written, passage_at
from feeds.reading.transcripts.segments import Segment

logger = logging.getLogger(__name__)

MODES = ("full", "cheap")
# Well within the lease of an episode; past it the local extractor takes the rest.
MOST_SECONDS = 480.0
# Chunks without a usable answer, after which the rest is not asked about.
MOST_IN_VAIN = 2
MOST_PASSAGES = 12
LEAST_RATING = 5
# How much of what was said around a quote its text may draw on, in characters on either side.
_AROUND = 1_500


class LlmExtractor:
    """Asks the configured model, in the configured mode; `made_by` of each insight tells whose work it is."""

    def __init__(self, *, asker: Asker | None = None, mode: str | None = None, local: Extractor | None = None) -> None:
        self._asker = asker or configured_asker(source_budget="LLM_EPISODE_BUDGET")
        self._mode = mode or settings.LLM_MODE
        self._local = local or LocalExtractor()
        self._phrasing = LlmWriter(asker=self._asker)
        if self._mode not in MODES:
            raise ImproperlyConfigured(f"LLM_MODE is “{self._mode}”; it must be one of {', '.join(MODES)}.")

    def extract(self, segments: Sequence[Segment], *, context: EpisodeContext, limit: int) -> list[ExtractedInsight]:
        source = _Source(segments, context)
        if not source.layout.text or limit < 1:
            return []
        if self._mode == "cheap":
            return self._written_up(source, limit=limit)
        return self._read(source, limit=limit)

    def _read(self, source: "_Source", *, limit: int) -> list[ExtractedInsight]:
        """Full mode: the model reads everything."""
        answers = self._asked(source)
        found = answers.found
        if answers.unread:
            logger.warning("the local extractor serves for %d chunks: %s", len(answers.unread), answers.reason)
            found = found + [one for one in self._placed_locally(source, limit=limit) if answers.leaves_out(one.place)]
        return [one.insight for one in _apart(found)][:limit]

    def _asked(self, source: "_Source") -> "_Answers":
        answers = _Answers()
        spans = chunks(source.layout.text)
        until = time.monotonic() + MOST_SECONDS
        for number, span in enumerate(spans, start=1):
            if answers.is_over:
                answers.unread.append(span)
                continue
            question = about_chunk(source.layout, span, part=f"chunk {number} of {len(spans)}")
            try:
                proposals = self._asker.answer(question, read_proposals, until=until).content
            except Unanswered as error:
                answers.give_up(span, reason=str(error), is_over=not error.goes_on)
                continue
            kept = [one for proposal in proposals if (one := self._insight(source, proposal, span))]
            answers.found += kept
            if proposals and not kept:
                answers.give_up(span, reason="nothing that the model wrote could be kept", is_over=False)
        return answers

    def _insight(self, source: "_Source", proposal: Proposal, span: Span) -> "_Placed | None":
        """The proposal as it may be published; a quote that was not said so is dropped, never mended."""
        place = source.ground.find(proposal.quote, near=source.layout.second(span[0]))
        if place is None or proposal.rating < LEAST_RATING or not source.is_one_voice(place):
            return None
        if proposal.speaker and place.speaker and words_of(proposal.speaker) != words_of(place.speaker):
            return None  # the model mistook who speaks, so what it made of the words is not to be trusted either
        written = examined(Draft(proposal.headline, proposal.text, proposal.is_opinion), source.evidence(place))
        if isinstance(written, Rejection):
            return None
        return _Placed(self._made(written, place, salience=(proposal.rating - 0.5) / 10), place)

    def _written_up(self, source: "_Source", *, limit: int) -> list[ExtractedInsight]:
        """Cheap mode: the local extractor chooses, the model writes, a passage a call."""
        chosen = self._placed_locally(source, limit=limit)
        return self._phrased(source, chosen[:MOST_PASSAGES]) + [one.insight for one in chosen[MOST_PASSAGES:]]

    def _phrased(self, source: "_Source", chosen: Sequence["_Placed"]) -> list[ExtractedInsight]:
        until, in_vain, kept = time.monotonic() + MOST_SECONDS, 0, list[ExtractedInsight]()
        for one in chosen:
            if in_vain >= MOST_IN_VAIN:
                kept.append(one.insight)
                continue
            try:
                kept.append(self._with(self._phrasing.phrase(source.passage(one.place), source.context, until), one))
            except Unanswered as error:
                logger.warning("the local extractor writes a passage up: %s", error)
                in_vain = in_vain + 1 if error.goes_on else MOST_IN_VAIN
                kept.append(one.insight)
        return kept

    def _with(self, written: Written | None, one: "_Placed") -> ExtractedInsight:
        """What is withheld stays a passage."""
        if written is None:
            return replace(one.insight, headline=None, text=None, ready=0.0)
        return replace(self._made(written, one.place, salience=one.insight.salience), ready=written.ready)

    def _made(self, written: Draft | Written, place: Grounded, *, salience: float) -> ExtractedInsight:
        return ExtractedInsight(
            headline=written.headline,
            text=written.text,
            quote=place.quote,
            speaker=place.speaker,
            start=place.start_time,
            end=place.end_time,
            salience=salience,
            made_by=self._asker.model,
        )

    def _placed_locally(self, source: "_Source", *, limit: int) -> list["_Placed"]:
        found = self._local.extract(source.segments, context=source.context, limit=limit)
        places = ((one, source.ground.find(one.quote, near=one.start)) for one in found)
        return [_Placed(one, place) for one, place in places if place is not None]


@dataclass(frozen=True, slots=True)
class _Placed:
    insight: ExtractedInsight
    place: Grounded


@dataclass(slots=True)
class _Answers:
    """What came of the chunks; `unread` are those that the model had no usable answer to."""

    found: list[_Placed] = field(default_factory=list)
    unread: list[Span] = field(default_factory=list)
    reason: str = ""
    is_over: bool = False

    def give_up(self, span: Span, *, reason: str, is_over: bool) -> None:
        self.unread.append(span)
        self.reason = self.reason or reason
        self.is_over = is_over or len(self.unread) == MOST_IN_VAIN

    def leaves_out(self, place: Grounded) -> bool:
        return any(begin <= place.begin and place.end <= end for begin, end in self.unread)


@dataclass(frozen=True)
class _Source:
    """A transcript with everything that is worked out about it once."""

    segments: Sequence[Segment]
    context: EpisodeContext

    @cached_property
    def layout(self) -> Layout:
        return Layout.of(self.segments)

    @cached_property
    def ground(self) -> Ground:
        return Ground(self.segments)

    @cached_property
    def heard(self) -> frozenset[str]:
        return words_of(self.layout.text)

    def evidence(self, place: Grounded) -> Evidence:
        around = self.layout.text[max(place.begin - _AROUND, 0) : place.end + _AROUND]
        return Evidence(quote=place.quote, around=around, speaker=place.speaker, heard=self.heard)

    def passage(self, place: Grounded) -> PassageToPrint:
        return passage_at(self.layout, (place.begin, place.end), place.speaker)

    def is_one_voice(self, place: Grounded) -> bool:
        """Whether nearly all of a quote is one speaker's, named or not."""
        shares: dict[str | None, int] = {}
        for (begin, end), speaker in self.layout.turns:
            within = min(end, place.end) - max(begin, place.begin)
            shares[speaker] = shares.get(speaker, 0) + max(within, 0)
        return max(shares.values()) >= SPEAKERS_SHARE * (place.end - place.begin)


def _apart(found: Sequence[_Placed]) -> Iterator[_Placed]:
    """Best first, without those that share words with a better one."""
    taken: list[Span] = []
    for one in sorted(found, key=lambda one: -one.insight.salience):
        span = one.place.begin, one.place.end
        if not any(span[0] < end and begin < span[1] for begin, end in taken):
            taken.append(span)
            yield one

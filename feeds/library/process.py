"""An episode to its insights: claim, commit, act, record; each step is skipped when it was done before."""

import datetime as dt
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from enum import StrEnum
from functools import cache

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from feeds.library.another_recording import move_over, take_over
from feeds.library.episode_context import context_of
from feeds.library.filing import Classified, classified, store
from feeds.models import Episode, Insight, Transcript
from feeds.polling.http import Door
from feeds.polling.parse import TranscriptLink
from feeds.polling.transcripts.sources import FoundTranscript, Wanted, find_transcript
from feeds.reading.choices import EXTRACTORS
from feeds.reading.embeddings import embedder
from feeds.reading.errors import SourceError
from feeds.reading.insights.english import is_english
from feeds.reading.insights.extraction import ExtractedInsight, Extractor
from feeds.reading.insights.grounding import Ground, Grounded
from feeds.reading.language import language_of
from feeds.reading.speakers import attributed
from feeds.reading.transcripts.advertisements import without_advertisements
from feeds.reading.transcripts.segments import Segment, plain_text

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
# Longer than a recording takes to fetch and to be recognised.
LEASE = dt.timedelta(minutes=20)
FIRST_RETRY = dt.timedelta(minutes=15)


class Result(StrEnum):
    DONE = "done"
    SILENT = "silent"  # there is no transcript
    RETRY = "retry"  # failed, and due again later
    FAILED = "failed"  # failed for good
    TAKEN = "taken"  # another worker has it, or it was not due


@dataclass(frozen=True, slots=True)
class ProcessOutcome:
    """What became of one episode: `insights` and `passages` count what is new and ready, and new and not; `rejected`
    those whose quote is not in the transcript; `made_by` names who made the others: "local", a model, or both, where a
    model is configured and could not answer for all of it."""

    episode_id: int
    result: Result
    insights: int = 0
    passages: int = 0
    rejected: int = 0
    error: str = ""
    made_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Claim:
    """`attempt` fences the episode: what an abandoned attempt brings later is not recorded."""

    episode: Episode
    attempt: int


def process(episode_id: int, *, now: dt.datetime, door: Door) -> ProcessOutcome:
    """Take an episode that waits through all steps; its failures end on its row, never in an exception."""
    # Loaded first: a model that is missing is nobody's failed attempt.
    extractor(), embedder()
    episode = Episode.objects.waiting(now).filter(pk=episode_id).first()
    if episode is None:
        return ProcessOutcome(episode_id, Result.TAKEN)
    if episode.attempts >= MOST_ATTEMPTS:
        return _give_up(episode)
    claim = _claim(episode, now=now)
    if claim is None:
        return ProcessOutcome(episode_id, Result.TAKEN)
    try:
        return _attempt(claim, now=now, door=door)
    except SourceError as error:
        return _failed(claim, str(error), permanent=error.permanent, retry_after=error.retry_after, now=now)
    except Exception as error:
        logger.exception("episode %s", episode_id)
        reason = f"unexpected {type(error).__name__}: {error}"
        return _failed(claim, reason, permanent=False, retry_after=None, now=now)


def _claim(episode: Episode, *, now: dt.datetime) -> _Claim | None:
    claimed = Episode.objects.filter(
        pk=episode.pk, state=Episode.State.WAITING, attempts=episode.attempts, next_attempt_at=episode.next_attempt_at
    ).update(attempts=F("attempts") + 1, next_attempt_at=now + LEASE)
    return _Claim(episode, episode.attempts + 1) if claimed == 1 else None


def _attempt(claim: _Claim, *, now: dt.datetime, door: Door) -> ProcessOutcome:
    transcript = _transcript(claim, door=door)
    if transcript is None:
        return _nothing_to_read(claim, now=now)
    if claim.episode.next_recording and transcript.pk is not None:
        return _record(claim, transcript=transcript, state=Episode.State.DONE, result=Result.DONE, now=now)
    context = context_of(claim.episode)
    segments = attributed(transcript.as_segments(), context)
    spoken = without_advertisements(segments)
    extracted = extractor().extract(spoken, context=context, limit=settings.INSIGHTS_PER_EPISODE)
    kept = _grounded(segments, extracted)
    insights = [_insight(claim.episode, transcript, one, place) for one, place in kept]
    found = classified(insights, transcript=plain_text(spoken))
    return _record(
        claim,
        transcript=transcript,
        state=Episode.State.DONE,
        result=Result.DONE,
        found=found,
        rejected=len(extracted) - len(kept),
        now=now,
    )


def _nothing_to_read(claim: _Claim, *, now: dt.datetime) -> ProcessOutcome:
    if claim.episode.next_recording and claim.episode.insights.exists():
        reason = "its recording was replaced, and the new one has no transcript: what was read before stays"
        return _record(claim, state=Episode.State.DONE, result=Result.DONE, error=reason, now=now)
    reason = "the feed links to no transcript"
    return _record(claim, state=Episode.State.SILENT, result=Result.SILENT, error=reason, now=now)


def _transcript(claim: _Claim, *, door: Door) -> Transcript | None:
    """The stored transcript, else the one that a source has; stored at once, so that it is fetched only once.

    That of another recording is stored with what is read in it, unless it says the same.
    """
    known = Transcript.objects.filter(episode=claim.episode).first()
    if known is not None and not claim.episode.next_recording:
        return known
    found = find_transcript(_wanted(claim.episode), door=door)
    if found is None:
        return None
    made = _made(claim.episode, found)
    if claim.episode.next_recording:
        return known if known is not None and known.sha256 == made.sha256 else made
    return _stored(made)


def _wanted(episode: Episode) -> Wanted:
    recording = episode.latest_recording()
    return Wanted(
        title=episode.title,
        links=[TranscriptLink(**link) for link in recording["transcript_links"]],
        audio_url=recording["audio_url"],
        audio_type=recording["audio_type"],
        language=episode.language or episode.feed.language,
        feed_url=episode.feed.url or "",
    )


def _made(episode: Episode, found: FoundTranscript) -> Transcript:
    text = plain_text(found.segments)
    return Transcript(
        episode=episode,
        source=found.source[:200],
        url=found.url,
        language=language_of(text, told=found.language)[:16],
        segments=[list(astuple(segment)) for segment in found.segments],
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def _stored(transcript: Transcript) -> Transcript:
    """Whichever came first."""
    Transcript.objects.bulk_create([transcript], ignore_conflicts=True)
    return Transcript.objects.get(episode=transcript.episode)


@cache
def extractor() -> Extractor:
    """The configured extractor (setting EXTRACTOR); loaded once a process."""
    made: Extractor = EXTRACTORS.make(settings.EXTRACTOR)
    return made


def _grounded(
    segments: Sequence[Segment], extracted: Sequence[ExtractedInsight]
) -> list[tuple[ExtractedInsight, Grounded]]:
    """Those whose quote was said: an extractor's word is not taken for it."""
    ground = Ground(segments)
    places = ((one, ground.find(one.quote, near=one.start)) for one in extracted)
    return [(one, place) for one, place in places if place is not None]


def _insight(episode: Episode, transcript: Transcript, one: ExtractedInsight, place: Grounded) -> Insight:
    language = transcript.language or episode.language
    is_ready = bool(one.headline and one.text) and is_english(transcript.text, language=language)
    return Insight(
        episode=episode,
        headline=(one.headline or "")[:200] if is_ready else "",
        text=one.text or "" if is_ready else "",
        quote=place.quote,
        speaker=place.speaker or "",
        start=place.start_time,
        end=place.end_time,
        start_is_approximate=place.is_approximate,
        salience=min(max(one.salience, 0.0), 1.0),
        ready=min(max(one.ready, 0.0), 1.0),
        language=language,
        extractor=one.made_by[:100],
        quote_verified=True,
    )


def _record(
    claim: _Claim,
    *,
    state: Episode.State,
    result: Result,
    now: dt.datetime,
    transcript: Transcript | None = None,
    found: Sequence[Classified] = (),
    rejected: int = 0,
    error: str = "",
) -> ProcessOutcome:
    """Insights and state in one transaction, and only if this attempt still holds the episode."""
    with transaction.atomic():
        if not _ours(claim).update(state=state, processed_at=now, error=error):
            return ProcessOutcome(claim.episode.pk, Result.TAKEN)
        _settle_recording(claim.episode, transcript, now=now)
        stored = store(found)
    made_by = tuple(sorted({one.insight.extractor for one in found}))
    ready = sum(insight.is_ready for insight in stored)
    return ProcessOutcome(claim.episode.pk, result, ready, len(stored) - ready, rejected, error, made_by)


def _settle_recording(episode: Episode, transcript: Transcript | None, *, now: dt.datetime) -> None:
    if not episode.next_recording:
        return
    if transcript is not None:
        take_over(episode, transcript, now=now)
    elif not episode.insights.exists():
        move_over(episode)


def _failed(
    claim: _Claim, reason: str, *, permanent: bool, retry_after: float | None, now: dt.datetime
) -> ProcessOutcome:
    reason = reason.replace("\0", "")[:500]
    if permanent or claim.attempt >= MOST_ATTEMPTS:
        updated = _ours(claim).update(state=Episode.State.FAILED, error=reason)
        return ProcessOutcome(claim.episode.pk, Result.FAILED if updated else Result.TAKEN, error=reason)
    wait = max(FIRST_RETRY * 4 ** (claim.attempt - 1), dt.timedelta(seconds=retry_after or 0))
    _ours(claim).update(next_attempt_at=now + wait, error=reason)
    return ProcessOutcome(claim.episode.pk, Result.RETRY, error=reason)


def _give_up(episode: Episode) -> ProcessOutcome:
    """Every attempt ended with the death of its worker: nobody was left to record why."""
    reason = episode.error or f"{MOST_ATTEMPTS} attempts broke off without an answer"
    Episode.objects.filter(pk=episode.pk, attempts=episode.attempts, state=Episode.State.WAITING).update(
        state=Episode.State.FAILED, error=reason
    )
    return ProcessOutcome(episode.pk, Result.FAILED, error=reason)


def _ours(claim: _Claim) -> QuerySet[Episode]:
    return Episode.objects.filter(pk=claim.episode.pk, state=Episode.State.WAITING, attempts=claim.attempt)

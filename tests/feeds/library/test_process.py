import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

import pytest
from django.test import Client
from pytest_django import Settings

from feeds.library import process as processing
from feeds.library.process import Result, process
from feeds.models import Episode, Insight, Transcript
from feeds.polling.http import Door
from feeds.polling.transcripts.sources import FoundTranscript, Wanted
from feeds.reading.insights.extraction import EpisodeContext, ExtractedInsight
from feeds.reading.transcripts.segments import Segment
from tests.factories import make_episode
from tests.feeds.polling.hostile_server import Hostile
from tests.feeds.rss import NOW

pytestmark = pytest.mark.django_db

TRUE = "The queue for the grid is longer than the queue for the wind turbines"
VTT = f"""WEBVTT

00:10.000 --> 00:14.000
<v Ada Berg>{TRUE},

00:14.000 --> 00:18.000
<v Ada Berg>because nobody pays for the upgrade that everybody uses.

00:18.000 --> 00:19.000
<v Tom Reyes>Why is that?
""".encode()


class QuotingExtractor:
    """Claims two things of every transcript: one was said, one was not."""

    def extract(self, segments: Sequence[Segment], *, context: EpisodeContext, limit: int) -> list[ExtractedInsight]:
        said = [self._claim(TRUE), self._claim("Nobody ever said this in any episode at all")]
        return said[:limit]

    def _claim(self, quote: str) -> ExtractedInsight:
        return ExtractedInsight("Queues, not turbines", f"On power: {quote}.", quote, "Nobody", None, None, 0.8)


class BreakingExtractor:
    def extract(self, segments: Sequence[Segment], *, context: EpisodeContext, limit: int) -> list[ExtractedInsight]:
        raise RuntimeError("the model fell over")


class StealingExtractor(QuotingExtractor):
    """Takes so long that the lease ends and another worker claims the episode."""

    def extract(self, segments: Sequence[Segment], *, context: EpisodeContext, limit: int) -> list[ExtractedInsight]:
        Episode.objects.update(attempts=2)
        return super().extract(segments, context=context, limit=limit)


class ListeningExtractor(QuotingExtractor):
    """Writes down what it was given to read."""

    heard: ClassVar[list[str]] = []

    def extract(self, segments: Sequence[Segment], *, context: EpisodeContext, limit: int) -> list[ExtractedInsight]:
        self.heard[:] = [segment.body for segment in segments]
        return super().extract(segments, context=context, limit=limit)


class Subtitles:
    """A third source of transcripts."""

    def find(self, wanted: Wanted, *, door: Door) -> FoundTranscript | None:
        return FoundTranscript([Segment(TRUE)], "subtitles that listeners wrote", "", wanted.language)


@pytest.fixture(autouse=True)
def _quoting(settings: Settings, _fresh_choices: None) -> None:
    settings.EXTRACTOR = f"{__name__}.QuotingExtractor"


def waiting(*urls: str, **fields: Any) -> Episode:
    links = [{"url": url, "type": "text/vtt", "language": ""} for url in urls]
    defaults: dict[str, Any] = {"state": Episode.State.WAITING, "next_attempt_at": NOW, "processed_at": None}
    return make_episode(transcript_links=links, **defaults | fields)


def test_an_episode_becomes_insights_whose_quotes_are_in_its_transcript(server: Hostile, door: Door) -> None:
    episode = waiting(server.answer("/1.vtt", VTT))
    outcome = process(episode.pk, now=NOW, door=door)
    assert (outcome.result, outcome.insights, outcome.rejected) == (Result.DONE, 1, 1)
    insight = episode.insights.get()
    assert insight.quote in episode.transcript.text
    assert (insight.quote, insight.speaker, insight.start, insight.quote_verified) == (TRUE, "Ada Berg", 10.0, True)
    assert insight.embedding_model == "all-MiniLM-L6-v2"
    assert insight.insight_topics.filter(topic__slug="climate-energy").exists()
    episode.refresh_from_db()
    assert (episode.state, episode.processed_at, episode.error) == (Episode.State.DONE, NOW, "")


def test_a_first_name_in_the_transcript_is_written_in_full_where_the_feed_tells_the_rest(
    server: Hostile, door: Door
) -> None:
    people = [{"name": "Ada Berg", "role": "guest"}, {"name": "Tom Reyes", "role": "host"}]
    episode = waiting(server.answer("/1.vtt", VTT.replace(b"Ada Berg", b"Ada")), people=people)
    process(episode.pk, now=NOW, door=door)
    assert episode.insights.get().speaker == "Ada Berg"
    assert {segment.speaker for segment in episode.transcript.as_segments()} == {"Ada", "Tom Reyes"}


def test_an_advertisement_is_kept_in_the_transcript_and_read_by_nobody(
    server: Hostile, door: Door, settings: Settings
) -> None:
    settings.EXTRACTOR = f"{__name__}.ListeningExtractor"
    advertisement = b"This episode is brought to you by Acme. Use the code ACME for 20% off your first order."
    cue = b"\n00:19.000 --> 00:24.000\n<v Tom Reyes>" + advertisement + b"\n"
    episode = waiting(server.answer("/1.vtt", VTT + cue))
    assert process(episode.pk, now=NOW, door=door).insights == 1
    assert episode.transcript.text.endswith(advertisement.decode())
    assert ListeningExtractor.heard[-1] == "Why is that?"


def test_a_transcript_in_another_language_than_the_feed_tells_is_kept_in_its_own(server: Hostile, door: Door) -> None:
    german = " Die Schlange vor dem Netz ist länger als die vor den Windrädern, und niemand bezahlt den Ausbau." * 4
    cue = f"\n00:19.000 --> 00:54.000\n<v Tom Reyes>{german}\n".encode()
    episode = waiting(server.answer("/1.vtt", VTT + cue), language="en")
    process(episode.pk, now=NOW, door=door)
    assert (episode.transcript.language, episode.insights.get().language) == ("de", "de")


def test_a_second_run_changes_nothing(server: Hostile, door: Door) -> None:
    episode = waiting(server.answer("/1.vtt", VTT))
    process(episode.pk, now=NOW, door=door)
    assert process(episode.pk, now=NOW, door=door).result == Result.TAKEN
    Episode.objects.update(state=Episode.State.WAITING, next_attempt_at=NOW)
    assert process(episode.pk, now=NOW, door=door).insights == 0
    assert Insight.objects.count() == 1
    assert server.log.paths == ["/1.vtt"]


def test_an_episode_without_a_transcript_is_silent_with_the_reason(door: Door) -> None:
    episode = waiting()
    assert process(episode.pk, now=NOW, door=door).result == Result.SILENT
    episode.refresh_from_db()
    assert (episode.state, episode.error) == (Episode.State.SILENT, "the feed links to no transcript")


def test_the_best_of_several_transcripts_is_taken(server: Hostile, door: Door) -> None:
    plain = server.answer("/1.txt", b"The queue for the grid is longer than ever, they say.")
    german = server.answer("/de.vtt", VTT)
    episode = waiting(language="en")
    episode.transcript_links = [
        {"url": plain, "type": "text/plain", "language": ""},
        {"url": german, "type": "text/vtt", "language": "de"},
        {"url": server.answer("/1.vtt", VTT), "type": "text/vtt", "language": "en"},
    ]
    episode.save()
    process(episode.pk, now=NOW, door=door)
    assert server.log.paths == ["/1.vtt"]
    assert Transcript.objects.get().url.endswith("/1.vtt")


def test_a_source_of_another_kind_is_called_on_pages_what_it_calls_itself(
    door: Door, settings: Settings, client: Client
) -> None:
    settings.TRANSCRIPT_SOURCES = [f"{__name__}.Subtitles"]
    episode = waiting()
    assert process(episode.pk, now=NOW, door=door).result == Result.DONE
    page = client.get(episode.insights.get().get_absolute_url()).content.decode()
    assert "word for word in subtitles that listeners wrote. The sentences above it" in page


def test_a_broken_transcript_gives_way_to_another_one(server: Hostile, door: Door) -> None:
    episode = waiting(server.answer("/bad.vtt", b"%PDF-1.4"), server.answer("/good.vtt", VTT))
    assert process(episode.pk, now=NOW, door=door).result == Result.DONE


def test_what_is_no_transcript_fails_with_the_reason(server: Hostile, door: Door) -> None:
    episode = waiting(server.answer("/1.vtt", b"WEBVTT\n\n"))
    outcome = process(episode.pk, now=NOW, door=door)
    assert (outcome.result, outcome.error) == (Result.FAILED, "the transcript holds 0 words of speech")
    episode.refresh_from_db()
    assert (episode.state, episode.error) == (Episode.State.FAILED, outcome.error)


def test_a_failure_that_may_pass_is_tried_again_later_and_five_times_at_most(server: Hostile, door: Door) -> None:
    episode = waiting(server.answer("/1.vtt", status=500))
    now = NOW
    results = []
    for _ in range(5):
        results.append(process(episode.pk, now=now, door=door).result)
        assert process(episode.pk, now=now, door=door).result == Result.TAKEN
        episode.refresh_from_db()
        now = episode.next_attempt_at + dt.timedelta(seconds=1)
    assert results == [Result.RETRY] * 4 + [Result.FAILED]
    assert episode.state == Episode.State.FAILED
    assert "answered 500" in episode.error


def test_the_unforeseen_is_recorded_and_not_raised(
    server: Hostile, door: Door, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EXTRACTOR = f"{__name__}.BreakingExtractor"
    episode = waiting(server.answer("/1.vtt", VTT))
    outcome = process(episode.pk, now=NOW, door=door)
    assert (outcome.result, outcome.error) == (Result.RETRY, "unexpected RuntimeError: the model fell over")
    assert "Traceback" in caplog.text
    assert Transcript.objects.count() == 1


def test_a_worker_that_lost_its_claim_records_nothing(server: Hostile, door: Door, settings: Settings) -> None:
    settings.EXTRACTOR = f"{__name__}.StealingExtractor"
    episode = waiting(server.answer("/1.vtt", VTT))
    assert process(episode.pk, now=NOW, door=door).result == Result.TAKEN
    assert Insight.objects.count() == 0


def test_an_abandoned_claim_is_free_after_its_lease(server: Hostile, door: Door) -> None:
    episode = waiting(server.answer("/1.vtt", VTT), attempts=1, next_attempt_at=NOW + processing.LEASE)
    assert process(episode.pk, now=NOW, door=door).result == Result.TAKEN
    assert process(episode.pk, now=NOW + processing.LEASE, door=door).result == Result.DONE


def test_an_episode_that_kills_its_workers_is_given_up(door: Door) -> None:
    episode = waiting(attempts=5)
    outcome = process(episode.pk, now=NOW, door=door)
    assert outcome.result == Result.FAILED
    assert "5 attempts" in outcome.error
    episode.refresh_from_db()
    assert episode.state == Episode.State.FAILED


def test_a_taken_down_show_is_not_processed(server: Hostile, door: Door) -> None:
    episode = waiting(server.answer("/1.vtt", VTT))
    episode.feed.taken_down_at = NOW
    episode.feed.save()
    assert process(episode.pk, now=NOW, door=door).result == Result.TAKEN

import datetime as dt

import pytest
from pytest_django import Settings

from feeds.library.process import Result, process
from feeds.models import Episode, Insight
from feeds.polling.http import Door
from feeds.reading.transcripts.segments import Segment
from tests.factories import make_episode, make_insight, make_transcript
from tests.feeds.library.test_process import TRUE, VTT
from tests.feeds.polling.hostile_server import Hostile
from tests.feeds.rss import NOW

pytestmark = pytest.mark.django_db

OLD = "https://cdn.example/1.mp3"
NEW = "https://cdn.example/1b.mp3"
ELSEWHERE = "Nobody builds a line through a valley that has no town in it"


@pytest.fixture(autouse=True)
def _quoting(settings: Settings, _fresh_choices: None) -> None:
    settings.EXTRACTOR = "tests.feeds.library.test_process.QuotingExtractor"


def replaced(*urls: str, said: str = f"{TRUE}. {ELSEWHERE}.") -> Episode:
    """An episode that was read, and whose feed names another recording since."""
    links = [{"url": url, "type": "text/vtt", "language": ""} for url in urls]
    episode = make_episode(
        audio_url=OLD,
        state=Episode.State.WAITING,
        next_attempt_at=NOW,
        next_recording={"audio_url": NEW, "audio_type": "", "duration_seconds": 900, "transcript_links": links},
    )
    make_transcript(episode, segments=[Segment(said, None, 0.0, 20.0)])
    return episode


def insight_of(episode: Episode, quote: str) -> Insight:
    return make_insight(episode=episode, quote=quote, start=1.0, end=2.0)


def test_the_insights_of_a_replaced_recording_stay_where_they_are_said_again(server: Hostile, door: Door) -> None:
    episode = replaced(server.answer("/b.vtt", VTT))
    said_again, gone = insight_of(episode, TRUE), insight_of(episode, ELSEWHERE)
    imported = make_insight(episode=episode, quote="Whoever imported it", quote_verified=False)
    outcome = process(episode.pk, now=NOW, door=door)
    assert (outcome.result, outcome.insights) == (Result.DONE, 1)
    episode.refresh_from_db()
    assert (episode.audio_url, episode.duration_seconds, episode.next_recording) == (NEW, 900, {})
    for insight in (said_again, gone, imported):
        insight.refresh_from_db()
    assert (said_again.hidden_at, said_again.start) == (None, 10.0)
    assert gone.hidden_at == NOW
    assert imported.hidden_at is None
    for insight in Insight.objects.standing().filter(episode=episode, quote_verified=True):
        assert insight.quote in episode.transcript.text


def test_a_new_recording_with_the_same_words_keeps_everything(server: Hostile, door: Door) -> None:
    url = server.answer("/b.vtt", VTT)
    episode = replaced(url)
    process(episode.pk, now=NOW, door=door)
    before = set(Insight.objects.values_list("pk", "created_at"))
    again = {"audio_url": OLD, "audio_type": "", "duration_seconds": 900, "transcript_links": [
        {"url": url, "type": "text/vtt", "language": ""}]}  # fmt: skip
    Episode.objects.update(state=Episode.State.WAITING, attempts=0, next_attempt_at=NOW, next_recording=again)
    assert process(episode.pk, now=NOW, door=door).result == Result.DONE
    episode.refresh_from_db()
    assert (episode.audio_url, episode.next_recording) == (OLD, {})
    assert set(Insight.objects.values_list("pk", "created_at")) == before


def test_a_new_recording_without_a_transcript_leaves_what_was_read_with_its_own(door: Door) -> None:
    episode = replaced()
    insight = insight_of(episode, TRUE)
    assert process(episode.pk, now=NOW, door=door).result == Result.DONE
    episode.refresh_from_db()
    insight.refresh_from_db()
    assert (episode.audio_url, episode.state, insight.hidden_at) == (OLD, Episode.State.DONE, None)
    assert "the new one has no transcript" in episode.error


def test_a_new_recording_of_an_episode_without_insights_is_named_even_if_it_is_silent(door: Door) -> None:
    episode = replaced()
    assert process(episode.pk, now=NOW, door=door).result == Result.SILENT
    episode.refresh_from_db()
    assert (episode.audio_url, episode.next_recording) == (NEW, {})


def test_a_new_recording_that_cannot_be_read_changes_nothing_yet(server: Hostile, door: Door) -> None:
    episode = replaced(server.answer("/b.vtt", status=500))
    insight = insight_of(episode, TRUE)
    assert process(episode.pk, now=NOW, door=door).result == Result.RETRY
    episode.refresh_from_db()
    insight.refresh_from_db()
    assert (episode.audio_url, insight.hidden_at) == (OLD, None)
    assert episode.next_attempt_at > NOW + dt.timedelta(minutes=10)
    server.answer("/b.vtt", VTT)
    assert process(episode.pk, now=episode.next_attempt_at, door=door).result == Result.DONE
    episode.refresh_from_db()
    assert episode.audio_url == NEW

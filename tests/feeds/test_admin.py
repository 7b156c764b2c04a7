import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from feeds.models import Episode, Feed, InsightReport, LlmCall
from feeds.reading.transcripts.segments import Segment
from tests.factories import make_episode, make_feed, make_insight, make_transcript

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(
        User.objects.create_user("operator@example.com", is_staff=True, is_superuser=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def act(operator: Client, model: str, action: str, *ids: int) -> None:
    data = {"action": action, "_selected_action": [str(pk) for pk in ids]}
    answer = operator.post(reverse(f"admin:feeds_{model}_changelist"), data)
    assert answer.status_code == 302


@pytest.mark.parametrize("model", ["feed", "episode", "transcript", "topic", "insight", "insightreport", "llmcall"])
def test_every_list_and_form_opens(operator: Client, model: str) -> None:
    insight = make_insight()
    make_transcript(insight.episode, segments=[Segment("Well, well.")])
    InsightReport.objects.create(insight=insight, reason="owner")
    now = timezone.now()
    LlmCall.objects.create(source_sha256="a" * 64, part="passages", asked_at=now, expires_at=now, cost=1)
    listed = operator.get(reverse(f"admin:feeds_{model}_changelist"))
    assert listed.status_code == 200
    row = listed.context["cl"].result_list[0]
    assert operator.get(reverse(f"admin:feeds_{model}_change", args=[row.pk])).status_code == 200


def test_a_failed_episode_shows_its_reason_and_is_tried_again(operator: Client) -> None:
    episode = make_episode(state=Episode.State.FAILED, attempts=5, error="pod.example answered 500")
    assert "pod.example answered 500" in operator.get(reverse("admin:feeds_episode_changelist")).content.decode()
    act(operator, "episode", "process_again", episode.pk)
    episode.refresh_from_db()
    assert (episode.state, episode.attempts, episode.error) == (Episode.State.WAITING, 0, "")


def test_a_gone_feed_is_polled_again_and_a_taken_down_one_is_not(operator: Client) -> None:
    gone = make_feed(state=Feed.State.GONE, error="answered 410")
    taken = make_feed(state=Feed.State.OFF, taken_down_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    act(operator, "feed", "poll_again", gone.pk, taken.pk)
    gone.refresh_from_db()
    taken.refresh_from_db()
    assert (gone.state, taken.state) == (Feed.State.ACTIVE, Feed.State.OFF)
    assert gone.next_check_at is not None


def test_a_show_is_taken_down_and_put_back_in_one_step(operator: Client) -> None:
    feed = make_feed()
    act(operator, "feed", "take_down", feed.pk)
    assert not Feed.objects.public().exists()
    act(operator, "feed", "put_back", feed.pk)
    assert Feed.objects.public().exists()


def test_an_insight_is_hidden_and_a_report_resolved(operator: Client) -> None:
    insight = make_insight()
    report = InsightReport.objects.create(insight=insight, reason="misquote")
    act(operator, "insight", "hide", insight.pk)
    act(operator, "insightreport", "resolve", report.pk)
    insight.refresh_from_db()
    report.refresh_from_db()
    assert insight.hidden_at is not None
    assert report.resolved_at is not None

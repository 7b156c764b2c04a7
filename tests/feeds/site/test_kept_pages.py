"""Pages kept by the web process: made once, and never older than what they show."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from feeds.library.changes import current_version, forget_old_changes
from feeds.models import Feed, Insight, PageChange, RelatedStances
from feeds.models import Topic as Topics
from tests.factories import make_insight, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(settings: Settings) -> Client:
    settings.KEPT_PAGES_MB = 4
    return Client()


@contextmanager
def only_asked_whether_anything_changed() -> Iterator[None]:
    with CaptureQueriesContext(connection) as asked:
        yield
    assert all("feeds_pagechange" in query["sql"] for query in asked.captured_queries)


def test_a_page_is_made_once_and_then_sent_as_it_was(visitor: Client) -> None:
    path = make_insight().get_absolute_url()
    first = visitor.get(path)
    with only_asked_whether_anything_changed():
        second = visitor.get(path)
    assert second.content == first.content
    assert dict(second.items()) == dict(first.items())


CHANGES: dict[str, Callable[[Insight], object]] = {
    "an insight is taken down": lambda one: Insight.objects.filter(pk=one.pk).update(hidden_at=timezone.now()),
    "an insight is deleted": lambda one: one.delete(),
    "another insight comes": lambda one: make_insight(episode=one.episode),
    "a topic is added": lambda one: one.insight_topics.create(topic=Topics.objects.all()[0], score=0.9),
    "a topic is renamed": lambda _: Topics.objects.update(description="Anew"),
    "the show is renamed": lambda _: Feed.objects.update(title="The Ford Hour"),
    "the show is blocked": lambda _: Feed.objects.update(is_blocked=True),
    "the show is taken down": lambda _: Feed.objects.update(taken_down_at=timezone.now()),
    "the show becomes private": lambda _: Feed.objects.update(is_private=True),
    "the episode is renamed": lambda one: type(one.episode).objects.update(title="Fords"),
    "a stance is judged": lambda one: RelatedStances.objects.create(insight=one, judged_at=timezone.now()),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_nobody_is_shown_what_was_before(
    change: Callable[[Insight], object], visitor: Client, clock: time_machine.Traveller
) -> None:
    insight = make_insight()
    path = insight.get_absolute_url()
    visitor.get(path)
    before = current_version()
    change(insight)
    assert current_version() != before
    clock.shift(timedelta(seconds=2))
    kept, anew = visitor.get(path), Client().get(path)
    assert (kept.status_code, kept.get("ETag")) == (anew.status_code, anew.get("ETag"))


def test_what_was_taken_down_is_gone_a_second_later(visitor: Client, clock: time_machine.Traveller) -> None:
    insight = make_insight()
    assert visitor.get(insight.get_absolute_url()).status_code == 200
    Insight.objects.update(hidden_at=timezone.now())
    clock.shift(timedelta(seconds=1))
    assert visitor.get(insight.get_absolute_url()).status_code == 410


def test_asking_a_feed_anew_changes_no_page() -> None:
    make_insight()
    before = current_version()
    Feed.objects.update(next_check_at=timezone.now(), failures=3, error="504", etag="x", title="Same")
    Feed.objects.update(next_check_at=timezone.now(), title="Same")
    assert current_version().newest == before.newest + 1


def test_a_reader_with_a_session_gets_pages_of_their_own(visitor: Client) -> None:
    path = make_insight().get_absolute_url()
    strangers = visitor.get(path).content
    visitor.force_login(make_user("reader@example.com"))
    own = visitor.get(path)
    assert own.content != strangers
    assert "private" in own["Cache-Control"]
    visitor.logout()
    assert visitor.get(path).content == strangers


@pytest.mark.parametrize("headers", [{"Accept-Encoding": "gzip"}, {"Host": "testserver:8000"}])
def test_what_an_answer_depends_on_is_told_apart(visitor: Client, headers: dict[str, str]) -> None:
    path = make_insight().get_absolute_url()
    plain = visitor.get(path)
    other = visitor.get(path, headers=headers)
    assert other.get("Content-Encoding") == ("gzip" if "Accept-Encoding" in headers else None)
    assert visitor.get(path).content == plain.content


def test_who_has_the_page_is_told_that_it_is_the_same(visitor: Client) -> None:
    path = make_insight().get_absolute_url()
    etag = visitor.get(path)["ETag"]
    with only_asked_whether_anything_changed():
        again = visitor.get(path, headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert not again.content


def test_the_head_of_a_kept_page_has_its_length_and_no_body(visitor: Client) -> None:
    path = make_insight().get_absolute_url()
    whole = visitor.get(path)
    head = visitor.head(path)
    assert not head.content
    assert head["Content-Length"] == str(len(whole.content))


def test_an_error_is_not_kept(visitor: Client) -> None:
    assert visitor.get("/insights/1/").status_code == 404
    make_insight(pk=1)
    assert visitor.get("/insights/1/").status_code == 200


def test_old_changes_are_forgotten_and_the_version_still_tells_new_ones() -> None:
    insight = make_insight()
    for number in range(150):
        Insight.objects.filter(pk=insight.pk).update(headline=f"Number {number} of many")
    forget_old_changes()
    assert PageChange.objects.count() == 100
    before = current_version()
    Insight.objects.update(headline="The last of many")
    assert current_version() != before

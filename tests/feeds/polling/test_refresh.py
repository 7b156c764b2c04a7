import datetime as dt
import gzip
from contextlib import closing
from zlib import crc32

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries, Settings

from feeds.models import Episode, Feed
from feeds.polling.adding import add_feed
from feeds.polling.host_locks import LOCKS, POLLING
from feeds.polling.http import Door
from feeds.polling.intake import take_in
from feeds.polling.parse import parse
from feeds.polling.refresh import Outcome, refresh
from tests.factories import make_episode, make_feed
from tests.feeds.conftest import door_to
from tests.feeds.polling.hostile_server import Hostile
from tests.feeds.polling.one_show import poll, show
from tests.feeds.rss import NOW, item, rss

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def test_a_new_show_stores_every_episode_and_processes_the_newest(
    server: Hostile, door: Door, settings: Settings
) -> None:
    settings.EXTRACT_NEWEST = 3
    feed = show(server, rss(*[item(str(n), hours_ago=n * 24) for n in range(10)]))
    outcome = poll(feed, door)
    assert (outcome.outcome, outcome.stored, len(outcome.waiting)) == (Outcome.CHANGED, 10, 3)
    waiting = Episode.objects.filter(state=Episode.State.WAITING).order_by("-published_at")
    assert [episode.guid for episode in waiting] == ["0", "1", "2"]
    assert Episode.objects.filter(state=Episode.State.ARCHIVED).count() == 7
    assert (feed.title, feed.language, feed.failures, feed.error) == ("Grid & Weather", "en", 0, "")


def test_the_first_reading_decides_the_address_of_a_shows_page(server: Hostile, door: Door) -> None:
    feed, _ = add_feed(server.answer("/feed.xml", rss(item())), title="Whatever somebody called it")
    poll(feed, door)
    assert feed.slug == "grid-weather"
    server.answer("/feed.xml", rss(item(), title="Renamed"))
    poll(feed, door, now=NOW + DAY)
    assert (feed.title, feed.slug) == ("Renamed", "grid-weather")


def test_a_show_that_was_imported_before_it_was_read_keeps_its_address(server: Hostile, door: Door) -> None:
    feed = show(server, rss(item()))
    make_episode(feed=feed)
    slug = feed.slug
    poll(feed, door)
    assert feed.slug == slug


def test_a_number_behind_the_title_is_no_other_address(server: Hostile, door: Door) -> None:
    make_feed(slug="grid-weather")
    feed, _ = add_feed(server.answer("/feed.xml", rss(item())), title="Grid & Weather")
    poll(feed, door)
    assert feed.slug == "grid-weather-2"


def test_a_repeated_poll_sends_the_validators_byte_for_byte_and_stores_nothing(server: Hostile, door: Door) -> None:
    feed = show(server, rss(item()), ETag='W/"a b"', Last_Modified="Sun, 22 Nov 2026 03:00:00 GMT")
    poll(feed, door)
    server.answer("/feed.xml", status=304)
    assert poll(feed, door, now=NOW + DAY).outcome == Outcome.UNCHANGED
    asked = server.log.headers[-1]
    assert asked["If-None-Match"] == 'W/"a b"'
    assert asked["If-Modified-Since"] == "Sun, 22 Nov 2026 03:00:00 GMT"


def test_the_same_body_without_validators_counts_as_unchanged(server: Hostile, door: Door) -> None:
    feed = show(server, rss(item()))
    poll(feed, door)
    assert poll(feed, door, now=NOW + DAY).outcome == Outcome.UNCHANGED


def test_an_episode_that_leaves_the_feed_stays(server: Hostile, door: Door) -> None:
    feed = show(server, rss(item("1", hours_ago=30), item("2")))
    poll(feed, door)
    server.answer("/feed.xml", rss(item("3", hours_ago=1)))
    assert poll(feed, door, now=NOW + DAY).stored == 1
    assert set(feed.episodes.values_list("guid", flat=True)) == {"1", "2", "3"}


def test_an_old_episode_added_later_goes_to_the_archive(server: Hostile, door: Door, settings: Settings) -> None:
    settings.EXTRACT_NEWEST = 2
    feed = show(server, rss(item("1"), item("2", hours_ago=3)))
    poll(feed, door)
    server.answer("/feed.xml", rss(item("1"), item("2", hours_ago=3), item("0", hours_ago=900)))
    outcome = poll(feed, door, now=NOW + DAY)
    assert (outcome.stored, outcome.waiting) == (1, ())


def test_the_same_guid_in_two_shows_is_two_episodes(server: Hostile, door: Door) -> None:
    feeds = [make_feed(url=server.answer(f"/{n}.xml", rss(item("1")))) for n in (1, 2)]
    assert [outcome.stored for outcome in refresh(feeds, now=NOW, door=door)] == [1, 1]


def test_dates_in_the_future_are_now_and_undated_archives_are_old(server: Hostile, door: Door) -> None:
    feed = show(server, rss(item("1", hours_ago=-100), "<item><guid>2</guid><title>x</title></item>"))
    poll(feed, door)
    assert feed.episodes.get(guid="1").published_at == NOW
    assert feed.episodes.get(guid="2").published_at < NOW - 20 * DAY


def test_of_undated_episodes_the_first_in_the_feed_is_the_newest(
    server: Hostile, door: Door, settings: Settings
) -> None:
    settings.EXTRACT_NEWEST = 2
    feed = show(server, rss(*[f"<item><guid>{n}</guid><title>x{n}</title></item>" for n in range(5)]))
    poll(feed, door)
    assert list(Episode.objects.waiting(NOW).values_list("guid", flat=True)) == ["0", "1"]


def test_an_episode_that_is_processed_while_its_feed_is_read_stays_processed(server: Hostile, door: Door) -> None:
    body = rss(item(title="Named anew"))
    poll(show(server, rss(item())), door)
    read_before = Feed.objects.prefetch_related("episodes").get()
    Episode.objects.update(state=Episode.State.DONE, attempts=1)
    take_in(read_before, parse(body, url="https://x.example/", content_type=""), now=NOW)
    episode = Episode.objects.get()
    assert (episode.title, episode.state, episode.attempts) == ("Named anew", Episode.State.DONE, 1)


def test_a_transcript_that_appears_later_gives_an_episode_another_chance(server: Hostile, door: Door) -> None:
    feed = show(server, rss(item()))
    poll(feed, door)
    feed.episodes.update(state=Episode.State.SILENT, attempts=1)
    server.answer("/feed.xml", rss(item(transcript="https://x.example/1.vtt")))
    poll(feed, door, now=NOW + DAY)
    episode = feed.episodes.get()
    assert (episode.state, episode.attempts, episode.next_attempt_at) == (Episode.State.WAITING, 0, NOW + DAY)
    assert episode.transcript_links == [{"url": "https://x.example/1.vtt", "type": "text/vtt", "language": ""}]


def test_blocked_items_are_left_out_and_a_blocked_show_is_marked(server: Hostile, door: Door) -> None:
    blocked = item("2", extra="<itunes:block>yes</itunes:block>")
    feed = show(server, rss(item("1"), blocked, channel="<podcast:block>yes</podcast:block>"))
    assert poll(feed, door).stored == 1
    assert feed.is_blocked


def test_music_is_archived_and_not_processed(server: Hostile, door: Door) -> None:
    outcome = poll(show(server, rss(item(), channel="<podcast:medium>music</podcast:medium>")), door)
    assert (outcome.stored, outcome.waiting) == (1, ())


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"<!DOCTYPE html><html></html>", 200, "web page"),
        (b"", 200, "empty"),
        (b"not xml", 200, "neither RSS nor Atom"),
        (b"", 500, "answered 500"),
        (b"", 404, "answered 404"),
    ],
)
def test_a_failing_feed_keeps_its_episodes_state_and_validators_with_the_reason(
    server: Hostile, door: Door, body: bytes, status: int, reason: str
) -> None:
    feed = show(server, rss(item()), ETag='"1"')
    poll(feed, door)
    server.answer("/feed.xml", body, status=status)
    later = NOW + DAY
    for failures in (1, 2):
        outcome = poll(feed, door, now=later)
        assert outcome.outcome == Outcome.FAILED
        assert reason in outcome.error
        assert (feed.state, feed.failures, feed.etag) == (Feed.State.ACTIVE, failures, '"1"')
        assert reason in feed.error
        assert feed.next_check_at is not None
        assert feed.next_check_at > later + 0.7 * failures * HOUR
    assert feed.episodes.count() == 1
    server.answer("/feed.xml", rss(item(), item("2")))
    assert poll(feed, door, now=later).outcome == Outcome.CHANGED
    assert (feed.failures, feed.error) == (0, "")


def test_a_bomb_fails_its_own_feed_only(server: Hostile, door: Door) -> None:
    bomb = make_feed(url=server.answer("/bomb", gzip.compress(bytes(64 * 2**20)), headers={"Content-Encoding": "gzip"}))
    fine = make_feed(url=server.answer("/fine", rss(item())))
    outcomes = {outcome.feed_id: outcome for outcome in refresh([bomb, fine], now=NOW, door=door)}
    assert outcomes[bomb.pk].outcome == Outcome.FAILED
    assert "larger than 8 MiB" in outcomes[bomb.pk].error
    assert outcomes[fine.pk].outcome == Outcome.CHANGED


def test_410_ends_the_polling(server: Hostile, door: Door) -> None:
    feed = show(server, b"")
    server.answer("/feed.xml", status=410)
    assert poll(feed, door).outcome == Outcome.GONE
    assert (feed.state, feed.next_check_at) == (Feed.State.GONE, None)
    assert feed not in Feed.objects.due(NOW + 900 * DAY)


@pytest.mark.parametrize("retry_after", ["7200", "Mon, 23 Nov 2099 05:00:00 GMT"])
def test_retry_after_puts_off_the_feed_and_the_others_of_its_host(
    server: Hostile, door: Door, retry_after: str
) -> None:
    busy = make_feed(url=server.answer("/busy", status=429, headers={"Retry-After": retry_after}))
    other = make_feed(url=server.answer("/other", rss(item())))
    poll(busy, door)
    outcome = poll(other, door)
    assert outcome.outcome == Outcome.WAITS
    assert server.log.paths == ["/busy"]
    for feed in (busy, other):
        assert feed.next_check_at is not None
        assert NOW + 1.9 * HOUR <= feed.next_check_at <= NOW + DAY + HOUR
    assert (busy.failures, other.failures) == (1, 0)


def test_a_permanent_redirect_is_believed_after_a_week(server: Hostile, door: Door) -> None:
    old = server.answer("/old", status=301, headers={"Location": "/new"})
    new = server.answer("/new", rss(item()))
    feed = make_feed(url=old)
    for days in (0, 3, 6):
        poll(feed, door, now=NOW + days * DAY)
        assert (feed.url, feed.moved_to) == (old, new)
    poll(feed, door, now=NOW + 7 * DAY)
    assert (feed.url, feed.moved_to, feed.moved_sightings) == (new, "", 0)


def test_a_show_that_moves_to_an_address_with_a_secret_leaves_the_public_pages(server: Hostile, door: Door) -> None:
    old = server.answer("/old", status=301, headers={"Location": "/new?auth=s3cret"})
    server.answer("/new?auth=s3cret", rss(item()))
    feed = make_feed(url=old)
    for days in (0, 3, 6):
        poll(feed, door, now=NOW + days * DAY)
        assert feed in Feed.objects.public()
    poll(feed, door, now=NOW + 7 * DAY)
    assert feed.url != old
    assert feed not in Feed.objects.public()


def test_an_address_that_an_operator_corrects_during_a_poll_stays_corrected(server: Hostile, door: Door) -> None:
    feeds = [make_feed(url=server.answer(path, rss(item()))) for path in ("/one", "/two")]
    polled = refresh(feeds, now=NOW, door=door)
    second = Feed.objects.exclude(pk=next(polled).feed_id).get()
    Feed.objects.filter(pk=second.pk).update(url="https://feeds.example.com/corrected.xml")
    assert [outcome.outcome for outcome in polled] == [Outcome.CHANGED]
    second.refresh_from_db()
    assert second.url == "https://feeds.example.com/corrected.xml"


def test_a_redirect_that_ends_is_forgotten(server: Hostile, door: Door) -> None:
    feed = make_feed(url=server.answer("/old", status=308, headers={"Location": "/new"}))
    server.answer("/new", rss(item()))
    poll(feed, door)
    server.answer("/old", rss(item(), item("2")))
    poll(feed, door, now=NOW + DAY)
    assert (feed.moved_to, feed.moved_sightings, feed.moved_first_seen_at) == ("", 0, None)


def test_a_feed_that_another_sweep_has_claimed_is_left_alone(server: Hostile, door: Door) -> None:
    feed = show(server, rss(item()))
    Feed.objects.filter(pk=feed.pk).update(next_check_at=NOW + HOUR)
    assert list(refresh([feed], now=NOW, door=door)) == []
    assert server.log.paths == []


def test_a_host_that_another_process_polls_is_left_alone_until_that_ends(server: Hostile, door: Door) -> None:
    feed = show(server, rss(item()))
    lock = [POLLING, crc32(server.allowed[0].encode()) % LOCKS]
    elsewhere = connection.copy()
    with closing(elsewhere), elsewhere.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", lock)
        assert list(refresh([feed], now=NOW, door=door)) == []
        assert server.log.paths == []
        # A server frees the locks of a closed connection a moment later.
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", lock)
    assert [one.outcome for one in refresh([feed], now=NOW, door=door)] == [Outcome.CHANGED]
    elsewhere = connection.copy()
    with closing(elsewhere), elsewhere.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", lock)
        assert cursor.fetchone() == (True,), "a finished poll keeps its hosts"


def test_a_feed_on_a_private_address_is_refused_with_advice(server: Hostile) -> None:
    feed = show(server, rss(item()))
    closed = Door(allowed=[])
    assert "FETCH_ALLOWED" in poll(feed, closed).error


def test_the_body_of_a_slow_feed_costs_the_others_nothing(server: Hostile) -> None:
    slow = make_feed(url=server.answer("/slow", rss(item()), delay=0.6))
    outcome = poll(slow, door_to(server, seconds=0.2))
    assert outcome.outcome == Outcome.FAILED
    assert "did not answer" in slow_error(slow)


def slow_error(feed: Feed) -> str:
    feed.refresh_from_db()
    return feed.error


def test_many_feeds_that_say_nothing_new_take_few_statements(
    server: Hostile, door: Door, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    body, tag = rss(item(hours_ago=100), item("2", hours_ago=90)), {"ETag": '"1"'}
    feeds = [make_feed(url=server.answer(f"/{number}", body, headers=tag)) for number in range(20)]
    list(refresh(feeds, now=NOW, door=door))
    for number in range(20):
        server.answer(f"/{number}", status=304)
    with django_assert_max_num_queries(12):
        found = list(refresh(Feed.objects.order_by("pk"), now=NOW + HOUR, door=door))
    assert {(one.feed_id, one.outcome) for one in found} == {(feed.pk, Outcome.UNCHANGED) for feed in feeds}
    said = Feed.objects.values_list("last_checked_at", "overdue_at", "etag").distinct().get()
    assert said == (NOW + HOUR, NOW - 70 * HOUR, '"1"')
    assert not Feed.objects.filter(next_check_at__lt=NOW + 2 * HOUR).exists()


def test_storing_a_long_archive_takes_few_queries(
    server: Hostile, door: Door, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    feed = show(server, rss(*[item(str(n), hours_ago=n) for n in range(400)]))
    with django_assert_max_num_queries(12):
        list(refresh([feed], now=NOW, door=door))

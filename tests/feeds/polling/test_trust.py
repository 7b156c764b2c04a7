"""What a server says about its answer is weighed against what it sends."""

import base64
import datetime as dt
import http.server

import pytest

from feeds.library.process import process
from feeds.models import Episode, Feed
from feeds.polling import schedule
from feeds.polling.adding import add_feed
from feeds.polling.http import Door, with_credentials
from feeds.polling.refresh import Outcome
from tests.factories import make_episode, make_feed
from tests.feeds.library.test_process import VTT
from tests.feeds.polling.hostile_server import Hostile
from tests.feeds.polling.one_show import poll, show
from tests.feeds.rss import NOW, item, rss

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


# Not modified -----------------------------------------------------------------------------------------------------


def daily(day: int) -> bytes:
    """A show of an episode a day, on that day."""
    return rss(*[item(str(n), hours_ago=2 - 24 * n) for n in range(day, day - 10, -1)])


def test_a_server_that_says_not_modified_for_ever_loses_no_episode(server: Hostile, door: Door) -> None:
    day = 0

    def stubborn(handler: http.server.BaseHTTPRequestHandler) -> None:
        is_known = "If-None-Match" in handler.headers
        body = b"" if is_known else daily(day)
        handler.send_response(304 if is_known else 200)
        handler.send_header("ETag", '"always the same"')
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    feed = make_feed(url=server.answer_with("/feed.xml", stubborn))
    for day in range(20):
        poll(feed, door, now=NOW + day * DAY)
    stored = set(feed.episodes.values_list("guid", flat=True))
    assert {str(n) for n in range(16)} <= stored
    whole = sum("If-None-Match" not in headers for headers in server.log.headers)
    assert 3 <= whole <= 14


def test_not_modified_at_first_sight_is_a_failure(server: Hostile, door: Door) -> None:
    feed = make_feed(url=server.answer("/feed.xml", status=304))
    outcome = poll(feed, door)
    assert outcome.outcome == Outcome.FAILED
    assert "answered 304, not modified, to who has nothing of it" in feed.error
    assert feed.failures == 1


def test_the_same_body_under_a_new_etag_is_asked_for_by_that(server: Hostile, door: Door) -> None:
    feed = show(server, rss(item()), ETag='"1"')
    poll(feed, door)
    server.answer("/feed.xml", rss(item()), headers={"ETag": '"2"'})
    assert poll(feed, door, now=NOW + HOUR).outcome == Outcome.UNCHANGED
    poll(feed, door, now=NOW + 2 * HOUR)
    assert [headers.get("If-None-Match") for headers in server.log.headers] == [None, '"1"', '"2"']


@pytest.mark.parametrize(
    ("whole_ago", "overdue_ago", "needed"),
    [
        (None, None, True),
        (dt.timedelta(days=7), None, True),
        (dt.timedelta(days=6), None, False),
        (dt.timedelta(hours=25), HOUR, True),
        (dt.timedelta(hours=23), HOUR, False),
        (dt.timedelta(hours=25), -HOUR, False),
        (dt.timedelta(hours=25), dt.timedelta(days=30), False),
    ],
)
def test_all_of_a_feed_is_asked_for_weekly_and_daily_while_it_is_overdue(
    whole_ago: dt.timedelta | None, overdue_ago: dt.timedelta | None, needed: bool
) -> None:
    last_whole_at = None if whole_ago is None else NOW - whole_ago
    overdue_at = None if overdue_ago is None else NOW - overdue_ago
    assert schedule.needs_whole(now=NOW, last_whole_at=last_whole_at, overdue_at=overdue_at) is needed


def test_an_episode_is_overdue_after_twice_the_usual_time() -> None:
    assert schedule.overdue_at([NOW - n * DAY for n in range(5)]) == NOW + 2 * DAY
    assert schedule.overdue_at([NOW]) is None


# A document without its end ---------------------------------------------------------------------------------------


def test_a_feed_that_breaks_off_is_asked_for_again_until_it_is_whole(server: Hostile, door: Door) -> None:
    body = rss(*[item(str(n)) for n in range(9)])
    feed = show(server, body[: len(body) // 2], ETag='"1"')
    poll(feed, door)
    some = feed.episodes.count()
    assert 0 < some < 9
    assert "breaks off in the middle" in feed.left_out
    server.answer("/feed.xml", body, headers={"ETag": '"1"'})
    assert poll(feed, door, now=NOW + HOUR).stored == 9 - some
    assert "If-None-Match" not in server.log.headers[-1]
    assert feed.left_out == ""


# Moves ------------------------------------------------------------------------------------------------------------


def announcing(new: str, *items: str) -> bytes:
    return rss(*(items or (item("1"), item("2"))), channel=f"<itunes:new-feed-url>{new}</itunes:new-feed-url>")


def poll_for_a_week(feed: Feed, door: Door) -> None:
    for days in (0, 3, 6, 7):
        poll(feed, door, now=NOW + days * DAY)


def test_an_announced_address_that_gives_the_show_becomes_its_own(server: Hostile, door: Door) -> None:
    new = server.answer("/new", rss(item("1"), item("2")))
    feed = make_feed(url=server.answer("/old", announcing(new)))
    old = feed.url
    poll_for_a_week(feed, door)
    assert (feed.url, feed.former_url, feed.move_doubt) == (new, old, "")
    assert add_feed(old or "") == (feed, False)


@pytest.mark.parametrize(
    ("body", "status", "doubt"),
    [
        (rss(item("8", title="Quite"), item("9", title="Other", hours_ago=90), title="Not It"), 200, "Not It"),
        (b"<html>Buy this domain</html>", 200, "web page"),
        (b"", 404, "answered 404"),
    ],
)
def test_an_announced_address_that_does_not_give_the_show_is_not_taken(
    server: Hostile, door: Door, body: bytes, status: int, doubt: str
) -> None:
    new = server.answer("/new", body, status=status)
    feed = make_feed(url=server.answer("/old", announcing(new)))
    old = feed.url
    poll_for_a_week(feed, door)
    assert (feed.url, feed.former_url, feed.failures) == (old, "", 0)
    assert doubt in feed.move_doubt
    asked = server.log.paths.count("/new")
    poll(feed, door, now=NOW + 8 * DAY)
    assert server.log.paths.count("/new") == asked, "it is tested once a week"


def test_a_host_that_renames_everything_still_gives_the_show(server: Hostile, door: Door) -> None:
    new = server.answer(
        "/new", rss(*[item(f"n{n}", title=f"Talk {n}", audio=f"https://new.example/{n}") for n in "12"])
    )
    old = [item(n, title=f"Talk {n}", audio=f"https://old.example/{n}.mp3") for n in "12"]
    feed = make_feed(url=server.answer("/old", announcing(new, *old)))
    poll_for_a_week(feed, door)
    assert feed.url == new


def test_the_address_of_another_show_here_is_not_taken(server: Hostile, door: Door) -> None:
    other = make_feed(url=server.answer("/new", rss(item("1"), item("2"))))
    feed = make_feed(url=server.answer("/old", announcing(other.url or "")))
    poll_for_a_week(feed, door)
    assert feed.url != other.url
    assert "another show" in feed.move_doubt


@pytest.mark.parametrize(("status", "polls"), [(410, 1), (404, 1), (500, 3)])
def test_a_new_address_that_fails_is_left_for_the_former_one(
    server: Hostile, door: Door, status: int, polls: int
) -> None:
    former = server.answer("/old", rss(item("1"), item("2")))
    feed = make_feed(url=server.answer("/new", status=status), former_url=former)
    for number in range(polls):
        assert feed.url != former
        poll(feed, door, now=NOW + number * DAY)
    assert (feed.url, feed.former_url, feed.state) == (former, "", Feed.State.ACTIVE)
    assert f"answered {status}" in feed.move_doubt
    assert poll(feed, door, now=NOW + polls * DAY).stored == 2


# Credentials ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://pod.example/t.vtt?x=1", "https://me:s%40cret@pod.example/t.vtt?x=1"),
        ("https://pod.example:443/t.vtt", "https://me:s%40cret@pod.example:443/t.vtt"),
        ("http://pod.example/t.vtt", "http://pod.example/t.vtt"),
        ("https://cdn.pod.example/t.vtt", "https://cdn.pod.example/t.vtt"),
        ("https://pod.example:8443/t.vtt", "https://pod.example:8443/t.vtt"),
        ("https://other@pod.example/t.vtt", "https://other@pod.example/t.vtt"),
        ("https://[broken/", "https://[broken/"),
    ],
)
def test_credentials_are_for_the_origin_of_their_feed_alone(url: str, told: str) -> None:
    assert with_credentials(url, of="https://me:s%40cret@pod.example/feed") == told
    assert with_credentials(url, of="https://pod.example/feed") == url


def test_the_transcripts_of_a_private_feed_are_asked_for_with_its_credentials(
    server: Hostile, door: Door, _fresh_choices: None
) -> None:
    url = server.answer("/1.vtt", VTT)
    feed = make_feed(url=server.base.replace("://", "://me:secret@") + "/feed.xml", is_private=True)
    links = [{"url": url, "type": "text/vtt", "language": ""}]
    episode = make_episode(feed=feed, transcript_links=links, state=Episode.State.WAITING, next_attempt_at=NOW)
    process(episode.pk, now=NOW, door=door)
    assert server.log.headers[-1]["Authorization"] == f"Basic {base64.b64encode(b'me:secret').decode()}"
    assert episode.transcript.url == url, "the secret is kept with the feed alone"

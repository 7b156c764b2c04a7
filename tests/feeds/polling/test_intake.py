"""Which item becomes which row, by polling real bytes; the decisions themselves are in test_identity.py."""

import datetime as dt
from collections.abc import Sequence
from email.utils import format_datetime
from random import Random
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.models import Episode, Feed
from feeds.polling.http import Door
from feeds.polling.intake import fingerprints, take_in
from feeds.polling.parse import ParsedEpisode, parse
from feeds.reading.transcripts.segments import Segment
from tests.factories import make_episode, make_feed, make_insight, make_transcript
from tests.feeds.polling.hostile_server import Hostile
from tests.feeds.polling.made_up_publisher import DEEDS, STYLES, Deed, Publisher, Style
from tests.feeds.polling.one_show import poll, show
from tests.feeds.rss import NOW, item, rss

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
AUDIO = "https://cdn.example/1.mp3"


def polls(server: Hostile, door: Door, *bodies: bytes) -> Feed:
    """The show after a poll of each body, a day between two."""
    feed = show(server, bodies[0])
    for number, body in enumerate(bodies):
        server.answer("/feed.xml", body)
        poll(feed, door, now=NOW + number * DAY)
    return feed


def titles(feed: Feed) -> list[str]:
    return list(feed.episodes.order_by("-published_at", "pk").values_list("title", flat=True))


def test_an_hourly_bulletin_under_one_title_is_an_episode_an_hour(server: Hostile, door: Door) -> None:
    bulletins = [
        rss(item(f"news-{hour}", title="The news", hours_ago=9 - hour, audio=f"https://cdn.example/{hour}.mp3"))
        for hour in range(3)
    ]
    assert titles(polls(server, door, *bulletins)) == ["The news"] * 3


def test_a_window_whose_recordings_are_named_in_the_query_loses_none(server: Hostile, door: Door) -> None:
    def window(first: int) -> bytes:
        address = "https://cdn.example/download.php?filename={}.mp3"
        return rss(*[item("", title=f"Part {n}", hours_ago=900 - n, audio=address.format(n))
                     for n in range(first, first + 3)])  # fmt: skip

    assert len(titles(polls(server, door, window(1), window(3), window(6)))) == 8


def test_one_address_for_every_recording_is_an_episode_each_time(server: Hostile, door: Door) -> None:
    latest = [
        rss(item(f"g{n}", title=f"Talk {n}", hours_ago=90 - n, audio="https://cdn.example/latest.mp3"))
        for n in range(3)
    ]
    assert titles(polls(server, door, *latest)) == ["Talk 2", "Talk 1", "Talk 0"]


def test_posts_with_one_picture_are_posts_of_their_own(server: Hostile, door: Door) -> None:
    picture = "<enclosure url='https://cdn.example/logo.png' type='image/png'/>"
    posts = [rss(item(f"g{n}", title=f"Post {n}", hours_ago=90 - n, extra=picture)) for n in range(3)]
    assert len(titles(polls(server, door, *posts))) == 3


def test_items_under_one_guid_are_episodes_as_far_as_they_differ(server: Hostile, door: Door) -> None:
    body = rss(*[item("https://show.example/", title=f"Part {n}", hours_ago=n, audio=f"https://cdn.example/{n}.mp3")
                 for n in range(5)])  # fmt: skip
    feed = polls(server, door, body, body + b" ")
    assert titles(feed) == [f"Part {n}" for n in range(5)]
    assert feed.left_out == ""


def test_what_is_left_out_of_a_feed_is_on_its_row_with_the_reason(server: Hostile, door: Door) -> None:
    hidden = item("3", title="Hush", extra="<itunes:block>yes</itunes:block>")
    feed = polls(server, door, rss(item("1"), item("2"), item("1"), hidden, "<item/>"))
    assert feed.episodes.count() == 2
    assert feed.left_out == (
        "Of 5 items were left out: 1 repeating another one in guid, address, title and date: “Episode 1”; 1 that must "
        "not be listed elsewhere, as they say themselves (block): “Hush”; 1 with neither guid nor recording, title, "
        "link or text."
    )
    server.answer("/feed.xml", rss(item("1"), item("2")))
    poll(feed, door, now=NOW + DAY)
    assert feed.left_out == ""


@pytest.mark.parametrize(
    "after",
    [
        item("new", title="Once", audio=AUDIO),
        item("old", title="Once upon", audio=AUDIO),
        item("old", title="Once", audio="https://cdn.example/1-again.mp3"),
        item("old", title="Once", audio=AUDIO, hours_ago=0.5),
        item("new", title="ONCE!", audio="http://chrt.fm/track/9/cdn.example/1.mp3?utm_source=feed"),
    ],
    ids=["guid", "title", "address", "date", "guid and ways of writing"],
)
def test_an_episode_with_one_change_is_the_same_row_on_its_old_day(server: Hostile, door: Door, after: str) -> None:
    feed = polls(server, door, rss(item("old", title="Once", audio=AUDIO)), rss(after))
    episode = feed.episodes.get()
    assert episode.published_at == NOW - dt.timedelta(hours=2)


def test_an_imported_episode_is_the_one_that_the_feed_names(server: Hostile, door: Door) -> None:
    feed = show(server, rss(item("1", title="The queue", audio=AUDIO)))
    dated = NOW - dt.timedelta(hours=2)
    make_episode("The queue", feed=feed, guid="imported:abc", audio_url="", dated_at=dated, duration_seconds=None)
    poll(feed, door)
    assert (feed.episodes.get().guid, feed.episodes.get().audio_url) == ("1", AUDIO)


# A recording that was read ----------------------------------------------------------------------------------------


def read_show(server: Hostile, door: Door, **fields: object) -> tuple[Feed, Episode]:
    feed = polls(server, door, rss(item("1", audio=AUDIO, transcript="https://x.example/1.vtt")))
    feed.episodes.update(**{"state": Episode.State.DONE, "attempts": 1, "processed_at": NOW} | fields)
    return feed, feed.episodes.get()


def test_an_episode_that_was_read_keeps_its_recording_until_the_new_one_is_read(server: Hostile, door: Door) -> None:
    feed, episode = read_show(server, door)
    make_insight(episode=episode)
    again = item("1", audio="https://cdn.example/1b.mp3", transcript="https://x.example/1b.vtt")
    server.answer("/feed.xml", rss(again))
    poll(feed, door, now=NOW + DAY)
    episode.refresh_from_db()
    assert (episode.audio_url, episode.transcript_links[0]["url"]) == (AUDIO, "https://x.example/1.vtt")
    assert (episode.state, episode.attempts, episode.next_attempt_at) == (Episode.State.WAITING, 0, NOW + DAY)
    assert episode.next_recording["audio_url"] == "https://cdn.example/1b.mp3"
    assert Episode.objects.waiting(NOW + DAY).get() == episode


def test_a_recording_that_is_put_back_is_not_read_again(server: Hostile, door: Door) -> None:
    feed, episode = read_show(server, door)
    for address in ("https://cdn.example/1b.mp3", AUDIO):
        server.answer("/feed.xml", rss(item("1", audio=address)))
        poll(feed, door, now=NOW + DAY)
    episode.refresh_from_db()
    assert (episode.audio_url, episode.next_recording) == (AUDIO, {})


def test_a_recording_that_only_moved_is_not_read_again(server: Hostile, door: Door) -> None:
    feed, episode = read_show(server, door)
    server.answer("/feed.xml", rss(item("1", audio="https://new.example/audio/1.mp3?token=5")))
    poll(feed, door, now=NOW + DAY)
    episode.refresh_from_db()
    assert (episode.audio_url, episode.state) == ("https://new.example/audio/1.mp3?token=5", Episode.State.DONE)


def test_a_publisher_that_names_another_recording_every_hour_is_read_once_a_day(server: Hostile, door: Door) -> None:
    feed, episode = read_show(server, door)
    make_transcript(episode, segments=[Segment("Well, well.")], created_at=NOW)
    for hour in range(1, 4):
        server.answer("/feed.xml", rss(item("1", audio=f"https://cdn.example/{hour}b.mp3")))
        poll(feed, door, now=NOW + dt.timedelta(hours=hour))
    assert not Episode.objects.waiting(NOW + dt.timedelta(hours=23)).exists()
    assert Episode.objects.waiting(NOW + DAY).get() == episode


def test_whoever_reads_the_former_recording_meanwhile_loses_the_claim(server: Hostile, door: Door) -> None:
    feed, episode = read_show(server, door, state=Episode.State.WAITING, attempts=1, next_attempt_at=NOW + DAY)
    server.answer("/feed.xml", rss(item("1", audio="https://cdn.example/1b.mp3")))
    poll(feed, door, now=NOW + DAY)
    episode.refresh_from_db()
    assert (episode.state, episode.attempts) == (Episode.State.WAITING, 2)


def test_a_recording_that_nobody_read_is_replaced_at_once(server: Hostile, door: Door) -> None:
    feed, episode = read_show(server, door, state=Episode.State.ARCHIVED)
    server.answer("/feed.xml", rss(item("1", audio="https://cdn.example/1b.mp3")))
    poll(feed, door, now=NOW + DAY)
    episode.refresh_from_db()
    assert (episode.audio_url, episode.next_recording, episode.state) == (
        "https://cdn.example/1b.mp3", {}, Episode.State.ARCHIVED,
    )  # fmt: skip


# What is the same ------------------------------------------------------------------------------------------------


def test_beside_a_new_episode_the_others_are_not_read_until_the_feed_is_read_whole(server: Hostile, door: Door) -> None:
    feed = show(server, rss(item("1"), item("2")))
    poll(feed, door)
    feed.episodes.filter(guid="1").update(title="Edited here")
    server.answer("/feed.xml", rss(item("3"), item("1"), item("2", title="Renamed")))
    assert poll(feed, door, now=NOW + HOUR).stored == 1
    assert by_guid(feed) == {"1": "Edited here", "2": "Renamed", "3": "Episode 3"}
    server.answer("/feed.xml", rss(item("4"), item("3"), item("1"), item("2")))
    poll(feed, door, now=NOW + 8 * DAY)
    assert by_guid(feed) == {number: f"Episode {number}" for number in "1234"}


def test_an_episode_that_waits_for_another_recording_is_looked_at_each_time(server: Hostile, door: Door) -> None:
    first, other = (item("1", audio=f"https://a.example/{name}.mp3") for name in ("first", "other"))
    feed = show(server, rss(first))
    poll(feed, door)
    server.answer("/feed.xml", rss(other))
    poll(feed, door, now=NOW + HOUR)
    assert feed.episodes.get().next_recording["audio_url"] == "https://a.example/other.mp3"
    assert not fingerprints(feed)


def test_an_item_that_repeats_an_unchanged_one_is_named_as_such(server: Hostile, door: Door) -> None:
    feed = show(server, rss(item("1")))
    poll(feed, door)
    server.answer("/feed.xml", rss(item("1"), item("1")))
    assert poll(feed, door, now=NOW + HOUR).stored == 0
    assert feed.left_out.startswith("Of 2 items were left out: 1 repeating another one")


def by_guid(feed: Feed) -> dict[str, str]:
    return dict(feed.episodes.values_list("guid", "title"))


# A publisher ------------------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(
    style=st.sampled_from(STYLES),
    seed=st.integers(0, 2**32),
    changes=st.lists(st.lists(st.sampled_from(DEEDS), max_size=3), max_size=6),
)
def test_rows_are_what_was_published(style: Style, seed: int, changes: list[list[Deed]]) -> None:
    publisher = Publisher(style, random=Random(seed))  # noqa: S311  plays, guards nothing
    feed, truth = make_feed(), dict[int, str]()
    for deeds in [[], *changes]:
        for deed in deeds:
            deed(publisher)
        publisher.publish()
        document = written(publisher.items())
        take_in(feed, parse(document, url="https://x.example/", known=fingerprints(feed)), now=NOW)
        numbers = {episode.pk: episode.description.split()[0] for episode in feed.episodes.all()}
        assert truth.items() <= numbers.items(), "a row became another episode"
        truth = numbers
    assert sorted(map(int, truth.values())) == sorted(publisher.shown)


def written(items: Sequence[ParsedEpisode]) -> bytes:
    return rss(*[_written(one) for one in items])


def _written(one: ParsedEpisode) -> str:
    own = one.guid not in (one.audio_url, f"{one.title}|{one.published_at and one.published_at.isoformat()}")
    return (
        f"<item><title>{escape(one.title)}</title><description>{one.description}</description>"
        + (f"<guid>{escape(one.guid)}</guid>" if own else "")
        + (f"<pubDate>{format_datetime(one.published_at)}</pubDate>" if one.published_at else "")
        + (f"<enclosure url={quoteattr(one.audio_url)} type='audio/mpeg'/>" if one.audio_url else "")
        + f"<itunes:duration>{one.duration_seconds}</itunes:duration></item>"
    )

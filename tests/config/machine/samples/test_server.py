import contextlib
import datetime as dt
import http.client
import io
import threading
import wave
from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

import pytest

from config.machine.samples import feed_xml
from config.machine.samples.catalogue import load_shows
from config.machine.samples.server import SHOWS, make_server
from feeds.polling.opml import read_opml
from feeds.polling.parse import ParsedFeed, parse
from feeds.reading.transcripts.formats import read

NOW = dt.datetime(2026, 11, 23, 6, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    server = make_server(port=0, now=lambda: NOW)
    thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.01), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc)
    connection.request("GET", parts.path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    with contextlib.closing(connection), connection.getresponse() as response:
        return response.status, dict(response.headers), response.read()


def feeds(base: str) -> list[ParsedFeed]:
    outlines = read_opml(get(f"{base}/opml")[2])
    return [parse(get(outline.url)[2], url=outline.url) for outline in outlines]


def test_every_show_has_two_episodes_as_old_as_it_says(base: str) -> None:
    shows = {show.title: show for show in load_shows(SHOWS)}
    found = feeds(base)
    assert len(found) == len(shows) >= 8
    for feed in found:
        assert feed.skipped == 0
        assert "fictional" in feed.description
        ages = [NOW.replace(hour=0) - item.published_at for item in feed.episodes if item.published_at]
        assert ages == [dt.timedelta(hours=one.hours_before_today) for one in shows[feed.title].episodes]
        assert len(ages) == 2


def test_every_transcript_is_readable_and_as_long_as_its_episode(base: str) -> None:
    for feed in feeds(base):
        for item in feed.episodes:
            assert item.transcripts
            assert item.people
            for link in item.transcripts:
                status, headers, body = get(link.url)
                assert (status, headers["Content-Type"].partition(";")[0]) == (200, link.type)
                segments = read(body)
                words = sum(len(segment.body.split()) for segment in segments)
                assert 1200 <= words <= 2000, link.url
                assert {person.name for person in item.people} >= {segment.speaker for segment in segments}
                assert (
                    max(segment.end or segment.start or 0 for segment in segments) <= (item.duration_seconds or 0) + 2
                )


def test_only_the_dates_change_from_day_to_day() -> None:
    def served(now: dt.datetime) -> list[ParsedFeed]:
        documents = [feed_xml.rss(show, base="http://127.0.0.1:1", now=now) for show in load_shows(SHOWS)]
        return [parse(document, url="http://127.0.0.1:1/") for document in documents]

    today, tomorrow = served(NOW), served(NOW + dt.timedelta(days=1))
    guids = [item.guid for feed in today for item in feed.episodes]
    assert len(set(guids)) == len(guids)
    assert guids == [item.guid for feed in tomorrow for item in feed.episodes]
    assert today != tomorrow


def test_an_unchanged_feed_answers_304(base: str) -> None:
    url = read_opml(get(f"{base}/opml")[2])[0].url
    etag = get(url)[1]["ETag"]
    assert get(url, If_None_Match=etag)[0] == 304
    assert get(url, If_None_Match='"other"')[0] == 200


def test_the_audio_is_silence_of_the_right_length_also_in_parts(base: str) -> None:
    episode = feeds(base)[0].episodes[0]
    status, headers, body = get(episode.audio_url)
    with wave.open(io.BytesIO(body)) as recording:
        assert recording.getnframes() / recording.getframerate() == episode.duration_seconds
    assert (status, headers["Accept-Ranges"]) == (200, "bytes")
    part_status, part_headers, part = get(episode.audio_url, Range="bytes=40-99")
    assert (part_status, part) == (206, body[40:100])
    assert part_headers["Content-Range"] == f"bytes 40-99/{len(body)}"
    assert get(episode.audio_url, Range="bytes=-10")[2] == body[-10:]
    assert get(episode.audio_url, Range=f"bytes={len(body)}-")[0] == 416


@pytest.mark.parametrize("path", ["/", "/feeds/none.xml", "/transcripts/../server.py", "/audio/none.wav", "/opml/x"])
def test_there_is_nothing_else(base: str, path: str) -> None:
    assert get(base + path)[0] == 404

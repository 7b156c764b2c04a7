import pytest

from feeds.polling.http import Door
from feeds.polling.parse import TranscriptLink
from feeds.polling.transcripts.publisher import PublisherTranscripts, ranked
from feeds.polling.transcripts.sources import Wanted
from feeds.reading.errors import SourceError
from tests.feeds.polling.hostile_server import Hostile

NAMED = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ada Berg>The queue for the grid is long.\n"
NAMELESS = b"1\n00:00:01,000 --> 00:00:02,000\nThe queue for the grid is long.\n"
TEXT = b"Ada Berg: The queue for the grid is long.\n\nTom Reyes: And it grows every year."


def wanted(*links: TranscriptLink, language: str = "en") -> Wanted:
    return Wanted(title="One", links=links, audio_url="", audio_type="", language=language)


def test_formats_with_times_and_names_come_first_then_the_others() -> None:
    urls = ["a.txt", "a.html", "a.srt", "a.vtt?x=1", "a.json", "a"]
    types = ["text/plain", "", "", "", "", "application/x-subrip"]
    links = [TranscriptLink(f"https://x.example/{url}", kind) for url, kind in zip(urls, types, strict=True)]
    order = [link.url.rpartition("/")[2] for link in ranked(links, language="en")]
    assert order == ["a.json", "a.vtt?x=1", "a.srt", "a", "a.html", "a.txt"]


def test_the_language_of_the_episode_counts_more_than_the_format() -> None:
    german, english = TranscriptLink("https://x.example/de.json", "", "de"), TranscriptLink("https://x.example/en.txt")
    assert ranked([german, english], language="en-us")[0] == english
    assert ranked([german, english], language="de-ch")[0] == german
    assert ranked([german, english], language="")[0] == german


def test_a_nameless_transcript_is_compared_with_one_other(server: Hostile, door: Door) -> None:
    links = [
        TranscriptLink(server.answer("/1.vtt", NAMELESS)),
        TranscriptLink(server.answer("/1.srt", NAMED)),
        TranscriptLink(server.answer("/1.txt", TEXT)),
    ]
    found = PublisherTranscripts().find(wanted(*links), door=door)
    assert found is not None
    assert found.url == links[1].url
    assert server.log.paths == ["/1.vtt", "/1.srt"]


def test_a_good_transcript_is_the_only_one_asked_for(server: Hostile, door: Door) -> None:
    links = [TranscriptLink(server.answer("/1.vtt", NAMED)), TranscriptLink(server.answer("/1.txt", TEXT))]
    found = PublisherTranscripts().find(wanted(*links), door=door)
    assert found is not None
    assert (found.url, found.language, found.source) == (
        links[0].url,
        "en",
        "the transcript that the publisher provides",
    )
    assert server.log.paths == ["/1.vtt"]


def test_no_link_is_no_transcript(door: Door) -> None:
    assert PublisherTranscripts().find(wanted(), door=door) is None


def test_of_several_failures_one_that_may_pass_is_told(server: Hostile, door: Door) -> None:
    links = [
        TranscriptLink(server.answer("/1.vtt", b"%PDF-1.4")),
        TranscriptLink(server.answer("/1.srt", status=503)),
    ]
    with pytest.raises(SourceError, match="answered 503") as raised:
        PublisherTranscripts().find(wanted(*links), door=door)
    assert not raised.value.permanent

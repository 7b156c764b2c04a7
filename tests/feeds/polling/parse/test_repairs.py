"""What authors get wrong alike, and what it must not cost."""

import datetime as dt
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.polling.broken_xml import is_whole, mended, without_last_piece, xml_events
from feeds.polling.parse import ParsedEpisode, ParsedFeed, TranscriptLink, parse, xml
from feeds.reading.errors import NotAFeed

URL = "https://pod.example/show/feed.xml"


def feed(items: str, *, end: str = "</channel></rss>") -> ParsedFeed:
    head = '<rss xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><title>R&D, Q&A</title>'
    return parse(f"{head}{items}{end}".encode(), url=URL)


def only(item: str) -> ParsedEpisode:
    (episode,) = feed(f"<item>{item}</item>").episodes
    return episode


def test_a_bare_ampersand_costs_neither_words_nor_addresses() -> None:
    episode = only(
        "<title>R&D, Q&A &amp; AT&T; more</title><guid>a&b</guid>"
        '<enclosure url="https://a.example/get?id=7&format=mp3&copy=2&lt=3" type="audio/mpeg"/>'
        '<podcast:transcript url="https://a.example/t?id=7&format=vtt" type="text/vtt"/>'
    )
    assert feed("").title == "R&D, Q&A"
    assert (episode.title, episode.guid) == ("R&D, Q&A & AT&T; more", "a&b")
    assert episode.audio_url == "https://a.example/get?id=7&format=mp3&copy=2&lt=3"
    assert episode.transcripts == (TranscriptLink("https://a.example/t?id=7&format=vtt", "text/vtt"),)


def test_an_ampersand_where_it_is_meant_stays() -> None:
    episode = only(
        "<title><![CDATA[R&D &amp; Q&A]]></title><!-- a & b -->"
        "<description>caf&eacute; &#38; &#x26; &#X26; &hellip;</description>"
    )
    assert (episode.title, episode.description) == ("R&D & Q&A", "café & & & …")


@pytest.mark.parametrize(
    "open_tag",
    [
        '<enclosure url="https://a.example/1.mp3" type="audio/mpeg" length="1">',
        '<podcast:transcript url="https://a.example/1.vtt" type="text/vtt">',
        '<itunes:image href="https://a.example/1.jpg">',
        '<atom:link rel="self" href="https://a.example/1">',
    ],
)
def test_a_tag_that_nobody_closed_costs_the_rest_of_the_item_nothing(open_tag: str) -> None:
    found = feed(
        f"<item>{open_tag}<title>One</title><guid>1</guid><pubDate>Mon, 23 Nov 2026 03:00:00 GMT</pubDate></item>"
        "<item><title>Two</title><guid>2</guid></item>"
    )
    assert [(one.guid, one.title) for one in found.episodes] == [("1", "One"), ("2", "Two")]
    assert found.episodes[0].published_at == dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC)


def test_an_open_tag_among_closed_ones_is_mended_with_them() -> None:
    closed = '<enclosure url="https://a.example/1.mp3" type="audio/mpeg"></enclosure>'
    found = feed(
        f"<item>{closed}<title>One</title></item>"
        '<item><enclosure url="https://a.example/2.mp3" type="audio/mpeg"><title>Two</title></item>'
    )
    assert [(one.title, one.audio_url[-5:]) for one in found.episodes] == [("One", "1.mp3"), ("Two", "2.mp3")]


_PIECES = st.sampled_from(
    ["&", "&amp;", "&x;", "&#1", "<a b='", "'>", "</a>", "<![CDATA[", "]]>", "<!--", "-->", "<enclosure ",
     "<enclosure url='x'>", "</enclosure>", "/", "é", "\0"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=30))
def test_any_heap_of_tags_can_be_mended(pieces: list[str]) -> None:
    assert list(xml_events(mended("<rss>" + "".join(pieces)))) is not None


@given(st.lists(_PIECES, max_size=30).map("".join) | st.text(max_size=60))
def test_what_is_written_as_it_should_be_stays(text: str) -> None:
    enclosures = f"<enclosure url={quoteattr(text)}/><enclosure url={quoteattr(text)}></enclosure>"
    document = f"<rss><item><title>{escape(text)}</title>{enclosures}</item></rss>"
    assert mended(document) == document


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://a.example/my show/ep 1.mp3", "https://a.example/my%20show/ep%201.mp3"),
        ("  https://a.example/1.mp3\n", "https://a.example/1.mp3"),
        ("https://a.example/\n      long/1.mp3", "https://a.example/long/1.mp3"),
        ("/ep 1.mp3", "https://pod.example/ep%201.mp3"),
        ("https://a example/1.mp3", ""),
    ],
)
def test_a_space_in_an_address_is_part_of_it(written: str, read: str) -> None:
    assert only(f'<title>One</title><enclosure url="{written}" type="audio/mpeg"/>').audio_url == read


@pytest.mark.parametrize(
    ("enclosures", "chosen"),
    [
        ([("cover.jpg", ""), ("ep.mp3", "")], "ep.mp3"),
        ([("cover.jpg", "image/jpeg")], ""),
        ([("cover", "image/png"), ("play?id=1", "")], "play?id=1"),
        ([("notes.pdf", ""), ("play?id=1", "application/octet-stream")], "play?id=1"),
        ([("ep.mp3", "image/jpeg")], "ep.mp3"),
        ([("ep.m4a", ""), ("film", "video/mp4")], "film"),
        ([("front.jpg?format=1500w", "")], ""),
        ([("t.vtt", "text/vtt")], ""),
    ],
)
def test_a_picture_is_never_the_recording(enclosures: list[tuple[str, str]], chosen: str) -> None:
    tags = "".join(f'<enclosure url="https://a.example/{name}" type="{kind}"/>' for name, kind in enclosures)
    assert only(f"<title>One</title>{tags}").audio_url == (chosen and f"https://a.example/{chosen}")


def test_a_title_in_dublin_core_is_a_title() -> None:
    dc = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    (episode,) = parse(
        f"<rss {dc}><channel><item><dc:title>One</dc:title></item></channel></rss>".encode(), url=URL
    ).episodes
    assert episode.title == "One"


def test_of_two_dates_the_one_that_can_be_read_counts() -> None:
    assert only("<title>One</title><pubDate>soon</pubDate><dc:date>2026-11-23</dc:date>").published_at == dt.datetime(
        2026, 11, 23, tzinfo=dt.UTC
    )


def test_a_date_in_the_terms_of_dublin_core_is_a_date() -> None:
    head = '<rss xmlns:dcterms="http://purl.org/dc/terms/"><channel>'
    dated = "<item><title>One</title><dcterms:issued>2026-11-23T03:00:00Z</dcterms:issued></item>"
    (episode,) = parse(f"{head}{dated}</channel></rss>".encode(), url=URL).episodes
    assert episode.published_at == dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC)


# A document without its end ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["</rss>", "</channel>", "</RSS >", "</rss> <!-- served in 3 ms -->"])
def test_a_document_with_its_end_is_whole(end: str) -> None:
    assert feed("<item><title>One</title></item>", end=end).is_whole


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_document_that_breaks_off_gives_its_whole_items_and_says_so(cut: int) -> None:
    items = "".join(f"<item><title>Number {n}</title><guid>{n}</guid></item>" for n in range(3))
    came = f"<rss><channel><title>T</title>{items}"[:-cut]
    found = parse(came.encode(), url=URL)
    assert not found.is_whole
    assert [one.title for one in found.episodes] == [f"Number {n}" for n in range(came.count("</item"))]


def test_half_a_tag_is_cut_off() -> None:
    assert without_last_piece("<rss><item>a</item><ite") == "<rss><item>a</item><ite"
    assert without_last_piece("<feed><entry>a</entry><entry>b") == "<feed><entry>a</entry>"
    assert not is_whole("<feed><entry>a</entry>")
    assert not is_whole("<rdf:RDF><channel>T</channel><item>a</item><item>b")
    assert is_whole("<rdf:RDF><channel>T</channel><item>a</item></rdf:RDF>")
    assert is_whole("<rss><channel>T</channel></rss>")


# More items than are read -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_newest_first", [True, False])
def test_of_too_many_items_the_newest_are_read(monkeypatch: pytest.MonkeyPatch, is_newest_first: bool) -> None:
    monkeypatch.setattr(xml, "MOST_ITEMS", 10)
    places = range(25) if not is_newest_first else range(24, -1, -1)
    items = [f"<item><title>{n}</title><pubDate>{n + 1} Oct 2026</pubDate></item>" for n in places]
    found = feed("".join(items))
    assert {one.title for one in found.episodes} == {str(n) for n in range(15, 25)}
    assert found.older == 15


def test_of_too_many_undated_items_the_first_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "MOST_ITEMS", 10)
    found = feed("".join(f"<item><title>{n}</title></item>" for n in range(25)))
    assert [one.title for one in found.episodes] == [str(n) for n in range(10)]


# JSON Feed --------------------------------------------------------------------------------------------------------

JSON_FEED = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "Grid & Weather", "home_page_url": "/",
 "language": "en", "authors": [{"name": "Ines Okafor"}], "icon": "icon.png", "items": [
 {"id": 7, "title": "The <b>queue</b>", "url": "https://pod.example/7", "content_html": "<p>Why it waits.</p>",
  "date_published": "2026-11-23T04:00:00+01:00",
  "attachments": [{"url": "cover.png", "mime_type": "image/png"},
                  {"url": "7.mp3", "mime_type": "audio/mpeg", "duration_in_seconds": 1800.4}]},
 {"content_text": "no id"}, "nonsense"]}"""


def test_a_json_feed_is_read() -> None:
    found = parse(JSON_FEED, url=URL, content_type="application/feed+json")
    assert (found.title, found.author, found.site_url, found.skipped) == (
        "Grid & Weather", "Ines Okafor", "https://pod.example/", 1,
    )  # fmt: skip
    assert found.episodes == (
        ParsedEpisode(
            guid="7",
            title="The queue",
            link="https://pod.example/7",
            description="Why it waits.",
            published_at=dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC),
            duration_seconds=1800,
            audio_url="https://pod.example/show/7.mp3",
            audio_type="audio/mpeg",
        ),
    )


@pytest.mark.parametrize("body", [b"{", b"{}", b'{"version": 1}', b'{"version": "https://jsonfeed.org/version/1"}',
                                  b'{"a":' * 5000])  # fmt: skip
def test_other_json_is_no_feed(body: bytes) -> None:
    with pytest.raises(NotAFeed):
        parse(body, url=URL)

import contextlib
import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.polling.parse import ParsedEpisode, ParsedFeed, Person, TranscriptLink, parse
from feeds.reading.errors import NotAFeed, SourceError

URL = "https://pod.example/show/feed.xml"

FULL = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
     xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:atom="http://www.w3.org/2005/Atom"
     xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel>
  <title>Grid &amp; Weather</title>
  <link>/show</link>
  <atom:link rel="self" href="https://pod.example/self.xml"/>
  <description>&lt;p&gt;About &lt;b&gt;power&lt;/b&gt;.&lt;/p&gt;
    &lt;script&gt;x()&lt;/script&gt;&lt;p&gt;And rain.&lt;/p&gt;</description>
  <language>en-GB</language> <ttl>90</ttl>
  <itunes:author>Ines Okafor</itunes:author>
  <itunes:image href="cover.jpg"/>
  <itunes:new-feed-url>https://new.example/feed</itunes:new-feed-url>
  <podcast:medium>podcast</podcast:medium>
  <podcast:person>Ines Okafor</podcast:person>
  <item>
    <title>The queue
      for the grid</title>
    <guid isPermaLink="false">gw-2</guid>
    <pubDate>Mon, 23 Nov 2026 04:00:00 +0100</pubDate>
    <link>javascript:alert(1)</link>
    <description>Short.</description>
    <content:encoded><![CDATA[<p>Why it <i>waits</i>.</p><ul><li>one</li><li>two</li></ul>]]></content:encoded>
    <enclosure url="https://cdn.example/2.mp3?x=1&amp;y=2" length="1" type="audio/mpeg"/>
    <itunes:duration>1:02:03</itunes:duration>
    <podcast:person role="Guest">Tom &lt;b&gt;Reyes</podcast:person>
    <podcast:transcript url="/t/2.srt" type="application/srt" language="en"/>
    <podcast:transcript url="https://pod.example/t/2.vtt" type="text/vtt"/>
  </item>
  <item>
    <title>Hidden</title><itunes:block>Yes</itunes:block><enclosure url="https://cdn.example/1.mp3" type="audio/mpeg"/>
  </item>
</channel></rss>"""


def test_everything_a_full_feed_says_is_kept() -> None:
    hosts = (Person("Ines Okafor", "host"),)
    assert parse(FULL.encode(), url=URL) == ParsedFeed(
        title="Grid & Weather",
        author="Ines Okafor",
        description="About power.\nAnd rain.",
        site_url="https://pod.example/show",
        image_url="https://pod.example/show/cover.jpg",
        language="en-gb",
        ttl=90,
        new_url="https://new.example/feed",
        episodes=(
            ParsedEpisode(
                guid="gw-2",
                title="The queue for the grid",
                description="Why it waits.\none\ntwo",
                published_at=dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC),
                duration_seconds=3723,
                audio_url="https://cdn.example/2.mp3?x=1&y=2",
                audio_type="audio/mpeg",
                people=(Person("Tom Reyes", "guest"),),
                transcripts=(
                    TranscriptLink("https://pod.example/t/2.srt", "application/srt", "en"),
                    TranscriptLink("https://pod.example/t/2.vtt", "text/vtt"),
                ),
            ),
            ParsedEpisode(
                guid="https://cdn.example/1.mp3",
                title="Hidden",
                audio_url="https://cdn.example/1.mp3",
                audio_type="audio/mpeg",
                people=hosts,
                is_blocked=True,
            ),
        ),
    )


def test_an_atom_feed_is_read_with_its_enclosure_and_relative_links() -> None:
    feed = parse(
        b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/x/" xml:lang="de">
        <title type="html">A &amp;amp; B</title><link href="."/><subtitle>sub</subtitle>
        <author><name>Kim</name></author>
        <entry><id>urn:1</id><title>One</title><updated>2026-11-22T10:00:00Z</updated>
        <link rel="alternate" href="one.html"/><link rel="enclosure" href="1.mp3" type="audio/mpeg"/>
        <podcast:transcript xmlns:podcast="https://podcastindex.org/namespace/1.0" url="1.vtt" type="text/vtt"/>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hello <b>you</b></p></div></content>
        </entry></feed>""",
        url=URL,
    )
    (episode,) = feed.episodes
    assert (feed.title, feed.author, feed.site_url, feed.language) == ("A & B", "Kim", "https://a.example/x/", "de")
    assert (episode.link, episode.audio_url) == ("https://a.example/x/one.html", "https://a.example/x/1.mp3")
    assert episode.transcripts == (TranscriptLink("https://a.example/x/1.vtt", "text/vtt"),)
    assert (episode.description, episode.published_at) == ("Hello you", dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC))


def rss(items: str = "", channel: str = "<title>T</title>", head: str = "") -> str:
    return f'{head}<rss version="2.0"><channel>{channel}{items}</channel></rss>'


def item(**fields: str) -> str:
    return "<item>" + "".join(f"<{name}>{text}</{name}>" for name, text in fields.items()) + "</item>"


def only(document: str | bytes, content_type: str = "") -> ParsedEpisode:
    body = document.encode() if isinstance(document, str) else document
    (episode,) = parse(body, url=URL, content_type=content_type).episodes
    return episode


def test_an_item_without_guid_is_known_by_its_enclosure_then_by_title_and_date() -> None:
    with_audio = rss('<item><title>a</title><enclosure url="https://x.example/1.mp3"/></item>')
    dated = rss(item(title="a", pubDate="Sun, 22 Nov 2026 10:00:00 GMT"))
    assert only(with_audio).guid == "https://x.example/1.mp3"
    assert only(dated).guid == "a|2026-11-22T10:00:00+00:00"
    assert len(only(rss(item(guid="x" * 2000))).guid) < 100


def test_an_item_that_says_nothing_is_counted_and_skipped() -> None:
    feed = parse(rss("<item/>" + item(title="a")).encode(), url=URL)
    assert (len(feed.episodes), feed.skipped) == (1, 1)


def test_undeclared_prefixes_and_entities_do_no_harm() -> None:
    episode = only(rss("<item><title>AT&T &nbsp; caf&eacute;</title><itunes:duration>90</itunes:duration></item>"))
    assert episode.duration_seconds == 90
    assert episode.title.endswith("café")


def test_a_truncated_feed_keeps_what_came() -> None:
    document = rss(item(title="one") + item(title="two") + item(title="three"))
    titles = [episode.title for episode in parse(document[:-30].encode(), url=URL).episodes]
    assert titles[:2] == ["one", "two"]


def test_nul_controls_and_reordering_characters_are_removed() -> None:
    assert only(rss(item(title="a\0b&#0;c\u202ed&#x202e;e\x1b", guid="1\0"))).title == "abcde"


def test_a_title_of_a_megabyte_is_cut() -> None:
    assert len(only(rss(item(title="long " * 200_000))).title) <= 500


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"])
def test_the_letters_survive_every_encoding(encoding: str) -> None:
    declared = encoding if encoding in ("latin-1", "cp1252") else "utf-8"
    document = rss(item(title="Über Café"), head=f'<?xml version="1.0" encoding="{declared}"?>')
    assert only(document.encode(encoding)).title == "Über Café"


def test_a_wrong_declaration_does_not_spoil_utf_8() -> None:
    document = rss(item(title="Über"), head='<?xml version="1.0" encoding="iso-8859-1"?>')
    assert only(document, content_type="text/xml; charset=us-ascii").title == "Über"


def test_the_charset_of_the_header_is_used_where_nothing_else_fits() -> None:
    assert only(rss(item(title="Привет")).encode("koi8-r"), content_type="text/xml; charset=koi8-r").title == "Привет"


@pytest.mark.parametrize("scheme", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "java\nscript:x"])
def test_addresses_of_other_schemes_are_dropped(scheme: str) -> None:
    assert only(rss(f'<item><title>a</title><link>{scheme}</link><enclosure url="{scheme}"/></item>')) == ParsedEpisode(
        guid="a", title="a"
    )


def test_a_block_for_another_service_is_none() -> None:
    elsewhere = '<podcast:block id="google">yes</podcast:block>'
    assert not parse(rss(channel=f"<title>T</title>{elsewhere}").encode(), url=URL).is_blocked
    assert parse(rss(channel="<title>T</title><podcast:block>yes</podcast:block>").encode(), url=URL).is_blocked


@pytest.mark.parametrize("medium", ["music", "podcastL", "musicL"])
def test_music_and_lists_are_not_spoken(medium: str) -> None:
    channel = f"<title>T</title><podcast:medium>{medium}</podcast:medium>"
    assert not parse(rss(channel=channel).encode(), url=URL).is_spoken


def test_a_file_of_this_machine_is_not_read() -> None:
    head = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    assert "root" not in only(rss(item(title="&x;", guid="1"), head=head)).title


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "empty"),
        (b" \n\0", "empty"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "web page"),
        (b"<html><head></head></html>", "web page"),
        (b"<catalog><book/></catalog>", "neither RSS nor Atom"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "neither RSS nor Atom"),
        (b"\xff\xfe\x00garbage", "neither RSS nor Atom"),
    ],
)
def test_what_is_not_a_feed_is_called_so(body: bytes, message: str) -> None:
    with pytest.raises(NotAFeed, match=message):
        parse(body, url=URL)


BILLION = "<!DOCTYPE rss [<!ENTITY a 'lol'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
)


@pytest.mark.parametrize(
    "document",
    [
        rss("<a>" * 300_000),
        rss("<item/>" * 300_000),
        rss(item(title="&j;", guid="1"), head=BILLION + "]>"),
        rss("<item " + " ".join(f'a{n}="1"' for n in range(100_000)) + "><title>x</title></item>"),
        rss(item(title="a", description="&lt;div&gt;" * 100_000)),
        rss(item(title="a", description="&lt;!--" * 100_000)),
        "<foo><channel>" + "<item><a>" * 300_000,
    ],
    ids=["nesting", "empty items", "billion laughs", "attributes", "nested html", "open comments", "odd nesting"],
)
def test_no_document_keeps_the_parser_busy(document: str) -> None:
    with contextlib.suppress(SourceError):
        assert len(parse(document.encode(), url=URL).episodes) <= 1


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_in_a_channel_give_a_feed_or_a_source_error(noise: bytes) -> None:
    body = b"<rss><channel><title>T</title><item><title>" + noise + b"</title></item><item><guid>2</guid></item>"
    try:
        feed = parse(body, url=URL)
    except SourceError:
        return
    assert feed == parse(body, url=URL)
    for episode in feed.episodes:
        assert episode.guid
        assert "\0" not in episode.title + episode.description + episode.guid
        assert "\n" not in episode.title


_FRAGMENTS = st.sampled_from(
    ["<item>", "</item>", "<title>", "</title>", "<![CDATA[", "]]>", "<guid>", "</guid>", "<pubDate>", "&", "&amp;",
     "<", "<enclosure url='", "'/>", "<podcast:transcript url='/x'", "<!--", "-->", "<?x", "2026-11-23", "\0", "é", "x"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_FRAGMENTS, max_size=40))
def test_any_heap_of_tags_gives_a_feed_or_a_source_error(pieces: list[str]) -> None:
    with contextlib.suppress(SourceError):
        parse(("<rss><channel>" + "".join(pieces)).encode(), url=URL)


@pytest.mark.corpus
def test_recorded_feeds_give_all_their_items(shared: Path) -> None:
    folder = shared / "data" / "feeds"
    for known in json.loads((folder / "index.json").read_text()):
        body = (folder / Path(known["file"]).name).read_bytes()
        try:
            feed = parse(body, url=URL)
        except SourceError:
            assert known["items"] == 0, known["file"]
            continue
        links = sum(len(episode.transcripts) for episode in feed.episodes)
        assert len(feed.episodes) + feed.skipped == known["items"], known["file"]
        assert links == sum(known["transcript_types"].values()), known["file"]

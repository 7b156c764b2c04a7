import json
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from feeds.models import Feed
from feeds.polling.adding import add_feed, add_feeds, bring_feeds, feed_address, free_slug, is_private
from feeds.polling.opml import Outline, export_opml, import_opml, read_opml
from feeds.reading.errors import BadAddress, SourceError
from tests.factories import make_feed

NESTED = b"""<?xml version="1.0"?><opml version="1.0"><head><title>Mine</title></head><body>
<outline text="Science"><outline text="Deep"><outline type="rss" text="About it" title="Null  Result"
 xmlUrl="https://Feeds.Example/null.xml#top"/></outline></outline>
<outline type="rss" text="Grid &amp; Weather" xmlUrl="https://feeds.example/grid.xml"/>
<outline type="rss" text="Again" xmlUrl="https://feeds.example/grid.xml"/>
<outline type="rss" text="Mine only" xmlUrl="https://me:secret@feeds.example/mine.xml"/>
<outline type="rss" text="Empty" xmlUrl=""/>
<outline type="rss" text="None"/>
<outline type="rss" text="Bad" xmlUrl="ftp://feeds.example/x"/>
<outline text="Just a folder"/>
</body></opml>"""


@pytest.mark.django_db
def test_an_import_reports_what_was_added_known_and_failed() -> None:
    imported = import_opml(NESTED)
    assert [feed.title for feed in imported.added] == ["Null Result", "Grid & Weather", "Mine only"]
    assert imported.added[0].url == "https://feeds.example/null.xml"
    assert [feed.is_private for feed in imported.added] == [False, False, True]
    assert [title for title, _ in imported.failed] == ["Empty", "None", "Bad"]
    assert all("address" in reason for _, reason in imported.failed)
    again = import_opml(NESTED)
    assert (len(again.added), len(again.known), len(again.failed)) == (0, 3, 3)
    assert Feed.objects.count() == 3


@pytest.mark.django_db
def test_a_bare_ampersand_in_a_list_costs_neither_titles_nor_addresses() -> None:
    row = '<outline text="R&D, Q&A" xmlUrl="https://feeds.example/get?id=7&format=rss"/>'
    (feed,) = import_opml(f"<opml><body>{row}</body></opml>".encode()).added
    assert (feed.title, feed.url) == ("R&D, Q&A", "https://feeds.example/get?id=7&format=rss")


@pytest.mark.django_db
def test_three_hundred_shows_are_imported_with_slugs_of_their_own(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rows = "".join(f'<outline text="Show" xmlUrl="https://h{n}.example/feed"/>' for n in range(300))
    body = f"<opml><body>{rows}</body></opml>".encode()
    with django_assert_num_queries(6):  # a savepoint, the lock, known shows, taken slugs, the INSERT, the end
        assert len(import_opml(body).added) == 300
    assert Feed.objects.filter(slug__in=["show", "show-2", "show-300"]).count() == 3
    assert len(import_opml(body).known) == 300


@pytest.mark.django_db
def test_a_slug_is_free_of_numbered_ones_and_of_other_pages() -> None:
    make_feed(slug="apollo-13")
    make_feed(slug="apollo")
    titles = dict(enumerate(["Apollo 13", "Apollo", "Apollo", "Mine"]))
    added = add_feeds({f"https://h{number}.example/": title for number, title in titles.items()}).added
    assert [feed.slug for feed in added] == ["apollo-13-2", "apollo-2", "apollo-3", "mine-2"]


@pytest.mark.django_db
def test_of_more_new_shows_than_are_allowed_the_first_are_added() -> None:
    known = make_feed()
    urls = ["https://a.example/", known.url or "", "https://b.example/", "https://c.example/"]
    shows = bring_feeds(urls, own=(), owner_id=1, at_most=2)
    assert [feed.url for feed in shows.added] == ["https://a.example/", "https://b.example/"]
    assert shows.known == (known,)


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"<rss><channel/></rss>", b"{}", b"\0\xff"])
def test_what_is_no_opml_is_called_so(body: bytes) -> None:
    with pytest.raises(SourceError, match="not an OPML file"):
        read_opml(body)


@pytest.mark.django_db
def test_an_export_reads_back_as_the_same_shows() -> None:
    feeds = [make_feed('Grid & "Weather" <1>', url="https://x.example/?a=1&b=2"), make_feed("Ünder")]
    written = export_opml(feeds)
    assert read_opml(written.encode()) == [Outline(feed.title, feed.url or "") for feed in feeds]


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (" HTTPS://Feeds.Example:443/A?b=C#d ", "https://feeds.example/A?b=C"),
        ("http://feeds.example:8080", "http://feeds.example:8080/"),
        ("feed://feeds.example/x", "https://feeds.example/x"),
        ("feed:https://feeds.example/x", "https://feeds.example/x"),
        ("pcast://feeds.example/x", "https://feeds.example/x"),
        ("https://Me:Se@feeds.example/x", "https://Me:Se@feeds.example/x"),
        ("https://feeds.example/my show.xml", "https://feeds.example/my%20show.xml"),
    ],
)
def test_an_address_has_one_stored_form(given: str, stored: str) -> None:
    assert feed_address(given) == stored


@pytest.mark.parametrize(
    "given",
    [
        "",
        "feeds.example",
        "ftp://x.example/",
        "http://[::1",
        "http://",
        "https://feeds example/x",
        "https://x.example/\0",
        f"https://x.example/{'ü' * 1500}",
    ],
)
def test_a_bad_address_is_refused(given: str) -> None:
    with pytest.raises(BadAddress):
        feed_address(given)


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("https://me:pw@x.example/feed", True),
        ("https://x.example/feed?auth=abc", True),
        ("https://x.example/feed?access_token=abc", True),
        ("https://www.patreon.com/rss/show", True),
        ("https://x.example/feed?format=mp3&key=", False),
        ("https://pods.example/d/playlist/0b6ab6a5-5ee6-4b6c-a2bd-abcd00d9f5a4/podcast.rss", True),
    ],
)
def test_an_address_with_a_secret_in_it_is_private(url: str, private: bool) -> None:
    assert is_private(url) is private


@pytest.mark.django_db
def test_a_show_without_a_title_is_called_after_its_host() -> None:
    feed, is_new = add_feed("https://pod.example/feed.xml")
    assert (feed.title, feed.slug, is_new) == ("pod.example", "podexample", True)
    assert free_slug("日本語") == "show"


@pytest.mark.corpus
@pytest.mark.django_db
def test_recorded_lists_give_all_their_shows(shared: Path) -> None:
    folder = shared / "data" / "opml"
    for known in json.loads((folder / "index.json").read_text()):
        outlines = [one for one in read_opml((folder / known["file"]).read_bytes()) if one.url]
        assert len(outlines) >= known["feeds"], known["file"]

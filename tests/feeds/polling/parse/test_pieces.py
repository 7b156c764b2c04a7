"""Reading only what is new in a feed gives what reading all of it gives."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.polling.parse import ParsedFeed, parse
from tests.feeds.rss import item, rss

URL = "https://pod.example/show/feed.xml"
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>'
    "<entry><id>1</id><title>One</title></entry><entry><id>2</id><title>Two</title></entry></feed>"
)
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    "<channel><title>R</title><items><rdf:Seq/></items></channel>"
    '<item rdf:about="https://x.example/1"><title>One</title></item><item><title>Two</title></item></rdf:RDF>'
)

# What authors put into an item, right and wrong.
PARTS = (
    "<title>R&D, Q&A</title>", "<title>One &amp; two</title>", "<guid>g1</guid>", "<guid>g2</guid>",
    "<link>/page</link>", "<description><![CDATA[<p>An <item> of & news</p>]]></description>",
    "<description>caf&eacute;</description>", "<!-- <item> -->", "<!-- a & b -->", "<![CDATA[", "]]>", "<b>", "</b>",
    '<enclosure url="https://x.example/1.mp3?a=1&b=2" type="audio/mpeg">', "</enclosure>",
    '<enclosure url="https://x.example/2.mp3" type="audio/mpeg"/>', "<itunes:block>yes</itunes:block>",
    "<podcast:person>Ada</podcast:person>", "<pubDate>Mon, 23 Nov 2026 03:00:00 GMT</pubDate>", "<item>", "</item>",
    '<other:thing xmlns:other="https://o.example/">x</other:thing>', "<unknown:thing>x</unknown:thing>",
)  # fmt: skip
CHANNELS = ("", "<podcast:person>Ines</podcast:person>", "<language>de</language>", "<!-- <item/> -->", "<items/>")
items = st.lists(st.sampled_from(PARTS), min_size=1, max_size=5).map(lambda parts: f"<item>{''.join(parts)}</item>")


def all_known_but(left_out: Sequence[str], body: bytes, *, before: bytes) -> ParsedFeed:
    """As it is read by somebody who has read it `before`, except for these fingerprints, each put back in its place."""
    known = {one.fingerprint: one for one in parse(before, url=URL).episodes if one.fingerprint}
    for fingerprint in left_out:
        known.pop(fingerprint, None)
    found = parse(body, url=URL, known=known)
    whole = tuple(known[one] if isinstance(one, str) else one for one in found.in_order())
    return replace(found, episodes=whole, unchanged={})


@settings(deadline=None)
@given(
    before=st.lists(items, max_size=5),
    new=st.lists(items, max_size=2),
    channel=st.sampled_from(CHANNELS),
    data=st.data(),
)
def test_what_is_known_and_what_is_new_together_are_the_whole_feed(
    before: list[str], new: list[str], channel: str, data: st.DataObject
) -> None:
    # A feed in which libxml2 finds no item at all is another parser's.
    before = [item("first"), *before]
    now = data.draw(st.permutations([*new, *before]))
    now_channel = data.draw(st.sampled_from([channel, *CHANNELS]))
    earlier, later = rss(*before, channel=channel), rss(*now, channel=now_channel)
    assert all_known_but((), later, before=earlier) == parse(later, url=URL)


@pytest.mark.parametrize("document", [rss(item("1"), item("2")), ATOM.encode(), RDF.encode()])
def test_of_a_feed_that_was_read_only_what_is_new_is_read_again(document: bytes) -> None:
    one, two = parse(document, url=URL).episodes
    found = parse(document, url=URL, known={two.fingerprint})
    assert (found.episodes, found.unchanged) == ((one,), {1: two.fingerprint})
    assert all_known_but([one.fingerprint], document, before=document) == parse(document, url=URL)


def test_an_item_without_anything_to_tell_it_by_moves_no_other() -> None:
    document = rss("<item></item>", item("1"), "<item><b/></item>", item("2"))
    one, two = parse(document, url=URL).episodes
    found = parse(document, url=URL, known={two.fingerprint})
    assert (found.skipped, list(found.in_order())) == (2, [one, two.fingerprint])


def test_an_item_in_a_comment_or_a_literal_is_none() -> None:
    document = rss(
        item("1"), "<!-- ", item("2"), " -->", item("3", extra="<description><![CDATA[<item>]]></description>")
    )
    assert [one.guid for one in parse(document, url=URL).episodes] == ["1", "3"]


@pytest.mark.parametrize("channel", ["<podcast:person>Ines</podcast:person>", "<language>de</language>"])
def test_what_items_take_from_their_show_makes_them_others(channel: str) -> None:
    before, after = (parse(rss(item("1"), channel=one), url=URL).episodes[0] for one in ("", channel))
    assert before.fingerprint != after.fingerprint
    assert parse(rss(item("1")), url="https://other.example/").episodes[0].fingerprint != before.fingerprint


def test_an_item_that_swallows_the_next_one_is_never_known() -> None:
    document = rss("<item><guid>1</guid><b></item>", item("2"))
    assert {one.fingerprint for one in parse(document, url=URL).episodes} == {""}

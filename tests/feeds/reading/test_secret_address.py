"""Addresses of paid feeds as their hosts shape them, with secrets that nobody was given; public ones beside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.reading.secret_address import Secret, secret_in

_UUID = "3f2b8c1e-9d47-4a60-8e15-b7c2d9f04a36"
_HEX = "9f86d081884c7d659a2feaa0c55ad015"
_MIXED = "xK4pQ9zL2mT7vR1w"
PAID = [
    f"https://api.substack.com/feed/podcast/1234567/private/{_UUID}.rss",
    f"https://www.patreon.com/rss/some-show?auth={_MIXED}",
    f"https://www.patreon.com/rss/some-show?show=12&auth={_MIXED}",
    f"https://some-show.supportingcast.fm/content/eyJ0IjoicCJ9/{_HEX}.rss",
    f"https://feeds.some-show.example/supporting/{_HEX}.rss",
    f"https://some-show.supercast.tech/feeds/{_MIXED}",
    f"https://some-show.memberful.com/rss/12?auth={_MIXED}",
    f"https://open.acast.com/public/patreon/fanSubscriptions/{_UUID}",
    f"https://access.acast.com/rss/{_UUID}/{_HEX}",
    f"https://feeds.acast.com/private/shows/{_UUID}",
    f"https://private.captivate.fm/{_UUID}/feed.xml",
    f"https://feeds.captivate.fm/some-show/{_HEX}/",
    f"https://subscribers.transistor.fm/{_HEX}",
    f"https://feeds.transistor.fm/some-show/{_MIXED}",
    f"https://private.simplecast.com/{_MIXED}",
    f"https://some-show.mylibsyn.com/rss/{_HEX}",
    f"https://patron.podbean.com/feed/{_MIXED}",
    f"https://app.glow.fm/rss/{_UUID}",
    f"https://app.helloaudio.fm/feed/{_UUID}/private",
    f"https://steadyhq.com/rss/some-show?auth={_UUID}",
    f"https://show.example/feed/?accessToken={_MIXED}",
    f"https://show.example/feed/?access_token={_HEX}",
    f"https://show.example/rss?apiKey={_HEX}",
    f"https://show.example/rss/?uuid={_UUID}",
    f"https://show.example/feed/podcast/premium/?u={_HEX}",
    f"https://show.example/feed/members/{_MIXED}.xml",
    f"https://show.example/feed.xml?t={_MIXED}",
    f"https://show.example/u/{_UUID.upper()}/feed",
    f"https://show.example/{_HEX}.rss",
    "https://ada:secret@show.example/feed",
    "https://ada@show.example/feed",
    "https://show.example/feed?password=short",
    "https://show.example/feed?member_code=77",
]
PUBLIC = [
    "https://feeds.megaphone.fm/VMP5705694065",
    f"https://www.omnycontent.com/d/playlist/{_UUID}/{_UUID}/{_UUID}/podcast.rss",
    "https://feeds.simplecast.com/54nAGcIl",
    f"https://feeds.acast.com/public/shows/{_UUID}",
    f"https://feeds.redcircle.com/{_UUID}",
    "https://anchor.fm/s/1a2b3c4d/podcast/rss",
    "https://feeds.buzzsprout.com/1234567.rss",
    "https://feeds.transistor.fm/some-show",
    "https://feeds.captivate.fm/some-show/",
    "https://feeds.libsyn.com/123456/rss",
    "https://rss.art19.com/some-show",
    "https://api.substack.com/feed/podcast/1234567.rss",
    "https://podcasts.files.bbci.co.uk/p02nq0gn.rss",
    "https://show.example/feed.xml",
    "https://show.example/?feed=podcast",
    "https://show.example/the-100-year-life-and-20-more-things/feed/",
    "https://show.example/category/2024/11/Episodes2024Complete/feed",
    "https://feeds.feedburner.com/TheThirtyYearsWarInThirtyParts",
    "https://show.example/rss?format=xml&lang=en-GB&limit=100",
    "https://keynote.example/tokens/feed",
]


@pytest.mark.parametrize("url", PAID)
def test_the_address_of_a_paid_feed_is_known_for_one(url: str) -> None:
    assert secret_in(url) is not Secret.NONE


@pytest.mark.parametrize("url", PUBLIC)
def test_a_public_address_is_taken_for_one(url: str) -> None:
    assert secret_in(url) is Secret.NONE


@given(st.uuids(), st.sampled_from(["feed/{}", "{}.rss", "a/{}/rss.xml", "?x={}"]))
def test_an_uuid_in_an_unknown_place_is_likely_a_secret(one: object, place: str) -> None:
    assert secret_in(f"https://show.example/{place.format(one)}") is not Secret.NONE

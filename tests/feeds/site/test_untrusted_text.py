"""What comes from feeds, transcripts, models and visitors is text on every page, never markup."""

from __future__ import annotations

import json
from urllib.parse import quote
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.test import Client
from django.urls import reverse

from feeds.models import Insight
from tests.factories import make_episode, make_feed, make_insight, make_topic
from tests.feeds.site.everything_on_it import Site

pytestmark = pytest.mark.django_db

PAYLOADS = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<!--<script>",
    "]]><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)' x='",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<base href=https://evil.example/>",
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    "<form action=https://evil.example/><input name=email>",
    "<style>body{display:none}</style>",
    "<a href=javascript:alert(1)>x</a>",
    "{{ settings.SECRET_KEY }}{% debug %}",
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert() )//%0D%0A//</stYle/</titLe/</teXtarEa/<sVg/oNloAd=alert()>",
    "\u202egnp.exe\u202c \x7f\x1b[31m &lt;b&gt; &#x3c;b&#x3e;",
]
ADDRESSES = [
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "//evil.example/x",
    "https:evil",
    'https://ok.example/"onclick="alert(1)',
    "https://[bad",
]
_ALLOWED_SCHEMES = ("http://", "https://", "mailto:", "/", "?", "#")


def hostile_site(payload: str, address: str) -> Site:
    topic = make_topic("Economics")
    feed = make_feed(payload, author=payload, description=payload, site_url=address, language="en")
    episode = make_episode(payload, feed=feed, description=payload, link=address, audio_url=address)
    made = [
        make_insight(
            payload[:190] + str(number),
            episode=episode,
            text=payload,
            quote=payload,
            speaker=payload[:190],
            topics=[topic],
            extractor="imported" if number else "local",
            quote_verified=not number,
            source_url=address,
            language='en" onclick="x'[:16] if number else "en",
            fingerprint=str(number),
        )
        for number in range(3)
    ]
    return Site(topic, feed, episode, [Insight.objects.get(pk=one.pk) for one in made])


def assert_harmless(html: str, path: str) -> None:
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    for element in tree.iter():
        if isinstance(element.tag, str):
            _assert_element_is_ours(element, path)


def _assert_element_is_ours(element: Element, path: str) -> None:
    assert element.tag not in ("iframe", "object", "embed", "base", "style", "img"), path
    assert element.get("http-equiv") is None, path
    for name, value in element.attrib.items():
        assert not str(name).startswith("on"), (path, name)
        assert name not in ("style", "srcdoc"), path
        if name in ("href", "src", "action", "formaction"):
            assert value.startswith(_ALLOWED_SCHEMES), (path, name, value)
            assert not value.startswith("//"), (path, name, value)
    if element.tag == "script":
        if element.get("type") == "application/ld+json":
            json.loads(element.text or "")
        else:
            assert (element.get("src") or "").startswith("/static/js/"), path
            assert not (element.text or "").strip(), path
    if element.tag == "form":
        assert (element.get("action") or "/").startswith("/"), path


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_markup_on_any_page(client: Client, payload: str) -> None:
    site = hostile_site(payload, "https://ok.example/a?b=1&c=<d>")
    paths = [*site.pages(), f"/search/?q={quote(payload)}", f"/search/?speaker={quote(payload)}&since={quote(payload)}"]
    paths.append(reverse("feeds:insight", args=[site.insights[1].pk]))
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200, path
        assert_harmless(response.content.decode(), path)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_address_from_a_feed_runs_or_leaves_by_another_scheme(client: Client, address: str) -> None:
    site = hostile_site("A quiet claim about tariffs", address)
    for path in site.pages():
        assert_harmless(client.get(path).content.decode(), path)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_share_image_is_drawn_whatever_the_text(client: Client, payload: str) -> None:
    site = hostile_site(payload, "")
    response = client.get(reverse("feeds:share_image", args=[site.insight.pk]))
    assert response.content.startswith(b"\x89PNG")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_visitor_reports_comes_back_as_text(client: Client, payload: str) -> None:
    insight = make_insight()
    path = reverse("feeds:report", args=[insight.pk])
    posted = {"reason": payload, "message": payload, "contact": payload}
    response = client.post(path, posted, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 422
    assert_harmless(response.content.decode(), path)


def test_a_control_character_in_a_title_does_not_break_the_site_map(client: Client) -> None:
    make_insight("Bell \x07 and escape \x1b", feed=make_feed("Show \x01"))
    assert client.get("/sitemap-insights.xml").status_code == 200

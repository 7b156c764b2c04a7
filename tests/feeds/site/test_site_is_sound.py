"""What holds on every page: links lead somewhere, GET changes nothing, and the headers that keep browsers strict."""

from __future__ import annotations

from urllib.parse import urldefrag, urljoin

import html5lib
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import make_insight
from tests.feeds.site.everything_on_it import Site, make_site

pytestmark = pytest.mark.django_db

# Pages about one reader; their own tests look after them.
_PERSONAL = ("/account/", "/brief/", "/preferences/", "/privacy/", "/saved/", "/sign-up/", "/welcome/")


@pytest.fixture
def site() -> Site:
    site = make_site(insights=21)
    make_insight(topics=["History"], speaker="Łukasz Ø")
    return site


def answers(client: Client, start: str) -> dict[str, int]:
    """The status of every public page that can be reached from `start` by links."""
    waiting, found = [start], {start: 0}
    while waiting:
        path = waiting.pop()
        response = client.get(path)
        found[path] = response.status_code
        new = [link for link in links(response.content.decode(), path) if link not in found]
        found |= dict.fromkeys(new, 0)
        waiting += new
    return found


def links(page: str, path: str) -> set[str]:
    """Addresses of other public pages of ours."""
    hrefs = (element.get("href", "") for element in html5lib.parse(page, namespaceHTMLElements=False).iter("a"))
    found = {urldefrag(urljoin(path, href).removeprefix(settings.SITE_URL)).url for href in hrefs}
    return {link for link in found if link.startswith("/") and not link.startswith(_PERSONAL)}


def test_every_link_of_the_site_leads_somewhere(client: Client, site: Site) -> None:
    found = answers(client, "/")
    assert {path: status for path, status in found.items() if status != 200} == {}
    every_kind = {path.partition("?")[0] for path in site.pages()}
    assert every_kind - set(found) <= {f"/insights/{site.insight.pk}/reported/"}


def test_reading_any_page_writes_nothing(client: Client, site: Site) -> None:
    for path in site.pages() + site.machine_pages():
        for method in (client.get, client.head):
            with CaptureQueriesContext(connection) as queries:
                method(path)
            verbs = {query["sql"].split(maxsplit=1)[0] for query in queries}
            assert verbs <= {"SELECT", "DECLARE", "SET", "SAVEPOINT", "RELEASE"}, path


def test_every_answer_keeps_the_browser_strict(client: Client, site: Site) -> None:
    missing = ["/nothing/", "/insights/999999/", f"{site.topic.get_absolute_url()}?page=99"]
    for path in site.pages() + site.machine_pages() + missing:
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["X-Frame-Options"] == "DENY", path
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin", path
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path


def test_no_page_needs_what_the_policy_forbids(client: Client, site: Site) -> None:
    for path in site.pages():
        page = html5lib.parse(client.get(path).content.decode(), namespaceHTMLElements=False)
        assert not list(page.iter("style")), path
        for element in page.iter():
            assert element.get("style") is None, path
            assert not any(str(name).startswith("on") for name in element.attrib), path


def test_every_page_has_one_heading_of_the_first_order_and_a_title(client: Client, site: Site) -> None:
    titles = {}
    for path in site.pages():
        page = html5lib.parse(client.get(path).content.decode(), namespaceHTMLElements=False)
        assert len(list(page.iter("h1"))) == 1, path
        titles[path.partition("?")[0]] = "".join(next(page.iter("title")).itertext())
    assert len(set(titles.values())) == len(titles)

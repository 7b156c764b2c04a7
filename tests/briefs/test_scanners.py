"""Mail gateways open every link, some twice and with every method. Nothing may come of it."""

from __future__ import annotations

import re
from urllib.parse import urldefrag

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from briefs.edition.deliver import deliver_due
from briefs.models import Brief
from tests.factories import make_brief, make_insight, make_user

pytestmark = pytest.mark.django_db

BRIEFS = 8
AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36",
    "python-requests/2.32",
    "",
]


def rows() -> dict[str, list[tuple[str]]]:
    """Everything that the database holds, as text."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT one::text FROM {connection.ops.quote_name(table)} AS one ORDER BY 1")  # noqa: S608
            found[table] = cursor.fetchall()
    return found


def addresses() -> set[str]:
    """Every address of ours in the mail that was sent, header included."""
    contents = [
        "\n".join([str(message.body), str(message.alternatives), str(message.extra_headers)])
        for message in mail.outbox
        if isinstance(message, mail.EmailMultiAlternatives)
    ]
    found = {urldefrag(url).url for content in contents for url in re.findall(r"https?://[^\s\"'<>]+", content)}
    return {url.removeprefix(settings.SITE_URL) for url in found if url.startswith(settings.SITE_URL)}


def test_opening_every_link_of_every_brief_twice_changes_no_row() -> None:
    now = timezone.now()
    insights = [make_insight() for _ in range(9)]
    for number in range(BRIEFS):
        chosen = [insights[(number + step) % 9] for step in range(5)]
        make_brief(make_user(), insights=chosen, state=Brief.State.COMPOSED, sent_at=None, due_at=now)
    assert deliver_due(now=timezone.now()) == {Brief.State.SENT: BRIEFS}
    opened = addresses()
    kinds = {path.split("/")[1] for path in opened}
    assert kinds == {"", "b", "v", "u", "preferences", "insights", "about"}
    assert len(opened) >= BRIEFS * 17

    before = rows()
    for number, path in enumerate(sorted(opened) * 2):
        client = Client(headers={"User-Agent": AGENTS[number % len(AGENTS)]})
        for method in (client.get, client.head, client.options):
            response = method(path)
            assert response.status_code in (200, 405), path
            assert not response.cookies, path
    after = rows()
    assert before["briefs_brief"]
    assert {table for table in after if after[table] != before[table]} == set()

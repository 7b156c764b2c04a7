"""Briefs through a provider's API: a server on loopback plays Postmark's part."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Suppression
from briefs.edition.deliver import deliver_due
from briefs.models import Brief
from tests.factories import make_brief, make_insight

pytestmark = pytest.mark.django_db

TAKEN = (200, {"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc2f4a-e38e-4336-af7d-e6c392c2f817"})
INACTIVE = (
    "You tried to send to a recipient that has been marked as inactive.\n Found inactive addresses: {}.\n "
    "Inactive recipients are ones that have generated a hard bounce or a spam complaint."
)


@dataclass
class Postmark:
    """`answer` is a status and a body; None hangs up without one."""

    url: str = ""
    answer: tuple[int, dict[str, object]] | None = TAKEN
    accepted: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def postmark(settings: Settings) -> Iterator[Postmark]:
    played = Postmark()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            played.accepted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if played.answer is None:
                return
            status, body = played.answer
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        played.url = f"http://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        _send_through(settings, played.url)
        yield played
        server.shutdown()
        thread.join()


def _send_through(settings: Settings, url: str) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_API_URL": url}


def composed() -> Brief:
    now = timezone.now()
    return make_brief(
        insights=[make_insight()], state=Brief.State.COMPOSED, sent_at=None, due_at=now, next_attempt_at=now
    )


def test_a_brief_goes_through_the_api_with_both_parts_and_its_headers(postmark: Postmark) -> None:
    brief = composed()
    assert deliver_due(now=timezone.now()) == {Brief.State.SENT: 1}
    (request,) = postmark.accepted
    assert request["To"] == brief.user.email
    headline = brief.insights.get().headline
    assert request["Subject"] == headline
    assert headline in request["TextBody"]
    assert headline in request["HtmlBody"]
    assert (request["TrackOpens"], request["TrackLinks"]) == (False, "None")
    sent = {header["Name"] for header in request["Headers"]}
    assert {"Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Id"} <= sent


def test_an_address_on_the_list_of_the_provider_is_stopped(postmark: Postmark) -> None:
    brief = composed()
    postmark.answer = (422, {"ErrorCode": 406, "Message": INACTIVE.format(brief.user.email)})
    assert deliver_due(now=timezone.now()) == {Brief.State.FAILED: 1}
    brief.user.refresh_from_db()
    assert not brief.user.is_receiving
    assert Suppression.objects.get().reason == Suppression.Reason.BOUNCE


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ((401, {"ErrorCode": 10, "Message": "Bad or missing API token."}), Brief.State.FAILED),
        ((429, {}), Brief.State.COMPOSED),
        ((503, {}), Brief.State.COMPOSED),
        ((500, {}), Brief.State.UNKNOWN),
        (None, Brief.State.UNKNOWN),
    ],
)
def test_what_the_provider_may_have_taken_is_never_sent_again(
    postmark: Postmark, answer: tuple[int, dict[str, object]] | None, state: Brief.State
) -> None:
    brief = composed()
    postmark.answer = answer
    assert deliver_due(now=timezone.now()) == {state: 1}
    brief.user.refresh_from_db()
    assert brief.user.is_receiving


def test_a_provider_that_cannot_be_reached_has_taken_nothing(settings: Settings) -> None:
    with socket.socket() as bound_and_deaf:
        bound_and_deaf.bind(("127.0.0.1", 0))
        _send_through(settings, f"http://127.0.0.1:{bound_and_deaf.getsockname()[1]}/")
        composed()
        assert deliver_due(now=timezone.now()) == {Brief.State.COMPOSED: 1}

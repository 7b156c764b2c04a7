"""What somebody tries who has an account."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from benchmarks.attacks.visitor import Visitor
from feeds.models import Feed
from feeds.polling.http import Door
from feeds.polling.refresh import refresh
from tests.factories import make_user

_THIS_MACHINE = (
    "127.0.0.1", "localhost", "0x7f.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "0.0.0.0",  # noqa: S104
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "user@127.0.0.1", "127.0.0.1.",
)  # fmt: skip
_ELSEWHERE = (
    "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://192.168.1.1/", "http://[fd00::1]/",
    "http://100.64.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/",
)  # fmt: skip


def inner_addresses(port: int, tries: int) -> Iterator[bool]:
    """Shows at addresses of this machine and its network, taken in and polled: nobody is called."""
    with _listening() as (listener, calls):
        forms = [f"http://{host}:{listener}/feed.xml" for host in _THIS_MACHINE]
        for number, address in enumerate([*forms, *_ELSEWHERE][: tries * 6]):
            answer = _signed_in(port, f"bringer{number}@example.org").post("/shows/mine/", {"address": address})
            now = timezone.now()
            list(refresh(list(Feed.objects.due(now)), now=now, door=Door()))
            yield answer.status in (200, 303, 422) and not calls


def planted_session(port: int, tries: int) -> Iterator[bool]:
    """A session's key that a thief put into a browser before its owner signed in there is worth nothing after."""
    for number in range(tries):
        browser = Client()
        session = browser.session
        session["planted"] = True
        session.save()
        planted = str(session.session_key)
        browser.cookies[settings.SESSION_COOKIE_NAME] = planted
        browser.force_login(make_user(f"planted{number}@example.org"))
        yield Visitor(port, cookies={settings.SESSION_COOKIE_NAME: planted}).get("/my-data/").status == 302
        yield _visitor(port, browser).get("/my-data/").status == 200


def foreign_forms_in_a_session(port: int, tries: int) -> Iterator[bool]:
    """Posts from another site in the browser of somebody who is signed in."""
    for number in range(tries):
        address = f"lured{number}@example.org"
        visitor = _signed_in(port, address)
        for path in ("/my-data/erase/", "/my-data/address/", "/preferences/", "/shows/mine/", "/account/logout/"):
            answer = visitor.post_from_elsewhere(path, {"email": "thief@example.org", "address": "https://a.example/"})
            yield answer.status == 403 and User.objects.filter(email=address, is_active=True).exists()
        yield visitor.get("/my-data/").status == 200


def _signed_in(port: int, address: str) -> Visitor:
    browser = Client()
    browser.force_login(make_user(address))
    return _visitor(port, browser)


def _visitor(port: int, browser: Client) -> Visitor:
    name = settings.SESSION_COOKIE_NAME
    return Visitor(port, cookies={name: browser.cookies[name].value})


@contextlib.contextmanager
def _listening() -> Iterator[tuple[int, list[object]]]:
    """A port of this machine, and who called it."""
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_note, args=(server, calls))
        thread.start()
        try:
            yield server.getsockname()[1], calls
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def _note(server: socket.socket, calls: list[object]) -> None:
    with contextlib.suppress(OSError):
        while True:
            client, address = server.accept()
            calls.append(address)
            client.close()

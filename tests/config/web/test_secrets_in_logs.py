from __future__ import annotations

import io
import logging
import smtplib

import pytest
from django.test import Client

from accounts import links
from accounts.tokens import sign, unsubscribe_token
from briefs.edition.printing.feedback_links import act_url
from briefs.models import new_key
from config.web.secrets_in_logs import WithoutSecrets
from tests.factories import make_user


def logged(path: str) -> str:
    return written("%s: %s", "Forbidden", path)


def written(message: str, *values: object, error: BaseException | None = None) -> str:
    exc_info = (type(error), error, error.__traceback__) if error else None
    return WithoutSecrets().format(
        logging.LogRecord("any", logging.WARNING, __file__, 1, message, values, exc_info),
    )


@pytest.mark.django_db
def test_no_key_of_ours_is_logged() -> None:
    user = make_user()
    for _ in range(50):
        key = new_key()
        assert logged(f"/brief/feed/{key}/rss.xml") == "Forbidden: /brief/feed/…/rss.xml"
    for page in (links.confirm_url(user, topics=["economics"], time_zone="Europe/Berlin"), links.preferences_url(user)):
        path = page.removeprefix("http://127.0.0.1:8000")
        assert logged(path) == f"Forbidden: /{path.split('/')[1]}/…/"
    assert unsubscribe_token(user) not in logged(f"/u/{unsubscribe_token(user)}/")
    assert "/v/…/" in logged(act_url(user, 4711))


@pytest.mark.parametrize(
    "path", ["/topics/leadership-careers/", "/shows/a-very-long-name-of-a-show-about-everything/", "/people/łukasz-ø/"]
)
def test_other_addresses_are_logged_in_full(path: str) -> None:
    assert logged(path) == f"Forbidden: {path}"


def test_who_was_mailed_is_not_logged_whatever_the_server_answered() -> None:
    refused = smtplib.SMTPRecipientsRefused({"alice@example.org": (550, b"5.1.1 <alice@example.org>: unknown")})
    assert "alice" not in written("Letter %s was put off: %r", 7, refused)
    assert "550" in written("Letter %s was put off: %r", 7, refused)
    try:
        raise refused
    except smtplib.SMTPException as error:
        assert "alice" not in written("brief %s could not be sent", 7, error=error)


@pytest.mark.django_db
def test_the_console_is_told_that_a_link_failed_and_not_which(client: Client) -> None:
    token = sign(links.SIGN_IN, 4711, "never", version=1)
    (handler,) = [one for one in logging.getLogger().handlers if isinstance(one.formatter, WithoutSecrets)]
    assert isinstance(handler, logging.StreamHandler)
    console = io.StringIO()
    before = handler.setStream(console)
    try:
        client.get(f"/sign-in/{token}/")
    finally:
        handler.setStream(before)
    assert "Gone: /sign-in/…/" in console.getvalue()

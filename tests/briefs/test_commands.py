import datetime as dt
import re
from email import message_from_bytes, policy
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.keyed_hashes import address_hash
from accounts.models import Suppression, User
from briefs.edition.printing.preview import preview
from briefs.edition.printing.sample import request_test
from briefs.models import Brief, BriefItem, Interest
from tests.factories import make_insight, make_user

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def subscribe(*extra: str) -> str:
    return run("add_subscriber", "reader@example.com", "--topic", "economics", "geopolitics", *extra)


def test_a_subscriber_is_added_confirmed_with_topics_texts_and_clock() -> None:
    out = subscribe("--interest", "robots in Japan", "--interest", "tea", "--time-zone", "Asia/Tokyo", "--hour", "6")
    user = User.objects.get(email="reader@example.com")
    assert user.is_receiving
    assert (user.time_zone, user.brief_hour) == ("Asia/Tokyo", 6)
    assert not user.has_usable_password()
    assert {str(one) for one in Interest.objects.filter(user=user)} == {
        "Economics",
        "Geopolitics",
        "robots in Japan",
        "tea",
    }
    assert "06:00 Asia/Tokyo" in out


def test_adding_a_subscriber_twice_changes_only_what_is_said() -> None:
    subscribe("--time-zone", "Europe/Berlin", "--interest", " tea  in Japan")
    out = subscribe("--hour", "9", "--interest", "tea in Japan")
    assert (User.objects.get().brief_hour, User.objects.get().time_zone) == (9, "Europe/Berlin")
    assert Interest.objects.count() == 3
    assert "09:00 Europe/Berlin" in out


@pytest.mark.parametrize(
    ("stood_against", "words"),
    [
        ({"unsubscribed_at": timezone.now()}, f"unsubscribed on {timezone.now():%-d %B %Y}"),
        ({"stopped_at": timezone.now(), "stopped_reason": "a complaint"}, "mail was stopped on .*a complaint"),
        ({}, f"on the suppression list since {timezone.now():%-d %B %Y}, complaint"),
    ],
)
def test_who_wants_no_mail_is_left_out_until_an_operator_says_why_not(
    stood_against: dict[str, Any], words: str
) -> None:
    address = "reader@example.com"
    make_user(address, **stood_against)
    if not stood_against:
        Suppression.objects.create(address_hash=address_hash(address), reason=Suppression.Reason.COMPLAINT)

    with pytest.raises(CommandError, match=f"{address} is left out: {words}.*manage.py allow_mail"):
        subscribe()
    assert Suppression.objects.exists() is not bool(stood_against)
    assert not Interest.objects.exists()

    assert f"{address} may be mailed again" in run("allow_mail", address, "--reason", "she wrote on paper")
    subscribe()
    user = User.objects.get()
    assert user.is_receiving
    assert not Suppression.objects.exists()
    assert user.events.get().detail == "by an operator: she wrote on paper"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nobody@example.com", "--reason", "because"), "Nothing stands against mail to nobody@example.com"),
        (("nobody", "--reason", "because"), "not a complete e-mail address"),
        (("nobody@example.com", "--reason", "  "), "--reason is empty"),
    ],
)
def test_mail_is_allowed_only_where_something_stood_against_it(arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run("allow_mail", *arguments)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("not-an-address",), "address"),
        (("reader@example.com", "--topic", "alchemy"), "alchemy"),
        (("reader@example.com", "--time-zone", "Mars/Olympus"), "Mars/Olympus"),
        (("reader@example.com", "--hour", "25"), "brief_hour: .* 23"),
        (("reader@example.com", "--hour=-1"), "whole number of 0 or more"),
        (("reader@example.com", "--interest", " "), "1 to 200 characters and has 0"),
        (("reader@example.com", "--interest", "x" * 300), "1 to 200 characters and has 300"),
    ],
)
def test_what_is_wrong_is_named(arguments: tuple[str, ...], named: str) -> None:
    with pytest.raises(CommandError, match=named):
        run("add_subscriber", *arguments)
    assert not User.objects.exists()


def test_a_preview_is_a_mail_and_leaves_no_trace(tmp_path: Path) -> None:
    subscribe()
    make_insight("Money talks", topics=["Economics"])
    assert "Subject: Money talks" in run("preview_brief", "reader@example.com")
    file = tmp_path / "brief.eml"
    run("preview_brief", "reader@example.com", "--output", str(file))
    assert b"\r\nSubject: Money talks\r\n" in b"\r\n" + file.read_bytes()
    assert not Brief.objects.exists()
    assert not BriefItem.objects.exists()


def test_a_preview_says_what_the_brief_then_says(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND, settings.MAIL_DIR = "accounts.mail.eml_files.EmailBackend", tmp_path
    subscribe()
    for number in range(3):
        make_insight(f"Money talks, case {number}", topics=["Economics"], created_at="2026-11-23T05:00Z")
    at = dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC)
    run("send_briefs", "--now", "2026-11-23T06:00Z")
    previewed = preview(User.objects.get(), now=at).message
    assert previewed
    run("send_briefs", "--now", at.isoformat())
    (sent,) = tmp_path.glob("*.eml")
    assert _lasting(sent.read_bytes()) == _lasting(previewed.message().as_bytes(linesep="\r\n"))


def _lasting(content: bytes) -> tuple[str, ...]:
    """Subject, identity and both parts, without dated links; a preview has no page of its own to lead to."""
    message = message_from_bytes(content, policy=policy.default)
    parts = [str(part.get_content()) for part in message.iter_parts()]
    return (
        message["Subject"],
        message["Message-ID"],
        *(re.sub("/(?:preferences/[^/]+|b/[^/]+|brief)/", "", part) for part in parts),
    )


def test_a_preview_of_nothing_says_so() -> None:
    subscribe()
    assert "Nothing would be sent: nothing new" in run("preview_brief", "reader@example.com")
    assert "Nothing would be sent" in run("preview_brief", "reader@example.com", "--day", "2026-01-01")


def test_a_preview_for_a_stranger_is_an_error() -> None:
    with pytest.raises(CommandError, match="stranger@example"):
        run("preview_brief", "stranger@example.com")


def test_a_preview_that_cannot_be_kept_or_dated_is_an_error(tmp_path: Path) -> None:
    subscribe()
    make_insight("Money talks", topics=["Economics"])
    with pytest.raises(CommandError, match=r"none/brief\.eml: No such file"):
        run("preview_brief", "reader@example.com", "--output", str(tmp_path / "none" / "brief.eml"))
    with pytest.raises(CommandError, match="“soon” is no ISO date"):
        run("preview_brief", "reader@example.com", "--day", "soon")


def test_briefs_that_cannot_be_composed_are_counted() -> None:
    at = dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC)
    later = at + dt.timedelta(minutes=9)
    Brief.objects.create(user=make_user(), day=at.date(), due_at=at, attempts=1, next_attempt_at=later)
    with pytest.raises(CommandError, match="1 briefs could not be composed"):
        run("send_briefs", "--now", at.isoformat())


def test_send_briefs_is_one_tick(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND, settings.MAIL_DIR = "accounts.mail.eml_files.EmailBackend", tmp_path
    subscribe()
    make_insight(topics=["Economics"], created_at="2026-11-23T05:00Z")
    run("send_briefs", "--now", "2026-11-23T06:00Z")
    out = run("send_briefs", "--now", "2026-11-23T07:00Z")
    assert out == "1 briefs due, 1 composed, 0 with nothing to say; 1 sent.\n"
    assert len(list(tmp_path.iterdir())) == 1
    assert "0 briefs due" in run("send_briefs", "--now", "2026-11-23T07:01")


def test_send_briefs_sends_the_tests_that_were_asked_for() -> None:
    subscribe()
    make_insight("Money talks", topics=["Economics"])
    assert request_test(User.objects.get(), now=timezone.now())
    assert run("send_briefs") == "0 briefs due, 0 composed, 0 with nothing to say; 1 sent as a test.\n"
    assert [message.subject for message in mail.outbox] == ["Test: Money talks"]


@pytest.mark.parametrize("moment", ["tomorrow", "", "0001-01-01", "9999-12-31T23:59:59Z"])
def test_send_briefs_wants_a_real_moment(moment: str) -> None:
    with pytest.raises(CommandError, match=f"--now: “?{moment[:10]}"):
        run("send_briefs", "--now", moment)


def test_an_address_is_one_subscriber_however_it_is_spelled_confirmed_or_not() -> None:
    make_user("ada@example.com", confirmed=False, is_active=False)
    run("add_subscriber", "Ada@Example.COM")
    assert User.objects.receiving().get().email == "ada@example.com"

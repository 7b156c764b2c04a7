"""A database that was restored or copied sends nothing until a person has said what became of the gap."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.instance import NEWCOMER_WAITS, Seen, judge, may_send
from accounts.letters.deliver import deliver_letters, request_letter
from accounts.models import Instance, Letter
from briefs.edition.deliver import deliver_due
from briefs.edition.gap import COUNTED
from briefs.models import Brief
from tests.briefs.smtp_sink import Sink, running_sink
from tests.factories import make_brief, make_insight, make_user

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def host(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path / "one host"
    return tmp_path


@pytest.fixture
def sink(settings: Settings) -> Any:
    with running_sink() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


def runs(count: int) -> None:
    for _ in range(count):
        assert may_send(now=timezone.now())


def restore(*, runs: int) -> None:
    """What a dump brings back, as far as the fence goes."""
    Instance.objects.update(runs=runs)


def queue_a_brief_and_a_letter() -> None:
    now = timezone.now()
    fields: dict[str, Any] = {"sent_at": None, "due_at": now, "composed_at": now, "next_attempt_at": now}
    make_brief(make_user("bo@example.org"), insights=[make_insight()], state=Brief.State.COMPOSED, **fields)
    request_letter(make_user("ada@example.org"), Letter.Kind.LOGIN_CODE, code="ABC123")


def send_all() -> None:
    deliver_due(now=timezone.now())
    deliver_letters(now=timezone.now())


def test_a_restored_database_sends_neither_briefs_nor_letters_and_says_so(sink: Sink) -> None:
    runs(5)
    restore(runs=3)
    queue_a_brief_and_a_letter()

    send_all()

    assert not sink.accepted
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert "it was restored" in answer.json()["fenced"]


@pytest.mark.parametrize(("gap", "arrive"), [("sent", 0), ("unsent", 2)])
def test_a_person_says_whether_the_gap_was_sent(gap: str, arrive: int, sink: Sink) -> None:
    runs(5)
    restore(runs=3)
    queue_a_brief_and_a_letter()
    send_all()

    call_command("confirm_instance", "--gap", gap, stdout=io.StringIO())
    send_all()

    assert len(sink.accepted) == arrive
    brief = Brief.objects.get()
    assert (brief.state, brief.reason == COUNTED) == (Brief.State.SENT, gap == "sent")
    queue_a_letter_more = request_letter(make_user(), Letter.Kind.LOGIN_CODE, code="DEF456")
    deliver_letters(now=timezone.now())
    queue_a_letter_more.refresh_from_db()
    assert queue_a_letter_more.state == Letter.State.SENT
    with pytest.raises(CommandError, match="may send"):
        call_command("confirm_instance", "--gap", gap)


def test_a_host_that_is_new_to_a_database_in_use_joins_once_it_sees_another_send(
    settings: Settings, host: Path
) -> None:
    runs(3)
    settings.VAR_DIR = host / "another host"
    assert not may_send(now=NOW)
    settings.VAR_DIR = host / "one host"
    runs(1)
    settings.VAR_DIR = host / "another host"
    assert may_send(now=NOW + SECOND)
    assert may_send(now=NOW + 2 * SECOND)


def test_a_copy_on_a_host_of_its_own_never_sends(settings: Settings, host: Path) -> None:
    runs(3)
    settings.VAR_DIR = host / "staging"
    assert not may_send(now=NOW)
    assert not may_send(now=NOW + NEWCOMER_WAITS - SECOND)
    assert Instance.objects.get().fence_reason == ""
    assert not may_send(now=NOW + NEWCOMER_WAITS)
    assert "it is a copy" in Instance.objects.get().fence_reason


def test_a_new_database_is_joined_whatever_the_host_saw_before() -> None:
    verdict = judge("new", 0, Seen("old", 900), now=NOW)

    assert (verdict.may_send, verdict.seen) == (True, Seen("new", 1))

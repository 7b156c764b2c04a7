import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from accounts.privacy import erase
from briefs.edition.compose import compose_due
from briefs.edition.tick import open_due, schedule_unscheduled
from briefs.models import Brief
from config.machine import demo
from tests.factories import make_insight

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mailbox(settings: Settings, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND, settings.MAIL_DIR = "accounts.mail.eml_files.EmailBackend", tmp_path
    make_insight(topics=["Economics"])
    return tmp_path


def quickstart() -> None:
    demo.send_first_brief(io.StringIO())


def test_the_demo_brief_comes_at_once_and_only_once(mailbox: Path) -> None:
    quickstart()
    assert Brief.objects.get().state == Brief.State.SENT
    quickstart()
    assert len(list(mailbox.glob("*.eml"))) == 1


@pytest.mark.parametrize("got_to", ["added", "scheduled", "opened", "composed"])
def test_a_run_that_died_is_finished_by_the_next_one(got_to: str, mailbox: Path) -> None:
    call_command("add_subscriber", demo.ADDRESS, topic=demo.TOPICS, hour=7, stdout=io.StringIO())
    if got_to != "added":
        schedule_unscheduled(now=timezone.now())
    due = User.objects.get().next_brief_at
    if got_to in ("opened", "composed"):
        assert due
        open_due(now=due)
    if got_to == "composed":
        assert due
        compose_due(now=due)
    quickstart()
    assert Brief.objects.get().state == Brief.State.SENT
    assert len(list(mailbox.glob("*.eml"))) == 1


def test_a_brief_in_doubt_is_left_to_a_person(mailbox: Path) -> None:
    quickstart()
    Brief.objects.update(state=Brief.State.UNKNOWN)
    quickstart()
    assert Brief.objects.get().state == Brief.State.UNKNOWN
    assert len(list(mailbox.glob("*.eml"))) == 1


def test_a_demo_subscriber_who_was_erased_stays_erased_and_the_next_start_goes_on(mailbox: Path) -> None:
    quickstart()
    erase(User.objects.get(), now=timezone.now())
    quickstart()
    assert not User.objects.exists()
    assert len(list(mailbox.glob("*.eml"))) == 1

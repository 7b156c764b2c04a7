from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts import links
from accounts.models import User
from accounts.tokens import sign, unsubscribe_token
from tests.factories import make_user

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def path(alice: User) -> str:
    return f"/u/{unsubscribe_token(alice)}/"


@pytest.mark.parametrize("content_type", ["multipart", "urlencoded"])
def test_one_click_in_the_mail_program_stops_the_brief(
    client: Client, alice: User, path: str, content_type: str
) -> None:
    if content_type == "multipart":
        answer = client.post(path, ONE_CLICK)
    else:
        answer = client.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    alice.refresh_from_db()
    assert answer.status_code == 200
    assert not answer.cookies
    assert alice.unsubscribed_at is not None
    assert alice.next_brief_at is None
    assert not User.objects.receiving().exists()


def test_it_may_come_twice(client: Client, alice: User, path: str) -> None:
    client.post(path, ONE_CLICK)
    first = User.objects.get().unsubscribed_at
    assert client.post(path, ONE_CLICK).status_code == 200
    assert User.objects.get().unsubscribed_at == first
    assert alice.events.count() == 1


def test_it_works_for_years_and_after_the_account_is_erased(client: Client, alice: User, path: str) -> None:
    with time_machine.travel(timezone.now() + dt.timedelta(days=3650)):
        assert client.post(path, ONE_CLICK).status_code == 200
    alice.delete()
    assert client.post(path, ONE_CLICK).status_code == 200
    assert client.get(path).status_code == 200


def test_scanners_change_nothing(client: Client, path: str) -> None:
    for method in (client.get, client.head, client.options):
        method(path)
    assert User.objects.receiving().count() == 1


def test_the_page_has_one_button_and_two_milder_ones(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert page.count('value="unsubscribe"') == 1
    assert 'value="pause"' in page
    assert 'value="weekly"' in page


def test_a_slip_can_be_undone_on_the_page(client: Client, alice: User, path: str) -> None:
    assert "undo" in client.post(path, {"action": "unsubscribe"}).content.decode()
    client.post(path, {"action": "undo"})
    assert User.objects.receiving().count() == 1


def test_who_comes_back_to_the_link_on_the_same_day_may_undo_it(client: Client, alice: User, path: str) -> None:
    client.post(path, ONE_CLICK)
    assert "undo" in client.get(path).content.decode()
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        page = client.get(path).content.decode()
    assert "undo" not in page
    assert "/account/login/code/?next=/preferences/" in page


@pytest.mark.parametrize("action", ["undo", "pause", "weekly"])
def test_an_old_link_stops_but_does_not_start_again(client: Client, alice: User, path: str, action: str) -> None:
    client.post(path, ONE_CLICK)
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        answer = client.post(path, {"action": action})
    assert "Too late" in answer.content.decode()
    assert not User.objects.receiving().exists()


def test_a_pause_of_thirty_days_counts_in_local_days(client: Client, alice: User, path: str) -> None:
    User.objects.update(time_zone="Pacific/Auckland")
    with time_machine.travel(dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)):
        client.post(path, {"action": "pause"})
    assert User.objects.get().paused_until == dt.date(2026, 12, 24)


def test_weekly_instead_of_daily(client: Client, path: str) -> None:
    client.post(path, {"action": "weekly"})
    assert User.objects.get().cadence == User.Cadence.WEEKLY
    assert User.objects.get().next_brief_at is None


@pytest.mark.parametrize("token", ["x" * 22, "short", "a" * 2000])
def test_a_damaged_link_is_a_clear_page(client: Client, alice: User, token: str) -> None:
    answer = client.post(f"/u/{token}/", ONE_CLICK)
    assert answer.status_code == 404
    assert "cut short" in answer.content.decode()
    assert User.objects.receiving().count() == 1


def test_a_token_for_something_else_stops_nothing(client: Client, alice: User) -> None:
    client.post(f"/u/{sign(links.PREFERENCES, alice.pk, version=1)}/", ONE_CLICK)
    assert User.objects.receiving().count() == 1


def test_it_stops_one_subscriber_only(client: Client, alice: User, path: str) -> None:
    bob = make_user()
    client.post(path, ONE_CLICK)
    assert list(User.objects.receiving()) == [bob]


def test_a_click_is_cheap(client: Client, path: str, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(6):
        client.post(path, ONE_CLICK)


def test_the_address_fits_a_header_line(alice: User) -> None:
    assert len(links.unsubscribe_url(alice)) <= 58

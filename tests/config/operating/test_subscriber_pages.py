import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Letter, Suppression, User
from accounts.privacy import erase
from accounts.subscription import stop_mail, why_not_mailed
from briefs.models import Brief
from config.operating.story import schedule_in_words
from tests.factories import make_brief, make_insight, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def act(operator: Client, user: User, action: str, **said: str) -> str:
    path = reverse("admin:subscriber_act", args=[user.pk, action])
    return operator.post(path, said, follow=True).content.decode()


def test_a_subscriber_is_found_by_any_spelling_of_the_address_and_the_address_is_in_no_path(operator: Client) -> None:
    user = make_user("ada@xn--bcher-kva.example")
    response = operator.post("/admin/subscriber/", {"address": " Ada@Bücher.example "})
    assert response.headers["Location"] == f"/admin/subscriber/{user.pk}/"


def test_the_story_tells_schedule_briefs_with_reasons_letters_and_what_stands_against_mail(operator: Client) -> None:
    user = make_user("ada@example.com", brief_days=[0, 4], time_zone="Europe/Berlin")
    make_brief(user, insights=[make_insight("Tea is a plant")])
    yesterday = timezone.now().date() - dt.timedelta(days=1)
    make_brief(user, state=Brief.State.EMPTY, reason="nothing cleared the bar", day=yesterday)
    Letter.objects.create(user=user, kind=Letter.Kind.CONFIRM, state="failed", error="451 later")
    stop_mail(user, Suppression.Reason.BOUNCE, words="550 no such user", now=timezone.now())

    page = operator.get(f"/admin/subscriber/{user.pk}/").content.decode()

    for said in (
        "07:00 Europe/Berlin, on Monday and Friday", "Tea is a plant", "one of the day&#x27;s best",
        "nothing cleared the bar", "451 later", "550 no such user", "confirmed",
    ):  # fmt: skip
        assert said in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "07:00 UTC, every day"),
        ({"cadence": "weekly", "brief_days": [6, 2]}, "07:00 UTC, on Wednesday"),
        ({"brief_days": []}, "07:00 UTC, on no day"),
        ({"brief_days": [0, 1, 2]}, "07:00 UTC, on Monday, Tuesday and Wednesday"),
        ({"paused_until": dt.date(2026, 12, 24)}, "07:00 UTC, every day, paused until 24 December 2026"),
    ],
)
def test_a_schedule_is_told_in_words(fields: dict[str, Any], words: str) -> None:
    assert schedule_in_words(make_user(**fields)) == words


def test_one_who_was_added_in_the_admin_is_confirmed_there(operator: Client) -> None:
    user = make_user(confirmed=False)
    assert "Confirmed" in act(operator, user, "confirm")
    user.refresh_from_db()
    assert user.is_receiving
    assert user.events.get().detail == "by an operator"


def test_nobody_is_confirmed_against_what_their_owner_said(operator: Client) -> None:
    first = make_user("ada@example.com")
    erase(first, now=timezone.now())
    again = make_user("ada@example.com", confirmed=False)
    assert "suppression list" in act(operator, again, "confirm")
    again.refresh_from_db()
    assert again.confirmed_at is None


def test_mail_is_allowed_again_with_a_reason_and_not_without(operator: Client) -> None:
    user = make_user()
    stop_mail(user, Suppression.Reason.BOUNCE, words="550", now=timezone.now())

    act(operator, user, "allow-mail", reason="  ")
    user.refresh_from_db()
    assert user.stopped_at

    act(operator, user, "allow-mail", reason="told me by telephone")
    user.refresh_from_db()
    assert why_not_mailed(user.email, user) == ""
    assert "told me by telephone" in user.events.first().detail  # type: ignore[union-attr]


def test_an_erased_address_is_found_on_the_list_and_let_off_it(operator: Client) -> None:
    erase(make_user("ada@example.com"), now=timezone.now())

    assert "account erased" in operator.post("/admin/subscriber/", {"address": "ada@example.com"}).content.decode()
    operator.post("/admin/subscriber/unsuppress/", {"address": "ada@example.com", "reason": "wrote to us"})

    assert why_not_mailed("ada@example.com", None) == ""


def test_what_is_no_address_is_told_so(operator: Client) -> None:
    for path in ("/admin/subscriber/", "/admin/subscriber/unsuppress/"):
        answer = operator.post(path, {"address": "nobody", "reason": "wrote to us"})
        assert (answer.status_code, "not a complete e-mail address" in answer.content.decode()) == (400, True)


def test_erasing_asks_for_the_address(operator: Client) -> None:
    user = make_user("ada@example.com")
    act(operator, user, "erase", address="bo@example.com")
    assert User.objects.filter(pk=user.pk).exists()
    act(operator, user, "erase", address="ada@example.com")
    assert not User.objects.filter(pk=user.pk).exists()
    assert "account erased" in why_not_mailed("ada@example.com", None)


def test_reading_a_page_changes_nothing(operator: Client) -> None:
    user = make_user(confirmed=False)
    for action in ("confirm", "allow-mail", "erase"):
        assert operator.get(reverse("admin:subscriber_act", args=[user.pk, action])).status_code == 405
    assert operator.get("/admin/subscriber/unsuppress/").status_code == 405


def test_an_operator_needs_the_permission_of_each_step(client: Client) -> None:
    user = make_user(confirmed=False)
    client.force_login(make_user(is_staff=True))
    assert client.get(f"/admin/subscriber/{user.pk}/").status_code == 403
    assert client.post("/admin/subscriber/", {"address": user.email}).status_code == 403
    for action in ("confirm", "allow-mail", "erase"):
        path = reverse("admin:subscriber_act", args=[user.pk, action])
        assert client.post(path, {"address": user.email, "reason": "none"}).status_code == 403


def test_suppressions_and_letters_are_found_by_address(operator: Client) -> None:
    erase(make_user("ada@example.com"), now=timezone.now())
    Letter.objects.create(user=make_user("bo@example.com"), kind=Letter.Kind.CONFIRM)

    for page, found, other in (
        ("accounts_suppression", "ada@example.com", "bo@example.com"),
        ("accounts_letter", "bo@example.com", "cy@example.com"),
    ):
        changelist = reverse(f"admin:{page}_changelist")
        assert operator.get(changelist, {"q": found}).context["cl"].result_count > 0
        assert operator.get(changelist, {"q": other}).context["cl"].result_count == 0

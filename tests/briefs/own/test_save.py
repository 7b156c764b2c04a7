import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from feeds.models import Insight
from tests.factories import make_feed, make_insight, make_user

pytestmark = pytest.mark.django_db

_OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def reader(client: Client) -> User:
    user = make_user()
    client.force_login(user)
    return user


@pytest.fixture
def insight() -> Insight:
    return make_insight()


@pytest.fixture
def path(insight: Insight) -> str:
    return reverse("briefs:save", args=[insight.pk])


def test_save_on_a_public_page_leads_to_a_page_with_a_button(client: Client, insight: Insight, path: str) -> None:
    assert f'href="{path}"' in client.get(insight.get_absolute_url()).content.decode()


def test_asking_saves_nothing(client: Client, reader: User, insight: Insight, path: str) -> None:
    assert insight.headline in client.get(path).content.decode()
    assert not reader.saved_insights.exists()


def test_the_button_saves_once(client: Client, reader: User, insight: Insight, path: str) -> None:
    for _ in range(2):
        assert client.post(path, headers=_OURS).status_code == 302
    assert reader.saved_insights.get().insight == insight
    assert "It is on your list" in client.get(path).content.decode()


def test_who_is_not_signed_in_is_asked_to(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response.headers["Location"].endswith(f"?next={path}")


def test_another_site_cannot_save(client: Client, reader: User, path: str) -> None:
    assert client.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert not reader.saved_insights.exists()


def test_what_is_not_public_cannot_be_saved(client: Client, reader: User) -> None:
    private = make_insight(feed=make_feed(is_private=True))
    assert client.post(reverse("briefs:save", args=[private.pk]), headers=_OURS).status_code == 404


@pytest.mark.parametrize("name", ["save", "unsave"])
def test_a_save_on_a_page_is_a_sign_of_life_as_one_from_the_mail_is(
    client: Client, reader: User, insight: Insight, name: str
) -> None:
    silent_since = timezone.now() - dt.timedelta(days=200)
    User.objects.update(active_at=silent_since, asked_if_reading_at=silent_since)
    client.post(reverse(f"briefs:{name}", args=[insight.pk]), headers=_OURS)
    reader.refresh_from_db()
    assert reader.active_at > silent_since
    assert reader.asked_if_reading_at is None

"""What a subscriber's box on a public page says, and its buttons."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import PAUSED_FOR_GOOD, User
from briefs.models import Follow, Interest
from feeds.models import Topic
from tests.factories import make_feed, make_insight, make_topic, make_user

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def reader() -> Client:
    return Client(headers={"Sec-Fetch-Site": "same-origin"})


@pytest.fixture
def alice(reader: Client) -> User:
    tomorrow = timezone.localdate(timezone=BERLIN) + dt.timedelta(days=1)
    seven = dt.datetime.combine(tomorrow, dt.time(7), BERLIN)
    user = make_user("alice@example.org", time_zone=BERLIN.key, next_brief_at=seven)
    reader.force_login(user)
    return user


@pytest.fixture
def economics() -> Topic:
    return make_topic("Economics")


def test_a_subscriber_reads_when_the_next_brief_comes_instead_of_being_asked_for_an_address(
    reader: Client, alice: User
) -> None:
    page = reader.get("/").content.decode()
    assert "You get this brief already. Next one: tomorrow, 07:00" in page
    assert "Europe/Berlin" in page
    assert 'action="/sign-up/"' not in page
    assert 'href="/preferences/"' in page


@pytest.mark.parametrize("state", [{"unsubscribed_at": timezone.now()}, {"paused_until": PAUSED_FOR_GOOD}])
def test_who_stopped_the_brief_is_not_told_that_it_comes(reader: Client, alice: User, state: dict[str, object]) -> None:
    User.objects.update(**state)
    page = reader.get("/").content.decode()
    assert "You get this brief already" not in page
    assert "Your next brief: none" in page


def test_one_press_follows_the_topic_of_the_page_and_leads_back(reader: Client, alice: User, economics: Topic) -> None:
    page = "/topics/economics/?page=1"
    assert "Follow Economics" in reader.get(page).content.decode()
    answer = reader.post("/follow/topics/economics/", {"next": page})
    assert answer["Location"] == f"{page}#your-brief"
    after = reader.get(page).content.decode()
    assert "Follow Economics" not in after
    assert "You follow Economics." in after


def test_following_twice_or_after_a_mute_is_one_wish(reader: Client, alice: User, economics: Topic) -> None:
    Interest.objects.create(user=alice, topic=economics, is_muted=True)
    for _ in range(2):
        reader.post("/follow/topics/economics/")
    assert not alice.interests.get().is_muted


def test_an_insights_page_offers_the_topics_that_are_not_followed_yet(
    reader: Client, alice: User, economics: Topic
) -> None:
    Interest.objects.create(user=alice, topic=economics)
    insight = make_insight(topics=[economics, "History"])
    page = reader.get(insight.get_absolute_url()).content.decode()
    assert "Follow History" in page
    assert "Follow Economics" not in page


def test_one_press_follows_a_show(reader: Client, alice: User) -> None:
    feed = make_feed("Narrow Places")
    Follow.objects.create(user=alice, feed=feed, is_muted=True)
    assert "Follow this show" in reader.get(feed.get_absolute_url()).content.decode()
    reader.post(f"/follow/shows/{feed.slug}/", {"next": feed.get_absolute_url()})
    assert not alice.follows.get().is_muted
    assert "You follow this show." in reader.get(feed.get_absolute_url()).content.decode()


def test_a_show_that_is_private_or_gone_cannot_be_followed(reader: Client, alice: User) -> None:
    for feed in (make_feed(is_private=True), make_feed(taken_down_at=timezone.now())):
        assert reader.post(f"/follow/shows/{feed.slug}/").status_code == 404


def test_following_leads_to_no_other_site(reader: Client, alice: User, economics: Topic) -> None:
    answer = reader.post("/follow/topics/economics/", {"next": "https://evil.example/"})
    assert answer["Location"] == "/preferences/#your-brief"


def test_another_site_cannot_make_a_subscriber_follow(reader: Client, alice: User, economics: Topic) -> None:
    answer = reader.post("/follow/topics/economics/", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not alice.interests.exists()


def test_asking_for_the_address_of_a_button_follows_nothing(reader: Client, alice: User, economics: Topic) -> None:
    assert reader.get("/follow/topics/economics/").status_code == 405
    assert not alice.interests.exists()


def test_who_is_not_signed_in_is_asked_to(db: None, reader: Client, economics: Topic) -> None:
    assert reader.post("/follow/topics/economics/")["Location"].startswith("/account/login/code/")


def test_the_box_of_a_subscriber_costs_few_queries(
    client: Client, reader: Client, alice: User, economics: Topic, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    insight = make_insight(topics=[economics, "History"])
    reader.get(insight.get_absolute_url())  # ranks what is related
    with django_assert_max_num_queries(7):
        client.get(insight.get_absolute_url())
    with django_assert_max_num_queries(7 + 3):  # the session, the subscriber, what they follow
        reader.get(insight.get_absolute_url())

import datetime as dt

import feedparser
import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.links import brief_url
from accounts.models import User
from briefs.models import Brief, PrivateFeed, SavedInsight, Vote
from tests.factories import make_brief, make_episode, make_feed, make_insight, make_user

pytestmark = pytest.mark.django_db

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def user(client: Client) -> User:
    user = make_user()
    client.force_login(user)
    return user


def test_todays_brief_stands_as_it_was_sent_with_what_its_reader_said(client: Client, user: User) -> None:
    first, second = make_insight("First claim"), make_insight("Second claim")
    make_brief(user, insights=[first, second])
    Vote.objects.create(user=user, insight=first, value=1)
    SavedInsight.objects.create(user=user, insight=second)
    page = client.get("/brief/").content.decode()
    assert "Today’s brief" in page
    assert page.index("First claim") < page.index("Second claim")
    assert "One of the day&#x27;s best" in page
    assert page.count('aria-pressed="true"') == 2
    assert "Next brief:" in page


def test_apostrophes_are_set_as_on_the_public_pages(client: Client, user: User) -> None:
    make_brief(user, insights=[make_insight("Rail doesn't pay", text="It isn't the rails.")])
    page = client.get("/brief/").content.decode()
    assert "Rail doesn’t pay" in page
    assert "It isn’t the rails." in page


def test_without_a_brief_the_page_says_when_the_first_one_comes(client: Client, user: User) -> None:
    page = client.get("/brief/").content.decode()
    assert "No brief was sent to you yet" in page
    assert "07:00 UTC" in page


def test_the_archive_lists_what_was_received_and_nothing_else(client: Client, user: User) -> None:
    today = timezone.now().date()
    for number, state in enumerate([Brief.State.SENT, Brief.State.UNKNOWN, Brief.State.COMPOSED, Brief.State.EMPTY]):
        insight = make_insight(f"Subject {state}")
        make_brief(user, insights=[insight], state=state, day=today - dt.timedelta(days=number))
    make_brief(insights=[make_insight("Somebody else's")], day=today)
    page = client.get("/brief/archive/").content.decode()
    assert "Subject sent" in page
    assert "Subject unknown" in page
    assert "Subject composed" not in page
    assert "Somebody else" not in page


def test_a_past_brief_has_its_address_as_page_and_as_json(client: Client, user: User) -> None:
    brief = make_brief(user, insights=[make_insight("A claim")], day=dt.date(2026, 1, 23))
    assert "The brief of Friday, 23 January 2026" in client.get("/brief/2026-01-23/").content.decode()
    data = client.get("/brief/2026-01-23.json").json()
    assert data["day"] == "2026-01-23"
    assert data["items"][0]["headline"] == "A claim"
    assert data["items"][0]["reason"] == brief.items.get().reason_in_words
    assert 'href="/brief/2026-01-23.json"' in client.get("/brief/").content.decode()
    assert client.get("/brief/2026-01-22/").status_code == 404
    assert client.get("/brief/2026-13-45/").status_code == 404


def test_a_brief_is_for_its_subscriber_alone(client: Client) -> None:
    make_brief(insights=[make_insight()], day=dt.date(2026, 1, 23))
    assert client.get("/brief/2026-01-23/").status_code == 302
    client.force_login(make_user())
    for address in ("/brief/2026-01-23/", "/brief/2026-01-23.json"):
        assert client.get(address).status_code == 404


def test_what_was_taken_down_is_not_shown_again(client: Client, user: User) -> None:
    insight = make_insight("Regretted", hidden_at=timezone.now())
    make_brief(user, insights=[insight], subject="Another", day=dt.date(2026, 1, 23))
    assert "Regretted" not in client.get("/brief/").content.decode()
    assert client.get("/brief/2026-01-23.json").json()["items"] == []


def test_a_short_brief_says_in_a_line_why(client: Client, user: User) -> None:
    make_brief(user, insights=[make_insight(), make_insight()])
    assert "Only two this time: nothing else was fit to send." in client.get("/brief/").content.decode()


def test_a_full_brief_says_nothing_of_its_length(client: Client, user: User) -> None:
    make_brief(user, insights=[make_insight() for _ in range(5)])
    assert "this time" not in client.get("/brief/").content.decode()


def test_the_private_feed_opens_at_an_address_that_can_be_changed_and_closed(client: Client, user: User) -> None:
    make_brief(user, insights=[make_insight("Heard <here>")])
    client.post("/brief/feed/", {"action": "new"}, headers=SAME_ORIGIN)
    first = PrivateFeed.objects.get(user=user).key
    assert len(first) >= 22
    reader = Client()
    parsed = feedparser.parse(reader.get(f"/brief/feed/{first}/rss.xml").content)
    assert not parsed.bozo
    assert [entry.title for entry in parsed.entries] == ["Heard <here>"]
    items = reader.get(f"/brief/feed/{first}/feed.json").json()["items"]
    assert items[0]["_overheard"]["items"][0]["headline"] == "Heard <here>"

    client.post("/brief/feed/", {"action": "new"}, headers=SAME_ORIGIN)
    assert reader.get(f"/brief/feed/{first}/rss.xml").status_code == 404
    second = PrivateFeed.objects.get(user=user).key
    client.post("/brief/feed/", {"action": "close"}, headers=SAME_ORIGIN)
    assert reader.get(f"/brief/feed/{second}/rss.xml").status_code == 404


@pytest.mark.parametrize("members_only", ["is_private", "is_blocked"])
def test_what_is_for_members_only_leads_to_its_publisher(client: Client, user: User, members_only: str) -> None:
    insight = make_insight(feed=make_feed("The inner circle", **{members_only: True}))
    make_brief(user, insights=[insight], day=dt.date(2026, 1, 23))
    key = PrivateFeed.objects.create(user=user).key
    feed = client.get(f"/brief/feed/{key}/feed.json").json()
    for brief in (client.get("/brief/2026-01-23.json").json(), feed["items"][0]["_overheard"]):
        assert brief["items"][0]["url"] == insight.episode.link
    for address in (f"/brief/feed/{key}/rss.xml", "/brief/2026-01-23/"):
        page = client.get(address).content.decode()
        assert insight.episode.link in page
        assert insight.get_absolute_url() not in page


def test_what_is_for_members_only_and_was_put_nowhere_leads_to_the_brief(client: Client, user: User) -> None:
    insight = make_insight(episode=make_episode(feed=make_feed(is_private=True), link="javascript:alert(1)"))
    make_brief(user, insights=[insight], day=dt.date(2026, 1, 23))
    assert client.get("/brief/2026-01-23.json").json()["items"][0]["url"] == "http://127.0.0.1:8000/brief/"
    assert "javascript:" not in client.get("/brief/2026-01-23/").content.decode()


def test_the_private_feed_asks_the_database_as_often_for_many_briefs_as_for_one(
    client: Client, user: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    key = PrivateFeed.objects.create(user=user).key
    for day in (1, 2, 3):
        make_brief(user, insights=[make_insight(), make_insight(hidden_at=timezone.now())], day=dt.date(2026, 1, day))
        for page in ("rss.xml", "feed.json"):
            with django_assert_num_queries(4):
                content = Client().get(f"/brief/feed/{key}/{page}").content.decode()
            assert content.lower().count("one of the day") == day


def test_the_private_feed_is_not_opened_by_another_site(client: Client, user: User) -> None:
    assert client.post("/brief/feed/", {"action": "new"}, HTTP_ORIGIN="https://evil.example").status_code == 403
    assert client.get("/brief/feed/").status_code == 405
    assert not PrivateFeed.objects.exists()


def by_link(brief: Brief) -> str:
    url = brief_url(brief.user, brief.day)
    return url[url.index("/b/") :]


def test_the_link_of_the_mail_shows_its_brief_to_whoever_has_the_mail() -> None:
    brief = make_brief(insights=[make_insight("Rail pays")])
    reader = Client()
    page = reader.get(by_link(brief))
    assert "Rail pays" in page.content.decode()
    assert "Next brief:" not in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"
    assert not page.cookies
    assert not page.wsgi_request.user.is_authenticated


def test_the_link_of_the_mail_ends_with_the_other_links_and_opens_no_other_day() -> None:
    brief = make_brief(insights=[make_insight()])
    known = by_link(brief)
    assert Client().get(known.replace("/b/", "/preferences/")).status_code == 404
    assert Client().get(by_link(Brief(user=brief.user, day=brief.day + dt.timedelta(days=1)))).status_code == 404
    User.objects.update(link_version=9)
    assert Client().get(known).status_code == 404

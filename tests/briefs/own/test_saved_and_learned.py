from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from briefs.choosing.interests import Opinion, profiles
from briefs.models import Interest, SavedInsight, Vote
from briefs.own.feedback import act
from tests.factories import make_episode, make_feed, make_insight, make_topic, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Client:
    return Client(headers={"Sec-Fetch-Site": "same-origin"})


@pytest.fixture
def alice(reader: Client) -> User:
    user = make_user("alice@example.org")
    reader.force_login(user)
    return user


def vote(user: User, value: int, *topics: str, headline: str = "") -> Vote:
    return Vote.objects.create(user=user, insight=make_insight(headline, topics=topics), value=value)


def keep(user: User, *topics: str, headline: str = "") -> SavedInsight:
    return SavedInsight.objects.create(user=user, insight=make_insight(headline, topics=topics))


def opinions(user: User) -> tuple[Opinion, ...]:
    """What the next brief would mind."""
    return profiles([user.pk], now=timezone.now())[0].opinions


def test_what_votes_taught_stands_there_in_words(reader: Client, alice: User) -> None:
    vote(alice, 1, "Economics")
    vote(alice, 1, "Economics")
    vote(alice, -1, "Crypto", headline="Coins will rise for ever")
    page = reader.get("/profile/").content.decode()
    assert "More Economics" in page
    assert "because you liked 2 of its insights" in page
    assert "Less Crypto" in page
    assert "Coins will rise for ever" in page


def test_what_saves_taught_stands_there_too(reader: Client, alice: User) -> None:
    keep(alice, "Economics")
    keep(alice, "Economics", headline="Rail freight pays")
    vote(alice, 1, "Crypto")
    vote(alice, -1, "Crypto")
    keep(alice, "Crypto")
    page = reader.get("/profile/").content.decode()
    assert "More Economics" in page
    assert "because you saved 2 of its insights" in page
    assert "because you liked 1 of its insights, you saved 1 of its insights and you wanted less of 1" in page
    assert "Rail freight pays" in page


def test_a_save_weighs_less_than_a_vote_against(reader: Client, alice: User) -> None:
    keep(alice, "Crypto")
    vote(alice, -1, "Crypto")
    assert "Less Crypto" in reader.get("/profile/").content.decode()


def test_a_save_can_stop_counting_and_the_insight_stays_saved(reader: Client, alice: User) -> None:
    wrong, right = keep(alice, headline="Coins will rise for ever"), keep(alice, headline="Rail freight pays")
    reader.post("/profile/", {"save": wrong.pk})
    assert [one.insight_id for one in opinions(alice)] == [right.insight_id]
    assert "Coins will rise for ever" not in reader.get("/profile/").content.decode()
    assert "Coins will rise for ever" in reader.get("/saved/").content.decode()


def test_each_entry_can_be_taken_back(reader: Client, alice: User) -> None:
    wrong, right = vote(alice, 1, "Crypto"), vote(alice, 1, "Economics")
    reader.post("/profile/", {"vote": wrong.pk})
    assert list(alice.votes.all()) == [right]


def test_a_topic_can_be_unlearned_and_stays_followed(reader: Client, alice: User) -> None:
    economics = make_topic("Economics")
    Interest.objects.create(user=alice, topic=economics)
    vote(alice, -1, "Economics")
    keep(alice, "Economics")
    kept, saved = vote(alice, 1, "Crypto"), keep(alice, "Crypto")
    reader.post("/profile/", {"topic": economics.pk})
    assert {one.insight_id for one in opinions(alice)} == {kept.insight_id, saved.insight_id}
    assert alice.saved_insights.count() == 2
    assert alice.interests.exists()


def test_all_of_it_can_be_forgotten_and_nobody_elses(reader: Client, alice: User) -> None:
    bob = make_user()
    voted, kept = vote(bob, 1, "Economics"), keep(bob, "Economics")
    vote(alice, 1, "Economics")
    keep(alice, "Economics")
    for posted in ({"vote": voted.pk}, {"save": kept.pk}, {"all": "1"}):
        reader.post("/profile/", posted)
    assert opinions(alice) == ()
    assert len(opinions(bob)) == 2
    assert alice.saved_insights.count() == 1
    assert "Nothing yet" in reader.get("/profile/").content.decode()


@pytest.mark.parametrize("posted", [{}, {"vote": "x"}, {"topic": "-1"}, {"vote": "9" * 30}, {"save": "-1"}])
def test_nonsense_forgets_nothing(reader: Client, alice: User, posted: dict[str, str]) -> None:
    vote(alice, 1, "Economics")
    keep(alice, "Economics")
    reader.post("/profile/", posted)
    assert len(opinions(alice)) == 2


def test_votes_and_saves_that_no_longer_count_are_not_shown(reader: Client, alice: User) -> None:
    vote(alice, 1, "Economics")
    keep(alice, "Economics")
    long_ago = timezone.now() - dt.timedelta(days=200)
    Vote.objects.update(updated_at=long_ago)
    SavedInsight.objects.update(created_at=long_ago)
    assert "Nothing yet" in reader.get("/profile/").content.decode()


def test_saved_insights_are_listed_exported_and_removed(reader: Client, alice: User) -> None:
    insight = make_insight("Rail freight pays", topics=["Economics"])
    SavedInsight.objects.create(user=alice, insight=insight)
    assert "Rail freight pays" in reader.get("/saved/").content.decode()
    row = json.loads(reader.get("/saved/export/json/").content)[0]
    assert row["url"] == f"http://127.0.0.1:8000/insights/{insight.pk}/"
    assert row["start"] == "23:41"
    assert row["listen_url"].endswith("#t=1421")
    for form in ("markdown", "csv", "readwise"):
        answer = reader.get(f"/saved/export/{form}/")
        assert "attachment" in answer["Content-Disposition"]
        assert "23:41" in answer.content.decode()
    reader.post(f"/saved/{insight.pk}/remove/")
    assert not alice.saved_insights.exists()


@pytest.mark.parametrize("address", ["/saved/", "/profile/", "/saved/export/json/"])
def test_many_insights_are_read_with_as_many_queries_as_one_and_without_their_vectors(
    reader: Client, alice: User, address: str
) -> None:
    def queries() -> list[str]:
        keep(alice, "Economics")
        vote(alice, 1, "Crypto")
        with CaptureQueriesContext(connection) as captured:
            assert reader.get(address).status_code == 200
        return [query["sql"] for query in captured]

    one, two = queries(), queries()
    assert len(two) == len(one)
    assert not [query for query in two if '"embedding"' in query or '"search"' in query]


def test_more_than_fifty_saved_insights_come_in_pages(reader: Client, alice: User) -> None:
    episode, now = make_episode(), timezone.now()
    for number in range(51):
        insight = make_insight(f"Claim ({number})", episode=episode)
        SavedInsight.objects.create(user=alice, insight=insight, created_at=now - dt.timedelta(hours=number))
    first, second = (reader.get("/saved/", {"page": page}).content.decode() for page in ("1", "2"))
    assert first.count('<article class="insight') == 50
    assert 'href="?page=2"' in first
    assert second.count('<article class="insight') == 1
    assert "Claim (50)" in second
    assert len(json.loads(reader.get("/saved/export/json/").content)) == 51


def test_only_ones_own_saves_are_shown_and_removed(reader: Client, alice: User) -> None:
    insight = make_insight("Somebody else's")
    SavedInsight.objects.create(user=make_user(), insight=insight)
    assert "Nothing saved yet" in reader.get("/saved/").content.decode()
    reader.post(f"/saved/{insight.pk}/remove/")
    assert SavedInsight.objects.exists()


def test_a_vote_on_what_was_taken_down_is_forgotten_without_reading_it_again(reader: Client, alice: User) -> None:
    regretted = Vote.objects.create(user=alice, insight=make_insight("Regretted", hidden_at=timezone.now()), value=1)
    page = reader.get("/profile/").content.decode()
    assert "an insight that was taken down since" in page
    assert "Regretted" not in page
    reader.post("/profile/", {"vote": regretted.pk})
    assert opinions(alice) == ()


def test_what_was_taken_down_is_not_handed_out_again(reader: Client, alice: User) -> None:
    insight = make_insight("Taken down", hidden_at=timezone.now())
    SavedInsight.objects.create(user=alice, insight=insight)
    assert "Taken down" not in reader.get("/saved/").content.decode()
    assert json.loads(reader.get("/saved/export/json/").content) == []


@pytest.mark.parametrize("members_only", ["is_private", "is_blocked"])
def test_a_saved_insight_for_members_only_leads_to_its_publisher(
    reader: Client, alice: User, members_only: str
) -> None:
    insight = make_insight("For members", feed=make_feed("The inner circle", **{members_only: True}))
    SavedInsight.objects.create(user=alice, insight=insight)
    assert json.loads(reader.get("/saved/export/json/").content)[0]["url"] == insight.episode.link
    for address in ("/saved/", "/profile/"):
        page = reader.get(address).content.decode()
        assert f'href="{insight.episode.link}"' in page
        assert insight.get_absolute_url() not in page
        assert insight.episode.feed.get_absolute_url() not in page


def test_an_unknown_format_is_not_found(reader: Client, alice: User) -> None:
    assert reader.get("/saved/export/docx/").status_code == 404


def test_a_vote_is_a_sign_of_life(alice: User) -> None:
    User.objects.update(active_at=timezone.now() - dt.timedelta(days=200), asked_if_reading_at=timezone.now())
    now = timezone.now()
    act("more", user_id=alice.pk, insight_id=make_insight().pk, now=now)
    alice.refresh_from_db()
    assert (alice.active_at, alice.asked_if_reading_at) == (now, None)

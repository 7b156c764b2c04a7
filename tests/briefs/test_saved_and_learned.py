from __future__ import annotations

import datetime as dt
import json

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from briefs.feedback import act
from briefs.models import Interest, SavedInsight, Vote
from tests.factories import make_insight, make_topic, make_user

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


def test_what_votes_taught_stands_there_in_words(reader: Client, alice: User) -> None:
    vote(alice, 1, "Economics")
    vote(alice, 1, "Economics")
    vote(alice, -1, "Crypto", headline="Coins will rise for ever")
    page = reader.get("/profile/").content.decode()
    assert "More Economics" in page
    assert "because you liked 2 of its insights" in page
    assert "Less Crypto" in page
    assert "Coins will rise for ever" in page


def test_each_entry_can_be_taken_back(reader: Client, alice: User) -> None:
    wrong, right = vote(alice, 1, "Crypto"), vote(alice, 1, "Economics")
    reader.post("/profile/", {"vote": wrong.pk})
    assert list(alice.votes.all()) == [right]


def test_a_topic_can_be_unlearned_and_stays_followed(reader: Client, alice: User) -> None:
    economics = make_topic("Economics")
    Interest.objects.create(user=alice, topic=economics)
    vote(alice, -1, "Economics")
    kept = vote(alice, 1, "Crypto")
    reader.post("/profile/", {"topic": economics.pk})
    assert list(alice.votes.all()) == [kept]
    assert alice.interests.exists()


def test_all_of_it_can_be_forgotten_and_nobody_elses(reader: Client, alice: User) -> None:
    other = vote(make_user(), 1, "Economics")
    vote(alice, 1, "Economics")
    reader.post("/profile/", {"vote": other.pk})
    reader.post("/profile/", {"all": "1"})
    assert list(Vote.objects.all()) == [other]
    assert "Nothing yet" in reader.get("/profile/").content.decode()


@pytest.mark.parametrize("posted", [{}, {"vote": "x"}, {"topic": "-1"}, {"vote": "9" * 30}])
def test_nonsense_forgets_nothing(reader: Client, alice: User, posted: dict[str, str]) -> None:
    vote(alice, 1, "Economics")
    reader.post("/profile/", posted)
    assert alice.votes.count() == 1


def test_votes_that_no_longer_count_are_not_shown(reader: Client, alice: User) -> None:
    old = vote(alice, 1, "Economics")
    Vote.objects.filter(pk=old.pk).update(updated_at=timezone.now() - dt.timedelta(days=200))
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


def test_only_ones_own_saves_are_shown_and_removed(reader: Client, alice: User) -> None:
    insight = make_insight("Somebody else's")
    SavedInsight.objects.create(user=make_user(), insight=insight)
    assert "Nothing saved yet" in reader.get("/saved/").content.decode()
    reader.post(f"/saved/{insight.pk}/remove/")
    assert SavedInsight.objects.exists()


def test_what_was_taken_down_is_not_handed_out_again(reader: Client, alice: User) -> None:
    insight = make_insight("Taken down", hidden_at=timezone.now())
    SavedInsight.objects.create(user=alice, insight=insight)
    assert "Taken down" not in reader.get("/saved/").content.decode()
    assert json.loads(reader.get("/saved/export/json/").content) == []


def test_an_unknown_format_is_not_found(reader: Client, alice: User) -> None:
    assert reader.get("/saved/export/docx/").status_code == 404


def test_a_vote_is_a_sign_of_life(alice: User) -> None:
    User.objects.update(active_at=timezone.now() - dt.timedelta(days=200), asked_if_reading_at=timezone.now())
    now = timezone.now()
    act("more", user_id=alice.pk, insight_id=make_insight().pk, now=now)
    alice.refresh_from_db()
    assert (alice.active_at, alice.asked_if_reading_at) == (now, None)

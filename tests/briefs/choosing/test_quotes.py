import datetime as dt
import io
import json
import re
import zipfile
from collections import Counter
from email import message_from_bytes
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.privacy import erase, export
from briefs.choosing.candidates import load
from briefs.edition.compose import Composed, choose, compose_due
from briefs.edition.printing.preview import preview
from briefs.edition.printing.render import Press
from briefs.models import Brief, BriefItem, Follow, Interest
from briefs.own.archive import new_private_feed
from feeds.models import EarlierWording, Episode, Insight
from tests.factories import make_brief, make_episode, make_feed, make_insight, make_passage, make_topic, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    """Who follows Economics and wants passages where insights are few."""
    reader = make_user(quotes=True)
    Interest.objects.create(user=reader, topic=make_topic("Economics"))
    return reader


def on_tariffs(quote: str = "", **fields: Any) -> Insight:
    return make_passage(quote, **{"topics": ["Economics"], "speaker": "Ada Berg", "episode": about("Tariffs")} | fields)


def about(subject: str, **fields: Any) -> Episode:
    return make_episode(title=f"{subject} with Ada Berg", **fields)


def chosen(user: User) -> Composed:
    return choose([user.pk], now=timezone.now(), candidates=load(now=timezone.now()))[0]


def ids(user: User) -> list[int]:
    return [item.insight_id for item in chosen(user).items]


def test_nobody_gets_a_passage_who_did_not_ask_for_passages(user: User) -> None:
    User.objects.filter(pk=user.pk).update(quotes=False)
    on_tariffs()
    assert ids(user) == []
    assert make_user().quotes is False


def test_passages_stand_behind_the_ready_insights(user: User) -> None:
    ready = make_insight(topics=["Economics"], salience=0.1)
    passage = on_tariffs(salience=0.9)
    found = chosen(user)
    assert [(item.insight_id, item.is_quote) for item in found.items] == [(ready.pk, False), (passage.pk, True)]
    assert [(item.reason, item.detail) for item in found.items[1:]] == [("topic", "Economics")]
    assert found.subject == ready.headline


def test_where_five_are_ready_no_passage_comes(user: User) -> None:
    topics = ["Economics", "Health", "Science"]
    Interest.objects.bulk_create(Interest(user=user, topic=make_topic(name)) for name in topics[1:])
    ready = {make_insight(topics=[topic]).pk for topic in topics for _ in range(2)}
    on_tariffs(salience=0.99)
    assert set(ids(user)) < ready
    assert len(ids(user)) == 5


def test_the_more_salient_passage_comes_first(user: User) -> None:
    low, high = on_tariffs(salience=0.2), on_tariffs(salience=0.9)
    assert ids(user) == [high.pk, low.pk]


def test_a_wish_in_the_own_words_of_the_subscriber_brings_passages_too() -> None:
    reader = make_user(quotes=True)
    Interest.objects.create(user=reader, text="Ada Berg")
    passage = on_tariffs(topics=[])
    on_tariffs(topics=[], speaker="Somebody Else")
    assert [(item.insight_id, item.reason) for item in chosen(reader).items] == [(passage.pk, "interest")]


def test_a_passage_off_their_topics_does_not_come_even_from_a_show_they_follow(user: User) -> None:
    episode = about("Cells")
    Follow.objects.create(user=user, feed=episode.feed)
    on_tariffs(topics=["Science"], episode=episode)
    assert ids(user) == []


@pytest.mark.parametrize("title", ["", "Episode 12", "12", "Ada Berg", "The Long Wave"])
def test_a_passage_whose_subject_is_unknown_does_not_come(user: User, title: str) -> None:
    episode = make_episode(title=title, feed=make_feed("The Long Wave"))
    on_tariffs(episode=episode)
    assert ids(user) == []


def test_where_only_the_show_is_known_its_passage_comes_under_the_title(user: User) -> None:
    passage = on_tariffs(speaker="", episode=make_episode(title="Why ports are slow"))
    assert ids(user) == [passage.pk]
    assert chosen(user).subject == "From “Why ports are slow”"


def test_an_episode_gives_one_item_whether_insight_or_passage(user: User) -> None:
    first, second = about("Tariffs"), about("Prices")
    ready = make_insight(topics=["Economics"], episode=first)
    on_tariffs(episode=first)
    kept = on_tariffs(episode=second, salience=0.9)
    on_tariffs(episode=second, salience=0.3)
    assert ids(user) == [ready.pk, kept.pk]


def test_passages_bring_a_topic_to_two_at_most_the_insights_counted(user: User) -> None:
    Interest.objects.create(user=user, topic=make_topic("Science"))
    make_insight(topics=["Economics"])
    for number in range(4):
        on_tariffs(episode=about(f"Tariffs {number}"))
        on_tariffs(episode=about(f"Cells {number}"), topics=["Science"])
    found = Insight.objects.in_bulk(ids(user))
    assert Counter(topic.name for one in found.values() for topic in one.topics.all()) == {"Economics": 2, "Science": 2}


def test_what_was_sent_or_muted_or_taken_down_does_not_come_as_a_passage(user: User) -> None:
    on_tariffs(hidden_at=timezone.now())
    Follow.objects.create(user=user, feed=(muted := about("Muted")).feed, is_muted=True)
    on_tariffs(episode=muted)
    sent = on_tariffs(episode=about("Sent"))
    make_brief(user, insights=[sent], day=timezone.now().date() - dt.timedelta(days=1), considered_until=None)
    assert ids(user) == []


# What the subscriber sees ----------------------------------------------------------------------------------------


QUOTE = "So, um, the the ports are slow because nobody pays for speed."
SHOWN = "“So the ports are slow because nobody pays for speed.”"


def composed_brief(user: User) -> Brief:
    now = timezone.now()
    brief = Brief.objects.create(user=user, day=now.date(), due_at=now, next_attempt_at=now)
    compose_due(now=now)
    brief.refresh_from_db()
    return brief


def sent_brief(user: User) -> Brief:
    brief = composed_brief(user)
    Brief.objects.filter(pk=brief.pk).update(state=Brief.State.SENT, sent_at=timezone.now())
    brief.refresh_from_db()
    return brief


def folded(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_the_mail_sets_a_passage_as_a_quote_under_who_said_it_on_what(user: User) -> None:
    make_insight("Prices lag", topics=["Economics"])
    on_tariffs(QUOTE, episode=about("The price of speed", feed=make_feed("The Long Wave")), start=61.0)
    message = preview(user, now=timezone.now()).message
    assert message is not None
    assert message.subject == "Prices lag"
    for part in (
        one for one in message_from_bytes(message.message().as_bytes()).walk() if one.get_content_maintype() == "text"
    ):
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        words = folded(content.decode())
        for said in ("Ada Berg on The price of speed", SHOWN, "The Long Wave", "1:01", "Because you follow Economics"):
            assert said in words
        assert "Only one insight was ready this time; the other is a passage in the speaker’s own words." in words
        assert "nothing else was fit" not in words


def test_the_pages_and_the_feeds_show_it_as_a_quote_too(user: User, client: Client) -> None:
    on_tariffs(QUOTE, episode=about("The price of speed"))
    brief = sent_brief(user)
    assert brief.subject == "Ada Berg on The price of speed"
    key = new_private_feed(user).key
    client.force_login(user)
    for address in ("/brief/", f"/brief/{brief.day}/", f"/brief/feed/{key}/rss.xml"):
        page = client.get(address).content.decode()
        assert "Ada Berg on The price of speed" in page
        assert SHOWN in page
        assert 'class="claim"' not in page
    (item,) = client.get(f"/brief/{brief.day}.json").json()["items"]
    assert (item["title"], item["headline"], item["text"]) == ("Ada Berg on The price of speed", None, None)
    assert "No insight was ready this time; this one is a passage" in client.get("/brief/").content.decode()


def test_an_insight_withheld_since_it_was_chosen_is_not_printed_as_a_quote(user: User) -> None:
    withheld = make_insight(topics=["Economics"])
    passage = on_tariffs()
    brief = composed_brief(user)
    Insight.objects.filter(pk=withheld.pk).update(headline="", text="")
    press = Press()
    press.set(Insight.objects.with_source())
    assert [item.insight_id for item in brief.items.all() if press.may_print(item)] == [passage.pk]


def test_a_passage_that_is_put_into_words_later_stays_a_quote_in_the_brief_that_was_sent(
    user: User, client: Client
) -> None:
    passage = on_tariffs(QUOTE)
    sent_brief(user)
    EarlierWording.objects.create(insight=passage, headline="", text="", replaced_at=timezone.now())
    Insight.objects.filter(pk=passage.pk).update(headline="Ports sell slowness", text="Nobody pays.")
    client.force_login(user)
    page = client.get("/brief/").content.decode()
    assert SHOWN in page
    assert "Ports sell slowness" not in page


def test_the_wish_for_passages_is_in_the_export_and_goes_with_the_account(user: User) -> None:
    on_tariffs()
    sent_brief(user)
    with zipfile.ZipFile(io.BytesIO(export(user, now=timezone.now()))) as archive:
        assert json.loads(archive.read("data.json"))["account"][0]["quotes"] is True
    erase(user, now=timezone.now())
    assert (User.objects.count(), BriefItem.objects.count()) == (0, 0)

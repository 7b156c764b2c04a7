from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from feeds.library.related.on_page import WAYS_ON, waiting, ways_on, work_out_waiting
from feeds.models import Episode, Feed, Insight, KeptWays, RelatedStances, Stance
from feeds.reading.related.rank import PER_SHOW
from tests.factories import make_episode, make_feed, make_insight, unit_vector
from tests.feeds.library.test_related import ASIDE, CONSUMPTION, PRICES, said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def asked() -> Insight:
    return make_insight("Banks borrow short and lend long", topics=["Economics"], embedding=unit_vector("banks"))


def on_economics(number: int, *, cosine: float = 0.3, **fields: Any) -> Insight:
    vector = unit_vector(f"economics {number}", near=unit_vector("banks"), cosine=cosine)
    text = ASIDE[number % len(ASIDE)]
    return make_insight(text.split(" ", 3)[-1], text=text, topics=["Economics"], embedding=vector, **fields)


def more(insight: Insight) -> list[Insight]:
    return [one for under in ways_on(insight).more for one in under.insights]


def test_where_nothing_belongs_more_on_the_topic_gives_ten_ways_on(asked: Insight) -> None:
    for number in range(WAYS_ON + 1):
        on_economics(number)
    found = ways_on(asked)
    assert found.elsewhere == []
    assert [under.topic.name for under in found.more] == ["Economics"]
    assert len(more(asked)) == WAYS_ON


def test_worth_and_nearness_decide_which_stand_first(asked: Insight) -> None:
    far_and_slight = on_economics(1, cosine=0.1, salience=0.2)
    near_and_weighty = on_economics(2, cosine=0.5, salience=0.9)
    between = on_economics(3, cosine=0.3, salience=0.5)
    assert more(asked) == [near_and_weighty, between, far_and_slight]


def test_no_show_and_no_episode_fills_the_list(asked: Insight) -> None:
    feed, episode = make_feed(title="Talkative"), make_episode()
    for number in range(PER_SHOW + 2):
        on_economics(number, feed=feed)
        on_economics(100 + number, episode=episode)
    found = more(asked)
    assert sum(one.episode.feed == feed for one in found) == PER_SHOW
    assert sum(one.episode == episode for one in found) == 1


def test_a_second_topic_fills_up_under_its_own_name(asked: Insight) -> None:
    both = said(PRICES, topics=["Economics", "Climate & energy"])
    energy = said(ASIDE[2], topics=["Climate & energy"])
    under = {one.topic.name: list(one.insights) for one in ways_on(both).more}
    assert under == {"Economics": [asked], "Climate & energy": [energy]}


def test_what_belongs_is_not_told_again_under_its_topic() -> None:
    prices, same_point = said(PRICES, topics=["Business"]), said(CONSUMPTION, topics=["Business"])
    other = said("Vendors of hardware rarely learn what their customers do with it.", topics=["Business"])
    found = ways_on(prices)
    assert [one.insight for one in found.elsewhere] == [same_point]
    assert more(prices) == [other]


def test_an_insight_of_the_same_episode_is_left_to_its_own_list(asked: Insight) -> None:
    on_economics(1, episode=Episode.objects.get(pk=asked.episode_id))
    assert more(asked) == []


def test_what_was_hidden_since_is_no_way_on(asked: Insight) -> None:
    one, other = on_economics(1), on_economics(2)
    assert len(more(asked)) == 2
    Insight.objects.filter(pk=one.pk).update(hidden_at=timezone.now())
    Feed.objects.filter(pk=other.episode.feed_id).update(is_private=True)
    assert ways_on(asked).more == []


@pytest.fixture
def worked_out(asked: Insight) -> list[Insight]:
    """Three ways on from `asked`, as the readers leave them."""
    found = [on_economics(number, cosine=0.2 + number / 10, salience=0.3 + number / 10) for number in range(3)]
    assert work_out_waiting(now=timezone.now(), seconds=60) == 4
    return found


def test_what_the_readers_worked_out_is_what_the_page_would_have(asked: Insight, worked_out: list[Insight]) -> None:
    kept = ways_on(asked)
    KeptWays.objects.all().delete()
    assert kept == ways_on(asked)
    assert {one.pk for one in more(asked)} == {one.pk for one in worked_out}


def test_ways_that_were_worked_out_are_left_alone_for_a_week(worked_out: list[Insight]) -> None:
    now = timezone.now()
    assert work_out_waiting(now=now, seconds=60) == 0
    assert work_out_waiting(now=now + dt.timedelta(days=8), seconds=60) == 1 + len(worked_out)


def test_what_was_hidden_after_it_was_worked_out_is_no_way_on(asked: Insight, worked_out: list[Insight]) -> None:
    Insight.objects.filter(pk=worked_out[0].pk).update(hidden_at=timezone.now())
    assert {one.pk for one in more(asked)} == {one.pk for one in worked_out[1:]}


def test_an_insight_that_came_later_is_worked_out_first(asked: Insight, worked_out: list[Insight]) -> None:
    late = on_economics(9)
    assert next(iter(waiting(timezone.now() + dt.timedelta(days=8)))) == late


def test_a_judged_candidate_stands_on_the_page_although_its_words_are_unlike() -> None:
    prices = said(PRICES)
    unlike = said("Cloud vendors only win when the firms renting their servers prosper.")
    assert unlike not in [one.insight for one in ways_on(prices).elsewhere]
    cache.clear()
    RelatedStances.objects.create(
        insight=prices, stances={str(unlike.pk): Stance.ECHOES.value}, judged_at=timezone.now()
    )
    assert [(one.insight, one.stance) for one in ways_on(prices).elsewhere] == [(unlike, Stance.ECHOES.label)]


def test_each_way_on_is_a_paragraph_with_its_speaker_and_show(asked: Insight, client: Client) -> None:
    told = on_economics(1, feed=make_feed(title="Money Hour"), speaker="Iris Okafor")
    page = client.get(asked.get_absolute_url()).content.decode()
    _, _, more_on = page.partition('id="more-on-economics"')
    assert "/topics/economics/" in page
    for part in (told.headline, told.text, "Money Hour", "Iris Okafor"):
        assert part in more_on

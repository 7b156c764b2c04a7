import datetime as dt

import pytest
from django.utils import timezone

from feeds.library.best import best_five, choose
from tests.factories import make_episode, make_feed, make_insight, unit_vector

pytestmark = pytest.mark.django_db


def test_the_most_salient_come_first() -> None:
    made = [make_insight(salience=salience) for salience in (0.3, 0.9, 0.6)]
    assert best_five(now=timezone.now()) == [made[1], made[2], made[0]]


def test_no_more_than_five_are_chosen() -> None:
    for _ in range(8):
        make_insight()
    assert len(best_five(now=timezone.now())) == 5


def test_five_shows_come_before_a_second_insight_of_one() -> None:
    loud = make_feed()
    first, *_ = [make_insight(feed=loud, salience=0.99 - number / 100) for number in range(4)]
    others = [make_insight(salience=0.5 - number / 100) for number in range(4)]
    assert best_five(now=timezone.now()) == [first, *others]


def test_no_show_has_more_than_two() -> None:
    loud = make_feed()
    for _ in range(6):
        make_insight(feed=loud)
    assert len(best_five(now=timezone.now())) == 2


def test_a_claim_is_not_repeated_in_other_words() -> None:
    vector = unit_vector("claim")
    first = make_insight(embedding=vector, salience=0.9)
    make_insight(embedding=unit_vector("echo", near=vector, cosine=0.95), salience=0.8)
    assert best_five(now=timezone.now()) == [first]


def test_the_newest_episodes_fill_the_five_before_older_ones_do() -> None:
    old = dt.timedelta(days=4)
    for _ in range(5):
        make_insight(salience=0.99, episode=make_episode(published_at=timezone.now() - old))
    fresh = [make_insight(salience=0.1) for _ in range(5)]
    assert set(best_five(now=timezone.now())) == set(fresh)


def test_on_a_quiet_weekend_older_ones_make_up_the_five() -> None:
    fresh = make_insight(salience=0.1)
    for days in (3, 4, 5, 30):
        make_insight(episode=make_episode(published_at=timezone.now() - dt.timedelta(days=days)))
    chosen = best_five(now=timezone.now())
    assert len(chosen) == 5
    assert fresh in chosen


def test_an_episode_dated_in_the_future_waits_for_its_day() -> None:
    make_insight(episode=make_episode(published_at=timezone.now() + dt.timedelta(days=300)))
    assert best_five(now=timezone.now()) == []


def test_nothing_to_choose_from_chooses_nothing() -> None:
    assert choose([], limit=5) == []


def test_a_clear_insight_stands_before_a_weightier_one_that_nobody_understands_alone() -> None:
    make_insight(salience=0.9, ready=0.05)
    clear = make_insight(salience=0.6, ready=0.7)

    assert best_five(now=timezone.now())[0] == clear

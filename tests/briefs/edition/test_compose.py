import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from briefs.choosing.candidates import load
from briefs.edition.compose import choose, compose_due
from briefs.models import Brief, BriefItem, Follow, Interest, SavedInsight, Vote
from feeds.models import Insight
from tests.factories import (
    make_brief,
    make_episode,
    make_feed,
    make_insight,
    make_passage,
    make_topic,
    make_user,
    unit_vector,
)

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def follow(user: User, *names: str) -> None:
    for name in names:
        Interest.objects.create(user=user, topic=make_topic(name))


def due_brief(user: User, *, at: dt.datetime | None = None) -> Brief:
    at = at or timezone.now()
    return Brief.objects.create(user=user, day=at.date(), due_at=at, next_attempt_at=at)


def headlines(user: User) -> list[str]:
    composed = choose([user.pk], now=timezone.now(), candidates=load(now=timezone.now()))[0]
    return [Insight.objects.get(pk=item.insight_id).headline for item in composed.items]


def test_the_first_brief_follows_exactly_the_topics_that_were_chosen() -> None:
    user = make_user()
    follow(user, "Economics")
    for number in range(7):
        make_insight(f"About money {number}", topics=["Economics"], salience=0.3)
        make_insight(f"About cells {number}", topics=["Science"], salience=0.9)
    brief = due_brief(user)
    compose_due(now=timezone.now())

    brief.refresh_from_db()
    items = list(brief.items.all())
    assert brief.state == Brief.State.COMPOSED
    assert len(items) == 5
    assert {item.reason_in_words for item in items} == {"because you follow Economics"}
    assert all(item.insight.headline.startswith("About money") for item in items)
    assert brief.subject == items[0].insight.headline


def test_composing_twice_changes_nothing() -> None:
    user = make_user()
    follow(user, "Economics")
    make_insight(topics=["Economics"])
    due_brief(user)
    now = timezone.now()
    assert compose_due(now=now) == {"composed": 1}
    before = list(BriefItem.objects.values())
    assert compose_due(now=now) == {}
    assert list(BriefItem.objects.values()) == before


def test_who_chose_nothing_gets_the_best_from_different_shows() -> None:
    user = make_user()
    for number in range(4):
        feed = make_feed()
        for rank in range(3):
            make_insight(f"Show {number} {rank}", feed=feed, topics=["Science"], salience=0.9 - rank / 10)
    composed = choose([user.pk], now=timezone.now(), candidates=load(now=timezone.now()))[0]
    assert len(composed.items) == 5
    assert {item.reason for item in composed.items} == {"best"}
    assert len({Insight.objects.get(pk=item.insight_id).episode.feed_id for item in composed.items}) >= 3


def test_an_episode_that_was_processed_late_comes_in_the_next_brief() -> None:
    user = make_user()
    follow(user, "Economics")
    now = timezone.now()
    make_brief(user, day=(now - DAY).date(), due_at=now - DAY, considered_until=now - DAY)
    make_insight("Considered before", topics=["Economics"], created_at=now - DAY - 3 * HOUR)
    late = make_episode(published_at=now - 3 * DAY)
    make_insight("Published before, processed after", episode=late, topics=["Economics"], created_at=now - HOUR)
    assert headlines(user) == ["Published before, processed after"]


def test_the_items_of_a_skipped_brief_join_the_next() -> None:
    user = make_user()
    follow(user, "Economics")
    now = timezone.now()
    insight = make_insight("Missed", topics=["Economics"], created_at=now - DAY)
    make_brief(
        user, insights=[insight], state=Brief.State.SKIPPED, day=(now - DAY).date(), considered_until=now - DAY / 2
    )
    assert headlines(user) == ["Missed"]


def test_a_composed_brief_counts_as_shown_for_as_long_as_it_can_be_sent() -> None:
    user = make_user()
    follow(user, "Economics")
    now = timezone.now()
    waiting = make_insight("Waiting", topics=["Economics"], created_at=now - 20 * HOUR)
    unsent = {"state": Brief.State.COMPOSED, "sent_at": None, "due_at": now - 6 * HOUR}
    late = make_brief(user, insights=[waiting], day=(now - DAY).date(), **unsent)
    assert headlines(user) == []
    due_brief(user, at=now + HOUR)
    compose_due(now=now + HOUR)
    late.refresh_from_db()
    assert late.state == Brief.State.SKIPPED
    assert [item.insight for item in Brief.objects.latest("due_at").items.all()] == [waiting]


@pytest.mark.parametrize("put_off", [dt.timedelta(), 2 * HOUR])
def test_a_brief_that_waits_for_another_attempt_is_skipped_when_it_is_too_late_all_the_same(
    put_off: dt.timedelta,
) -> None:
    now = timezone.now()
    due = make_brief(state=Brief.State.DUE, due_at=now - 7 * HOUR, next_attempt_at=now + put_off)
    composed = make_brief(state=Brief.State.COMPOSED, due_at=now - 7 * HOUR, next_attempt_at=now + put_off)
    compose_due(now=now)
    for brief in (due, composed):
        brief.refresh_from_db()
        assert brief.state == Brief.State.SKIPPED
        assert "six hours late" in brief.reason


@pytest.mark.parametrize("state", [Brief.State.SENDING, Brief.State.UNKNOWN, Brief.State.SENT])
def test_what_was_handed_over_or_may_have_been_counts_as_shown_however_late(state: Brief.State) -> None:
    user = make_user()
    follow(user, "Economics")
    now = timezone.now()
    shown = make_insight(topics=["Economics"], created_at=now - DAY)
    brief = make_brief(user, insights=[shown], state=state, due_at=now - 9 * HOUR, day=(now - DAY).date())
    compose_due(now=now)
    brief.refresh_from_db()
    assert brief.state == state
    assert headlines(user) == []


def test_nothing_comes_twice_nor_what_says_the_same_nor_what_was_voted_on() -> None:
    user = make_user()
    follow(user, "Economics")
    sent = make_insight("Sent", topics=["Economics"])
    make_brief(user, insights=[sent], day=timezone.now().date() - DAY, considered_until=timezone.now() - DAY)
    echo = unit_vector("echo", near=sent.embedding, cosine=0.9)
    make_insight("Echo", topics=["Economics"], embedding=echo)
    voted = make_insight("Voted on", topics=["Economics"])
    Vote.objects.create(user=user, insight=voted, value=1)
    saved = make_insight("Saved", topics=["Economics"])
    SavedInsight.objects.create(user=user, insight=saved)
    make_insight("New", topics=["Economics"])
    assert headlines(user) == ["New"]


def test_muted_shows_and_topics_never_appear() -> None:
    user = make_user()
    follow(user, "Economics")
    Interest.objects.create(user=user, topic=make_topic("Crypto"), is_muted=True)
    muted = make_feed()
    Follow.objects.create(user=user, feed=muted, is_muted=True)
    make_insight("Muted show", feed=muted, topics=["Economics"])
    make_insight("Muted topic", topics=["Economics", "Crypto"])
    make_insight("Welcome", topics=["Economics"])
    assert headlines(user) == ["Welcome"]


def test_private_insights_come_only_to_those_who_follow_the_show() -> None:
    private = make_feed(is_private=True)
    make_insight("Members only", feed=private, topics=["Economics"])
    outsider, member = make_user(), make_user()
    follow(outsider, "Economics")
    follow(member, "Economics")
    Follow.objects.create(user=member, feed=private)
    assert headlines(outsider) == []
    assert headlines(member) == ["Members only"]


def test_what_was_taken_down_does_not_come() -> None:
    user = make_user()
    follow(user, "Economics")
    make_insight("Hidden", topics=["Economics"], hidden_at=timezone.now())
    make_insight("Gone", topics=["Economics"], feed=make_feed(taken_down_at=timezone.now()))
    assert headlines(user) == []


def test_what_its_extractor_makes_nothing_of_does_not_come() -> None:
    user = make_user()
    follow(user, "Economics")
    make_insight("Prices lag", topics=["Economics"])
    make_insight("Of the of prices", topics=["Economics"], salience=0.04)
    assert headlines(user) == ["Prices lag"]


def test_what_is_only_a_passage_does_not_come() -> None:
    user = make_user()
    follow(user, "Economics")
    make_insight("Prices lag", topics=["Economics"])
    make_passage("Of the, of the prices that we had, so.", topics=["Economics"], salience=0.9)
    assert headlines(user) == ["Prices lag"]


def test_of_two_that_matter_alike_the_one_that_is_readier_comes_first() -> None:
    user = make_user()
    follow(user, "Economics")
    make_insight("Prices lag somehow", topics=["Economics"], ready=0.3)
    make_insight("Prices lag", topics=["Economics"], ready=0.9)
    assert headlines(user) == ["Prices lag", "Prices lag somehow"]


def test_where_there_are_only_passages_the_brief_says_so_and_is_not_sent() -> None:
    user = make_user()
    follow(user, "Economics")
    make_passage("We had the, the prices that we had.", topics=["Economics"])
    brief = due_brief(user)
    compose_due(now=timezone.now())
    brief.refresh_from_db()
    assert (brief.state, brief.reason) == (Brief.State.EMPTY, "nothing new was fit to send since the last brief")


def test_only_chosen_languages_come() -> None:
    user = make_user(languages=["de"])
    follow(user, "Economics")
    make_insight("English", topics=["Economics"], language="en")
    make_insight("Deutsch", topics=["Economics"], language="de-CH")
    assert headlines(user) == ["Deutsch"]


def test_a_show_that_is_followed_is_reason_enough() -> None:
    user = make_user()
    feed = make_feed("The Long Wave")
    Follow.objects.create(user=user, feed=feed)
    make_insight("From the show", feed=feed, topics=["Science"])
    make_insight("From elsewhere", topics=["Science"])
    composed = choose([user.pk], now=timezone.now(), candidates=load(now=timezone.now()))[0]
    assert [(item.reason, item.detail) for item in composed.items] == [("show", "The Long Wave")]


def test_less_like_this_sends_what_is_like_it_to_the_back() -> None:
    user = make_user()
    follow(user, "Economics")
    disliked = make_insight("Disliked", topics=["Economics"], created_at=timezone.now() - 30 * DAY)
    for number in range(6):
        Vote.objects.create(user=user, insight=disliked if not number else make_insight(
            embedding=unit_vector(f"other {number}", near=disliked.embedding, cosine=0.7),
            created_at=timezone.now() - 30 * DAY,
        ), value=-1)  # fmt: skip
    near = unit_vector("near", near=disliked.embedding, cosine=0.7)
    make_insight("Like it", topics=["Economics"], embedding=near, salience=0.75)
    make_insight("Unlike it", topics=["Economics"], salience=0.7)
    assert headlines(user) == ["Unlike it", "Like it"]


def test_nothing_to_say_means_no_mail_and_says_why() -> None:
    user = make_user()
    follow(user, "Economics")
    make_insight(topics=["Science"])
    brief = due_brief(user)
    compose_due(now=timezone.now())
    brief.refresh_from_db()
    assert brief.state == Brief.State.EMPTY
    assert brief.reason == "nothing new matched what you asked for"


@pytest.mark.parametrize(("every", "noted"), [(1, [2, 16]), (7, [2, 5])])
def test_after_three_empty_briefs_one_note_and_then_none_for_a_fortnight(every: int, noted: list[int]) -> None:
    user = make_user()
    follow(user, "Economics")
    start = timezone.now()
    kinds = []
    for number in range(20 if every == 1 else 7):
        now = start + number * every * DAY
        brief = due_brief(user, at=now)
        compose_due(now=now)
        brief.refresh_from_db()
        kinds.append(brief.kind == Brief.Kind.WIDEN)
        if brief.state == Brief.State.COMPOSED:
            Brief.objects.filter(pk=brief.pk).update(state=Brief.State.SENT, sent_at=now)
    assert [number for number, is_widen in enumerate(kinds) if is_widen] == noted


def test_a_note_that_never_went_out_asked_nobody() -> None:
    user = make_user()
    follow(user, "Economics")
    now = timezone.now()
    for days, state in ((3, Brief.State.EMPTY), (2, Brief.State.EMPTY), (1, Brief.State.SKIPPED)):
        kind = Brief.Kind.WIDEN if state == Brief.State.SKIPPED else Brief.Kind.DAILY
        at = now - days * DAY
        make_brief(user, state=state, kind=kind, day=at.date(), due_at=at, sent_at=None)
    brief = due_brief(user, at=now)
    compose_due(now=now)
    brief.refresh_from_db()
    assert (brief.kind, brief.state) == (Brief.Kind.WIDEN, Brief.State.COMPOSED)


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"unsubscribed_at": timezone.now()}, Brief.State.SUPPRESSED),
        ({"stopped_at": timezone.now()}, Brief.State.SUPPRESSED),
        ({"paused_until": dt.date(2999, 1, 1)}, Brief.State.SKIPPED),
    ],
)
def test_who_stopped_in_between_gets_nothing_composed(change: dict[str, object], state: str) -> None:
    user = make_user()
    make_insight(topics=["Economics"])
    brief = due_brief(user)
    User.objects.filter(pk=user.pk).update(**change)
    compose_due(now=timezone.now())
    brief.refresh_from_db()
    assert brief.state == state


def test_more_than_six_hours_late_is_skipped_with_its_reason() -> None:
    brief = due_brief(make_user(), at=timezone.now() - 7 * HOUR)
    compose_due(now=timezone.now())
    brief.refresh_from_db()
    assert brief.state == Brief.State.SKIPPED
    assert "six hours" in brief.reason


def test_the_number_of_queries_does_not_depend_on_the_subscribers() -> None:
    insights = [make_insight(topics=["Economics"]) for _ in range(9)]
    now = timezone.now()

    def queries(subscribers: int) -> int:
        for number in range(subscribers):
            user = make_user()
            follow(user, "Economics")
            Interest.objects.create(user=user, text=f"tea in case {number}")
            Follow.objects.create(user=user, feed=insights[0].episode.feed)
            Vote.objects.create(user=user, insight=insights[1], value=1)
            make_brief(user, insights=[insights[2]], day=(now - DAY).date(), considered_until=now - DAY)
            due_brief(user, at=now)
        with CaptureQueriesContext(connection) as captured:
            assert compose_due(now=now) == {"composed": subscribers}
        return len(captured)

    assert queries(12) == queries(1)

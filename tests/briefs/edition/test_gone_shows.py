import datetime as dt
import email
import email.policy
import html

import pytest
from django.utils import timezone

from accounts.mail.message import Message
from accounts.models import User
from briefs.edition.compose import compose_due
from briefs.edition.gone_shows import in_words
from briefs.edition.printing.render import Press, edition
from briefs.models import Brief, Follow, Interest
from feeds.models import Feed, Insight
from tests.factories import make_brief, make_feed, make_insight, make_topic, make_user

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
NOTICE = "No longer read: “Grid <& Weather>”, a show you follow."


def follower(**fields: object) -> User:
    """Of a topic that has news, and of a show that ended an hour ago."""
    user = make_user()
    Interest.objects.create(user=user, topic=make_topic("Economics"))
    gone_at = timezone.now() - dt.timedelta(hours=1)
    gone = make_feed("Grid <& Weather>", **{"state": Feed.State.GONE, "gone_at": gone_at} | fields)
    Follow.objects.create(user=user, feed=gone)
    return user


def brief_of(user: User) -> Brief:
    make_insight(topics=["Economics"])
    now = timezone.now()
    brief = Brief.objects.create(user=user, day=now.date(), due_at=now, next_attempt_at=now)
    compose_due(now=now)
    brief.refresh_from_db()
    return brief


def set_in_type(brief: Brief) -> Message:
    press, items = Press(), list(brief.items.all())
    press.set(Insight.objects.with_source().filter(pk__in=[item.insight_id for item in items]))
    return press.message(edition(brief, brief.user, items))


def test_the_followers_of_a_show_that_ended_hear_of_it_in_both_forms_of_the_mail() -> None:
    brief = brief_of(follower())
    assert brief.gone_shows == ["Grid <& Weather>"]
    text, page = bodies(set_in_type(brief))
    assert NOTICE in " ".join(text.split())
    assert NOTICE in html.unescape(page)
    assert "<& Weather>" not in page


def test_a_brief_without_such_news_says_nothing_of_it() -> None:
    brief = brief_of(follower(state=Feed.State.ACTIVE))
    assert brief.gone_shows == []
    assert all("No longer read" not in body for body in bodies(set_in_type(brief)))


@pytest.mark.parametrize(
    ("state", "kind", "is_told_again"),
    [
        (Brief.State.SENT, Brief.Kind.DAILY, False),
        (Brief.State.SKIPPED, Brief.Kind.DAILY, True),
        (Brief.State.EMPTY, Brief.Kind.DAILY, True),
        (Brief.State.SENT, Brief.Kind.WIDEN, True),
    ],
)
def test_it_is_told_once_in_a_brief_that_came(state: str, kind: str, is_told_again: bool) -> None:
    user = follower(gone_at=timezone.now() - DAY - dt.timedelta(hours=2))
    yesterday = timezone.now() - DAY
    make_brief(user, day=yesterday.date(), due_at=yesterday, considered_until=yesterday, state=state, kind=kind)
    assert bool(brief_of(user).gone_shows) is is_told_again


def test_who_mutes_the_show_hears_nothing() -> None:
    user = follower()
    user.follows.update(is_muted=True)
    assert brief_of(user).gone_shows == []


def test_of_many_shows_some_are_named_and_the_others_counted() -> None:
    assert in_words([]) == ""
    told = in_words([f"Show {number}" for number in range(7)])
    assert "“Show 4” and 2 more, shows you follow." in told
    assert "Show 5" not in told


def bodies(message: Message) -> list[str]:
    whole = email.message_from_bytes(message.message().as_bytes(linesep="\r\n"), policy=email.policy.default)
    return [str(part.get_content()) for part in whole.walk() if part.get_content_maintype() == "text"]

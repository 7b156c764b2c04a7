"""A story is told once, with everyone who told it."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from briefs.choosing.candidates import load
from briefs.choosing.same_story import same_story
from briefs.edition.compose import choose, compose_due
from briefs.edition.printing.preview import preview
from briefs.models import Brief, BriefItem, Follow
from feeds.models import Feed, Insight
from feeds.reading.embeddings import embedder, embedding_text
from tests.factories import make_brief, make_episode, make_feed, make_insight, make_user

pytestmark = pytest.mark.django_db

LIMITS = "Export controls on chips pushed China to build its own, because a firm that cannot buy must learn to make."
THE_SAME = (
    "Controls on exporting chips taught China to build its own: a firm that cannot buy them must learn to make them."
)
ASIDE = "Early-night sleep stores skills, while late-night sleep handles emotion."


def said(headline: str, text: str, feed: Feed, *, speaker: str = "", salience: float = 0.9) -> Insight:
    (vector,) = embedder().embed([embedding_text(headline, text)])
    episode = make_episode(feed=feed, published_at=timezone.now() - dt.timedelta(hours=3))
    return make_insight(headline, text=text, episode=episode, embedding=vector, speaker=speaker, salience=salience)


@pytest.fixture
def lead() -> Insight:
    return said("Export controls teach their target", LIMITS, make_feed(title="Chokepoint"), salience=0.95)


@pytest.fixture
def voice() -> Insight:
    return said("Chip controls teach China to build", THE_SAME, make_feed(title="The Price Of"), speaker="Ada Moreau")


@pytest.fixture
def aside() -> Insight:
    return said("Sleep has two halves", ASIDE, make_feed(title="Resting Rate"))


@pytest.fixture
def user() -> User:
    return make_user()


def items_of(user: User) -> dict[int, tuple[int, ...]]:
    composed = choose([user.pk], now=timezone.now(), candidates=load(now=timezone.now()))[0]
    return {item.insight_id: item.voices for item in composed.items}


def test_a_story_is_told_once_and_names_its_other_voices(
    user: User, lead: Insight, voice: Insight, aside: Insight
) -> None:
    assert items_of(user) == {lead.pk: (voice.pk,), aside.pk: ()}


def test_the_mail_names_them_in_both_forms(user: User, lead: Insight, voice: Insight, aside: Insight) -> None:
    message = preview(user, now=timezone.now()).message
    assert message is not None
    (html, _) = message.alternatives[0]
    assert "On the same point: Ada Moreau on The Price Of" in " ".join(str(message.body).split())
    assert " · On the same point: Ada Moreau on The Price Of</p>" in str(html)
    assert str(html).count("On the same point") == 1


def test_a_muted_show_is_not_named(user: User, lead: Insight, voice: Insight) -> None:
    Follow.objects.create(user=user, feed=voice.episode.feed, is_muted=True)
    assert items_of(user) == {lead.pk: ()}


def test_a_private_show_is_named_to_nobody_who_does_not_follow_it(user: User, lead: Insight, voice: Insight) -> None:
    Feed.objects.filter(pk=voice.episode.feed_id).update(is_private=True)
    assert items_of(user) == {lead.pk: ()}


def test_one_show_that_repeats_itself_is_no_second_voice(user: User, lead: Insight) -> None:
    said("Controls teach", THE_SAME, lead.episode.feed)
    assert items_of(user) == {lead.pk: ()}


def test_a_brief_keeps_its_voices_and_its_page_links_to_them(
    client: Client, user: User, lead: Insight, voice: Insight
) -> None:
    now = timezone.now()
    brief = Brief.objects.create(user=user, day=now.date(), due_at=now, next_attempt_at=now)
    compose_due(now=now)
    Brief.objects.filter(pk=brief.pk).update(state=Brief.State.SENT)
    assert BriefItem.objects.get(brief=brief).voices == [voice.pk]
    client.force_login(user)
    page = client.get("/brief/").content.decode()
    assert "On the same point" in page
    assert f'<a href="{voice.get_absolute_url()}">' in page


def test_a_voice_that_was_taken_down_is_not_named_any_more(
    client: Client, user: User, lead: Insight, voice: Insight
) -> None:
    brief = make_brief(user, insights=[lead])
    brief.items.update(voices=[voice.pk])
    Insight.objects.filter(pk=voice.pk).update(hidden_at=timezone.now())
    client.force_login(user)
    assert "On the same point" not in client.get("/brief/").content.decode()


def test_other_subjects_are_other_stories(lead: Insight, voice: Insight, aside: Insight) -> None:
    import numpy as np

    insights = list(Insight.objects.select_related("episode__feed").order_by("pk"))
    numbers = same_story(insights, np.array([insight.embedding for insight in insights], dtype=np.float32))
    assert numbers.tolist() == [0, 0, 2]

import datetime as dt
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from feeds.library.related.stored import kept_readings
from feeds.library.rewriting import Rewritten, episodes_waiting, rewrite_episode
from feeds.models import EarlierWording, Episode, Insight, RelatedStances
from feeds.reading.insights.extraction import EpisodeContext
from feeds.reading.insights.writing import PassageToPrint, Written
from feeds.reading.transcripts.segments import Segment
from tests.factories import make_brief, make_episode, make_insight, make_passage, make_transcript, make_user

pytestmark = pytest.mark.django_db

QUOTE = "The queue for the grid is longer than the queue for the wind turbines, and that is not what people think."
OTHER = "Nobody pays for the upgrade of the grid that everybody uses, so it is not built at all."
HEADLINE, TEXT = "Grids delay wind farms", "Ada Berg says the queue for the grid is longer than that for turbines."


class GridWriter:
    """Makes something of what is about the queue, and nothing of anything else."""

    seen: list[tuple[PassageToPrint, EpisodeContext]]

    def __init__(self) -> None:
        self.seen = []

    def write(self, passage: PassageToPrint, context: EpisodeContext) -> Written | None:
        self.seen.append((passage, context))
        return Written(HEADLINE, TEXT, 0.9) if "queue" in passage.text else None


class BreakingWriter:
    def write(self, passage: PassageToPrint, context: EpisodeContext) -> Written | None:
        raise RuntimeError("out of ink")


def spoken(**fields: Any) -> Episode:
    """An episode in which both quotes were said, the one at ten seconds and the other at twenty."""
    people = [{"name": "Ada Berg", "role": "guest"}, {"name": "Tom Reyes", "role": "host"}]
    episode = make_episode("Why the wind waits", people=people, **fields)
    segments = [Segment(QUOTE, "Ada Berg", 10.0, 20.0), Segment(OTHER, "Ada Berg", 20.0, 30.0)]
    return make_transcript(episode, segments=segments).episode


def said(episode: Episode, quote: str = QUOTE, **fields: Any) -> Insight:
    return make_insight(episode=episode, quote=quote, written_at=timezone.now() - dt.timedelta(days=30), **fields)


def rewrite(episode: Episode, writer: Any = None) -> Rewritten:
    now = timezone.now()
    return rewrite_episode(episode.pk, writer=writer or GridWriter(), before=now, now=now)


def test_an_insight_is_written_anew_in_its_place() -> None:
    episode = spoken()
    insight = said(episode, start=99.0)
    assert rewrite(episode) == Rewritten(looked_at=1, changed=1)
    anew = Insight.objects.get()
    assert (anew.pk, anew.headline, anew.text, anew.quote) == (insight.pk, HEADLINE, TEXT, QUOTE)
    assert (anew.ready, anew.start, anew.start_is_approximate) == (0.9, 10.0, False)
    assert list(anew.embedding) != list(insight.embedding)
    assert anew.fingerprint != insight.fingerprint
    assert anew.insight_topics.filter(topic__slug="climate-energy").exists()
    assert list(kept_readings([anew.pk])) == [anew.pk]


def test_the_writer_is_told_who_spoke_and_whose_guest_that_was() -> None:
    episode, writer = spoken(), GridWriter()
    said(episode)
    rewrite(episode, writer)
    ((passage, context),) = writer.seen
    assert (passage.text, passage.speaker, passage.after.strip()) == (QUOTE, "Ada Berg", OTHER)
    assert context == EpisodeContext(episode.feed.title, "Why the wind waits", ("Ada Berg",), ("Ada Berg", "Tom Reyes"))


def test_what_cannot_be_printed_becomes_a_passage_and_a_passage_that_can_becomes_ready() -> None:
    episode = spoken()
    withheld = said(episode, OTHER, topics=["Economics"])
    passage = make_passage(QUOTE, episode=episode, written_at=timezone.now() - dt.timedelta(days=30))
    assert rewrite(episode) == Rewritten(looked_at=2, changed=2, printed=1, withheld=1)
    assert list(Insight.objects.ready()) == [passage]
    assert list(Insight.objects.passages()) == [withheld]
    assert list(kept_readings([passage.pk])) == [passage.pk]
    withheld.refresh_from_db()
    assert (withheld.text, withheld.ready) == ("", 0.0)
    assert EarlierWording.objects.get(insight=passage).headline == ""


def test_what_is_written_the_same_keeps_all_it_has() -> None:
    episode = spoken()
    insight = said(episode, headline=HEADLINE, text=TEXT, topics=["Economics"])
    assert rewrite(episode) == Rewritten(looked_at=1)
    assert not EarlierWording.objects.exists()
    assert [topic.name for topic in insight.topics.all()] == ["Economics"]
    assert rewrite(episode) == Rewritten(looked_at=1)


def test_judgements_of_the_earlier_words_are_forgotten() -> None:
    episode = spoken()
    insight = said(episode)
    RelatedStances.objects.create(insight=insight, judged_at=timezone.now(), stances={})
    rewrite(episode)
    assert not RelatedStances.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"extractor": "imported", "quote_verified": False},
        {"extractor": "some-model"},
        {"hidden_at": timezone.now()},
        {"quote": "Nobody ever said this in any episode at all"},
    ],
)
def test_what_others_wrote_was_taken_down_or_was_not_said_here_stays_as_it_is(fields: dict[str, Any]) -> None:
    episode = spoken()
    insight = said(episode, **fields)
    assert rewrite(episode).changed == 0
    insight.refresh_from_db()
    assert insight.is_ready
    assert insight.headline != HEADLINE


def test_an_episode_in_another_language_has_passages_only() -> None:
    episode = spoken(language="de")
    said(episode)
    assert rewrite(episode) == Rewritten(looked_at=1, changed=1, withheld=1)


def test_what_was_written_meanwhile_is_left_alone() -> None:
    class SlowWriter(GridWriter):
        def write(self, passage: PassageToPrint, context: EpisodeContext) -> Written | None:
            Insight.objects.update(headline="Another was quicker", written_at=timezone.now())
            return super().write(passage, context)

    episode = spoken()
    said(episode)
    assert rewrite(episode, SlowWriter()) == Rewritten()
    assert Insight.objects.get().headline == "Another was quicker"
    assert not EarlierWording.objects.exists()


def test_of_two_that_become_the_same_each_keeps_its_place() -> None:
    episode = spoken()
    said(episode)
    said(episode, QUOTE[:60])
    assert rewrite(episode).changed == 2
    assert {insight.headline for insight in Insight.objects.all()} == {HEADLINE}


def test_a_sent_brief_reads_as_it_was_sent(client: Client) -> None:
    user: User = make_user()
    client.force_login(user)
    episode = spoken()
    withheld = said(episode, OTHER, headline="What the mail said", text="So it stood there.")
    make_brief(user, insights=[withheld, said(episode, headline="Queues, not turbines")])
    rewrite(episode)
    rewrite(episode, GridWriter())
    page = client.get("/brief/").content.decode()
    assert "What the mail said" in page
    assert "So it stood there." in page
    assert "Queues, not turbines" in page
    assert HEADLINE not in page
    assert HEADLINE in client.get(f"/episodes/{episode.pk}/").content.decode()


def test_a_brief_of_after_the_change_has_the_new_words(client: Client) -> None:
    user: User = make_user()
    client.force_login(user)
    episode = spoken()
    insight = said(episode)
    before = insight.headline
    rewrite(episode)
    make_brief(user, insights=[insight], sent_at=timezone.now() + dt.timedelta(minutes=1))
    page = client.get("/brief/").content.decode()
    assert HEADLINE in page
    assert before not in page


@pytest.fixture
def command(settings: Settings, _fresh_choices: None) -> Callable[..., str]:
    def run(*arguments: str, writer: type = GridWriter) -> str:
        settings.WRITER = f"{__name__}.{writer.__name__}"
        out = StringIO()
        call_command("rewrite_insights", *arguments, stdout=out)
        return out.getvalue()

    return run


def test_the_command_goes_through_all_and_says_what_became_of_them(command: Callable[..., str]) -> None:
    said(spoken())
    said(spoken(), OTHER)
    out = command()
    assert "2 episodes wait" in out
    assert "2 insights looked at, 2 changed: 0 became ready, 1 became passages" in out


def test_the_command_goes_on_from_where_it_broke_off(command: Callable[..., str]) -> None:
    for _ in range(3):
        said(spoken())
    first = command("--limit", "2")
    before = first.split("--before ")[1].split("\n")[0]
    assert "1 episodes wait" in command("--before", before)
    assert "0 episodes wait" in command("--before", before)
    assert Insight.objects.filter(headline=HEADLINE).count() == 3


def test_an_episode_that_fails_is_named_and_costs_no_other_its_turn(
    command: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    episode = spoken()
    said(episode)
    with pytest.raises(CommandError, match="1 of 1 episodes failed"):
        command(writer=BreakingWriter)
    assert f"episode {episode.pk}: RuntimeError: out of ink" in capsys.readouterr().err
    assert episodes_waiting(before=timezone.now()) == [episode.pk]

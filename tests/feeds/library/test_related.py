import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from feeds.library.filing import classified, store
from feeds.library.neighbours import nearest
from feeds.library.related.retrieve import related_to, related_to_text
from feeds.library.related.stored import keep_missing, kept_readings, readings
from feeds.models import Feed, Insight, InsightReading
from feeds.reading.embeddings import embedder, embedding_text
from feeds.reading.related.reading import read
from feeds.reading.transcripts.segments import Segment
from tests.factories import make_episode, make_feed, make_insight, make_transcript, unit_vector

pytestmark = pytest.mark.django_db

PRICES = "Usage-based pricing makes a vendor share its customers' risk, since it earns only when they grow."
CONSUMPTION = "A vendor paid by usage bets on its customers: pricing by consumption earns only if they grow."
ASIDE = [
    "Early-night sleep stores skills, late-night sleep handles emotion.",
    "Spyware makes repression invisible, so that it provokes no outcry.",
    "Damming every river on Earth would supply a quarter of today's energy.",
    "Gold rises when people distrust courts and central banks alike.",
    "Immigrants found companies because leaving home selects for risk-taking.",
    "A neutral convener got rival satellite providers to share one catalogue.",
    "Deepfakes destabilise by raising doubt, even when a fake is exposed.",
    "The open office spread because it was cheap, although it failed where it was invented.",
    "Fossils were rejected because a hoax matched what experts wanted to see.",
    "Candles sell all year because fragrance marks the end of cleaning the house.",
    "Quantum computers need error correction before they need more qubits.",
]


def said(text: str, feed: Feed | None = None, **fields: Any) -> Insight:
    headline = text.split(",", maxsplit=1)[0].split(":", maxsplit=1)[0].rstrip(".")
    (vector,) = embedder().embed([embedding_text(headline, text)])
    return make_insight(headline, text=text, feed=feed, embedding=vector, **fields)


@pytest.fixture
def prices() -> Insight:
    for text in ASIDE:
        said(text)
    return said(PRICES, make_feed(title="Cloud Talk"))


def test_the_same_point_from_another_show_is_related_and_foreign_ones_are_not(prices: Insight) -> None:
    same_point = said(CONSUMPTION)
    first, *rest = related_to(prices)
    assert first.insight == same_point
    assert 0 < first.score <= 1
    assert not {one.insight.text for one in rest} & set(ASIDE[:2])


def test_the_same_show_never_stands_beside_itself(prices: Insight) -> None:
    said(CONSUMPTION, prices.episode.feed)
    assert CONSUMPTION not in [one.insight.text for one in related_to(prices)]
    assert CONSUMPTION not in [one.insight.text for one in related_to_text(PRICES, podcast="Cloud Talk")]


def test_what_is_not_public_is_not_related(prices: Insight) -> None:
    said(CONSUMPTION, hidden_at=timezone.now())
    said(f"{CONSUMPTION} Really.", make_feed(is_private=True))
    assert not [one for one in related_to(prices) if one.insight.text.startswith(CONSUMPTION)]


def test_vectors_of_another_model_are_not_compared(prices: Insight) -> None:
    other = said("Entirely different matter.", embedding_model="another")
    assert other not in [one.insight for one in related_to_text("Entirely different matter of another kind.")]


@pytest.mark.parametrize("said_as", ["{text}", "{headline}. {text}", "{headline}\n{text}", " {headline}: {text} "])
def test_a_text_that_is_an_insight_of_ours_is_answered_as_its_page_is(prices: Insight, said_as: str) -> None:
    said(CONSUMPTION)
    Insight.objects.filter(pk=prices.pk).update(headline="Usage-based pricing shares the customers' risk")
    prices.refresh_from_db()
    text = said_as.format(headline=prices.headline, text=prices.text)
    assert [(one.insight, one.score) for one in related_to_text(text)] == [
        (one.insight, one.score) for one in related_to(prices)
    ]


def test_a_text_that_says_more_than_an_insight_of_ours_may_find_it(prices: Insight) -> None:
    assert prices in [one.insight for one in related_to_text(f"Lately {PRICES} So it is popular with those who start.")]


def test_what_was_filed_and_what_is_read_anew_are_the_same(prices: Insight) -> None:
    segments = [Segment(f"We asked her about fees. {PRICES} That is the whole trick.", None, None, None)]
    episode = make_transcript(segments=segments).episode
    filed = classified(
        [Insight(episode=episode, headline="Fees", text=PRICES, quote=PRICES)], transcript=segments[0].body
    )
    store(filed)
    kept = kept_readings([filed[0].insight.pk])[filed[0].insight.pk]
    InsightReading.objects.all().delete()
    anew = readings([filed[0].insight.pk])[filed[0].insight.pk]
    assert kept.vector == pytest.approx(anew.vector, abs=1e-3)


def test_an_empty_text_and_an_empty_site_have_no_related_insights() -> None:
    assert related_to_text(PRICES) == []
    said(CONSUMPTION)
    assert related_to_text("  ") == []


def test_kept_readings_give_the_same_page_as_reading_anew(prices: Insight) -> None:
    said(CONSUMPTION)
    anew = related_to(prices)
    assert keep_missing() == len(ASIDE) + 2
    kept = related_to(prices)
    assert [one.insight for one in anew] == [one.insight for one in kept]
    assert [one.score for one in anew] == pytest.approx([one.score for one in kept], abs=5e-3)


def test_asking_for_related_insights_writes_nothing(prices: Insight, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(15) as asked:
        related_to(prices)
    assert not [one["sql"] for one in asked.captured_queries if one["sql"].startswith(("INSERT", "UPDATE"))]
    assert not InsightReading.objects.exists()


def test_a_reading_by_another_model_counts_as_none_until_it_is_made_anew(prices: Insight) -> None:
    keep_missing()
    InsightReading.objects.filter(pk=prices.pk).update(model="another", content=b"of another shape")
    assert prices.pk not in kept_readings([prices.pk])
    assert related_to(prices) == related_to(prices)
    out = io.StringIO()
    call_command("read_insights", stdout=out)
    assert out.getvalue() == "1 insight read\n"
    assert prices.pk in kept_readings([prices.pk])


def test_an_insight_is_read_when_it_is_filed() -> None:
    filed = Insight(episode=make_episode(), headline="Usage pricing shares risk", text=PRICES, extractor="local")
    assert store(classified([filed])) == [filed]
    (kept,) = kept_readings([filed.pk]).values()
    (anew,) = read([embedding_text(filed.headline, filed.text)])
    assert kept.vector == pytest.approx(anew.vector, abs=1e-3)
    assert kept.weights == pytest.approx(anew.weights)
    assert (kept.words * anew.words).sum(axis=1) == pytest.approx(1, abs=2e-3)


def test_filters_do_not_starve_the_search_for_neighbours() -> None:
    crowded, rare = make_feed(), make_feed()
    centre = unit_vector("centre")
    for number in range(150):
        make_insight(feed=crowded, embedding=unit_vector(number, near=centre, cosine=0.95))
    far = {make_insight(feed=rare, embedding=unit_vector(f"far {n}", near=centre, cosine=0.2)).pk for n in range(5)}
    assert set(nearest(Insight.objects.exclude(episode__feed=crowded), centre, 5)) == far


def answer(*arguments: str, **options: Any) -> str:
    out = io.StringIO()
    call_command("related", *arguments, stdout=out, **options)
    return out.getvalue()


def test_the_command_answers_for_a_text_and_for_an_insight(prices: Insight) -> None:
    imported = said(CONSUMPTION, source_url="key-7", extractor="imported")
    for output in (answer(PRICES, "--format", "json"), answer("--insight", str(prices.pk), "--limit", "1")):
        first = json.loads(output)[0]
        assert first.keys() == {"id", "url", "headline", "text", "podcast", "score", "stance"}
        assert (first["id"], first["url"], first["text"]) == (imported.pk, "key-7", CONSUMPTION)
    assert imported.headline in answer(PRICES, "--format", "text")


def test_an_insight_of_ours_is_answered_with_its_page(prices: Insight) -> None:
    ours = said(CONSUMPTION)
    assert json.loads(answer(PRICES))[0]["url"].endswith(ours.get_absolute_url())


def test_a_batch_is_answered_line_by_line_and_bad_lines_are_named(prices: Insight, tmp_path: Path) -> None:
    said(CONSUMPTION, make_feed(title="Money Hour"))
    file = tmp_path / "questions.jsonl"
    questions = [{"id": "a", "text": PRICES, "podcast": "Money Hour"}, {"id": "b", "text": PRICES, "podcast": None}]
    file.write_text("\n".join([json.dumps(questions[0]), "[]", json.dumps(questions[1])]))
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"1 in all: line 2\."):
        call_command("related", batch=file, stdout=out)
    first, second = map(json.loads, out.getvalue().splitlines())
    assert (first["id"], second["id"]) == ("a", "b")
    assert CONSUMPTION not in [one["text"] for one in first["related"]]
    assert CONSUMPTION in [one["text"] for one in second["related"]]


def test_an_unknown_insight_and_a_limit_of_nothing_are_refused() -> None:
    with pytest.raises(CommandError, match="no insight 404"):
        answer("--insight", "404")
    with pytest.raises(CommandError, match="limit"):
        answer("text", "--limit", "0")

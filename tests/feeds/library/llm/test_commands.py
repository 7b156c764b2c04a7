"""The commands and the pipeline pay from the same ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from feeds.library import process as processing
from feeds.models import Episode, LlmCall
from feeds.polling.http import Door
from feeds.reading.transcripts.segments import Segment
from tests.factories import make_episode, make_transcript
from tests.feeds.asking.provider import Answer, Provider
from tests.feeds.conftest import Serve
from tests.feeds.library.llm.talk import talk

pytestmark = pytest.mark.django_db


@pytest.fixture
def _fresh_extractor() -> Iterator[None]:
    processing.extractor.cache_clear()
    yield
    processing.extractor.cache_clear()


def configure(settings: Settings, provider: Provider) -> None:
    settings.EXTRACTOR = "llm"
    settings.LLM_BASE_URL, settings.LLM_MODEL, settings.LLM_API_KEY = provider.base_url, "fake-1", "sk-secret"
    settings.LLM_INPUT_PRICE, settings.LLM_OUTPUT_PRICE = Decimal(1), Decimal(4)


def written(segments: list[Segment], directory: Path) -> Path:
    file = directory / "talk.json"
    rows = [{"speaker": s.speaker, "startTime": s.start, "endTime": s.end, "body": s.body} for s in segments]
    file.write_text(json.dumps({"version": "1.0.0", "segments": rows}))
    return file


def waiting(segments: list[Segment]) -> Episode:
    episode = make_episode(state=Episode.State.WAITING, processed_at=None)
    make_transcript(episode, segments=segments)
    return episode


@pytest.mark.usefixtures("_fresh_extractor")
def test_what_the_command_paid_for_the_pipeline_reads(provider: Provider, settings: Settings, tmp_path: Path) -> None:
    configure(settings, provider)
    segments = talk(sentences=8, speakers=("Ada Berg", "Ben Cole"))
    call_command(
        "extract", str(written(segments, tmp_path)), "--extractor", "llm", "--output-dir", str(tmp_path / "out")
    )
    rows = json.loads((tmp_path / "out" / "talk.json").read_text())
    episode = waiting(segments)
    outcome = processing.process(episode.pk, now=timezone.now(), door=Door())
    assert (outcome.result, outcome.made_by) == (processing.Result.DONE, ("fake-1",))
    assert {insight.quote for insight in episode.insights.all()} == {row["quote"] for row in rows}
    assert len(provider.log) == LlmCall.objects.count() == 1


@pytest.mark.usefixtures("_fresh_extractor")
def test_when_the_provider_refuses_the_outcome_says_who_served(serve: Serve, settings: Settings) -> None:
    configure(settings, serve(lambda _: Answer(status=503, headers={"Retry-After": "0"})))
    outcome = processing.process(waiting(talk(sentences=40)).pk, now=timezone.now(), door=Door())
    assert (outcome.result, outcome.made_by) == (processing.Result.DONE, ("local",))
    assert outcome.insights + outcome.passages > 0


def test_without_an_endpoint_the_command_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="LLM_BASE_URL"):
        call_command("extract", str(written(talk(sentences=4), tmp_path)), "--extractor", "llm")

from django.core.checks import run_checks
from pytest_django import Settings


def found(settings: Settings, *allowed: str) -> list[str | None]:
    settings.FETCH_ALLOWED = list(allowed)
    return [message.id for message in run_checks(tags=["security"], include_deployment_checks=True)]


def test_a_deployment_refuses_a_door_to_private_addresses(settings: Settings) -> None:
    assert "feeds.E001" in found(settings, "127.0.0.1:8900")
    assert "feeds.E001" not in found(settings)


def test_names_that_are_none_are_told_of_before_anything_is_read(settings: Settings) -> None:
    assert [message for message in run_checks() if message.id == "feeds.E002"] == []
    settings.EXTRACTOR = "feeds.insights.local.LocalExtractor"
    settings.WRITER = "poet"
    settings.EMBEDDER = "elsewhere"
    settings.TRANSCRIPT_SOURCES = ["publisher", "feeds.transcripts.speech.SpeechTranscripts"]
    told = [message.msg for message in run_checks() if message.id == "feeds.E002"]
    assert [one.partition(":")[0] for one in told] == ["EXTRACTOR", "WRITER", "EMBEDDER", "TRANSCRIPT_SOURCES"]
    assert told[0].endswith("write “local” or that path.")

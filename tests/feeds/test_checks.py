from django.core.checks import run_checks
from pytest_django import Settings


def found(settings: Settings, *allowed: str) -> list[str | None]:
    settings.FETCH_ALLOWED = list(allowed)
    return [message.id for message in run_checks(tags=["security"], include_deployment_checks=True)]


def test_a_deployment_refuses_a_door_to_private_addresses(settings: Settings) -> None:
    assert "feeds.E001" in found(settings, "127.0.0.1:8900")
    assert "feeds.E001" not in found(settings)

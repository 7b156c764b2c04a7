import pytest
from django.core.checks import run_checks
from pytest_django import Settings


def found() -> list[str]:
    messages = run_checks(tags=["compatibility"], include_deployment_checks=True)
    return [message.msg.split(" ")[0] for message in messages if (message.id or "").startswith("briefs.")]


@pytest.fixture
def complete(settings: Settings) -> None:
    settings.EMAIL_PROVIDER = {}
    settings.EMAIL_URL = "smtp+tls://user:password@smtp.example.com:587"
    settings.SITE_URL = "https://brief.example.com"
    settings.DEFAULT_FROM_EMAIL = "Overheard <brief@example.com>"
    settings.SENDER_IDENTITY = "Example Ltd, 1 Example Street, Exampleton"


def test_an_installation_as_it_comes_is_told_what_its_mail_lacks(settings: Settings) -> None:
    settings.EMAIL_PROVIDER, settings.EMAIL_WEBHOOK_SECRET = {}, ""
    assert found() == ["EMAIL_URL", "SITE_URL", "DEFAULT_FROM_EMAIL", "SENDER_IDENTITY", "EMAIL_WEBHOOK_SECRET"]


@pytest.mark.usefixtures("complete")
def test_one_that_lacks_nothing_is_told_nothing() -> None:
    assert found() == []


@pytest.mark.usefixtures("complete")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EMAIL_URL", ""),
        ("SITE_URL", "http://localhost:8000"),
        ("DEFAULT_FROM_EMAIL", "me"),
        ("SENDER_IDENTITY", " "),
        ("EMAIL_WEBHOOK_SECRET", ""),
    ],
)
def test_what_is_missing_is_named(settings: Settings, name: str, value: str) -> None:
    setattr(settings, name, value)
    assert found() == [name]

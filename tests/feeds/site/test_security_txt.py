from __future__ import annotations

import datetime as dt

from django.test import Client
from django.utils import timezone
from pytest_django import Settings


def _fields() -> dict[str, str]:
    answer = Client().get("/.well-known/security.txt")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    return dict(line.split(": ", 1) for line in answer.content.decode().splitlines())


def test_who_finds_a_hole_reads_whom_to_tell(settings: Settings) -> None:
    settings.REPLY_TO = "The editors <editors@brief.example.com>"
    assert _fields()["Contact"] == "mailto:editors@brief.example.com"
    settings.REPLY_TO, settings.DEFAULT_FROM_EMAIL = "", "Overheard <brief@brief.example.com>"
    assert _fields()["Contact"] == "mailto:brief@brief.example.com"


def test_it_expires_within_a_year_and_not_yet() -> None:
    expires = dt.datetime.fromisoformat(_fields()["Expires"])
    assert dt.timedelta(days=30) < expires - timezone.now() < dt.timedelta(days=365)


def test_it_names_the_address_where_it_stands() -> None:
    assert _fields()["Canonical"].endswith("/.well-known/security.txt")

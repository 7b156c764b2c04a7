from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.letters.deliver import deliver_letters
from accounts.models import User
from tests.factories import make_user

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def no_earlier_attempts() -> None:
    """allauth counts attempts in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def reader(db: None) -> Client:
    """A browser on our own pages: it checks CSRF tokens and says where its requests begin."""
    return Client(headers=SAME_ORIGIN)


@pytest.fixture
def alice(db: None) -> User:
    return make_user("alice@example.org", time_zone="Europe/Berlin")


@pytest.fixture
def letter_link(db: None) -> Callable[[str], str]:
    """Deliver what waits, and return the path of the last letter's link to a page whose path starts so."""

    def find(start: str) -> str:
        deliver_letters(now=timezone.now())
        found = re.findall(rf"https?://[^/\s]+({re.escape(start)}\S+)", str(mail.outbox[-1].body))
        return str(found[0])

    return find

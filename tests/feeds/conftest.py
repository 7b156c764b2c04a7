from collections.abc import Iterator
from typing import Any

import pytest

from feeds import process
from feeds.http import Door, Limits
from feeds.http.manners import Manners
from feeds.transcripts import sources
from tests.feeds.hostile_server import Hostile, hostile_server


@pytest.fixture
def server() -> Iterator[Hostile]:
    with hostile_server() as running:
        yield running


def door_to(server: Hostile, **limits: Any) -> Door:
    """A door that only leads to that server, and that nobody else has asked anything through."""
    return Door(allowed=server.allowed, limits=Limits(**limits), manners=Manners())


@pytest.fixture
def door(server: Hostile) -> Door:
    return door_to(server)


@pytest.fixture
def _fresh_choices() -> Iterator[None]:
    """Extractor and transcript sources are loaded anew: the settings of the test count, and of no test before it."""
    process.extractor.cache_clear()
    sources.sources.cache_clear()
    yield
    process.extractor.cache_clear()
    sources.sources.cache_clear()

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from feeds.library import process
from feeds.polling.http import Door, Limits
from feeds.polling.http.manners import Manners
from feeds.polling.transcripts import sources
from feeds.reading.insights.writers import configured_writer
from tests.feeds.asking.provider import Answer, Body, Provider
from tests.feeds.library.llm.talk import honest
from tests.feeds.polling.hostile_server import Hostile, hostile_server

Serve = Callable[[Callable[[Body], Answer]], Provider]


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
    """Extractor, writer and sources are loaded anew: the settings of the test count, and of no test before it."""
    chosen = (process.extractor, sources.sources, configured_writer)
    for choice in chosen:
        choice.cache_clear()
    yield
    for choice in chosen:
        choice.cache_clear()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start providers that stop with the test."""
    with ExitStack() as stack:
        yield lambda behave: stack.enter_context(Provider(behave).running())


@pytest.fixture
def provider(serve: Serve) -> Provider:
    return serve(honest)

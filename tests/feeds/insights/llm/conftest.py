from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal

import pytest

from feeds.insights.ledger import Caps
from feeds.insights.llm.asking import PaidAsker
from feeds.insights.llm.client import Endpoint
from feeds.insights.llm.question import Prices
from tests.feeds.insights.llm.provider import Answer, Body, Provider
from tests.feeds.insights.llm.talk import honest

Serve = Callable[[Callable[[Body], Answer]], Provider]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start providers that stop with the test."""
    with ExitStack() as stack:
        yield lambda behave: stack.enter_context(Provider(behave).running())


@pytest.fixture
def provider(serve: Serve) -> Provider:
    return serve(honest)


def asker_of(
    provider: Provider | str, *, timeout: float = 20, day: str = "10", source: str = "10", model: str = "fake"
) -> PaidAsker:
    """Pays what the provider charges."""
    url = provider if isinstance(provider, str) else provider.base_url
    return PaidAsker(
        Endpoint(base_url=url, model=model, timeout=timeout, api_key="sk-secret"),
        Prices(input=Decimal(1), output=Decimal(4)),
        Caps(day=Decimal(day), source=Decimal(source)),
    )

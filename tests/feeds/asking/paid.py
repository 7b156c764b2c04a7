"""Who asks in the tests: pays what the provider charges."""

from __future__ import annotations

from decimal import Decimal

from feeds.asking.asker import PaidAsker
from feeds.asking.client import Endpoint
from feeds.asking.ledger import Caps
from feeds.asking.question import Prices
from tests.feeds.asking.provider import Provider


def asker_of(
    provider: Provider | str, *, timeout: float = 20, day: str = "10", source: str = "10", model: str = "fake"
) -> PaidAsker:
    url = provider if isinstance(provider, str) else provider.base_url
    return PaidAsker(
        Endpoint(base_url=url, model=model, timeout=timeout, api_key="sk-secret"),
        Prices(input=Decimal(1), output=Decimal(4)),
        Caps(day=Decimal(day), source=Decimal(source)),
    )

"""The cache of an installation with a Redis: while that is away each process remembers by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)


def _or_here(name: str) -> Callable[..., Any]:
    in_redis, in_memory = getattr(RedisCache, name), getattr(LocMemCache, name)

    def ask(cache: RedisOrMemory, *args: Any, **kwargs: Any) -> Any:
        try:
            return in_redis(cache, *args, **kwargs)
        except RedisError as error:
            logger.warning("no Redis to remember in: %s", error)
            return in_memory(cache.here, *args, **kwargs)

    return ask


class RedisOrMemory(RedisCache):
    """What it holds is limits and answers that can be had again: no page is worth an error for them."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        patience = {"socket_timeout": 2, "retry": Retry(NoBackoff(), 0)}  # by default it asks again and again
        super().__init__(server, params | {"OPTIONS": patience | params.get("OPTIONS", {})})
        self.here = LocMemCache("while Redis is away", params)

    add = _or_here("add")
    get = _or_here("get")
    set = _or_here("set")
    touch = _or_here("touch")
    delete = _or_here("delete")
    has_key = _or_here("has_key")
    incr = _or_here("incr")
    get_many = _or_here("get_many")
    set_many = _or_here("set_many")
    delete_many = _or_here("delete_many")
    clear = _or_here("clear")

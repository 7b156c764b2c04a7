"""Counts for which every insight is looked at: made where something has changed, and at most once a minute."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from cachetools import LRUCache
from django.conf import settings

from feeds.library.changes import Version, current_version

T = TypeVar("T")

_MOST = 1000
_lock = threading.Lock()
_made: LRUCache[Hashable, _Made] = LRUCache(_MOST)


@dataclass(frozen=True, slots=True)
class _Made:
    version: Version
    at: float
    value: Any


def figure(name: Hashable, count: Callable[[], T]) -> T:
    """What `count` gives, or gave this process when nothing was different or a moment ago.

    During a night's reading something changes all the time; a count that is a minute old is near enough.
    """
    now = time.time()
    with _lock:
        made = _made.get(name)
    if made and abs(now - made.at) < settings.FIGURES_SECONDS:
        value: T = made.value
        return value
    version = current_version()
    value = made.value if made and made.version == version else count()
    with _lock:
        _made[name] = _Made(version, now, value)
    return value

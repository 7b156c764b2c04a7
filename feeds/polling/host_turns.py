"""Which feeds a sweep asks: hosts take turns, so that one with hundreds of shows holds nobody up."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from itertools import islice, zip_longest

from feeds.models import Feed


def next_to_ask(
    *, now: dt.datetime, host_of: Callable[[str], str], limit: int, asked: Collection[int] = ()
) -> list[Feed]:
    """Of the feeds that are due and were not `asked` in this sweep."""
    due = Feed.objects.due(now).values_list("pk", "url")
    hosts = ((pk, host_of(url or "")) for pk, url in due if pk not in asked)
    chosen = list(islice(in_turns(hosts), limit))
    feeds = Feed.objects.in_bulk(chosen)
    return [feeds[pk] for pk in chosen if pk in feeds]


def in_turns(due: Iterable[tuple[int, str]]) -> Iterable[int]:
    """Pure: of each host the one that waits longest, then of each the second, and so on."""
    by_host = defaultdict[str, list[int]](list)
    for pk, host in due:
        by_host[host].append(pk)
    return (pk for turn in zip_longest(*by_host.values()) for pk in turn if pk is not None)

"""A night of polling: shows on 200 hosts, of which a tenth have one new episode among 300, the others are not modified.

    python -m benchmarks.scan [--shows 1000] [--peers PYTHON]

PYTHON is one where httpx and reader are installed: a bare client asks the same hosts the same, and `reader` keeps
them in a database of its own. The bars: 10,000 shows in 60 seconds and 512 MB on two cores, half of the bare client's
rate, ten times that of `reader`. Processor time is that of the poller with its database, not that of the hosts. A show
that is not modified has ten episodes here, of which polling looks at the dates.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import log

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import psutil  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.scan_hosts import EPISODES, HOSTS, address, document, is_new  # noqa: E402
from benchmarks.tables import print_table  # noqa: E402
from feeds.models import Feed  # noqa: E402
from feeds.polling.http import Door, Limits  # noqa: E402
from feeds.polling.http.manners import Manners  # noqa: E402
from feeds.polling.intake import take_in  # noqa: E402
from feeds.polling.parse import ParsedFeed, parse  # noqa: E402
from feeds.polling.parse.pieces import cut  # noqa: E402
from feeds.polling.refresh import Outcome, refresh  # noqa: E402

BARE = """
import asyncio, sys, time, httpx
async def main(urls):
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=32)) as client:
        room = asyncio.Semaphore(32)
        async def ask(url):
            async with room:
                await client.get(url, headers={"If-None-Match": '"300"'})
        await asyncio.gather(*map(ask, urls))
urls = sys.stdin.read().split()
started, used = time.monotonic(), time.process_time()
asyncio.run(main(urls))
print(time.monotonic() - started, time.process_time() - used)
"""
READER = """
import sys, time, urllib.request, reader
urls = sys.stdin.read().split()
mine = reader.make_reader(":memory:")
for url in urls:
    mine.add_feed(url)
list(mine.update_feeds_iter(scheduled=False))
urllib.request.urlopen(urls[0].split("/show")[0] + "/night").read()
started, used = time.monotonic(), time.process_time()
list(mine.update_feeds_iter(scheduled=False))
print(time.monotonic() - started, time.process_time() - used)
"""
# Its first reading of a show takes half a second.
SHOWS_OF_READER = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shows", type=int, default=1000)
    parser.add_argument("--peers", metavar="PYTHON")
    options = parser.parse_args()
    name = connection.creation.create_test_db(verbosity=0, serialize=False)
    try:
        sizes = (max(options.shows // 10, HOSTS), options.shows)
        figures = {shows: _night(shows) for shows in sizes}
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    rows = [(f"overheard, {shows:,} shows", _cells(shows, *found)) for shows, found in figures.items()]
    if options.peers:
        rows.append((f"httpx alone, {options.shows:,}", _cells(options.shows, *_bare(options.peers, options.shows))))
        rows.append((f"reader, {SHOWS_OF_READER:,}", _cells(SHOWS_OF_READER, *_reader(options.peers))))
    print_table("A night", ("seconds", "shows a second", "ms CPU a show"), rows)
    (few, many) = sizes
    exponent = log(figures[many][0] / figures[few][0]) / log(many / few) if many > few else 1.0
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"Exponent {exponent:.2f}; at most {memory:,.0f} MB (bar 512); 10,000 shows would take "
        f"{10_000 * figures[many][0] / many:,.0f} s (bar 60)."
    )


def _cells(shows: int, seconds: float, processor: float) -> list[str]:
    return [f"{seconds:,.1f}", f"{shows / seconds:,.0f}", f"{processor / shows * 1000:,.1f}"]


def _night(shows: int) -> tuple[float, float]:
    """Seconds, and seconds of processor time."""
    with _hosts() as port:
        urls = [address(number, port=port) for number in range(shows)]
        _fill(urls)
        door = _door(urls)
        door.get(urls[0].split("/show")[0] + "/night")
        started, used = time.monotonic(), _processor_time()
        now = timezone.now()
        outcomes = list(refresh(Feed.objects.due(now), now=now, door=door))
        figures = time.monotonic() - started, _processor_time() - used
    changed = sum(outcome.outcome == Outcome.CHANGED and outcome.stored == 1 for outcome in outcomes)
    if (len(outcomes), changed) != (shows, sum(map(is_new, range(shows)))):
        raise SystemExit(f"of {shows} shows {len(outcomes)} were polled, {changed} had their new episode")
    Feed.objects.all().delete()
    return figures


def _door(urls: list[str]) -> Door:
    allowed = {url.split("/")[2] for url in urls}
    return Door(allowed=allowed, limits=Limits(gap=0), manners=Manners())


def _fill(urls: list[str]) -> None:
    """As they stand after a first reading."""
    now = timezone.now()
    text = document(episodes=EPISODES).decode()
    pieces, read = cut(text), parse(text.encode(), url="https://shows.example/")
    for number, url in enumerate(urls):
        feed = Feed.objects.create(
            url=url, slug=f"show-{number}", title="Before", etag=f'"{EPISODES}"', last_whole_at=now
        )
        marks = pieces.fingerprints(url=url) if pieces else []
        take_in(feed, _with_fingerprints(read, marks if is_new(number) else marks[:10]), now=now)
        Feed.objects.filter(pk=feed.pk).update(last_changed_at=now)


def _with_fingerprints(read: ParsedFeed, marks: list[str]) -> ParsedFeed:
    episodes = (replace(one, fingerprint=mark) for one, mark in zip(read.episodes, marks, strict=False))
    return replace(read, episodes=tuple(episodes))


def _processor_time() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = psutil.Process(cursor.fetchone()[0]).parent()
    running = [psutil.Process(), *([server, *server.children()] if server else [])]
    return sum(sum(one.cpu_times()[:2]) for one in running)


@contextmanager
def _hosts() -> Iterator[int]:
    command = [sys.executable, "-m", "benchmarks.scan_hosts"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as hosts:  # noqa: S603
        try:
            yield int(hosts.stdout.readline() if hosts.stdout else 0)
        finally:
            hosts.terminate()


def _bare(python: str, shows: int) -> tuple[float, float]:
    with _hosts() as port:
        urls = [address(number, port=port) for number in range(shows)]
        _door(urls).get(urls[0].split("/show")[0] + "/night")
        return _by_peer(python, BARE, urls)


def _reader(python: str) -> tuple[float, float]:
    with _hosts() as port:
        return _by_peer(python, READER, [address(number, port=port) for number in range(SHOWS_OF_READER)])


def _by_peer(python: str, script: str, urls: list[str]) -> tuple[float, float]:
    told = subprocess.run([python, "-c", script], input="\n".join(urls), capture_output=True, text=True, check=True)  # noqa: S603
    seconds, processor = map(float, told.stdout.split())
    return seconds, processor


if __name__ == "__main__":
    main()

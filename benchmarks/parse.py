"""What reading a feed costs: all of it, and the one episode in it that is new, beside other readers of the same bytes.

    python -m benchmarks.parse [PYTHON]

PYTHON is one where podcastparser and fastfeedparser are installed, to stand beside it. The bar: one new episode among
20, 300 or 2,000 costs at most a tenth of what feedparser takes for the feed. Processor time of the fastest of three
runs, in milliseconds.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import feedparser

from benchmarks.tables import print_table
from feeds.polling.parse import parse
from tests.feeds.rss import item, rss

SIZES = (20, 300, 2_000)
RUNS = 3
BAR = 0.10
URL = "https://pod.example/feed.xml"
NOTES = "<p>What the two talk about, and <a href='https://pod.example/more?a=1&amp;b=2'>where to read on</a>.</p>" * 8


PEERS = {
    "podcastparser": "import io, podcastparser as p; read = lambda: p.parse('https://x.example/', io.BytesIO(feed))",
    "fastfeedparser": "import fastfeedparser as p; read = lambda: p.parse(feed)",
}
TIMED = """
import sys, time
feed = sys.stdin.buffer.read()
{read}
times = []
for _ in range({runs}):
    started = time.process_time()
    read()
    times.append(time.process_time() - started)
print(min(times) * 1000)
"""


def main(peers_python: str | None) -> None:
    columns = [f"{size:,} items" for size in SIZES]
    feeds = [made_up_feed(size) for size in SIZES]
    times = {name: [milliseconds(read, feed) for feed in feeds] for name, read in _readers().items()}
    if peers_python:
        times |= {name: [_by_peer(peers_python, read, feed) for feed in feeds] for name, read in PEERS.items()}
    one_new = [_one_new(feed) for feed in feeds]
    shares = [new / whole for new, whole in zip(one_new, times["feedparser"], strict=True)]
    rows = [(name, [f"{one:,.1f}" for one in found]) for name, found in times.items()]
    rows.append(("one new episode", [f"{one:,.2f}" for one in one_new]))
    rows.append(("  of feedparser's time", [f"{share:.1%}" for share in shares]))
    print_table("Milliseconds a feed", columns, rows)
    print(f"The bar is {BAR:.0%}: {'held' if max(shares) <= BAR else 'MISSED'}.")


def made_up_feed(size: int) -> bytes:
    return rss(
        *(
            item(
                f"show-{number}",
                hours_ago=24.0 * (size - number),
                audio=f"https://cdn.example/{number}.mp3?from=feed",
                transcript=f"https://cdn.example/{number}.vtt",
                extra=f"<description><![CDATA[{NOTES}]]></description>",
            )
            for number in reversed(range(size))
        )
    )


def milliseconds(read: Callable[[bytes], Any], feed: bytes) -> float:
    return min(_once(read, feed) for _ in range(RUNS))


def _one_new(feed: bytes) -> float:
    known = {one.fingerprint for one in parse(feed, url=URL).episodes[1:]}
    return milliseconds(lambda body: parse(body, url=URL, known=known), feed)


def _once(read: Callable[[bytes], Any], feed: bytes) -> float:
    started = time.process_time()
    read(feed)
    return (time.process_time() - started) * 1_000


def _readers() -> dict[str, Callable[[bytes], Any]]:
    return {"all of it": lambda body: parse(body, url=URL), "feedparser": feedparser.parse}


def _by_peer(python: str, read: str, feed: bytes) -> float:
    command = [python, "-c", TIMED.format(read=read, runs=RUNS)]
    return float(subprocess.run(command, input=feed, capture_output=True, check=True).stdout)  # noqa: S603


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)

"""Finished briefs a second, bytes ready for SMTP, beside Django's templates and MIME generator for each message.

By the wall, and by the processor time of all processes together: what they reach where nothing else runs.

    python -m benchmarks.render [--briefs 4000] [--processes 2]
"""

import argparse
import datetime as dt
import os
import random
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import css_inline
import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.mail import EmailMultiAlternatives  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402

from accounts.models import User  # noqa: E402
from briefs.edition.printing.render import Edition, EditionItem, Press, headers  # noqa: E402
from briefs.models import Brief  # noqa: E402
from feeds.models import Episode, Feed, Insight  # noqa: E402

DAY = dt.date(2026, 11, 23)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--briefs", type=int, default=4000, help="in each process")
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    print(f"{'way':<34} {'briefs/s':>9} {'by processor':>13} {'bytes each':>11}")
    for name, work, count in (
        ("blocks and own bytes", _by_press, arguments.briefs),
        ("Django's templates, css-inline, MIME", _by_django, arguments.briefs // 20),
    ):
        made = _in_processes(work, count, arguments.processes)
        wall, cpu = sum(count / one.wall for one in made), sum(count / one.cpu for one in made)
        print(f"{name:<34} {wall:>9.0f} {cpu:>13.0f} {made[0].size:>11}")


@dataclass(frozen=True)
class Made:
    """What one process took for its briefs."""

    wall: float
    cpu: float
    size: int


def _in_processes(work: Callable[[int], Made], count: int, processes: int) -> list[Made]:
    with ProcessPoolExecutor(processes) as workers:
        return list(workers.map(work, [count] * processes))


def _timed(make: Callable[[Edition], bytes], editions: list[Edition]) -> Made:
    size, wall, cpu = 0, time.perf_counter(), time.process_time()
    for edition in editions:
        size = len(make(edition))
    return Made(time.perf_counter() - wall, time.process_time() - cpu, size)


def _by_press(count: int) -> Made:
    press = Press()
    press.set(_insights())
    return _timed(lambda edition: press.message(edition).message().as_bytes(linesep="\r\n"), _editions(count))


def _by_django(count: int) -> Made:
    """The same mail the usual way: five items rendered, inlined and encoded for everybody anew."""
    insights = {insight.pk: insight for insight in _insights()}
    frame = render_to_string("emails/brief-html.html", {"insight": Insight(), "slot": {}})
    frame_before, frame_after = frame.split("<!--items-->")[0], frame.split("<!--/items-->")[1]
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)

    def make(edition: Edition) -> bytes:
        parts: dict[str, list[str]] = {"html": [], "txt": []}
        for number, item in enumerate(edition.items, start=1):
            insight = insights[item.insight_id]
            slot = {"number": number, "reason": item.reason, "act": f"{settings.SITE_URL}/v/{'x' * 32}/"}
            context = {"insight": insight, "slot": slot, "show": insight.episode.feed.title, "date": "22 Nov 2026"}
            for part, rendered in parts.items():
                rendered.append(render_to_string(f"emails/_brief_item.{part}", context))
        headline = insights[edition.items[0].insight_id].headline
        message = EmailMultiAlternatives(
            headline, "".join(parts["txt"]), to=[edition.user.email], headers=headers(edition.user, edition.day)
        )
        message.attach_alternative(inliner.inline(f"{frame_before}{''.join(parts['html'])}{frame_after}"), "text/html")
        return bytes(message.message().as_bytes())

    return _timed(make, _editions(count))


def _insights() -> list[Insight]:
    feed = Feed(title="Second Derivative", language="en")
    made = []
    for pk in range(1, 301):
        when = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
        episode = Episode(pk=pk, feed=feed, title=f"Episode {pk}: the price of free", published_at=when)
        episode.duration_seconds, episode.audio_url = 3482, "https://cdn.example.com/1.mp3"
        text = "After decades of mistrust, the firm gave its model away, because nobody would have paid for it. " * 3
        headline = f"Claim {pk}: free models are given away where nobody would pay for them"
        insight = Insight(
            pk=pk, episode=episode, headline=headline, text=text, quote="q", speaker="Ada Berg", start=1421.0
        )
        made.append(insight)
    return made


def _editions(count: int) -> list[Edition]:
    rng = random.Random(3)
    return [
        Edition(
            User(pk=pk, email=f"reader{pk}@example.com"),
            DAY,
            Brief.Kind.DAILY,
            tuple(
                EditionItem(insight_id, "because you follow Economics") for insight_id in rng.sample(range(1, 301), 5)
            ),
        )
        for pk in range(1, count + 1)
    ]


if __name__ == "__main__":
    main()

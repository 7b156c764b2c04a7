"""How fast the pages of a large site are, beside a view that does nothing: python -m benchmarks.web [--insights N]

The site runs as documented, on a database of its own below VAR_DIR that is filled once and kept; wrk asks it with eight
connections, for other pages each time and for the same few, each beside the empty view in the same minute. Needs wrk.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.web.settings"
os.environ["VAR_DIR"] = os.environ.get("BENCHMARK_VAR_DIR", "var/benchmark-web")
os.environ["KEPT_PAGES_MB"] = "0"  # in this process, which looks at statements

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.tables import print_table  # noqa: E402
from benchmarks.web.world import AN_EPISODE, PEOPLE, SHOWS, fill  # noqa: E402
from feeds.library.related.on_page import work_out  # noqa: E402
from feeds.models import Insight, Topic  # noqa: E402

PORT = 8790
SQL_LIMIT_MS, P99_LIMIT_MS = 15, 100
_LUA = """
local number = 0
local addresses = {{{addresses}}}
request = function()
  number = number + 1
  return wrk.format("GET", addresses[1 + number % #addresses])
end
"""


@dataclass(frozen=True)
class Speed:
    rate: float
    p99_ms: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--insights", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=6)
    options = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed: apt-get install wrk")
    call_command("migrate", verbosity=0)
    call_command("collectstatic", "--noinput", verbosity=0)
    if not Insight.objects.exists():
        fill(options.insights)
    pages = addresses()
    _as_readers_leave_it(pages["insight"])
    statements = {name: _sql_ms(paths[:20]) for name, paths in pages.items()}
    connection.close()
    with _site(kept_mb=0):
        anew = _measured(pages, seconds=options.seconds, few=False)
    with _site(kept_mb=64):
        kept = _measured(pages, seconds=options.seconds, few=True)
    _report(statements, anew, kept)


def addresses() -> dict[str, list[str]]:
    """Of each kind of page a few hundred addresses, spread over the site."""
    ids = list(Insight.objects.order_by("pk").values_list("pk", flat=True))
    some = ids[:: max(1, len(ids) // 200)]
    episodes = list(Insight.objects.filter(pk__in=some).values_list("episode", flat=True))
    days = Insight.objects.filter(pk__in=some).dates("episode__published_at", "day")
    return {
        "home": ["/"],
        "insight": [f"/insights/{pk}/" for pk in some],
        "topic": [f"/topics/{slug}/" for slug in Topic.objects.values_list("slug", flat=True)],
        "show": [f"/shows/show-{n}/" for n in range(SHOWS)],
        "shows": ["/shows/"],
        "episode": [f"/episodes/{pk}/" for pk in episodes],
        "day": [f"/days/{day:%Y-%m-%d}/" for day in days],
        "person": [f"/people/ada-berg{n}/" for n in range(0, PEOPLE, PEOPLE // 200)],
        "share picture": [f"/insights/{pk}/share.png" for pk in some[: 40 * AN_EPISODE]],
    }


def _as_readers_leave_it(paths: Sequence[str]) -> None:
    """The ways on are worked out before anybody asks."""
    asked = [int(path.split("/")[2]) for path in paths]
    for insight in Insight.objects.with_source().filter(pk__in=asked, kept_ways=None):
        work_out(insight, now=timezone.now())


def _sql_ms(paths: Sequence[str]) -> float:
    """The median time that the statements of a page take, made anew; what is counted once a minute was counted."""
    client, found = Client(headers={"Host": "127.0.0.1"}), []
    for path in paths:
        client.get(path)
        spent: list[float] = []

        def timed(execute: Callable[..., Any], *statement: Any, spent: list[float] = spent) -> Any:
            begun = time.perf_counter()
            try:
                return execute(*statement)
            finally:
                spent.append(time.perf_counter() - begun)

        with connection.execute_wrapper(timed):
            client.get(path)
        found.append(1000 * sum(spent))
    return sorted(found)[len(found) // 2]


@contextmanager
def _site(*, kept_mb: int) -> Iterator[None]:
    environment = os.environ | {"KEPT_PAGES_MB": str(kept_mb), "PORT": str(PORT), "DEBUG": "0"}
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"]
    with subprocess.Popen(command, env=environment) as server:  # noqa: S603
        try:
            _wait()
            yield
        finally:
            server.terminate()


def _wait() -> None:
    for _ in range(240):
        try:
            _ask("/trivial/")
        except OSError:
            time.sleep(0.25)
        else:
            return
    sys.exit("The site did not start.")


def _ask(path: str) -> None:
    urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}").close()


def _measured(pages: dict[str, list[str]], *, seconds: int, few: bool) -> dict[str, tuple[Speed, Speed]]:
    """Of each kind its speed and, in the same minute, the empty view's."""
    found = {}
    for name, paths in pages.items():
        asked = paths[:10] if few else paths
        for path in asked[:10]:
            _ask(path)
        found[name] = (_wrk(asked, seconds=seconds), _wrk(["/trivial/"], seconds=seconds))
    return found


def _wrk(paths: Sequence[str], *, seconds: int) -> Speed:
    script = Path(os.environ["VAR_DIR"]) / "wrk.lua"
    script.write_text(_LUA.format(addresses=", ".join(f'"{path}"' for path in paths)))
    command = ["wrk", "-t1", "-c8", f"-d{seconds}s", "--latency", "-s", str(script), f"http://127.0.0.1:{PORT}"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    if "Non-2xx" in told:
        sys.exit(f"Not every answer of {paths[0]} was a page:\n{told}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    assert rate and slow
    return Speed(float(rate[1]), float(slow[1]) * {"us": 0.001, "ms": 1, "s": 1000}[slow[2]])


def _report(
    statements: dict[str, float], anew: dict[str, tuple[Speed, Speed]], kept: dict[str, tuple[Speed, Speed]]
) -> None:
    rows = []
    for name, sql in statements.items():
        (fresh, beside), (again, beside_again) = anew[name], kept[name]
        rows.append(
            (
                name,
                (
                    f"{sql:.1f}",
                    f"{fresh.rate:.0f}",
                    f"{fresh.rate / beside.rate:.2f}",
                    f"{fresh.p99_ms:.0f}",
                    f"{again.rate:.0f}",
                    f"{again.rate / beside_again.rate:.2f}",
                    f"{again.p99_ms:.0f}",
                ),
            )
        )
    columns = ("SQL ms", "anew/s", "of empty", "p99 ms", "kept/s", "of empty", "p99 ms")
    print_table(f"Pages of {Insight.objects.count():,} insights, 8 connections", columns, rows)
    print(
        f"Bars: SQL {SQL_LIMIT_MS} ms, anew half of the empty view's rate, kept as fast as it, p99 {P99_LIMIT_MS} ms."
    )


if __name__ == "__main__":
    main()

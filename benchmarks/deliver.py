"""Mails a second from the ledger to a mail server, by one sender and by two, beside bare smtplib and Django.

    python -m benchmarks.deliver [--briefs 3000]

A database of its own on the embedded server, as durable as in production. The mail server is Postfix's `smtp-sink`
where it is installed, else the tests' own. Both share the processor with the senders.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import smtplib
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.mail import send_mail  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from briefs.edition.deliver import deliver_due  # noqa: E402
from briefs.edition.printing.render import Press, edition  # noqa: E402
from briefs.models import Brief, BriefItem  # noqa: E402
from feeds.models import Insight  # noqa: E402
from tests.briefs.smtp_sink import running_sink  # noqa: E402
from tests.factories import make_insight, make_user  # noqa: E402

LIMIT = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--briefs", type=int, default=3000)
    briefs = parser.parse_args().briefs
    name = connection.creation.create_test_db(verbosity=0, serialize=False)
    try:
        _compose(briefs)
        with _mail_server() as (server, port):
            _send_by_smtp_to(port)
            _report(briefs, server=server, port=port)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _compose(count: int) -> None:
    now = timezone.now()
    insights = [make_insight() for _ in range(60)]
    briefs = Brief.objects.bulk_create(
        Brief(user=make_user(), day=now.date(), state=Brief.State.COMPOSED, due_at=now) for _ in range(count)
    )
    BriefItem.objects.bulk_create(
        BriefItem(
            brief=brief,
            insight=insights[(number + position) % len(insights)],
            position=position,
            reason=BriefItem.Reason.BEST,
            score=1,
        )
        for number, brief in enumerate(briefs)
        for position in range(1, 6)
    )


@contextmanager
def _mail_server() -> Iterator[tuple[str, int]]:
    program = shutil.which("smtp-sink", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        with running_sink() as sink:
            yield "aiosmtpd", sink.port
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []
    with subprocess.Popen([program, *as_nobody, f"127.0.0.1:{port}", "100"]) as sink_process:  # noqa: S603
        try:
            _wait_for(port)
            yield "smtp-sink", port
        finally:
            sink_process.terminate()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return


def _send_by_smtp_to(port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False


def _report(briefs: int, *, server: str, port: int) -> None:
    mails = _mails()
    print(f"{briefs} briefs of {len(mails[0][1])} bytes into {server}")
    print(f"{'way':<34} {'senders':>7} {'mails/s':>8} {'processor ms each':>18}")
    for senders in (1, 2):
        ledger = _timed(briefs, senders, lambda _: _deliver())
        assert Brief.objects.filter(state=Brief.State.SENT).count() == briefs
        print(f"{'claim, send, record':<34} {senders:>7} {ledger}")
        Brief.objects.update(state=Brief.State.COMPOSED, next_attempt_at=timezone.now(), attempts=0)
        bare = _timed(briefs, senders, partial(_bare, mails, port, senders))
        print(f"{'smtplib, mails ready in memory':<34} {senders:>7} {bare}")
        plain = _timed(briefs, senders, partial(_by_django, senders))
        print(f"{'Django, a connection for each mail':<34} {senders:>7} {plain}")
    print(f"the bar is {LIMIT} mails/s from ledger to mail server, on two cores that nothing else works on")


def _timed(briefs: int, senders: int, send: Callable[[int], None]) -> str:
    """Mails a second of all senders, the start of their processes included, and what one costs its sender."""
    connections.close_all()
    global _send  # noqa: PLW0603  # what a forked process inherits need not be pickled
    _send = send
    started = time.perf_counter()
    with ProcessPoolExecutor(senders) as pool:
        cpu = sum(pool.map(_run, range(senders)))
    return f"{briefs / (time.perf_counter() - started):>8.0f} {1000 * cpu / briefs:>18.2f}"


def _run(sender: int) -> float:
    started = time.process_time()
    _send(sender)
    return time.process_time() - started


_send: Callable[[int], None] = print


def _deliver() -> None:
    deliver_due(now=timezone.now() + dt.timedelta(seconds=1), limit=1_000_000)
    connections.close_all()


def _mails() -> list[tuple[str, bytes]]:
    press = Press()
    press.set(Insight.objects.with_source())
    made = []
    for brief in Brief.objects.select_related("user").prefetch_related("items"):
        message = press.message(edition(brief, brief.user, brief.items.all()))
        made.append((brief.user.email, message.message().as_bytes(linesep="\r\n")))
    return made


def _bare(mails: list[tuple[str, bytes]], port: int, senders: int, sender: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for address, content in mails[sender::senders]:
            smtp.sendmail("brief@example.com", [address], content)


def _by_django(senders: int, sender: int) -> None:
    """As a loop over subscribers with send_mail would do it, the text set anew for each."""
    for brief in Brief.objects.select_related("user").order_by("pk")[sender::senders]:
        text = "\n\n".join(brief.items.values_list("insight__text", flat=True))
        send_mail(brief.subject or "A claim", text, None, [brief.user.email])
    connections.close_all()


if __name__ == "__main__":
    main()

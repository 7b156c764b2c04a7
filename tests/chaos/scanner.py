"""Scanners to be killed, each replaced as soon as it is dead, for ever.

Only they are killed and not their parent, which has everything imported, for that takes seconds.
"""

import contextlib
import io
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django
from django.conf import settings

from tests.clock import share_the_clock

database, port, scanners = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = database
settings.FETCH_ALLOWED = [f"127.0.0.1:{port}"]
settings.EXTRACTOR = "tests.feeds.library.test_process.QuotingExtractor"
django.setup()
share_the_clock()

from django.core.management import CommandError, call_command  # noqa: E402

from feeds.management.commands import scan  # noqa: E402, F401


def scan_for_ever() -> None:
    while True:
        with contextlib.suppress(CommandError), contextlib.redirect_stderr(io.StringIO()):
            call_command("scan", stdout=io.StringIO())


alive = 0
while True:
    if os.fork() == 0:
        scan_for_ever()
    alive += 1
    if alive == int(scanners):
        os.wait()
        alive -= 1

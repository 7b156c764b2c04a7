"""Beats, composers and senders in one, to be killed, each replaced as soon as it is dead, for ever.

Their clock runs faster than the machine's, so that what waits for minutes waits for seconds. Only they are killed and
not their parent, which has everything imported, for that takes seconds.
"""

import contextlib
import datetime as dt
import os
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django
from django.conf import settings

from tests.clock import share_the_clock

database, port, tickers, begin, speed = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = database
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(port)
django.setup()
share_the_clock()

from django.db import Error, connection  # noqa: E402

from briefs.edition.tick import tick  # noqa: E402


def now() -> dt.datetime:
    began = dt.datetime.fromisoformat(begin)
    return began + (dt.datetime.now(dt.UTC) - began) * float(speed)


def tick_for_ever() -> None:
    while True:
        with contextlib.suppress(Error):
            tick(now=now())
        connection.close()
        time.sleep(0.05)


alive = 0
while True:
    if os.fork() == 0:
        tick_for_ever()
    alive += 1
    if alive == int(tickers):
        os.wait()
        alive -= 1

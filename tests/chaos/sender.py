"""A sender process to be killed: delivers what is due from the named database to the named port, for ever."""

import os
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django
from django.conf import settings

from tests.clock import share_the_clock

database, port = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = database
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(port)
django.setup()
share_the_clock()

from django.utils import timezone  # noqa: E402

from briefs.edition.deliver import deliver_due  # noqa: E402

while True:
    deliver_due(now=timezone.now())
    time.sleep(0.05)

"""The settings of lanes that a test starts: its database, its servers, its clock, and a reader that never ends."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["LANE_DATABASE"]
REDIS_URL = os.environ["LANE_REDIS"]
FETCH_ALLOWED = os.environ["LANE_FETCH"].split(",")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ["LANE_SMTP"])
EXTRACTOR = "tests.chaos.slow_extractor.SlowExtractor"

from tests.clock import share_the_clock  # noqa: E402

share_the_clock()

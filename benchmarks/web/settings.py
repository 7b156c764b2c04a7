"""The documented site, with a view beside it that does nothing: what the server itself costs."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.web.urls"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]

"""The site over a database of its own: `config.wsgi` but for the names of the database and of the key."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from tests.clock import AHEAD, share_the_clock

settings.DATABASES["default"]["NAME"] = os.environ["ATTACKED_DATABASE"]
settings.SECRET_KEY = os.environ["ATTACKED_SECRET_KEY"]
if AHEAD in os.environ:
    share_the_clock()
settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # so that the attacks come from many networks
settings.ALLOWED_HOSTS = ["127.0.0.1"]

application = get_wsgi_application()

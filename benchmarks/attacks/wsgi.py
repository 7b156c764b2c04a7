"""The site over a database of its own: `config.wsgi` but for the names of the database and of the key."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.DATABASES["default"]["NAME"] = os.environ["ATTACKED_DATABASE"]
settings.SECRET_KEY = os.environ["ATTACKED_SECRET_KEY"]
settings.ALLOWED_HOSTS = ["127.0.0.1"]

application = get_wsgi_application()

"""The project's settings for its tests: what the person running them has in the environment decides nothing."""

import json
import os
import re
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent

for _name in re.findall(r"^#? ?([A-Z_]+)=", (_ROOT / ".env.example").read_text(), re.MULTILINE):
    os.environ.pop(_name, None)
os.environ["ENV_FILE"] = os.devnull
os.environ["SOCIAL_SIGN_IN"] = json.dumps(
    {name: {"client_id": "overheard", "secret": "of nobody"} for name in ("google", "github", "apple")}
)
os.environ["EMAIL_PROVIDER"] = json.dumps({"postmark": {"server_token": "of nobody"}})
os.environ["EMAIL_WEBHOOK_SECRET"] = "postmark:the-secret-of-the-tests"
os.environ["VAR_DIR"] = str(_ROOT / "var" / "test")

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES  # noqa: E402

# Nobody mourns these rows after a power cut.
DATABASES["default"]["SERVER_SETTINGS"] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}
# A connection kept open by the live server's threads would keep the test database from being dropped.
DATABASES["default"]["CONN_MAX_AGE"] = 0
# Two runs at once, each with its own database.
DATABASES["default"]["TEST"] = {"NAME": f"test_overheard_{os.getpid()}"}

# Static files come from where they are written: nothing is collected for a test.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

# A test sees each page made anew, except where it says otherwise.
KEPT_PAGES_MB = 0
FIGURES_SECONDS = 0

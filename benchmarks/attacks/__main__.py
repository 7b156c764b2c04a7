"""Attacks the site as gunicorn serves it, over loopback and a database of its own: attack, tries, held.

python -m benchmarks.attacks
"""

from __future__ import annotations

import logging
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from benchmarks.attacks.serving import served  # noqa: E402
from benchmarks.attacks.tries import ATTACKS, attempt  # noqa: E402


def main() -> bool:
    setup_test_environment()
    logging.disable(logging.WARNING)
    name = connection.creation.create_test_db(verbosity=0, serialize=False)
    try:
        with served(name, settings.SECRET_KEY) as port:
            print(f"{'attack':50}{'tries':>7}{'held':>7}")
            held = [_report(attack, port) for attack in ATTACKS]
            return all(held)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _report(attack: str, port: int) -> bool:
    outcome = attempt(attack, port)
    is_held = outcome.tries == outcome.held
    print(f"{attack:50}{outcome.tries:7}{outcome.held:7}{'' if is_held else '  FALLS'}", flush=True)
    return is_held


if __name__ == "__main__":
    sys.exit(not main())

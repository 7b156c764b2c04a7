from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection

from benchmarks.attacks.serving import served


@pytest.fixture(scope="module")
def port(django_db_setup: None, pytestconfig: pytest.Config) -> Iterator[int]:
    """Of the site over the tests' database, as gunicorn serves it with the settings of `make run`."""
    with served(
        str(connection.settings_dict["NAME"]), settings.SECRET_KEY, now=pytestconfig.getoption("now")
    ) as number:
        yield number

"""A database that ends connections, as one does that is stopped or restarted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from django.db import connection


def hang_up_as_the_database() -> None:
    """End every connection to the database of this test; from any thread, also from one that runs an event loop."""
    with ThreadPoolExecutor() as other:
        other.submit(_end_all_but_this).result()


def _end_all_but_this() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    connection.close()

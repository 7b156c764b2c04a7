"""Django's PostgreSQL backend on the embedded server, which the first connection starts."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base
from django.db.utils import OperationalError

from config.machine import database
from config.machine.server_account import ServerError


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes two settings more: DATA_DIR, and SERVER_SETTINGS for the server that it starts."""

    def get_connection_params(self) -> dict[str, Any]:
        data = Path(self.settings_dict["DATA_DIR"])
        try:
            socket_dir = database.ensure_running(data, settings=self.settings_dict.get("SERVER_SETTINGS"))
        except ServerError as error:
            raise OperationalError(str(error)) from error
        return super().get_connection_params() | {"host": str(socket_dir), "user": database.SUPERUSER}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        _ensure_database_once(conn_params["dbname"], Path(conn_params["host"]))
        return super().get_new_connection(conn_params)


@functools.cache
def _ensure_database_once(name: str, socket_dir: Path) -> None:
    database.ensure_database(name, socket_dir=socket_dir)

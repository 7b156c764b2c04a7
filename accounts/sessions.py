"""Sessions in the database under the hash of their key: who reads the table can sign in as nobody."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone


class SessionStore(db.SessionStore):
    """`session_key` is what the cookie holds; the row carries its hash."""

    def _get_session_from_db(self) -> Any:
        row = self.model.objects.filter(session_key=_hashed(self.session_key), expire_date__gt=timezone.now()).first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return super().exists(_hashed(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.session_key = _hashed(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            super().delete(_hashed(key))


def _hashed(key: str | None) -> str:
    # 40 characters, the width of the column: 160 bits of SHA-256.
    return hashlib.sha256((key or "").encode()).hexdigest()[:40]

"""Sessions in the database under the hash of their key: who reads the table can sign in as nobody."""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.account.utils import url_str_to_user_pk
from django.contrib.sessions.backends import db
from django.utils import timezone

from accounts.models import Session

# Somebody who has not signed in leaves no more than a half-finished sign-in, whose code is good for ten minutes.
_NOBODYS_AGE = 3600


class SessionStore(db.SessionStore):
    """`session_key` is what the cookie holds; the row carries its hash, and whose it is."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def get_session_cookie_age(self) -> int:
        return super().get_session_cookie_age() if "_auth_user_id" in self else _NOBODYS_AGE

    def _get_session_from_db(self) -> Any:
        row = self.model.objects.filter(session_key=_hashed(self.session_key), expire_date__gt=timezone.now()).first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return super().exists(_hashed(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = super().create_model_instance(data)
        assert isinstance(row, Session)  # noqa: S101  # as get_model_class says
        row.session_key = _hashed(row.session_key)
        row.user_id = _user_id(data)
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            super().delete(_hashed(key))


def _user_id(data: dict[str, Any]) -> int | None:
    """Of who signed in, or of the subscriber in whose name a sign-in was begun."""
    if signed_in := data.get("_auth_user_id"):
        return int(signed_in)
    begun = (data.get("account_login") or {}).get("user_pk")
    return int(url_str_to_user_pk(begun)) if begun else None


def _hashed(key: str | None) -> str:
    # 40 characters, the width of the column: 160 bits of SHA-256.
    return hashlib.sha256((key or "").encode()).hexdigest()[:40]

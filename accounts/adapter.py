"""What allauth asks of us: its mail becomes letters, its sign-up stays closed, its secrets are encrypted."""

from __future__ import annotations

import base64
import datetime as dt
import functools
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts.addresses import InvalidAddress, canonical
from accounts.letters import request_letter
from accounts.models import AccountEvent, Letter, User
from accounts.tasks import deliver_letters
from config.doorbell import ring

_CODES_PER_HOUR = 5
_SECURITY_LETTERS = {
    "mfa/email/recovery_codes_generated": "New recovery codes were made for your account",
    "mfa/email/totp_activated": "A code generator was added to your account",
    "mfa/email/totp_deactivated": "The code generator was removed from your account",
    "mfa/email/webauthn_added": "A passkey was added to your account",
    "mfa/email/webauthn_removed": "A passkey was removed from your account",
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Our own box is the only way in: it asks for an address and nothing else."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        user = _subscriber(email)
        if template_prefix != "account/email/login_code" or user is None or _has_many_codes(user):
            return
        request_letter(user, Letter.Kind.LOGIN_CODE, code=context["code"])
        ring(deliver_letters)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,  # noqa: ARG002
        email: str | None = None,  # noqa: ARG002
    ) -> None:
        if what := _SECURITY_LETTERS.get(template_prefix):
            AccountEvent.objects.create(user=user, kind="security", detail=what)
            request_letter(user, Letter.Kind.SECURITY, what=what)
            ring(deliver_letters)

    def add_message(  # noqa: PLR0917  # the signature is theirs
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,  # noqa: ARG002
        message_context: dict[str, Any] | None = None,  # noqa: ARG002
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Errors only: what went well, the next page says itself."""
        if message:
            super().add_message(request, level, extra_tags=extra_tags, message=message)


class SecretsAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the seeds of code generators encrypted, so that a stolen table opens no account."""

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """Without the XML prolog: it stands inside the page, because the policy allows no data: images."""
        svg: str = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()


def _subscriber(email: str) -> User | None:
    try:
        return User.objects.confirmed().filter(email=canonical(email)).first()
    except InvalidAddress:
        return None


def _has_many_codes(user: User) -> bool:
    recent = timezone.now() - dt.timedelta(hours=1)
    return user.letters.filter(kind=Letter.Kind.LOGIN_CODE, created_at__gt=recent).count() >= _CODES_PER_HOUR


@functools.cache
def _fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"overheard.mfa" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])

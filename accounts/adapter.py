"""What allauth asks of us: its mail becomes letters, its sign-up stays closed, its secrets are encrypted."""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone

from accounts.addresses import InvalidAddress, canonical
from accounts.entering import code_requests
from accounts.entering.known_browser import is_known as is_known_browser
from accounts.entering.login_codes import request_code_letter
from accounts.entering.login_forms import REQUEST
from accounts.letters.deliver import request_letter
from accounts.models import AccountEvent, Letter, User
from accounts.tasks import deliver_letters
from config.web.doorbell import ring
from config.web.networks import client_network

# Of a known and of an unknown address; the second is never written.
_CODE_LETTERS = {"account/email/login_code", "account/email/unknown_account"}
_SECURITY_LETTERS = {
    "mfa/email/recovery_codes_generated": "New recovery codes were made for your account",
    "mfa/email/totp_activated": "A code generator was added to your account",
    "mfa/email/totp_deactivated": "The code generator was removed from your account",
    "mfa/email/webauthn_added": "A passkey was added to your account",
    "mfa/email/webauthn_removed": "A passkey was removed from your account",
}


_INCORRECT = {"incorrect_code": "That is not the code, or it is too old."}
_TOO_MANY = {"rate_limited": "Too many tries at once. Wait a minute, then try again."}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | _INCORRECT | _TOO_MANY

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Our own box is the only way in: it asks for an address and nothing else."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:  # noqa: ARG002
        """Our own `fresh_sign_in_required` guards those pages, for people without a second step as well."""
        return False

    def admit_code(self, address: str, *, is_known: bool) -> int | None:
        """Count the request for a code, and return its id if it may be one."""
        known = is_known_browser(self.request, address) or is_known
        now = timezone.now()
        return code_requests.admit(address, network=client_network(self.request), is_known=known, now=now)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if template_prefix in _CODE_LETTERS:
            asked: int = self.request.session.get(REQUEST, 0)
            request_code_letter(email, context.get("code", ""), request_id=asked, now=timezone.now())
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


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """A provider vouches for an address, which opens the subscription of that address; nothing is linked or stored."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:  # noqa: ARG002
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            raise ImmediateHttpResponse(redirect("mfa_index"))

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        for vouched in sociallogin.email_addresses:
            with contextlib.suppress(InvalidAddress):
                vouched.email = canonical(vouched.email)
        found: tuple[User, str] | None = super().authenticate_by_email(sociallogin)
        return found


class SecretsAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the seeds of code generators encrypted, so that a stolen table opens no account."""

    error_messages = DefaultMFAAdapter.error_messages | _INCORRECT

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """A first proposal, to be written over."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """Without the XML prolog: it stands inside the page, because the policy allows no data: images."""
        svg: str = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()


@functools.cache
def _fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"overheard.mfa" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])

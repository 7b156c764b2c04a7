"""A Letter row → the message: subject, text and HTML, with its links signed at this moment."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accounts import links
from accounts.addresses import in_unicode
from accounts.mail.layout import inlined, message_id, wrapped
from accounts.mail.message import Message, mail_to
from accounts.models import Letter


def write(letter: Letter) -> Message:
    context = _context(letter)
    return mail_to(
        letter.recipient,
        subject=_render(letter, "subject.txt", context),
        text=wrapped(_render(letter, "text.txt", context)),
        html=inlined(_render(letter, "html.html", context)),
        headers={"Message-ID": letter_id(letter)},
    )


def letter_id(letter: Letter) -> str:
    """The Message-ID of every attempt at this letter."""
    return message_id(f"letter-{letter.pk}-{letter.created_at:%Y%m%d%H%M%S}")


def _render(letter: Letter, part: str, context: dict[str, object]) -> str:
    return render_to_string(f"emails/{letter.kind}-{part}", context)


def _context(letter: Letter) -> dict[str, object]:
    return {
        "address": in_unicode(letter.recipient),
        "site_url": settings.SITE_URL,
        "sender": settings.SENDER_IDENTITY,
        **letter.context,
        **_LINKS[letter.kind](letter),
    }


def _confirm(letter: Letter) -> dict[str, str]:
    known = letter.context
    return {"url": links.confirm_url(letter.user, topics=known["topics"], time_zone=known["time_zone"])}


def _sign_in(letter: Letter) -> dict[str, str]:
    user = letter.user
    return {
        "url": links.sign_in_url(user),
        "preferences_url": links.preferences_url(user),
        "unsubscribe_url": links.unsubscribe_url(user),
    }


def _confirm_address(letter: Letter) -> dict[str, str]:
    return {"url": links.confirm_address_url(letter.user, letter.recipient)}


def _address_changed(letter: Letter) -> dict[str, str]:
    return {"url": links.objection_url(letter.context["change"])}


def _confirm_erasure(letter: Letter) -> dict[str, str]:
    change = letter.context["change"]
    return {"url": links.erasure_url(change), "objection_url": links.objection_url(change)}


def _still_reading(letter: Letter) -> dict[str, str]:
    return {
        "url": links.still_reading_url(letter.user),
        "unsubscribe_url": links.unsubscribe_url(letter.user),
    }


def _security_page(letter: Letter) -> dict[str, str]:  # noqa: ARG001  # the same page for everybody
    return {"url": settings.SITE_URL + reverse("mfa_index")}


def _no_link(letter: Letter) -> dict[str, str]:  # noqa: ARG001  # a code is typed, not followed
    return {}


_LINKS: dict[str, Callable[[Letter], dict[str, str]]] = {
    Letter.Kind.CONFIRM: _confirm,
    Letter.Kind.SIGN_IN: _sign_in,
    Letter.Kind.LOGIN_CODE: _no_link,
    Letter.Kind.CONFIRM_ADDRESS: _confirm_address,
    Letter.Kind.ADDRESS_CHANGED: _address_changed,
    Letter.Kind.CONFIRM_ERASURE: _confirm_erasure,
    Letter.Kind.STILL_READING: _still_reading,
    Letter.Kind.SECURITY: _security_page,
}
# Those whose words stand here; who asks for another kind delivers it with a writer of their own.
KINDS = frozenset(_LINKS)

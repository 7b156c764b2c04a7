"""A Letter row → the message: subject, text and HTML, with its links signed at this moment."""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Callable
from email.utils import parseaddr

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from accounts import links
from accounts.models import Letter

_WIDTH = 72


class NothingToWrite(Exception):
    """What the letter was to hold is no longer there: it is not sent, and not tried again."""


# Letters that other apps write: each adds its own when it is ready, since none is imported here.
WRITERS: dict[str, Callable[[Letter], EmailMultiAlternatives]] = {}


def write(letter: Letter) -> EmailMultiAlternatives:
    """Raises NothingToWrite."""
    return WRITERS.get(letter.kind, _from_templates)(letter)


def message_id(letter: Letter) -> str:
    """The same for every attempt, so that a letter sent twice shows up once."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<letter-{letter.pk}-{letter.created_at:%Y%m%d%H%M%S}@{host}>"


def _from_templates(letter: Letter) -> EmailMultiAlternatives:
    context = _context(letter)
    message = EmailMultiAlternatives(
        subject=" ".join(_render(letter, "subject.txt", context).split()),
        body=_wrapped(_render(letter, "text.txt", context)),
        to=[letter.recipient],
        reply_to=[settings.REPLY_TO] if settings.REPLY_TO else [],
        headers={"Message-ID": message_id(letter), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(_inliner().inline(_render(letter, "html.html", context)), "text/html")
    return message


def _render(letter: Letter, part: str, context: dict[str, object]) -> str:
    return render_to_string(f"emails/{letter.kind}-{part}", context)


def _wrapped(text: str) -> str:
    """Lines that every mail program shows whole; an indented line is a link or a code and stays in one piece."""
    lines = (line if line.startswith(" ") else _fill(line) for line in text.strip().splitlines())
    return "\n".join(lines) + "\n"


def _fill(line: str) -> str:
    return textwrap.fill(line, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _context(letter: Letter) -> dict[str, object]:
    return {
        "address": letter.recipient,
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
    return {"url": links.restore_address_url(letter.user, letter.recipient)}


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
    Letter.Kind.STILL_READING: _still_reading,
    Letter.Kind.SECURITY: _security_page,
}


@functools.cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)

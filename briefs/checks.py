"""What `manage.py check --deploy` says about the mail: what a brief lacks on its way to strangers."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

from accounts.mail.layout import sender_host


@register(Tags.compatibility, deploy=True)
def briefs_reach_strangers(**_: Any) -> list[CheckMessage]:
    missing = [
        (
            not (settings.EMAIL_URL or settings.EMAIL_PROVIDER),
            "EMAIL_URL is empty, EMAIL_PROVIDER, too: mail is kept in files and reaches nobody.",
        ),
        (
            _is_local(urlsplit(settings.SITE_URL).hostname),
            f"SITE_URL is {settings.SITE_URL}: the links in a brief lead nowhere.",
        ),
        (_is_local(sender_host()), f"DEFAULT_FROM_EMAIL is {settings.DEFAULT_FROM_EMAIL}: no mail server takes that."),
        (_is_unnamed(), "SENDER_IDENTITY names nobody: most laws ask who sends a brief, and for a postal address."),
        (
            not settings.EMAIL_WEBHOOK_SECRET,
            "EMAIL_WEBHOOK_SECRET is empty: nobody hears of complaints, nor of mail that comes back later.",
        ),
    ]
    return [
        Warning(what, hint=".env.example shows how it looks.", id=f"briefs.W{number:03}")
        for number, (is_missing, what) in enumerate(missing, start=1)
        if is_missing
    ]


def _is_local(host: str | None) -> bool:
    return host in (None, "", "localhost", "127.0.0.1")


def _is_unnamed() -> bool:
    return settings.SENDER_IDENTITY.strip() in ("", settings.UNNAMED_SENDER)

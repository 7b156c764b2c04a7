import socket
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.mail.deliverability import Finding, Sender, findings
from accounts.mail.dns_records import Dns
from accounts.mail.layout import sender_host
from accounts.models import User
from briefs.edition.printing.render import headers


class Command(BaseCommand):
    help = "Asks DNS and the settings for what mailbox providers want of a sender, and says what is missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--selector", required=True, help="of the DKIM key, as your relay or provider calls it")
        parser.add_argument("--signing-domain", metavar="DOMAIN", help="what signs, where it is not the domain in From")
        parser.add_argument("--from-address", metavar="IP", nargs="*", help="where mail leaves; else the mail server")

    def handle(self, *args: Any, selector: str, **options: Any) -> None:
        sender = Sender(
            domain=sender_host(),
            selector=selector,
            signing_domain=options["signing_domain"] or sender_host(),
            addresses=options["from_address"] or _addresses(),
            has_tls=bool(settings.EMAIL_PROVIDER or settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL),
            headers=headers(User(pk=1), timezone.now().date()),
        )
        found = list(findings(sender, Dns()))
        self.stdout.write("\n".join(_line(one) for one in found))
        if missing := [one.about for one in found if not one.is_good]:
            raise CommandError(f"Providers will refuse mail, or hide it, because of: {', '.join(missing)}.")


def _line(found: Finding) -> str:
    return f"{'good' if found.is_good else 'MISSING':<8} {found.about:<13} {found.words}"


def _addresses() -> list[str]:
    """Those of the mail server; with a provider's API its own send, and it sees to them."""
    if settings.EMAIL_PROVIDER or not settings.EMAIL_URL:
        return []
    try:
        return sorted({str(found[4][0]) for found in socket.getaddrinfo(settings.EMAIL_HOST, None)})
    except OSError as error:
        raise CommandError(f"The mail server {settings.EMAIL_HOST} has no address: {error}") from None

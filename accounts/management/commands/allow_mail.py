from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.addresses import InvalidAddress, canonical
from accounts.models import User
from accounts.subscription import allow_mail, why_not_mailed


class Command(BaseCommand):
    help = "Lifts an unsubscription, a stop and a suppression, because the owner of the address wants mail after all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, metavar="WORDS", help="how you know; its owner can read it")

    def handle(self, *args: Any, email: str, reason: str, **options: Any) -> None:
        try:
            address = canonical(email)
        except InvalidAddress as error:
            raise CommandError(str(error)) from error
        if not (words := " ".join(reason.split())):
            raise CommandError("--reason is empty; say how you know that the owner wants mail.")
        user = User.objects.filter(email=address).first()
        against = why_not_mailed(address, user)
        if not against:
            raise CommandError(f"Nothing stands against mail to {address}.")
        allow_mail(address, user, reason=words, now=timezone.now())
        self.stdout.write(f"{address} may be mailed again; it was {against}.")

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.addresses import InvalidAddress, canonical
from accounts.models import User
from accounts.privacy import erase


class Command(BaseCommand):
    help = "Erases a subscriber for good; only a keyed hash stays, so that the address is not mailed again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        try:
            user = User.objects.get(email=canonical(email))
        except InvalidAddress as error:
            raise CommandError(str(error)) from error
        except User.DoesNotExist:
            raise CommandError(f"There is no subscriber {email}.") from None
        erase(user, now=timezone.now())
        self.stdout.write(f"{email} is erased.")

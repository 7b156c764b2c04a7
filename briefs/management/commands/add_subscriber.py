from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.addresses import InvalidAddress, canonical
from accounts.models import User
from briefs.models import Interest
from feeds.models import Topic


class Command(BaseCommand):
    help = "Adds a confirmed subscriber, or changes one that is there: for operators and demos."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--topic", nargs="+", action="extend", default=[], metavar="SLUG")
        parser.add_argument("--interest", nargs="+", action="extend", default=[], metavar="TEXT")
        parser.add_argument("--time-zone", default="UTC", metavar="NAME")
        parser.add_argument("--hour", type=int, default=7, metavar="H")

    def handle(
        self,
        *args: Any,
        email: str,
        topic: list[str],
        interest: list[str],
        time_zone: str,
        hour: int,
        **options: Any,
    ) -> None:
        topics = _topics(topic)
        with transaction.atomic():
            user = _subscriber(email, time_zone=time_zone, brief_hour=hour)
            for one in topics:
                Interest.objects.update_or_create({"is_muted": False}, user=user, topic=one)
            for text in interest:
                Interest.objects.get_or_create(user=user, text=text)
        words = ", ".join([*(one.name for one in topics), *interest]) or "nothing in particular"
        self.stdout.write(f"{user.email} gets a brief at {hour:02}:00 {time_zone} on {words}.")


def _topics(slugs: list[str]) -> list[Topic]:
    found = {topic.slug: topic for topic in Topic.objects.all()}
    if unknown := [slug for slug in slugs if slug not in found]:
        known = ", ".join(found) or "none: run migrate first"
        raise CommandError(f"There is no topic {', '.join(unknown)}. The topics are: {known}.")
    return [found[slug] for slug in slugs]


def _subscriber(email: str, **clock: object) -> User:
    """A new clock takes effect from the next brief on."""
    now = timezone.now()
    try:
        address = canonical(email)
    except InvalidAddress as error:
        raise CommandError(str(error)) from error
    user = User.objects.filter(email=address).first() or User(email=address)
    user.confirmed_at = user.confirmed_at or now
    user.is_active = True
    user.unsubscribed_at = user.stopped_at = user.next_brief_at = None
    for name, value in clock.items():
        setattr(user, name, value)
    if not user.pk:
        user.set_unusable_password()
    try:
        user.full_clean()
    except ValidationError as error:
        raise CommandError("; ".join(error.messages)) from error
    user.save()
    return user

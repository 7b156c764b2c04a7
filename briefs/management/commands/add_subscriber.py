from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.addresses import InvalidAddress, canonical
from accounts.models import User
from accounts.subscription import why_not_mailed
from briefs.models import Interest
from feeds.management.arguments import at_least
from feeds.models import Topic

LONGEST_INTEREST = Interest._meta.get_field("text").max_length or 0


class Command(BaseCommand):
    help = "Adds a confirmed subscriber, or changes one that is there; who wants no mail is left out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--topic", nargs="+", action="extend", default=[], metavar="SLUG")
        parser.add_argument("--interest", nargs="+", action="extend", default=[], metavar="TEXT")
        parser.add_argument("--time-zone", metavar="NAME", help="Europe/Berlin; UTC for a new subscriber")
        parser.add_argument("--hour", type=at_least(0), metavar="H", help="0 to 23; 7 for a new subscriber")

    def handle(
        self,
        *args: Any,
        email: str,
        topic: list[str],
        interest: list[str],
        time_zone: str | None,
        hour: int | None,
        **options: Any,
    ) -> None:
        topics = _topics(topic)
        texts = [" ".join(text.split()) for text in interest]
        with transaction.atomic():
            user = _subscriber(email, time_zone=time_zone, brief_hour=hour)
            for one in topics:
                Interest.objects.update_or_create({"is_muted": False}, user=user, topic=one)
            for text in texts:
                _refuse_unfit(text)
                Interest.objects.update_or_create({"is_muted": False}, user=user, text=text)
        words = ", ".join(map(str, user.interests.filter(is_muted=False))) or "nothing in particular"
        self.stdout.write(f"{user.email} gets a brief at {user.brief_hour:02}:00 {user.time_zone} on {words}.")


def _topics(slugs: list[str]) -> list[Topic]:
    found = {topic.slug: topic for topic in Topic.objects.all()}
    if unknown := [slug for slug in slugs if slug not in found]:
        known = ", ".join(found) or "none: run migrate first"
        raise CommandError(f"There is no topic {', '.join(unknown)}. The topics are: {known}.")
    return [found[slug] for slug in slugs]


def _refuse_unfit(text: str) -> None:
    if not 1 <= len(text) <= LONGEST_INTEREST:
        raise CommandError(f"--interest “{text[:60]}” needs 1 to {LONGEST_INTEREST} characters and has {len(text)}.")


def _subscriber(email: str, **clock: object) -> User:
    """A new clock takes effect from the next brief on; what is None stays as it is."""
    now = timezone.now()
    try:
        address = canonical(email)
    except InvalidAddress as error:
        raise CommandError(str(error)) from error
    user = User.objects.filter(email=address).first() or User(email=address)
    if reason := why_not_mailed(address, user):
        raise CommandError(
            f"{address} is left out: {reason}. Where its owner wants mail after all, say so first: "
            f"manage.py allow_mail {address} --reason WORDS."
        )
    user.confirmed_at = user.confirmed_at or now
    user.is_active = True
    user.next_brief_at = None
    for name, value in clock.items():
        if value is not None:
            setattr(user, name, value)
    if not user.pk:
        user.set_unusable_password()
    try:
        user.full_clean()
    except ValidationError as error:
        reasons = [f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items()]
        raise CommandError("; ".join(reasons)) from error
    user.save()
    return user

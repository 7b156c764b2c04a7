"""Everything that `make run` does except serving. Running it again does nothing twice."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.db.models import Count

from accounts.models import User
from briefs.models import Brief
from config import samples, static_files
from feeds.models import Episode, Feed, Insight

DEMO = "demo@example.com"
DEMO_TOPICS = ["artificial-intelligence", "economics", "startups", "psychology-mind", "open-source"]


class Command(BaseCommand):
    requires_system_checks = ()  # they load every page; `make check` runs them
    help = "Sets up the database, reads the sample shows, and sends a demo subscriber's brief into var/mail."

    def handle(self, **options: Any) -> None:
        try:
            call_command("migrate", interactive=False, verbosity=0)
            with static_files.collected(), samples.served():
                self._read_the_samples()
                self._brief_the_demo_subscriber()
        except (OperationalError, samples.ServerError) as error:
            raise CommandError(str(error)) from error
        self._say_where_to_look()

    def _read_the_samples(self) -> None:
        # For this process alone: an installation that serves others fetches from the internet only.
        settings.FETCH_ALLOWED = [*settings.FETCH_ALLOWED, samples.ADDRESS]
        call_command("import_opml", f"http://{samples.ADDRESS}/opml", stdout=self.stdout)
        call_command("scan", stdout=self.stdout)

    def _brief_the_demo_subscriber(self) -> None:
        if not User.objects.get_queryset().filter(email=DEMO).exists():
            call_command("add_subscriber", DEMO, topic=DEMO_TOPICS, stdout=self.stdout)
        call_command("send_briefs", stdout=self.stdout)
        demo = User.objects.get(email=DEMO)
        if demo.next_brief_at and not demo.briefs.exists():
            call_command("send_briefs", now=demo.next_brief_at.isoformat(), stdout=self.stdout)

    def _say_where_to_look(self) -> None:
        counts = Feed.objects.aggregate(shows=Count("id"))
        self.stdout.write(
            f"{counts['shows']} shows, {Episode.objects.filter(state=Episode.State.DONE).count()} episodes read, "
            f"{Insight.objects.count()} insights."
        )
        brief = Brief.objects.filter(user__email=DEMO, state=Brief.State.SENT).order_by("-day").first()
        if brief:
            self.stdout.write(f"The brief of {DEMO}, “{brief.subject}”, lies in {settings.MAIL_DIR}.")

"""Everything that `make run` does except serving. Running it again does nothing twice."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.db.models import Q

from briefs.models import Brief
from config.machine import demo, static_files
from config.machine import sample_server as samples
from feeds.models import Episode, Feed, Insight

SAMPLES = Q(url__startswith=f"http://{samples.ADDRESS}/")


class Command(BaseCommand):
    requires_system_checks = ()  # they load every page; `make check` runs them
    help = "Sets up the database, reads the sample shows, and sends a demo subscriber's brief into var/mail."

    def handle(self, **options: Any) -> None:
        try:
            call_command("migrate", interactive=False, verbosity=0)
            with static_files.collected(), samples.served():
                self._read_the_samples()
            demo.send_first_brief(self.stdout)
        except (OperationalError, samples.ServerError) as error:
            raise CommandError(str(error)) from error
        self._say_where_to_look()

    def _read_the_samples(self) -> None:
        # For this process alone: an installation that serves others fetches from the internet only.
        settings.FETCH_ALLOWED = [*settings.FETCH_ALLOWED, samples.ADDRESS]
        call_command("import_opml", f"http://{samples.ADDRESS}/opml", stdout=io.StringIO())
        if _unread_samples():
            self.stdout.write("Reading the sample shows; the language model is prepared once, too.")
            call_command("scan", stdout=self.stdout)

    def _say_where_to_look(self) -> None:
        read = Episode.objects.filter(state=Episode.State.DONE)
        self.stdout.write(
            f"{Feed.objects.count()} shows, {read.count()} episodes read, {Insight.objects.ready().count()} insights."
        )
        brief = Brief.objects.filter(user__email=demo.ADDRESS, state=Brief.State.SENT).order_by("day").last()
        if brief:
            self.stdout.write(f"The brief of {demo.ADDRESS}, “{brief.subject}”, lies in {settings.MAIL_DIR}.")


def _unread_samples() -> bool:
    never_asked = Feed.objects.filter(SAMPLES, last_checked_at=None)
    waiting = Episode.objects.filter(feed__in=Feed.objects.filter(SAMPLES), state=Episode.State.WAITING)
    return never_asked.exists() or waiting.exists()

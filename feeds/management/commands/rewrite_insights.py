import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from feeds.library.rewriting import Rewritten, episodes_waiting, rewrite_episode
from feeds.management.arguments import at_least, moment
from feeds.reading.insights.writers import configured_writer


class Command(BaseCommand):
    help = (
        "Ask the writer again about every stored insight of this project's own making: needed once after the writer "
        "changed. Ids and sent briefs stay as they are. What was done stays done when it breaks off, and the moment "
        "that it names first lets the next run go on from there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--before", type=moment, metavar="ISO", help="leave alone what was written since; now")
        parser.add_argument("--limit", type=at_least(1), metavar="N", help="at most N episodes")

    def handle(self, *args: Any, before: dt.datetime | None, limit: int | None, **options: Any) -> None:
        before = before or timezone.now()
        episodes = episodes_waiting(before=before)[:limit]
        self.stdout.write(f"{len(episodes)} episodes wait; to go on after a break: --before {before.isoformat()}")
        writer, done, failed = configured_writer(), Rewritten(), 0
        for number, episode_id in enumerate(episodes, start=1):
            try:
                done += rewrite_episode(episode_id, writer=writer, before=before, now=timezone.now())
            except Exception as error:  # one episode must not cost the others their turn
                failed += 1
                self.stderr.write(f"episode {episode_id}: {type(error).__name__}: {error}")
            if number % 20 == 0:
                self.stdout.write(f"{number} of {len(episodes)} episodes")
        self.stdout.write(
            f"{done.looked_at} insights looked at, {done.changed} changed: {done.printed} became ready, "
            f"{done.withheld} became passages"
        )
        if failed:
            raise CommandError(f"{failed} of {len(episodes)} episodes failed; the reasons are above")

"""Leaving alone for a while what takes no mail: the whole channel, or one provider of mailboxes.

A hold is a row, so that every sender keeps it and an operator reads it. The first brief after it is the probe: taken,
it ends the hold; refused, it makes the next one longer.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter

from accounts.mail.pace import back_off
from accounts.mail.verdict import About, Fate, Verdict
from briefs.models import Hold

logger = logging.getLogger(__name__)

# So many in a row without success: the server is in trouble, not the briefs.
TROUBLE = 10
# Likewise of one provider.
PROVIDERS_TROUBLE = 3
_ALL = ""


class Holds:
    """Those of one channel, and what one sender sees that may lead to another."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._known: dict[str, dt.datetime] = {}
        self._in_a_row: Counter[str] = Counter()
        self.others_are_taken = False

    def refresh(self) -> None:
        rows = Hold.objects.filter(channel=self._channel)
        self._known = dict(rows.values_list("provider", "until"))

    def is_all_held(self, now: dt.datetime) -> bool:
        return self.is_held(_ALL, now)

    def is_held(self, provider: str, now: dt.datetime) -> bool:
        return provider in self._known and self._known[provider] > now

    def providers(self, now: dt.datetime) -> list[str]:
        return [one for one in self._known if one != _ALL and self.is_held(one, now)]

    def taken(self, provider: str) -> None:
        """One was taken there."""
        self.others_are_taken = True
        del self._in_a_row[_ALL], self._in_a_row[provider]
        if over := {_ALL, provider} & set(self._known):
            Hold.objects.filter(channel=self._channel, provider__in=over).delete()
            self._known = {one: until for one, until in self._known.items() if one not in over}
            logger.info("briefs go out again%s", f" to {provider}" if provider in over - {_ALL} else "")

    def heed(self, verdict: Verdict, provider: str, *, now: dt.datetime) -> None:
        """Hold what the verdict is about, at once where it says so, else after so many in a row."""
        if verdict.about == About.US:
            self._hold(_ALL, verdict.words, now)
        if verdict.about in (About.MAILBOX, About.MESSAGE) or verdict.fate == Fate.GONE:
            return
        self._count(_ALL, TROUBLE, verdict.words, now)
        if verdict.about == About.PROVIDER and provider:
            self._count(provider, PROVIDERS_TROUBLE, verdict.words, now)

    def _count(self, provider: str, most: int, words: str, now: dt.datetime) -> None:
        self._in_a_row[provider] += 1
        is_probe = provider in self._known
        if not self.is_held(provider, now) and (is_probe or self._in_a_row[provider] >= most):
            self._hold(provider, words, now)

    def _hold(self, provider: str, words: str, now: dt.datetime) -> None:
        first = {"reason": words, "since": now, "until": now + back_off(1)}
        held, is_new = Hold.objects.get_or_create(first, channel=self._channel, provider=provider)
        # Another sender may have been refused at the same time.
        if not is_new and held.until <= now:
            held.failures += 1
            held.reason, held.until = words, now + back_off(held.failures)
            held.save(update_fields=["failures", "reason", "until"])
        self._known[provider] = held.until
        where = f" to {provider}" if provider else ""
        logger.error("no briefs go out%s until %s: %s", where, f"{held.until:%H:%M:%S}", words)

"""What one subscriber would get at this moment: whoever asks within the same minute shares the candidates.

Loading them takes a while and pages may ask at any rate. Briefs that are due never come from here.
"""

from __future__ import annotations

import datetime as dt
import threading

from accounts.models import User
from briefs.choosing.candidates import Candidates, load
from briefs.edition.compose import Composed, choose
from feeds.models import Insight

KEPT_FOR = dt.timedelta(minutes=1)


class RecentCandidates:
    """The last ones that this process loaded; who asks while they are being loaded waits for them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[dt.datetime, Candidates] | None = None

    def at(self, now: dt.datetime) -> Candidates:
        with self._lock:
            if self._kept and dt.timedelta() <= now - self._kept[0] < KEPT_FOR:
                return self._kept[1]
            self._kept = None  # so that two of them are never held at once
            candidates = load(now=now)
            self._kept = now, candidates
            return candidates

    def forget(self) -> None:
        with self._lock:
            self._kept = None


recent = RecentCandidates()


def chosen_now(user: User, *, now: dt.datetime) -> Composed:
    composed = choose([user.pk], now=now, candidates=recent.at(now))[0]
    if _still_stand(composed):
        return composed
    recent.forget()
    return choose([user.pk], now=now, candidates=recent.at(now))[0]


def _still_stand(composed: Composed) -> bool:
    """Nothing was taken down or withheld since the candidates were loaded."""
    quoted = {item.insight_id: item.is_quote for item in composed.items}
    standing = Insight.objects.standing().filter(pk__in=quoted).only("headline")
    return [quoted[one.pk] or one.is_ready for one in standing].count(True) == len(quoted)

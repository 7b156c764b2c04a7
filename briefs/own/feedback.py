"""Votes and saves, from a page or from the signed link of an e-mail."""

import datetime as dt

from accounts.retention import seen
from briefs.models import SavedInsight, Vote

# What the words in a link's address ask for.
VALUES = {"more": 1, "less": -1}
WORDS = ("more", "less", "save")


def act(word: str, *, user_id: int, insight_id: int, now: dt.datetime) -> None:
    """ "more", "less" or "save", or "no-vote" or "unsave" to take it back; doing it twice changes nothing."""
    seen(user_id, now=now)
    match word:
        case "more" | "less":
            values = {"value": VALUES[word], "updated_at": now}
            Vote.objects.update_or_create(values, user_id=user_id, insight_id=insight_id)
        case "no-vote":
            Vote.objects.filter(user=user_id, insight=insight_id).delete()
        case "save":
            SavedInsight.objects.get_or_create({"created_at": now}, user_id=user_id, insight_id=insight_id)
        case "unsave":
            SavedInsight.objects.filter(user=user_id, insight=insight_id).delete()

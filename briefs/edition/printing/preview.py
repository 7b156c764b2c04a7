"""The mail that a subscriber would get, made by the code that makes the real one; nothing is recorded."""

import datetime as dt
from dataclasses import dataclass

from accounts.mail.message import Message
from accounts.models import User
from briefs.edition.on_demand import chosen_now
from briefs.edition.printing.render import Press, edition
from briefs.models import Brief, BriefItem
from feeds.models import Insight


@dataclass(frozen=True, slots=True)
class Preview:
    """Without a message, `why_empty` says why in words."""

    message: Message | None
    why_empty: str = ""


def preview(user: User, *, now: dt.datetime) -> Preview:
    composed = chosen_now(user, now=now)
    if not composed.items:
        return Preview(None, composed.why_empty)
    kind = Brief.Kind.WEEKLY if user.cadence == User.Cadence.WEEKLY else Brief.Kind.DAILY
    brief = Brief(user=user, day=now.astimezone(user.zone).date(), kind=kind)
    items = [
        BriefItem(insight_id=one.insight_id, reason=one.reason, reason_detail=one.detail, voices=list(one.voices))
        for one in composed.items
    ]
    press = Press()
    wanted = [pk for one in composed.items for pk in (one.insight_id, *one.voices)]
    press.set(Insight.objects.standing().with_source().filter(pk__in=wanted))
    return Preview(press.message(edition(brief, user, items)))

"""The note after several days on which nothing matched."""

import datetime as dt

from django.conf import settings
from django.template.loader import render_to_string

from accounts.links import preferences_url, unsubscribe_url
from accounts.mail.layout import inlined
from accounts.mail.message import Message, mail_to
from accounts.models import User
from briefs.edition.printing.render import headers


def widen_message(user: User, day: dt.date) -> Message:
    """Says that nothing came, and why, and offers to widen."""
    context = {
        "interests": [str(one) for one in user.interests.filter(is_muted=False).select_related("topic")],
        "preferences": preferences_url(user),
        "unsubscribe": unsubscribe_url(user),
        "site_url": settings.SITE_URL,
        "sender": settings.SENDER_IDENTITY,
    }
    is_designed = user.brief_format == User.Format.HTML
    return mail_to(
        user.email,
        subject=render_to_string("emails/widen-subject.txt", context),
        text=render_to_string("emails/widen-text.txt", context),
        html=inlined(render_to_string("emails/widen-html.html", context)) if is_designed else "",
        headers=headers(user, day),
    )

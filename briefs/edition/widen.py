"""The note after several days on which nothing matched."""

import datetime as dt

import css_inline
from django.conf import settings
from django.template.loader import render_to_string

from accounts.links import preferences_url, unsubscribe_url
from accounts.mail.message import BriefMessage
from accounts.models import User
from briefs.edition.render import headers


def widen_message(user: User, day: dt.date) -> BriefMessage:
    """Says that nothing came, and why, and offers to widen."""
    context = {
        "interests": [str(one) for one in user.interests.filter(is_muted=False).select_related("topic")],
        "preferences": preferences_url(user),
        "unsubscribe": unsubscribe_url(user),
        "site_url": settings.SITE_URL,
        "sender": settings.SENDER_IDENTITY,
    }
    message = BriefMessage(
        subject=" ".join(render_to_string("emails/widen-subject.txt", context).split()),
        body=render_to_string("emails/widen-text.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[user.email],
        reply_to=[settings.REPLY_TO] if settings.REPLY_TO else [],
        headers=headers(user, day),
    )
    if user.brief_format == User.Format.HTML:
        html = render_to_string("emails/widen-html.html", context)
        inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
        message.attach_alternative(inliner.inline(html), "text/html")
    return message

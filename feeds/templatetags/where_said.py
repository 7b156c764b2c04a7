"""Template tags of everything that shows an insight and where it was said, and of links that came from outside."""

from __future__ import annotations

import json
import re
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from feeds.models import Insight
from feeds.reading import timeline
from feeds.reading.typography import MARK_END, MARK_START, curled
from feeds.reading.web_address import host_of, web_address

register = template.Library()

_MARKED = re.compile(f"{MARK_START}([^{MARK_START}{MARK_END}]*){MARK_END}")
_SIGNS_ALONE = {ord(MARK_START): "", ord(MARK_END): ""}
# `<`, `>` and `&` would end the script element or start another inside it.
_IN_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.inclusion_tag("feeds/_line.html")
def episode_line(insight: Insight) -> dict[str, Any]:
    """The episode as a line across the column, with a tick where the insight stands and the time on it."""
    return {"line": _line(insight)}


@register.inclusion_tag("feeds/_source.html")
def source_line(insight: Insight, within: str = "") -> dict[str, Any]:
    """Tiny line, time, speaker, show, episode and date, as one line under a claim.

    `within` is "show", "episode", "day" or "person" on the page of one, which need not be named again.
    """
    episode = insight.episode
    return {"insight": insight, "episode": episode, "feed": episode.feed, "line": _line(insight), "within": within}


def _line(insight: Insight) -> timeline.EpisodeLine | None:
    return timeline.episode_line(
        insight.start, insight.episode.duration_seconds, is_approximate=insight.start_is_approximate
    )


@register.filter
def clock(seconds: float | None) -> str:
    return "" if seconds is None else timeline.clock(seconds)


@register.filter
def moment(insight: Insight) -> str:
    """When it was said: “23:41”, “about 24 min”, or "" where nobody knows."""
    return timeline.moment(insight.start, is_approximate=insight.start_is_approximate)


@register.filter
def audio(insight: Insight) -> str:
    """The publisher's own audio at the insight's second; "" where the feed named none, or none over HTTP."""
    address = insight.episode.audio_address
    return address and timeline.audio_at(address, insight.start)


register.filter("web_address", web_address)
register.filter("host_of", host_of)
register.filter("curled", curled)


@register.filter
def marked(text: str) -> SafeString:
    """The text, safe to show, with <mark> where signs stand around a word."""
    parts = (part.translate(_SIGNS_ALONE) for part in _MARKED.split(text))
    pieces = (format_html("<mark>{}</mark>" if place % 2 else "{}", part) for place, part in enumerate(parts))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


@register.filter
def in_script(data: dict[str, Any]) -> SafeString:
    """Data as JSON for a script element of type application/ld+json."""
    text = json.dumps(data, ensure_ascii=False).translate(_IN_SCRIPT)
    return mark_safe(text)  # what could leave the element is escaped

"""Small feeds for tests."""

import datetime as dt
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

NOW = dt.datetime(2026, 11, 23, 3, 0, tzinfo=dt.UTC)


def item(
    guid: str = "1",
    *,
    title: str = "",
    hours_ago: float = 2,
    audio: str = "",
    transcript: str = "",
    extra: str = "",
) -> str:
    published = NOW - dt.timedelta(hours=hours_ago)
    links = f"<enclosure url={quoteattr(audio)} type='audio/mpeg'/>" if audio else ""
    links += f"<podcast:transcript url={quoteattr(transcript)} type='text/vtt'/>" if transcript else ""
    return (
        f"<item><title>{escape(title or f'Episode {guid}')}</title>{f'<guid>{guid}</guid>' if guid else ''}"
        f"<pubDate>{format_datetime(published)}</pubDate>{links}{extra}</item>"
    )


def rss(*items: str, title: str = "Grid & Weather", channel: str = "") -> bytes:
    return (
        '<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>'
        f"<title>{escape(title)}</title><language>en</language>{channel}{''.join(items)}</channel></rss>"
    ).encode()

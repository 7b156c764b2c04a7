"""Pure: shows as OPML and RSS 2.0 with the itunes: and podcast: namespaces."""

import datetime as dt
from collections.abc import Iterable
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from config.machine.samples.catalogue import Episode, Show
from config.machine.samples.silence import Silence

_NAMESPACES = (
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0"'
)


def opml(shows: Iterable[Show], *, base: str) -> bytes:
    rows = "".join(
        f'<outline type="rss" text={quoteattr(show.title)} xmlUrl="{base}/feeds/{show.slug}.xml"/>' for show in shows
    )
    head = "<head><title>Sample shows</title></head>"
    return f'<?xml version="1.0" encoding="UTF-8"?><opml version="2.0">{head}<body>{rows}</body></opml>'.encode()


def rss(show: Show, *, base: str, now: dt.datetime) -> bytes:
    """The feed as of the day of `now`, in UTC."""
    midnight = now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    categories = "".join(f"<itunes:category text={quoteattr(name)}/>" for name in show.categories)
    items = "".join(_item(episode, base=base, midnight=midnight) for episode in show.episodes)
    channel = (
        f"<title>{escape(show.title)}</title><link>{base}/feeds/{show.slug}.xml</link>"
        f"<description>{escape(show.description)}</description><language>{escape(show.language)}</language>"
        f"<itunes:author>{escape(show.author)}</itunes:author>{categories}<podcast:medium>podcast</podcast:medium>"
    )
    root = f'<rss version="2.0" {_NAMESPACES}><channel>{channel}{items}</channel></rss>'
    return f'<?xml version="1.0" encoding="UTF-8"?>{root}'.encode()


def _item(episode: Episode, *, base: str, midnight: dt.datetime) -> str:
    published = midnight - dt.timedelta(hours=episode.hours_before_today)
    people = "".join(
        f"<podcast:person role={quoteattr(role)}>{escape(name)}</podcast:person>" for name, role in episode.people
    )
    transcripts = "".join(
        f'<podcast:transcript url="{base}/transcripts/{file.name}" type={quoteattr(kind)}/>'
        for file, kind in episode.transcripts
    )
    return (
        f'<item><title>{escape(episode.title)}</title><guid isPermaLink="false">{escape(episode.guid)}</guid>'
        f"<pubDate>{format_datetime(published)}</pubDate><description>{escape(episode.description)}</description>"
        f'<enclosure url="{base}/audio/{episode.guid}.wav" length="{Silence(episode.duration_seconds).size}" '
        f'type="audio/wav"/><itunes:duration>{episode.duration_seconds}</itunes:duration>{people}{transcripts}</item>'
    )

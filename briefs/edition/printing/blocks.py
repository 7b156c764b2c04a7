"""An insight set for the e-mail in both forms, once for all briefs that hold it, with slots for what differs."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.text import Truncator

from accounts.mail.encoded_text import EncodedText
from accounts.mail.layout import WIDTH, folded, inlined, paragraph
from feeds.library.where_to_read import read_url
from feeds.models import Insight
from feeds.reading.timeline import audio_at, episode_line, moment

_INDENT = "    "
# Random, so that no text from outside can pass for a slot.
_MARK = secrets.token_hex(8)
_SLOT = re.compile(f"{_MARK}([a-z]+){_MARK}")


class Sheet:
    """A text cut at its slots; the pieces between them are encoded for good."""

    def __init__(self, text: str) -> None:
        pieces = _SLOT.split(text)
        self._literal = [EncodedText(piece) for piece in pieces[::2]]
        self._slots = pieces[1::2]

    def filled(self, values: Mapping[str, EncodedText]) -> list[EncodedText]:
        texts = [self._literal[0]]
        for name, literal in zip(self._slots, self._literal[1:], strict=True):
            texts += (values[name], literal)
        return texts


@dataclass(frozen=True, slots=True)
class Block:
    """An insight set in both forms; as the first of a brief it is set larger."""

    headline: str
    who: str
    is_quote: bool
    words: int
    html: Sheet
    lead: Sheet
    text: Sheet


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands before and after the items, in one form."""

    before: Sheet
    after: Sheet


def block(insight: Insight) -> Block:
    context = _source(insight)
    html, lead, text = _html_of(context), _html_of({**context, "is_lead": True}), _text_of(context)
    return Block(
        headline=insight.title,
        who=f"{_speaker(insight)}{folded(insight.episode.feed.title)}",
        is_quote=not insight.is_ready,
        words=len(f"{insight.title} {_words(insight)}".split()),
        html=Sheet(_between(html)),
        lead=Sheet(_between(lead)),
        text=Sheet(_between(text)),
    )


def _words(insight: Insight) -> str:
    return insight.text if insight.is_ready else f"“{insight.quote_for_show}”"


def _source(insight: Insight) -> dict[str, object]:
    episode = insight.episode
    line = episode_line(insight.start, episode.duration_seconds)
    at = moment(insight.start, is_approximate=insight.start_is_approximate)
    language = insight.language or episode.feed.language
    date = f"{episode.published_at.day} {episode.published_at:%b %Y}"
    show, title = folded(episode.feed.title), Truncator(folded(episode.title)).chars(120)
    when = f" · at {at}" + (f" of {line.of}" if line else "") if at else ""
    return {
        "insight": insight,
        "is_quote": not insight.is_ready,
        "title": insight.title,
        "words": _words(insight),
        "show": show,
        "episode": title,
        "date": date,
        "at": at,
        "of": line.of if line else "",
        "language": language,
        "read_url": read_url(insight, settings.SITE_URL),
        "listen_url": _listen_url(insight),
        "claim": paragraph(insight.title, rest=_INDENT),
        "text": indented(_words(insight)),
        "who": indented(f"{_speaker(insight)}{show}"),
        "source": indented(f"“{title}” · {date}{when}"),
    }


def _speaker(insight: Insight) -> str:
    return f"{folded(insight.speaker)} on " if insight.speaker else ""


def _listen_url(insight: Insight) -> str:
    """A brief links to https only, unless the site itself has none, as on the machine of a developer."""
    address = insight.episode.audio_address
    if not address or urlsplit(address).scheme not in ("https", urlsplit(settings.SITE_URL).scheme):
        return ""
    return audio_at(address, insight.start)


def frames() -> tuple[Frame, Frame]:
    nothing = {"insight": Insight(), "read_url": "", "listen_url": ""}
    return _frame(_html_of(nothing)), _frame(_text_of(nothing))


def _html_of(context: Mapping[str, object]) -> str:
    return inlined(render_to_string("emails/brief-html.html", _with_slots(context)))


def _text_of(context: Mapping[str, object]) -> str:
    return render_to_string("emails/brief-text.txt", _with_slots(context))


def _with_slots(context: Mapping[str, object]) -> dict[str, object]:
    names = (
        "subject",
        "ear",
        "date",
        "length",
        "fewer",
        "notice",
        "why",
        "read",
        "preferences",
        "unsubscribe",
        "number",
        "reason",
        "voices",
        "act",
    )
    return {
        "slot": {name: f"{_MARK}{name}{_MARK}" for name in names},
        "rule": "-" * WIDTH,
        "site_url": settings.SITE_URL,
        "sender": settings.SENDER_IDENTITY,
        **context,
    }


def _between(document: str) -> str:
    return document.split("<!--items-->\n", 1)[1].rsplit("<!--/items-->\n", 1)[0]


def _frame(document: str) -> Frame:
    before, rest = document.split("<!--items-->\n", 1)
    return Frame(Sheet(before), Sheet(rest.rsplit("<!--/items-->\n", 1)[1]))


def indented(text: str) -> str:
    return paragraph(text, first=_INDENT, rest=_INDENT)

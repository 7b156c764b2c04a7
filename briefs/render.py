"""A brief as an e-mail: every insight is set once, and each subscriber's copy is put together from those blocks."""

import datetime as dt
import math
import re
import secrets
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache, lru_cache
from html import escape
from urllib.parse import urlsplit

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.text import Truncator

from accounts.links import preferences_url, unsubscribe_url
from accounts.models import User
from briefs.feedback_links import act_url
from briefs.message import BriefMessage
from briefs.models import Brief, BriefItem
from briefs.passages import Passage, joined
from briefs.voices import on_the_same_point
from feeds.models import Insight
from feeds.timeline import audio_at, clock, episode_line
from feeds.web_address import web_address

WORDS_A_MINUTE = 220
SUBJECT_LENGTH = 140
_WIDTH = 68
_INDENT = "    "
# Random, so that no text from outside can pass for a slot.
_MARK = secrets.token_hex(8)
_SLOT = re.compile(f"{_MARK}([a-z]+){_MARK}")


@dataclass(frozen=True, slots=True)
class Line:
    """One of the five as the subscriber gets it."""

    insight_id: int
    reason: str
    voices: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """One subscriber's brief of one day, ready to be set."""

    user: User
    day: dt.date
    kind: str
    lines: tuple[Line, ...]


def edition(brief: Brief, user: User, items: Iterable[BriefItem]) -> Edition:
    lines = tuple(Line(item.insight_id, item.reason_in_words, tuple(item.voices)) for item in items)
    return Edition(user, brief.day, brief.kind, lines)


class _Sheet:
    """A text cut at its slots: literal pieces at even places, slot names at odd ones."""

    def __init__(self, text: str) -> None:
        pieces = _SLOT.split(text)
        self._literal = [Passage(piece) for piece in pieces[::2]]
        self._slots = pieces[1::2]

    def filled(self, values: Mapping[str, Passage]) -> list[Passage]:
        passages = [self._literal[0]]
        for name, literal in zip(self._slots, self._literal[1:], strict=True):
            passages += (values[name], literal)
        return passages


@dataclass(frozen=True, slots=True)
class _Block:
    """An insight set in both forms."""

    headline: str
    who: str
    words: int
    html: _Sheet
    text: _Sheet


@dataclass(frozen=True, slots=True)
class _Frame:
    """What stands before and after the items, in one form."""

    before: _Sheet
    after: _Sheet


class Press:
    """Sets each insight once, then prints any number of briefs from the blocks."""

    def __init__(self) -> None:
        self._blocks: dict[int, _Block] = {}
        self._html, self._text = _frames()

    def missing(self, insight_ids: Iterable[int]) -> set[int]:
        return set(insight_ids) - self._blocks.keys()

    def set(self, insights: Iterable[Insight]) -> None:
        """`insights` with their episode and feed loaded."""
        self._blocks |= {insight.pk: _block(insight) for insight in insights}

    def message(self, edition: Edition) -> BriefMessage:
        """The finished mail. Raises KeyError for an insight that was not set."""
        blocks = [self._blocks[line.insight_id] for line in edition.lines]
        words = _words_around(edition, blocks)
        items = [self._values(edition.user, line, number) for number, line in enumerate(edition.lines, start=1)]
        message = BriefMessage(
            subject=words["subject"],
            body=_print(self._text, words, [one.text for one in blocks], items, form=_in_text),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[edition.user.email],
            reply_to=[settings.REPLY_TO] if settings.REPLY_TO else [],
            headers=headers(edition.user, edition.day),
        )
        if edition.user.brief_format == User.Format.HTML:
            html = _print(self._html, words, [one.html for one in blocks], items, form=_in_html)
            message.attach_alternative(html, "text/html")
        return message

    def _values(self, user: User, line: Line, number: int) -> dict[str, str]:
        reason = line.reason[:1].upper() + line.reason[1:]
        who = (self._blocks[voice].who for voice in line.voices if voice in self._blocks)
        act = Passage(act_url(user, line.insight_id))
        return {"number": str(number), "reason": reason, "voices": on_the_same_point(who), "act": act}


@lru_cache(maxsize=4096)
def subject(headline: str) -> str:
    """The top insight, on one line."""
    return Truncator(" ".join(headline.split())).chars(SUBJECT_LENGTH)


def headers(user: User, day: dt.date) -> dict[str, str]:
    """The Message-ID is the same for every attempt at this subscriber's brief of this day."""
    host = _host(settings.DEFAULT_FROM_EMAIL)
    digest = salted_hmac("overheard.brief.message", f"{user.pk} {day}", algorithm="sha256").hexdigest()[:24]
    return {
        "Message-ID": f"<brief-{day:%Y%m%d}-{digest}@{host}>",
        "List-Id": f"Overheard <brief.{host}>",
        "List-Unsubscribe": f"<{unsubscribe_url(user)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }


@lru_cache(maxsize=16)
def _host(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2]


# Setting: once for each insight ----------------------------------------------------------------------------------


def _block(insight: Insight) -> _Block:
    context = _source(insight)
    html, text = _html_of(context), _text_of(context)
    return _Block(
        headline=insight.headline,
        who=f"{_speaker(insight)}{_folded(insight.episode.feed.title)}",
        words=len(insight.headline.split()) + len(insight.text.split()),
        html=_Sheet(_between(html)),
        text=_Sheet(_between(text)),
    )


def _source(insight: Insight) -> dict[str, object]:
    episode = insight.episode
    line = episode_line(insight.start, episode.duration_seconds)
    at = clock(insight.start) if insight.start is not None else ""
    language = insight.language or episode.feed.language
    date = f"{episode.published_at.day} {episode.published_at:%b %Y}"
    show, title = _folded(episode.feed.title), Truncator(_folded(episode.title)).chars(120)
    when = f" · at {at}" + (f" of {line.of}" if line else "") if at else ""
    return {
        "insight": insight,
        "show": show,
        "episode": title,
        "date": date,
        "at": at,
        "of": line.of if line else "",
        "language": language,
        "read_url": _read_url(insight),
        "listen_url": _listen_url(insight),
        "claim": _wrapped(insight.headline),
        "text": _wrapped(insight.text, first=_INDENT),
        "source": _wrapped(f"{_speaker(insight)}{show} · “{title}” · {date}{when}"),
    }


def _speaker(insight: Insight) -> str:
    return f"{_folded(insight.speaker)} on " if insight.speaker else ""


def _read_url(insight: Insight) -> str:
    """The insight's page; what is not public has none, and is read where its publisher put it."""
    feed = insight.episode.feed
    if feed.is_private or feed.is_blocked:
        return web_address(insight.episode.link) or f"{settings.SITE_URL}/brief/"
    return f"{settings.SITE_URL}{insight.get_absolute_url()}"


def _listen_url(insight: Insight) -> str:
    """A brief links to https only, unless the site itself has none, as on the machine of a developer."""
    address = web_address(insight.episode.audio_url)
    if not address or urlsplit(address).scheme not in ("https", urlsplit(settings.SITE_URL).scheme):
        return ""
    return audio_at(address, insight.start)


def _frames() -> tuple[_Frame, _Frame]:
    nothing = {"insight": Insight(), "read_url": "", "listen_url": ""}
    return _frame(_html_of(nothing)), _frame(_text_of(nothing))


def _html_of(context: Mapping[str, object]) -> str:
    inlined: str = _inliner().inline(render_to_string("emails/brief-html.html", _with_slots(context)))
    return inlined


def _text_of(context: Mapping[str, object]) -> str:
    return render_to_string("emails/brief-text.txt", _with_slots(context))


def _with_slots(context: Mapping[str, object]) -> dict[str, object]:
    names = (
        "subject",
        "ear",
        "date",
        "length",
        "why",
        "preferences",
        "unsubscribe",
        "number",
        "reason",
        "voices",
        "act",
    )
    return {
        "slot": {name: f"{_MARK}{name}{_MARK}" for name in names},
        "rule": "-" * _WIDTH,
        "site_url": settings.SITE_URL,
        "sender": settings.SENDER_IDENTITY,
        **context,
    }


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


def _between(document: str) -> str:
    return document.split("<!--items-->\n", 1)[1].rsplit("<!--/items-->\n", 1)[0]


def _frame(document: str) -> _Frame:
    before, rest = document.split("<!--items-->\n", 1)
    return _Frame(_Sheet(before), _Sheet(rest.rsplit("<!--/items-->\n", 1)[1]))


def _wrapped(text: str, *, first: str = "") -> str:
    return textwrap.fill(_folded(text), _WIDTH, initial_indent=first, subsequent_indent=_INDENT)


def _folded(text: str) -> str:
    return " ".join(text.split())


# Printing: once for each subscriber ------------------------------------------------------------------------------


def _print(
    frame: _Frame,
    words: Mapping[str, str],
    sheets: Sequence[_Sheet],
    items: Sequence[Mapping[str, str]],
    *,
    form: Callable[[str, str], Passage],
) -> Passage:
    around = _formed(words, form)
    passages = frame.before.filled(around)
    for sheet, values in zip(sheets, items, strict=True):
        passages += sheet.filled(_formed(values, form))
    return joined(passages + frame.after.filled(around))


def _formed(values: Mapping[str, str], form: Callable[[str, str], Passage]) -> dict[str, Passage]:
    """Our own addresses are passages already: the same in both forms, and in no two briefs."""
    return {name: value if isinstance(value, Passage) else form(name, value) for name, value in values.items()}


def _words_around(edition: Edition, blocks: Sequence[_Block]) -> dict[str, str]:
    minutes = math.ceil(sum(block.words for block in blocks) / WORDS_A_MINUTE)
    return {
        "subject": subject(blocks[0].headline),
        "ear": _ear(blocks),
        "date": f"{edition.day:%A}, {edition.day.day} {edition.day:%B %Y}",
        "length": f"{minutes} minute{'s' if minutes > 1 else ''} to read",
        "why": _why(edition),
        "preferences": Passage(preferences_url(edition.user)),
        "unsubscribe": Passage(unsubscribe_url(edition.user)),
    }


def _ear(blocks: Sequence[_Block]) -> str:
    """The first visible sentence: mail programs show it beside the subject, so it must not repeat that."""
    if len(blocks) == 1:
        return "One thing worth hearing today."
    others = f" And {_COUNT[len(blocks) - 2]} more." if len(blocks) > 2 else ""
    return f"Also today: {_sentence(blocks[1].headline)}{others}"


def _sentence(headline: str) -> str:
    folded = _folded(headline)
    return folded if folded.endswith((".", "?", "!", "…")) else f"{folded}."


_COUNT = ("none", "one", "two", "three")


def _why(edition: Edition) -> str:
    user, host = edition.user, urlsplit(settings.SITE_URL).netloc
    often = "weekly" if edition.kind == Brief.Kind.WEEKLY else "daily" if len(user.brief_days) == 7 else "on your days"
    return f"You signed up for this at {host}. It comes {often} at {user.brief_hour:02}:00, {user.time_zone}."


@lru_cache(maxsize=4096)
def _in_text(name: str, value: str) -> Passage:
    return Passage(f"\n{_wrapped(f'{value}.', first=_INDENT)}" if name == "voices" and value else value)


@lru_cache(maxsize=4096)
def _in_html(name: str, value: str) -> Passage:
    return Passage(escape(f" · {value}" if name == "voices" and value else value))

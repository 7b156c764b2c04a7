"""A brief as an e-mail: every insight is set once, and each subscriber's copy is put together from those blocks."""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.text import Truncator

from accounts.links import brief_url, preferences_url, unsubscribe_url
from accounts.mail.encoded_text import EncodedText, joined
from accounts.mail.layout import folded, message_id, paragraph, sender_host
from accounts.mail.message import Message, mail_to
from accounts.models import User
from briefs.choosing.voices import on_the_same_point
from briefs.edition.gone_shows import in_words
from briefs.edition.printing.blocks import Block, Frame, Sheet, block, frames, indented
from briefs.edition.printing.feedback_links import act_url
from briefs.edition.printing.shortness import fewer_in_words
from briefs.models import Brief, BriefItem
from feeds.models import Insight

WORDS_A_MINUTE = 220
SUBJECT_LENGTH = 140


@dataclass(frozen=True, slots=True)
class EditionItem:
    """One of the five as the subscriber gets it."""

    insight_id: int
    reason: str
    voices: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """One subscriber's brief of one day, ready to be set. One that is only tried out is not kept, and has no page."""

    user: User
    day: dt.date
    kind: str
    items: tuple[EditionItem, ...]
    gone_shows: tuple[str, ...] = ()
    is_kept: bool = True


def edition(brief: Brief, user: User, items: Iterable[BriefItem]) -> Edition:
    chosen = tuple(EditionItem(item.insight_id, item.reason_in_words, tuple(item.voices)) for item in items)
    return Edition(user, brief.day, brief.kind, chosen, tuple(brief.gone_shows), is_kept=brief.pk is not None)


class Press:
    """Sets each insight once, then prints any number of briefs from the blocks."""

    def __init__(self) -> None:
        self._blocks: dict[int, Block] = {}
        self._html, self._text = frames()

    def missing(self, insight_ids: Iterable[int]) -> set[int]:
        return set(insight_ids) - self._blocks.keys()

    def set(self, insights: Iterable[Insight]) -> None:
        """`insights` with their episode and feed loaded."""
        self._blocks |= {insight.pk: block(insight) for insight in insights}

    def may_print(self, item: BriefItem) -> bool:
        """It was not taken down since it was chosen, nor withheld: a passage is printed only where one was wanted."""
        block = self._blocks.get(item.insight_id)
        return block is not None and (item.is_quote or not block.is_quote)

    def message(self, edition: Edition) -> Message:
        """The finished mail. Raises KeyError for an insight that was not set."""
        blocks = [self._blocks[item.insight_id] for item in edition.items]
        words = _words_around(edition, blocks)
        values = [self._values(edition.user, item, number) for number, item in enumerate(edition.items, start=1)]
        is_designed = edition.user.brief_format == User.Format.HTML
        html = (
            _print(self._html, words, [blocks[0].lead, *(one.html for one in blocks[1:])], values, form=_in_html)
            if is_designed
            else ""
        )
        return mail_to(
            edition.user.email,
            subject=words["subject"],
            text=_print(self._text, words, [one.text for one in blocks], values, form=_in_text),
            html=html,
            headers=headers(edition.user, edition.day),
        )

    def _values(self, user: User, item: EditionItem, number: int) -> dict[str, str]:
        reason = item.reason[:1].upper() + item.reason[1:]
        who = (block.who for pk in item.voices if (block := self._blocks.get(pk)) and not block.is_quote)
        act = EncodedText(act_url(user, item.insight_id))
        return {"number": str(number), "reason": reason, "voices": on_the_same_point(who), "act": act}


@lru_cache(maxsize=4096)
def subject(headline: str) -> str:
    """The top insight, on one line."""
    return Truncator(folded(headline)).chars(SUBJECT_LENGTH)


def headers(user: User, day: dt.date) -> dict[str, str]:
    """The Message-ID is the same for every attempt at this subscriber's brief of this day."""
    digest = salted_hmac("overheard.brief.message", f"{user.pk} {day}", algorithm="sha256").hexdigest()[:24]
    return {
        "Message-ID": message_id(f"brief-{day:%Y%m%d}-{digest}"),
        "List-Id": f"Overheard <brief.{sender_host()}>",
        "List-Unsubscribe": f"<{unsubscribe_url(user)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _print(
    frame: Frame,
    words: Mapping[str, str],
    sheets: Sequence[Sheet],
    items: Sequence[Mapping[str, str]],
    *,
    form: Callable[[str, str], EncodedText],
) -> EncodedText:
    around = _formed(words, form)
    texts = frame.before.filled(around)
    for sheet, values in zip(sheets, items, strict=True):
        texts += sheet.filled(_formed(values, form))
    return joined(texts + frame.after.filled(around))


def _formed(values: Mapping[str, str], form: Callable[[str, str], EncodedText]) -> dict[str, EncodedText]:
    """Our own addresses are encoded already: the same in both forms, and in no two briefs."""
    return {name: value if isinstance(value, EncodedText) else form(name, value) for name, value in values.items()}


def _words_around(edition: Edition, blocks: Sequence[Block]) -> dict[str, str]:
    minutes = math.ceil(sum(block.words for block in blocks) / WORDS_A_MINUTE)
    return {
        "subject": subject(blocks[0].headline),
        "ear": _ear(blocks),
        "date": f"{edition.day:%A}, {edition.day.day} {edition.day:%B %Y}",
        "length": f"{minutes} minute{'s' if minutes > 1 else ''} to read",
        "fewer": fewer_in_words(len(blocks), quotes=sum(block.is_quote for block in blocks)),
        "notice": in_words(edition.gone_shows),
        "why": _why(edition),
        "read": EncodedText(_page(edition)),
        "preferences": EncodedText(preferences_url(edition.user)),
        "unsubscribe": EncodedText(unsubscribe_url(edition.user)),
    }


def _page(edition: Edition) -> str:
    return brief_url(edition.user, edition.day) if edition.is_kept else f"{settings.SITE_URL}{reverse('briefs:today')}"


def _ear(blocks: Sequence[Block]) -> str:
    """The first visible sentence: mail programs show it beside the subject, so it must not repeat that."""
    if len(blocks) == 1:
        return "One thing worth hearing today."
    others = f" And {_COUNT[len(blocks) - 2]} more." if len(blocks) > 2 else ""
    return f"Also today: {_sentence(blocks[1].headline)}{others}"


def _sentence(headline: str) -> str:
    line = folded(headline)
    return line if line.endswith((".", "?", "!", "…")) else f"{line}."


_COUNT = ("none", "one", "two", "three")


def _why(edition: Edition) -> str:
    user, host = edition.user, urlsplit(settings.SITE_URL).netloc
    often = "weekly" if edition.kind == Brief.Kind.WEEKLY else "daily" if len(user.brief_days) == 7 else "on your days"
    return f"You signed up for this at {host}. It comes {often} at {user.brief_hour:02}:00, {user.time_zone}."


@lru_cache(maxsize=4096)
def _in_text(name: str, value: str) -> EncodedText:
    match name:
        case "notice" if value:
            return EncodedText(f"{paragraph(value)}\n\n")
        case "reason":
            return EncodedText(indented(f"{value}."))
        case "voices" if value:
            return EncodedText(f"\n{indented(f'{value}.')}")
        case "fewer" if value:
            return EncodedText(f"{value}\n\n")
    return EncodedText(value)


@lru_cache(maxsize=4096)
def _in_html(name: str, value: str) -> EncodedText:
    match name:
        case "voices" if value:
            return EncodedText(escape(f" · {value}"))
        case "fewer" | "notice" if value:
            return EncodedText(f"{escape(value)}<br>")
    return EncodedText(escape(value))

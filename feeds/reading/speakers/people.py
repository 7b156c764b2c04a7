"""Who may be speaking in an episode, as far as its title, its feed and the talk itself say."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from feeds.reading.insights.extraction import EpisodeContext
from feeds.reading.speakers.names import FIRST_NAME, FULL_NAME, distinct, first, full_name, same_person

_END = r"(?=\s*(?:[|,:;()\[\]–—]|\.\s|\.?$|\s-\s|\band\b|&))"
_BEGINNING = r"(?:^|[|:–—]\s*|\s-\s+|#?\d+[.:]?\s+)"
_IN_TITLE = (
    re.compile(rf"\b(?:[Ww]ith|[Ff]eaturing|[Ff]eat\.|[Ff]t\.|w/)\s+({FULL_NAME}){_END}"),
    re.compile(rf"{_BEGINNING}({FULL_NAME}) on "),
)
_IN_SHOW = (
    re.compile(rf"\b[Ww]ith\s+({FULL_NAME}){_END}"),
    re.compile(rf"\(({FULL_NAME})\)"),
    re.compile(rf"^(?:The )?({FIRST_NAME} {FIRST_NAME})(?:['’]s)? (?:Podcast|Show|Experience|Report|Hour)\b"),
)
_QUIETLY = r"(?:[a-z'’]+,? ){0,5}"
_GUEST_IN_TALK = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:[Mm]y|[Oo]ur) guest(?: today| this week)?,? is {_QUIETLY}({FULL_NAME})",
        rf"\bjoin(?:ed|ing)(?: me| us)?(?: today)?(?: is| by) {_QUIETLY}({FULL_NAME})",
        rf"\b(?:[Pp]lease )?[Ww]elcome(?: back)?(?: to (?:the show|the podcast))?,? {_QUIETLY}({FULL_NAME})",
        rf"\b(?:talk|speak|chatt|sitt)ing(?: down)?(?: today)? (?:with|to) {_QUIETLY}({FULL_NAME})",
        rf"\b(?:here|conversation|interview|chat) with ({FULL_NAME})",
        rf"\b[Ww]ith (?:me|us)(?: today)?(?: is|,)? ({FULL_NAME})",
    )
)
_OWN_NAME = re.compile(rf"(?<![\"“'‘] )(?<![\"“'‘])\b(?:I['’]m|I am|[Mm]y name is|[Mm]y name['’]s) ({FULL_NAME})\b")
# Names are told at the beginning.
_BEGINNING_OF_TALK = 0.15
_FEWEST_CHARACTERS = 4000


@dataclass(frozen=True)
class People:
    """Full names. `guests` and `hosts` are called so by the feed or the title; the talk itself presents `presented`."""

    hosts: tuple[str, ...]
    guests: tuple[str, ...]
    presented: tuple[str, ...]

    @cached_property
    def all(self) -> tuple[str, ...]:
        return distinct([*self.guests, *self.hosts, *self.presented])

    def called(self, word: str) -> str | None:
        """The one person of this first name."""
        found = [name for name in self.all if first(name).casefold() == word.casefold()]
        return found[0] if len(found) == 1 else None


def people_of(text: str, context: EpisodeContext) -> People:
    told = distinct(_full(context.guests))
    guests = distinct([*told, *_said_of(_IN_TITLE, context.title)])
    named = distinct([*_full(context.people), *_said_of(_IN_SHOW, context.show)])
    hosts = tuple(name for name in named if not any(same_person(name, guest) for guest in told))
    guests = tuple(name for name in guests if not any(same_person(name, host) for host in hosts))
    opening = beginning(text)
    presented = distinct([*own_names(opening), *_said_of(_GUEST_IN_TALK, opening)])
    return People(hosts, guests, tuple(name for name in presented if name.casefold() not in context.show.casefold()))


def beginning(text: str) -> str:
    return text[: max(_FEWEST_CHARACTERS, int(len(text) * _BEGINNING_OF_TALK))]


def own_names(text: str) -> list[str]:
    """Names that speakers give as their own."""
    return list(_said_of((_OWN_NAME,), text))


def _full(names: Iterable[str]) -> Iterator[str]:
    return (name for text in names if (name := full_name(text)))


def _said_of(patterns: Sequence[re.Pattern[str]], text: str) -> Iterator[str]:
    return _full(match[1] for pattern in patterns for match in pattern.finditer(text))

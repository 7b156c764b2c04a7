"""Pure: which item of a feed is which episode that is known already.

A publisher's item and a known episode are compared by four marks: the **guid**, the **recording** (its bare address,
and its length), the **title** and the **date**. A mark agrees, conflicts, or is unknown where one side lacks it; a guid
that only repeats the address, or title and date, is no mark of its own.

| what agrees, and what conflicts | verdict |
|---|---|
| every mark agrees | the same episode |
| one mark conflicts, and what agrees belongs to no other item and no other episode | the same, one mark was changed |
| one mark conflicts, and what agrees is what several share (one title or one address for all of them) | another |
| two marks conflict | another episode |
| guid and recording conflict in three episodes at once, titles and times of day agree | the same, the feed has moved |
| the date conflicts, and no guid agrees | another: without a guid the date is what names a bulletin or a rerun |
| nothing conflicts, and guid or address agrees, or any two marks | the same, the other marks are new |
| nothing conflicts, and only the title or only the date agrees | another |

The address conflicts where its bare form differs (`bare_address`); where it agrees, a length that differs by more than
a tenth and by more than half a minute is a conflict instead. Titles agree without regard to case and punctuation, dates
to the minute. A date without a time of day is shared by whatever comes on that day.

Two items of one feed are two episodes, and no two of them are ever taken for one known episode, unless every mark of
theirs agrees: then the feed says the same thing twice, and the first one counts.

An episode that was read is read anew where its recording is another one: its address conflicts, and it is not the
same file in another place (a name with a number in it, of the same length as far as anybody says).
"""

import datetime as dt
import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from feeds.polling.bare_address import bare_address, file_name
from feeds.polling.parse.fields import HASHED, UNTITLED, guid_form

Mark = Literal["guid", "address", "title", "date"]

_MARKS: tuple[Mark, ...] = ("guid", "address", "title", "date")
# Which marks must agree, the most telling first: between two that could be the one, the date decides.
_AGREEMENTS: tuple[tuple[Mark, ...], ...] = (
    ("guid", "title", "date"),
    ("guid", "address", "date"),
    ("address", "title", "date"),
    ("guid", "address", "title"),
    ("guid", "date"),
    ("address", "date"),
    ("guid", "title"),
    ("title", "date"),
    ("guid", "address"),
    ("address", "title"),
    ("guid",),
    ("address",),
)
# So many episodes that change alike at once are the feed's doing.
_TOGETHER = 3
_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Marks:
    """What an episode is known by, in the form that is compared; "" or None is unknown."""

    guid: str
    address: str
    title: str
    date: dt.datetime | None
    seconds: int | None

    @property
    def whole(self) -> tuple[object, ...]:
        return self.guid, self.address, self.title, self.date


def marks(*, guid: str, audio_url: str, title: str, date: dt.datetime | None, seconds: int | None) -> Marks:
    address = bare_address(audio_url)
    return Marks(
        guid="" if _repeats(guid, audio_url=audio_url, title=title, date=date) else _guid(guid),
        address=address,
        title="" if title == UNTITLED else _plain(title),
        date=date.replace(second=0, microsecond=0) if date else None,
        seconds=seconds,
    )


def first_of_twins(items: Sequence[Marks]) -> list[int]:
    """The places of the items that say something new; the others repeat one of these in every mark."""
    seen = defaultdict[object, list[Marks]](list)
    kept = list[int]()
    for place, item in enumerate(items):
        alike = seen[item.whole]
        if not any(_lengths_agree(item, other) for other in alike):
            kept.append(place)
        alike.append(item)
    return kept


def matched(known: Sequence[Marks], items: Sequence[Marks], *, sure: Mapping[int, int] | None = None) -> dict[int, int]:
    """For each item that is a known episode, by places: which one. No known episode is given twice.

    Of some items that is `sure` already.
    """
    found = _unchanged(known, items, found=dict(sure or {}))
    rest = [place for place in range(len(items)) if place not in found]
    if rest and len(found) < len(known):
        weighing = _Weighing(known, items, found, near=[items[place] for place in rest])
        for agreeing in _AGREEMENTS:
            rest = weighing.match(rest, agreeing)
        weighing.match_moved(rest)
    return found


def identity_key(item: Marks, *, taken: Collection[str]) -> str:
    """A name for a new episode that it keeps whatever its feed says later; none of those that are taken."""
    said = "|".join(str(mark) for mark in item.whole)
    keys = (hashlib.sha256(f"{said}|{number}".encode()).hexdigest() for number in range(len(taken) + 1))
    return next(key for key in keys if key not in taken)


def is_other_recording(before: Marks, after: Marks) -> bool:
    """Whether what was said in the one may be missing from the other; both are of one episode."""
    if not before.address or not after.address or before.address == after.address:
        return False
    name = file_name(before.address)
    is_moved = bool(name) and name == file_name(after.address) and _lengths_agree(before, after)
    return not is_moved


def _unchanged(known: Sequence[Marks], items: Sequence[Marks], *, found: dict[int, int]) -> dict[int, int]:
    places, taken = defaultdict[object, list[int]](list), set(found.values())
    for place, episode in enumerate(known):
        if place not in taken:
            places[episode.whole].append(place)
    for place, item in enumerate(items):
        if place not in found and (alike := places.get(item.whole)):
            same_length = (number for number in alike if _lengths_agree(known[number], item))
            found[place] = next(same_length, alike[0])
            alike.remove(found[place])
    return found


class _Weighing:
    """Items that changed, against the known episodes that no other item is."""

    def __init__(
        self, known: Sequence[Marks], items: Sequence[Marks], found: dict[int, int], *, near: Sequence[Marks]
    ) -> None:
        self._found, self._taken = found, set(found.values())
        # All others share no mark with those that are looked for, and so weigh nothing.
        values = {mark: {getattr(one, mark) for one in near} - {"", None} for mark in _MARKS}
        self._known, self._items = _near(known, values), _near(items, values)
        self._shared = {mark: _shared(self._known, mark) | _shared(self._items, mark) for mark in _MARKS}

    def match(self, places: Sequence[int], agreeing: tuple[Mark, ...]) -> list[int]:
        """Add those that agree in these marks, and return the rest."""
        for place, number in self._pairs(places, agreeing):
            if self._is_same(place, number, agreeing):
                self._found[place] = number
                self._taken.add(number)
        return [place for place in places if place not in self._found]

    def match_moved(self, places: Sequence[int]) -> None:
        """A new host gives every episode a new guid and a new address at once."""
        agreeing: tuple[Mark, ...] = ("title", "date")
        pairs = {
            place: number
            for place, number in self._pairs(places, agreeing)
            if number not in self._taken and not _is_whole_day(self._items[place])
        }
        telling = [place for place in pairs if all(self._tells(mark, self._items[place]) for mark in agreeing)]
        if len(telling) >= _TOGETHER:
            self._found |= pairs

    def _pairs(self, places: Sequence[int], agreeing: tuple[Mark, ...]) -> list[tuple[int, int]]:
        """Those of the items that alone agree with one known episode alone, each with that."""
        keys = {place: key for place in places if (key := self._key(place, agreeing)) is not None}
        items, known = (_places(near, agreeing, set(keys.values())) for near in (self._items, self._known))
        return [
            (place, known[key][0]) for place, key in keys.items() if len(items[key]) == len(known.get(key, ())) == 1
        ]

    def _key(self, place: int, agreeing: tuple[Mark, ...]) -> tuple[object, ...] | None:
        # An item without any mark is near to nothing.
        return _key(self._items[place], agreeing) if place in self._items else None

    def _is_same(self, place: int, number: int, agreeing: tuple[Mark, ...]) -> bool:
        if number in self._taken:
            return False
        item, episode = self._items[place], self._known[number]
        conflicts = _conflicts(episode, item, agreeing)
        if conflicts == 0:
            return True
        is_enough = len(agreeing) > 1 or agreeing == ("guid",)
        return conflicts == 1 and is_enough and any(self._tells(mark, item) for mark in agreeing)

    def _tells(self, mark: Mark, item: Marks) -> bool:
        value = getattr(item, mark)
        return value not in self._shared[mark] and not (mark == "date" and _is_whole_day(item))


def _conflicts(episode: Marks, item: Marks, agreeing: Collection[Mark]) -> int:
    against = [mark for mark in _MARKS if mark not in agreeing and _differ(episode, item, mark)]
    is_bare_date = "date" in against and "guid" not in agreeing
    is_other_length = "address" not in against and not _lengths_agree(episode, item)
    return len(against) + is_bare_date + is_other_length


def _differ(one: Marks, other: Marks, mark: Mark) -> bool:
    mine, theirs = getattr(one, mark), getattr(other, mark)
    return bool(mine and theirs) and mine != theirs


def _lengths_agree(one: Marks, other: Marks) -> bool:
    if one.seconds is None or other.seconds is None:
        return True
    return abs(one.seconds - other.seconds) <= max(30, max(one.seconds, other.seconds) / 10)


def _is_whole_day(one: Marks) -> bool:
    return one.date is not None and (one.date.hour, one.date.minute) == (0, 0)


def _key(one: Marks, agreeing: tuple[Mark, ...]) -> tuple[object, ...] | None:
    key = tuple(getattr(one, mark) for mark in agreeing)
    return key if all(key) else None


def _near(every: Sequence[Marks], values: Mapping[Mark, Collection[object]]) -> dict[int, Marks]:
    return {place: one for place, one in enumerate(every) if any(getattr(one, mark) in values[mark] for mark in _MARKS)}


def _places(
    near: Mapping[int, Marks], agreeing: tuple[Mark, ...], wanted: Collection[object]
) -> Mapping[object, list[int]]:
    found = defaultdict[object, list[int]](list)
    for place, one in near.items():
        key = _key(one, agreeing)
        if key in wanted:
            found[key].append(place)
    return found


def _shared(near: Mapping[int, Marks], mark: Mark) -> set[object]:
    """What several of them have in common."""
    counts = Counter(getattr(one, mark) for one in near.values())
    return {value for value, times in counts.items() if times > 1}


def _repeats(guid: str, *, audio_url: str, title: str, date: dt.datetime | None) -> bool:
    if guid.startswith(("http://", "https://")):
        return bool(audio_url) and bare_address(guid) == bare_address(audio_url)
    if guid.startswith(HASHED) or guid == title or (date and guid.startswith(f"{title}|")):
        dated = f"{title}|{date.astimezone(dt.UTC).isoformat()}" if date else ""
        return guid in {guid_form(other) for other in (audio_url, dated, title) if other}
    return False


def _guid(guid: str) -> str:
    return bare_address(guid) if guid.startswith(("http://", "https://")) else guid


def _plain(title: str) -> str:
    folded = unicodedata.normalize("NFKC", title).casefold()
    return _WORDS.sub(" ", folded).strip() or title

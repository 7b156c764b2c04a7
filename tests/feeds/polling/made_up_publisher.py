"""A publisher who changes one thing after another about a feed, and knows how many episodes there truly are.

At most one mark of an episode changes between two polls that show it, and two episodes differ in two marks at least:
of everything else nobody could say which is which.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from feeds.polling.identity import Marks, first_of_twins, is_other_recording, marks, matched
from feeds.polling.parse import ParsedEpisode, TranscriptLink

START = dt.datetime(2026, 1, 5, 6, 30, tzinfo=dt.UTC)

GUIDS = ("own", "none", "constant", "address")
TITLES = ("own", "constant")
ADDRESSES = ("own", "query", "constant", "none")
DATES = ("exact", "none")


@dataclass(frozen=True, slots=True)
class Style:
    guid: str
    title: str
    address: str
    date: str
    # How many of the newest the feed holds; None for all.
    window: int | None

    @property
    def tells(self) -> dict[str, bool]:
        """Whether this mark alone tells its episodes apart."""
        return {
            "guid": self.guid == "own",
            "title": self.title == "own",
            "address": self.address in ("own", "query"),
            "date": self.date == "exact",
        }

    @property
    def has_guid(self) -> bool:
        return self.guid in ("own", "constant")

    @property
    def is_decidable(self) -> bool:
        """Two different episodes conflict in two marks, or by a date without a guid."""
        conflicts = sum(self.tells.values()) + (self.tells["date"] and not self.has_guid)
        return conflicts >= 2

    def can_change(self, mark: str) -> bool:
        """Whether an episode is still known when this mark of it is another one."""
        told = {name: tells for name, tells in self.tells.items() if name != mark}
        present = {
            "guid": self.has_guid,
            "title": True,
            "address": self.address != "none",
            "date": self.date == "exact",
        }
        agreeing = [name for name, there in present.items() if there and name != mark]
        if mark == "date" and not self.has_guid:
            return False
        return (len(agreeing) > 1 or agreeing == ["guid"]) and any(told.values())


@dataclass
class Told:
    """An episode as its publisher tells of it now."""

    number: int
    recording: int
    published_at: dt.datetime
    title: str
    seconds: int
    is_rerun_of: int | None = None
    guid: str = ""
    file: str = ""
    changed: set[str] = field(default_factory=set)
    corrections: int = 0


class Publisher:
    def __init__(self, style: Style, *, random: Random) -> None:
        self.style, self._random = style, random
        self.episodes: list[Told] = []
        self.shown: set[int] = set()
        self._recordings = 0
        self._guid_scheme, self._host, self._scheme, self._prefix = "g", "cdn.example", "http", ""
        self._session = 0
        self._hidden: set[int] = set()
        self._twins: set[int] = set()
        self._is_shuffled = False
        self._now = START

    # What it does ------------------------------------------------------------------------------------------------

    def publish(self) -> None:
        self._now += dt.timedelta(minutes=self._random.choice((60, 61, 24 * 60, 7 * 24 * 60)))
        number = len(self.episodes)
        title = "The news" if self.style.title == "constant" else f"Number {number}: a talk"
        self.episodes.append(self._told(number, title=title, file=f"{number}-1", seconds=300 + 40 * (number % 30)))

    def rerun(self) -> None:
        """An old recording under its old title as an item of its own; only where such an item has a mark to show it."""
        if not self.episodes or not (self.style.guid in ("own", "none", "address") and self.style.date == "exact"):
            return
        old = self._random.choice(self.episodes)
        self._now += dt.timedelta(days=3)
        told = self._told(len(self.episodes), title=old.title, file=old.file, seconds=old.seconds)
        told.recording, told.is_rerun_of = old.recording, old.number
        self.episodes.append(told)

    def correct_title(self) -> None:
        for told in self._changing("title", some=True):
            told.corrections += 1
            told.title = f"{told.title} (corrected {told.corrections})"

    def rename_the_series(self) -> None:
        if self.style.title == "own":
            for told in self._changing("title"):
                told.title = f"The show, {told.title}"

    def correct_date(self) -> None:
        for told in self._changing("date", some=True):
            told.published_at += dt.timedelta(minutes=7, seconds=3)

    def mistake_the_time_zone(self) -> None:
        for told in self._changing("date"):
            told.published_at += dt.timedelta(minutes=17)

    def upload_again(self) -> None:
        if self.style.address in ("own", "query"):
            for told in self._changing("address", some=True):
                self._recordings += 1
                told.recording = self._recordings
                told.file = f"{told.number}-new-{told.recording}"

    def rename_files(self) -> None:
        if self.style.address in ("own", "query"):
            for told in self._changing("address"):
                told.file = f"renamed-{told.file}"

    def move_to_another_host(self) -> None:
        if self.style.address != "none" and self._changing("address"):
            self._host = f"{self._random.choice('abcd')}.example"

    def change_guids(self) -> None:
        if self.style.guid == "own" and self._changing("guid"):
            self._guid_scheme += "x"
            for told in self.episodes:
                told.guid = f"{self._guid_scheme}-{told.number}"

    def change_guids_and_hosts_at_once(self) -> None:
        """As a move to another host does; of a few episodes nobody could say that it did."""
        is_whole = self.style.window is None and not self._hidden
        tells = self.style.guid == "own" and self.style.title == "own" and self.style.date == "exact"
        if not (is_whole and tells and self.style.address in ("own", "query")) or len(self.shown) < 3:
            return
        if any(told.changed or self._is_ambiguous_without(told, "guid") for told in self.episodes):
            return
        self._guid_scheme, self._host = f"{self._guid_scheme}y", "new-host.example"
        for told in self.episodes:
            told.changed |= {"guid", "address", "title", "date"}
            told.guid, told.file = f"{self._guid_scheme}-{told.number}", f"moved{len(self._guid_scheme)}-{told.number}"

    def turn_to_https(self) -> None:
        self._scheme = "https"

    def put_a_tracker_before(self) -> None:
        self._prefix = self._random.choice(["dts.podtrac.com/redirect.mp3/", "chrt.fm/track/A1/", "op3.dev/e/", ""])

    def open_a_session(self) -> None:
        self._session += 1

    def shrink(self) -> None:
        """The oldest leave, and may come back."""
        if self.style.window is None:
            self._hidden = {told.number for told in self.episodes[: self._random.randint(0, len(self.episodes))]}

    def show_all(self) -> None:
        self._hidden = set()

    def shuffle(self) -> None:
        self._is_shuffled = not self._is_shuffled

    def say_twice(self) -> None:
        if self.episodes:
            self._twins.add(self._random.choice(self.episodes).number)

    # What it shows -----------------------------------------------------------------------------------------------

    def items(self) -> list[ParsedEpisode]:
        """The feed as it stands; the description of an item names its episode and its recording."""
        visible = [told for told in self.episodes if told.number not in self._hidden][-(self.style.window or 10**6) :]
        for told in visible:
            told.changed.clear()
        self.shown |= {told.number for told in visible}
        twice = [told for told in visible for _ in range(2 if told.number in self._twins else 1)]
        ordered = twice[::-1]
        if self._is_shuffled:
            self._random.shuffle(ordered)
        return [self._item(told) for told in ordered]

    def _told(self, number: int, *, title: str, file: str, seconds: int) -> Told:
        self._recordings += 1
        guid = {"own": f"{self._guid_scheme}-{number}", "constant": "https://show.example/"}.get(self.style.guid, "")
        return Told(number, self._recordings, self._now, title, seconds, guid=guid, file=file)

    def _changing(self, mark: str, *, some: bool = False) -> Sequence[Told]:
        """Those whose mark changes now: none where they would not be known again."""
        if not self.style.can_change(mark) or not self.episodes:
            return []
        concerned = [self._random.choice(self.episodes)] if some else self.episodes
        if any(told.changed - {mark} or self._is_ambiguous_without(told, mark) for told in concerned):
            return []
        for told in concerned:
            told.changed.add(mark)
        return concerned

    def _is_ambiguous_without(self, told: Told, mark: str) -> bool:
        """Title and recording of a rerun are those of another episode: only its date and its guid tell."""
        has_double = told.is_rerun_of is not None or any(one.is_rerun_of == told.number for one in self.episodes)
        return has_double and (mark != "title" or not self.style.has_guid)

    def _item(self, told: Told) -> ParsedEpisode:
        address = self._address(told)
        return ParsedEpisode(
            guid=told.guid or address or f"{told.title}|{told.published_at.isoformat()}",
            title=told.title,
            description=f"{told.number} {told.recording}",
            published_at=told.published_at if self.style.date == "exact" else None,
            duration_seconds=told.seconds,
            audio_url=address,
            transcripts=(TranscriptLink(f"https://{self._host}/{told.file}.vtt"),),
        )

    def _address(self, told: Told) -> str:
        path = {
            "own": f"audio/{told.file}.mp3",
            "query": f"download.php?file={told.file}.mp3",
            "constant": "latest.mp3",
            "none": "",
        }[self.style.address]
        if not path:
            return ""
        session = f"{'&' if '?' in path else '?'}token={self._session}" if self._session else ""
        return f"{self._scheme}://{self._prefix}{self._host}/{path}{session}"


STYLES = [
    style
    for guid in GUIDS
    for title in TITLES
    for address in ADDRESSES
    for date in DATES
    for window in (None, 1, 3)
    if (style := Style(guid, title, address, date, window)).is_decidable
]

Deed = Callable[[Publisher], None]
DEEDS: tuple[Deed, ...] = (
    Publisher.rerun,
    Publisher.correct_title,
    Publisher.rename_the_series,
    Publisher.correct_date,
    Publisher.mistake_the_time_zone,
    Publisher.upload_again,
    Publisher.rename_files,
    Publisher.move_to_another_host,
    Publisher.change_guids,
    Publisher.change_guids_and_hosts_at_once,
    Publisher.turn_to_https,
    Publisher.put_a_tracker_before,
    Publisher.open_a_session,
    Publisher.shrink,
    Publisher.show_all,
    Publisher.shuffle,
    Publisher.say_twice,
)


@dataclass
class Row:
    """What is kept of an episode; `number` is the truth, which no decision sees."""

    number: int
    said: ParsedEpisode
    read: ParsedEpisode | None = None


Match = Callable[[Sequence[Marks], Sequence[Marks]], dict[int, int]]


class Follower:
    """Polls the publisher, keeps rows as the decisions say, and counts what went wrong by the publisher's truth."""

    def __init__(self, publisher: Publisher, *, match: Match = matched) -> None:
        self._publisher, self._match = publisher, match
        self.rows: list[Row] = []
        self._wrong = Counter[str]()

    def poll(self) -> None:
        items = self._publisher.items()
        kept = [items[place] for place in first_of_twins([marks_of(item) for item in items])]
        found = self._match([marks_of(row.said) for row in self.rows], [marks_of(item) for item in kept])
        for place, item in enumerate(kept):
            if place in found:
                self._bring_up_to_date(self.rows[found[place]], item)
            else:
                self.rows.append(Row(number_of(item), item))

    def read(self) -> None:
        for row in self.rows:
            row.read = row.said

    def mistakes(self) -> Counter[str]:
        there = Counter(row.number for row in self.rows)
        counts = {"lost": len(self._publisher.shown - set(there)), "doubled": there.total() - len(there)}
        return +(self._wrong + Counter(counts))

    def _bring_up_to_date(self, row: Row, item: ParsedEpisode) -> None:
        if row.read is None:
            row.said = item
            return
        self._wrong["under a foreign title"] += row.number != number_of(item)
        if is_other_recording(marks_of(row.read), marks_of(item)):
            row.read = None
        elif recording_of(row.read) != recording_of(item):
            self._wrong["under another recording"] += 1
        row.said = item


def history(seed: int, *, match: Match = matched) -> Counter[str]:
    """What went wrong in one history of twelve polls."""
    random = Random(seed)  # noqa: S311  plays, guards nothing
    publisher = Publisher(random.choice(STYLES), random=random)
    follower = Follower(publisher, match=match)
    for _ in range(12):
        for deed in random.choices((*DEEDS, Publisher.publish, Publisher.publish), k=random.randint(0, 3)):
            deed(publisher)
        publisher.publish()
        follower.poll()
        if random.random() < 0.5:
            follower.read()
    return follower.mistakes()


def by_guid(known: Sequence[Marks], items: Sequence[Marks]) -> dict[int, int]:
    """What most readers do: an item is its guid, else its address."""
    places = {one.guid or one.address: place for place, one in enumerate(known)}
    found = ((place, places.get(one.guid or one.address)) for place, one in enumerate(items))
    return {place: number for place, number in found if number is not None}


def marks_of(item: ParsedEpisode) -> Marks:
    return marks(
        guid=item.guid,
        audio_url=item.audio_url,
        title=item.title,
        date=item.published_at,
        seconds=item.duration_seconds,
    )


def number_of(item: ParsedEpisode) -> int:
    return int(item.description.split()[0])


def recording_of(item: ParsedEpisode) -> str:
    return item.description.split()[1]

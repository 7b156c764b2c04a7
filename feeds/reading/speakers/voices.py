"""Which name belongs to a voice that the transcript tells apart and does not name, such as “SPEAKER_01”.

Voices say who they are, and others thank, welcome and ask them by name. Each such mark counts for the voice that it
points at and against the one that makes it, for nobody addresses themselves; a voice gets a name only where the marks
agree.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from feeds.reading.speakers.names import first, same_person
from feeds.reading.speakers.people import People, own_names

# One's own full name is enough by itself; of other marks it takes two.
_OWN_NAME_COUNTS = 3.0
_ENOUGH = 2.0
# The share of the marks that must point the same way.
_AGREED = 0.8
_TURN_BEGINS, _TURN_ENDS = 120, 220
# Below this share of the words a voice is a jingle, an interjection, or a slip of the recogniser.
_HARDLY_SPEAKS = 0.02
# Whom everybody asks speaks most of the time, and ends a turn with a question this much less often than anybody else.
_GUEST_SPEAKS = 0.5
_HOSTS_ASK = 2.5

Marks = dict[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class Turn:
    """What one voice says in a row; `voice` is the transcript's own mark of it, "" where it has none."""

    voice: str
    text: str


def names_of_voices(turns: Sequence[Turn], *, known: Mapping[str, str], people: People) -> dict[str, str]:
    """A name for each voice of which it is certain. `known` are the voices that the transcript names."""
    marks = _marks(turns, people)
    found = dict(known)
    for voice in _voices(turns):
        name = _agreed(voice, marks)
        if voice not in found and name and not _is_taken(name, found):
            found[voice] = name
    found |= _guest_who_is_asked(turns, found, people, marks)
    return found | _the_other_of_two(turns, found, people)


def _is_taken(name: str, found: Mapping[str, str]) -> bool:
    return any(same_person(name, other) for other in found.values())


def _voices(turns: Sequence[Turn]) -> list[str]:
    """Those that speak more than a little, the most talkative first."""
    words = _words(turns)
    heard = [voice for voice in words if voice and words[voice] >= _HARDLY_SPEAKS * words.total()]
    return sorted(heard, key=lambda voice: -words[voice])


def _words(turns: Sequence[Turn]) -> Counter[str]:
    words: Counter[str] = Counter()
    for turn in turns:
        words[turn.voice] += len(turn.text.split())
    return words


def _marks(turns: Sequence[Turn], people: People) -> Marks:
    """How much speaks for each voice and name, and against them."""
    marks: Marks = defaultdict(float)
    for number, turn in enumerate(turns):
        for name in _own(turn, people):
            marks[turn.voice, name] += _OWN_NAME_COUNTS
        for name in people.all:
            for step in _points_at(turn, name, people):
                marks[turn.voice, name] -= 1
                if 0 <= number + step < len(turns):
                    marks[turns[number + step].voice, name] += 1
    return marks


def _own(turn: Turn, people: People) -> Iterator[str]:
    for given in own_names(turn.text):
        yield from (name for name in people.all if same_person(name, given))


def _points_at(turn: Turn, name: str, people: People) -> Iterator[int]:
    """-1 where the turn thanks or answers the person before it by name, 1 where it calls upon the next."""
    if people.called(first(name)) != name or first(name) not in turn.text:
        return
    answered, called_upon, welcomed = _addresses(first(name))
    if answered.search(turn.text[:_TURN_BEGINS]):
        yield -1
    if called_upon.search(turn.text[-_TURN_ENDS:]) or welcomed.search(turn.text[-2 * _TURN_ENDS :]):
        yield 1


@lru_cache(maxsize=500)
def _addresses(word: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    name = re.escape(word)
    answered = (
        rf"\b(?:[Tt]hanks|[Tt]hank you)(?: so much| very much| a lot)?(?: for having (?:me|us)(?: on| back)?)?,?"
        rf" {name}\b(?! for)"
    )
    called_upon = (
        rf"(?:^|[.?!] )(?:(?:[Ss]o|[Aa]nd|[Oo]kay|[Nn]ow|[Aa]lright|[Ww]ell),? )?{name}, [^?]*\?[^.?!]*$"
        rf"|, {name}\?\W*$|, {name}, [^.?!]*\?\W*$"
    )
    welcomed = (
        rf"\b[Ww]elcome(?: back)?(?: to [^.?!,]{{1,40}})?,? {name}\b"
        rf"|\b{name},? (?:welcome|thank you|thanks|it['’]s (?:great|good)|(?:great|good) to)\b"
    )
    return re.compile(answered), re.compile(called_upon), re.compile(welcomed)


def _agreed(voice: str, marks: Marks) -> str | None:
    """The name for which enough speaks, and for no other voice or name nearly as much."""
    own = {name: count for (one, name), count in marks.items() if one == voice and count > 0}
    best = max(own, key=lambda name: own[name], default=None)
    if best is None or own[best] < _ENOUGH:
        return None
    elsewhere = sum(count for (one, name), count in marks.items() if name == best and one != voice and count > 0)
    disagreeing = max(elsewhere, sum(own.values()) - own[best])
    return best if own[best] >= _AGREED * (own[best] + disagreeing) else None


def _guest_who_is_asked(
    turns: Sequence[Turn], found: Mapping[str, str], people: People, marks: Marks
) -> dict[str, str]:
    """The one guest is who speaks most and asks least, both by far, unless a mark says otherwise."""
    voices = _voices(turns)
    if len(people.guests) != 1 or len(voices) < 2 or _is_taken(people.guests[0], found):
        return {}
    words, asked = _words(turns), _asked(turns)
    guest, second, *_ = sorted(voices, key=lambda voice: asked[voice])
    speaks_most = words[guest] >= _GUEST_SPEAKS * words.total()
    asks_least = asked[second] >= _HOSTS_ASK * asked[guest]
    if guest in found or not (speaks_most and asks_least) or _contradicted(guest, people.guests[0], marks):
        return {}
    return {guest: people.guests[0]}


def _contradicted(voice: str, name: str, marks: Marks) -> bool:
    """Whether the voice calls upon this name, or somebody points at another voice by it."""
    return any(count > 0 if one != voice else count < 0 for (one, other), count in marks.items() if other == name)


def _asked(turns: Sequence[Turn]) -> Mapping[str, float]:
    """The share of each voice's turns that end by asking."""
    asking = Counter(turn.voice for turn in turns if "?" in turn.text[-_TURN_ENDS:])
    return {voice: asking[voice] / count for voice, count in Counter(turn.voice for turn in turns).items()}


def _the_other_of_two(turns: Sequence[Turn], found: Mapping[str, str], people: People) -> dict[str, str]:
    """Two voices, a host and a guest: who is not the one is the other."""
    voices = _voices(turns)
    nameless = [voice for voice in voices if voice not in found]
    left = [name for name in (*people.hosts, *people.guests) if not _is_taken(name, found)]
    expected = len(people.hosts) + len(people.guests) == 2 == len(voices)
    if len(nameless) != 1 or len(left) != 1 or not expected:
        return {}
    return {nameless[0]: left[0]}

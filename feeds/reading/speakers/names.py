"""What a name looks like, when two are one person's, and how a transcript's label becomes one."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from feeds.reading.transcripts.formats.speakers import is_a_name

# A capital of any script that has them; a name's word may hold apostrophes and dashes, and no full stop.
_WORD = r"[^\W\d_a-zß-ÿ](?:[\w'’-]*\w)?"
_BETWEEN = r"(?:de|da|del|den|der|di|du|el|la|le|van|von|bin|[^\W\d_a-z]\.)"
FIRST_NAME = _WORD
# Two to four words; what stands between first and last may be a particle or an initial.
FULL_NAME = rf"{_WORD}(?: (?:{_BETWEEN}|{_WORD})){{0,2}} {_WORD}"

_NO_PART_OF_A_NAME = re.compile(r"[^\w'’.\- ]|_")
_COUNTED = re.compile(r"(?:\s+\d+)+$")
_SEVERAL = re.compile(r"\s(?:and|und|et|y)\s|[&+/,;]", re.IGNORECASE)
_ASIDE = re.compile(r"\s*[(\[].*$")
_HONORIFIC = re.compile(r"^(?:dr|prof|professor|senator|president|mr|mrs|ms|sir|dame)\.? ", re.IGNORECASE)
# “Acme CEO Ada Berg”: the name stands behind the office.
_OFFICE = re.compile(r"^.*\b(?:CEO|CTO|COO|CFO|[Ff]ounder|[Pp]resident|[Pp]rofessor|[Ss]enator|[Aa]uthor)\b ?")
_NO_NAMES = re.compile(
    "a|and|at|but|episode|fm|hello|hey|hi|i|is|it|my|now|ok|okay|podcast|radio|show|so|talk|the|they|this|to|today|we"
    "|welcome|well|yeah|you"
)
# Shorter capitals are initials, as in “AJ Towns”.
_INITIALS = 3
_ALIKE = 0.85
# Ben for Benjamin, Cam for Cameron.
_SHORTEST = 3


def tidy(label: str) -> str:
    """The label without what no name has: numbers behind it, signs, asides, a title, a word that shouts."""
    bare = _NO_PART_OF_A_NAME.sub(" ", _ASIDE.sub("", label))
    words = _COUNTED.sub("", _HONORIFIC.sub("", " ".join(bare.split()))).strip(" .-").split()
    shouted = any(len(word) > _INITIALS for word in words) and all(word.isupper() for word in words)
    return " ".join(map(_spoken_calmly, words) if shouted else words)


def _spoken_calmly(word: str) -> str:
    """PIETER as Pieter, O'BRIEN as O'Brien."""
    return re.sub(r"\w+", lambda part: part[0].capitalize(), word)


def names_one(label: str | None) -> bool:
    """Whether the label names one person, as “Speaker 1”, “Host” and “Anna & Ben” do not."""
    return label is not None and is_a_name(label) and not _SEVERAL.search(_ASIDE.sub("", label)) and bool(tidy(label))


def is_full(name: str) -> bool:
    return " " in name


def full_name(text: str) -> str | None:
    """The full name in words that begin like one: “Acme CEO Ada Berg” has one, “The Acme Show” and “Hi Ada” do not."""
    name = tidy(_OFFICE.sub("", text))
    words = name.split()
    odd = any(_is_odd(word) for word in words)
    return None if odd or not 1 < len(words) < 5 else name


def _is_odd(word: str) -> bool:
    bare = re.split("['’]", word.casefold())
    return bool(_NO_NAMES.fullmatch(bare[0])) or bare[-1] == "s" or (word.isupper() and len(word) >= _INITIALS)


def first(name: str) -> str:
    return name.partition(" ")[0]


def last(name: str) -> str:
    return name.rpartition(" ")[2]


def same_person(one: str, other: str) -> bool:
    """Equal but for case, a first name cut short, or a last name a letter off, as typists and recognisers leave it."""
    one, other = one.casefold(), other.casefold()
    if one == other or not is_full(one) or not is_full(other):
        return one == other
    brief, long = sorted((first(one), first(other)), key=len)
    if last(one) == last(other):
        return len(brief) >= _SHORTEST and long.startswith(brief)
    return brief == long and SequenceMatcher(None, last(one), last(other), autojunk=False).ratio() >= _ALIKE


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Each person once, under the first of their names."""
    found: list[str] = []
    for name in names:
        if not any(same_person(name, other) for other in found):
            found.append(name)
    return tuple(found)


def stands_for(label: str, name: str) -> bool:
    """Whether a label of one word is the first or last name, or the initials, of a full name."""
    words = name.casefold().split()
    initials = "".join(word[0] for word in words)
    return label.casefold() in {words[0], words[-1]} or (
        label.isupper() and len(label) > 1 and label.casefold() == initials
    )

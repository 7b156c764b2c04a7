"""Proper names of a text, and whether the talk or what is known of the episode holds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from feeds.reading.insights.gate.words import CLASSES, FUNCTION_WORDS, entries, plain, sentences, word_set, words

_TOKEN = re.compile(r"[^\W_]+(?:[.'’&][^\W_]+)*\.?")
_INNER_CAPITAL = re.compile(r"[^\W_][^\W_]*[A-Z]|^[A-Z]\d|\d[A-Z]")
_ENDINGS = CLASSES["endings of names"]
_SAME = [word_set(line) for line in entries("same_names.txt")]
_EVERYBODY_KNOWS = CLASSES["known to everybody"]
# In front of a name at the beginning of a sentence these are words like others.
_ORDINARY_OPENERS = CLASSES["ordinary openers"]
_SHORTEST_COMMON, _LONGEST_LOST = 4, 2
_DERIVING = CLASSES["deriving endings"]
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^(?:kn|gn|pn)", "n"), (r"^wr", "r"), (r"^x", "s"), (r"ph", "f"), (r"(?:sch|tch|ch|sh|ti(?=o))", "S"),
        (r"th", "T"), (r"gh", ""), (r"c(?=[eiy])", "s"), (r"[cq]u?|ck", "k"), (r"x", "ks"), (r"[zs]", "s"),
        (r"g(?=[eiy])|j", "j"), (r"d", "t"), (r"b", "p"), (r"v", "f"), (r"[aeiouywh]", ""),
    )
]  # fmt: skip


def names_in(text: str) -> list[str]:
    """Words in capitals that no beginning of a sentence explains."""
    return [name for sentence in sentences(text) for name in _names_in_sentence(sentence)]


def _names_in_sentence(sentence: str) -> Iterator[str]:
    tokens = [found for found in _TOKEN.finditer(sentence) if found[0][:1].isalnum()]
    for number, token in enumerate(tokens):
        word = token[0].rstrip(".")
        follows = tokens[number + 1][0] if number + 1 < len(tokens) else ""
        opens = number == 0 or sentence[: token.start()].rstrip(" \"“‘'(").endswith((":", "?", "!", ".", "–", "—"))
        heads_a_name = (
            follows[:1].isupper() and _is_next(sentence, token, follows) and plain(word) not in _ORDINARY_OPENERS
        )
        if opens and not (_INNER_CAPITAL.search(word) or heads_a_name):
            continue
        if any(char.isupper() for char in word) and word[:1].isalnum() and plain(word) not in FUNCTION_WORDS:
            yield word


def _is_next(sentence: str, token: re.Match[str], follows: str) -> bool:
    return sentence[token.end() :].lstrip(" ").startswith(follows)


@dataclass(frozen=True)
class Heard:
    """Everything that a name may have been taken from."""

    text: str

    def has(self, name: str) -> bool:
        """Whether the name stands there, be it derived, joined, abbreviated or misheard."""
        return all(self._has_part(part) for part in re.split(r"[-/–&]", name) if part)

    def _has_part(self, name: str) -> bool:
        word = plain(name).removesuffix("'s").rstrip(".'")
        if word in _EVERYBODY_KNOWS or word.isdecimal() or len(word) < 2:
            return True
        return self._stands(word) or self._is_initials(word) or self._is_misheard(word)

    def _stands(self, word: str) -> bool:
        forms = {word, word.replace(".", ""), *(word.removesuffix(ending) for ending in _ENDINGS)}
        alike = (group for group in _SAME if not forms.isdisjoint(group))
        forms = forms.union(*alike)
        if not forms.isdisjoint(self._words) or word in self._joined:
            return True
        return any(_is_derived(word, other) for other in self._words)

    def _is_initials(self, word: str) -> bool:
        letters = word.replace(".", "")
        return 2 <= len(letters) <= 5 and letters in self._initials

    def _is_misheard(self, word: str) -> bool:
        sound = sound_of(word)
        return any(_sounds_like(word, sound, other) for other in self._words | self._joined)

    @cached_property
    def _list(self) -> list[str]:
        return [part for word in words(self.text) for part in re.split(r"[-&]", word.removesuffix("'s")) if part]

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(self._list) | frozenset(word.replace(".", "") for word in words(self.text))

    @cached_property
    def _joined(self) -> frozenset[str]:
        """Neighbours written as one: "deep mind" for DeepMind, "n c s c" for NCSC."""
        pairs = {a + b for a, b in pairwise(self._list)}
        return frozenset(
            pairs | {a + b + c for a, b, c in zip(self._list, self._list[1:], self._list[2:], strict=False)}
        )

    @cached_property
    def _initials(self) -> str:
        return "".join(word[0] for word in self._list)


def _is_derived(word: str, other: str) -> bool:
    """Canada and Canadian, Bitcoin and Bitcoiners."""
    common = _common_prefix(word, other)
    shorter, longer = sorted((word[common:], other[common:]), key=len)
    return common >= _SHORTEST_COMMON and len(shorter) <= _LONGEST_LOST and longer in _DERIVING


def _common_prefix(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def sound_of(word: str) -> str:
    """A rough key by which words that a machine mishears for each other are the same."""
    key = re.sub(r"[^a-z]", "", word.lower())
    first_vowel = "a" if key[:1] in tuple("aeiou") else ""
    for pattern, sound in _SOUNDS:
        key = pattern.sub(sound, key)
    return first_vowel + re.sub(r"(.)\1+", r"\1", key)


def _sounds_like(word: str, sound: str, other: str) -> bool:
    if abs(len(word) - len(other)) > 3 or len(other) < 3:
        return False
    if len(sound) >= 3 and sound == sound_of(other):
        return True
    if len(sound) >= 2 and sound == sound_of(other) and word[0] == other[0] and abs(len(word) - len(other)) <= 2:
        return True
    allowed = 1 if len(word) >= 4 else 0
    allowed += len(word) >= 7
    return allowed > 0 and edit_distance(word, other, most=allowed) <= allowed


def edit_distance(one: str, other: str, *, most: int) -> int:
    """How many letters differ; any number above `most` where it is more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
        if min(row) > most:
            return most + 1
    return row[-1]

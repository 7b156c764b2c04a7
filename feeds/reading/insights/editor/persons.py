"""The first and the second person become names and nouns, and verbs follow."""

from collections.abc import Sequence
from dataclasses import dataclass

from feeds.reading.insights.editor.verbs import third_person
from feeds.reading.insights.editor.word_lists import WORDS
from feeds.reading.insights.editor.words import Word
from feeds.reading.insights.gate.verbs import base_forms

_FIRST = {"i": "", "i'm": "is", "i've": "has", "i'd": "would", "i'll": "will"}
_YOU = {"you": "", "you're": "are", "you've": "have", "you'd": "would", "you'll": "will"}
_READER = "people"
_UNRESOLVED = WORDS["unresolved persons"]
_ADVERBS = WORDS["adverbs before verbs"]
_HAD_AFTER = WORDS["participles after had"]
_NEVER_INFLECTED = WORDS["never inflected"]
_BEFORE_OBJECT = WORDS["before objects"]
_CONJUNCTIONS = WORDS["before subjects"]
_VERBS_AFTER_SUBJECT = WORDS["after subjects"]


@dataclass(frozen=True, slots=True)
class Told:
    """A word as it is printed; `is_new` where it is not the word that was said."""

    word: Word
    place: int
    is_new: bool = False


class Unresolved(Exception):
    """Somebody is meant whom nobody named."""


def in_third_person(words: Sequence[tuple[int, Word]], *, speaker: str | None) -> list[Told]:
    """The words, each with its place, with I as the speaker and you as people.

    Raises Unresolved where a person stays unknown: nobody names for sure who "we" are.
    """
    told: list[Told] = []
    named = _Named(speaker=speaker)
    agrees = False
    for number, (place, word) in enumerate(words):
        follows = words[number + 1][1].key if number + 1 < len(words) else ""
        before = words[number - 1][1] if number else None
        replaced = named.replaced(word, before=before, follows=follows)
        if replaced is not None:
            told.extend(_as_told(word, place, replaced.texts))
            agrees = replaced.is_singular
        elif agrees and word.key not in _ADVERBS:
            told.append(_agreeing(word, place))
            agrees = False
        else:
            told.append(Told(word, place))
    return told


@dataclass(frozen=True, slots=True)
class _Replacement:
    texts: tuple[str, ...]
    is_singular: bool = False


@dataclass(slots=True)
class _Named:
    """Who was named so far."""

    speaker: str | None
    spoke: bool = False
    met_reader: bool = False

    def replaced(self, word: Word, *, before: Word | None, follows: str) -> _Replacement | None:
        key = word.key
        if key in _FIRST:
            return self._speaker(_had(_FIRST[key], follows))
        if key == "my" and self.speaker:
            return _Replacement((_possessive(self._name()),))
        if key in _UNRESOLVED:
            raise Unresolved(key)
        if key in _YOU or key in ("your", "yours", "yourself", "yourselves"):
            return self._reader(key, before=before, follows=follows)
        return None

    def _speaker(self, verb: str) -> _Replacement:
        if not self.speaker:
            raise Unresolved("I")
        return _Replacement(tuple(part for part in (self._name(), verb) if part), is_singular=not verb)

    def _name(self) -> str:
        speaker = self.speaker or ""
        name = speaker.split()[-1] if self.spoke else speaker
        self.spoke = True
        return name

    def _reader(self, key: str, *, before: Word | None, follows: str) -> _Replacement:
        met, self.met_reader = self.met_reader, True
        if key in ("your", "yours"):
            return _Replacement(("their" if met else _possessive(_READER),) if key == "your" else ("theirs",))
        if key.startswith("yoursel"):
            return _Replacement(("themselves",))
        is_object = key == "you" and before is not None and _is_object(before, follows)
        noun = ("them" if is_object else "they") if met else _READER
        return _Replacement(tuple(part for part in (noun, _had(_YOU[key], follows)) if part))


def _is_object(before: Word, follows: str) -> bool:
    if before.key in _BEFORE_OBJECT:
        return follows not in _VERBS_AFTER_SUBJECT
    is_verb = follows in _VERBS_AFTER_SUBJECT or follows in base_forms() or follows.endswith("ed")
    return not (is_verb or before.closing or before.key in _CONJUNCTIONS)


def _possessive(noun: str) -> str:
    return f"{noun}'" if noun.endswith("s") else f"{noun}'s"


def _had(verb: str, follows: str) -> str:
    return "had" if verb == "would" and (follows in _HAD_AFTER or follows.endswith("ed")) else verb


def _as_told(word: Word, place: int, texts: Sequence[str]) -> list[Told]:
    last = len(texts) - 1
    return [
        Told(Word(word.opening if n == 0 else "", text, word.closing if n == last else "", word.sentence), place, True)
        for n, text in enumerate(texts)
    ]


def _agreeing(word: Word, place: int) -> Told:
    """The verb after a singular subject that was I or we."""
    key = word.key
    if (key in _NEVER_INFLECTED and key != "were") or key.endswith("ed"):
        return Told(word, place)
    form = third_person(key)
    if form is None:
        return Told(word, place)
    return Told(Word(word.opening, form, word.closing, word.sentence), place, True)

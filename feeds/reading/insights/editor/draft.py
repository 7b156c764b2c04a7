"""The network's answers about a passage, carried out: kept, deleted and replaced words in a row."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from feeds.reading.insights.editor.fillers import left_out
from feeds.reading.insights.editor.persons import Told, Unresolved, in_third_person
from feeds.reading.insights.editor.sequence import Material
from feeds.reading.insights.editor.word_lists import WORDS
from feeds.reading.insights.editor.words import Word, sentence_ranges

MARKS = ("", ",", ".", ";", ":", "?")
FEWEST_WORDS, MOST_WORDS = 20, 60
_MOST_SENTENCES = 3
_CHOICES = 8
_CLAUSE_GOES_FROM = (0.6, 0.8)
_MOST_NAMED = 2
_NO_BEGINNING = WORDS["no beginning of texts"]
_ARTICLES = WORDS["articles"]
_NEVER_AFTER_ARTICLES = WORDS["never after articles"]

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Answers:
    """What the network says of every word of the material: probabilities, float32 (words,).

    `take` that its sentence is taken, `gone` that an editor deletes it, `says` that "NAME says" follows, `headline`
    that the headline keeps it. `mark` is (words, marks), in the order of MARKS. `worth` holds the probabilities of
    0 nothing to print, 1 modest, 2 publish.
    """

    take: Floats
    gone: Floats
    says: Floats
    headline: Floats
    mark: Floats
    worth: Floats


@dataclass(frozen=True, slots=True)
class Piece:
    """One printed word or name; `source` is the word of the material that it stands for."""

    text: str
    source: int
    mark: str
    opening: str
    headline: float
    is_new: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A row of pieces that may become a text.

    `taken` is how well its sentences are chosen (mean log-odds), `certain` the mean log-probability of what was kept
    and deleted.
    """

    pieces: tuple[Piece, ...]
    taken: float
    certain: float


def drafts(read: Material, answers: Answers) -> list[Draft]:
    """What can be made of the likeliest choices of sentences, likeliest first."""
    seen: dict[str, Draft] = {}
    for places, taken in _choices(read, answers):
        for draft in _carried_out(read, answers, places, taken):
            if FEWEST_WORDS <= len(draft.pieces) <= MOST_WORDS and _is_whole(draft, read):
                seen.setdefault(" ".join(piece.text for piece in draft.pieces), draft)
    return list(seen.values())


def _is_whole(draft: Draft, read: Material) -> bool:
    """Whether it begins like a sentence, breaks off nowhere, and does not name its speaker again and again."""
    surname = read.speaker.split()[-1] if read.speaker else ""
    named = sum(piece.is_new and surname in piece.text for piece in draft.pieces) if surname else 0
    begins = draft.pieces[0].text.lower() not in _NO_BEGINNING
    return begins and named <= _MOST_NAMED and not _breaks_off(draft.pieces)


def _breaks_off(pieces: Sequence[Piece]) -> bool:
    """Whether an article has no noun, as in "is a is in trouble", or many are one: "people are a farmer"."""
    return any(_lacks_a_noun(*two) for two in pairwise(pieces)) or any(
        one.is_new and two.text in ("are", "were") and three.text.lower() in ("a", "an")
        for one, two, three in zip(pieces, pieces[1:], pieces[2:], strict=False)
    )


def _lacks_a_noun(article: Piece, following: Piece) -> bool:
    is_said_alone = bool(article.mark) or following.text.isupper()
    return not is_said_alone and article.text.lower() in _ARTICLES and following.text.lower() in _NEVER_AFTER_ARTICLES


def _choices(read: Material, answers: Answers) -> list[tuple[list[int], float]]:
    """The likeliest rows of one to three sentences that have a text's length."""
    words = [read.words[place] for place in read.passage]
    begin = read.passage.start
    take = np.clip(answers.take[begin : begin + len(words)], 0.02, 0.98)
    odds = np.log(take / (1 - take))
    ranges = sentence_ranges(words)
    found = []
    for first in range(len(ranges)):
        for last in range(first, min(len(ranges), first + _MOST_SENTENCES)):
            one, two = ranges[first][0], ranges[last][1]
            if FEWEST_WORDS <= two - one <= 1.5 * MOST_WORDS:
                found.append(([begin + place for place in range(one, two)], float(odds[one:two].mean())))
    found.sort(key=lambda choice: -choice[1])
    return found[:_CHOICES]


def _carried_out(read: Material, answers: Answers, places: Sequence[int], taken: float) -> Iterator[Draft]:
    """The sentences without their fillers; again without the clauses that an editor would delete."""
    words = [read.words[place] for place in places]
    gone = answers.gone[list(places)]
    fillers = left_out(words, gone=lambda number: float(gone[number]))
    for left in dict.fromkeys([fillers, *(_with_clauses(words, fillers, gone, least) for least in _CLAUSE_GOES_FROM)]):
        kept = [n for n in range(len(words)) if n not in left]
        rows = [(places[n], _marked(words, n, left, answers.mark[places[n]])) for n in kept]
        chances = np.where(np.isin(np.arange(len(words)), kept), 1 - gone, gone)
        certain = float(np.mean(np.log(np.clip(chances, 0.02, 1))))
        try:
            told = in_third_person(rows, speaker=read.speaker or None)
        except Unresolved:
            continue
        if told:
            yield Draft(tuple(_piece(one, answers) for one in told), taken, certain)


def _piece(told: Told, answers: Answers) -> Piece:
    word = told.word
    opening = '"' if '"' in word.opening else ""
    return Piece(word.core, told.place, _mark(word.closing), opening, float(answers.headline[told.place]), told.is_new)


def _marked(words: Sequence[Word], number: int, gone: frozenset[int], chance: Floats) -> Word:
    """The word with the strongest mark of those left out after it; a comma only where the network would have one."""
    follower = number + 1
    while follower in gone:
        follower += 1
    marks = [_mark(word.closing) for word in words[number:follower]]
    strongest = max(marks, key=("", ",", ";", ":", "?", ".").index)
    if strongest == "," and len(marks) > 1 and chance[1] < chance[0]:
        strongest = ""
    own = words[number]
    return Word(own.opening, own.core, strongest + ('"' if '"' in own.closing else ""), own.sentence)


def _with_clauses(words: Sequence[Word], gone: frozenset[int], deleted: Floats, least: float) -> frozenset[int]:
    """Those left out and the clauses (between marks) whose words an editor would delete, most of them."""
    clause_of, number = [], 0
    for word in words:
        clause_of.append(number)
        number += bool(re.search(r"[,.;:?!]|--|—|\.\.\.", word.closing))
    whole = set(gone)
    for _, members in groupby(range(len(words)), key=lambda n: clause_of[n]):
        inner = [n for n in members if n not in gone]
        if inner and float(deleted[inner].mean()) > least:
            whole |= set(inner)
    return frozenset(whole)


def _mark(closing: str) -> str:
    """The mark alone; an ellipsis and a dash at the end of a word are a comma's pause, unless the sentence ends."""
    for mark in ("?", "!", "...", "…", ".", ";", ":", ","):
        if mark in closing:
            return {"!": ".", "...": ".", "…": "."}.get(mark, mark)
    return "," if any(dash in closing for dash in ("—", "–", "--", "-")) else ""


_LOWER_ONLY = WORDS["lower within sentences"]


def printed(pieces: Sequence[Piece], read: Material, *, tell: tuple[int, str] | None = None, opening: str = "") -> str:
    """The pieces as sentences.

    `tell` puts words, as in ", Ann Lee says", after the piece of that number; `opening` before all of them.
    """
    cases = _Cases.of(read)
    quoted = sum('"' in piece.opening for piece in pieces) == 1 and any('"' in piece.mark for piece in pieces)
    parts: list[str] = [opening] if opening else []
    starts = not opening
    for number, piece in enumerate(pieces):
        text, mark = cases.cased(piece.text), piece.mark
        if tell and tell[0] == number:
            text, mark = f"{text}, {tell[1]}", mark if mark in (".", ";") else ","
        if number == len(pieces) - 1:
            mark = "?" if mark == "?" else "."
        text = (text[:1].upper() + text[1:] if starts else text) + mark
        parts.append(('"' if quoted and piece.opening else "") + text)
        starts = mark in (".", "?")
    return " ".join(parts)


def begins_with_a_doubtful_capital(pieces: Sequence[Piece], read: Material) -> bool:
    """Whether the first word may be a name or not: its capital was only seen where a sentence begins."""
    first = _Cases.of(read).cased(pieces[0].text)
    parts = {0, read.header, read.passage.start, read.passage.stop}
    is_name = any(
        word.core == first and (place < read.header or (place not in parts and word.sentence == before.sentence))
        for place, (before, word) in enumerate(pairwise(read.words), 1)
    )
    return first[:1].isupper() and not is_name


@dataclass(frozen=True, slots=True)
class _Cases:
    """Which words have a capital for their own sake."""

    lowered: frozenset[str]

    @classmethod
    def of(cls, read: Material) -> "_Cases":
        return cls(frozenset(word.core for word in read.words if word.core[:1].islower()))

    def cased(self, text: str) -> str:
        """In lower case where only the beginning of a sentence made it a capital."""
        small = text[:1].lower() + text[1:]
        if text[:1].isupper() and text != "I" and (text.lower() in _LOWER_ONLY or small in self.lowered):
            return small
        return text

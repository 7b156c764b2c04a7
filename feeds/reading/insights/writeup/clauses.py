"""Cuts a sentence at its joints, so that a long one can be shortened without being broken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from feeds.reading.insights.writeup import grammar, lexicon
from feeds.reading.insights.writeup.lexicon import core, word_set
from feeds.reading.insights.writeup.openings import strip_connectives

_SHORTEST = 4
_CONDITION_REACH = 12
_CONDITIONS = word_set("if when unless although while")
_HANGING = word_set("because which where while whereas although so even rather such")


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, or a part of one. `sentence` numbers the sentence it was said in; `order` runs through all pieces.

    A piece that rejoins goes on with the sentence of the piece before it; one that hangs ("because ...") can't
    stand without it.
    """

    text: str
    sentence: int
    order: int
    rejoins: bool
    hangs: bool
    words: int


def pieces(found: Iterable[str], *, longest: int, hanging: bool = False) -> list[Piece]:
    """The sentences, those of more than `longest` words cut at their clauses, if `hanging` also at subordinate ones."""
    cut: list[Piece] = []
    for number, sentence in enumerate(found):
        parts = clauses(sentence) if len(sentence.split()) > longest else [sentence]
        for place, part in enumerate(parts):
            for inner, text in enumerate(_subordinates(part) if hanging else [part]):
                cut.append(Piece(text, number, len(cut), place + inner > 0, inner > 0, len(text.split())))
    return cut


def clauses(sentence: str) -> list[str]:
    """All words of a sentence, cut before "and", "but", "so" with a subject and verb, after a semicolon or a dash."""
    words = sentence.split()
    bare = [core(word) for word in words]
    cuts = [0]
    for place in range(_SHORTEST, len(words) - 3):
        if _is_joint(words, bare, place) and _both_stand(words[cuts[-1] : place], words[place:]):
            cuts.append(place)
    return _parts(words, cuts)


def _is_joint(words: list[str], bare: list[str], place: int) -> bool:
    mark = words[place - 1][-1]
    if mark in ";–—" or words[place] in {"–", "—", "-"}:
        return True
    if bare[place] in {"and", "but", "so"} and bare[place + 1] != "that":
        return mark in ",:" or grammar.starts_subject(bare, place + 1)
    if mark not in ",:" or bare[place] == "that":
        return False
    conditional = not _CONDITIONS.isdisjoint(bare[max(0, place - _CONDITION_REACH) : place])
    return not conditional and grammar.starts_subject(bare, place)


def _both_stand(before: Sequence[str], after: Sequence[str]) -> bool:
    left = strip_connectives(" ".join(before))
    if left.count("(") != left.count(")") or left.count('"') % 2:
        return False
    right = grammar.with_pauses(" ".join(after))
    while right and right[0] in lexicon.COORDINATORS | {"then"}:
        right = right[1:]
    long_enough = len(left.split()) >= _SHORTEST and len(right) >= _SHORTEST
    return long_enough and _has_own_subject(right) and grammar.is_whole(left)


def _has_own_subject(words: Sequence[str]) -> bool:
    verb = grammar.main_verb(words)
    if verb is None or words[0] in lexicon.RELATIVES - {"that"}:
        return False
    return verb > 0 or lexicon.is_clitic(words[0])


def _subordinates(part: str) -> list[str]:
    """A clause and what hangs on it, each cut leaving a whole sentence to its left."""
    words = part.split()
    cuts = [0]
    for place in range(_SHORTEST + 2, len(words) - _SHORTEST):
        hangs = _can_hang(core(words[place]), core(words[place + 1]))
        if hangs and grammar.is_whole(strip_connectives(" ".join(words[:place]))):
            cuts.append(place)
    return _parts(words, cuts)


def _can_hang(word: str, following: str) -> bool:
    if word != "and":
        return word in _HANGING
    verb = lexicon.is_base(following) or lexicon.is_past(following) or lexicon.is_third_person(following)
    second_predicate = verb and not lexicon.is_common(following)
    return second_predicate or lexicon.is_auxiliary(following) or lexicon.is_adverb(following)


def _parts(words: list[str], cuts: list[int]) -> list[str]:
    return [" ".join(words[start:end]) for start, end in pairwise([*cuts, len(words)])]

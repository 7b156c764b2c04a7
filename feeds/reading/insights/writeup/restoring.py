"""Finds the sentences in a run of words without marks, as automatic captions give it."""

from itertools import pairwise

from feeds.reading.insights.writeup import grammar, lexicon
from feeds.reading.insights.writeup.lexicon import core, word_set

_SHORTEST = 4
_LONG_RUN = 10
_CONDITION_REACH = 12
_CONDITIONS = word_set("if when unless although while")
_LINKS = word_set("and but so now then")
_OPENS_AFTER_ALL = word_set("it's that's there's there")
# After these a subject opens an object clause ("they think it works"), not a sentence.
_WITH_CLAUSES = word_set(
    "think thinks thought know knows knew say says said believe believes believed guess feel felt mean means meant "
    "realize realized find found see hope hoped saw learned show shows suggest suggests tell told sure assume argue "
    "argued wish imagine figured decide decided understand ensure make makes let help"
)
_MAY_END = word_set("it that them now there here this too well")


def restore(text: str) -> list[str]:
    """The run cut where a subject with its verb opens a new clause; a capital there counts as a pause."""
    words = text.split()
    bare = [core(word) for word in words]
    cuts = [0]
    for place in range(_SHORTEST, len(words) - 2):
        long_enough = place - cuts[-1] >= _SHORTEST
        if long_enough and _opens_sentence(words, bare, place, start=cuts[-1]) and _has_verb(bare[cuts[-1] : place]):
            cuts.append(place)
    return [" ".join(words[start:end]) for start, end in pairwise([*cuts, len(words)])]


def _has_verb(words: list[str]) -> bool:
    return grammar.main_verb(words) is not None


def _opens_sentence(words: list[str], bare: list[str], place: int, *, start: int) -> bool:
    before = bare[place - 1]
    if before in _WITH_CLAUSES | lexicon.WEAK_ENDS or before in lexicon.FUNCTION_WORDS - _MAY_END:
        return False
    if bare[place] in _LINKS:
        capital = words[place][:1].isupper()
        return grammar.starts_subject(bare, place + 1) and (bare[place] != "and" or capital or place > 8)
    paused = words[place][:1].isupper() and lexicon.is_ordinary(bare[place])
    if not paused and not _CONDITIONS.isdisjoint(bare[max(start, place - _CONDITION_REACH) : place]):
        return False
    if bare[place] in lexicon.DETERMINERS and paused:
        return grammar.verb_soon(bare, place, within=5)
    return grammar.starts_subject(bare, place) and (
        paused
        or bare[place] in _OPENS_AFTER_ALL
        or words[place - 1].endswith(",")
        or (place - start > _LONG_RUN and bare[place] in {"i", "we", "you", "they"})
    )

"""Whether a sentence has a finite verb, as far as word forms tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from feeds.reading.insights.gate.words import entries, word_set, words

_AUXILIARIES = word_set(
    "is are was were am isn't aren't wasn't weren't has have had hasn't haven't hadn't do does did don't doesn't "
    "didn't can could will would shall should may might must can't cannot couldn't won't wouldn't shouldn't mustn't "
    "it's that's there's who's what's he's she's they're they've they'll they'd it'll he'll she'll who've who'd "
    "wants needs gets goes gone went lets"
)
# After these stands a noun, or a verb that is not finite.
_NO_VERB_AFTER = word_set(
    "to a an the of in on at by for from with into this these those its their his her my our your no every each any "
    "some not-only be been being get gets getting"
)
_OPENS_OBJECT = word_set(
    "a an the its their his her this that these those no any some every each all both it them him more most less many "
    "much few to into from in on at by for with as up out over off only not how what where when why whether who"
)


def has_finite_verb(sentence: str) -> bool:
    found = words(sentence)
    return any(_may_be_finite(found, place) for place in range(len(found)))


def _may_be_finite(sentence: Sequence[str], place: int) -> bool:
    word = sentence[place]
    if word in _AUXILIARIES:
        return True
    before = sentence[place - 1] if place else ""
    if place == 0:
        return word in base_forms()
    if before in _NO_VERB_AFTER:
        return False
    return word in _finite_forms() or _looks_finite(word, sentence[place + 1] if place + 1 < len(sentence) else "")


def _looks_finite(word: str, following: str) -> bool:
    """Of the verbs that no list knows: the "-ed" of a past, and an "-s" that an object or a preposition follows."""
    is_past = word.endswith("ed") and len(word) > 4
    return is_past or (word.endswith("s") and not word.endswith(("ss", "'s")) and following in _OPENS_OBJECT)


@cache
def _entries() -> tuple[str, ...]:
    return tuple(entry for line in entries("verbs.txt") for entry in line.split())


@cache
def _finite_forms() -> frozenset[str]:
    return frozenset(form for entry in _entries() for form in _forms(entry))


@cache
def base_forms() -> frozenset[str]:
    """What an order begins with: “Buy low”."""
    return frozenset(entry.split(",")[0] for entry in _entries())


def _forms(entry: str) -> Iterator[str]:
    """Present and past of an entry "base[,past[,participle]]"; the regular past is told by its ending."""
    base, *irregular = entry.split(",")
    yield base
    yield _third_person(base)
    yield from irregular[:1]


def _third_person(base: str) -> str:
    if base.endswith(("s", "sh", "ch", "x", "z", "o")):
        return base + "es"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ies"
    return base + "s"

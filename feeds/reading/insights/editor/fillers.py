"""What speech adds and print leaves out: fillers, openers, stutters."""

from collections.abc import Callable, Iterator, Sequence

from feeds.reading.insights.editor.word_lists import WORDS
from feeds.reading.insights.editor.words import Word

# The longest first, so that "you know what I mean" goes as a whole.
_ALWAYS = sorted((tuple(phrase.split("-")) for phrase in WORDS["phrases without meaning"]), key=len, reverse=True)
_PERHAPS = WORDS["perhaps left out"]
_OPENERS = WORDS["openers"]
_NOUN_BEFORE_OF = WORDS["before kind of"]
_LIKE_STAYS_AFTER = WORDS["like stays after"]
_SAID_TWICE_ON_PURPOSE = ("that", "had", "very", "really")
_LONGEST_STUTTER = 4
_PERHAPS_FROM = 0.5


def left_out(words: Sequence[Word], *, gone: Callable[[int], float]) -> frozenset[int]:
    """Places of the words that print does without; `gone` is the network's chance that an editor deletes a word."""
    places = set(_fillers(words)) | set(_stutters(words))
    places |= {place for place in range(len(words)) if gone(place) > _PERHAPS_FROM and _may_go(words, place)}
    return frozenset(places | set(_openers(words, places)))


def _may_go(words: Sequence[Word], place: int) -> bool:
    if words[place].key == "like":
        return place == 0 or words[place - 1].key not in _LIKE_STAYS_AFTER
    return words[place].key in _PERHAPS


def _fillers(words: Sequence[Word]) -> Iterator[int]:
    keys = [word.key for word in words]
    for place in range(len(words)):
        for phrase in _ALWAYS:
            end = place + len(phrase)
            if tuple(keys[place:end]) == phrase and _is_filler(words, place, end, phrase):
                yield from range(place, end)
                break


def _is_filler(words: Sequence[Word], begin: int, end: int, phrase: tuple[str, ...]) -> bool:
    before = words[begin - 1] if begin else None
    if phrase in (("sort", "of"), ("kind", "of")):
        return before is None or before.key not in _NOUN_BEFORE_OF
    if phrase in (("right",), ("okay",), ("yeah",)):
        return bool(words[end - 1].closing) and (before is None or bool(before.closing))
    if phrase == ("you", "know"):
        if before and before.closing and words[end - 1].closing:
            return True
        follows = words[end].key if end < len(words) else ""
        return not (before and before.key in ("do", "if", "when", "as", "what", "that", "did")) and follows not in (
            "how", "what", "that", "where", "who", "about", "when", "why", "more",
        )  # fmt: skip
    return True


def _stutters(words: Sequence[Word]) -> Iterator[int]:
    """The first saying of what is said twice at once: "the the", "we could we could"."""
    keys = [word.key for word in words]
    yield from (n for n in range(len(keys) - 1) if keys[n + 1].startswith(keys[n] + "'") and not words[n].closing)
    for size in range(_LONGEST_STUTTER, 0, -1):
        for place in range(len(words) - 2 * size + 1):
            same = keys[place : place + size] == keys[place + size : place + 2 * size]
            ends = any(word.closing in (".", "?", "!") for word in words[place : place + size])
            is_wanted = size == 1 and keys[place] in _SAID_TWICE_ON_PURPOSE
            if same and not ends and not is_wanted:
                yield from range(place, place + size)


def _openers(words: Sequence[Word], gone: set[int]) -> Iterator[int]:
    """The words without meaning at the head of each sentence; a "but" goes at the head of the first one alone."""
    first = words[0].sentence if words else 0
    at_head = True
    for place, word in enumerate(words):
        if place and words[place - 1].sentence != word.sentence:
            at_head = True
        if place in gone:
            continue
        keeps = word.key in ("but", "or", "no", "also", "then") and word.sentence != first
        at_head = at_head and word.key in _OPENERS and not keeps
        if at_head:
            yield place

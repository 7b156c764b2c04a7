"""Finds what was said twice in a row by a speaker who was still looking for the next word."""

from feeds.reading.insights.writeup import lexicon
from feeds.reading.insights.writeup.lexicon import core

_MEANT_TWICE = lexicon.word_set("had that very no so bye many far blah ha")
_LONGEST = 5
# Nobody says so many words twice for the sake of it.
_MEANT_ONCE = 4


def drop_stutters(text: str) -> str:
    """ "We had, we had the" becomes "we had the": the second saying is kept, it is the one that went on."""
    words = text.split()
    bare = [core(word) for word in words]
    place = 0
    while place < len(words):
        length = _stutter_at(words, bare, place)
        if length:
            _keep_capital(words, place, length)
            del words[place : place + length], bare[place : place + length]
            place = max(0, place - _LONGEST)
        else:
            place += 1
    return " ".join(words)


def _keep_capital(words: list[str], place: int, length: int) -> None:
    if words[place][:1].isupper():
        again = words[place + length]
        words[place + length] = again[:1].upper() + again[1:]


def _stutter_at(words: list[str], bare: list[str], place: int) -> int:
    """How many words starting here are said again at once; 0 for none."""
    for length in range(min(_LONGEST, (len(words) - place) // 2), 0, -1):
        if bare[place] != bare[place + length]:
            continue
        first = bare[place : place + length]
        if first == bare[place + length : place + 2 * length] and _is_stutter(words[place : place + length], first):
            return length
    return 0


def _is_stutter(words: list[str], bare: list[str]) -> bool:
    if not all(bare) or any(map(lexicon.is_number, bare)) or any(map(_ends_sentence, words)):
        return False
    if len(bare) == 1 and bare[0] in _MEANT_TWICE:
        return False
    if any(word[-1] in ",;" for word in words[:-1]):
        return False
    # "When it works, it works" is no stutter; "so the, so the" and "the price, the price of" are.
    paused = words[-1][-1] in ",;–—-"
    led = bare[0] in lexicon.ARTICLES | lexicon.POSSESSIVES
    long = len(bare) >= _MEANT_ONCE
    return not paused or len(bare) == 1 or long or led or all(word in lexicon.FUNCTION_WORDS for word in bare)


def _ends_sentence(word: str) -> bool:
    return word.rstrip("\"”’')")[-1:] in {".", "?", "!"}

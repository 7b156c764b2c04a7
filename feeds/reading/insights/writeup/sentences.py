"""Cuts speech into cleaned sentences, also where the transcript has no punctuation or capitals in odd places."""

import re
from collections.abc import Iterable
from itertools import pairwise

from feeds.reading.insights.writeup import grammar, lexicon
from feeds.reading.insights.writeup.cleaning import clean
from feeds.reading.insights.writeup.lexicon import core, word_set
from feeds.reading.insights.writeup.openings import ends_sentence, strip_connectives
from feeds.reading.insights.writeup.restoring import restore

_ABBREVIATIONS = word_set("mr mrs ms dr st vs etc e.g i.e u.s u.k u.n a.m p.m no inc ltd co jr sr prof approx fig")
_INITIALS = re.compile(r"(?:[A-Z]\.)+")
_FADING = re.compile(
    r"(?:[\s,]+(?:right|you know|and so|and then|so|and|but|or|because|i mean|okay|yeah|like|that|the|a|to|of"
    r"|it's|is))+$",
    re.IGNORECASE,
)
_LONE_I = re.compile(r"(?<![\w'’.-])i(?=['’](?:m|ve|ll|d)\b|\s|[,.;?!]|$)(?!\.\w)")
_MARK = re.compile(r"[.?!]")
_OPENS_AFRESH = word_set("so because now then well yeah we you they he she it it's that's there's this")
_WORDS_A_MARK = 60
_UNPUNCTUATED_WORDS = 45
_WORDS_A_COMMA = 18
_NOISY_CAPITALS = 0.08
# A single book title has two or three.
_FEWEST_NOISY = 4


def sentences(text: str) -> list[str]:
    """The cleaned sentences of a passage, back-channel left out, each still with the connective it began with."""
    cleaned = clean(text)
    noisy = _has_noisy_capitals(cleaned)
    found: list[str] = []
    for sentence in _without_torn_ends(_split(cleaned)):
        parts = restore(sentence) if _is_unpunctuated(sentence) else [sentence]
        found.extend(_settled(_calm(part) if noisy else part) for part in parts)
    return _with_fragments_joined(_without_repeats(sentence for sentence in found if not _is_back_channel(sentence)))


def has_marks(text: str) -> bool:
    """Whether a passage has the sentence marks that writing has; automatic captions often have none."""
    return len(_MARK.findall(text)) * _WORDS_A_MARK > len(text.split())


def _split(text: str) -> list[str]:
    found: list[str] = []
    current: list[str] = []
    words = text.split()
    for word, following in pairwise([*words, ""]):
        current.append(word)
        if _ends(word, following):
            found.append(" ".join(current))
            current = []
    return [*found, " ".join(current)] if current else found


def _ends(word: str, following: str) -> bool:
    if not ends_sentence(word):
        return _breaks_off(word, following)
    bare = word.rstrip("\"”’')")
    if bare.endswith(("...", "…")):
        return following[:1].isupper()
    if core(bare) == "no" and not following[:1].isdigit():
        return True
    if bare.endswith(".") and (core(bare) in _ABBREVIATIONS or _INITIALS.fullmatch(bare)):
        return core(following) in lexicon.FUNCTION_WORDS and following[:1].isupper() and "." in bare[:-1]
    return True


def _breaks_off(word: str, following: str) -> bool:
    """Speech recognition joins a sentence that was broken off to the next: "the boats in those So that's why"."""
    opens = following.istitle() and core(following) in lexicon.COORDINATORS | _OPENS_AFRESH
    return opens and word == word.lower() and core(word) in lexicon.WEAK_ENDS


def _without_torn_ends(cut: list[str]) -> list[str]:
    """Without the half sentences that a cut through running words leaves at its ends, if most of the words remain."""
    if _is_most(cut[:-1], cut) and not ends_sentence(cut[-1]) and not grammar.is_whole(cut[-1]):
        cut = cut[:-1]
    cased = any(sentence[:1].isupper() for sentence in cut[1:])
    if cased and _is_most(cut[1:], cut) and cut[0][:1].islower() and not grammar.is_whole(cut[0]):
        cut = cut[1:]
    return cut


def _is_most(part: list[str], whole: list[str]) -> bool:
    return 2 * sum(map(len, part)) > sum(map(len, whole))


def _is_unpunctuated(sentence: str) -> bool:
    words = len(sentence.split())
    return words > _UNPUNCTUATED_WORDS and sentence.count(",") * _WORDS_A_COMMA < words


def _settled(sentence: str) -> str:
    """Without the tag or the dots it fades out with; empty where it breaks off in the middle."""
    sentence = _LONE_I.sub("I", sentence)
    if sentence.endswith(("...", "…")):
        sentence = sentence.rstrip(".… ,") + "."
        last = core(sentence.rsplit(" ", 1)[-1])
        return "" if last in lexicon.WEAK_ENDS or lexicon.is_adverb(last) else sentence
    return sentence if sentence[-1:] in {".", "?", "!"} else _FADING.sub("", sentence)


def _is_back_channel(sentence: str) -> bool:
    words = grammar.cores(sentence)
    if len(words) <= 4 and not grammar.has_main_verb(sentence) and not any(map(lexicon.is_number, words)):
        return True
    return len(words) <= 6 and all(word in lexicon.BACK_CHANNEL for word in words)


def _without_repeats(found: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for sentence in found:
        words = " ".join(grammar.cores(strip_connectives(sentence)))
        if not any(f" {words} " in f" {' '.join(grammar.cores(earlier))} " for earlier in kept[-2:]):
            kept.append(sentence)
    return kept


def _with_fragments_joined(found: list[str]) -> list[str]:
    """A "Because ..." or "Unless ..." that was said as a sentence of its own goes back to the sentence it explains."""
    joined: list[str] = []
    for sentence in found:
        if joined and _hangs_on(sentence) and not joined[-1].endswith("?"):
            joined[-1] = f"{joined[-1].rstrip('.!…,')} {sentence[:1].lower()}{sentence[1:]}"
        else:
            joined.append(sentence)
    return joined


def _hangs_on(sentence: str) -> bool:
    words = grammar.cores(sentence)
    hanging = words[0] in {"because", "unless", "which", "until", "whereas", "where"} or words[:2] == ("so", "that")
    return hanging and len(words) > 3 and not grammar.has_main_verb(sentence) and not sentence.endswith("?")


def _has_noisy_capitals(text: str) -> bool:
    """Whether capitals stand inside sentences on words that never carry one, as some captions have it."""
    inside = [word for last, word in pairwise(text.split()) if last[-1] not in '.?!:"”']
    weak = [word for word in inside if core(word) in lexicon.FUNCTION_WORDS and lexicon.is_ordinary(core(word))]
    capitals = sum(word[:1].isupper() for word in weak)
    return capitals >= _FEWEST_NOISY and capitals > _NOISY_CAPITALS * len(weak)


def _calm(text: str) -> str:
    first, *rest = text.split()
    calmed = (word.lower() if word.istitle() and lexicon.is_ordinary(core(word)) else word for word in rest)
    return " ".join([first, *calmed])

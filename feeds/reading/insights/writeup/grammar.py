"""A little grammar: where the main verb stands, whether words form a clause, whether its subject is known."""

import re
from collections.abc import Sequence
from functools import lru_cache

from feeds.reading.insights.writeup import lexicon
from feeds.reading.insights.writeup.lexicon import core, word_set

_SINGULAR_SUBJECTS = word_set("he she it that this which who everyone everybody nobody what")
_PLURAL_SUBJECTS = word_set("i we you they who people these those")
_PREPOSITIONS_TOO = word_set("as than before after since until like")
_OPENERS = word_set("because if when while whereas although unless until whenever wherever whatever who which")
_CONDITIONS = word_set("if when while because although though unless since once until whenever where whereas as")
_ASKED = re.compile(
    r"^what (?:percentage|number|share|kind|sort|type)s? of\b"
    r"|, (?:how|why|what|where) (?:do|does|did|can|should|would) (?:i|we|you|they|he|she|it)\b",
    re.IGNORECASE,
)
_ASKING = word_set("would could should can does did is are was were has")
_BEFORE_CONDITIONS = word_set("that is but and so because")
_PAUSES = frozenset(",;:–—-")
_BACKWARD = word_set("this these those such that")
_ORDINAL_START = re.compile(
    r"(?:one|another|second|third|next|the (?:first|second|third|other|next|last|same|latter)"
    r"|the (?:reason|way|point|answer) (?:is|was|for))\b",
    re.IGNORECASE,
)
_EXPLETIVE = word_set(
    "takes took hard harder easy easier impossible possible better important difficult cheaper turns matters seems "
    "clear rare common unlikely likely too worth costs depends"
)


@lru_cache(maxsize=1024)
def cores(text: str) -> tuple[str, ...]:
    """The bare words of a text; words that are only punctuation are left out."""
    return tuple(bare for bare in map(core, text.split()) if bare)


@lru_cache(maxsize=1024)
def with_pauses(text: str) -> tuple[str, ...]:
    """The bare words, a comma kept on those that have a pause after them."""
    pairs = ((core(word), word.rstrip("\"”’')")[-1:] in _PAUSES) for word in text.split())
    return tuple(f"{bare}," if pause else bare for bare, pause in pairs if bare)


def has_main_verb(text: str) -> bool:
    return main_verb(with_pauses(text)) is not None


def main_verb(words: Sequence[str]) -> int | None:
    """The place of the first finite verb that no subordinator or relative claims; None where there is none.

    A comma on a word is a pause: what follows it opens no relative clause of its own.
    """
    return _main_verb(tuple(words))


@lru_cache(maxsize=1024)
def _main_verb(words: tuple[str, ...]) -> int | None:
    pauses = {place + 1 for place, word in enumerate(words) if word.endswith(",")}
    words = tuple(word.rstrip(",") for word in words)
    claimed = 0
    for place in range(len(words)):
        claimed += _opens_subordinate(words, place, paused=place in pauses)
        if not is_finite(words, place):
            continue
        if claimed == 0:
            return place
        claimed -= 1
    return None


def _opens_subordinate(words: Sequence[str], place: int, *, paused: bool) -> bool:
    word = words[place]
    following = _at(words, place + 1)
    if word == "what":
        return following not in lexicon.AUXILIARIES
    if word in {"that", "which", "who", "how", "why"}:
        return place > 0
    if word in _PREPOSITIONS_TOO:
        return following in lexicon.SUBJECTS or lexicon.is_clitic(following)
    if word in lexicon.SUBORDINATORS:
        return True
    # A subject right after a noun opens a relative clause without its "that": "the house we bought".
    starts_clause = (word in lexicon.SUBJECTS and word != "there") or lexicon.is_clitic(word)
    return starts_clause and not paused and place > 0 and _noun_like(words[place - 1])


def is_finite(words: Sequence[str], place: int) -> bool:
    """Whether the word at `place` is a verb that can carry a clause where it stands."""
    word = words[place]
    before = _before(words, place)
    if lexicon.is_clitic(word) or _is_noun_with_verb(word, _at(words, place + 1)):
        return True
    if lexicon.is_auxiliary(word):
        return before != "to" and before not in lexicon.MODALS
    if lexicon.is_past(word):
        return _past_stands(words, place, before)
    if lexicon.is_third_person(word):
        return before in _SINGULAR_SUBJECTS or _third_person_stands(before, _at(words, place + 1))
    if word == "like":
        return before in {"i", "we", "you", "they"}
    return lexicon.is_base(word) and (before in _PLURAL_SUBJECTS or _is_plural_noun(before))


def _is_noun_with_verb(word: str, following: str) -> bool:
    """ "The market's really cold", not "the market's weight"."""
    verbal = lexicon.is_adverb(following) or lexicon.is_gerund(following) or following in lexicon.ARTICLES
    return word.endswith("'s") and verbal


def _past_stands(words: Sequence[str], place: int, before: str) -> bool:
    if lexicon.is_irregular_past(words[place]):
        return before not in lexicon.ARTICLES
    after_noun = bool(before) and _noun_like(before) and _at(words, place + 1) != "by"
    return after_noun or before in lexicon.SUBJECTS | lexicon.RELATIVES


def _third_person_stands(before: str, following: str) -> bool:
    if not before or not _noun_like(before) or lexicon.is_plural(before):
        return False
    if following in lexicon.AUXILIARIES or following in {"and", "or"}:
        return False
    return (
        not following
        or following in lexicon.FUNCTION_WORDS
        or lexicon.is_adverb(following)
        or lexicon.is_number(following)
    )


def _is_plural_noun(word: str) -> bool:
    singular = word.removesuffix("s")
    noun = lexicon.is_ordinary(singular) and not lexicon.is_base(singular)
    return lexicon.is_plural(word) and (noun or not lexicon.is_third_person(word))


def _noun_like(word: str) -> bool:
    weak = word in lexicon.FUNCTION_WORDS or lexicon.is_auxiliary(word) or lexicon.is_clitic(word)
    return not weak and not lexicon.is_adverb(word)


def _before(words: Sequence[str], place: int) -> str:
    """The word before, adverbs passed over."""
    back = place - 1
    while back >= 0 and lexicon.is_adverb(words[back]) and words[back] not in {"there", "here"}:
        back -= 1
    return words[back] if back >= 0 else ""


def _at(words: Sequence[str], place: int) -> str:
    return words[place] if place < len(words) else ""


def starts_subject(words: Sequence[str], place: int) -> bool:
    """Whether a pronoun with its verb stands here."""
    word = _at(words, place)
    return lexicon.is_clitic(word) or (word in lexicon.SUBJECTS | {"this", "that"} and verb_soon(words, place))


def verb_soon(words: Sequence[str], subject: int, *, within: int = 2) -> bool:
    return any(is_finite(words, place) for place in range(subject + 1, min(subject + 1 + within, len(words))))


def is_clause(words: Sequence[str]) -> bool:
    """Whether the words have a main verb with something before it, and do not break off."""
    verb = main_verb(words)
    if verb is None or words[-1].rstrip(",") in lexicon.WEAK_ENDS:
        return False
    return verb > 0 or lexicon.is_clitic(words[0].rstrip(","))


def is_whole(text: str) -> bool:
    """Whether the text is a clause whose conditions are followed by what they condition, and nothing is left open."""
    words = cores(text)
    return (
        bool(words)
        and is_clause(with_pauses(text))
        and not _open_tail(text, words)
        and not _lone_condition(text, words)
    )


def _open_tail(text: str, words: Sequence[str]) -> bool:
    """Whether the last "because", "if" or "which" still waits for its verb."""
    for place in range(len(words) - 1, 0, -1):
        if words[place] in _OPENERS and words[place - 1] not in _OPENERS:
            nested = _is_nested_condition(words, place)
            verbs = sum(_may_be_finite(words, later) for later in range(place + 1, len(words)))
            paused = any(word.endswith(",") for word in with_pauses(text)[place:])
            return verbs < (2 if nested else 1) or (nested and not paused)
    return False


def _may_be_finite(words: Sequence[str], place: int) -> bool:
    """As is_finite, but also for a verb far from its subject: "the ports along the coast pay"."""
    word, before = words[place], _before(words, place)
    verb = lexicon.is_base(word) or lexicon.is_past(word) or lexicon.is_third_person(word)
    return is_finite(words, place) or (verb and _noun_like(before))


def _is_nested_condition(words: Sequence[str], place: int) -> bool:
    """ "The issue is that if you sell" waits for what then happens."""
    return words[place] in {"if", "when", "unless"} and words[place - 1] in _BEFORE_CONDITIONS


def _lone_condition(text: str, words: Sequence[str]) -> bool:
    opener = words[1] if words[0] == "even" and len(words) > 1 else words[0]
    tails = map(with_pauses, re.split(r",\s", text)[1:])
    return opener in _CONDITIONS and not any(is_clause(tail) for tail in tails if tail and tail[0] not in _CONDITIONS)


def is_question(text: str) -> bool:
    if text.rstrip("\"”’' ").endswith("?") or _ASKED.search(text):
        return True
    first, second, third = (*cores(text)[:3], "", "", "")[:3]
    second = second.removesuffix("n't")
    if first in {"why", "how", "where", "who", "what", "when"}:
        return second in lexicon.AUXILIARIES and third in lexicon.SUBJECTS | lexicon.DETERMINERS | {""}
    return first in _ASKING or (first in lexicon.AUXILIARIES and second in lexicon.SUBJECTS | _BACKWARD)


def dangles(text: str) -> bool:
    """Whether the subject points back to something the text itself does not name."""
    words = cores(text)
    if words[:1] in {("it",), ("it's",)}:
        return _EXPLETIVE.isdisjoint(words[1:5]) or {"to", "that", "when", "if"}.isdisjoint(words[2:9])
    return not words or words[0] in lexicon.ANAPHORS


def points_back(text: str) -> bool:
    """Whether the start of the text needs the sentence before it: "this thing", "the other", "they"."""
    return dangles(text) or cores(text)[0] in _BACKWARD or _ORDINAL_START.match(text) is not None


def has_first_person(text: str) -> bool:
    return any(word in lexicon.FIRST_PERSON for word in cores(text))

"""What single words can be: small closed classes, ordinary verbs with their forms, ordinary nouns.

The lists are kept short on purpose. A word they do not know is taken for a noun or a name, the open classes.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

_FILES = Path(__file__).with_name("words")
_EDGES = "\"'“”‘’.,;:!?…()[]{}<>-–—*_~`"


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def entries(name: str) -> Iterator[str]:
    """The lines of one of the word files, comments left out."""
    for line in (_FILES / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def _classes() -> dict[str, frozenset[str]]:
    told = re.split(r"\n(?=\S)", "\n".join(entries("classes.txt")))
    named = (one.partition(":") for one in told)
    return {name: word_set(words) for name, _, words in named}


_CLASSES = _classes()
ARTICLES = word_set("a an the")
POSSESSIVES = word_set("my our your their its his her whose")
DETERMINERS = ARTICLES | POSSESSIVES | _CLASSES["determiners"]
PREPOSITIONS = _CLASSES["prepositions"]
COORDINATORS = word_set("and or but nor yet so")
REASONS = word_set("because cause 'cause cuz")
SUBORDINATORS = REASONS | _CLASSES["subordinators"]
RELATIVES = word_set("who which whom whose that")
QUESTION_WORDS = word_set("what why how who where when which whose whom")
SUBJECTS = word_set("i we you he she they it there")
ANAPHORS = _CLASSES["anaphors"]
FIRST_PERSON = word_set("i i'm i've i'll i'd me my mine myself we we're we've we'll we'd us our ours ourselves let's")
SECOND_PERSON = word_set("you you're you've you'll you'd your yours yourself yourselves")
MODALS = word_set("can could will would shall should may might must cannot")
AUXILIARIES = MODALS | word_set("is are was were am has have had do does did")
ADVERBS = _CLASSES["adverbs"]
WEAK_ADVERBS = _CLASSES["weak adverbs"]
CONNECTIVES = REASONS | _CLASSES["connectives"]
BACK_CHANNEL = CONNECTIVES | _CLASSES["back-channel"]
# What neither a sentence nor a headline can end on.
WEAK_ENDS = (ARTICLES | POSSESSIVES | COORDINATORS | MODALS | SUBORDINATORS | _CLASSES["weak ends"]) - word_set(
    "his her can will before once after since cause"
)

_NEGATED = _CLASSES["negated auxiliaries"]
_CLITICS = ("'s", "'re", "'m", "'ve", "'ll", "'d")
_CLITIC_HOSTS = SUBJECTS | word_set("that this who what here where how which everyone everybody nobody someone")
_NUMBER_WORDS = _CLASSES["number words"]
_PLURALS_WITHOUT_S = word_set("people men women children folks police teeth feet mice")
_NOT_ADVERBS = word_set("family supply apply rely reply daily early only likely italy multiply imply comply")
_PAST_LIKE_BASE = word_set("put set cut hit let read")
_DOUBLING = word_set("commit submit permit admit refer prefer occur control")


class _Verb(NamedTuple):
    base: str
    third: str
    past: str
    participle: str
    gerund: str


def _verb(entry: str) -> _Verb:
    base, *irregular = entry.split(",")
    regular = _stem(base, ending="ed") + "ed"
    past, participle = (irregular[0], irregular[-1]) if irregular else (regular, regular)
    gerund = (base if base.endswith("ee") else _stem(base, ending="ing")) + "ing"
    return _Verb(base, _third_person(base), past, participle, gerund)


def _stem(base: str, *, ending: str) -> str:
    if base.endswith("e"):
        return base[:-1]
    if base.endswith("y") and base[-2] not in "aeiou" and ending == "ed":
        return base[:-1] + "i"
    return base + base[-1] if _doubles(base) else base


def _doubles(base: str) -> bool:
    consonant_end = base[-1] not in "aeiouwxyh" and base[-2] in "aeiou" and (len(base) < 3 or base[-3] not in "aeiou")
    return consonant_end and (len(base) <= 4 or base in _DOUBLING)


def _third_person(base: str) -> str:
    if base in {"do", "go"} or base.endswith(("s", "sh", "ch", "x", "z")):
        return base + "es"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ies"
    return base + "s"


_VERBS = [_verb(entry) for line in entries("verbs.txt") for entry in line.split()]
_BASE = frozenset(verb.base for verb in _VERBS)
_THIRD = frozenset(verb.third for verb in _VERBS)
_PAST = frozenset(verb.past for verb in _VERBS)
_PARTICIPLE = frozenset(verb.participle for verb in _VERBS)
_GERUND = frozenset(verb.gerund for verb in _VERBS)
_FORMS = _BASE | _THIRD | _PAST | _PARTICIPLE | _GERUND
_COMMON = frozenset(word for line in entries("common.txt") for word in line.split())
_CLOSED = (
    DETERMINERS
    | PREPOSITIONS
    | COORDINATORS
    | SUBORDINATORS
    | RELATIVES
    | QUESTION_WORDS
    | SUBJECTS
    | ANAPHORS
    | FIRST_PERSON
    | SECOND_PERSON
    | AUXILIARIES
    | _NEGATED
    | ADVERBS
    | BACK_CHANNEL
    | word_set("be been being gonna wanna let lets")
)
FUNCTION_WORDS = _CLOSED - _COMMON


@cache
def core(word: str) -> str:
    """The word as the lists know it: lower case, bare of punctuation, with a straight apostrophe."""
    return word.replace("’", "'").strip(_EDGES).lower()


def is_base(word: str) -> bool:
    return word in _BASE


def is_third_person(word: str) -> bool:
    return word in _THIRD


def is_past(word: str) -> bool:
    return word in _PAST and (word not in _BASE or word in _PAST_LIKE_BASE)


def is_irregular_past(word: str) -> bool:
    """A form that is nothing but a past: "went", not "led" or "hit"."""
    return word in _PAST and word not in _PARTICIPLE and word not in _BASE


def is_gerund(word: str) -> bool:
    return word in _GERUND


def is_clitic(word: str) -> bool:
    """A subject with its verb in one word: it's, they'll, that's."""
    host, mark, _ = word.partition("'")
    return bool(mark) and word.endswith(_CLITICS) and host in _CLITIC_HOSTS


def is_auxiliary(word: str) -> bool:
    return word in AUXILIARIES or word in _NEGATED


def is_adverb(word: str) -> bool:
    return word in ADVERBS or (word.endswith("ly") and len(word) > 4 and word not in _NOT_ADVERBS)


def is_number(word: str) -> bool:
    return any(char.isdigit() for char in word) or word in _NUMBER_WORDS


def is_plural(word: str) -> bool:
    with_s = word.endswith("s") and not word.endswith(("ss", "us", "is", "'s")) and len(word) > 3
    return with_s or word in _PLURALS_WITHOUT_S


def is_common(word: str) -> bool:
    """An ordinary noun, adjective or adverb, whatever else it may be."""
    return word in _COMMON


@cache
def is_ordinary(word: str) -> bool:
    """Whether the word, already bare, is certainly not a name, so that it may stand in lower case."""
    if word == "i" or word.startswith("i'"):
        return False
    singulars = {word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ies") + "y"}
    return word in _CLOSED or word in _FORMS or is_adverb(word) or not _COMMON.isdisjoint(singulars)

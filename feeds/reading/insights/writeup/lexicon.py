"""What single words can be: small closed classes, ordinary verbs with their forms, ordinary nouns.

The lists are kept short on purpose. A word they do not know is taken for a noun or a name, the open classes.
"""

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


ARTICLES = word_set("a an the")
POSSESSIVES = word_set("my our your their its his her whose")
DETERMINERS = (
    ARTICLES
    | POSSESSIVES
    | word_set(
        "this that these those some any each every no all both either neither many most more few fewer several much "
        "less another other such what which enough"
    )
)
PREPOSITIONS = word_set(
    "of in on at by for with from to into onto about over under between among through during without within against "
    "across behind beyond beside besides toward towards upon per via than like as after before since until till "
    "despite unlike off out up down around along near above below inside outside versus vs except plus minus"
)
COORDINATORS = word_set("and or but nor yet so")
REASONS = word_set("because cause 'cause cuz")
SUBORDINATORS = REASONS | word_set(
    "if when whenever while whereas although though unless until since once whether where wherever after before as "
    "than lest"
)
RELATIVES = word_set("who which whom whose that")
QUESTION_WORDS = word_set("what why how who where when which whose whom")
SUBJECTS = word_set("i we you he she they it there")
ANAPHORS = word_set(
    "it that they he she this these those them him its their his her it's that's they're he's she's they've it'll "
    "they'll that'll they'd he'd she'd which it'd itself neither both another"
)
FIRST_PERSON = word_set("i i'm i've i'll i'd me my mine myself we we're we've we'll we'd us our ours ourselves let's")
SECOND_PERSON = word_set("you you're you've you'll you'd your yours yourself yourselves")
MODALS = word_set("can could will would shall should may might must cannot")
AUXILIARIES = MODALS | word_set("is are was were am has have had do does did")
ADVERBS = word_set(
    "not never always often sometimes usually also even just only still already almost really very quite rather too "
    "now then here there again maybe perhaps probably actually basically literally simply ever soon instead "
    "therefore thus hence however otherwise sort kind today tomorrow yesterday later ago else well back away together "
    "pretty super far yet once twice generally typically oftentimes"
)
WEAK_ADVERBS = word_set(
    "really very just actually basically literally quite essentially obviously frankly honestly simply"
)
CONNECTIVES = REASONS | word_set(
    "and but so well now yeah yes right okay ok or oh then plus also anyway anyways see hey alright no sure exactly "
    "totally absolutely like wow"
)
BACK_CHANNEL = CONNECTIVES | word_set(
    "mm mhm mm-hmm uh-huh hmm huh hm uh um er ah yep yup nope cool great nice interesting awesome true correct of "
    "course for definitely good wonderful amazing fantastic gotcha got it thanks thank you very much perfect fair "
    "enough love that's that is really indeed i see agree agreed a point question man dude please go ahead bye hi "
    "hello something 100%"
)
# What neither a sentence nor a headline can end on.
WEAK_ENDS = (
    ARTICLES
    | POSSESSIVES
    | COORDINATORS
    | MODALS
    | SUBORDINATORS
    | word_set(
        "of in at by for with from to into onto about between among during without within against per via than like "
        "upon toward towards and/or that who which whom whatever i we he she they is am are was were be been being "
        "has have had very really just every not it's that's there's they're we're you're i'm let's what why how "
        "what's these those also even quite an such according gonna wanna as i've we've they've you've"
    )
) - word_set("his her can will before once after since cause")

_NEGATED = word_set(
    "isn't aren't wasn't weren't haven't hasn't hadn't don't doesn't didn't can't couldn't won't wouldn't shouldn't "
    "mustn't ain't needn't"
)
_CLITICS = ("'s", "'re", "'m", "'ve", "'ll", "'d")
_CLITIC_HOSTS = SUBJECTS | word_set("that this who what here where how which everyone everybody nobody someone")
_NUMBER_WORDS = word_set(
    "one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty seventy eighty "
    "ninety hundred thousand million billion trillion half dozen"
)
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

"""A shortening of a passage in numbers: how far it is a claim, how far it can be understood alone, what it is about."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from feeds.reading.insights.sentences import end_odds
from feeds.reading.insights.writeup import grammar, lexicon
from feeds.reading.insights.writeup.claims import claim_score
from feeds.reading.insights.writeup.lexicon import core, word_set
from feeds.reading.insights.writeup.openings import strip_connectives

Row = NDArray[np.float32]

_THIRD_PERSON = word_set("he she him his her hers himself herself he's she's he'd she'd he'll she'll")
_THEY = word_set("they them their theirs they're they've they'll they'd themselves")
_IT = word_set("it its it's it'll it'd itself")
_POINTING = word_set("this that these those that's")
# They stand for a noun that was named before, or compare with it.
_STANDING_IN = word_set(
    "one ones other others another both same such either neither ours theirs mine yours latter former rest "
    "each so there here then too also instead anyway again still back above below elsewhere else"
)
_COMPARED = re.compile(r"\b(?:more|less|fewer|\w{3,}er)\b", re.IGNORECASE)
_COMPARATIVES = word_set("better worse faster slower cheaper bigger smaller harder easier longer shorter higher lower")
_VAGUE = word_set("thing things stuff something somehow whatever somebody someone everything anything way ways lot")
_NARRATING = word_set("was were had did went came said told started got took made gave became found sat saw knew")
_PAST_AUXILIARIES = word_set("was were had did didn't wasn't weren't hadn't couldn't wouldn't")
_GENERAL = word_set("people companies most every any everyone anyone nobody all never always no")
_SPEECH = re.compile(
    r"\b(?:says?|said|asks?|asked|tells?|told|goes|like,|okay|hey|gonna|wanna|gotta|yeah|guys?|cool|crazy)\b|[!…]",
    re.IGNORECASE,
)
_PATTERNS = {
    "reason": r"\b(?:because|so that|the reason|which means|means that|that's why)\b",
    "result": r"\bas a result\b|\ble(?:ads?|d) to\b|\b(?:caus|forc|driv|creat|turn|mak)(?:es?|ing)\b|\bends? up\b",
    "contrast": r"\brather than\b|\binstead of\b|\bnot (?:just|only|about|because)\b|\bthe opposite\b|\bbut\b|n't\b",
    "comparison": r"\b(?:more|less|better|worse|faster|cheaper|bigger|fewer|harder|easier|\w+er)\b[^.]{0,60}\bthan\b",
    "weight": r"\b(?:problem|key|difference|trade-?off|incentive|lesson|mistake|risk|cost|advantage|value|power)s?\b",
    "duty": r"\b(?:should|must|needs? to|ha(?:ve|s) to)\b",
    "modal": r"\b(?:can|could|will|would|may|might)\b",
    "condition": r"^(?:if|when|unless|once|as|until|while)\b",
    "without": r"\bwithout\b|\bonly\b|\bunless\b|\bthe more\b",
    "number": r"\d|\b(?:percent|million|billion|half|twice|thirds?|hundred|thousand)\b",
    "money": r"[$€£%]|\b(?:percent|dollars?|pounds?|euros?)\b",
    "year": r"\b(?:19|20)\d\d\b|\b(?:nineteen|twenty) \w+\b|\b(?:last|this|next) (?:year|week|month|night)\b",
    "quotation": r"[\"“”]|, (?:well|look|okay|oh),",
    "state": r"\b(?:is|are|isn't|aren't)\b",
    "definition": r"\bis (?:a|an|the|called|basically)\b",
    "existence": r"^there(?:'s| is| are| was| were)\b|^(?:here's|it's|that's|this is)\b",
}
_COMPILED = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _PATTERNS.items()}
_FINE_LENGTH = range(38, 88)
_SHORT = 40
_FEW_WORDS = 4
_ENOUGH_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Shortening:
    """A shorter way to say one sentence; `price` is what it leaves out, 0 for fillers, about 1 for a phrase."""

    text: str
    sentence: int
    price: float


@dataclass(frozen=True)
class Scene:
    """What stands around a shortening: the sentences of its passage, and how often each word is said there.

    `restored` tells that the sentences were cut from words without any marks.
    """

    sentences: tuple[str, ...]
    said: Counter[str]
    restored: bool

    @classmethod
    def of(cls, sentences: Sequence[str], *, before: str = "", after: str = "", restored: bool = False) -> "Scene":
        spoken = " ".join((before, *sentences, after))
        return cls(tuple(sentences), Counter(filter(is_content, map(core, spoken.split()))), restored)

    @cached_property
    def heaviest(self) -> float:
        """What a shortening of the eight words said most often would weigh."""
        return max(1.0, sum(sorted((math.log(count) for count in self.said.values()), reverse=True)[:8]))

    @cached_property
    def known(self) -> list[frozenset[str]]:
        """The words said before each sentence."""
        known: list[frozenset[str]] = [frozenset()]
        for sentence in self.sentences[:-1]:
            known.append(known[-1].union(map(core, sentence.split())))
        return known


def row(shortening: Shortening, scene: Scene) -> Row:
    """One number for each of NAMES."""
    values = {**_wording(shortening.text), **_place(shortening, scene), **_subject_matter(shortening, scene)}
    return np.array(list(values.values()), dtype=np.float32)


def names() -> list[str]:
    shortening, scene = Shortening("Rain falls", 0, 0.0), Scene.of(["Rain falls."])
    return [*_wording(shortening.text), *_place(shortening, scene), *_subject_matter(shortening, scene)]


def is_content(word: str) -> bool:
    """Whether the bare word says something of its own."""
    weak = word in lexicon.FUNCTION_WORDS or lexicon.is_auxiliary(word) or lexicon.is_clitic(word)
    return len(word) >= _ENOUGH_LETTERS and not weak and word not in _VAGUE and not lexicon.is_adverb(word)


@lru_cache(maxsize=2048)
def _wording(text: str) -> dict[str, float]:
    """What the words alone give away."""
    words = grammar.cores(text)
    return {
        **_shape(text, words),
        **_opening(text, words),
        **_needs(text, words),
        **_statement(text, words),
        **_cues(text),
    }


def _shape(text: str, words: Sequence[str]) -> dict[str, float]:
    content = [word for word in words if is_content(word)]
    return {
        "words": len(words) / 10,
        "fine length": len(text) in _FINE_LENGTH,
        "short": max(0.0, (_SHORT - len(text)) / 10),
        "whole": grammar.is_whole(text),
        "has a verb": grammar.has_main_verb(text),
        "weak end": words[-1:] == () or words[-1] in lexicon.WEAK_ENDS,
        "question": grammar.is_question(text),
        "content words": len(content) / 5,
        "hardly any content": max(0, _FEW_WORDS - len(set(content))),
        "content share": len(content) / max(1, len(words)),
        "long words": sum(len(word) > 7 for word in content) / 3,
        "unusual words": sum(not lexicon.is_ordinary(word) for word in content) / 3,
        "names": sum(word[:1].isupper() for word in text.split()[1:] if core(word) != "i") / 2,
        "commas": text.count(",") / 2,
        "claim": claim_score(text),
    }


def _opening(text: str, words: Sequence[str]) -> dict[str, float]:
    first = words[0] if words else ""
    second = words[1] if len(words) > 1 else ""
    return {
        "opens with I": first in lexicon.FIRST_PERSON and first[:1] in "im",
        "opens with we": first in lexicon.FIRST_PERSON and first[:1] not in "im",
        "opens with you": first in lexicon.SECOND_PERSON,
        "opens dangling": grammar.dangles(text),
        "opens pointing back": not words or grammar.points_back(text),
        "opens with a link": first in lexicon.CONNECTIVES | lexicon.COORDINATORS | {"not", "rather", "no", "nor"},
        "opens with the": first == "the",
        "opens with a": first in {"a", "an"},
        "opens with a general word": first in _GENERAL,
        "opens with a content word": is_content(first),
        "opens with a plural": lexicon.is_plural(first) or lexicon.is_plural(second),
        "opens with a gerund": first.endswith("ing"),
        "opens with a verb": lexicon.is_base(first) and not lexicon.is_common(first),
        "opens with what": first in {"what", "whoever", "where", "how"},
        "opens with a preposition": first in lexicon.PREPOSITIONS,
    }


def _needs(text: str, words: Sequence[str]) -> dict[str, float]:
    """Words that only somebody understands who heard what was said before."""
    named = _named_before(words)
    return {
        "he or she": sum(word in _THIRD_PERSON for word in words),
        "they": sum(word in _THEY and not named[place] for place, word in enumerate(words)),
        "they of a noun": sum(word in _THEY and named[place] > 0 for place, word in enumerate(words)),
        "it": sum(word in _IT and not named[place] for place, word in enumerate(words)),
        "it of a noun": sum(word in _IT and named[place] > 0 for place, word in enumerate(words)),
        "this or that": sum(_points(words, place) for place in range(len(words))),
        "standing in": sum(word in _STANDING_IN for word in words),
        "compared with nothing": bool(_COMPARED.search(text) and not _COMPARATIVES.isdisjoint(words))
        and "than" not in words,
        "vague": sum(word in _VAGUE for word in words),
        "first person": sum(word in lexicon.FIRST_PERSON for word in words),
        "second person": sum(word in lexicon.SECOND_PERSON for word in words),
        "narrating": sum(word in _NARRATING or lexicon.is_irregular_past(word) for word in words),
        "past": sum(word.endswith("ed") and lexicon.is_past(word) for word in words),
        "spoken": len(_SPEECH.findall(text)),
        "general": sum(word in _GENERAL for word in words),
    }


def _statement(text: str, words: Sequence[str]) -> dict[str, float]:
    """Whether it says how things are in general, or tells what happened to somebody."""
    place = grammar.main_verb(grammar.with_pauses(text))
    subject = words[:place] if place else ()
    verb = words[place] if place is not None and place < len(words) else ""
    named = any(map(is_content, subject))
    general = named and subject[0] not in {"the", *_POINTING} and _POINTING.isdisjoint(subject)
    past = verb in _PAST_AUXILIARIES or lexicon.is_past(verb)
    verbs = sum(grammar.is_finite(words, at) for at in range(len(words)))
    return {
        "named subject": named,
        "general subject": general,
        "general statement": general and not past,
        "of itself": named and not past and not _mentions_persons(words),
        "past statement": past,
        "bare subject": subject[:1] == ("the",) and len(subject) <= 2,
        "far verb": len(subject) / 5,
        "runs on": max(0, verbs - 1 - sum(map(_links_clauses, words)) - text.count(",")),
        "breaks inside": _inner_break(text),
        "unfinished verb": bool(words) and (lexicon.is_third_person(words[-1]) or lexicon.is_gerund(words[-1])),
    }


def _inner_break(text: str) -> float:
    """How likely a sentence ends where none is marked, as in captions that run two sentences into one."""
    inner = end_odds(text.split())[3:-1]
    return max(0.0, float(inner.max()) + 3) / 3 if len(inner) else 0.0


def _mentions_persons(words: Sequence[str]) -> bool:
    persons = _THIRD_PERSON | _THEY | _IT | _POINTING | lexicon.FIRST_PERSON | lexicon.SECOND_PERSON
    return not persons.isdisjoint(words)


def _links_clauses(word: str) -> bool:
    linking = lexicon.COORDINATORS | lexicon.SUBORDINATORS | lexicon.RELATIVES | lexicon.QUESTION_WORDS
    return word in linking


def _named_before(words: Sequence[str]) -> list[int]:
    """How many nouns stand before each word."""
    counts = [0]
    for word in words[:-1]:
        counts.append(counts[-1] + (is_content(word) and not lexicon.is_base(word)))
    return counts


def _points(words: Sequence[str], place: int) -> bool:
    """ "That" as a pronoun or before a noun, not as a link: "those cases", not "the rule that"."""
    if words[place] not in _POINTING:
        return False
    linked = place > 0 and (is_content(words[place - 1]) or words[place - 1] in {"is", "so", "such", "was"})
    return words[place] != "that" or not linked


def _cues(text: str) -> dict[str, float]:
    plain = text.replace("’", "'")
    return {name: bool(pattern.search(plain)) for name, pattern in _COMPILED.items()}


def _place(shortening: Shortening, scene: Scene) -> dict[str, float]:
    count = len(scene.sentences)
    own = scene.sentences[shortening.sentence]
    return {
        "position": shortening.sentence / max(1, count - 1),
        "first": shortening.sentence == 0,
        "last": shortening.sentence == count - 1,
        "alone": count == 1,
        "price": shortening.price,
        "left out": 1 - len(shortening.text) / max(len(own), len(shortening.text)),
        "claim of the sentence": claim_score(strip_connectives(own)),
        "after but": core(own.split(" ", 1)[0]) in {"but", "so", "because", "therefore"},
        "after a question": shortening.sentence > 0 and scene.sentences[shortening.sentence - 1].endswith("?"),
        "restored": scene.restored,
        "restored and long": scene.restored * len(shortening.text) / 90,
    }


def _subject_matter(shortening: Shortening, scene: Scene) -> dict[str, float]:
    words = grammar.cores(shortening.text)
    content = {word for word in words if is_content(word)}
    weights = [math.log(max(1, scene.said[word])) for word in content]
    return {
        "topic": sum(weights) / scene.heaviest,
        "topic of each": sum(weights) / max(1, len(content)),
        "said once": sum(scene.said[word] <= 1 for word in content) / 5,
        "known things": sum(_is_known(pair, scene.known[shortening.sentence]) for pair in pairwise(words)),
        "bare things": sum(_is_bare(words, place) for place in range(len(words) - 1)),
    }


def _is_known(pair: tuple[str, str], earlier: frozenset[str]) -> bool:
    """ "The mill" after a mill was mentioned: it is that mill."""
    return pair[0] in {"the", "this", "that", "these", "those"} and is_content(pair[1]) and pair[1] in earlier


def _is_bare(words: Sequence[str], place: int) -> bool:
    """ "The mill", and nothing after it that says which."""
    if words[place] != "the" or not is_content(words[place + 1]):
        return False
    after = words[place + 2] if place + 2 < len(words) else ""
    return not is_content(after) and after not in {"of", "that", "who", "which", "in", "for", "between", "you", "we"}

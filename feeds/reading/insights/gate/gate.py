"""The value gate: what a model wrote is published only where the passage bears it out and a reader gains by it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from feeds.reading.insights.gate.chunks import LONGEST_QUOTE
from feeds.reading.insights.gate.figures import numbers_besides, numbers_said
from feeds.reading.insights.gate.phrases import (
    ATTRIBUTED,
    CLAIMANT,
    LINK,
    NAME,
    OPINION_SAID,
    PLATITUDE,
    PROMOTION,
    SPECIFIC,
    THE_SPEAKER,
    TOPIC,
)
from feeds.reading.insights.writeup import grammar, lexicon
from feeds.reading.insights.writeup.attribution import attribute, names_a_person
from feeds.reading.insights.writeup.lexicon import word_set
from feeds.reading.insights.writeup.sentences import sentences

LONGEST_HEADLINE = 90
MOST_WORDS, FEWEST_WORDS = 70, 15
MOST_QUOTE_WORDS, FEWEST_QUOTE_WORDS = 120, 8
# Of the telling words of a text, the share that was said; a fair paraphrase keeps half of them.
LEAST_BORNE_OUT = 0.2


class Rejection(StrEnum):
    EMPTY = "says nothing"
    LONG = "too long"
    GARBLED = "holds what nobody can read"
    TOPIC = "the headline is a topic, not a claim"
    GENERIC = "true of everything"
    PROMOTION = "advertises"
    INVENTED = "says what was not said"
    OPINION = "an opinion told as a fact"


@dataclass(frozen=True, slots=True)
class Draft:
    headline: str
    text: str
    is_opinion: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a draft rests on: the quote, the words around it, the speaker as the transcript has it, and every word that
    the transcript holds (see `words_of`)."""

    quote: str
    around: str
    speaker: str | None
    heard: frozenset[str]


_WORD = re.compile(r"[^\W\d_][\w'’]*")
_BEFORE_NOUNS = lexicon.DETERMINERS | lexicon.PREPOSITIONS | lexicon.POSSESSIVES | lexicon.COORDINATORS
_OF_A_NAME = ("s", "n", "ns", "an", "ans", "ian", "ians", "ish", "ese")
_EVERYBODY_KNOWS = word_set("ai ceo eu i it pc tv uk us")
_STOP = word_set(
    "about above after again against also although among another because been before being between both could "
    "does doing down during each either even ever every from further have having here however into itself just "
    "less like many might more most much must neither never nothing often only other others ought over rather "
    "same several should since some still such than that their them then there these they thing things this those "
    "though through together toward under until upon very want well were what when where whether which while whom "
    "whose will with within without would your speaker argues says thinks believes expects explains people make "
    "makes made "
)


def examined(draft: Draft, evidence: Evidence) -> Draft | Rejection:
    """The draft as it may be published, its speaker named where the transcript names one, or why it may not be."""
    tidy = replace(draft, headline=" ".join(draft.headline.split()).rstrip(". "), text=" ".join(draft.text.split()))
    found = next(_objections(tidy, evidence), None)
    return found or _attributed(tidy, evidence) or Rejection.OPINION


def _objections(draft: Draft, evidence: Evidence) -> Iterator[Rejection]:
    said = {
        Rejection.EMPTY: _is_empty(draft, evidence),
        Rejection.GARBLED: _is_garbled(draft),
        Rejection.LONG: _is_long(draft, evidence),
        Rejection.TOPIC: _is_topic(draft.headline),
        Rejection.PROMOTION: _is_promotion(draft, evidence),
        Rejection.GENERIC: _is_generic(draft),
        Rejection.INVENTED: _is_invented(draft, evidence),
    }
    return (rejection for rejection, applies in said.items() if applies)


def _is_empty(draft: Draft, evidence: Evidence) -> bool:
    quote_words = len(evidence.quote.split())
    few = min(FEWEST_WORDS, quote_words)
    return len(draft.headline.split()) < 3 or len(draft.text.split()) < few or quote_words < FEWEST_QUOTE_WORDS


def _is_long(draft: Draft, evidence: Evidence) -> bool:
    is_long_quote = len(evidence.quote) > LONGEST_QUOTE or len(evidence.quote.split()) > MOST_QUOTE_WORDS
    return len(draft.headline) > LONGEST_HEADLINE or len(draft.text.split()) > MOST_WORDS or is_long_quote


def _is_garbled(draft: Draft) -> bool:
    """Control, private and invisible characters; text that turns direction is a way to hide words."""
    return any(unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs") for char in draft.headline + draft.text)


def _is_topic(headline: str) -> bool:
    return headline.endswith("?") or bool(TOPIC.search(headline)) or not _has_a_verb(headline)


def _has_a_verb(headline: str) -> bool:
    """Whether it is a clause, as far as can be told; most words that may be verbs are also nouns."""
    words = grammar.cores(headline)
    may_be = any(_may_be_verb(word) and before not in _BEFORE_NOUNS for before, word in pairwise(words))
    return grammar.has_main_verb(headline) or (len(words) > 5 and may_be)


def _may_be_verb(word: str) -> bool:
    is_form = lexicon.is_base(word) or lexicon.is_third_person(word) or lexicon.is_past(word)
    return is_form or lexicon.is_auxiliary(word)


def _is_generic(draft: Draft) -> bool:
    says_more = SPECIFIC.search(draft.text) or NAME.search(draft.text)
    return bool(PLATITUDE.search(draft.headline) or PLATITUDE.search(draft.text)) and not says_more


def _is_promotion(draft: Draft, evidence: Evidence) -> bool:
    written = f"{draft.headline}\n{draft.text}"
    return bool(LINK.search(written) or PROMOTION.search(written) or PROMOTION.search(evidence.quote))


def _is_invented(draft: Draft, evidence: Evidence) -> bool:
    written = f"{draft.headline}. {draft.text}"
    said = f"{evidence.quote} {evidence.around}"
    if numbers_besides(written, numbers_said(said)):
        return True
    has_strangers = any(not _is_known(word, evidence) for name in NAME.findall(written) for word in words_of(name))
    return has_strangers or _speaks_for_another(draft.text, evidence) or _borne_out(draft.text, said) < LEAST_BORNE_OUT


def _speaks_for_another(text: str, evidence: Evidence) -> bool:
    """Whether somebody is said to claim this who neither speaks here nor is spoken of."""
    here = words_of(f"{evidence.quote} {evidence.speaker or ''}")
    claimants = (found[1] for found in CLAIMANT.finditer(text) if ATTRIBUTED.fullmatch(found[2]))
    names = (name for name in claimants if not THE_SPEAKER.match(name))
    return any(word not in here and not lexicon.is_ordinary(word) for name in names for word in words_of(name))


def words_of(text: str) -> frozenset[str]:
    """The words of a text in small letters, without a possessive."""
    return frozenset(re.sub(r"['’]s?$", "", word.lower()) for word in _WORD.findall(text))


def _is_known(word: str, evidence: Evidence) -> bool:
    """Whether a name was heard, be it as the country of a people or the singular of a plural."""
    forms = {word, *(word.removesuffix(ending) for ending in _OF_A_NAME)}
    heard = evidence.heard | words_of(evidence.speaker or "")
    return word in _EVERYBODY_KNOWS or not forms.isdisjoint(heard)


def _borne_out(text: str, said: str) -> float:
    telling = {_stem(word) for word in words_of(text) if len(word) > 3 and word not in _STOP}
    heard = {_stem(word) for word in words_of(said)}
    return len(telling & heard) / len(telling) if telling else 0.0


def _stem(word: str) -> str:
    return re.sub(r"(?:ies|ied|ing|ed|es|s|e|y|ly|ment|tion|ion)$", "", word)[:7]


def _attributed(draft: Draft, evidence: Evidence) -> Draft | None:
    """The draft with its opinion as somebody's opinion; None where it cannot be made one without a new word order."""
    speaker = evidence.speaker if evidence.speaker and names_a_person(evidence.speaker) else None
    text = draft.text
    is_opinion = draft.is_opinion or OPINION_SAID.search(evidence.quote) is not None
    if is_opinion and not ATTRIBUTED.search(text):
        framed = " ".join(attribute(sentences(text), speaker=speaker or "The speaker", spoken=evidence.quote))
        if framed == text or not framed:
            return None
        text = framed
    return replace(draft, text=THE_SPEAKER.sub(speaker, text, count=1) if speaker else text)

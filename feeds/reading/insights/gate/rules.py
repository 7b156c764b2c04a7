"""What anybody can see is wrong with a headline and a text, the passage beside them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from feeds.reading.insights.gate.claimants import other_claimants
from feeds.reading.insights.gate.figures import numbers_besides, numbers_said
from feeds.reading.insights.gate.names import Heard, names_in
from feeds.reading.insights.gate.phrases import LINK, PROMOTION
from feeds.reading.insights.gate.polarity import Talk, denials_changed, flipped
from feeds.reading.insights.gate.verbs import has_finite_verb
from feeds.reading.insights.gate.wording import FILLER, FIRST_PERSON, SECOND_PERSON, leans, opens_dangling
from feeds.reading.insights.gate.words import sentences, without_quotations

LONGEST_HEADLINE = 90
FEWEST_WORDS, MOST_WORDS = 25, 60
_BEGINNING = 40


class FaultKind(StrEnum):
    GARBLED = "holds what nobody can read"
    LENGTH = "the text has not 25 to 60 words"
    LONG_HEADLINE = "the headline has more than 90 characters"
    NUMBER = "a number that was not said"
    NAME = "a name that was not said"
    FIRST_PERSON = "the first person"
    SECOND_PERSON = "the second person"
    FILLER = "a filler of speech"
    DANGLING = "the text begins with what points to something before it"
    LEANING = "the headline leans on what it does not name"
    REPEATED = "the headline is how the text begins"
    NO_VERB = "no finite verb"
    QUESTION = "the headline asks"
    DENIAL = "a denial dropped or put in"
    DIRECTION = "the opposite direction"
    CLAIMANT = "said to say what another says"
    PROMOTION = "advertises"


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind and the words at fault."""

    kind: FaultKind
    words: str


def faults(
    *, headline: str, text: str, passage: str, before: str = "", after: str = "", context: str = "", speaker: str = ""
) -> list[Fault]:
    """Everything that speaks against printing; [] where the rules find nothing.

    `passage` is what the insight rests on, verbatim, `before` and `after` are the talk around it. `context` is whatever
    else is known, in any order: the show, the title, the guests, the speaker's name. Names and numbers may come from
    all four; denials and directions are held against the talk alone. Where `speaker` names who says the passage, nobody
    else may be said to claim it.
    """
    talk = f"{before} {passage} {after}"
    return [
        *_faults_of_form(headline, text),
        *_faults_of_voice(headline, text),
        *_faults_of_fact(headline, text, known=f"{talk}\n{context}"),
        *_faults_of_sense(text, Talk(talk)),
        *(Fault(FaultKind.CLAIMANT, name) for name in other_claimants(text, speaker=speaker, talk=talk)),
    ]


def _faults_of_form(headline: str, text: str) -> Iterator[Fault]:
    if odd := [char for char in headline + text if unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs")]:
        yield Fault(FaultKind.GARBLED, repr("".join(odd)))
    if not FEWEST_WORDS <= len(text.split()) <= MOST_WORDS:
        yield Fault(FaultKind.LENGTH, text)
    if len(headline) > LONGEST_HEADLINE:
        yield Fault(FaultKind.LONG_HEADLINE, headline)
    if text.lower().startswith(headline.lower()[:_BEGINNING]):
        yield Fault(FaultKind.REPEATED, headline)
    if headline.rstrip("\"'”’ ").endswith("?"):
        yield Fault(FaultKind.QUESTION, headline)
    for sentence in (headline, *sentences(text)):
        if not has_finite_verb(sentence):
            yield Fault(FaultKind.NO_VERB, sentence)
    for found in PROMOTION.finditer(f"{headline}\n{text}"):
        yield Fault(FaultKind.PROMOTION, found[0])
    for found in LINK.finditer(f"{headline}\n{text}"):
        yield Fault(FaultKind.PROMOTION, found[0])


def _faults_of_voice(headline: str, text: str) -> Iterator[Fault]:
    for own in map(without_quotations, (headline, text)):
        for kind, pattern in (
            (FaultKind.FIRST_PERSON, FIRST_PERSON),
            (FaultKind.SECOND_PERSON, SECOND_PERSON),
            (FaultKind.FILLER, FILLER),
        ):
            yield from (Fault(kind, found[0]) for found in pattern.finditer(own))
    if opener := opens_dangling(text):
        yield Fault(FaultKind.DANGLING, opener)
    if pronoun := leans(headline):
        yield Fault(FaultKind.LEANING, pronoun)


def _faults_of_fact(headline: str, text: str, *, known: str) -> Iterator[Fault]:
    numbers, heard = numbers_said(known), Heard(known)
    for written in (headline, text):
        yield from (Fault(FaultKind.NUMBER, number) for number in numbers_besides(written, numbers))
        yield from (Fault(FaultKind.NAME, name) for name in names_in(written) if not heard.has(name))


def _faults_of_sense(text: str, talk: Talk) -> Iterator[Fault]:
    yield from (Fault(FaultKind.DIRECTION, word) for word in flipped(text, talk))
    yield from (Fault(FaultKind.DENIAL, clause) for clause in denials_changed(text, talk))

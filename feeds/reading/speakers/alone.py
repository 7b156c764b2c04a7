"""Whether an episode has one voice only, and whose.

A transcript that tells no voices apart says nothing about who speaks where: how somebody talks tells host from guest in
three cases of four, which is a guess. Only where nobody else speaks at all, everything is certainly theirs.
"""

import re
from collections.abc import Sequence

from feeds.reading.speakers.names import distinct
from feeds.reading.speakers.people import People, beginning, own_names

_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")
_ANSWER = re.compile(
    r"\W*(?:yeah|yes|yep|no|right|exactly|sure|absolutely|mm|mhm|uh huh|okay|totally|correct|of course|wow|thanks"
    r"|thank you|definitely|cool|great)\b",
    re.IGNORECASE,
)
_COMPANY = re.compile(
    r"\b(?:thanks|thank you)(?: so much)? for (?:having|joining|coming|being)|\b(?:my|our) (?:guests?|co-?hosts?)\b"
    r"|\bjoin(?:ed by|ing (?:me|us))\b|\bwith (?:me|us) (?:today|as always)|\bwelcome back to the show,|\bhere with\b"
    r"|\b(?:good|nice|great) to (?:see|have|meet) you\b",
    re.IGNORECASE,
)
# Monologues have up to 0.6 answers in a thousand words, the tersest of a hundred conversations one.
_ANSWERS_IN_A_THOUSAND_WORDS = 0.75
# Captions without stops show no answers, whoever speaks.
_LONGEST_SENTENCES = 90
_FEWEST_WORDS = 300


def only_speaker(text: str, people: People) -> str | None:
    """The name of the one who says everything, where it is certain that one does, and who."""
    if not is_monologue(text) or len(people.guests) > 1:
        return None
    named = distinct([*own_names(beginning(text)), *people.hosts, *people.guests])
    return named[0] if len(named) == 1 else None


def is_monologue(text: str) -> bool:
    sentences, words = _SENTENCE_END.split(text), len(text.split())
    if words < _FEWEST_WORDS or words > _LONGEST_SENTENCES * len(sentences) or _COMPANY.search(beginning(text)):
        return False
    return _answers(sentences) <= _ANSWERS_IN_A_THOUSAND_WORDS * words / 1000


def _answers(sentences: Sequence[str]) -> int:
    return sum(1 for sentence in sentences if _ANSWER.match(sentence))

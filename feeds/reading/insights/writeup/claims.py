"""How much a sentence says: cues of a claim and its mechanism, against those of set-up, chat and story."""

import re
from collections.abc import Sequence
from functools import lru_cache

from feeds.reading.insights.writeup import grammar, lexicon
from feeds.reading.insights.writeup.lexicon import word_set

# Searched in lower case.
_CUES = (
    (re.compile(r"\b(?:because|so that|the reason|that['’]s why|that is why|(?:which|that) means)\b"), 0.7),
    (
        re.compile(r"\bwhat (?:they|we|i|you) (?:found|observed|learned|saw|discovered|realized)\b|\bprovided that\b"),
        0.5,
    ),
    (re.compile(r"\bit turns out\b|\bturned out\b|\bsurprising|\bcounterintuitive|\bironic"), 0.5),
    (re.compile(r"\bas a result\b|\ble(?:ads?|d) to\b|\b(?:caus|forc|driv)es?\b|\bends? up\b|\bin order to\b"), 0.4),
    (
        re.compile(r"\brather than\b|\binstead of\b|\bnot (?:just|only|about|because)\b|\bthe opposite\b|\bwhereas\b"),
        0.5,
    ),
    (re.compile(r"\d|\b(?:percent|million|billion|half|twice)\b|\btimes (?:more|as|faster)\b"), 0.35),
    (re.compile(r"\b(?:more|less|better|worse|faster|cheaper|bigger|fewer|harder|easier)\b[^.]{0,60}\bthan\b"), 0.4),
    (
        re.compile(r"\b(?:problem|key|difference|trade-?off|incentive|lesson|mistake|risk|cost|advantage|secret)s?\b"),
        0.3,
    ),
    (
        re.compile(
            r"\b(?:should|must|needs? to|ha(?:ve|s) to|never|always|only|every|most|nobody|everyone|the best)\b"
        ),
        0.25,
    ),
    (re.compile(r"\b(?:if|when)\b[^.]{6,}|\bunless\b|\bwithout\b|\bthe (?:way|more)\b"), 0.15),
    (re.compile(r"\b(?:but|however|actually|even though|although|despite)\b"), 0.1),
    (re.compile(r"\bi (?:don['’]t know|guess|forget|can['’]t remember)\b|\bnot sure\b|\bwho knows\b"), -0.6),
    (
        re.compile(r"\blet (?:me|us)\b|\blet['’]s\b|\btalk(?:ed|ing)? about\b|\bmentioned\b|\b(?:as|like) i said\b"),
        -0.6,
    ),
    (
        re.compile(r"\bi['’]m not saying\b|\bdon['’]t get me wrong\b|\byou['’]re right\b|\bwe['’]ll see\b"),
        -0.6,
    ),
    (re.compile(r"\bi agree\b|\b(?:can|could) i push\b"), -0.6),
    (re.compile(r"(?:\bwas|\bwere|['’](?:m|s|re)|\bpeople are|\band|\bjust) like,? (?!to\b)|\bgo(?:es)?, [\"“]"), -0.6),
    (
        re.compile(r"\b(?:thanks|thank you|welcome|excited|curious|wondering|tell (?:us|me)|subscribe|check out)\b"),
        -0.7,
    ),
    (
        re.compile(r"\b(?:podcast|episode|listeners?|sponsor|(?:great|good|interesting) (?:question|point|thing))\b"),
        -0.7,
    ),
    (re.compile(r"\b(?:for example|for instance|an example|say,|imagine)\b"), -0.1),
    (re.compile(r"\bmy (?:wife|husband|dad|mom|kids|friend|father|mother)\b"), -0.3),
    (re.compile(r"\bi (?:grew|was born|went|remember|started|moved|studied|worked|got|met)\b"), -0.3),
    (re.compile(r"\b(?:things?|stuff|something|somehow|whatever)\b"), -0.15),
)
# "I think" says nothing about whom the sentence is about.
_OPINION = re.compile(r"\bI(?:['’]d| would)? (?:think|believe|say|argue)\b", re.IGNORECASE)
_SPEAKER_ALONE = word_set("i i'm i've my me i'd i'll")
_QUESTION = -1.6
_NO_VERB = -0.8
_HALF_A_QUOTE = -0.6


@lru_cache(maxsize=512)
def claim_score(sentence: str) -> float:
    """About -2 (a question, chat) to 3 (a claim with its reason and a number)."""
    lowered = sentence.lower()
    words = grammar.cores(_OPINION.sub("", sentence))
    score = sum(weight for cue, weight in _CUES if cue.search(lowered))
    score += _QUESTION * grammar.is_question(sentence)
    score += _NO_VERB * (not grammar.has_main_verb(sentence))
    score += _HALF_A_QUOTE * (sentence.count('"') % 2 == 1 or sentence.count("“") != sentence.count("”"))
    return score + _by_person(words) + _by_length(len(words))


def _by_person(words: Sequence[str]) -> float:
    if not _SPEAKER_ALONE.isdisjoint(words):
        return -0.5
    return 0.1 if lexicon.FIRST_PERSON.isdisjoint(words) else -0.3


def _by_length(words: int) -> float:
    if words < 8:
        return -0.8 if words < 5 else -0.3
    return 0.2 if 12 <= words <= 35 else 0.0

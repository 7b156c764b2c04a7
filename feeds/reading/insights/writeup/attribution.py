"""Who says it, in the words of the text itself, where grammar and person allow."""

import re
from collections.abc import Sequence

from feeds.reading.insights.writeup import grammar, lexicon
from feeds.reading.insights.writeup.lexicon import core, word_set
from feeds.reading.insights.writeup.openings import capital_start

_NAME = re.compile(r"[A-ZÀ-Þ][\w.'’-]*(?: (?:[A-ZÀ-Þ][\w.'’-]*|de|van|von|der|den|da|di|la|le|bin|al)){1,4}")
_ROLE = re.compile(
    r"\b(?:speaker|host|guest|unknown|narrator|announcer|interviewer|moderator|man|woman|voice|audience)\b|\d|_",
    re.IGNORECASE,
)
_LONGEST_NAME = 40
_OPINION_PREFACE = re.compile(
    r"^(?:and |but |so )?I(?: (?:do |really |personally |still |also |just )?(?:think|believe|guess|suspect|feel like)"
    r"|['’]d (?:say|argue)| would (?:say|argue)),? (?:that )?(?!so\b|about\b|of\b|it['’]s because)(?=\w)",
    re.IGNORECASE,
)
_HEDGED_NUMBER = re.compile(
    r"\b(?:about|around|roughly|approximately|probably|nearly|almost|something like)\s+\$?\d", re.IGNORECASE
)
_OPINION = re.compile(
    r"\b(?:should|shouldn['’]t|must|needs?|ought|better|best|worse|worst|important|problem|wrong|right way|mistake|"
    r"matters?|key|never|always|will|won['’]t|risk|dangerous|because|rather than|instead of|not just|too|harder|"
    r"easier)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|had|did|didn['’]t|went|came|started|began|became|used to|back in|in (?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_PRESENT = re.compile(r"\b(?:is|are|has|have|can|will|should|do|does|don['’]t|needs?)\b|['’](?:s|re)\b", re.IGNORECASE)
_NO_SUBJECTS = (
    lexicon.SECOND_PERSON
    | lexicon.CONNECTIVES
    | lexicon.QUESTION_WORDS
    | word_set("please remember think just again first not same here here's")
) - word_set("what when because")
_FEWEST_WORDS = 5


def names_a_person(speaker: str | None) -> bool:
    """Whether this is a full name, not a label such as "Speaker 2"."""
    if not speaker or len(speaker) > _LONGEST_NAME:
        return False
    return _NAME.fullmatch(speaker.strip()) is not None and not _ROLE.search(speaker)


def frame_words(speaker: str) -> int:
    """How many words "NAME argues that" takes."""
    return len(speaker.split()) + 2


def attribute(sentences: Sequence[str], *, speaker: str, spoken: str) -> list[str]:
    """The sentences with "NAME argues that" before the first, or as they are where that would mislead or read badly.

    A text in the first person stays as it was said. `spoken` is all that was said: it shows which words are no names.
    """
    first, *rest = (without_opinion(sentence) for sentence in sentences)
    in_first_person = any(map(grammar.has_first_person, (first, *rest)))
    lowered = _after_that(first, spoken)
    if in_first_person or lowered is None or not _can_follow_that(first):
        return list(sentences)
    verb = "thinks" if first != sentences[0] else _verb(first, " ".join((first, *rest)))
    return [f"{speaker} {verb} that {lowered}", *rest]


def introduce(sentences: Sequence[str], *, speaker: str) -> list[str]:
    """The sentences as the speaker's own where no "that" can stand before them: who "we" is, and whose opinion."""
    whole = " ".join(sentences)
    if not grammar.has_first_person(whole) and not _OPINION.search(whole):
        return list(sentences)
    return [f"{speaker} says: {whole}"]


def without_opinion(sentence: str) -> str:
    """Without "I think": whose thought it is stands beside the text or before it."""
    shorter = _OPINION_PREFACE.sub("", sentence, count=1)
    stands = grammar.is_clause(grammar.with_pauses(shorter)) and not grammar.points_back(shorter)
    return capital_start(shorter) if stands else sentence


def _can_follow_that(sentence: str) -> bool:
    words = grammar.cores(sentence)
    if len(words) < _FEWEST_WORDS or grammar.is_question(sentence) or not grammar.is_whole(sentence):
        return False
    # A quotation or a new start behind a dash is more than one reported clause can hold.
    broken = any(mark in sentence for mark in ('"', "“", "”", " - ", " -- ", " – ", " — "))
    return not broken and not grammar.points_back(sentence) and not _lacks_subject(sentence, words)


def _lacks_subject(sentence: str, words: Sequence[str]) -> bool:
    """Whether the sentence starts with a command, a participle or a word that no reported clause starts with."""
    opener = next((word for word in words if not lexicon.is_adverb(word)), words[0])
    participle = lexicon.is_gerund(opener) and "," in sentence[:40]
    command = lexicon.is_base(opener) and not lexicon.is_plural(opener) and words[1] not in lexicon.AUXILIARIES
    return words[0] in _NO_SUBJECTS or lexicon.is_adverb(words[0]) or opener in _NO_SUBJECTS or participle or command


def _after_that(sentence: str, spoken: str) -> str | None:
    """The sentence as it goes on after "that"; None where nothing tells whether its first word is a name."""
    first = sentence.split(" ", 1)[0]
    bare = core(first)
    if lexicon.is_number(first) or any(char.isupper() for char in first[1:]):
        return sentence
    if lexicon.is_ordinary(bare) or re.search(rf"(?<![\w'’]){re.escape(bare)}(?!\w)", spoken):
        return sentence[:1].lower() + sentence[1:]
    return sentence if re.search(rf"(?<=[a-z,] ){re.escape(first)}\b", spoken) else None


def _verb(first: str, whole: str) -> str:
    if _HEDGED_NUMBER.search(first):
        return "estimates"
    if _PAST.search(first) and not _PRESENT.search(first):
        return "says" if _OPINION.search(whole) else "recalls"
    return "argues" if _OPINION.search(first) else "says"

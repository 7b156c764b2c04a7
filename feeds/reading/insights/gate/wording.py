"""The wordings that are speech and no print: persons, filler, openers and headlines that lean on what is not there."""

from __future__ import annotations

import re

from feeds.reading.insights.gate.words import FUNCTION_WORDS, words

FIRST_PERSON = re.compile(
    r"\b(?:I(?:['’](?:m|ve|d|ll))?(?![\w.&/+-]|\s[A-Z]\b)|[Mm]y|[Mm]e|[Mm]yself|[Ww]e(?:['’](?:re|ve|d|ll))?|us"
    r"|[Oo]urs?|[Oo]urselves|[Ll]et['’]s)\b(?!-)"
)
SECOND_PERSON = re.compile(r"\b(?:you(?:['’](?:re|ve|d|ll))?|yours?|yoursel(?:f|ves)|y['’]all)\b(?!-)", re.IGNORECASE)
_A_KIND = "".join(rf"(?<!\b{word} )" for word in ("a", "any", "another", "new", "some", "that", "the", "this", "what"))
FILLER = re.compile(
    rf"\b(?:um+|uh+|erm|hmm+|you know|i mean|{_A_KIND}(?:kind|sort) of|gonna|wanna|gotta|so yeah|yeah|okay so"
    r"|or whatever|and stuff|and all that)\b|\blike,|,\s*right\?|\bright\?$",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"^[\"'“‘]?(?:it|its|it['’]s|they|them|their|theirs|they['’](?:re|ve|ll|d)|this|that|that['’]s|these|those"
    r"|he|she|he['’]s|she['’]s|his|her|him|which|such|so|and|but|or|then|also|yeah|yes|no|well|okay|right|like|now)\b"
    r"(?![-/])",
    re.IGNORECASE,
)
_IT_VERB = (
    r"it (?:is|was|takes|took|costs?|may|can|could|would|might|makes|pays|has|does|will|helps|seems|turns|remains|used)"
)
_ITS_ADVERB = (
    r"(?: (?:be|been|become|became|not|no|often|also|far|more|less|very|too|about|around|roughly|nearly|almost|only))*"
)
_THAT_NO_CLAUSE = r"is|was|would|could|can|will|has|means?|meant|makes?|made|leaves?|gives?|shows?|one|way|kind"
# Where these begin a sentence nothing is missing: “It takes a year to”, “So far”, “That a bank fails is”.
_HARMLESS_OPENER = re.compile(
    rf"^(?:{_IT_VERB}{_ITS_ADVERB}(?: [\w$%.,'’-]+){{0,9}}? "
    r"(?:to|that|when|if|for|how|whether|why|than|who|before|because)\b"
    r"|so (?:far|many|much|few|long as|called|that)\b|so-called|no\s+(?!,)\w+|such (?:is|was)|now\b"
    rf"|that (?!(?:{_THAT_NO_CLAUSE})\b)(?:[\w'’$%.-]+ ){{1,14}}"
    r"(?:is|was|are|means|makes|explains|matters|has|does|would|can|could|will|may)\b"
    r"|those (?:who|that|with|in|of|without|whose)\b|then[- ]\w+ (?!the\b)"
    r"|like (?:many|most|other|any|all|a|an|the)\b|right (?:now|after|before)|well (?:before|over|into)|well-)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:it|its|it['’]s|they|them|their|theirs|themselves|itself|they['’](?:re|ve|ll|d)|he|she|him|his|her|hers)\b",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\b(?:this|these|those)\b(?! (?:year|week|month|day|days|decade|century|who|that|with|in|of|without|whose|way))"
    r"|(?:^|[,:;–—] )that(?:['’]s| (?:is|was|makes|means|would|could|can|has))\b",
    re.IGNORECASE,
)


def opens_dangling(text: str) -> str:
    """The opening word that points to something before the text; empty where none does."""
    found = _OPENER.match(text)
    return found[0] if found and not _HARMLESS_OPENER.match(text) else ""


def leans(headline: str) -> str:
    """The pronoun of a headline that no noun stands before; empty where there is none."""
    if pointing := _POINTING.search(headline):
        return pointing[0].strip(" ,:;–—")
    if opener := opens_dangling(headline):
        return opener
    if _HARMLESS_OPENER.match(headline):
        return ""
    found = _PRONOUN.search(headline)
    return (
        found[0] if found and not _has_noun(headline[: found.start()]) and not _has_noun_later(headline, found) else ""
    )


def _has_noun(words_before: str) -> bool:
    return any(word not in FUNCTION_WORDS for word in words(words_before))


def _has_noun_later(headline: str, pronoun: re.Match[str]) -> bool:
    """“After its founder left, the company grew”: a clause that comes first may name its subject late."""
    return "," in headline[pronoun.end() :] and headline[: pronoun.start()].strip() != ""

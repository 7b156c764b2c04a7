"""How a sentence starts once it stands alone: no And, But or So before it, a capital, a mark at its end."""

import re

from feeds.reading.insights.writeup import grammar, lexicon
from feeds.reading.insights.writeup.lexicon import core

_PHRASES = re.compile(rf"^(?:{'|'.join(lexicon.entries('connectives.txt'))})[,\s]+(?=\S)", re.IGNORECASE)
_WHEREAS = re.compile(r"^whereas (?=(?:with|in|if|when|for|on)\b)", re.IGNORECASE)
_NO_CONNECTIVE = re.compile(
    r"^(?:so (?:that(?!['’]s| is\b| was\b| means\b| doesn| makes\b)|far|long|many|much|few|little|called)|so-called"
    r"|now (?:that|is|was)|right (?:now|after|before|there|here)|well[- ]\w+(?:ed|n)\b|like [^,]{1,45},"
    r"|like (?:i|we|you|he|she|they) (?:said|say|mentioned)|plus \d|or (?:else|not)"
    r"|(?:no|also|then|see|yes|sure|right|exactly|totally|absolutely) (?!,))",
    re.IGNORECASE,
)
_REASON_FOR_THE_TALK = re.compile(r"\w+ (?:the|my) (?:problem|reason|thing|point)\b", re.IGNORECASE)
_LONGEST_REASON = 14
_LONE_QUOTE = re.compile(r"(?<!\w)[\"“”]|[\"“”](?!\w)")
_LOOSE = " ,;:–—-"
_CLOSING = "\"”’')"


def as_sentence(text: str, *, keep_contrast: bool = False) -> str:
    """The words as a sentence of their own; with `keep_contrast` a "But" stays, for the sentence before is there."""
    text = _balanced(text.strip(_LOOSE))
    stripped = strip_connectives(text).rstrip(_LOOSE)
    if not stripped:
        return ""
    if keep_contrast and core(text.split(" ", 1)[0]) in {"but", "yet"} and grammar.is_clause(grammar.cores(stripped)):
        stripped = f"But {lower_start(stripped)}"
    return capital_start(stripped if ends_sentence(stripped) else f"{stripped}.")


def strip_connectives(text: str) -> str:
    """Without And, But, So, Well, Yeah... at the start, as long as something remains."""
    while True:
        shorter = _WHEREAS.sub("", _PHRASES.sub("", text, count=1).lstrip(_LOOSE), count=1)
        first, _, rest = shorter.partition(" ")
        if rest and core(first) in lexicon.CONNECTIVES and not ends_sentence(first) and not _means_it(shorter):
            shorter = rest.lstrip(_LOOSE)
        if shorter == text or not shorter:
            return text
        text = shorter


def _means_it(text: str) -> bool:
    """Whether the first word is more than a connective: "so far", "now that", "Because it rained, we stayed"."""
    if core(text.split(" ", 1)[0]) not in lexicon.REASONS:
        return _NO_CONNECTIVE.match(text) is not None
    reason, _, rest = text.partition(", ")
    if not rest or len(reason.split()) > _LONGEST_REASON or _REASON_FOR_THE_TALK.match(reason):
        return False
    if not grammar.has_main_verb(reason.partition(" ")[2]) and grammar.cores(reason)[1:2] != ("of",):
        return False
    return core(rest.split(" ", 1)[0]) not in lexicon.COORDINATORS and grammar.is_whole(rest)


def ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSING)[-1:] in {".", "?", "!", "…"}


def capital_start(text: str) -> str:
    return text[:1].upper() + text[1:]


def lower_start(text: str) -> str:
    """In lower case unless the first word may be a name."""
    return text[:1].lower() + text[1:] if lexicon.is_ordinary(core(text.split(" ", 1)[0])) else text


def _balanced(text: str) -> str:
    """Without quotation marks or parentheses of which one half was cut away."""
    if text.count('"') % 2 or text.count("“") != text.count("”"):
        text = _LONE_QUOTE.sub("", text)
    if text.count("(") != text.count(")"):
        text = re.sub(r"[()]", "", re.sub(r"(?<=\w)[()](?=\w)", " ", text))
    return text

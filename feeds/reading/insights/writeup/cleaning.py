"""Takes from spoken words what nobody would write: marks, fillers, stutters, false starts, tags, address."""

import re
from collections.abc import Callable
from functools import partial

from feeds.reading.insights.writeup.lexicon import core, entries, word_set
from feeds.reading.insights.writeup.stutters import drop_stutters

_compile = partial(re.compile, flags=re.IGNORECASE)

_MARKS = _compile(
    r"\\?\[[^\[\]]{0,40}\]|\((?:laugh\w*|music|applause|inaudible|crosstalk|chuckl\w*|sigh\w*|pause)\)"
    r"|>>+|♪+|</?[a-z]+>|&gt;|&nbsp;"
)
_HESITATION = _compile(r"(?<![\w'’-])(?:uh+|um+|erm?|uhm|hmm+|mhm|mm+|ah|eh|uh-huh|mm-hmm|mm-hm)(?![\w'’])(?!-\w)")
_HESITATION_IN_COMMAS = _compile(rf",?\s*{_HESITATION.pattern}\s*,")
_PRONOUN = "i|we|you|he|she|they|it|there"
_CLITIC = "['’](?:s|re|m|ve|ll|d)"
_SUBJECT = rf"(?:{_PRONOUN}|that|this|the|a|if|when|because|so|but|and)(?:{_CLITIC})?\b"
_LINK = r"is|are|was|were|and|but|so|because|that|to|of|with|by|in|on|for|it['’]s|that['’]s|or"
_START = r"(?:^|(?<=[.?!] ))"
_EMPTY_TAIL = "|".join(entries("empty_tails.txt"))

# What must stand somewhere for the pattern to be tried, the pattern, and what replaces it. The order counts.
_REMOVALS = (
    # "..., right?" and its kin at the end of a sentence, then in mid-sentence.
    (
        "?",
        _compile(
            r",?\s+(?:right|okay|ok|yeah|huh|you know|you know what i mean|you see|correct|isn['’]t it)\s*\?(?=\s|$)"
        ),
        ".",
    ),
    (",", _compile(r",\s*(?:right|okay|ok)([,.])(?=\s)"), r"\1"),
    # "you know" and "I mean" where a comma, a link or a subject stands beside them; not "do you know how".
    (
        ",",
        _compile(r"(?:,|(?<=[.?!])|^)\s*(?:you know|y'know|i mean|you see),(?:\s*(?:you know|i mean|like),)*(?=\s)"),
        " ",
    ),
    ("you know", _compile(rf"\b({_LINK}),? you know,?(?=\s+(?!what|how|that\b|why|who|when|where|if\b))"), r"\1"),
    ("you know", _compile(r",? you know(?=[,.?!;](?:\s|$))"), ""),
    (
        "i mean",
        _compile(rf"(?:^|(?<=[.?!,] )|(?<=\band )|(?<=\bbut )|(?<=\bso ))i mean,? (?={_SUBJECT}|look|to\b)"),
        "",
    ),
    # "like" between a weak word and what it introduces; never "is like a", "looks like", "things like".
    (" like,", _compile(r",\s*like,(?=\s)"), ""),
    (
        " like",
        _compile(
            r"\b(and|but|so|because|that|if|when|of|to|the|a|just|really) like,? "
            rf"(?=(?:{_PRONOUN}|really|literally|very|actually|this|these|those|just)\b)"
        ),
        r"\1 ",
    ),
    (
        " like",
        _compile(
            r"\b(to|the|a|of|we|i|you|they|can|could|will|would|should) like,? "
            r"(?=(?:actually|really|literally|just|basically|maybe|super|very)\b)"
        ),
        r"\1 ",
    ),
    ("like", _compile(rf"{_START}like,? (?=(?:{_PRONOUN}|the|if|when|people)\b(?! said))"), ""),
    (
        " like ",
        _compile(
            r"\b(for|about|in|is|are|was|it['’]s|that['’]s|be) like "
            r"(?=(?:much|more|really|very|so|super|totally|pretty|literally|\d)\b)"
        ),
        r"\1 ",
    ),
    (" like ", _compile(r"\b(of|from|with|by|into|there['’]s|there is|there are|where) like (?=\S)"), r"\1 "),
    (" like ", _compile(r"\b(to|than|at|only|just|have|has|had|get|takes?|took|costs?|after) like (?=\$?\d)"), r"\1 "),
    (" okay ", _compile(r"\b(like|is|and|but|so|that|out) (?:like )?okay (?=\S)"), r"\1 "),
    ("kinda", _compile(r"\bkinda (?=\S)"), ""),
    ("sorta", _compile(r"\bsorta (?=\S)"), ""),
    (" of", _compile(r"\b(a|an|the|this|that) (?:sort|kind) of (?=(?:a|an|the|this|that)\b)"), ""),
    # Two dashes around an aside that only talks to the listener.
    (
        "- ",
        _compile(r"\s[–—-]+\s(?:and|or|if|as|let['’]s say|you can|by the way)\b[^–—.?!-]{3,60}\s[–—-]+(?=\s)"),
        "",
    ),
    ("", _compile(rf",? (?:{_EMPTY_TAIL})(?=[,.;?!]|$)"), ""),
    (",", _compile(rf"{_START}(?:look|listen|hey|see|man|dude|guys|folks),\s+"), ""),
    (",", _compile(r",\s+(?:man|dude|guys|folks|my friend|buddy)(?=[.?!,])"), ""),
    ("basically", _compile(r"\bbasically,?\s+(?=\S)"), ""),
    ("literally", _compile(r"\bliterally,?\s+(?=\S)"), ""),
)
_SOFTENER = _compile(r"(?<!\S)(\S+) (?:sort|kind) of,? (?=\S)")
_YOU_KNOW = _compile(rf"(?<!\S)(\S+) (?:you know|i mean),? (?={_SUBJECT})(?!that\b|if\b|when\b|it\s)")
# After these words "kind of" and "you know" mean what they say.
_REAL_KIND = word_set(
    "a an the this that these those some any what same different every one right new other no all certain only which "
    "each another your his her our my their wrong special weird first particular two three many various best"
)
_LISTENER_KNOWS = word_set("do did if as once don't didn't when what how lets let than until before because which")

_CUT_WORD = _compile(r"(?<!\S)(\w{1,4})[-–—]+,?\s+(?=\1)")
_BROKEN_START = _compile(
    r"(^|[.?!,] |\b(?:and|but|so|that|if|when|because) )"
    r"(?:i|we|you|he|she|they|it|it['’]s|i['’]m|we['’]re|you['’]re|they['’]re|that['’]s|i['’]ve|we['’]ve)"
    rf"\s*[,–—-]+\s+(?=(?:{_PRONOUN}|that)(?:['’]\w+)?\s)"
)
_NEEDLESS = (
    _compile(r"\b(i|you|we|they|he|she|it|that|there) (?=\1['’])"),
    _compile(r"\b(?:the|a|an),? (?=(?:because|and|but|we|you|they|he|she|it['’]s|is|are|was)\s)"),
    _compile(r"(?<!\S)(?:a|an|the|my|our|your|their)\s*[,–—]\s+(?=(?:a|an|the|my|our|your|their|this|these|those)\s)"),
    # Who speaks, where a transcript has it in its text.
    re.compile(rf"{_START}(?:[A-Z][\w'’-]+ ){{1,2}}[A-Z][\w'’-]+:\s+(?=[A-Z])"),
    re.compile(rf"{_START}[A-Z][a-z]{{2,11}},\s+(?=(?:I|we|you|you're|I'm|thanks|what|how|do|so)\b)"),
)
_ARTICLE_COMMA = _compile(r"(?<!\S)(a|an|the|my|our|your|their|to|of)\s*,\s+(?=\w)")
_SPACES = (
    (re.compile(r"\s+"), " "),
    (re.compile(r"\s+([,.;:?!])(?=\s|$)"), r"\1"),
    (re.compile(r"([,;:])(?:\s*[,;:])+"), r"\1"),
    (re.compile(r"[,;:]+\s*([.?!])"), r"\1"),
    (re.compile(r"([.?!])\s+[,.;:?!]+(?=\s|$)"), r"\1"),
    (re.compile(r"\.\.(?!\.)"), "."),
    (re.compile(r"([?!])\.(?=\s|$)"), r"\1"),
    (re.compile(r"^[\s,.;:?!–—-]+(?=\s|\w|$)"), ""),
)


def clean(text: str) -> str:
    """The same words without the debris of speech. Cleaning what is clean changes nothing."""
    while True:
        cleaned = _pass(text)
        if cleaned == text:
            return text
        text = cleaned


def _pass(text: str) -> str:
    text = _drop_hesitations(_tidy(_MARKS.sub(" ", text)))
    lowered = text.lower()
    for trigger, pattern, replacement in _REMOVALS:
        if trigger in lowered and pattern.search(text):
            text = _tidy(pattern.sub(replacement, text))
            lowered = text.lower()
    text = _YOU_KNOW.sub(_unless_meant(_LISTENER_KNOWS), _SOFTENER.sub(_unless_meant(_REAL_KIND), text))
    return _drop_false_starts(_tidy(text))


def _drop_hesitations(text: str) -> str:
    """A hesitation goes with the commas that set it off: "we, uh, moved" was never two clauses."""
    return _tidy(_HESITATION.sub(" ", _HESITATION_IN_COMMAS.sub(" ", text)))


def _unless_meant(words: frozenset[str]) -> Callable[[re.Match[str]], str]:
    """A replacement that keeps the filler after one of these words."""
    return lambda match: match.group() if core(match.group(1)) in words else f"{match.group(1)} "


def _drop_false_starts(text: str) -> str:
    text = drop_stutters(_tidy(_CUT_WORD.sub("", text)))
    text = _BROKEN_START.sub(r"\1", text)
    for pattern in _NEEDLESS:
        text = pattern.sub("", text)
    return _tidy(_ARTICLE_COMMA.sub(r"\1 ", text))


def _tidy(text: str) -> str:
    for pattern, replacement in _SPACES:
        text = pattern.sub(replacement, text)
    return text.strip()

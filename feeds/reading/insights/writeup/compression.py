"""Shortenings of one sentence: prefaces, asides and what trails behind the claim left out."""

import re
from collections.abc import Iterator, Sequence

from feeds.reading.insights.writeup import grammar, lexicon
from feeds.reading.insights.writeup.clauses import clauses
from feeds.reading.insights.writeup.lexicon import core, entries, word_set
from feeds.reading.insights.writeup.openings import capital_start, strip_connectives
from feeds.reading.insights.writeup.stutters import drop_stutters

_LONE_QUOTE = re.compile(r"(?<!\w)[\"“”]|[\"“”](?!\w)")
_LOOSE = " ,;:.!–—-"
_SHORTEST = 24
_LONGEST = 120
_A_CLAUSE_ALONE = 0.1
_WITHOUT_LEAD = 0.4

_PREFACES = re.compile(
    rf"^(?:(?:and|but|so|because|well|now)\s+)?(?:{'|'.join(entries('prefaces.txt'))})\b,?\s+(?=\S)", re.IGNORECASE
)
_ASIDES = re.compile(
    r"\s?\([^()]*\)|\s[–—-]\s[^–—]{3,50}\s[–—-](?=\s)|,\s(?:which|who)\s[^,]{4,60},(?=\s)"
    rf"|,\s(?:{'|'.join(entries('asides.txt'))})(?:,|$)",
    re.IGNORECASE,
)
_INNER_FILLERS = re.compile(
    r"\s(?:i think|i guess|i believe|you know|i would say|let['’]s say)"
    r"(?=\s(?:is|are|was|were|the|a|it|that|has|have|can|will|we|you|they|there|to)\b)",
    re.IGNORECASE,
)
# "Not just X" and "just as" lose their sense with the adverb.
_ADVERB_COUNTS = re.compile(
    r"\b(?:not|n['’]t) (?:just|really|necessarily|simply|very|quite|actually)\b|\bjust as\b|\bthe very\b"
    r"|\bvery (?:few|little|much|many|well)\b",
    re.IGNORECASE,
)
_LEADING_PHRASE = re.compile(
    r"^(?:in|at|on|for|with|from|after|before|during|over|as|when|while|since|because|although|even though|by|through"
    r"|until|among|given|regardless|once|especially|particularly|now|today|nowadays|[a-z]+ly)\b[^,]{0,70},\s+(?=\S)",
    re.IGNORECASE,
)
_AFTER_MARK = re.compile(r"\s[–—-]+\s|[:;]\s")
# Where a claim may end before its sentence does. "If" and "unless" are conditions, so they stay.
_TRAILING = re.compile(
    r"(?:,|;|:|\s[–—-])\s|\s(?=(?:because|which|while|whereas|although|so that|where|who|in order to|as well as"
    r"|rather than|such as|and|but|by|when|for|in|through|with|from|after|before|at|on|over|during)\b)",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"^(?:if|unless|only|except|until|without|or|than|but not|not)\b", re.IGNORECASE)
_ANY_CONDITION = re.compile(r"\b(?:if|unless|except)\b", re.IGNORECASE)
_AFTER_COMMA = word_set(
    "which who where because so but and although whereas while when as since like such especially including rather "
    "even though in not meaning with i we you it they that that's it's there for particularly to you're we're they're"
)
# "Find out where it leaks" is no whole without its question.
_PARTICLES = word_set("out up off down on over around")
_PLACING = word_set("put puts putting turn turns turned turning")
_WHOLE_CLAUSES = word_set("because which whereas although where while")
_WEAK_LAST_ADVERBS = word_set("too also anyway though either then so there here now right again today")


def compressed(sentence: str) -> Iterator[tuple[str, float]]:
    """Shortenings of a sentence, each with the price of what it leaves out: 0 for fillers, about 1 for a phrase."""
    body = sentence.rstrip(f'{_LOOSE}"”')
    parts = clauses(body)
    if len(parts) == 1:
        parts = []
    parts += [part for part in _AFTER_MARK.split(body)[1:] if _stands(strip_connectives(part))]
    for span in (body, *parts):
        for shortening, price in _shortenings(span):
            yield finished(shortening), price + (0.0 if span == body else _A_CLAUSE_ALONE)


def finished(text: str) -> str:
    """The shortening as a headline: a capital, no stop, no empty last word, no half of a pair of quotes."""
    words = text.strip(_LOOSE).split()
    while len(words) > 4 and core(words[-1]) in _WEAK_LAST_ADVERBS and words[-2].endswith(","):
        words.pop()
    text = " ".join(words).rstrip(_LOOSE)
    if text.count('"') % 2 or text.count("“") != text.count("”"):
        text = _LONE_QUOTE.sub("", text)
    return capital_start(text)


def _shortenings(span: str) -> Iterator[tuple[str, float]]:
    plain = _plain(span)
    yield plain, 0.0
    yield from _cuts(plain)
    without_lead = _LEADING_PHRASE.sub("", plain, count=1)
    if without_lead != plain and _stands(without_lead):
        yield without_lead, _WITHOUT_LEAD
        yield from ((shorter, _WITHOUT_LEAD + price) for shorter, price in _cuts(without_lead))


def _plain(span: str) -> str:
    text = _without_prefaces(strip_connectives(span))
    text = _INNER_FILLERS.sub("", _ASIDES.sub("", text))
    if not _ADVERB_COUNTS.search(text):
        text = drop_stutters(" ".join(word for word in text.split() if word.lower() not in lexicon.WEAK_ADVERBS))
    return _without_prefaces(strip_connectives(text)).strip(_LOOSE)


def _without_prefaces(text: str) -> str:
    while True:
        shorter = strip_connectives(_PREFACES.sub("", text, count=1))
        becomes_question = grammar.is_question(shorter) and not grammar.is_question(text)
        if shorter == text or becomes_question or not _stands(shorter):
            return text
        text = shorter


def _stands(text: str) -> bool:
    return grammar.is_whole(text) and grammar.cores(text)[0] not in {"to", "of", "that", "than"}


def _cuts(text: str) -> Iterator[tuple[str, float]]:
    for match in _TRAILING.finditer(text, _SHORTEST, min(len(text), _LONGEST)):
        kept, dropped = text[: match.start()].rstrip(_LOOSE), text[match.end() :].lstrip()
        if _may_go(match.group(), dropped) and _stands(kept) and not _leaves_open(kept, dropped):
            yield _without_prefaces(kept), _price(match.group(), dropped, lost=len(text) - len(kept))


def _may_go(mark: str, dropped: str) -> bool:
    """A comma is a place to stop only before what opens a clause or an aside, not inside "cheap, fast and simple"."""
    if _CONDITION.match(dropped) or _holds_condition(dropped):
        return False
    if not mark.strip() and " " not in dropped:
        return False
    word = core(dropped.split(" ", 1)[0])
    return mark.strip() != "," or word in _AFTER_COMMA or lexicon.is_gerund(word)


def _holds_condition(dropped: str) -> bool:
    """Whether an "if" would go with a mere phrase; in a clause that goes as a whole it is the clause's own."""
    clause = core(dropped.split(" ", 1)[0]) in _WHOLE_CLAUSES | {"but", "so"}
    return not clause and _ANY_CONDITION.search(dropped) is not None


def _leaves_open(kept: str, dropped: str) -> bool:
    """Whether the words break off in a quotation, a list, a condition, or before the object their last verb needs."""
    words = grammar.cores(kept)
    if words[-1] in _PARTICLES and core(dropped.split(" ", 1)[0]) in lexicon.QUESTION_WORDS:
        return True
    if _wants_place(words) and core(dropped.split(" ", 1)[0]) in lexicon.PREPOSITIONS:
        return True
    in_quotation = sum(kept.count(mark) for mark in '"“”') % 2 == 1
    in_condition = "," not in kept and (words[0] in lexicon.SUBORDINATORS or words[0] in {"even", "not"})
    return in_quotation or in_condition or _is_begun_list(kept) or _wants_object(words[-2:])


def _is_begun_list(kept: str) -> bool:
    """Whether the last comma stands before one or two bare words, the second item of a list that went on."""
    _, comma, tail = kept.rpartition(", ")
    return bool(comma) and len(tail.split()) <= 3 and grammar.main_verb(grammar.cores(tail)) is None


def _wants_place(words: Sequence[str]) -> bool:
    """ "They put their boats" waits for "into the harbour"."""
    placed = [place for place, word in enumerate(words) if word in _PLACING]
    return bool(placed) and lexicon.PREPOSITIONS.isdisjoint(words[placed[-1] :])


def _wants_object(ending: tuple[str, ...]) -> bool:
    last = ending[-1]
    if last == "it" and ending[0] in {"make", "makes", "made", "making"}:
        return True
    verb = lexicon.is_base(last) or lexicon.is_gerund(last)
    auxiliary = lexicon.is_auxiliary(last) and last not in {"do", "does", "did"}
    return (
        auxiliary
        or lexicon.is_clitic(last)
        or lexicon.is_irregular_past(last)
        or (verb and not lexicon.is_common(last))
    )


def _price(mark: str, dropped: str, *, lost: int) -> float:
    word = core(dropped.split(" ", 1)[0])
    whole_clause = mark.strip() or word in _WHOLE_CLAUSES
    part = 0.35 if whole_clause else 0.55 if word == "and" else 1.0
    return part + min(lost, _LONGEST) / 400

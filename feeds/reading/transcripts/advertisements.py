"""Which segments are advertisement, so that no later step reads them.

An advertisement says so: it is announced, or a sponsor is thanked and a code, an address, an offer follow. One such cue
alone does not count, for people talk about sponsors, too. It lasts as long as cues or the sponsor's name come again.
`python -m benchmarks.advertisements` measures it: half of the advertisements are found, one in 4,500 passages that an
editor marked is lost. Praise read aloud without any cue is not told from talk.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from feeds.reading.transcripts.segments import Segment

_SPONSOR = r",?:? *(?:our (?:friends|partners|sponsors?) at )?(?:NPR sponsors? )?(?:the )?([A-Z][\w’'-]{2,}(?:\.\w+)?)?"
# Nobody says these but to begin an advertisement.
_ANNOUNCED = re.compile(
    r"\b(?i:(?:this|today['’]?s) (?:entire )?(?:episode|podcast|show|week)(?:['’]?s| is| was)? (?:also )?"
    r"(?:brought|presented) to (?:you|us) (?:today )?by|support (?:for|of) (?:this|the|today['’]?s|our|\w+ money) ?"
    r"(?:podcast|show|episode|message|program)?.{0,50}?(?:comes?|is provided) (?:from|by)|support also comes from"
    r"|(?:this|the following) message comes? from|(?:a |quick )?(?:word|message|break) (?:from|for|to thank)"
    rf" (?:our|today['’]?s|this episode['’]?s) sponsors?|(?:thank|acknowledge) (?:our|the) sponsors?)\b{_SPONSOR}"
)
_OPENERS = re.compile(
    r"\b(?i:(?:brought|presented) to you (?:today )?by|(?:is|are|was) (?:also )?(?:sponsored|supported|underwritten) by"
    r"|(?:today['’]?s|this (?:episode|week)['’]?s|our|the show['’]?s) (?:presenting |first |next |other )?sponsors?"
    r"(?: today| for (?:today|this episode))?(?: is| are|,)?|thanks? (?:also )?to (?:our )?"
    rf"(?:friends|partners|sponsors?)(?: over)? at|sponsor(?:ing)? (?:this|today['’]?s) (?:episode|show|podcast)"
    rf"|partnered with)\b{_SPONSOR}"
)
_CALLS = re.compile(
    r"\b(?i:(?:promo|discount|coupon|offer|referral) codes?|(?:use|with|enter) (?:the |my |our )?(?:code|promo)"
    r"|(?:percent|%) off|\d+ ?% off|free trial|money[- ]back|limited[- ]time|terms (?:and conditions )?apply"
    r"|(?:go|head|visit|over|just visit)(?: on| over)?(?: to| at)? [\w.-]+\.(?:com|org|net|io|co|ai|fm|so|dev)\b"
    r"|(?:dot|\.) ?com (?:slash|forward slash|/)|\w\.(?:com|io|co|ai|fm|so|dev|org)/\w+|learn more at"
    r"|sign up (?:at|today)|get started (?:today|at|for free)|(?:try|start) (?:it )?(?:for )?free"
    r"|to claim (?:this|your)|off your first|first (?:order|month|purchase)|free shipping|click the link"
    r"|link in (?:the|our) (?:show notes|description)"
    r"|\w(?:\.| dot[- ])(?:com|org|io)\b|check (?:them|it) out at"
    r"|that['’]s [\w-]+\.(?:com|io|co|ai|fm|so|dev|org)|join (?:companies|teams) like)"
)
_SENTENCE_START = re.compile(r"(?:^|(?<=[.?!])\s+)(?=\S)")
_OPENER_WEIGHS = 2
_ENOUGH = 3
# Characters between the cues of one advertisement, from its sponsor's name to the next, and of the longest one.
_GAP, _NAME_GAP, _LONGEST = 900, 400, 3500
# How far its first and last sentence reach at most: captions may have no stops.
_SENTENCE = 250
# Read aloud it lasts half a minute, where nothing ends it.
_SHORTEST = 450
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class _Cue:
    """What calls for action ends an advertisement, for now; what begins one says how far it reaches at least."""

    begin: int
    end: int
    weight: int
    reach: int = 0


def without_advertisements(segments: Sequence[Segment]) -> list[Segment]:
    marks = advertisements(segments)
    return [segment for segment, is_one in zip(segments, marks, strict=True) if not is_one]


def advertisements(segments: Sequence[Segment]) -> list[bool]:
    """One mark a segment: whether half of it and more is advertisement."""
    text, spans = _joined(segments)
    blocks = list(_blocks(text))
    return [_covered(span, blocks) >= _HALF * max(1, span[1] - span[0]) for span in spans]


def _joined(segments: Sequence[Segment]) -> tuple[str, list[tuple[int, int]]]:
    spans, at = [], 0
    for segment in segments:
        spans.append((at, at + len(segment.body)))
        at += len(segment.body) + 1
    return " ".join(segment.body for segment in segments), spans


def _covered(span: tuple[int, int], blocks: Sequence[tuple[int, int]]) -> int:
    return sum(max(0, min(span[1], end) - max(span[0], begin)) for begin, end in blocks)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Where advertisements begin and end, in characters."""
    starts = [found.end() for found in _SENTENCE_START.finditer(text)]
    for group in _groups(_cues(text)):
        if sum(cue.weight for cue in group) >= _ENOUGH:
            first, last = group[0].begin, _end(group)
            begin = max((start for start in starts if first - _SENTENCE <= start <= first), default=first)
            yield begin, min((start for start in starts if last <= start <= last + _SENTENCE), default=last)


def _end(group: Sequence[_Cue]) -> int:
    end = 0
    for cue in group:
        end = cue.end + cue.reach if cue.weight else max(end, cue.end)
    return end


def _groups(cues: Sequence[_Cue]) -> Iterator[list[_Cue]]:
    group: list[_Cue] = []
    for cue in cues:
        gap = _GAP if cue.weight else _NAME_GAP
        if group and (cue.begin - group[-1].end > gap or cue.end - group[0].begin > _LONGEST):
            yield group
            group = []
        # The sponsor's name goes on with an advertisement, and begins none.
        if group or cue.weight:
            group.append(cue)
    if group:
        yield group


def _cues(text: str) -> list[_Cue]:
    announced, openers = list(_ANNOUNCED.finditer(text)), list(_OPENERS.finditer(text))
    brands = {found[1] for found in (*announced, *openers) if found[1]}
    named = re.compile("|".join(rf"\b{re.escape(brand)}\b" for brand in sorted(brands)) or r"(?!)")
    found = [
        *(_Cue(*cue.span(), _ENOUGH, _SHORTEST) for cue in announced),
        *(_Cue(*cue.span(), _OPENER_WEIGHS) for cue in openers),
        *(_Cue(*cue.span(), 1) for cue in _CALLS.finditer(text)),
        *(_Cue(*cue.span(), 0) for cue in named.finditer(text)),
    ]
    return sorted(found, key=lambda cue: (cue.begin, -cue.weight))

"""WebVTT (https://www.w3.org/TR/webvtt1/), read the way browsers do: what is not understood is passed over."""

import re
from dataclasses import replace
from html import unescape

from feeds.reading.transcripts.formats.cues import Cue, cues_of, unrolled
from feeds.reading.transcripts.formats.speakers import attributed
from feeds.reading.transcripts.segments import Segment

_NOT_A_CUE = re.compile(r"\s*(?:NOTE|STYLE|REGION)(?:[ \t\n]|$)")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:[ \t]+([^>]*))?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,200}>")


def read(content: str) -> list[Segment]:
    cues = unrolled([replace(cue, lines=_plain_lines(cue)) for cue in cues_of(_cue_blocks(content))])
    if any(_VOICE.search(line) for cue in cues for line in cue.lines):
        return [segment for cue in cues for segment in _voices(cue)]
    words = attributed([_text(" ".join(cue.lines)) for cue in cues])
    return [Segment(body, speaker, cue.start, cue.end) for cue, (speaker, body) in zip(cues, words, strict=True)]


def _cue_blocks(content: str) -> str:
    blocks = re.split(r"\n\n+", content)
    return "\n\n".join(block for block in blocks if not _NOT_A_CUE.match(block))


def _plain_lines(cue: Cue) -> tuple[str, ...]:
    """The lines without tags but voices: live captions carry the time of every word, which hides that they repeat."""
    lines = (_TAG.sub(lambda tag: tag[0] if _VOICE.fullmatch(tag[0]) else "", line) for line in cue.lines)
    return tuple(" ".join(line.split()) for line in lines if line.strip())


def _voices(cue: Cue) -> list[Segment]:
    """One segment a voice; what stands before the first voice has no speaker."""
    before, *spoken = _VOICE.split(" ".join(cue.lines))
    parts = [(None, before), *zip(spoken[::2], spoken[1::2], strict=True)]
    return [
        Segment(_text(words), unescape(name or "").strip() or None, cue.start, cue.end)
        for name, words in parts
        if words.strip()
    ]


def _text(words: str) -> str:
    return unescape(_TAG.sub("", words))

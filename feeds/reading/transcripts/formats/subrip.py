"""SubRip (SRT): numbered cues; hosts write the speaker as "Name:" at the first cue of a turn only."""

import re
from html import unescape

from feeds.reading.transcripts.formats.cues import cues_of, unrolled
from feeds.reading.transcripts.formats.speakers import attributed
from feeds.reading.transcripts.segments import Segment

_TAG = re.compile(r"</?(?:i|b|u|s|font|c|v)\b[^<>]{0,200}>|\{\\[^{}]{0,40}\}", re.IGNORECASE)


def read(content: str) -> list[Segment]:
    cues = unrolled(cues_of(content))
    words = attributed([unescape(_TAG.sub("", " ".join(cue.lines))).strip() for cue in cues])
    return [Segment(body, speaker, cue.start, cue.end) for cue, (speaker, body) in zip(cues, words, strict=True)]

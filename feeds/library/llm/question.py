"""What the extractor asks a model: for the claims of a stretch of talk, or for the write-ups of passages."""

from collections.abc import Sequence
from pathlib import Path

from feeds.asking.question import Question, marked, source_sha256
from feeds.library.llm.schema import MOST_PASSAGES, MOST_PROPOSALS, PROPOSALS, WRITE_UPS
from feeds.reading.insights.candidates import Layout, Span
from feeds.reading.insights.gate.chunks import LONGEST_QUOTE, OVERLAP, conversation
from feeds.reading.insights.grounding import Grounded

_HERE = Path(__file__).parent
FULL_PROMPT = (_HERE / "prompt.txt").read_text()
WRITE_UP_PROMPT = (_HERE / "writeup_prompt.txt").read_text()
_TOKENS_OF_A_PROPOSAL = 450
_TOKENS_OF_A_WRITE_UP = 220
_AROUND_A_PASSAGE = 300
_ASKED_HOW = f"{LONGEST_QUOTE} {OVERLAP}"


def about_chunk(layout: Layout, span: Span, *, part: str) -> Question:
    sha256 = source_sha256(layout.text)
    return Question(
        source_sha256=sha256,
        part=part,
        prompt=FULL_PROMPT,
        material=marked("transcript", "\n".join(conversation(layout, span)), sha256),
        schema=PROPOSALS,
        most_output_tokens=MOST_PROPOSALS * _TOKENS_OF_A_PROPOSAL,
        asked_how=_ASKED_HOW,
    )


def about_passages(layout: Layout, places: Sequence[Grounded]) -> Question:
    sha256 = source_sha256(layout.text)
    shown = (_passage(layout, number, place) for number, place in enumerate(places, start=1))
    return Question(
        source_sha256=sha256,
        part="passages",
        prompt=WRITE_UP_PROMPT,
        material=marked("passages", "\n\n".join(shown), sha256),
        schema=WRITE_UPS,
        most_output_tokens=MOST_PASSAGES * _TOKENS_OF_A_WRITE_UP,
        asked_about=tuple(place.quote for place in places),
        asked_how=_ASKED_HOW,
    )


def _passage(layout: Layout, number: int, place: Grounded) -> str:
    before = layout.text[max(place.begin - _AROUND_A_PASSAGE, 0) : place.begin].partition(" ")[2]
    after = layout.text[place.end : place.end + _AROUND_A_PASSAGE].rpartition(" ")[0]
    return f"passage {number}\nbefore: {before.strip()}\npassage: {place.quote}\nafter: {after.strip()}"

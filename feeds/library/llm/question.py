"""What the extractor asks a model: for the claims of a stretch of talk."""

from pathlib import Path

from feeds.asking.question import Question, marked, source_sha256
from feeds.library.llm.schema import MOST_PROPOSALS, PROPOSALS
from feeds.reading.insights.candidates import Layout, Span
from feeds.reading.insights.gate.chunks import LONGEST_QUOTE, OVERLAP, conversation

_HERE = Path(__file__).parent
FULL_PROMPT = (_HERE / "prompt.txt").read_text()
_TOKENS_OF_A_PROPOSAL = 450
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

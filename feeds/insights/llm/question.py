"""What is asked: one call's messages, its place in the ledger, and the most that it can cost."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Any

from feeds.insights.candidates import Layout, Span
from feeds.insights.grounding import Grounded
from feeds.insights.llm.chunks import LONGEST_QUOTE, OVERLAP, conversation
from feeds.insights.llm.schema import CLAIMS, MOST_CLAIMS, MOST_PASSAGES, WRITE_UPS

_HERE = Path(__file__).parent
FULL_PROMPT = (_HERE / "prompt.txt").read_text()
WRITE_UP_PROMPT = (_HERE / "writeup_prompt.txt").read_text()
# The marks of a chat template around each message, and how a provider words the schema for its model.
_TOKENS_AROUND = 500
_TOKENS_OF_A_CLAIM = 450
_TOKENS_OF_A_WRITE_UP = 220
_AROUND_A_PASSAGE = 300
_MICRO = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Prices:
    """Money per million tokens."""

    input: Decimal
    output: Decimal

    def cost(self, *, input_tokens: int, output_tokens: int) -> Decimal:
        """Rounded up to a millionth, so that many small calls never cost more than was counted."""
        exact = (input_tokens * self.input + output_tokens * self.output) / 1_000_000
        return exact.quantize(_MICRO, rounding=ROUND_CEILING)


@dataclass(frozen=True, slots=True)
class Question:
    """One call. `part` tells it from the others about the same transcript; `asked_about` are the quotes that the
    numbers in its answer stand for."""

    source_sha256: str
    part: str
    prompt: str
    material: str
    schema: dict[str, Any]
    most_output_tokens: int
    asked_about: tuple[str, ...] = ()

    @property
    def prompt_version(self) -> str:
        return _digest(f"{self.prompt}\n{LONGEST_QUOTE} {OVERLAP}")

    @property
    def schema_version(self) -> str:
        return _digest(json.dumps(self.schema, sort_keys=True))

    def most_input_tokens(self) -> int:
        """A bound for every tokenizer that makes at least one byte of each token; some write a space in three bytes."""
        sent = f"{self.prompt}{self.material}{json.dumps(self.schema)}"
        return len(sent.encode()) + 2 * sent.count(" ") + _TOKENS_AROUND


def about_chunk(layout: Layout, span: Span, *, part: str) -> Question:
    sha256 = source_sha256(layout.text)
    return Question(
        source_sha256=sha256,
        part=part,
        prompt=FULL_PROMPT,
        material=marked("transcript", "\n".join(conversation(layout, span)), sha256),
        schema=CLAIMS,
        most_output_tokens=MOST_CLAIMS * _TOKENS_OF_A_CLAIM,
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
    )


def source_sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _passage(layout: Layout, number: int, place: Grounded) -> str:
    before = layout.text[max(place.begin - _AROUND_A_PASSAGE, 0) : place.begin].partition(" ")[2]
    after = layout.text[place.end : place.end + _AROUND_A_PASSAGE].rpartition(" ")[0]
    return f"passage {number}\nbefore: {before.strip()}\npassage: {place.quote}\nafter: {after.strip()}"


def marked(what: str, text: str, sha256: str) -> str:
    """The text between marks that nobody who spoke in it could know: they hold the digest of the text itself."""
    mark = f"{what} {sha256[:16]}"
    return f"The marks are <{mark}> and </{mark}>.\n\n<{mark}>\n{text}\n</{mark}>"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]

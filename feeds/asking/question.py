"""What is asked: one call's messages, its place in the ledger, and the most that it can cost."""

import hashlib
import json
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

# The marks of a chat template around each message, and how a provider words the schema for its model.
_TOKENS_AROUND = 500
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
    """One call. `part` tells it from the others about the same source; `asked_about` is what the numbers in its answer
    stand for. `asked_how` names whatever else shaped the material, so that a change of it is a new question."""

    source_sha256: str
    part: str
    prompt: str
    material: str
    schema: dict[str, Any]
    most_output_tokens: int
    asked_about: tuple[str, ...] = ()
    asked_how: str = ""

    @property
    def prompt_version(self) -> str:
        return _digest(f"{self.prompt}\n{self.asked_how}")

    @property
    def schema_version(self) -> str:
        return _digest(json.dumps(self.schema, sort_keys=True))

    def most_input_tokens(self) -> int:
        """A bound for every tokenizer that makes at least one byte of each token; some write a space in three bytes."""
        sent = f"{self.prompt}{self.material}{json.dumps(self.schema)}"
        return len(sent.encode()) + 2 * sent.count(" ") + _TOKENS_AROUND


def source_sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def marked(what: str, text: str, sha256: str) -> str:
    """The text between marks that nobody whose words it holds could know: they hold the digest of the text itself."""
    mark = f"{what} {sha256[:16]}"
    return f"The marks are <{mark}> and </{mark}>.\n\n<{mark}>\n{text}\n</{mark}>"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]

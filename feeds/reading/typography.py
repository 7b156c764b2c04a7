"""How our own sentences are set. What somebody said stays letter by letter as the transcript has it."""

from __future__ import annotations

import re

_WITHIN_A_WORD = re.compile(r"(?<=[^\W\d])'(?=[^\W\d])")


# Around what is marked in a text; nobody's script has these signs.
MARK_START, MARK_END = "\ue000", "\ue001"


def curled(text: str) -> str:
    """With typographic apostrophes where no quotation mark can be meant: inside a word."""
    return _WITHIN_A_WORD.sub("’", text)

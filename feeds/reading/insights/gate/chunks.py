"""Cuts a long transcript into overlapping chunks: whatever may be quoted stands whole in one of them."""

from collections.abc import Iterator

from feeds.reading.insights.candidates import Layout, Span

LONGEST_QUOTE = 900
OVERLAP = LONGEST_QUOTE + 100
# With the instructions and the answer a chunk fits into 8,192 tokens, the context of small models.
_CHUNK = 16_000
_LONGEST_WORD = 80


def chunks(text: str) -> list[Span]:
    """Spans of about 16,000 characters at most, of equal length, each beginning 1,000 before the last one's end."""
    count = max(-(-(len(text) - OVERLAP) // (_CHUNK - OVERLAP)), 1)
    step = (len(text) - OVERLAP) / count
    begins = [0, *(_word_start(text, round(number * step)) for number in range(1, count))]
    ends = [*(_word_end(text, begin + OVERLAP) for begin in begins[1:]), len(text)]
    return [span for span in zip(begins, ends, strict=True) if span[1] > span[0]]


def conversation(layout: Layout, span: Span) -> Iterator[str]:
    """The words of a span, one line for each turn, with the speaker's label where the transcript has one."""
    for (begin, end), speaker in layout.turns:
        words = layout.text[max(begin, span[0]) : max(min(end, span[1]), 0)]
        if begin < span[1] and span[0] < end:
            yield f"{speaker}: {words}" if speaker else f"- {words}"


def _word_start(text: str, at: int) -> int:
    space = text.rfind(" ", max(at - _LONGEST_WORD, 0), at + 1)
    return at if space < 0 else space + 1 if space < at else at


def _word_end(text: str, at: int) -> int:
    space = text.find(" ", at, at + _LONGEST_WORD)
    return min(at if space < 0 else space, len(text))

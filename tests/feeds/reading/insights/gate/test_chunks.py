from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from feeds.reading.insights.candidates import Layout
from feeds.reading.insights.gate.chunks import LONGEST_QUOTE, OVERLAP, chunks, conversation
from feeds.reading.transcripts.segments import Segment

MOST = 17_000


@given(st.integers(0, 200_000), st.integers(1, 400))
def test_whatever_may_be_quoted_stands_whole_in_one_chunk(length: int, word: int) -> None:
    text = (("x" * word + " ") * (length // word + 1))[:length]
    spans = chunks(text)
    for begin in range(0, max(length - LONGEST_QUOTE, 0), 331):
        assert any(left <= begin and begin + LONGEST_QUOTE <= right for left, right in spans)
    assert all(0 <= left < right <= length and right - left <= MOST for left, right in spans)
    assert not length or (spans[0][0], spans[-1][1]) == (0, length)


def test_a_short_transcript_is_one_chunk_and_an_empty_one_none() -> None:
    assert chunks("few words") == [(0, 9)]
    assert chunks("") == []


def test_chunks_begin_and_end_between_words() -> None:
    text = "several words " * 4_000
    assert all((text[begin - 1 : begin] + text[end : end + 1]).strip() == "" for begin, end in chunks(text.strip()))
    assert all(left[1] - right[0] >= OVERLAP for left, right in zip(chunks(text), chunks(text)[1:], strict=False))


def test_each_turn_is_a_line_with_its_label() -> None:
    layout = Layout.of([Segment("One", "Ada"), Segment("two.", "Ada"), Segment("Three."), Segment("Four.", "Ben")])
    assert list(conversation(layout, (0, len(layout.text)))) == ["Ada: One two.", "- Three.", "Ben: Four."]
    assert list(conversation(layout, (4, 12))) == ["Ada: two.", "- Thr"]

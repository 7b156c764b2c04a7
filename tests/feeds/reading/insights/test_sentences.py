import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.reading.insights.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[begin:end] for begin, end in sentence_spans(text)]


def test_a_sentence_ends_at_its_mark_and_keeps_its_closing_quote() -> None:
    assert sentences('He said "never." We did it anyway! Why? Because.') == [
        'He said "never."',
        "We did it anyway!",
        "Why?",
        "Because.",
    ]


@pytest.mark.parametrize("text", ["Dr. Smith met J. Jones at 3.5 percent.", "It was e.g. Brazil vs. Peru."])
def test_an_abbreviation_does_not_end_a_sentence(text: str) -> None:
    assert sentences(text) == [text]


def test_unpunctuated_speech_is_cut_into_sentences_of_readable_length() -> None:
    spoken = "so the reason prices fell is that factories were already paid for and then everybody copied it "
    lengths = [len(sentence.split()) for sentence in sentences(spoken * 8)]
    assert len(lengths) > 4
    assert max(lengths) <= 32


WORDS = st.sampled_from(["So", "the", "Price", "fell.", "by", "\u201chalf\u201d", "Dr.", "I", "3.5", "why?", "and"])


@settings(deadline=None)
@given(st.lists(WORDS, max_size=200).map(" ".join))
def test_sentences_cover_every_word_in_order(text: str) -> None:
    assert " ".join(sentences(text)).split() == text.split()

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.reading.insights.grounding import Ground, Grounded
from feeds.reading.transcripts.segments import Segment, plain_text

SEGMENTS = [
    Segment("So the queue  is “long”,", "Ada Berg", 10.0, 12.0),
    Segment("and it costs 15 percent", "Ada Berg", 12.0, 14.0),
    Segment("more than in 2019. Café prices.", "Ada Berg", 14.0, 16.0),
    Segment("Why? And 115 percent of what?", "Speaker 2", 16.0, 20.0),
    Segment("Well.", None, None, None),
]


def test_a_quote_is_found_across_segments_with_time_and_speaker() -> None:
    found = Ground(SEGMENTS).find("and it costs 15 percent more than in 2019.")
    assert found == Grounded("and it costs 15 percent more than in 2019.", 24, 66, 12.0, 15.16, "Ada Berg")
    assert plain_text(SEGMENTS)[24:66] == found.quote


def test_what_is_kept_is_the_transcripts_own_spelling() -> None:
    found = Ground(SEGMENTS).find('the queue is "long", and it\ncosts')
    assert found is not None
    assert found.quote == "the queue is “long”, and it costs"
    accented = Ground(SEGMENTS).find("Cafe\u0301 prices")
    assert accented is not None
    assert accented.quote == "Café prices"


@pytest.mark.parametrize(
    "quote",
    [
        "", "  ", "and it costs 16 percent", "And it costs 15 percent", "the queue … 15 percent", "the queue is long",
        "queue costs", "5 percent", "cost", "ercent more than", "so the queue",
    ],
)  # fmt: skip
def test_a_quote_that_was_not_said_so_is_not_found(quote: str) -> None:
    assert Ground(SEGMENTS).find(quote) is None


def test_a_quote_of_two_people_or_of_a_nameless_one_has_no_speaker() -> None:
    both = Ground(SEGMENTS).find("Café prices. Why? And")
    nameless = Ground(SEGMENTS).find("And 115 percent of what?")
    assert both is not None
    assert both.speaker is None
    assert nameless is not None
    assert nameless.speaker is None


def test_of_two_places_the_nearer_one_is_taken() -> None:
    segments = [Segment("it pays off", None, 10.0, 11.0), Segment("no", None, 500.0, 501.0),
                Segment("it pays off", None, 900.0, 901.0)]  # fmt: skip
    near = Ground(segments).find("it pays off", near=880.0)
    first = Ground(segments).find("it pays off")
    assert near is not None
    assert near.start_time == 900.0
    assert first is not None
    assert first.start_time == 10.0


def test_without_times_there_is_no_time() -> None:
    found = Ground([Segment("it pays off", "Ada Berg")]).find("it pays")
    assert found == Grounded("it pays", 0, 7, None, None, "Ada Berg")


def test_inside_a_long_turn_the_time_follows_the_words() -> None:
    found = Ground([Segment("word " * 99 + "here it is", None, 100.0, 200.0)]).find("here it is")
    assert found is not None
    assert found.start_time == pytest.approx(198.0, abs=1)


WORDS = st.lists(st.sampled_from(["queue", "15", "don’t", "“so”", "ﬁne", "Café", "and", "a\u0301", "…"]), min_size=3)


@given(st.lists(WORDS, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_every_part_made_of_whole_words_is_found_verbatim(bodies: list[list[str]], random: random.Random) -> None:
    segments = [Segment(" ".join(words), None, float(n), n + 1.0) for n, words in enumerate(bodies)]
    words = plain_text(segments).split()
    begin = random.randrange(len(words))
    quote = " ".join(words[begin : begin + 4])
    found = Ground(segments).find(quote.replace("’", "'").replace("“", '"').replace("”", '"'))
    assert found is not None
    assert found.quote in plain_text(segments)
    assert found.start_time is not None

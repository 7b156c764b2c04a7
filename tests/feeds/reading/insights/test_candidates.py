import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.reading.insights.candidates import FEWEST_WORDS, MOST_WORDS, Layout, spans_of_passages, stretches
from feeds.reading.transcripts.segments import Segment, plain_text

WORDS = st.sampled_from(
    ["we", "ship", "it", "because", "less.", "Then", "you\u2019d", "Why?", "[music]", "a.b", "42%", "\\"]
)
BODIES = st.lists(WORDS, max_size=150).map(" ".join)
VOICES = st.sampled_from([None, "Ada", "Grace"])


@st.composite
def transcripts(draw: st.DrawFn) -> list[Segment]:
    """Segments of any length; timed ones follow each other without gaps."""
    timed, clock, segments = draw(st.booleans()), 0.0, []
    for body, voice, length in draw(st.lists(st.tuples(BODIES, VOICES, st.floats(0, 60)), max_size=12)):
        segments.append(Segment(body, voice, clock, clock + length) if timed else Segment(body, voice))
        clock += length
    return segments


def talk(*bodies: str, speaker: str | None = None) -> list[Segment]:
    return [Segment(body, speaker) for body in bodies]


@settings(deadline=None)
@given(transcripts())
def test_a_passage_is_a_contiguous_part_of_one_turn_and_short_enough_to_quote(segments: list[Segment]) -> None:
    layout = Layout.of(segments)
    assert layout.text == plain_text(segments)
    for span, speaker in spans_of_passages(layout):
        passage = layout.passage(span, speaker)
        assert passage.text in plain_text(segments)
        assert FEWEST_WORDS <= passage.words <= MOST_WORDS
        assert {segments[index].speaker for index in passage.segments} == {speaker}
        assert " ".join(" ".join(segments[i].body.split()) for i in passage.segments).find(passage.text) >= 0


@settings(deadline=None)
@given(transcripts())
def test_times_rise_within_and_between_passages(segments: list[Segment]) -> None:
    layout = Layout.of(segments)
    timed = any(segment.start is not None for segment in segments)
    begun = 0.0
    for span, speaker in spans_of_passages(layout):
        passage = layout.passage(span, speaker)
        if not timed:
            assert passage.start is None and passage.end is None
            continue
        assert passage.start is not None and passage.end is not None
        assert begun <= passage.start <= passage.end
        begun = passage.start


@settings(deadline=None)
@given(transcripts())
def test_stretches_cover_every_word_once_and_hold_110_at_most(segments: list[Segment]) -> None:
    layout = Layout.of(segments)
    cut = [layout.text[slice(*stretch.span)] for stretch in stretches(layout)]
    assert " ".join(cut) == layout.text
    longest_sentence = max((len(sentence.split()) for sentence in layout.text.split(".")), default=0)
    assert all(len(text.split()) <= max(110, longest_sentence + 1) for text in cut)


def test_a_passage_crosses_segments_but_not_speakers() -> None:
    segments = [
        Segment("Prices fell by half because the factories were", "Ada"),
        Segment("already paid for. That is why we could wait.", "Ada"),
        Segment("And the competitors could not do the same thing at all, could they, in those years?", "Grace"),
    ]
    layout = Layout.of(segments)
    texts = [layout.text[slice(*span)] for span, _ in spans_of_passages(layout)]
    assert "Prices fell by half because the factories were already paid for. That is why we could wait." in texts
    assert not any("wait. And" in text for text in texts)


def test_an_interjection_does_not_end_a_stretch_but_no_passage_contains_it() -> None:
    segments = [
        Segment("Nobody reads the manual.", "Ada"),
        Segment("Right.", "Grace"),
        Segment("So the product has to be the manual, and that is what makes software so expensive to write.", "Ada"),
    ]
    layout = Layout.of(segments)
    assert len(stretches(layout)) == 1
    assert not any("Right." in layout.text[slice(*span)] for span, _ in spans_of_passages(layout))


def test_the_times_of_a_passage_are_those_of_its_words_inside_a_segment() -> None:
    first, second = (
        "Ten words stand in this first sentence, count them all.",
        "And then another ten or eleven words stand in this second sentence here.",
    )
    layout = Layout.of([Segment(f"{first} {second}", None, 100.0, 200.0)])
    begin = layout.text.index("And then")
    passage = layout.passage((begin, len(layout.text)), None)
    assert passage.end == 200.0
    assert passage.start is not None and 140 < passage.start < 150


def test_where_only_some_segments_are_timed_the_others_are_placed_between_them() -> None:
    segments = [Segment("one two", None, 10.0), Segment("three four"), Segment("five six", None, 30.0)]
    layout = Layout.of(segments)
    middle = layout.second(layout.text.index("three"))
    assert middle is not None and 10 < middle < 30
    assert layout.second(len(layout.text)) is None


def test_the_end_of_a_timed_segment_is_that_of_the_untimed_ones_behind_it() -> None:
    segments = [Segment("one two", None, 10.0, 30.0), Segment("three four"), Segment("five six", None, 30.0, 40.0)]
    layout = Layout.of(segments)
    begin, end = layout.second(layout.text.index("three")), layout.second(layout.text.index("four"))
    assert begin is not None and end is not None and 10 < begin < end < 30
    assert layout.second(len(layout.text)) == 40


def test_a_clock_that_runs_backwards_is_not_believed() -> None:
    segments = [Segment("one", None, 50.0, 60.0), Segment("two", None, 5.0, 6.0), Segment("three", None, 70.0, 80.0)]
    layout = Layout.of(segments)
    seconds = [layout.second(place) for place in range(len(layout.text))]
    assert all(a is not None and b is not None and a <= b for a, b in itertools.pairwise(seconds))


def test_an_hour_without_a_stop_in_one_segment_is_still_many_stretches() -> None:
    spoken = "so the reason prices fell is that factories were already paid for and then everybody copied it " * 100
    layout = Layout.of([Segment(spoken)])
    lengths = [len(layout.text[slice(*stretch.span)].split()) for stretch in stretches(layout)]
    assert sum(lengths) == 1700
    assert max(lengths) <= 110

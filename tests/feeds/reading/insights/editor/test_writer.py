from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.reading.insights.editor.words import split_words
from feeds.reading.insights.editor.writer import Editor
from feeds.reading.insights.extraction import EpisodeContext
from feeds.reading.insights.gate.rules import faults
from feeds.reading.insights.writing import PassageToPrint, Written

CONTEXT = EpisodeContext(show="The River Hour", title="Mills that float", guests=("Ann Lee",), people=("Ann Lee",))
FLOATS = (
    "Water mills on floats outlive every other mill in the valley, because the gravel of a spring flood passes below "
    "their wheels instead of filling the pits. A mill on floats costs twice as much as one of stone, and it earns that "
    "back within four harvests."
)
WE = "We built our mills where we could, and we lost them to floods that we had measured for years without a thought."


def written(text: str, *, speaker: str | None = "Ann Lee") -> Written | None:
    return Editor().write(PassageToPrint(text=text, speaker=speaker, before="", after=""), CONTEXT)


def test_a_passage_that_reads_like_print_is_printed_without_a_fault() -> None:
    made = written(FLOATS)
    assert made is not None
    assert 0 < made.ready < 1
    assert not faults(headline=made.headline, text=made.text, passage=FLOATS, context="Ann Lee")


def test_a_passage_about_people_whom_nobody_names_is_left_as_a_passage() -> None:
    assert written(WE) is None


def test_an_empty_passage_is_left_as_it_is() -> None:
    assert written("") is None


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(f"{FLOATS} {WE} I think you know, um, like so but".split()), max_size=80))
def test_whatever_is_said_nothing_is_printed_that_was_not(words: list[str]) -> None:
    passage = " ".join(words)
    made = written(passage)
    if made is None:
        return
    said = {
        word.key for word in split_words(f"{passage} Ann Lee says people people's they them their themselves is has")
    }
    verbs = {f"{key}s" for key in said} | {f"{key}es" for key in said} | {"lee's"}
    assert {word.key for word in split_words(f"{made.headline} {made.text}")} <= said | verbs

"""Who is named, by examples: all people and shows are invented."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.reading.insights.extraction import EpisodeContext
from feeds.reading.speakers import attributed
from feeds.reading.transcripts.formats.speakers import is_a_name
from feeds.reading.transcripts.segments import Segment

SHOW = EpisodeContext(show="Grid and Weather", title="Queues, not turbines")
# Nobody answers in it, and it is long enough to tell.
MONOLOGUE = "The queue for the grid is longer than the queue for the turbines, and it grows every year. " * 40


def talk(*turns: tuple[str | None, str]) -> list[Segment]:
    return [Segment(body, speaker, float(number), number + 1.0) for number, (speaker, body) in enumerate(turns)]


def speakers(segments: Sequence[Segment], context: EpisodeContext = SHOW) -> list[str | None]:
    return [segment.speaker for segment in attributed(segments, context)]


def with_guests(*guests: str, people: tuple[str, ...] = ()) -> EpisodeContext:
    return replace(SHOW, guests=guests, people=(*guests, *people))


# Labels that name somebody -------------------------------------------------------------------------------------------


def test_a_first_name_becomes_the_full_name_of_the_guest() -> None:
    said = talk(("Ada", "It is the queue."), ("Tom", "Why?"))
    assert speakers(said, with_guests("Ada Berg")) == ["Ada Berg", "Tom"]


def test_a_first_name_that_two_people_share_stays_a_first_name() -> None:
    assert speakers(talk(("Ada", "It is the queue.")), with_guests("Ada Berg", "Ada Reyes")) == ["Ada"]


def test_a_last_name_and_initials_become_the_full_name() -> None:
    said = talk(("Berg", "It is the queue."), ("TR", "Why?"))
    assert speakers(said, with_guests("Ada Berg", "Tom Reyes")) == ["Ada Berg", "Tom Reyes"]


def test_a_first_and_a_last_name_are_not_taken_for_one_person() -> None:
    said = talk(("Ada", "It is the queue."), ("Berg", "Why?"))
    assert speakers(said, with_guests("Ada Berg")) == ["Ada", "Berg"]


def test_a_name_that_shouts_is_written_as_names_are() -> None:
    assert speakers(talk(("ADA BERG", "It is the queue."), ("TOMAS REYES", "Why?"))) == ["Ada Berg", "Tomas Reyes"]


def test_the_talk_tells_the_surname_when_it_presents_somebody() -> None:
    said = talk(("Tom", "My guest today is Ada Berg, who plans grids."), ("Ada", "It is the queue."))
    assert speakers(said) == ["Tom", "Ada Berg"]


def test_the_title_and_the_show_tell_surnames() -> None:
    context = EpisodeContext(show="The Tom Reyes Show", title="Queues, not turbines, with Ada Berg")
    assert speakers(talk(("Ada", "It is the queue."), ("Tom", "Why?")), context) == ["Ada Berg", "Tom Reyes"]


def test_two_spellings_of_a_name_become_that_of_the_feed() -> None:
    said = talk(("Mark Erhart", "It is the queue."), ("Mark Erhardt", "And the price."))
    assert speakers(said, with_guests("Mark Erhardt")) == ["Mark Erhardt"] * 2


@pytest.mark.parametrize(
    "mention", ["Ada Lovelace wrote about that.", "I'm a fan of Ada Lovelace.", "As Ada Lovelace put it."]
)
def test_somebody_mentioned_does_not_become_the_speaker(mention: str) -> None:
    assert speakers(talk(("Ada", "It is the queue."), ("Tom", mention))) == ["Ada", "Tom"]


def test_a_segment_without_a_label_does_not_go_to_the_person_before() -> None:
    said = talk(("Ada Berg", "It is the queue."), (None, "And what of the price?"), ("Tom Reyes", "Nobody knows."))
    assert speakers(said) == ["Ada Berg", None, "Tom Reyes"]


def test_labels_are_not_believed_where_only_the_host_has_one_and_a_guest_talks() -> None:
    said = talk(*[("Tom", "Why is it the queue? "), ("Tom", "Yeah, because nobody pays. ")] * 60)
    assert set(speakers(said, with_guests("Ada Berg"))) == {None}


def test_a_handle_before_the_words_is_another_voice_and_the_guest_where_there_is_one() -> None:
    said = talk(*[("Tom", "Why is it the queue?"), ("Tom", "gridberg: because nobody pays for the upgrade.")] * 6)
    context = replace(with_guests("Ada Berg"), show="Tom Reyes Podcast")
    assert speakers(said, context)[:2] == ["Tom Reyes", "Ada Berg"]


# Voices that are told apart and not named ----------------------------------------------------------------------------


def conversation(*, asks: str = "A", answers: str = "B", opening: str = "Let us begin.") -> list[Segment]:
    return talk(
        (asks, opening),
        *[
            (asks, "Why is it that the queue for the grid keeps growing every year?"),
            (answers, "Because nobody pays for the upgrade that everybody uses, and so nobody builds it. " * 4),
        ]
        * 8,
    )


def test_who_says_their_name_has_it() -> None:
    said = conversation(asks="SPEAKER_00", answers="SPEAKER_01", opening="Welcome to the show, I'm Tom Reyes.")
    assert speakers(said)[:3] == ["Tom Reyes", "Tom Reyes", "SPEAKER_01"]


def test_a_voice_that_nobody_names_keeps_its_mark_and_is_no_name() -> None:
    said = speakers(conversation(asks="SPEAKER_00", answers="SPEAKER_01"))
    assert set(said) == {"SPEAKER_00", "SPEAKER_01"}
    assert not any(speaker and is_a_name(speaker) for speaker in said)


def test_who_is_thanked_is_the_one_before_and_who_is_called_upon_the_one_after() -> None:
    said = talk(
        ("SPEAKER_00", "And that is the news of the grid. " * 5),
        ("SPEAKER_01", "Thanks, Ada. The queue keeps growing, says the regulator. " * 5),
        ("SPEAKER_00", "Nobody pays for the upgrade that everybody uses. " * 5),
        ("SPEAKER_01", "So what will it cost, Ada?"),
        ("SPEAKER_00", "Nobody knows what it will cost before it is built. " * 5),
    )
    assert speakers(said, replace(SHOW, people=("Ada Berg",))) == [
        "Ada Berg", "SPEAKER_01", "Ada Berg", "SPEAKER_01", "Ada Berg",
    ]  # fmt: skip


def test_one_thanks_alone_is_not_enough() -> None:
    said = talk(("SPEAKER_00", "That is the news. " * 9), ("SPEAKER_01", "Thanks, Ada. The queue grows. " * 9))
    assert set(speakers(said, replace(SHOW, people=("Ada Berg",)))) == {"SPEAKER_00", "SPEAKER_01"}


def test_the_one_guest_is_who_is_asked_and_the_host_is_the_other() -> None:
    said = speakers(conversation(), with_guests("Ada Berg", people=("Tom Reyes",)))
    assert said[:3] == ["Tom Reyes", "Tom Reyes", "Ada Berg"]


def test_with_two_guests_nobody_guesses_which_is_which() -> None:
    assert set(speakers(conversation(), with_guests("Ada Berg", "Ben Coe"))) == {"A", "B"}


def test_who_calls_upon_the_guest_is_not_the_guest_however_much_they_speak() -> None:
    said = conversation()
    said[2] = replace(said[2], body=said[2].body + " What would you say, Ada?")
    assert "Ada Berg" not in speakers(said, with_guests("Ada Berg"))


def test_host_and_guest_are_the_one_host_and_the_one_guest() -> None:
    said = speakers(talk(("Host", "Why?"), ("Guest", "The queue.")), with_guests("Ada Berg", people=("Tom Reyes",)))
    assert said == ["Tom Reyes", "Ada Berg"]


def test_host_stays_host_where_there_are_two() -> None:
    said = speakers(talk(("Host", "Why?"), ("Ada", "The queue.")), replace(SHOW, people=("Tom Reyes", "Ben Coe")))
    assert said == ["Host", "Ada"]


# No voices told apart ------------------------------------------------------------------------------------------------


def test_a_monologue_is_all_by_who_says_their_name() -> None:
    assert speakers(talk((None, "I'm Ada Berg and I plan grids."), (None, MONOLOGUE))) == ["Ada Berg", "Ada Berg"]


def test_a_monologue_by_nobody_known_is_by_nobody() -> None:
    assert speakers(talk((None, MONOLOGUE))) == [None]


@pytest.mark.parametrize(
    "company",
    ["I'm joined by Ben Coe.", "My guest is Ben Coe.", "Thanks for having me.", "Is it? Yeah. Right. Exactly. Yes."],
)
def test_where_somebody_else_may_speak_nobody_is_named(company: str) -> None:
    said = talk((None, "I'm Ada Berg and I plan grids."), (None, f"{company} "), (None, MONOLOGUE))
    assert set(speakers(said)) == {None}


def test_one_guest_of_a_conversation_without_labels_is_not_given_what_the_host_may_have_said() -> None:
    said = talk(*[(None, one.body) for one in conversation(opening="My guest today is Ada Berg.")])
    assert set(speakers(said, with_guests("Ada Berg"))) == {None}


def test_captions_without_stops_tell_nothing() -> None:
    words = "the queue for the grid is longer than the queue for the turbines and it grows " * 40
    assert set(speakers(talk((None, "I'm Ada Berg"), (None, words)))) == {None}


# Whatever is said ----------------------------------------------------------------------------------------------------

WORDS = [
    "Ada",
    "Berg",
    "Tom",
    "Reyes",
    "ADA BERG",
    "Thanks,",
    "welcome",
    "I'm",
    "guest is",
    "with",
    "why?",
    "Yeah.",
    "and",
]
phrases = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
labels = st.sampled_from(
    [None, "Ada", "Tom Reyes", "SPEAKER_00", "Speaker 1", "Host", "Guest", "AB", "TOMAS", "Ada & Tom", "Ben 00"]
)
names = st.lists(st.sampled_from(["Ada Berg", "Tom Reyes", "Ada Reyes", "Dr. Ben Coe", "ACME"]), max_size=3).map(tuple)
times = st.one_of(st.none(), st.floats(0, 9999))
contexts = st.builds(EpisodeContext, show=phrases, title=phrases, guests=names, people=names)
segments = st.lists(st.builds(Segment, phrases, labels, times, times), max_size=25)


@settings(max_examples=300, deadline=None)
@given(segments, contexts)
def test_no_word_of_a_name_is_invented(said: list[Segment], context: EpisodeContext) -> None:
    given_ = " ".join([context.show, context.title, *context.guests, *context.people])
    heard = " ".join(f"{segment.speaker or ''} {segment.body}" for segment in said)
    known = set(re.findall(r"\w+", f"{given_} {heard}".casefold()))
    for segment in attributed(said, context):
        assert set(re.findall(r"\w+", (segment.speaker or "").casefold())) <= known


@settings(max_examples=200, deadline=None)
@given(st.lists(st.builds(Segment, st.text(), st.one_of(st.none(), st.text()), times, times), max_size=15), contexts)
def test_words_and_times_stay_as_they_are_whatever_they_are(said: list[Segment], context: EpisodeContext) -> None:
    assert [replace(one, speaker=None) for one in attributed(said, context)] == [
        replace(one, speaker=None) for one in said
    ]


@settings(max_examples=200, deadline=None)
@given(segments, contexts)
def test_voices_that_were_told_apart_stay_apart_unless_they_are_one_person(
    said: list[Segment], context: EpisodeContext
) -> None:
    voices = {(before.speaker, after.speaker) for before, after in zip(said, attributed(said, context), strict=True)}
    marks = {before for before, after in voices if after and not is_a_name(after)}
    assert all(after == before for before, after in voices if before in marks)

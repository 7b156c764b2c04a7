from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.reading.insights.gate.alignment import Talk, aligned
from feeds.reading.insights.gate.edit_script import edit_script
from feeds.reading.insights.gate.verifier import LEAST_FAITHFUL, faithfulness
from feeds.reading.insights.gate.words import words

PASSAGE = (
    "So most people think the warehouse was, you know, the expensive part, but it turns out that returns were. Every "
    "third parcel came back to us in 2019, and some of the parcels cost us eleven dollars to open, check and fold. "
    "So in Norway we, um, started printing honest sizes, and returns fell by a fifth over three years, which probably "
    "saved more money than any robot could have saved us, because nobody had to fold the same shirt again."
)
BEFORE = "Welcome back. Today we ask who pays for parcels, with Ada Berg of Acme."
CONTEXT = "The Parcel Show\nHow Acme learned to fold\nAda Berg"
HEADLINE = "Honest sizes made returns fall by a fifth over three years"
EDITED = (
    "Every third parcel came back to Acme in 2019, and some of the parcels cost eleven dollars to open, check and "
    "fold. In Norway Acme started printing honest sizes, and returns fell by a fifth over three years, because "
    "nobody had to fold the same shirt again."
)
NEIGHBOUR = (
    "Tariffs on steel raised what carmakers pay for a body by a tenth, and the buyers of pickups in Ohio have felt it "
    "since the spring. Dealers expect the price to settle once mills in Kentucky come back from repair next winter."
)


def of(text: str, headline: str = HEADLINE) -> float:
    return faithfulness(headline=headline, text=text, passage=PASSAGE, before=BEFORE, context=CONTEXT)


def test_a_text_that_follows_its_talk_is_as_faithful_as_an_editors() -> None:
    assert of(EDITED) >= LEAST_FAITHFUL


def test_the_text_of_another_passage_is_not() -> None:
    assert of(NEIGHBOUR, headline="Steel tariffs raised the price of pickups") < LEAST_FAITHFUL


@pytest.mark.parametrize(
    ("was", "became"),
    [
        ("some of the parcels", "all of the parcels"),
        ("returns fell", "returns rose"),
        ("cost eleven dollars", "only cost eleven dollars"),
        ("the same shirt", "the same robot"),
    ],
)
def test_one_thing_made_untrue_makes_a_text_less_faithful(was: str, became: str) -> None:
    assert was in EDITED
    assert of(EDITED.replace(was, became)) < of(EDITED)


def test_an_edit_script_tells_what_was_kept_put_in_and_left_out() -> None:
    script = edit_script(words("acme could fold it all"), words("so we could probably fold it all again"))
    assert [step.is_kept for step in script.steps] == [False, True, True, True, True]
    assert script.steps[0].instead_of == ("so", "we")
    assert [(one.words, one.gave_way) for one in script.omissions] == [(("probably",), False)]


@given(st.lists(st.sampled_from("abcde")), st.lists(st.sampled_from("abcde")))
def test_every_word_has_its_step_and_kept_words_are_the_talks(text: list[str], talk: list[str]) -> None:
    script = edit_script(text, talk)
    assert len(script.steps) == len(text)
    assert sum(step.is_kept for step in script.steps) <= len(talk)


@settings(deadline=None)
@given(st.text(max_size=120), st.text(max_size=120), st.text(max_size=200))
def test_faithfulness_is_a_share_whatever_is_written(headline: str, text: str, passage: str) -> None:
    assert 0 <= faithfulness(headline=headline, text=text, passage=passage) <= 1


@settings(deadline=None)
@given(st.lists(st.sampled_from(["Acme", "folds", "some", "only", "it", "2019", "not"]), min_size=1, max_size=30))
def test_a_text_that_is_the_talk_is_kept_whole(said: list[str]) -> None:
    text = " ".join(said)
    assert aligned(text, Talk(before="", passage=text, after="", context="")).kept == 1

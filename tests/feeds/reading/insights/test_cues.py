import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.reading.insights.cues import NAMES, cue_vector


def cue(name: str, text: str) -> float:
    return float(cue_vector(text)[NAMES.index(name)])


@pytest.mark.parametrize(
    ("name", "present", "absent"),
    [
        ("cause", "We waited because it was cheap.", "We waited and it was cheap."),
        ("belief", "Most people think it is the rent.", "Many people pay the rent."),
        ("sponsor", "Use the promo code SHOW at checkout.", "Use the front door at the shop."),
        ("biography", "I grew up in a small town.", "Prices went up in a small town."),
        ("opens_with_filler", "Yeah, that is why.", "That is why."),
        ("questions", "Is that so?", "That is so."),
        ("noise", "And then [applause] it fell.", "And then it fell."),
    ],
)
def test_a_cue_hears_its_phrases_and_no_others(name: str, present: str, absent: str) -> None:
    assert cue(name, present) > cue(name, absent) == 0


def test_a_phrase_is_not_heard_inside_a_word() -> None:
    assert cue("filler", "Umbrellas, likewise, are alright.") == 0


def test_curly_and_straight_apostrophes_are_heard_alike() -> None:
    assert (cue_vector("It doesn\u2019t mean that.") == cue_vector("It doesn't mean that.")).all()


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_finite_cues(text: str) -> None:
    assert np.isfinite(cue_vector(text)).all()

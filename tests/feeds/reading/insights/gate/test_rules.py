from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.reading.insights.gate.rules import FaultKind, faults

BEFORE = "Welcome back. Today we ask who pays for parcels."
PASSAGE = (
    "So most people think the warehouse was, you know, the expensive part, but it turns out that returns were not. "
    "Every third parcel came back to Akme in 2019, and each one cost us eleven dollars to open, check and fold again. "
    "So in Norway we, um, started printing honest sizes, and returns fell by 18 to 20 percent over three years."
)
CONTEXT = "The Parcel Show\nHow Acme learned to fold\nAda Berg"
HEADLINE = "Returns, not the warehouse, cost Acme the most"
TEXT = (
    "Every third parcel came back to Acme in 2019, and each cost $11 to open, check and fold again, says Ada Berg. "
    "Once the firm printed honest sizes in Norway, returns fell by 18% to 20% over three years."
)


def found(**changes: str) -> set[FaultKind]:
    given_texts: dict[str, Any] = {
        "headline": HEADLINE, "text": TEXT, "passage": PASSAGE, "before": BEFORE, "context": CONTEXT, **changes,
    }  # fmt: skip
    return {fault.kind for fault in faults(**given_texts)}


def test_a_faithful_text_in_plain_print_has_no_fault() -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"text": "Returns cost Acme more than its warehouse did."}, FaultKind.LENGTH),
        ({"text": f"{TEXT} {TEXT}"}, FaultKind.LENGTH),
        ({"headline": f"{HEADLINE} {HEADLINE}"}, FaultKind.LONG_HEADLINE),
        ({"headline": TEXT[:60]}, FaultKind.REPEATED),
        ({"headline": "Why did returns cost Acme the most?"}, FaultKind.QUESTION),
        ({"headline": "Returns and the warehouse at Acme"}, FaultKind.NO_VERB),
        ({"headline": "It cost Acme the most"}, FaultKind.LEANING),
        ({"headline": "Honest sizes make their returns cheap"}, set()),
        ({"text": TEXT.replace("Every third", "So every third")}, FaultKind.DANGLING),
        ({"text": TEXT.replace("Once the firm", "Once we")}, FaultKind.FIRST_PERSON),
        ({"text": TEXT.replace("Once the firm", "Once you")}, FaultKind.SECOND_PERSON),
        ({"text": TEXT.replace("the firm printed", "the firm, you know, printed")}, FaultKind.FILLER),
        ({"text": TEXT.replace("the firm printed", "the firm kind of printed")}, FaultKind.FILLER),
        ({"text": TEXT.replace("the firm printed", "this kind of firm printed")}, set()),
        ({"text": TEXT.replace("$11", "$12")}, FaultKind.NUMBER),
        ({"text": TEXT.replace("20%", "30%")}, FaultKind.NUMBER),
        ({"text": TEXT.replace("2019", "2017")}, FaultKind.NUMBER),
        ({"text": TEXT.replace("Ada Berg", "Ben Cole")}, FaultKind.NAME),
        ({"text": TEXT.replace("Norway", "Portugal")}, FaultKind.NAME),
        ({"text": TEXT.replace("in Norway", "for Norway's parcels")}, set()),
        ({"text": TEXT.replace("returns fell", "returns rose")}, FaultKind.DIRECTION),
        (
            {
                "text": TEXT.replace(
                    "Once the firm printed honest sizes in Norway, returns",
                    "Once Norway printed honest sizes, returns never",
                )
            },
            FaultKind.DENIAL,
        ),
        ({"text": TEXT.replace("Norway", "Norway (acme.com)")}, FaultKind.PROMOTION),
        ({"text": TEXT.replace("Acme", "Ac\u202eme")}, FaultKind.GARBLED),
    ],
)
def test_each_fault_is_found(changes: dict[str, str], kind: FaultKind | set[FaultKind]) -> None:
    if isinstance(kind, FaultKind):
        assert kind in found(**changes)
    else:
        assert found(**changes) == kind


def test_what_somebody_is_quoted_with_is_in_the_quoted_voice() -> None:
    assert found(text=TEXT.replace("says Ada Berg", "“we fold it all”, says Ada Berg")) == set()


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("deep mind built it", "DeepMind"),
        ("open a i built it", "OpenAI"),
        ("the national cyber security centre built it", "NCSC"),
        ("clawed built it", "Claud"),
        ("the canadians built it", "Canada"),
        ("people in britain built it", "UK"),
    ],
)
def test_a_name_may_be_joined_abbreviated_derived_or_misheard(said: str, written: str) -> None:
    text = f"The tool that everybody uses was built by {written}"
    assert FaultKind.NAME not in {fault.kind for fault in faults(headline=text, text=text, passage=said)}


def test_a_name_known_from_beside_the_talk_is_no_fault() -> None:
    assert FaultKind.NAME in found(text=TEXT.replace("Ada Berg", "Cleo Dahl"))
    assert FaultKind.NAME not in found(text=TEXT.replace("Ada Berg", "Cleo Dahl"), context="with Cleo Dahl and Acme")


@pytest.mark.parametrize(
    ("written", "is_fault"),
    [
        ("says Ada Berg", False),
        ("says Tom Reyes", True),
        ("according to Tom Reyes", True),
        ("says the speaker", False),
    ],
)
def test_nobody_else_is_said_to_say_what_the_speaker_says(written: str, is_fault: bool) -> None:
    text = TEXT.replace("says Ada Berg", written)
    known = f"{CONTEXT}, with Tom Reyes"
    assert (FaultKind.CLAIMANT in found(text=text, context=known, speaker="Ada Berg")) is is_fault
    assert FaultKind.CLAIMANT not in found(text=text, context=known)


def test_a_fault_names_the_words_at_fault() -> None:
    wrong = TEXT.replace("Norway", "Portugal")
    assert [fault.words for fault in faults(headline=HEADLINE, text=wrong, passage=PASSAGE, context=CONTEXT)] == [
        "Portugal"
    ]


@given(st.text(max_size=200), st.text(max_size=300), st.text(max_size=300))
def test_no_text_breaks_the_rules(headline: str, text: str, passage: str) -> None:
    assert isinstance(faults(headline=headline, text=text, passage=passage), list)


@given(st.text(alphabet="abc I'A1.,", max_size=80))
def test_no_number_or_name_of_the_talk_itself_is_a_fault(talk: str) -> None:
    kinds = {fault.kind for fault in faults(headline=talk, text=talk, passage=talk)}
    assert not kinds & {FaultKind.NUMBER, FaultKind.NAME}

from __future__ import annotations

from dataclasses import replace

import pytest

from feeds.reading.insights.gate.gate import Draft, Evidence, Rejection, examined, words_of

QUOTE = (
    "Most people think the warehouse was the expensive part, but it turns out that returns were. Every third parcel "
    "came back, and each one cost Acme eleven dollars to open, check and fold again."
)
AROUND = f"So, Ben Cole asked me that in Norway. {QUOTE} And so we started printing honest sizes on everything."
EVIDENCE = Evidence(QUOTE, AROUND, "Ada Berg", words_of(AROUND))
GOOD = Draft(
    "Returns, not the warehouse, were the expensive part",
    "Most people think that a warehouse is the expensive part, but at Acme the returns were: every third parcel came "
    "back, and each cost eleven dollars to open, check and fold again, so it started printing honest sizes.",
    is_opinion=False,
)


def outcome(**changes: str | bool) -> Draft | Rejection:
    return examined(replace(GOOD, **changes), EVIDENCE)  # type: ignore[arg-type]


def test_a_claim_with_its_reason_passes_as_it_is() -> None:
    assert outcome() == GOOD


def test_white_space_and_a_final_stop_are_tidied() -> None:
    assert outcome(headline=f" {GOOD.headline.replace(' ', '  ')}. ", text=f"\n{GOOD.text}\n") == GOOD


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"headline": ""}, Rejection.EMPTY),
        ({"text": "   "}, Rejection.EMPTY),
        ({"text": "Returns were expensive."}, Rejection.EMPTY),
        ({"headline": f"{GOOD.headline} {GOOD.headline}"}, Rejection.LONG),
        ({"text": f"{GOOD.text} {GOOD.text}"}, Rejection.LONG),
        ({"headline": "Returns \u202ewere the expensive part"}, Rejection.GARBLED),
        ({"text": GOOD.text.replace("Acme", "Ac\0me")}, Rejection.GARBLED),
        ({"headline": "The importance of returns"}, Rejection.TOPIC),
        ({"headline": "Returns and warehouses at Acme"}, Rejection.TOPIC),
        ({"headline": "How to print honest sizes"}, Rejection.TOPIC),
        ({"headline": "Why were returns the expensive part?"}, Rejection.TOPIC),
        ({"headline": "Honest sizes at acme.com are the expensive part"}, Rejection.PROMOTION),
        ({"text": GOOD.text.replace("so it", "use code HONEST, so it")}, Rejection.PROMOTION),
        ({"text": GOOD.text.replace("eleven", "twelve")}, Rejection.INVENTED),
        ({"headline": "40 percent of parcels were the expensive part"}, Rejection.INVENTED),
        ({"text": GOOD.text.replace("Acme", "Amazon")}, Rejection.INVENTED),
        ({"text": f"Ben Cole argues that {GOOD.text}"}, Rejection.INVENTED),
        ({"text": f"Carl Dahl argues that {GOOD.text}"}, Rejection.INVENTED),
        (
            {"text": "Democracies tend to survive recessions whenever courts remain independent, journalists dig "
             "freely, and citizens trust neighbours enough to vote."},
            Rejection.INVENTED,
        ),
    ],
)  # fmt: skip
def test_what_is_rejected_and_why(changes: dict[str, str], why: Rejection) -> None:
    assert outcome(**changes) is why


def test_a_platitude_is_generic_until_something_specific_is_said() -> None:
    said = "I would say that communication is key, and that in every parcel of it the sizes are important to us all."
    evidence = Evidence(said, said, None, words_of(said))
    text = "Communication is key to us all, and in every parcel of it I would say that the sizes are important"
    empty = Draft("Communication is key", text, is_opinion=False)
    text = f"{empty.text}, because every parcel is communication"
    assert examined(empty, evidence) is Rejection.GENERIC
    assert isinstance(examined(replace(empty, text=text), evidence), Draft)


def test_a_sponsors_words_are_no_insight_however_they_are_written_up() -> None:
    said = "Returns were the expensive part until Acme came along, so use code HONEST for twenty percent off a parcel."
    evidence = Evidence(said, said, None, words_of(said))
    text = "Returns were the expensive part of a parcel until Acme came along and took twenty percent of them away."
    assert examined(Draft("Returns were the expensive part", text, False), evidence) is Rejection.PROMOTION


@pytest.mark.parametrize("words", [7, 121])
def test_a_quote_is_neither_a_shout_nor_a_lecture(words: int) -> None:
    quote = " ".join(["returns"] * words)
    evidence = replace(EVIDENCE, quote=quote, around=f"{AROUND} {quote}")
    assert examined(GOOD, evidence) in (Rejection.EMPTY, Rejection.LONG)


def test_the_speaker_is_named_by_the_transcript_and_only_once() -> None:
    text = f"The speaker argues that {GOOD.text[0].lower()}{GOOD.text[1:]}"
    named = outcome(text=text, is_opinion=True)
    nameless = examined(replace(GOOD, text=text, is_opinion=True), replace(EVIDENCE, speaker=None))
    assert isinstance(named, Draft) and named.text.startswith("Ada Berg argues that most people")
    assert isinstance(nameless, Draft) and nameless.text == text


def test_an_opinion_told_as_a_fact_is_framed_as_somebodys_or_dropped() -> None:
    text = "The returns of parcels are more expensive than the warehouse, so every third of them should not come back."
    framed = outcome(text=text, is_opinion=True)
    assert isinstance(framed, Draft)
    assert framed.text.startswith("Ada Berg argues that the returns of parcels")
    unframed = "Printing honest sizes, every third parcel will open in Norway - and should check and fold again then."
    assert outcome(text=unframed, is_opinion=True) is Rejection.OPINION


def test_what_the_quote_calls_a_belief_is_an_opinion_whatever_the_model_says() -> None:
    quote = "I believe that returns are more expensive than the warehouse, and every third parcel will come back."
    evidence = replace(EVIDENCE, quote=quote, around=quote, heard=words_of(quote))
    text = "Returns are more expensive than the warehouse, and every third parcel will come back to it in the end."
    framed = examined(Draft("Returns are more expensive than the warehouse", text, False), evidence)
    assert isinstance(framed, Draft)
    assert framed.text.startswith("Ada Berg ")

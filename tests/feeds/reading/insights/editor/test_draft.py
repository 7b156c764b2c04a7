import numpy as np
import pytest

from feeds.reading.insights.editor.draft import MARKS, Answers, drafts, printed
from feeds.reading.insights.editor.headline import LONGEST, headings
from feeds.reading.insights.editor.offers import offers
from feeds.reading.insights.editor.sequence import Material, material

MILLS = (
    "So, um, the old water mills of the valley failed because the spring floods, you know, carried gravel into the "
    "wheel pits, and no miller could dredge them before harvest. The new ones sit on floats, and I think they survive "
    "every flood that we have measured since."
)


def read(passage: str, *, speaker: str | None = "Ann Lee") -> Material:
    return material(
        header=("The River Hour", "Mills", "", speaker or ""), before="", passage=passage, after="", speaker=speaker
    )


def answers(seen: Material, *, take: float = 0.5, gone: float = 0.1, headline: float = 0.5) -> Answers:
    size = len(seen.words)
    marks = np.zeros((size, len(MARKS)), dtype=np.float32)
    marks[:, 0] = 1.0
    full = {name: np.full(size, value, dtype=np.float32) for name, value in (("take", take), ("gone", gone))}
    return Answers(
        take=full["take"],
        gone=full["gone"],
        says=np.full(size, 0.1, dtype=np.float32),
        headline=np.full(size, headline, dtype=np.float32),
        mark=marks,
        worth=np.array([0.2, 0.3, 0.5], dtype=np.float32),
    )


def texts(seen: Material, made: Answers) -> list[str]:
    return [printed(draft.pieces, seen) for draft in drafts(seen, made)]


def test_a_sentence_is_printed_without_its_fillers_and_begins_with_a_capital() -> None:
    seen = read(MILLS)
    assert (
        "The old water mills of the valley failed because the spring floods carried gravel into the wheel pits, and no "
        "miller could dredge them before harvest." in texts(seen, answers(seen))
    )


def test_a_sentence_about_we_is_never_printed() -> None:
    seen = read(MILLS)
    assert not any("measured" in text for text in texts(seen, answers(seen)))


def test_every_word_printed_was_said_or_follows_from_who_spoke() -> None:
    seen = read(
        "I think the mills of this valley need floats because you never know how high a spring flood will come."
    )
    said = {word.key for word in seen.words} | {"thinks", "people"}
    for draft in drafts(seen, answers(seen)):
        words = {part for piece in draft.pieces for part in piece.text.lower().split()}
        assert words <= said


def test_the_sentences_that_the_network_would_take_come_first() -> None:
    passage = (
        "The first sentence tells at some length of the weather in the hills, of the snow, and of how long the road "
        "to the valley has become. The second one says that mills on floats outlive every other mill of the valley "
        "because all the gravel passes far below their wheels."
    )
    seen = read(passage)
    made = answers(seen)
    second = [place for place in seen.passage if seen.words[place].sentence == 1]
    made.take[second] = 0.9
    assert texts(seen, made)[0].startswith("The second one says")


def test_a_headline_is_a_claim_of_at_most_ninety_characters() -> None:
    seen = read(MILLS)
    for draft in drafts(seen, answers(seen)):
        for heading in headings(draft):
            assert len(printed(heading.pieces, seen)) <= LONGEST
            assert heading.pieces[0].text.lower() not in ("because", "and", "if")


def test_what_stands_behind_an_if_is_no_headline() -> None:
    seen = read(
        "If the wheel pits fill with gravel every spring, the owners of the mills pay for a dredger all summer."
    )
    found = {printed(heading.pieces, seen) for draft in drafts(seen, answers(seen)) for heading in headings(draft)}
    assert "The wheel pits fill with gravel every spring." not in found


def test_the_speaker_is_named_in_every_text_and_no_headline_begins_it() -> None:
    seen = read(MILLS)
    for offer in offers(seen, answers(seen)):
        assert "Ann Lee" in offer.text
        assert not offer.text.startswith(offer.headline)


def test_nobody_is_named_where_nobody_knows_who_speaks() -> None:
    seen = read(MILLS, speaker=None)
    found = [offer.text for offer in offers(seen, answers(seen))]
    assert found
    assert not any("says" in text for text in found)


def test_a_capital_that_may_be_a_name_stands_behind_a_colon() -> None:
    for first, opening in (("Millers", "Ann Lee says: Millers"), ("The millers", "Ann Lee says the millers")):
        seen = read(
            f"{first} of the lower valley dredge all their wheel pits before every harvest, because gravel stops a "
            "wheel for weeks and nobody else grinds."
        )
        found = [offer.text for offer in offers(seen, answers(seen))]
        assert any(text.startswith(opening) for text in found)


def test_a_headline_never_cuts_a_number_in_two() -> None:
    seen = read(
        "The mills on floats are growing two and a half times as fast as the mills on stone in this valley, and the "
        "miller who built the first of them has sold forty."
    )
    made = answers(seen)
    heads = [printed(heading.pieces, seen) for draft in drafts(seen, made) for heading in headings(draft, most=50)]
    assert heads
    assert not any(head.rstrip(".").endswith("two") for head in heads)


@pytest.mark.parametrize(
    "broken",
    [
        "The market for mills right now is a is in trouble because the spring floods carried the gravel into every pit "
        "of the valley.",
        "If you are a miller in this valley, then the spring floods carry the gravel into the pits below the wheels "
        "before each harvest.",
    ],
)
def test_a_sentence_that_breaks_off_is_never_printed(broken: str) -> None:
    seen = read(broken)
    assert texts(seen, answers(seen)) == []

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.choosing.interest_match import EmbeddedInterest, InterestWords, match, parse_interest
from feeds.reading.embeddings import embedder

INSIGHTS = [
    "Japanese factories keep robots for decades, because every arm is serviced by the firm that built it.",
    "Humanoid robots walk well in demos, but Japan's factories prefer arms bolted to the floor.",
    "Bitcoin miners sell power back to the grid when prices spike.",
    "Early-night sleep stores skills and details; late-night sleep handles emotion.",
]


def matching(interest: str) -> list[int]:
    words = parse_interest(interest)
    (wanted,) = embedder().embed([words.wanted])
    embedded = EmbeddedInterest(words, wanted, embedder().embed(words.unwanted))
    scores = match(embedded, embedder().embed(INSIGHTS), INSIGHTS)
    return [row for row, score in enumerate(scores) if score]


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("robotics in Japan, but not humanoids", "robotics in Japan", ("humanoids",)),
        ("AI, not crypto", "AI", ("crypto",)),
        ("hiring engineers, except remote hiring", "hiring engineers", ("remote hiring",)),
        ("startups without venture capital or accelerators", "startups", ("venture capital", "accelerators")),
        ("economics (excluding day trading)", "economics", ("day trading",)),
        ("not crypto", "", ("crypto",)),
        ("  notable   scientists. ", "notable scientists", ()),
        ("nothing about sports", "nothing about sports", ()),
        ("climate, no politics, no celebrities", "climate", ("politics", "celebrities")),
    ],
)
def test_what_is_wanted_and_what_is_not(text: str, wanted: str, unwanted: tuple[str, ...]) -> None:
    assert parse_interest(text) == InterestWords(wanted, unwanted)


@given(st.text(max_size=120))
def test_any_text_is_read(text: str) -> None:
    words = parse_interest(text)
    assert all(words.unwanted)


def test_an_interest_finds_what_answers_it() -> None:
    assert matching("robots in Japanese factories") == [0, 1]


def test_what_is_unwanted_stays_away() -> None:
    assert matching("robots in Japanese factories, but not humanoid robots") == [0]


@pytest.mark.parametrize("interest", ["beekeeping", "medieval cathedrals", "Formula 1 tyre strategy", "not crypto", ""])
def test_an_interest_with_nothing_to_match_gets_nothing(interest: str) -> None:
    assert matching(interest) == []

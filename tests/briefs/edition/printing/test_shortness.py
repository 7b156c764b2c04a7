import pytest

from briefs.edition.printing.shortness import fewer_in_words


@pytest.mark.parametrize(
    ("items", "quotes", "said"),
    [
        (5, 0, ""),
        (1, 0, "Only one this time: nothing else was fit to send."),
        (1, 1, "No insight was ready this time; this one is a passage in the speaker’s own words."),
        (5, 5, "No insight was ready this time; these are passages in the speakers’ own words."),
        (2, 1, "Only one insight was ready this time; the other is a passage in the speaker’s own words."),
        (5, 3, "Only two insights were ready this time; the others are passages in the speakers’ own words."),
        (5, 1, "Only four insights were ready this time; the other is a passage in the speaker’s own words."),
    ],
)
def test_a_brief_says_how_many_of_its_items_were_ready(items: int, quotes: int, said: str) -> None:
    assert fewer_in_words(items, quotes=quotes) == said

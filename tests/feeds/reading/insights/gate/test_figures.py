from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.reading.insights.gate.figures import numbers_besides, numbers_said


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("twenty percent of them", "20 percent"),
        ("20 percent", "twenty percent"),
        ("a hundred and fifty people", "100 and 50 people"),
        ("three hundred fifty", "350"),
        ("one and a half", "one and a half"),
        ("two point five million dollars or 2.5 million", "$2.5 million"),
        ("$2,000,000", "two million dollars"),
        ("twenty twenty five was the year", "2025"),
        ("back in nineteen eighty four", "1984"),
        ("in the seventies", "in the 1970s"),
        ("hundreds of thousands of them", "hundreds of thousands"),
        ("it was 40K a month", "40,000"),
        ("two dozen of them", "24"),
        ("between 5 and 10", "between five and ten"),
        ("twenty-five", "25"),
        ("nothing of the kind", "one of the reasons"),
        ("we run it on the new cards", "GPT-4 runs on an A100"),
    ],
)
def test_the_same_number_in_digits_and_in_words(said: str, written: str) -> None:
    assert not numbers_besides(written, numbers_said(said))


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("twenty percent", "21 percent"),
        ("two million", "two billion"),
        ("15 of them", "5 of them"),
        ("2.5 million", "25 million"),
        ("some of them", "three of them"),
        ("no numbers at all", "40 percent"),
        ("in the seventies", "in the 1980s"),
    ],
)
def test_another_number_is_another_number(said: str, written: str) -> None:
    assert numbers_besides(written, numbers_said(said))


@given(st.integers(0, 10**12))
def test_digits_are_what_they_say_with_or_without_separators(number: int) -> None:
    assert Decimal(number) in numbers_said(f"it was {number:,} then")
    assert Decimal(number) in numbers_said(f"it was {number} then")


@given(st.text(max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    assert not numbers_besides(text, numbers_said(text))

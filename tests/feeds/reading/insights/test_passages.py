import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.reading.insights.passages import Source, full_name, passage_name, without_stutters


def named(title: str, *, speaker: str = "Ada Berg", show: str = "Second Derivative") -> str:
    return passage_name(speaker, Source(show, title))


@pytest.mark.parametrize(
    "title",
    [
        "Ada Berg on the price of free models",
        "#12: Ada Berg on the price of free models",
        "The price of free models with Ada Berg",
        "Episode 30 - The price of free models, feat. Ada Berg",
        "The price of free models (Ada Berg)",
        "Ada Berg: The price of free models",
        "The price of free models | Ada Berg",
    ],
)
def test_a_passage_is_named_for_who_spoke_and_what_the_title_says_of_it(title: str) -> None:
    assert named(title).casefold() == "ada berg on the price of free models"


@pytest.mark.parametrize("title", ["The price of free models", "Part 2: Ada Berg", "Ada Berg", "A: B: Ada Berg"])
def test_where_the_title_tells_no_subject_it_is_named_whole(title: str) -> None:
    assert named(title) == f"Ada Berg, in “{title}”"


def test_the_show_is_no_subject() -> None:
    assert named("Second Derivative: Ada Berg") == "Ada Berg, in “Second Derivative: Ada Berg”"


def test_without_a_speaker_nobody_is_named() -> None:
    assert named("The price of free models", speaker="") == "From “The price of free models”"
    assert passage_name("", Source("Second Derivative", "")) == "From Second Derivative"
    assert passage_name("Ada Berg", Source("Second Derivative", " ")) == "Ada Berg, on Second Derivative"


def test_an_endless_title_is_cut() -> None:
    name = named("word " * 100)
    assert len(name) < 150
    assert name.endswith("…”")


@pytest.mark.parametrize(
    ("said", "people", "expected"),
    [
        ("Ada", ["Ada Berg", "Tom Reyes"], "Ada Berg"),
        ("BERG", ["Ada Berg", "Tom Reyes"], "Ada Berg"),
        ("Ada", ["Ada Berg", "Ada Reyes"], "Ada"),
        ("Ada Berg", ["Ada Berg-Olsen"], "Ada Berg"),
        ("", ["Ada Berg"], ""),
    ],
)
def test_a_speaker_is_named_as_fully_as_the_episode_names_them(said: str, people: list[str], expected: str) -> None:
    assert full_name(said, people) == expected


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("Um, so the the price is, uh, too high.", "So the price is too high."),
        ("I I I think it's it's fine.", "I think it's fine."),
        ("We had we had a plan. A plan that worked.", "We had a plan. A plan that worked."),
        ("We won, we won twice, and then we won.", "We won, we won twice, and then we won."),
        ("That is a win win for her her own way.", "That is a win win for her her own way."),
        ("She said uh-huh to the hum of it.", "She said uh-huh to the hum of it."),
    ],
)
def test_stutters_go_and_every_other_word_stays(quote: str, shown: str) -> None:
    assert without_stutters(quote, language="en-US") == shown


@pytest.mark.parametrize("language", ["de", "pt-BR", ""])
def test_in_other_languages_a_quote_stays_as_it_is(language: str) -> None:
    assert without_stutters("Um das  ging es, die die kamen.", language=language) == "Um das  ging es, die die kamen."


WORDS = st.lists(st.sampled_from(["um", "the", "the", "we", "price,", "Uh,", "it's", "fell.", "–", "ﬁne", "42"]))


@given(WORDS)
def test_nothing_is_added_and_a_second_time_changes_nothing(words: list[str]) -> None:
    shown = without_stutters(" ".join(words), language="en")
    assert without_stutters(shown, language="en") == shown
    left = iter(" ".join(words).casefold().split())
    assert all(any(word.strip(",.") == one.strip(",.") for one in left) for word in shown.casefold().split())

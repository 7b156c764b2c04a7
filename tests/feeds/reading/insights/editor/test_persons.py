import pytest

from feeds.reading.insights.editor.persons import Unresolved, in_third_person
from feeds.reading.insights.editor.words import split_words


def told(text: str, *, speaker: str | None = "Ann Lee") -> str:
    words = list(enumerate(split_words(text)))
    return " ".join(one.word.core for one in in_third_person(words, speaker=speaker))


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("I think mills fail", "Ann Lee thinks mills fail"),
        ("I really think mills fail", "Ann Lee really thinks mills fail"),
        ("I don't buy grain", "Ann Lee doesn't buy grain"),
        ("I have seen mills fail", "Ann Lee has seen mills fail"),
        ("I'm sure mills fail", "Ann Lee is sure mills fail"),
        ("I'd been there", "Ann Lee had been there"),
        ("I'd go there", "Ann Lee would go there"),
        ("I saw mills fail", "Ann Lee saw mills fail"),
        ("I tried my best", "Ann Lee tried Lee's best"),
    ],
)
def test_i_becomes_the_speaker_and_the_verb_follows(said: str, printed: str) -> None:
    assert told(said) == printed


def test_the_surname_stands_from_the_second_time_on() -> None:
    assert told("I buy what I know") == "Ann Lee buys what Lee knows"


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("If you dig you find your water", "If people dig they find their water"),
        ("It costs you less", "It costs people less"),
        ("When you ask they help you", "When people ask they help them"),
        ("You're late", "people are late"),
        ("If you write it and you weren't ready", "If people write it and they weren't ready"),
        ("Your seed dries", "people's seed dries"),
        ("You teach yourself", "people teach themselves"),
    ],
)
def test_you_becomes_people(said: str, printed: str) -> None:
    assert told(said) == printed


@pytest.mark.parametrize("said", ["We dig wells", "It helps us", "They told me", "Let's dig"])
def test_a_person_whom_nobody_names_leaves_the_passage_unprinted(said: str) -> None:
    with pytest.raises(Unresolved):
        told(said)


def test_i_is_unresolved_where_nobody_knows_who_speaks() -> None:
    with pytest.raises(Unresolved):
        told("I think mills fail", speaker=None)

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.reading.insights.writeup.attribution import names_a_person
from feeds.reading.insights.writeup.cleaning import clean
from feeds.reading.insights.writeup.grammar import cores, dangles, is_question, is_whole, main_verb
from feeds.reading.insights.writeup.sentences import sentences

FERRY = (
    "So, um, the thing is, the ferry company lost money every winter. You know, everybody thought that the problem was "
    "the price. But it turned out that commuters stayed away because the last boat left at six, so that nobody who "
    "worked late could get home. Right? When they added one boat at nine, winter sales rose by 40 percent."
)
FRAMES = {"argues", "says", "estimates", "recalls", "thinks", "that"}


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[\w$%]+", text.casefold()))


@pytest.mark.parametrize(
    ("spoken", "cleaned"),
    [
        pytest.param("We, uh, moved the um mill.", "We moved the mill.", id="hesitations go with their commas"),
        pytest.param("The mill is, you know, old.", "The mill is old.", id="you know between commas goes"),
        pytest.param("Do you know how mills work.", "Do you know how mills work.", id="a real you know stays"),
        pytest.param("It is kind of slow.", "It is slow.", id="a softening kind of goes"),
        pytest.param("It is a kind of mill.", "It is a kind of mill.", id="a kind of something stays"),
        pytest.param("The mill, like, stopped.", "The mill stopped.", id="like between commas goes"),
        pytest.param("It looks like a mill.", "It looks like a mill.", id="a comparing like stays"),
        pytest.param("We had, we had the the mill.", "we had the mill.".capitalize(), id="stutters go"),
        pytest.param("When it works, it works.", "When it works, it works.", id="a repetition with sense stays"),
        pytest.param("They paid 20, 20 each.", "They paid 20, 20 each.", id="numbers are never taken for stutters"),
        pytest.param("I, we built a mill.", "we built a mill.", id="a subject left for another goes"),
        pytest.param("You can set it, I run it.", "You can set it, I run it.", id="an object before a subject stays"),
        pytest.param("[music] >> The mill (laughs) runs.", "The mill runs.", id="sound marks go"),
        pytest.param(r"The mill runs. \[laughter\]", "The mill runs.", id="escaped marks go"),
        pytest.param("It runs at night, right?", "It runs at night.", id="a tag at the end goes"),
        pytest.param("Look, the mill runs.", "the mill runs.", id="address goes"),
        pytest.param("You you're early.", "you're early.", id="a pronoun before itself goes"),
        pytest.param("The mills run on wind or whatever.", "The mills run on wind.", id="an empty tail goes"),
        pytest.param("They get to like 80 sacks.", "They get to 80 sacks.", id="like before a number goes"),
    ],
)
def test_debris_of_speech_is_cleaned_and_sense_is_kept(spoken: str, cleaned: str) -> None:
    assert clean(spoken).lower() == cleaned.lower()


@pytest.mark.parametrize(
    ("spoken", "found"),
    [
        pytest.param("Yeah. Yeah. Okay. The mill runs at night.", ["The mill runs at night."], id="back-channel goes"),
        pytest.param(
            "The mill stands. Because the wind is gone.",
            ["The mill stands because the wind is gone."],
            id="a stray because goes back to its sentence",
        ),
        pytest.param(
            "Dr. Ames runs the mill at 3.5 knots.", ["Dr. Ames runs the mill at 3.5 knots."], id="abbreviations"
        ),
        pytest.param("i think i know the mill", ["I think I know the mill"], id="a lone i is written large"),
        pytest.param(
            "runs on wind. The mill is old. We bought it from the",
            ["The mill is old."],
            id="halves at the ends of a cut are left out",
        ),
        pytest.param(
            "Right. and they had the mill which nobody in the village wanted",
            ["and they had the mill which nobody in the village wanted"],
            id="an unfinished passage is kept when it is all there is",
        ),
        pytest.param("The mill is old. It broke. The mill is old.", ["The mill is old.", "It broke."], id="repeats go"),
        pytest.param(
            "They grind wheat in those So that's why the mill was sold.",
            ["They grind wheat in those", "So that's why the mill was sold."],
            id="a sentence that was broken off ends where the next begins",
        ),
    ],
)
def test_a_passage_becomes_whole_sentences(spoken: str, found: list[str]) -> None:
    assert sentences(spoken) == found


def test_no_is_an_answer_unless_a_number_follows_it() -> None:
    assert sentences("Did the mill pay for itself? No. It lost money for ten years.") == [
        "Did the mill pay for itself?",
        "It lost money for ten years.",
    ]
    assert sentences("The council sold mill No. 4 to a baker.") == ["The council sold mill No. 4 to a baker."]


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("Small teams ship faster", True),
        ("The price of salt doubled because the road was closed", True),
        ("What they found is that salt keeps", True),
        ("The price of salt", False),
        ("The issue is that if you sell", False),
        ("If you sell salt, you need a dry room", True),
        ("If you sell salt", False),
        ("They sell it to the", False),
        ("Because of the rain", False),
    ],
)
def test_a_whole_clause_is_told_from_a_fragment(words: str, whole: bool) -> None:
    assert is_whole(words) is whole


@pytest.mark.parametrize(
    ("words", "pointing"),
    [
        ("It broke last year", True),
        ("It is hard to sell salt in summer", False),
        ("They sold the mill", True),
        ("Bakers sold the mill", False),
    ],
)
def test_a_subject_without_a_name_is_noticed(words: str, pointing: bool) -> None:
    assert dangles(words) is pointing


@pytest.mark.parametrize(
    ("speaker", "person"),
    [
        ("Ada Byron", True),
        ("Ludwig van Beethoven", True),
        ("Speaker 2", False),
        ("Host", False),
        ("ada", False),
        (None, False),
    ],
)
def test_only_a_full_name_is_taken_for_a_person(speaker: str | None, person: bool) -> None:
    assert names_a_person(speaker) is person


def test_the_main_verb_is_the_one_of_the_main_clause() -> None:
    assert main_verb(cores("the boats that left early were empty")) == 5


@pytest.mark.parametrize(
    "question",
    ["Is it late", "Would harbours lose their pilots", "why do they leave", "They leave?", "What is the price"],
)
def test_questions_are_known_without_their_mark(question: str) -> None:
    assert is_question(question)


SPOKEN_WORDS = (
    "so um and but the the a boat boats company I we you it they that's said think because if when which is are was "
    'like you know kind of right? yeah. left leaves early, price 40 percent Ada. [music] >> " ( ) - … Utrecht, , '
    "ran costs more than twice well, what to of not uh, isn't it's don’t -- I, . ? ! i"
)
SPOKEN = st.lists(st.sampled_from(SPOKEN_WORDS.split()), max_size=160).map(" ".join)


@given(st.one_of(SPOKEN, st.text(max_size=300)))
def test_cleaning_what_is_clean_changes_nothing(text: str) -> None:
    cleaned = clean(text)

    assert clean(cleaned) == cleaned

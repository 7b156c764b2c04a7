from feeds.reading.insights.editor.fillers import left_out
from feeds.reading.insights.editor.words import split_words


def without_fillers(text: str, *, gone: float = 0.0) -> str:
    words = split_words(text)
    left = left_out(words, gone=lambda _: gone)
    return " ".join(word.core for place, word in enumerate(words) if place not in left)


def test_sounds_and_phrases_that_mean_nothing_go() -> None:
    assert (
        without_fillers("The pump, um, fails when, you know, the river freezes.")
        == "The pump fails when the river freezes"
    )


def test_you_know_stays_where_somebody_knows_something() -> None:
    assert without_fillers("Once you know how pumps fail, plans change.") == "Once you know how pumps fail plans change"


def test_kind_of_stays_after_an_article() -> None:
    assert without_fillers("It is a kind of valve and it kind of leaks.") == "It is a kind of valve and it leaks"


def test_what_is_said_twice_at_once_is_printed_once() -> None:
    assert (
        without_fillers("The the mill we could we could repair stood still.") == "the mill we could repair stood still"
    )


def test_a_pronoun_begun_again_with_its_verb_is_printed_once() -> None:
    assert without_fillers("Farmers say they they're short of seed.") == "Farmers say they're short of seed"


def test_openers_go_at_the_head_of_each_sentence_but_a_later_but_stays() -> None:
    assert without_fillers("And so prices rose. But nobody sold.") == "prices rose But nobody sold"


def test_like_goes_only_where_the_network_would_delete_it_and_never_after_look() -> None:
    assert without_fillers("Mills like water.", gone=0.4) == "Mills like water"
    assert without_fillers("Mills, like, need water.", gone=0.9) == "Mills need water"
    assert without_fillers("They look like barns.", gone=0.9) == "They look like barns"

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.reading.language import FEWEST_LETTERS, language_of

SAID = {
    "en": "The queue for the grid is longer than the queue for the turbines, and nobody pays for the upgrade. ",
    "de": "Die Schlange vor dem Netz ist länger als die vor den Windrädern, und niemand bezahlt den Ausbau. ",
    "fr": "La file d'attente du réseau est plus longue que celle des éoliennes, et personne ne paie les travaux. ",
    "es": "La cola de la red es más larga que la cola de los molinos, y nadie quiere pagar las obras. ",
    "nl": "De wachtrij voor het net is langer dan die voor de windmolens, en niemand betaalt de uitbreiding. ",
    "it": "La coda per la rete è più lunga di quella per le pale eoliche, e nessuno paga i lavori. ",
    "pt": "A fila para a rede é mais longa do que a fila para as turbinas, e ninguém paga a obra. ",
    "sv": "Kön till elnätet är längre än kön till vindkraftverken, och ingen betalar för utbyggnaden. ",
    "pl": "Kolejka do sieci jest dłuższa niż kolejka do turbin, a nikt nie płaci za rozbudowę. ",
    "ja": "電力網への接続を待つ列は、風力タービンよりもずっと長く、誰も工事の費用を払おうとしないのです。",
}


@pytest.mark.parametrize("language", SAID)
def test_the_words_tell_their_language(language: str) -> None:
    assert language_of(SAID[language] * 6) == language


def test_what_was_told_stays_as_it_was_told_where_the_words_agree() -> None:
    assert language_of(SAID["en"] * 6, told="en-GB") == "en-GB"
    assert language_of(SAID["en"] * 6, told="EN_us") == "EN_us"


def test_a_feed_that_tells_another_language_is_not_believed() -> None:
    assert language_of(SAID["de"] * 6, told="en-us") == "de"


def test_among_languages_alike_whoever_tells_is_believed() -> None:
    norwegian = "Køen til strømnettet er lengre enn køen til vindmøllene, og ingen betaler for utbyggingen. " * 6
    assert language_of(norwegian, told="no") == "no"


@given(st.text(max_size=FEWEST_LETTERS - 1), st.sampled_from(["", "en", "tlh"]))
def test_a_few_words_tell_nothing_against_what_was_told(text: str, told: str) -> None:
    assert language_of(text, told=told) == told

from dataclasses import dataclass

import pytest
from pytest_django import Settings

from feeds.reading.insights.candidates import Layout
from feeds.reading.insights.editor.writer import Editor
from feeds.reading.insights.english import is_english
from feeds.reading.insights.extraction import EpisodeContext
from feeds.reading.insights.local import LocalExtractor
from feeds.reading.insights.writers import configured_writer
from feeds.reading.insights.writing import READY_FLOOR, PassageToPrint, Printed, Written, passage_at, printed
from feeds.reading.transcripts.segments import Segment
from tests.feeds.reading.insights.test_local import conversation

PASSAGE = PassageToPrint("And that is why the queue for the grid is longer than you think.", "Ada Berg", "", "")
GERMAN = PassageToPrint("Deshalb ist die Schlange am Netz länger, als man denkt, und das bleibt so.", None, "", "")


@dataclass(frozen=True)
class FixedWriter:
    """Writes the same of everything."""

    written: Written | None = None

    def write(self, passage: PassageToPrint, context: EpisodeContext) -> Written | None:
        return self.written


def fit(written: Written | None, passage: PassageToPrint = PASSAGE) -> Printed:
    return printed(FixedWriter(written), passage, EpisodeContext())


def test_what_is_ready_is_printed_as_written() -> None:
    assert fit(Written("Grids queue", "Grids have queues.", READY_FLOOR)) == Printed(
        "Grids queue", "Grids have queues.", READY_FLOOR
    )


@pytest.mark.parametrize(
    "written", [None, Written("", "Grids have queues.", 0.9), Written("Grids queue", "", 0.9), Written("", "", 0.9)]
)
def test_where_headline_or_text_is_missing_nothing_is_ready(written: Written | None) -> None:
    assert fit(written) == Printed(None, None, 0.0)


def test_below_the_floor_nothing_is_printed_and_the_chance_is_kept() -> None:
    unready = READY_FLOOR / 2
    assert fit(Written("Grids queue", "Grids have queues.", unready)) == Printed(None, None, unready)


def test_a_chance_is_between_nothing_and_certain() -> None:
    assert fit(Written("Grids queue", "Grids have queues.", 1.7)).ready == 1.0


def test_in_another_language_than_english_nothing_is_ready() -> None:
    assert fit(Written("Netze warten", "Netze warten lange.", 0.9), GERMAN) == Printed(None, None, 0.0)


@pytest.mark.parametrize(
    "text",
    [
        "Wir haben gesagt, dass die Preise steigen, weil es in den Städten zu wenige Wohnungen gibt.",
        "We hebben gezegd dat de prijzen van huizen stijgen omdat er te weinig of geen woningen zijn.",
        "Vi har sagt at priserne stiger, for der er for få boliger, og det er et problem for os alle.",
        "Nous avons dit que les prix montent parce qu'il y a trop peu de logements dans les villes.",
        "私たちは価格が上がると言いました。",
    ],
)
def test_other_languages_are_told_by_their_words_whatever_their_code_says(text: str) -> None:
    assert not is_english(text)
    assert not is_english(text, language="en-GB")


def test_english_is_told_by_its_words_unless_its_code_says_otherwise() -> None:
    assert is_english(PASSAGE.text)
    assert is_english(PASSAGE.text, language="EN_us")
    assert not is_english(PASSAGE.text, language="de")


def test_the_words_around_a_passage_are_those_of_its_turn() -> None:
    layout = Layout.of(
        [Segment("Why?", "Tom"), Segment("We waited. It paid off. So we stayed.", "Ada"), Segment("Oh.", "Tom")]
    )
    begin = layout.text.index("It paid off.")
    passage = passage_at(layout, (begin, begin + len("It paid off.")), "Ada")
    assert (passage.before.strip(), passage.text, passage.after.strip()) == (
        "We waited.",
        "It paid off.",
        "So we stayed.",
    )


def test_another_writer_writes_and_the_choice_stays() -> None:
    own = LocalExtractor().extract(conversation(), context=EpisodeContext(), limit=3)
    writer = FixedWriter(Written("Grids queue", "Grids have queues.", 0.9))
    others = LocalExtractor(writer=writer).extract(conversation(), context=EpisodeContext(), limit=3)
    silent = LocalExtractor(writer=FixedWriter()).extract(conversation(), context=EpisodeContext(), limit=3)
    assert [one.quote for one in own] == [one.quote for one in others] == [one.quote for one in silent]
    assert {(one.headline, one.text, one.ready) for one in others} == {("Grids queue", "Grids have queues.", 0.9)}
    assert {(one.headline, one.text, one.ready) for one in silent} == {(None, None, 0.0)}


@pytest.mark.usefixtures("_fresh_choices")
def test_the_writer_is_chosen_by_a_short_name_or_by_where_it_is(settings: Settings) -> None:
    settings.WRITER = "editor"
    assert isinstance(configured_writer(), Editor)
    configured_writer.cache_clear()
    settings.WRITER = f"{__name__}.FixedWriter"
    assert configured_writer() == FixedWriter()

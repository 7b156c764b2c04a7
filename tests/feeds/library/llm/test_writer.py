"""The writer against an endpoint that answers as the tests say; what arrived there is what the tests believe."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from feeds.library.llm.writer import LlmWriter
from feeds.models import LlmCall
from feeds.reading.insights.extraction import EpisodeContext
from feeds.reading.insights.writing import PassageToPrint, Written
from tests.feeds.asking.paid import asker_of
from tests.feeds.asking.provider import Answer, Body, Provider

pytestmark = pytest.mark.django_db(transaction=True)

CONTEXT = EpisodeContext(show="Kiln Hour", title="Vans at noon", guests=("Nora Feld",), people=("Nora Feld",))
PASSAGE = PassageToPrint(
    "And so at the courier firm we stopped sending the vans out half empty and waited until noon, and the fuel use "
    "fell by a third, which the big carriers cannot copy because they promise deliveries in the morning.",
    "Nora Feld",
    "",
    "",
)
HEADLINE = "Waiting until noon cut a courier's fuel use by a third"
TEXT = (
    "Nora Feld's courier firm stopped sending the vans out half empty and waited until noon, and its fuel use fell by "
    "a third. The big carriers cannot copy that, she says, because they promise deliveries in the morning."
)
EDITED = Written("Vans wait until noon", "What the editor wrote.", 0.5)


@dataclass(frozen=True)
class Editor:
    def write(self, passage: PassageToPrint, context: EpisodeContext) -> Written | None:
        return EDITED


def answer(headline: str = HEADLINE, text: str = TEXT, *, is_worth_it: bool = True) -> Answer:
    return Answer(json.dumps({"answers": [{"is_worth_it": is_worth_it, "headline": headline, "text": text}]}))


FAULTY = answer(text=TEXT.replace("a third", "87 percent"))


def asked_of(body: Body) -> str:
    told: str = body["messages"][1]["content"]
    return told


def writer(provider: Provider, *, day: str = "10", timeout: float = 20) -> LlmWriter:
    return LlmWriter(asker=asker_of(provider, day=day, timeout=timeout), editor=Editor())


def test_what_the_model_phrases_is_printed_and_paid_for_once() -> None:
    with Provider(lambda _: answer()).running() as provider:
        written = [writer(provider).write(PASSAGE, CONTEXT) for _ in range(2)]
    assert [(one.headline, one.text) for one in written if one] == [(HEADLINE, TEXT)] * 2
    assert len(provider.log) == 1
    assert LlmCall.objects.spent() == provider.charged()


def test_a_faulty_text_is_asked_again_with_its_fault_named() -> None:
    with Provider(lambda body: answer() if "earlier attempt" in asked_of(body) else FAULTY).running() as provider:
        written = writer(provider).write(PASSAGE, CONTEXT)
    assert written is not None
    assert written.text == TEXT
    assert "a number that was not said (87" in asked_of(provider.log[1].body)


def test_a_text_that_is_faulty_twice_is_withheld() -> None:
    with Provider(lambda _: FAULTY).running() as provider:
        assert writer(provider).write(PASSAGE, CONTEXT) is None
    assert len(provider.log) == 2


def test_what_the_model_finds_not_worth_it_is_withheld() -> None:
    with Provider(lambda _: answer("", "", is_worth_it=False)).running() as provider:
        assert writer(provider).write(PASSAGE, CONTEXT) is None


@pytest.mark.parametrize(
    "nothing", [Answer(status=401), Answer("no JSON"), Answer(hangs_up=True), Answer("{}", finish_reason="length")]
)
def test_where_no_usable_answer_comes_the_editor_writes(nothing: Answer) -> None:
    with Provider(lambda _: nothing).running() as provider:
        assert writer(provider).write(PASSAGE, CONTEXT) == EDITED


def test_an_endpoint_that_is_silent_is_not_waited_for_at_each_passage() -> None:
    with Provider(lambda _: Answer("{}", delay=2)).running() as provider:
        silent = writer(provider, timeout=0.5)
        other = PassageToPrint(PASSAGE.text + " Indeed.", None, "", "")
        assert [silent.write(one, CONTEXT) for one in (PASSAGE, other)] == [EDITED, EDITED]
    assert len(provider.log) == 1


def test_past_the_budget_nobody_is_asked_and_the_editor_writes() -> None:
    with Provider(lambda _: answer()).running() as provider:
        assert writer(provider, day="0.000001").write(PASSAGE, CONTEXT) == EDITED
    assert provider.log == []

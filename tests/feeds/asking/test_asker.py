"""The provider's own log is what these tests believe: what it answered, how often, and what it charged."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from pytest_django import Settings

from feeds.asking.asker import Answer as Answered
from feeds.asking.asker import PaidAsker, Unanswered, configured_asker
from feeds.asking.client import Endpoint
from feeds.asking.question import Question, marked, source_sha256
from feeds.asking.schema import list_of, rows, text_of
from feeds.models import LlmCall
from tests.feeds.asking.paid import asker_of
from tests.feeds.asking.provider import Answer, Body, Provider
from tests.feeds.conftest import Serve

SOON = 20.0


def question(*, number: int = 1) -> Question:
    text = f"Ship no. {number} sails from Bergen to Leith with 40 tons of salt."
    return Question(
        source_sha256=source_sha256(text),
        part="ports",
        prompt="Name each port.",
        material=marked("a log", text, source_sha256(text)),
        schema=list_of(6, {"port": {"type": "string", "maxLength": 40}}),
        most_output_tokens=200,
    )


def honest(_: Body) -> Answer:
    return Answer(json.dumps({"answers": [{"port": "Bergen"}, {"port": "Leith"}]}))


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider(honest).running() as running:
        yield running


def ports(answer: str) -> list[str]:
    return [text_of(row, "port") for row in rows(answer)]


def ask(asker: PaidAsker, asked: Question | None = None) -> Answered[list[str]]:
    return asker.answer(asked or question(), ports, until=time.monotonic() + SOON)


def call() -> LlmCall:
    return LlmCall.objects.get()


def in_turn(*answers: Answer) -> object:
    """Behave in this way once each, then honestly."""
    left = iter(answers)
    return lambda body: next(left, None) or honest(body)


@pytest.mark.django_db
def test_what_the_provider_charged_is_what_the_ledger_says(provider: Provider) -> None:
    assert ask(asker_of(provider)).content == ["Bergen", "Leith"]
    assert call().state == LlmCall.State.ANSWERED
    assert call().cost == provider.charged() > 0
    assert call().input_tokens and call().output_tokens


@pytest.mark.django_db
def test_the_request_is_bounded_and_strict(provider: Provider) -> None:
    ask(asker_of(provider))
    body = provider.log[0].body
    assert body["max_tokens"] == question().most_output_tokens
    assert body["response_format"]["json_schema"]["strict"] is True
    assert body["model"] == "fake"
    assert provider.log[0].headers["authorization"] == "Bearer sk-secret"


@pytest.mark.django_db
def test_what_was_set_aside_covers_what_was_charged(serve: Serve) -> None:
    provider = serve(lambda _: Answer('{"answers": []}' + " " * 4 * question().most_output_tokens))
    asker = asker_of(provider)
    most = asker.prices.cost(
        input_tokens=question().most_input_tokens(), output_tokens=question().most_output_tokens + 4
    )
    ask(asker)
    assert provider.charged() <= most


@pytest.mark.django_db
@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_provider_that_turns_away_is_asked_once_more_after_its_pause(serve: Serve, status: int) -> None:
    provider = serve(in_turn(Answer(status=status, headers={"Retry-After": "1"})))  # type: ignore[arg-type]
    begun = time.monotonic()
    ask(asker_of(provider))
    assert time.monotonic() - begun >= 1
    assert [logged.status for logged in provider.log] == [status, 200]
    assert (call().state, call().attempts, call().cost) == (LlmCall.State.ANSWERED, 2, provider.charged())


@pytest.mark.django_db
def test_it_is_asked_twice_at_most_and_later_again(serve: Serve) -> None:
    busy = Answer(status=429, headers={"Retry-After": "0"})
    provider = serve(in_turn(busy, busy))  # type: ignore[arg-type]
    with pytest.raises(Unanswered, match="429"):
        ask(asker_of(provider))
    assert (len(provider.log), call().state) == (2, LlmCall.State.TURNED_AWAY)
    assert call().cost == 0
    assert ask(asker_of(provider)).content


@pytest.mark.django_db
def test_a_long_pause_is_not_waited_out(serve: Serve) -> None:
    provider = serve(in_turn(Answer(status=429, headers={"Retry-After": "3600"})))  # type: ignore[arg-type]
    with pytest.raises(Unanswered):
        ask(asker_of(provider))
    assert len(provider.log) == 1


@pytest.mark.django_db
def test_an_endpoint_of_the_newer_kind_is_asked_in_its_way(serve: Serve) -> None:
    def newer(body: Body) -> Answer:
        is_newer = "max_completion_tokens" in body and "max_tokens" not in body and "temperature" not in body
        return honest(body) if is_newer and "maxLength" not in str(body) else Answer(status=400)

    provider = serve(newer)
    assert ask(asker_of(provider)).content
    assert [logged.status for logged in provider.log] == [400, 200]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer("no JSON"), LlmCall.State.USELESS),
        (Answer('{"answers": [', finish_reason="length"), LlmCall.State.USELESS),
        (Answer("", refusal="no"), LlmCall.State.USELESS),
        (Answer('{"answers": []}', delay=3), LlmCall.State.UNKNOWN),
        (Answer(status=502), LlmCall.State.UNKNOWN),
        (Answer(status=504), LlmCall.State.UNKNOWN),
        (Answer(hangs_up=True), LlmCall.State.UNKNOWN),
        (Answer(raw=b"<html>"), LlmCall.State.UNKNOWN),
    ],
    ids=["invalid", "truncated", "refused", "a hang", "502", "504", "hung up", "a page"],
)
def test_what_may_have_been_paid_for_is_never_asked_again(serve: Serve, answer: Answer, state: str) -> None:
    provider = serve(in_turn(answer))  # type: ignore[arg-type]
    for _ in range(3):
        with pytest.raises(Unanswered):
            ask(asker_of(provider, timeout=1))
    assert len(provider.log) == 1
    assert call().state == state
    assert call().cost >= provider.charged()


@pytest.mark.django_db
def test_an_answer_that_drips_is_cut_off_by_the_clock(serve: Serve) -> None:
    """A timeout for each byte would wait for ever."""
    import socket
    import threading

    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(100_000)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")
                try:
                    while True:
                        connection.sendall(b" ")
                        time.sleep(0.05)
                except OSError:
                    return

        threading.Thread(target=drip, daemon=True).start()
        with pytest.raises(Unanswered, match="within 1 seconds"):
            ask(asker_of(f"http://127.0.0.1:{server.getsockname()[1]}/v1", timeout=1))
    assert call().state == LlmCall.State.UNKNOWN


@pytest.mark.django_db
def test_where_tokens_are_not_counted_the_most_is(serve: Serve) -> None:
    provider = serve(lambda _: Answer('{"answers": []}', counts_tokens=False))
    asker = asker_of(provider)
    ask(asker)
    asked = question()
    most = asker.prices.cost(input_tokens=asked.most_input_tokens(), output_tokens=asked.most_output_tokens)
    assert call().cost == most


@pytest.mark.django_db
@pytest.mark.parametrize("caps", [{"day": "0.001"}, {"source": "0.001"}, {"day": "0"}])
def test_past_a_cap_nobody_is_asked(provider: Provider, caps: dict[str, str]) -> None:
    with pytest.raises(Unanswered, match="budget is spent"):
        ask(asker_of(provider, **caps))  # type: ignore[arg-type]
    assert provider.log == []
    assert not LlmCall.objects.exists()


def _ask_in_a_thread(asker: PaidAsker, asked: Question) -> bool:
    try:
        return bool(ask(asker, asked).content)
    except Unanswered:
        return False
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_twenty_workers_pay_once_for_each_question_and_all_read_the_answer(serve: Serve) -> None:
    provider = serve(lambda body: Answer(honest(body).content, delay=0.3))
    asked = [question(number=number) for number in range(4)] * 5
    with ThreadPoolExecutor(20) as workers:
        answered = list(workers.map(lambda one: _ask_in_a_thread(asker_of(provider), one), asked))
    assert all(answered)
    assert Counter(logged.key for logged in provider.answers()).most_common(1)[0][1] == 1
    assert len(provider.log) == 4


@pytest.mark.django_db(transaction=True)
def test_twenty_workers_do_not_pass_the_cap(serve: Serve) -> None:
    provider = serve(lambda body: Answer(honest(body).content, delay=0.1))
    cap = Decimal("0.005")
    with ThreadPoolExecutor(20) as workers:
        answered = list(
            workers.map(lambda n: _ask_in_a_thread(asker_of(provider, day=str(cap)), question(number=n)), range(60))
        )
    assert any(answered)
    assert not all(answered)
    assert provider.charged() <= cap
    assert LlmCall.objects.spent() == provider.charged()


def test_without_prices_no_model_is_asked(settings: Settings) -> None:
    settings.LLM_BASE_URL, settings.LLM_MODEL = "http://127.0.0.1:11434/v1", "some"
    with pytest.raises(ImproperlyConfigured, match="LLM_INPUT_PRICE"):
        configured_asker()
    settings.LLM_INPUT_PRICE = settings.LLM_OUTPUT_PRICE = Decimal(0)
    assert configured_asker().model == "some"
    settings.LLM_DAILY_BUDGET = Decimal("NaN")
    with pytest.raises(ImproperlyConfigured, match="LLM_DAILY_BUDGET"):
        configured_asker()


def test_the_key_does_not_show_when_an_endpoint_is_printed() -> None:
    assert "sk-secret" not in repr(Endpoint("http://127.0.0.1/v1", "fake", 1, "sk-secret"))

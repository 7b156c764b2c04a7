"""Asks the model under the ledger's rules: set aside, ask, settle; twice at most, never what was answered before."""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from feeds.asking import ledger
from feeds.asking.client import Endpoint, NoAnswer, Reply, TurnedAway, ask
from feeds.asking.ledger import Busy, Caps, Closed, Key, Known, Reserved
from feeds.asking.question import Prices, Question

MOST_ATTEMPTS = 2
# A longer pause than this is not waited out: whoever asks goes on without an answer.
LONGEST_WAIT = 60.0
_WAIT = 2.0
_LOOK_AGAIN = 0.2
# From the end of the call's own time until the asker is taken for dead.
_GRACE = dt.timedelta(seconds=30)

T = TypeVar("T")


class Unanswered(Exception):
    """There is no answer to be used, and the reason. `goes_on`: the next question may fare better; `is_final`: this
    one will never be answered."""

    def __init__(self, reason: str, *, goes_on: bool = False, is_final: bool = False) -> None:
        super().__init__(reason)
        self.goes_on = goes_on
        self.is_final = is_final


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """`asked_about` is what the numbers in the answer stand for, as it was when the question was paid for."""

    content: T
    asked_about: tuple[str, ...]


class Asker(Protocol):
    """Whoever knows answers; `model` is who says so."""

    @property
    def model(self) -> str: ...

    def answer(self, question: Question, read: Callable[[str], T], *, until: float) -> Answer[T]:
        """`read` raises ValueError where an answer does not fit; `until` is when to give up, by time.monotonic().

        Raise Unanswered.
        """
        ...


@dataclass(frozen=True, slots=True)
class PaidAsker:
    """Asks an endpoint and pays for it within the caps."""

    endpoint: Endpoint
    prices: Prices
    caps: Caps

    @property
    def model(self) -> str:
        return self.endpoint.model

    def answer(self, question: Question, read: Callable[[str], T], *, until: float) -> Answer[T]:
        attempt = 1
        while True:
            found = self._claimed(question, until=until)
            if isinstance(found, Known):
                return Answer(read(found.answer), found.asked_about)
            try:
                return Answer(self._paid_for(found, question, read), question.asked_about)
            except TurnedAway as error:
                wait = _WAIT if error.retry_after is None else error.retry_after
                is_over = error.is_final or attempt == MOST_ATTEMPTS or wait > LONGEST_WAIT
                if is_over or time.monotonic() + wait > until:
                    raise Unanswered(str(error)) from error
                time.sleep(wait)
            attempt += 1

    def _claimed(self, question: Question, *, until: float) -> Reserved | Known:
        """The right to ask, or the answer that somebody else got; waits for whoever asks the same now."""
        while True:
            found = ledger.reserve(
                self._key(question),
                most=self._most(question),
                caps=self.caps,
                asked_about=question.asked_about,
                now=timezone.now(),
                lease=dt.timedelta(seconds=self.endpoint.timeout) + _GRACE,
            )
            if isinstance(found, Closed):
                raise Unanswered(found.reason, is_final=found.is_final)
            if not isinstance(found, Busy):
                return found
            if time.monotonic() > until:
                raise Unanswered("another worker asks the same, and has no answer yet")
            time.sleep(_LOOK_AGAIN)

    def _paid_for(self, reserved: Reserved, question: Question, read: Callable[[str], T]) -> T:
        try:
            reply = ask(self.endpoint, question)
        except TurnedAway as error:
            ledger.turned_away(reserved, reason=str(error))
            raise
        except NoAnswer as error:
            ledger.lost(reserved, reason=str(error))
            raise Unanswered(str(error), is_final=True) from error
        content, fault = _read(reply, read)
        ledger.settle(
            reserved,
            answer=reply.text,
            fault=fault,
            cost=self._cost(reply),
            input_tokens=reply.input_tokens,
            output_tokens=reply.output_tokens,
            now=timezone.now(),
        )
        if content is None:
            raise Unanswered(fault, goes_on=True, is_final=True)
        return content

    def _key(self, question: Question) -> Key:
        return Key(
            source_sha256=question.source_sha256,
            prompt_version=question.prompt_version,
            model=self.model,
            schema_version=question.schema_version,
            part=question.part,
        )

    def _most(self, question: Question) -> Decimal:
        return self.prices.cost(input_tokens=question.most_input_tokens(), output_tokens=question.most_output_tokens)

    def _cost(self, reply: Reply) -> Decimal | None:
        if reply.input_tokens is None or reply.output_tokens is None:
            return None
        return self.prices.cost(input_tokens=reply.input_tokens, output_tokens=reply.output_tokens)


def _read(reply: Reply, read: Callable[[str], T]) -> tuple[T | None, str]:
    """The content, or what is wrong with it."""
    if reply.fault:
        return None, reply.fault
    try:
        return read(reply.text), ""
    except ValueError as error:
        return None, f"invalid: {error}"


def configured_asker(*, most_of_day: Decimal = Decimal(1), source_budget: str | None = None) -> PaidAsker:
    """The asker that the settings LLM_… describe; raise ImproperlyConfigured where no cap could be held by them.

    It leaves the rest of the day's budget to others; `source_budget` names the setting that says what all questions
    about one source may cost, where anything but the day's budget bounds them.
    """
    for name in ("LLM_BASE_URL", "LLM_MODEL"):
        if not getattr(settings, name):
            raise ImproperlyConfigured(f"Asking a language model needs {name}.")
    if settings.LLM_INPUT_PRICE is None or settings.LLM_OUTPUT_PRICE is None:
        raise ImproperlyConfigured(
            "Give LLM_INPUT_PRICE and LLM_OUTPUT_PRICE, per million tokens (0 for a model of your own): "
            "without them no budget can be held."
        )
    return PaidAsker(
        Endpoint(
            base_url=settings.LLM_BASE_URL,
            model=settings.LLM_MODEL,
            api_key=settings.LLM_API_KEY,
            timeout=settings.LLM_TIMEOUT,
        ),
        Prices(input=_money("LLM_INPUT_PRICE"), output=_money("LLM_OUTPUT_PRICE")),
        Caps(
            day=_money("LLM_DAILY_BUDGET") * most_of_day,
            source=_money(source_budget) if source_budget else None,
        ),
    )


def _money(name: str) -> Decimal:
    value = Decimal(getattr(settings, name))
    if not value.is_finite() or value < 0:
        raise ImproperlyConfigured(f"{name} is {value}; it must be an amount of money.")
    return value

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from feeds.asking.ledger import Busy, Caps, Closed, Key, Known, Reserved, lost, reserve, settle, turned_away
from feeds.models import LlmCall

NOW = dt.datetime(2026, 11, 23, 6, 0, tzinfo=dt.UTC)
LEASE = dt.timedelta(minutes=2)
DAY, SOURCE = Decimal("1.00"), Decimal("0.40")
CAPS = Caps(day=DAY, source=SOURCE)


def key(source: str = "a", part: str = "chunk 1 of 1", *, model: str = "fake") -> Key:
    return Key(source * 64, "p1", model, "s1", part)


def claim(one: Key | None = None, *, most: str = "0.10", now: dt.datetime = NOW) -> Reserved | Known | Busy | Closed:
    return reserve(one or key(), most=Decimal(most), caps=CAPS, asked_about=["said"], now=now, lease=LEASE)


def answered(reserved: Reserved | Known | Busy | Closed, *, cost: str | None = "0.02", fault: str = "") -> None:
    assert isinstance(reserved, Reserved)
    paid = None if cost is None else Decimal(cost)
    settle(reserved, answer="{}", fault=fault, cost=paid, input_tokens=10, output_tokens=2, now=NOW)


pytestmark = pytest.mark.django_db


def test_an_answer_is_read_again_and_costs_what_it_cost() -> None:
    answered(claim())
    assert claim() == Known("{}", ("said",))
    assert LlmCall.objects.spent_on(NOW.date()) == Decimal("0.02")


@pytest.mark.parametrize(
    "other", [key("b"), key(part="chunk 2 of 2"), key(model="other"), Key("a" * 64, "p2", "fake", "s1", "chunk 1 of 1"),
              Key("a" * 64, "p1", "fake", "s2", "chunk 1 of 1")],
)  # fmt: skip
def test_another_transcript_part_prompt_model_or_schema_is_another_question(other: Key) -> None:
    answered(claim())
    assert isinstance(claim(other), Reserved)


def test_while_one_asks_the_others_wait() -> None:
    claim()
    assert claim(now=NOW + LEASE / 2) == Busy(NOW + LEASE)


def test_whoever_died_asking_is_counted_at_the_most_and_not_asked_again() -> None:
    claim()
    assert isinstance(claim(now=NOW + LEASE), Closed)
    assert LlmCall.objects.get().state == LlmCall.State.UNKNOWN
    assert LlmCall.objects.spent() == Decimal("0.10")


def test_an_answer_that_comes_after_its_lease_is_kept_all_the_same() -> None:
    reserved = claim()
    claim(now=NOW + LEASE)
    answered(reserved)
    assert isinstance(claim(now=NOW + LEASE), Known)
    assert LlmCall.objects.spent() == Decimal("0.02")


def test_a_question_that_was_turned_away_costs_nothing_and_may_be_asked_again() -> None:
    first = claim()
    assert isinstance(first, Reserved)
    turned_away(first, reason="429")
    assert LlmCall.objects.spent() == 0
    second = claim()
    assert second == Reserved(first.call_id, 2)
    answered(first)  # a straggler of the first attempt: it is not the one that is asked now
    assert LlmCall.objects.get().state == LlmCall.State.RESERVED


def test_a_useless_answer_is_paid_for_and_final() -> None:
    answered(claim(), fault="refused")
    assert claim() == Closed("asked before: refused", is_final=True)
    assert LlmCall.objects.spent() == Decimal("0.02")


def test_an_answer_of_unknown_cost_is_counted_at_the_most() -> None:
    answered(claim(), cost=None)
    assert LlmCall.objects.spent() == Decimal("0.10")


def test_the_caps_of_source_and_day_hold_to_the_last_millionth() -> None:
    assert isinstance(claim(key(part="1"), most="0.399999"), Reserved)
    assert claim(key(part="2"), most="0.000002") == Closed("the source's budget is spent", is_final=False)
    assert isinstance(claim(key(part="2"), most="0.000001"), Reserved)
    assert isinstance(claim(key("b"), most="0.40"), Reserved)
    assert claim(key("c"), most="0.200001") == Closed("the day's budget is spent", is_final=False)
    assert isinstance(claim(key("c"), most="0.2"), Reserved)


def test_a_new_day_in_utc_has_a_budget_of_its_own_but_an_episode_has_one_for_ever() -> None:
    claim(key("a"), most="0.40")
    claim(key("b"), most="0.40")
    tomorrow = NOW.replace(hour=0) + dt.timedelta(days=1)
    assert isinstance(claim(key("c"), most="0.40", now=tomorrow - dt.timedelta(seconds=1)), Closed)
    assert isinstance(claim(key("c"), most="0.40", now=tomorrow), Reserved)
    assert claim(key("a", "2"), most="0.01", now=tomorrow) == Closed("the source's budget is spent", is_final=False)


class Spending(RuleBasedStateMachine):
    """Any course of claims, answers, losses and deaths keeps what is charged within what is counted, and both within
    the caps; no question is charged twice."""

    def __init__(self) -> None:
        super().__init__()
        LlmCall.objects.get_queryset().delete()
        self.now = NOW
        self.open: list[tuple[Reserved, Key, Decimal]] = []
        self.charged: dict[Key, Decimal] = {}

    @rule(source=st.sampled_from("abc"), part=st.sampled_from("12"), cents=st.integers(1, 30))
    def asks(self, source: str, part: str, cents: int) -> None:
        most = Decimal(cents) / 100
        reserved = claim(key(source, part), most=str(most), now=self.now)
        if isinstance(reserved, Reserved):
            assert key(source, part) not in self.charged
            self.open.append((reserved, key(source, part), most))

    @rule(end=st.sampled_from(["answered", "useless", "turned away", "lost", "died"]), share=st.integers(0, 100))
    def ends(self, end: str, share: int) -> None:
        if not self.open:
            return
        reserved, one, most = self.open.pop(0)
        cost = most * share / 100
        if end != "turned away":
            self.charged[one] = cost
        if end in ("answered", "useless"):
            answered(reserved, cost=str(cost), fault="" if end == "answered" else "refused")
        elif end == "turned away":
            turned_away(reserved, reason="429")
        elif end == "lost":
            lost(reserved, reason="no answer")

    @rule(seconds=st.integers(1, 200))
    def time_passes(self, seconds: int) -> None:
        self.now += dt.timedelta(seconds=seconds)
        self.open = [one for one in self.open if seconds < LEASE.total_seconds()]

    @invariant()
    def the_caps_hold(self) -> None:
        counted = LlmCall.objects.spent()
        assert sum(self.charged.values(), Decimal(0)) <= counted <= DAY
        for source in "abc":
            assert LlmCall.objects.filter(source_sha256=source * 64).spent() <= SOURCE


def test_the_caps_hold_whatever_becomes_of_the_calls() -> None:
    run_state_machine_as_test(Spending, settings=settings(max_examples=25, stateful_step_count=25, deadline=None))

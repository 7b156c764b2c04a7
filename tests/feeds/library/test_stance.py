from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from feeds.library.related.judged import stances_beside
from feeds.library.related.on_page import ways_on
from feeds.library.related.stance import judge_waiting, waiting
from feeds.models import Insight, LlmCall, RelatedStances, Stance
from tests.factories import make_feed
from tests.feeds.asking.paid import asker_of
from tests.feeds.asking.provider import Answer, Body, Provider
from tests.feeds.library.test_related import ASIDE, CONSUMPTION, PRICES, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def prices() -> Iterator[Insight]:
    """The one that waits: the others are too old to be judged."""
    cache.clear()
    old = timezone.now() - dt.timedelta(days=30)
    for text in [*ASIDE, CONSUMPTION]:
        said(text, created_at=old)
    yield said(PRICES, make_feed(title="Cloud Talk"))
    cache.clear()


def judging(stance_of: Callable[[str], str]) -> Callable[[Body], Answer]:
    def behave(body: Body) -> Answer:
        candidates = re.findall(r"candidate (\d+)\n([^\n]+)", body["messages"][1]["content"])
        rows = [{"candidate": int(number), "stance": stance_of(text)} for number, text in candidates]
        return Answer(json.dumps({"answers": rows}))

    return behave


def judge(provider: Provider) -> int:
    return judge_waiting(now=timezone.now(), limit=10, asker=asker_of(provider))


def test_each_candidate_is_judged_once_and_the_page_says_how_it_stands(prices: Insight, client: Client) -> None:
    with Provider(judging(lambda text: "disputes" if "bets" in text else "apart")).running() as provider:
        assert judge(provider) == 1
        assert judge(provider) == 0
    assert len(provider.log) == 1
    assert Stance.DISPUTES in stances_beside(prices).values()
    page = client.get(prices.get_absolute_url()).content.decode()
    assert "Disputes it</p>\n  <h3" in page
    assert "is a judgement of software" in page
    assert LlmCall.objects.spent() == provider.charged()


def test_where_nothing_was_judged_the_page_speaks_of_no_judgement(prices: Insight, client: Client) -> None:
    page = client.get(prices.get_absolute_url()).content.decode()
    assert "Also said elsewhere" in page
    assert "judgement" not in page


def test_what_makes_another_point_leaves_the_page(prices: Insight) -> None:
    before = {one.insight.pk for one in ways_on(prices).elsewhere}
    cache.clear()  # as an hour does
    with Provider(judging(lambda text: "apart" if "bets" in text else "echoes")).running() as provider:
        judge(provider)
    apart = {pk for pk, stance in stances_beside(prices).items() if stance is Stance.APART}
    assert apart & before
    assert {one.insight.pk for one in ways_on(prices).elsewhere} == before - apart


@pytest.mark.parametrize("content", ['{"answers": [{"candidate": 1, "stance": "loves"}]}', "no JSON"])
def test_an_answer_of_no_use_is_not_paid_for_twice(prices: Insight, content: str) -> None:
    with Provider(lambda _: Answer(content)).running() as provider:
        judge(provider)
        judge(provider)
    assert len(provider.log) == 1
    assert stances_beside(prices) == {}


def test_a_provider_that_turns_away_is_asked_again_by_the_next_sweep(prices: Insight) -> None:
    answers = iter([Answer(status=503, headers={"Retry-After": "0"})] * 2)
    behave = judging(lambda _: "adds")
    with Provider(lambda body: next(answers, None) or behave(body)).running() as provider:
        assert judge(provider) == 0
        assert list(waiting(timezone.now())) == [prices]
        assert judge(provider) == 1


def test_judging_leaves_most_of_the_days_budget_to_extraction(prices: Insight, settings: Settings) -> None:
    with Provider(judging(lambda _: "adds")).running() as provider:
        settings.LLM_BASE_URL, settings.LLM_MODEL = provider.base_url, "fake"
        settings.LLM_INPUT_PRICE, settings.LLM_OUTPUT_PRICE = Decimal(1), Decimal(4)
        settings.LLM_DAILY_BUDGET, settings.LLM_EPISODE_BUDGET = Decimal("0.012"), Decimal(0)
        now = timezone.now()
        LlmCall.objects.create(source_sha256="a" * 64, part="x", asked_at=now, expires_at=now, cost=Decimal("0.004"))
        assert judge_waiting(now=now, limit=10) == 0
        settings.LLM_DAILY_BUDGET = Decimal("0.06")
        assert judge_waiting(now=now, limit=10) == 1


def test_without_a_model_nobody_is_asked(prices: Insight) -> None:
    assert judge_waiting(now=timezone.now(), limit=10) == 0
    assert not RelatedStances.objects.exists()

import pytest
from django.utils import timezone

from accounts.models import User
from briefs.choosing.candidates import load
from briefs.edition.compose import choose
from briefs.models import Interest
from feeds.models import Insight
from feeds.reading.embeddings import embedder
from tests.factories import make_insight, make_user

pytestmark = pytest.mark.django_db

CLAIMS = [
    "Japanese factories use robots because the workforce is ageing, and unions welcomed them",
    "Bitcoin miners sell the heat of their machines to greenhouses in winter",
    "Central banks raise rates to slow inflation, at the price of jobs",
    "Sourdough starters keep for years when they are fed with rye flour",
]


@pytest.fixture(autouse=True)
def _said() -> None:
    for claim, vector in zip(CLAIMS, embedder().embed(CLAIMS), strict=True):
        make_insight(claim, embedding=vector, text=claim, speaker="Ada Berg" if "rye" in claim else "")


def ask(text: str, *, is_muted: bool = False) -> User:
    user = make_user()
    Interest.objects.create(user=user, text=text, is_muted=is_muted)
    return user


def told(user: User) -> list[tuple[str, str, str]]:
    composed = choose([user.pk], now=timezone.now(), candidates=load(now=timezone.now()))[0]
    return [(Insight.objects.get(pk=one.insight_id).headline, one.reason, one.detail) for one in composed.items]


def test_an_interest_in_their_own_words_brings_what_it_means_and_nothing_else() -> None:
    assert told(ask("robots in Japanese factories")) == [(CLAIMS[0], "interest", "robots in Japanese factories")]


def test_what_is_not_wanted_is_left_out_and_the_rest_is_open() -> None:
    headlines = {headline for headline, _, _ in told(ask("not bitcoin"))}
    assert headlines == set(CLAIMS) - {CLAIMS[1]}


def test_a_muted_text_is_left_out_as_well() -> None:
    headlines = {headline for headline, _, _ in told(ask("Bitcoin", is_muted=True))}
    assert headlines == set(CLAIMS) - {CLAIMS[1]}


def test_a_name_brings_what_that_person_said() -> None:
    assert told(ask("ada berg")) == [(CLAIMS[3], "interest", "ada berg")]


def test_a_name_of_nothing_that_was_said_brings_nothing() -> None:
    assert told(ask("medieval shipbuilding")) == []

import pytest
from django.utils import timezone

from accounts.models import User
from briefs.choosing.candidates import load
from briefs.edition.compose import choose
from briefs.models import Interest
from feeds.models import Insight
from feeds.reading.embeddings import embedder
from tests.factories import make_episode, make_insight, make_topic, make_user

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


def test_the_first_brief_holds_the_answer_to_a_wish_and_shares_the_rest_among_the_topics() -> None:
    wish = "how open source maintainers are paid"
    answer = "Open source maintainers are paid by companies that need their code kept safe"
    (vector,) = embedder().embed([answer])
    make_insight(answer, embedding=vector, text=answer, salience=0.2)
    for number in range(6):
        make_insight(f"Chip makers court buyer {number}", topics=["AI & machine learning"], salience=0.95)
        make_insight(f"Exchange {number} lost its keys", topics=["Crypto"], salience=0.95)
    user = ask(wish)
    for name in ("AI & machine learning", "Crypto"):
        Interest.objects.create(user=user, topic=make_topic(name))
    items = told(user)
    assert items[0] == (answer, "interest", wish)
    assert sorted(detail for _, _, detail in items[1:]) == ["AI & machine learning"] * 2 + ["Crypto"] * 2


def test_an_episode_gives_a_brief_one_insight() -> None:
    episode = make_episode()
    for number in range(3):
        make_insight(f"Rates bite borrower {number}", topics=["Economics"], episode=episode)
    user = make_user()
    Interest.objects.create(user=user, topic=make_topic("Economics"))
    assert len(told(user)) == 1

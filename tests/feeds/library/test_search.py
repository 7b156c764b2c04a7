import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from feeds.library.search import Query, fuse, search
from feeds.models import Insight
from feeds.reading.embeddings import embedder
from tests.factories import make_episode, make_feed, make_insight

pytestmark = pytest.mark.django_db


def told(headline: str, **fields: object) -> Insight:
    """An insight whose vector is that of its headline."""
    (vector,) = embedder().embed([headline])
    return make_insight(headline, text=f"{headline}.", quote="", embedding=vector, **fields)  # type: ignore[arg-type]


def found(query: Query) -> list[int]:
    return list(search(query).ids)


def test_words_are_found_in_headline_text_and_quote() -> None:
    in_headline = make_insight("Kumquat prices follow the weather")
    in_text = make_insight(text="The farmer says that kumquats store badly, so nobody speculates in them.")
    in_quote = make_insight(quote="We planted a kumquat and we waited.")
    make_insight("Nothing of that kind")
    assert set(found(Query(words="kumquat"))) == {in_headline.pk, in_text.pk, in_quote.pk}


def test_a_word_in_the_headline_counts_for_more_than_one_in_the_quote() -> None:
    in_quote = make_insight(quote="We planted a kumquat and we waited.")
    in_headline = make_insight("Kumquat prices follow the weather")
    assert found(Query(words="kumquat")) == [in_headline.pk, in_quote.pk]


def test_meaning_is_found_without_a_common_word() -> None:
    near = told("Central banks raise interest rates to slow inflation")
    told("A sourdough starter needs feeding twice a day")
    assert found(Query(words="monetary tightening to fight rising prices")) == [near.pk]


def test_what_both_words_and_meaning_find_comes_first() -> None:
    told("Monetary tightening slows the economy")
    both = told("Inflation falls when central banks raise rates")
    make_insight("Inflation", text="A balloon and its inflation.", quote="")
    assert found(Query(words="inflation central bank rates"))[0] == both.pk


def test_nothing_near_is_nothing_found() -> None:
    told("A sourdough starter needs feeding twice a day")
    assert found(Query(words="antitrust law in aviation")) == []


def test_without_words_the_newest_come_first() -> None:
    old = make_insight(episode=make_episode(published_at=timezone.now() - dt.timedelta(days=2)))
    new = make_insight()
    assert found(Query(since=dt.date(2000, 1, 1))) == [new.pk, old.pk]


@pytest.mark.parametrize("words", ["", "tariffs"])
def test_filters_narrow_by_topic_show_and_speaker(words: str) -> None:
    wanted = told("Tariffs are paid at home", topics=["Economics"], speaker="Ada Berg", feed=make_feed("Alpha"))
    told("Tariffs are paid at home, says another", topics=["History"], speaker="Bo Lind", feed=make_feed("Beta"))
    topic, show = wanted.topics.get(), wanted.episode.feed
    for query in (Query(words, topic=topic), Query(words, show=show.slug), Query(words, speaker="ada b")):
        assert found(query) == [wanted.pk], query


@pytest.mark.parametrize(("hour", "is_found"), [(0, True), (23, True), (24, False), (-1, False)])
def test_both_ends_of_a_range_of_days_are_included(hour: int, is_found: bool) -> None:
    midnight = dt.datetime(2026, 3, 4, tzinfo=dt.UTC)
    make_insight(episode=make_episode(published_at=midnight + dt.timedelta(hours=hour, minutes=30)))
    day = dt.date(2026, 3, 4)
    assert bool(found(Query(since=day, until=day))) is is_found


@pytest.mark.parametrize(
    "words",
    [
        '"unclosed',
        "or and -",
        "a' OR 1=1 --",
        "\\",
        "%_%",
        "🙂",
        "&|!()<->:*",
        "x" * 300,
        "'; DROP TABLE feeds_insight; --",
    ],
)
def test_any_words_are_only_words(client: Client, words: str) -> None:
    make_insight()
    assert client.get("/search/", {"q": words}).status_code == 200


def test_a_null_character_is_refused_in_words(client: Client) -> None:
    page = client.get("/search/", {"q": "a\x00b"}).content.decode()
    assert "Null characters are not allowed." in page


def test_an_unreadable_filter_is_named_and_nothing_is_searched(client: Client) -> None:
    made = make_insight()
    page = client.get("/search/", {"q": made.headline, "since": "yesterday", "topic": "no-such-topic"}).content.decode()
    assert "This is no date. One looks like 2026-11-20." in page
    assert "one of the filters above cannot be read" in page
    assert made.get_absolute_url() not in page


def test_a_search_without_result_offers_itself_without_filters_and_the_topics(client: Client) -> None:
    make_insight(topics=["Economics"])
    page = client.get("/search/", {"q": "antitrust aviation", "until": "2001-01-01"}).content.decode()
    assert "Nothing found for “antitrust aviation”" in page
    assert "?q=antitrust%20aviation" in page
    assert "/topics/economics/" in page


def test_the_filters_stand_in_words_above_what_they_let_through(client: Client) -> None:
    made = make_insight(topics=["Economics"], speaker="Ada Berg")
    asked = {"topic": "economics", "speaker": "ada <b>", "since": "2020-02-03", "until": "2030-12-31"}
    assert "Narrowed to Economics, said by ada &lt;b&gt;, since 3 Feb 2020, until 31 Dec 2030" in _page(client, asked)
    assert "Narrow it down" in _page(client, {"q": made.headline})


def _page(client: Client, asked: dict[str, str]) -> str:
    return client.get("/search/", asked).content.decode()


def test_an_empty_search_explains_itself(client: Client) -> None:
    assert "Ask in words or in a sentence" in client.get("/search/").content.decode()


def test_paging_keeps_the_question(client: Client) -> None:
    for number in range(21):
        make_insight(f"Kumquat and co, claim {number}")
    page = client.get("/search/", {"q": "kumquat & co", "topic": ""}).content.decode()
    assert 'href="?q=kumquat+%26+co&amp;topic=&amp;page=2"' in page
    assert client.get("/search/?q=kumquat+%26+co&topic=&page=2").status_code == 200


# Fusion ----------------------------------------------------------------------------------------------------------

rankings = st.lists(st.lists(st.integers(0, 50), unique=True, max_size=20), max_size=4)


@given(rankings)
def test_fusion_keeps_every_item_once(given_rankings: list[list[int]]) -> None:
    fused = fuse(given_rankings)
    assert sorted(fused) == sorted({item for ranking in given_rankings for item in ranking})


@given(st.lists(st.integers(), unique=True, max_size=30))
def test_one_ranking_alone_is_kept_as_it_is(ranking: list[int]) -> None:
    assert fuse([ranking]) == fuse([ranking, ranking]) == fuse([ranking, []]) == ranking


@given(rankings)
def test_what_leads_every_ranking_leads_the_fusion(given_rankings: list[list[int]]) -> None:
    led = [[-1, *ranking] for ranking in given_rankings]
    assert not led or fuse(led)[0] == -1


def test_second_in_both_beats_first_in_one() -> None:
    assert fuse([[1, 2], [3, 2]])[0] == 2

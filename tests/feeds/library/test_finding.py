from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from feeds.library.finding.names import names_among
from feeds.library.finding.narrowing import narrowings
from feeds.library.finding.question import Question, parse_question
from feeds.library.finding.vocabulary import meant, renew_vocabulary, trigrams
from feeds.library.search import Query, search
from feeds.models import Episode, Feed, Insight, SearchWord
from feeds.templatetags.where_said import marked
from tests.factories import make_episode, make_feed, make_insight

pytestmark = pytest.mark.django_db


def found(words: str) -> list[int]:
    return list(search(Query(words=words)).ids)


def plain(headline: str, **fields: object) -> Insight:
    return make_insight(headline, text=f"{headline}.", quote="", **fields)  # type: ignore[arg-type]


# What was typed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("carbon prices", Question(("carbon", "prices"))),
        ('"carbon prices" fail', Question(("fail",), ("carbon prices",))),
        ("bitcoin -mining", Question(("bitcoin",), (), ("mining",))),
        ('bitcoin -"proof of work"', Question(("bitcoin",), (), ("proof of work",))),
        ("well-known self-hosting", Question(("well-known", "self-hosting"))),
        ("why, exactly?", Question(("why", "exactly"))),
        ('"unclosed words', Question(("unclosed", "words"))),
        ('- && %_% ""', Question()),
    ],
)
def test_a_question_is_read_as_words_phrases_and_what_must_not_be_said(typed: str, question: Question) -> None:
    assert parse_question(typed) == question


@given(st.text())
def test_whatever_is_typed_is_read_and_every_part_says_something(typed: str) -> None:
    question = parse_question(typed)
    for part in (*question.words, *question.phrases, *question.unwanted):
        assert any(map(str.isalnum, part))


def test_a_phrase_is_obeyed_by_meaning_too() -> None:
    exact = plain("Central banks raise rates when prices climb")
    plain("Banks that are central to a town raise its rates")
    assert found('"central banks" raise rates') == [exact.pk]


def test_what_stands_behind_a_minus_is_in_nothing_that_is_found() -> None:
    wanted = plain("Bitcoin is held by treasuries")
    plain("Bitcoin miners heat greenhouses")
    assert found("bitcoin -miners") == [wanted.pk]


def test_a_question_that_only_says_what_not_to_find_gets_a_sentence(client: Client) -> None:
    page = client.get("/search/", {"q": "-bitcoin"}).content.decode()
    assert "There is no word in this that could be looked for." in page


def test_a_question_that_is_too_long_gets_a_sentence(client: Client) -> None:
    page = client.get("/search/", {"q": "x" * 301}).content.decode()
    assert "A question has at most 300 characters, this one 301: shorten it." in page


# Names -----------------------------------------------------------------------------------------------------------


def test_people_shows_and_episodes_are_found_by_name() -> None:
    feed = make_feed("Latent Harbour")
    one = plain("Tides follow the moon", episode=make_episode("The Pull of Water", feed=feed), speaker="Pieter Wolde")
    plain("Yeast turns sour")
    for asked in ("Pieter", "wolde", "latent harbour", "Pull of Water", "Pieter tides"):
        assert found(asked) == [one.pk], asked


def test_a_name_made_of_little_words_is_found() -> None:
    one = plain("Tides follow the moon", episode=make_episode(feed=make_feed("How Is It So")))
    assert one.pk in found("how is it so")


def test_a_new_title_is_found_and_the_old_one_is_not() -> None:
    feed = make_feed("Latent Harbour")
    one = plain("Tides follow the moon", episode=make_episode("Ebbing", feed=feed))
    Feed.objects.filter(pk=feed.pk).update(title="Quiet Wharf")
    Episode.objects.filter(pk=one.episode_id).update(title="Flooding")
    assert found("quiet wharf") == found("flooding") == [one.pk]
    assert search(Query(words="latent harbour")).said == ()
    one.refresh_from_db()
    one.save()
    assert found("quiet wharf") == [one.pk]


def test_what_is_named_stands_apart_with_its_page(client: Client) -> None:
    feed = make_feed("Latent Harbour")
    plain("Tides follow the moon", episode=make_episode("The Latent Pull", feed=feed), speaker="Ada Latent")
    page = client.get("/search/", {"q": "latent harbour"}).content.decode()
    assert feed.get_absolute_url() in page.partition("By this name")[2]
    named = names_among(search(Query(words="latent")).said, "latent")
    # In a single word hardly anybody means an episode.
    assert [(one.kind, one.name) for one in named] == [("Person", "Ada Latent"), ("Show", "Latent Harbour")]


# Mistyped --------------------------------------------------------------------------------------------------------


def test_a_mistyped_word_finds_what_was_meant_and_the_page_says_so(client: Client) -> None:
    one = plain("Inflation eats savings", speaker="Iris Huberman")
    renew_vocabulary()
    assert found("infaltion") == found("hubermn") == [one.pk]
    assert "Read as “huberman”." in client.get("/search/", {"q": "hubermn"}).content.decode()


def test_a_word_that_is_not_typed_to_its_end_finds_the_commonest_that_begins_so() -> None:
    for number in range(2):
        plain(f"Inflation eats purse {number}")
    plain("Inflamed knees want rest")
    renew_vocabulary()
    assert meant(["infla"]) == ["inflation"]


def test_known_words_and_words_unlike_all_others_are_left_alone() -> None:
    plain("Prices rise where supplies are short")
    renew_vocabulary()
    assert meant(["price", "supply", "rising", "xylophone", "of"]) == ["price", "supply", "rising", "xylophone", "of"]


def test_without_a_vocabulary_words_are_read_as_typed() -> None:
    assert meant(["infaltion"]) == ["infaltion"]


def test_words_of_what_is_not_public_are_not_suggested() -> None:
    plain("Zymurgy pays", episode=make_episode(feed=make_feed(is_private=True)))
    plain("Quixotic plans fail", hidden_at=timezone.now())
    plain("Prices rise")
    renew_vocabulary()
    words = set(SearchWord.objects.values_list("word", flat=True))
    assert "prices" in words
    assert not words & {"zymurgy", "zymurgi", "quixotic", "quixot"}


@given(st.text(alphabet="abcdefgh", min_size=1, max_size=12))
def test_a_word_shares_most_of_its_trigrams_with_itself_misspelt(word: str) -> None:
    assert set(trigrams(word)) & set(trigrams(word + "x"))


# Narrowing down --------------------------------------------------------------------------------------------------


def test_filters_say_how_many_they_keep_and_keep_them(client: Client) -> None:
    harbour, wharf = make_feed("Harbour"), make_feed("Wharf")
    old = timezone.now() - dt.timedelta(days=60)
    for number in range(3):
        plain(f"Kumquats store badly {number}", episode=make_episode(feed=harbour), topics=["Economics"])
    plain(
        "Kumquats freeze",
        episode=make_episode(feed=wharf, published_at=old),
        topics=["History"],
        speaker="Bo Lind",
        language="sv",
    )
    findings = search(Query(words="kumquats"))
    told = {
        one.field: [(choice.name, choice.count) for choice in one.choices]
        for one in narrowings(findings.ids, today=timezone.now().date())
    }
    assert told["show"] == [("Harbour", 3), ("Wharf", 1)]
    assert told["topic"] == [("Economics", 3), ("History", 1)]
    assert told["speaker"] == [("Ada Berg", 3), ("Bo Lind", 1)]
    assert told["language"] == [("en", 3), ("sv", 1)]
    assert told["since"] == [("the last 7 days", 3), ("the last 30 days", 3), ("the last year", 4)]
    page = client.get("/search/", {"q": "kumquats"}).content.decode()
    assert f'href="?q=kumquats&amp;show={wharf.slug}"' in page
    kept = client.get("/search/", {"q": "kumquats", "show": wharf.slug}).content.decode()
    assert "1 insight on “kumquats”" in kept
    assert "1 insight on “kumquats”" in client.get("/search/", {"q": "kumquats", "language": "sv"}).content.decode()


def test_what_all_share_narrows_nothing_down() -> None:
    one = plain("Kumquats store badly", topics=["Economics"])
    assert narrowings([one.pk], today=timezone.now().date()) == []


# Marked ----------------------------------------------------------------------------------------------------------


def test_the_words_asked_for_are_marked_in_headline_and_text(client: Client) -> None:
    make_insight("Kumquat prices <follow> the weather", text="The farmer stores kumquats badly & sells them.")
    page = client.get("/search/", {"q": "kumquats"}).content.decode()
    assert "<mark>Kumquat</mark> prices &lt;follow&gt; the weather" in page
    assert "stores <mark>kumquats</mark> badly &amp; sells" in page


@given(st.text(alphabet="ab<>&\ue000\ue001 "))
def test_no_sign_in_a_text_opens_anything_but_a_mark(text: str) -> None:
    shown = marked(text)
    assert shown.count("<mark>") == shown.count("</mark>")
    assert "<" not in shown.replace("<mark>", "").replace("</mark>", "")
    assert "\ue000" not in shown
    assert "\ue001" not in shown

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from feeds.library.filing import classified
from feeds.models import Insight
from feeds.reading.embeddings import LocalEmbedder, TokenStates, Vectors, embedder, local_embedder
from feeds.reading.topics import BRIEF_FLOOR, Surroundings, TopicScore, classify, classify_in_context
from feeds.reading.topics.catalogue import TOPICS
from feeds.reading.topics.context import MOST_PARTS, STRETCH_WORDS, STRETCHES, Logits, Material, stretches
from feeds.reading.topics.weighing import COMBINATIONS, NEEDS, Known, chances, features, known, weigh
from tests.factories import make_episode, make_feed, unit_vector

VAGUE = "They gave it away, because nobody would have paid for it anyway."
ABOUT_CHIPS = Surroundings(
    show="The Fab Floor",
    about_show="How semiconductors are made, and what becomes of the machines that make them.",
    episode="Why lithography is the bottleneck",
    transcript="A wafer goes through the scanner forty times, and the yield of the chip falls at every layer. " * 60,
)


def score_of(slug: str, scores: list[TopicScore]) -> float:
    return next((score.score for score in scores if score.slug == slug), 0.0)


def test_a_vague_claim_is_filed_by_what_was_said_around_it() -> None:
    (alone,) = classify([VAGUE])
    (around,) = classify_in_context([VAGUE], [""], context=ABOUT_CHIPS)
    assert score_of("hardware-robotics", around) > max(BRIEF_FLOOR, score_of("hardware-robotics", alone) + 0.2)


def test_a_clear_claim_keeps_its_topic_in_foreign_company() -> None:
    clear = "Bitcoin wallets hold private keys, and whoever loses the keys loses the coins."
    (around,) = classify_in_context([clear], [""], context=ABOUT_CHIPS)
    assert around[0].slug == "crypto"


def test_small_talk_has_no_topic_in_any_company() -> None:
    assert classify_in_context(["Hello and welcome back."], [""], context=replace(ABOUT_CHIPS, transcript="")) == [[]]


def test_without_any_context_the_episode_changes_nothing() -> None:
    text = "Central banks raised interest rates to curb inflation."
    assert classify_in_context([text], [""], context=Surroundings()) == classify([text])


def test_vectors_at_hand_save_embedding_the_texts_again() -> None:
    texts = [VAGUE, "Robots weld faster than people, but people repair the robots."]
    again = classify_in_context(texts, ["", "weld faster"], context=ABOUT_CHIPS, vectors=embedder().embed(texts))
    assert again == classify_in_context(texts, ["", "weld faster"], context=ABOUT_CHIPS)


@pytest.mark.django_db
def test_insights_are_filed_each_with_its_own_episode() -> None:
    coins = make_episode(
        "Why blockchains fork", feed=make_feed("The Ledger", description="Bitcoin, wallets and the protocols below.")
    )
    sleep = make_episode(
        "What insomnia costs", feed=make_feed("The Night Shift", description="Sleep, and the medicine of it.")
    )
    vague = "What looks like one problem is two, and the second is mended only after the first."
    clear = "Bitcoin wallets hold private keys, and whoever loses the keys loses the coins."
    mixed = [(coins, vague), (sleep, vague), (coins, clear)]
    found = classified([Insight(episode=episode, headline=text, text=text, quote=text) for episode, text in mixed])
    of_coins, of_sleep, _ = ([topic.slug for topic in one.topics] for one in found)
    assert "crypto" in of_coins
    assert "crypto" not in of_sleep


class Elsewhere:
    """An embedder that the topics have not learned with."""

    model = "elsewhere"

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.tile(unit_vector("elsewhere"), (len(texts), 1))

    def token_reader(self) -> None:
        return None


class SameModel:
    """The model of the learned numbers, run in another way."""

    model = LocalEmbedder.model
    read_so_far = 0

    def __init__(self) -> None:
        self._local = LocalEmbedder()

    def embed(self, texts: Sequence[str]) -> Vectors:
        return self._local.embed(texts)

    def token_reader(self) -> SameModel:
        return self

    def read(self, texts: Sequence[str]) -> list[TokenStates]:
        SameModel.read_so_far += len(texts)
        return self._local.read(texts)


@pytest.fixture
def choose_embedder(settings: Settings) -> Iterator[Callable[[type], None]]:
    """The embedder is loaded anew, and again after the test."""

    def choose(embedder_class: type) -> None:
        settings.EMBEDDER = f"{embedder_class.__module__}.{embedder_class.__name__}"
        embedder.cache_clear()
        local_embedder.cache_clear()

    yield choose
    embedder.cache_clear()
    local_embedder.cache_clear()


@pytest.mark.django_db
def test_another_embedder_searches_and_the_topics_stay_what_they_are(choose_embedder: Callable[[type], None]) -> None:
    clear = "Bitcoin wallets hold private keys, and whoever loses the keys loses the coins."
    insight = Insight(episode=make_episode(), headline=clear, text=clear, quote=clear)
    (before,) = classified([insight])
    choose_embedder(Elsewhere)
    (after,) = classified([insight])
    assert after.topics == before.topics
    assert after.insight.embedding_model == "elsewhere"


@pytest.mark.django_db
def test_an_embedder_that_can_read_tokens_by_the_learned_model_does_so(choose_embedder: Callable[[type], None]) -> None:
    insight = Insight(episode=make_episode(), headline=VAGUE, text=VAGUE, quote=VAGUE)
    (before,) = classified([insight])
    choose_embedder(SameModel)
    (after,) = classified([insight])
    assert SameModel.read_so_far == 1
    assert after.topics == before.topics
    assert np.array_equal(after.insight.embedding, before.insight.embedding)


def test_what_is_to_be_read_comes_back_in_its_place() -> None:
    context = Surroundings(show="S", about_show="About.", episode="E", transcript="word " * 200)
    material = Material(["One short claim. And four words more here.", "Alone."], ["a quote", " "], context)
    texts = material.to_read()
    rows = np.arange(len(texts), dtype=np.float32)[:, None]
    logits = material.by_kind(rows)
    named = {float(row): text for row, text in zip(rows[:, 0], texts, strict=True)}
    assert [named[row] for row in logits.texts[:, 0]] == list(material.texts)
    assert [named[row] for row in logits.parts[1][:, 0]] == ["Alone."]
    assert [named[row] for row in logits.quotes[0][:, 0]] == ["a quote"]
    assert not len(logits.quotes[1])
    assert [named[row] for row in logits.stretches[:, 0]] == stretches(context.transcript)
    assert named[logits.title[0, 0]] == "S. E"
    assert named[logits.show[0, 0]] == "S. About."


@given(words=st.integers(0, 5000))
def test_stretches_are_few_and_made_of_the_transcripts_own_words(words: int) -> None:
    transcript = " ".join(map(str, range(words)))
    found = stretches(transcript)
    assert len(found) <= STRETCHES
    assert all(stretch in transcript and len(stretch.split()) <= STRETCH_WORDS for stretch in found)
    if words <= STRETCHES * STRETCH_WORDS:
        assert " ".join(found) == transcript or len(found) == STRETCHES


def test_a_long_text_is_read_by_its_first_sentences_only() -> None:
    material = Material(["This is one of very many sentences. " * 40], [""], None)
    assert len(material.to_read()) == 1 + MOST_PARTS


def _logits(make: Callable[[int], np.ndarray], *, insights: int, stretched: int, of_one_episode: bool) -> Logits:
    return Logits(
        texts=make(insights),
        parts=[make(2) for _ in range(insights)],
        quotes=[make(1 if row % 2 else 0) for row in range(insights)],
        stretches=make(stretched),
        title=make(1 if of_one_episode else 0),
        show=make(0),
        are_of_one_episode=of_one_episode,
    )


@given(
    seed=st.integers(0, 2**32 - 1),
    insights=st.integers(1, 5),
    stretched=st.integers(0, 3),
    of_one_episode=st.booleans(),
    scale=st.sampled_from([0.1, 3.0, 80.0]),
)
def test_chances_are_chances_whatever_was_read(
    seed: int, insights: int, stretched: int, of_one_episode: bool, scale: float
) -> None:
    rng = np.random.default_rng(seed)
    logits = _logits(
        lambda count: (rng.standard_normal((count, len(TOPICS))) * scale).astype(np.float32),
        insights=insights,
        stretched=stretched,
        of_one_episode=of_one_episode,
    )
    weights = rng.uniform(0, 0.3, (COMBINATIONS, len(NEEDS) + 1)).astype(np.float32)
    likely = weigh(logits, weights)
    assert likely.shape == (insights, len(TOPICS))
    assert ((likely >= 0) & (likely <= 1)).all()
    met = np.array([[need in has for need in NEEDS] for has in known(logits)])
    assert (features(logits)[~np.broadcast_to(met[:, None, :], features(logits).shape)] == 0).all()


def test_an_insight_alone_has_no_others_to_be_like() -> None:
    nothing = np.zeros((0, 2), dtype=np.float32)
    alone = Logits(chances(np.zeros((1, 2), np.float32)), [nothing], [nothing], nothing, nothing, nothing, True)
    assert known(alone) == [Known(0)]

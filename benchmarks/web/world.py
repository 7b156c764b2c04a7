"""A site of made-up insights, as many as wanted: shows, episodes of ten, one or two topics each, words and meanings."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from django.db import connection
from django.utils import timezone
from numpy.typing import NDArray
from tqdm import tqdm

from feeds.library.filing import fingerprint
from feeds.library.finding.vocabulary import renew_vocabulary
from feeds.library.related.stored import to_keep
from feeds.models import Episode, Feed, Insight, InsightReading, InsightTopic, Topic
from feeds.reading.embeddings import TokenStates, embedding_text, local_embedder

SHOWS, PEOPLE, AN_EPISODE, A_DAY = 200, 3000, 10, 50
_BATCH = 2000
_READ = 400
_SPREAD = 0.05
_VOCABULARY = (
    "water mill flood harvest gravel wheel price rate bond market bank loan miner block fee channel node model layer "
    "token weight prompt agent nurse sleep light protein heart bone nerve vote law court tax border treaty army trade "
    "steel solar grid turbine battery forest river ocean rocket orbit lens novel actor stage match coach league "
    "teacher school exam city street house rent farm seed soil recipe oven spice ticket route airport museum choir drum"
)
_WORDS = _VOCABULARY.split()
_VERBS = ("lowers", "raises", "outlives", "replaces", "delays", "explains", "decides", "limits", "pays", "breaks")

Floats = NDArray[np.float32]


def fill(insights: int) -> None:
    chance = random.Random(1)
    episodes = _episodes(insights // AN_EPISODE)
    # Some hundred sentences are really read; the others have their meanings, a little moved.
    texts = [_sentence(chance) for _ in range(_READ)]
    states = local_embedder().read([embedding_text(headline, text) for headline, text in texts])
    topics = list(Topic.objects.all())
    noise = np.random.default_rng(1)
    with _without_slow_indexes():
        for start in tqdm(range(0, insights, _BATCH), unit_scale=_BATCH, unit="insights"):
            places = range(start, min(insights, start + _BATCH))
            rows = [_insight(n, episodes[n // AN_EPISODE], texts, states, chance=chance, noise=noise) for n in places]
            stored = Insight.objects.bulk_create(rows)
            _beside(stored, places, states, topics, chance)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    renew_vocabulary()


def _episodes(count: int) -> Sequence[Episode]:
    feeds = Feed.objects.bulk_create(
        Feed(url=f"https://show{n}.example/feed", slug=f"show-{n}", title=f"The {_WORDS[n % len(_WORDS)]} hour {n}")
        for n in range(SHOWS)
    )
    now = timezone.now()
    return Episode.objects.bulk_create(
        [
            Episode(
                feed=feeds[n % SHOWS],
                guid=str(n),
                title=f"Number {n}, on {_WORDS[n % len(_WORDS)]}",
                published_at=now - dt.timedelta(days=n // A_DAY, minutes=n % A_DAY),
                audio_url=f"https://show{n % SHOWS}.example/{n}.mp3",
                duration_seconds=3600,
                state=Episode.State.DONE,
            )
            for n in range(count)
        ],
        batch_size=_BATCH,
    )


def _sentence(chance: random.Random) -> tuple[str, str]:
    one, two, three, four = chance.sample(_WORDS, 4)
    verb, other = chance.sample(_VERBS, 2)
    headline = f"The {one} {verb} the {two} wherever a {three} is near"
    return headline, (
        f"Where a {three} is near, the {one} {verb} the {two}, and the {four} {other} it in turn; of twelve that were "
        f"counted over two winters, nine ended that way, and the rest lost their {four} before the spring."
    )


def _insight(
    number: int,
    episode: Episode,
    texts: Sequence[tuple[str, str]],
    states: Sequence[TokenStates],
    *,
    chance: random.Random,
    noise: np.random.Generator,
) -> Insight:
    headline, text = texts[number % _READ]
    headline, text = f"{headline} {number}", f"{text} That was case {number}."
    moved: Floats = states[number % _READ].vector + noise.normal(0, _SPREAD, len(states[0].vector)).astype(np.float32)
    return Insight(
        episode=episode,
        headline=headline,
        text=text,
        quote=f"I think that the {chance.choice(_WORDS)} settles it, and that was case {number}.",
        speaker=f"Ada Berg{number % PEOPLE}",
        start=float(number % AN_EPISODE * 300),
        salience=chance.random(),
        language="en",
        extractor="local",
        quote_verified=True,
        fingerprint=fingerprint(text),
        embedding=moved / np.linalg.norm(moved),
        embedding_model=local_embedder().model,
    )


def _beside(
    stored: Sequence[Insight],
    places: Sequence[int],
    states: Sequence[TokenStates],
    topics: Sequence[Topic],
    chance: random.Random,
) -> None:
    InsightTopic.objects.bulk_create(
        InsightTopic(insight=one, topic=topic, score=0.9)
        for one in stored
        for topic in chance.sample(topics, chance.choice((1, 1, 2)))
    )
    InsightReading.objects.bulk_create(
        to_keep(one, states[place % _READ]) for one, place in zip(stored, places, strict=True)
    )


@contextmanager
def _without_slow_indexes() -> Iterator[None]:
    """Made once at the end, they take a fraction of the time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'feeds_insight' AND indexdef ~ 'hnsw|gin'"
        )
        found = dict(cursor.fetchall())
        for name in found:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for definition in found.values():
            cursor.execute(definition)

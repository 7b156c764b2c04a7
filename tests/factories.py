"""One function for each kind of row, with defaults that make sense together; every field can be given.

`make_insight()` alone makes its episode and its show. Vectors are real units: `unit_vector("tea")` is always the
same, `unit_vector("tea", near=other, cosine=0.9)` lies at that cosine from `other`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.utils import timezone
from django.utils.text import slugify
from numpy.typing import NDArray

from accounts.models import User
from briefs.models import Brief, BriefItem
from feeds.models import Episode, Feed, Insight, InsightTopic, Topic, Transcript
from feeds.polling.transcripts import publisher
from feeds.reading.transcripts.segments import Segment, plain_text

_number = itertools.count(1)


def unit_vector(
    seed: str | int, *, near: NDArray[np.float32] | None = None, cosine: float = 0.9
) -> NDArray[np.float32]:
    digest = hashlib.sha256(str(seed).encode()).digest()
    vector = np.random.default_rng(int.from_bytes(digest[:8])).standard_normal(384)
    vector /= np.linalg.norm(vector)
    if near is not None:
        base = near.astype(np.float64)
        aside = vector - (vector @ base) * base
        vector = cosine * base + np.sqrt(1 - cosine**2) * aside / np.linalg.norm(aside)
    return vector.astype(np.float32)


def make_user(email: str = "", *, confirmed: bool = True, **fields: Any) -> User:
    """A confirmed subscriber at 07:00 UTC every day."""
    fields.setdefault("confirmed_at", timezone.now() if confirmed else None)
    return User.objects.create_user(email or f"reader{next(_number)}@example.com", **fields)


def make_topic(name: str = "Economics", **fields: Any) -> Topic:
    """The topic of that name: the one the migrations made, where there is one."""
    defaults = {"slug": slugify(name), "description": f"All about {name}.", "position": 100 + next(_number)}
    return Topic.objects.get_or_create(name=name, defaults=defaults | fields)[0]


def make_feed(title: str = "", **fields: Any) -> Feed:
    number = next(_number)
    title = title or f"Show {number}"
    slug = slugify(title)[:60] or "show"
    defaults = {"url": f"https://feeds.example.com/{number}.xml", "slug": f"{slug}-{number}", "language": "en"}
    return Feed.objects.create(title=title, **defaults | fields)


def make_episode(title: str = "", *, feed: Feed | None = None, **fields: Any) -> Episode:
    """An hour's episode with audio, published two hours ago and processed one hour ago."""
    number = next(_number)
    now = timezone.now()
    defaults: dict[str, Any] = {
        "guid": f"guid-{number}",
        "link": f"https://shows.example.com/episodes/{number}",
        "published_at": now - dt.timedelta(hours=2),
        "processed_at": now - dt.timedelta(hours=1),
        "duration_seconds": 3600,
        "audio_url": f"https://cdn.example.com/{number}.mp3",
        "audio_type": "audio/mpeg",
        "language": "en",
        "state": Episode.State.DONE,
    }
    return Episode.objects.create(feed=feed or make_feed(), title=title or f"Episode {number}", **defaults | fields)


def make_transcript(episode: Episode | None = None, *, segments: Sequence[Segment], **fields: Any) -> Transcript:
    text = plain_text(segments)
    defaults: dict[str, Any] = {
        "source": publisher.CALLED,
        "segments": [[one.body, one.speaker, one.start, one.end] for one in segments],
        "text": text,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }
    return Transcript.objects.create(episode=episode or make_episode(), **defaults | fields)


def make_insight(
    headline: str = "",
    *,
    episode: Episode | None = None,
    feed: Feed | None = None,
    topics: Sequence[Topic | str] = (),
    **fields: Any,
) -> Insight:
    """A verified insight at 23:41, of a new episode of `feed` unless `episode` is given; `topics` by row or by name."""
    number = next(_number)
    headline = headline or f"Claim number {number} has a reason of its own"
    text = fields.pop("text", f"{headline}, because of what happened in case {number}, the guest argues at length.")
    defaults: dict[str, Any] = {
        "quote": f"I think that what happened in case {number} settles it.",
        "speaker": "Ada Berg",
        "start": 1421.0,
        "end": 1433.5,
        "salience": 0.7,
        "language": "en",
        "extractor": "local",
        "quote_verified": True,
        "fingerprint": hashlib.sha256(text.encode()).hexdigest(),
        "embedding": unit_vector(f"insight {number}"),
        "embedding_model": "all-MiniLM-L6-v2",
    }
    insight = Insight.objects.create(
        episode=episode or make_episode(feed=feed), headline=headline, text=text, **defaults | fields
    )
    for topic in topics:
        row = make_topic(topic) if isinstance(topic, str) else topic
        InsightTopic.objects.create(insight=insight, topic=row, score=0.8)
    return insight


def make_passage(quote: str = "", **fields: Any) -> Insight:
    """What no writer made anything of: a quote and nothing else."""
    insight = make_insight(**{"quote": quote or f"So, um, the the thing was case {next(_number)}.", **fields})
    Insight.objects.filter(pk=insight.pk).update(headline="", text="", ready=0.02)
    insight.refresh_from_db()
    return insight


def make_brief(user: User | None = None, *, insights: Sequence[Insight] = (), **fields: Any) -> Brief:
    """Today's brief, sent an hour ago, with the insights in their order."""
    now = timezone.now()
    defaults: dict[str, Any] = {
        "day": now.date(),
        "state": Brief.State.SENT,
        "due_at": now - dt.timedelta(hours=1),
        "considered_until": now - dt.timedelta(hours=1),
        "sent_at": now - dt.timedelta(hours=1),
        "subject": insights[0].headline if insights else "",
    }
    brief = Brief.objects.create(user=user or make_user(), **defaults | fields)
    for position, insight in enumerate(insights, start=1):
        BriefItem.objects.create(
            brief=brief, insight=insight, position=position, reason=BriefItem.Reason.BEST, score=1.0
        )
    return brief

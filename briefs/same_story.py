"""Which candidates tell the same: near-duplicates, and stories that several shows told on the same days."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from briefs.ranking import SAME, Floats, Ints
from feeds.embeddings import embedding_text
from feeds.models import Insight
from feeds.related.reading import Reading, read
from feeds.stories import SAME_SUBJECT, StoryInsight, group_stories

# Reading word for word takes 20 ms an insight; the nearest pairs are the likeliest stories.
_READ_AT_MOST = 200


def same_story(insights: Sequence[Insight], vectors: Floats) -> Ints:
    """(n,): equal numbers for those of which one is enough; a number is the lowest column that bears it."""
    cosine = vectors @ vectors.T
    numbers = _near_duplicates(cosine)
    shows = np.array([insight.episode.feed_id for insight in insights])
    columns = _worth_reading(cosine, shows)
    for story in group_stories([_story_insight(column, insights[column]) for column in columns]):
        members = [story.lead, *story.voices]
        numbers[np.isin(numbers, numbers[members])] = numbers[members].min()
    return numbers


def _near_duplicates(cosine: Floats) -> Ints:
    numbers = np.arange(len(cosine))
    for column in range(1, len(cosine)):
        earlier = np.flatnonzero(cosine[column, :column] >= SAME)
        if len(earlier):
            numbers[column] = numbers[earlier[0]]
    return numbers


def _worth_reading(cosine: Floats, shows: Ints) -> list[int]:
    """Columns with a near neighbour in another show, the nearest first."""
    if not len(cosine):
        return []
    nearest = np.where(np.equal.outer(shows, shows), -1, cosine).max(axis=1)
    near = np.flatnonzero(nearest >= SAME_SUBJECT)
    return sorted(near[np.argsort(-nearest[near], kind="stable")][:_READ_AT_MOST].tolist())


def _story_insight(column: int, insight: Insight) -> StoryInsight:
    return StoryInsight(
        id=column,
        podcast=str(insight.episode.feed_id),
        published_at=insight.episode.published_at,
        salience=insight.salience,
        reading=_reading(embedding_text(insight.headline, insight.text)),
    )


@lru_cache(maxsize=2000)
def _reading(text: str) -> Reading:
    return read([text])[0]

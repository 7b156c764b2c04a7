"""Which candidates tell the same: near-duplicates, and stories that several shows told on the same days."""

from collections.abc import Sequence

import numpy as np

from briefs.choosing.ranking import SAME, Floats, Ints
from briefs.choosing.stories import StoryInsight, group_stories
from feeds.library.related.stored import readings
from feeds.models import Insight
from feeds.reading.related.reading import Reading

# Stories are found by words within their surroundings; the vectors of the bare texts only say where to look. Comparing
# takes memory, and the nearest to another show's are the likeliest.
_WORTH_COMPARING = 0.35
_COMPARED_AT_MOST = 600


def same_story(insights: Sequence[Insight], vectors: Floats) -> Ints:
    """(n,): equal numbers for those of which one is enough; a number is the lowest column that bears it."""
    cosine = vectors @ vectors.T
    numbers = _near_duplicates(cosine)
    columns = _worth_comparing(cosine, np.array([insight.episode.feed_id for insight in insights]))
    read = readings([insights[column].pk for column in columns])
    compared = [_story_insight(column, insights[column], read[insights[column].pk]) for column in columns]
    for story in group_stories(compared):
        members = [story.lead, *story.voices]
        numbers[np.isin(numbers, numbers[members])] = numbers[members].min()
    return numbers


def near_duplicates(vectors: Floats) -> Ints:
    """Likewise, by the nearness of their texts alone."""
    return _near_duplicates(vectors @ vectors.T)


def _near_duplicates(cosine: Floats) -> Ints:
    numbers = np.arange(len(cosine))
    for column in range(1, len(cosine)):
        earlier = np.flatnonzero(cosine[column, :column] >= SAME)
        if len(earlier):
            numbers[column] = numbers[earlier[0]]
    return numbers


def _worth_comparing(cosine: Floats, shows: Ints) -> list[int]:
    """Columns with a neighbour in another show."""
    if not len(cosine):
        return []
    nearest = np.where(np.equal.outer(shows, shows), -1, cosine).max(axis=1)
    near = np.flatnonzero(nearest >= _WORTH_COMPARING)
    return sorted(near[np.argsort(-nearest[near], kind="stable")][:_COMPARED_AT_MOST].tolist())


def _story_insight(column: int, insight: Insight, reading: Reading) -> StoryInsight:
    return StoryInsight(
        id=column,
        podcast=str(insight.episode.feed_id),
        published_at=insight.episode.published_at,
        salience=insight.salience,
        reading=reading,
    )

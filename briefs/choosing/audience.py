"""Profiles to the arrays that ranking works on."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from briefs.choosing.candidates import Candidates
from briefs.choosing.interests import Profile, Wish, taste
from briefs.choosing.ranking import FOLLOWED_SHOW, MUTED, OPEN, SAME, Audience, Floats, Ints, Pairs
from feeds.reading.embeddings import Vectors

# How much the direction of the votes weighs beside a topic's full relevance, 1.
TASTE = np.float32(0.5)


_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class History:
    """What was sent to each subscriber, and up to when their candidates were considered."""

    since: Mapping[int, dt.datetime]
    sent: Mapping[int, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The distinct free texts of some subscribers, and how well each candidate matches each: (k, n), 0 for not."""

    wishes: tuple[Wish, ...]
    match: Floats


@dataclass(frozen=True, slots=True)
class Remembered:
    """Vectors of insights that were sent or voted on, by insight id; they may long have left the candidates."""

    row_of: Mapping[int, int]
    vectors: Vectors


def gather(
    profiles: Sequence[Profile],
    candidates: Candidates,
    *,
    history: History,
    vocabulary: Vocabulary,
    remembered: Remembered,
) -> Audience:
    """One row for each profile, in order."""
    number = {wish: index for index, wish in enumerate(vocabulary.wishes)}
    return Audience(
        topics=_topics(profiles, candidates),
        taste=TASTE * _tastes(profiles, remembered),
        groups=_groups(profiles, candidates),
        since=np.array([history.since[one.user_id].timestamp() for one in profiles], dtype=np.float64),
        surprises=np.array([one.surprises and one.asks_for_something for one in profiles], dtype=np.bool_),
        wishes=_pairs([number[wish] for wish in one.wishes if not wish.refused] for one in profiles),
        refusals=_pairs([number[wish] for wish in one.wishes if wish.refused] for one in profiles),
        wish_match=vocabulary.match,
        told=_told(profiles, candidates, history, remembered),
        likes=_pairs(
            [remembered.row_of[one.insight_id] for one in profile.opinions if one.weight > 0] for profile in profiles
        ),
        like_vectors=remembered.vectors,
    )


def _topics(profiles: Sequence[Profile], candidates: Candidates) -> Floats:
    weights = np.zeros((len(profiles), candidates.pool.topics.shape[1]), dtype=np.float32)
    numbers = candidates.topic_numbers
    for row, profile in enumerate(profiles):
        # A topic may be younger than the candidates.
        for topic_id in profile.topics.keys() & numbers.keys():
            weights[row, numbers[topic_id]] = profile.topics[topic_id]
        for topic_id in profile.muted_topics & numbers.keys():
            weights[row, numbers[topic_id]] = MUTED
    return weights


def _groups(profiles: Sequence[Profile], candidates: Candidates) -> Floats:
    feeds = np.array([feed_id for feed_id, _ in candidates.groups], dtype=np.int64)
    languages = np.array([language for _, language in candidates.groups], dtype=object)
    members_only = np.isin(feeds, list(candidates.members_only))
    bonus = np.zeros((len(profiles), len(feeds)), dtype=np.float32)
    for row, profile in enumerate(profiles):
        if not profile.asks_for_something:
            bonus[row] = OPEN
        followed = np.isin(feeds, list(profile.shows))
        bonus[row, followed] = FOLLOWED_SHOW
        bonus[row, members_only & ~followed] = MUTED
        bonus[row, np.isin(feeds, list(profile.muted_shows))] = MUTED
        if profile.languages:
            bonus[row, ~np.isin(languages, [*profile.languages, ""])] = MUTED
    return bonus


def _tastes(profiles: Sequence[Profile], remembered: Remembered) -> Floats:
    return np.array([taste(one, remembered.row_of, remembered.vectors) for one in profiles], dtype=np.float32)


def _told(profiles: Sequence[Profile], candidates: Candidates, history: History, remembered: Remembered) -> Pairs:
    """Columns that were sent or voted on before, say the same as one that was, or tell its story."""
    known = {one.user_id: _known(one, history) for one in profiles}
    closed = _closed_by(set().union(*known.values()), candidates, remembered)
    return _pairs(
        sorted(set().union(*(closed.get(insight_id, frozenset()) for insight_id in known[one.user_id])))
        for one in profiles
    )


def _known(profile: Profile, history: History) -> frozenset[int]:
    return history.sent.get(profile.user_id, frozenset()) | {one.insight_id for one in profile.opinions}


def _closed_by(insight_ids: Iterable[int], candidates: Candidates, remembered: Remembered) -> dict[int, frozenset[int]]:
    """For each insight the columns that must not follow it, where there are any."""
    ids = sorted(insight_ids)
    closed: dict[int, set[int]] = defaultdict(set)
    members = _members(candidates.stories)
    for start in range(0, len(ids), _AT_ONCE):
        rows = [remembered.row_of[insight_id] for insight_id in ids[start : start + _AT_ONCE]]
        near = remembered.vectors[rows] @ candidates.pool.vectors.T >= SAME
        for row, column in np.argwhere(near):
            closed[ids[start + row]] |= members[int(candidates.stories[column])]
    return {insight_id: frozenset(columns) for insight_id, columns in closed.items()}


def _members(stories: Ints) -> dict[int, frozenset[int]]:
    found: dict[int, list[int]] = {}
    for column, story in enumerate(stories):
        found.setdefault(int(story), []).append(column)
    return {story: frozenset(columns) for story, columns in found.items()}


def _pairs(others: Iterable[Sequence[int]]) -> Pairs:
    rows: list[int] = []
    columns: list[int] = []
    for row, found in enumerate(others):
        rows.extend([row] * len(found))
        columns.extend(found)
    return Pairs(np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64))

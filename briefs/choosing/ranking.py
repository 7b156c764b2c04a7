"""Who gets which five, and why: pure arrays in, columns and reason codes out.

Every subscriber is scored against every candidate by two matrix products; what remains is masks, a place for each wish
that has an answer, and rounds of "take the best, push away what is like it". Work goes by blocks of subscribers, so
memory is a block's, not the audience's. Whatever touches all of a block is done in place and without a branch: a cell
costs no more than its way through the cache.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from briefs.choosing.places import FIVE, NEVER, Places

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

# Enough rows for the products to run at full speed, few enough to stay in the cache beside 3,000 candidates.
BLOCK = 256

# Added to the relevance of what is muted: nothing else can outweigh it.
MUTED = np.float32(-1e6)
# What topics, wishes, shows and votes must come to together. A topic of which the classifier is sure enough to send
# for it passes; votes let a less sure one in, and keep a surer one out.
BAR = np.float32(0.4)
FOLLOWED_SHOW = np.float32(0.6)
# For subscribers who asked for nothing in particular: everything is let in but what they clearly voted against.
OPEN = BAR + np.float32(0.3)


# Above this cosine two insights say the same; between unrelated ones it stays below 0.35.
SAME = 0.80
# A liked insight this near may be named as the reason.
ALIKE = 0.45
# A surprise only where a brief would else be short, and never as most of it.
SURPRISE_FROM = 3


class Why(IntEnum):
    NONE = 0
    TOPIC = 1
    INTEREST = 2
    SHOW = 3
    VOTES = 4
    BEST = 5
    SURPRISE = 6


@dataclass(frozen=True, slots=True)
class Pairs:
    """A sparse relation between subscribers (rows, ascending) and something else by number."""

    rows: Ints
    others: Ints

    def within(self, start: int, stop: int) -> tuple[Ints, Ints]:
        """Rows counted from `start`, and their others."""
        first, last = np.searchsorted(self.rows, [start, stop])
        return self.rows[first:last] - start, self.others[first:last]

    def of(self, rows: Ints) -> tuple[Ints, Ints]:
        """Places in `rows`, which ascend, and their others."""
        first, last = np.searchsorted(self.rows, rows), np.searchsorted(self.rows, rows, side="right")
        counts = last - first
        offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return np.repeat(np.arange(len(rows)), counts), self.others[np.repeat(first, counts) + offsets]


@dataclass(frozen=True, slots=True)
class Pool:
    """The candidates, in the order of their arrival: n insights, t topics, g groups of show and language."""

    ids: Ints
    vectors: Floats  # (n, 384), unit
    topics: Floats  # (n, t), 0 where it is not on the topic
    merit: Floats  # (n,), quality and freshness: the same for everyone
    arrived: NDArray[np.float64]  # (n,), ascending
    groups: Ints  # (n,)
    shows: Ints  # (n,)
    repulsion: Floats  # (n, n), inf where two must not share a brief


@dataclass(frozen=True, slots=True)
class Audience:
    """The subscribers: s rows; k wishes (free texts), l liked insights between them."""

    topics: Floats  # (s, t), weight of a followed topic, MUTED, else 0
    taste: Floats  # (s, 384), from votes
    groups: Floats  # (s, g), FOLLOWED_SHOW, MUTED, OPEN, else 0
    since: NDArray[np.float64]  # (s,), considered up to here
    surprises: Flags  # (s,), wants one
    wishes: Pairs  # to rows of wish_match
    refusals: Pairs  # likewise: free texts they do not want
    wish_match: Floats  # (k, n), 0 where the wish does not match
    told: Pairs  # to columns of the pool: sent before, or saying what was sent before
    likes: Pairs  # to rows of like_vectors
    like_vectors: Floats  # (l, 384)

    def __len__(self) -> int:
        return len(self.since)


@dataclass(frozen=True, slots=True)
class Picks:
    """Per subscriber up to five columns of the pool, best first, -1 where there is none.

    `details` names the topic, wish, group or like by its number, as `why` says; -1 where there is nothing to name.
    """

    columns: Ints  # (s, 5)
    why: NDArray[np.int8]  # (s, 5)
    details: Ints  # (s, 5)
    scores: Floats  # (s, 5)


def rank(pool: Pool, audience: Audience, *, block: int = BLOCK, threads: int = 1) -> Picks:
    """Pick for every subscriber; the result does not depend on `threads`."""
    blocks = [(start, min(start + block, len(audience))) for start in range(0, len(audience), block)]
    if not blocks or not len(pool.ids):
        return _nothing(len(audience))
    layout = _Layout(
        np.ascontiguousarray(pool.vectors.T),
        on_topic=[np.flatnonzero(scores) for scores in pool.topics.T],
        answers=[np.flatnonzero(match) for match in audience.wish_match],
    )
    with ThreadPoolExecutor(threads) as workers:
        parts = list(workers.map(lambda bounds: _rank_block(pool, audience, layout, *bounds), blocks))
    return Picks(
        np.concatenate([part.columns for part in parts]),
        np.concatenate([part.why for part in parts]),
        np.concatenate([part.details for part in parts]),
        np.concatenate([part.scores for part in parts]),
    )


def asked_for(pool: Pool, audience: Audience) -> Floats:
    """(s, n): the scores of what a topic or a wish asks for and nothing closes; NEVER for all others."""
    relevance = _relevance(pool, audience, 0, len(audience))
    _close_what_was_shown(relevance, pool, audience, 0, len(audience))
    scores = audience.taste @ pool.vectors.T + relevance
    wanted = np.maximum(audience.topics, 0) @ pool.topics.T
    for row, wish in zip(audience.wishes.rows, audience.wishes.others, strict=True):
        wanted[row] += audience.wish_match[wish]
    asked: Floats = np.where((wanted > 0) & (scores >= BAR), scores + pool.merit, NEVER).astype(np.float32)
    return asked


def repulsion(vectors: Floats, *, shows: Ints, episodes: Ints, stories: Ints, topics: Floats) -> Floats:
    """How much each candidate, once picked, pushes away each other: (n, n), inf for one point, story or episode."""
    cosine = vectors @ vectors.T
    away = np.maximum(cosine - 0.25, 0) * np.float32(0.5)
    away += np.equal.outer(shows, shows) * np.float32(0.06)
    main = topics.argmax(axis=1)
    away += np.equal.outer(main, main) * np.float32(0.12)
    away[cosine >= SAME] = np.inf
    away[np.equal.outer(stories, stories)] = np.inf
    away[np.equal.outer(episodes, episodes)] = np.inf
    np.fill_diagonal(away, np.inf)
    return np.asarray(away, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Layout:
    """The pool otherwise laid out: its vectors a column each, the columns on each topic, those that match each wish."""

    across: Floats
    on_topic: list[Ints]
    answers: list[Ints]


def _rank_block(pool: Pool, audience: Audience, layout: _Layout, start: int, stop: int) -> Picks:
    relevance = _relevance(pool, audience, start, stop)
    _close_what_was_shown(relevance, pool, audience, start, stop)
    scores = audience.taste[start:stop] @ layout.across
    scores += relevance
    _close_below_the_bar(scores)
    scores += pool.merit
    follows = audience.topics[start:stop] > 0
    chosen = Places(scores, shows=pool.shows, topics=pool.topics, on_topic=layout.on_topic, follows=follows)
    _answer_wishes(chosen, pool, audience, layout, start=start, stop=stop)
    _fill(chosen, pool)
    why, details = reasons(pool, audience, chosen.columns, start=start)
    picks = Picks(chosen.columns, why, details, chosen.values)
    short = _short_of_five(chosen.columns, audience.surprises[start:stop])
    outside = audience.taste[start + short] @ layout.across + pool.merit
    outside[relevance[short] != 0] = NEVER
    for row, scores in zip(short, outside, strict=True):
        _add_surprise(picks, row, scores, pool)
    return picks


def _relevance(pool: Pool, audience: Audience, start: int, stop: int) -> Floats:
    """(b, n): at most 1 for topics and wishes together, more for a followed show, very negative for the muted."""
    relevance = audience.topics[start:stop] @ pool.topics.T
    for row, wish in zip(*audience.wishes.within(start, stop), strict=True):
        relevance[row] += audience.wish_match[wish]
    for row, wish in zip(*audience.refusals.within(start, stop), strict=True):
        relevance[row] += MUTED * (audience.wish_match[wish] > 0)
    # numpy's minimum with a row of ones is twice as fast as with 1.
    np.minimum(relevance, np.ones(len(pool.ids), dtype=np.float32), out=relevance)
    relevance += np.take(audience.groups[start:stop], pool.groups, axis=1)
    return relevance


def _close_what_was_shown(relevance: Floats, pool: Pool, audience: Audience, start: int, stop: int) -> None:
    for row, considered in enumerate(np.searchsorted(pool.arrived, audience.since[start:stop], side="right")):
        relevance[row, :considered] = MUTED
    relevance[audience.told.within(start, stop)] = MUTED


def _close_below_the_bar(scores: Floats) -> None:
    """By arithmetic: a masked write would guess wrong at every other cell, and take longer than all of the rest."""
    below = (scores < BAR).astype(np.float32)
    below *= MUTED
    scores += below


def _answer_wishes(chosen: Places, pool: Pool, audience: Audience, layout: _Layout, *, start: int, stop: int) -> None:
    """The best answer to each wish takes a place, unless one that was picked before answers it already."""
    for rows, wishes in _layers(*audience.wishes.within(start, stop)):
        best = np.array([_answer(chosen, audience, layout, *one) for one in zip(rows, wishes, strict=True)])
        found = best >= 0
        answered, columns = rows[found], best[found]
        values = chosen.scores[answered, columns]
        chosen.scores[answered] -= pool.repulsion[columns]
        chosen.add(answered, columns, values)


def _answer(chosen: Places, audience: Audience, layout: _Layout, row: int, wish: int) -> int:
    """The column; -1 where there is none, no room, or no need."""
    answers, picked = layout.answers[wish], chosen.columns[row, : chosen.count[row]]
    if len(picked) == FIVE or not len(answers) or audience.wish_match[wish, picked].any():
        return -1
    best = answers[chosen.scores[row, answers].argmax()]
    return int(best) if chosen.scores[row, best] > MUTED / 2 else -1


def _fill(chosen: Places, pool: Pool) -> None:
    scores, everyone = chosen.scores, np.arange(len(chosen.scores))
    away = np.empty_like(scores)
    for _ in range(FIVE):
        best = scores.argmax(axis=1)
        values = scores[everyone, best]
        # Every number is in range; asked to check that, numpy would not write into `away` directly.
        np.take(pool.repulsion, best, axis=0, out=away, mode="clip")
        scores -= away
        rows = np.flatnonzero((values > MUTED / 2) & (chosen.count < FIVE))
        chosen.add(rows, best[rows], values[rows])


def reasons(pool: Pool, audience: Audience, columns: Ints, *, start: int = 0) -> tuple[NDArray[np.int8], Ints]:
    """The most telling reason that is true: what they wrote, then what they follow, then what they liked."""
    why = np.where(columns >= 0, Why.BEST, Why.NONE).astype(np.int8)
    details = np.full(columns.shape, -1, dtype=np.int64)
    for find in (_by_wish, _by_topic, _by_show, _by_votes):
        rows = np.flatnonzero((why == Why.BEST).any(axis=1))
        reason, strength, named = find(pool, audience, columns[rows], rows + start)
        holds = (strength > 0) & (why[rows] == Why.BEST)
        why[rows] = np.where(holds, reason, why[rows])
        details[rows] = np.where(holds, named, details[rows])
    return why, details


Found = tuple[Why, Floats, Ints]


def _by_wish(_: Pool, audience: Audience, columns: Ints, people: Ints) -> Found:
    best = np.zeros(columns.shape, dtype=np.float32)
    named = np.full(columns.shape, -1, dtype=np.int64)
    for rows, wishes in _layers(*audience.wishes.of(people)):
        match = audience.wish_match[wishes[:, None], columns[rows]]
        better = match > best[rows]
        best[rows] = np.where(better, match, best[rows])
        named[rows] = np.where(better, wishes[:, None], named[rows])
    return Why.INTEREST, best, named


def _by_topic(pool: Pool, audience: Audience, columns: Ints, people: Ints) -> Found:
    share = audience.topics[people, None, :] * pool.topics[columns]
    return Why.TOPIC, share.max(axis=2), share.argmax(axis=2)


def _by_show(pool: Pool, audience: Audience, columns: Ints, people: Ints) -> Found:
    groups = pool.groups[columns]
    bonus = audience.groups[people[:, None], groups]
    return Why.SHOW, np.where(bonus == FOLLOWED_SHOW, bonus, 0), groups


def _by_votes(pool: Pool, audience: Audience, columns: Ints, people: Ints) -> Found:
    best = np.zeros(columns.shape, dtype=np.float32)
    named = np.full(columns.shape, -1, dtype=np.int64)
    for rows, likes in _layers(*audience.likes.of(people)):
        cosine = np.einsum("rkd,rd->rk", pool.vectors[columns[rows]], audience.like_vectors[likes])
        better = (cosine >= ALIKE) & (cosine > best[rows])
        best[rows] = np.where(better, cosine, best[rows])
        named[rows] = np.where(better, likes[:, None], named[rows])
    return Why.VOTES, best, named


def _short_of_five(columns: Ints, wanted: Flags) -> Ints:
    count = (columns >= 0).sum(axis=1)
    return np.flatnonzero(wanted & (count >= SURPRISE_FROM) & (count < FIVE))


def _add_surprise(picks: Picks, row: int, scores: Floats, pool: Pool) -> None:
    """The best of what is outside all that was asked for or muted, from yet another show, in the first free place."""
    chosen = picks.columns[row][picks.columns[row] >= 0]
    scores[np.isin(pool.shows, pool.shows[chosen])] = NEVER
    scores -= pool.repulsion[chosen].sum(axis=0)
    best = int(scores.argmax())
    if scores[best] > NEVER:
        place = len(chosen)
        picks.columns[row, place], picks.why[row, place], picks.scores[row, place] = best, Why.SURPRISE, scores[best]


def _layers(rows: Ints, others: Ints) -> Iterator[tuple[Ints, Ints]]:
    """The pairs in turns, each with every row at most once, so that indexed updates do not collide."""
    while len(rows):
        first = np.ones(len(rows), dtype=np.bool_)
        first[1:] = rows[1:] != rows[:-1]
        yield rows[first], others[first]
        rows, others = rows[~first], others[~first]


def _nothing(subscribers: int) -> Picks:
    shape = (subscribers, FIVE)
    return Picks(
        np.full(shape, -1, dtype=np.int64),
        np.zeros(shape, dtype=np.int8),
        np.full(shape, -1, dtype=np.int64),
        np.zeros(shape, dtype=np.float32),
    )

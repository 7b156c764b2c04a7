"""The arrays against the loops, in small worlds where everything that can happen does.

All numbers are binary fractions and no two candidates stand alike, so that neither the order of a sum nor a tie can
make the two differ.
"""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.choosing.ranking import FOLLOWED_SHOW, MUTED, OPEN, Audience, Floats, Pairs, Picks, Pool, Why, rank
from tests.briefs.choosing.plain_ranking import Pick, plain_brief

TOPICS, GROUPS, TEXTS, LIKES, DIMENSIONS = 3, 8, 4, 5, 4


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 9), st.integers(1, 10))
def test_the_arrays_pick_what_the_rules_say_for_the_reasons_they_say(
    seed: int, candidates: int, people: int, block: int
) -> None:
    rng = np.random.default_rng(seed)
    pool, audience = _pool(rng, candidates), _audience(rng, people, candidates)
    picks = rank(pool, audience, block=block)
    for person in range(people):
        assert _picked(picks, person) == plain_brief(pool, audience, person)


def test_the_worlds_have_every_reason_in_them() -> None:
    rng = np.random.default_rng(1)
    seen = [rank(_pool(rng, 30), _audience(rng, 50, 30)).why for _ in range(20)]
    assert set(np.unique(seen)) == set(Why)


def _picked(picks: Picks, person: int) -> list[Pick]:
    rows = zip(picks.columns[person], picks.why[person], picks.details[person], strict=True)
    return [(int(column), Why(why), int(detail)) for column, why, detail in rows if column >= 0]


def _fractions(rng: np.random.Generator, low: int, high: int, shape: tuple[int, ...], *, of: int) -> Floats:
    return (rng.integers(low, high + 1, shape) / of).astype(np.float32)


def _sparse(rng: np.random.Generator, share: float, values: Floats) -> Floats:
    return np.where(rng.random(values.shape) < share, values, 0).astype(np.float32)


def _pool(rng: np.random.Generator, count: int) -> Pool:
    groups = rng.integers(0, GROUPS, count)
    push = _fractions(rng, 0, 16, (count, count), of=64)
    push[rng.random(push.shape) < 0.05] = np.inf
    push = np.maximum(push, push.T)
    np.fill_diagonal(push, np.inf)
    return Pool(
        ids=np.arange(count),
        vectors=_fractions(rng, -2, 2, (count, DIMENSIONS), of=4),
        topics=_sparse(rng, 0.4, _fractions(rng, 1, 16, (count, TOPICS), of=16)),
        merit=(rng.permutation(64)[:count] / 4096 + rng.integers(0, 64, count) / 64).astype(np.float32),
        arrived=np.sort(rng.integers(0, 20, count)).astype(np.float64),
        groups=groups,
        shows=groups // 2,
        repulsion=push,
    )


def _audience(rng: np.random.Generator, people: int, candidates: int) -> Audience:
    follows = np.array([0, 0, 0, FOLLOWED_SHOW, MUTED], dtype=np.float32)
    groups = rng.choice(follows, (people, GROUPS))
    groups[rng.random(people) < 0.2] = OPEN
    topics = np.array([0, 0, 0.5, 1, MUTED], dtype=np.float32)
    return Audience(
        topics=rng.choice(topics, (people, TOPICS), p=[0.3, 0.3, 0.15, 0.2, 0.05]),
        taste=_sparse(rng, 0.5, _fractions(rng, -4, 4, (people, DIMENSIONS), of=8)),
        groups=groups,
        since=rng.choice([-1, -1, 0, 5], people).astype(np.float64),
        surprises=rng.random(people) < 0.7,
        wishes=_pairs(rng, people, TEXTS, share=0.2),
        refusals=_pairs(rng, people, TEXTS, share=0.05),
        wish_match=_sparse(rng, 0.3, _fractions(rng, 1, 4, (TEXTS, candidates), of=4)),
        told=_pairs(rng, people, candidates, share=0.1),
        likes=_pairs(rng, people, LIKES, share=0.3),
        like_vectors=_fractions(rng, -4, 4, (LIKES, DIMENSIONS), of=4),
    )


def _pairs(rng: np.random.Generator, people: int, others: int, *, share: float) -> Pairs:
    return Pairs(*np.nonzero(rng.random((people, others)) < share))

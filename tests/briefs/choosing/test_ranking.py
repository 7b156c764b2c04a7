from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.choosing.places import FIVE
from briefs.choosing.ranking import (
    BAR,
    FOLLOWED_SHOW,
    MUTED,
    OPEN,
    SAME,
    Audience,
    Floats,
    Ints,
    Pairs,
    Picks,
    Pool,
    Why,
    rank,
    repulsion,
)
from feeds.reading.topics import BRIEF_FLOOR
from tests.factories import unit_vector

NONE = np.zeros(0, dtype=np.int64)
NO_PAIRS = Pairs(NONE, NONE)


def make_pool(
    count: int,
    *,
    topics: Floats | None = None,
    shows: list[int] | None = None,
    vectors: Floats | None = None,
    merit: Floats | None = None,
) -> Pool:
    vectors = np.array([unit_vector(f"pool {n}") for n in range(count)]) if vectors is None else vectors
    topics = np.full((count, 3), [0.8, 0, 0], dtype=np.float32) if topics is None else topics
    where = np.array(shows if shows is not None else range(count), dtype=np.int64)
    return Pool(
        ids=np.arange(100, 100 + count),
        vectors=vectors,
        topics=topics,
        merit=np.linspace(0.5, 0.1, count, dtype=np.float32) if merit is None else merit,
        arrived=np.arange(count, dtype=np.float64),
        groups=where,
        shows=where,
        repulsion=repulsion(vectors, shows=where, episodes=np.arange(count), stories=np.arange(count), topics=topics),
    )


def make_audience(pool: Pool, *, topics: list[float] | None = None, people: int = 1) -> Audience:
    groups = int(pool.groups.max()) + 1
    return Audience(
        topics=np.tile(np.array(topics or [1, 0, 0], dtype=np.float32), (people, 1)),
        taste=np.zeros((people, 384), dtype=np.float32),
        groups=np.zeros((people, groups), dtype=np.float32),
        since=np.full(people, -1.0),
        surprises=np.zeros(people, dtype=np.bool_),
        wishes=NO_PAIRS,
        refusals=NO_PAIRS,
        wish_match=np.zeros((0, len(pool.ids)), dtype=np.float32),
        told=NO_PAIRS,
        likes=NO_PAIRS,
        like_vectors=np.zeros((0, 384), dtype=np.float32),
    )


def chosen(picks: Picks, row: int = 0) -> list[int]:
    return [int(column) for column in picks.columns[row] if column >= 0]


def pairs(*found: tuple[int, int]) -> Pairs:
    return Pairs(np.array([row for row, _ in found]), np.array([other for _, other in found]))


def test_the_best_five_of_the_followed_topic_come_best_first() -> None:
    pool = make_pool(8)
    picks = rank(pool, make_audience(pool))
    assert chosen(picks)[0] == 0
    assert len(chosen(picks)) == FIVE
    assert set(picks.why[0]) == {Why.TOPIC}
    assert set(picks.details[0]) == {0}


def test_a_followed_topic_lets_in_what_the_classifier_is_sure_enough_of_to_send() -> None:
    assert np.float32(BRIEF_FLOOR) == BAR


def test_what_is_not_asked_for_is_not_sent_however_good() -> None:
    topics = np.array([[0, 0.9, 0], [0.6, 0, 0], [0.3, 0, 0]], dtype=np.float32)
    pool = make_pool(3, topics=topics, merit=np.array([0.9, 0.1, 0.9], dtype=np.float32))
    assert chosen(rank(pool, make_audience(pool))) == [1]


def test_votes_let_in_what_is_hardly_on_the_topic_and_keep_out_what_is() -> None:
    topics = np.array([[0.3, 0, 0], [0.5, 0, 0]], dtype=np.float32)
    pool = make_pool(2, topics=topics)
    taste = 0.3 * (pool.vectors[0] - pool.vectors[1])
    picks = rank(pool, replace(make_audience(pool), taste=taste[None]))
    assert chosen(picks) == [0]
    assert picks.why[0][0] == Why.TOPIC


def test_a_muted_topic_outweighs_a_followed_one_and_a_matching_text() -> None:
    topics = np.array([[0.9, 0.1, 0], [0.5, 0, 0]], dtype=np.float32)
    pool = make_pool(2, topics=topics)
    audience = replace(
        make_audience(pool, topics=[1, float(MUTED), 0]),
        wishes=pairs((0, 0)),
        wish_match=np.array([[1.0, 0.0]], dtype=np.float32),
    )
    assert chosen(rank(pool, audience)) == [1]


def test_a_refused_text_closes_what_it_matches() -> None:
    pool = make_pool(2)
    audience = replace(make_audience(pool), refusals=pairs((0, 0)), wish_match=np.array([[0.5, 0.0]], dtype=np.float32))
    assert chosen(rank(pool, audience)) == [1]


def test_at_most_two_come_from_one_show() -> None:
    pool = make_pool(8, shows=[0, 0, 0, 0, 0, 1, 1, 2])
    picked = chosen(rank(pool, make_audience(pool)))
    assert sum(pool.shows[column] == 0 for column in picked) == 2
    assert len(picked) == FIVE


def test_of_two_topics_none_takes_more_than_two_places_while_the_other_has_something() -> None:
    topics = np.array([[0.9, 0, 0]] * 6 + [[0, 0.5, 0]] * 2, dtype=np.float32)
    pool = make_pool(8, topics=topics)
    picked = chosen(rank(pool, make_audience(pool, topics=[1, 1, 0])))
    assert sum(column < 6 for column in picked[:4]) == 2
    # Then nothing else is ready, and the first topic gives the fifth.
    assert len(picked) == FIVE


def test_what_is_on_both_topics_counts_for_both() -> None:
    topics = np.array([[0.9, 0.9, 0]] * 3 + [[0, 0, 0.5]] * 2, dtype=np.float32)
    pool = make_pool(5, topics=topics)
    picked = chosen(rank(pool, make_audience(pool, topics=[1, 1, 1])))
    assert sorted(picked[:4]) == [0, 1, 3, 4]


def test_a_single_topic_fills_the_brief() -> None:
    pool = make_pool(9)
    picks = rank(pool, make_audience(pool))
    assert len(chosen(picks)) == FIVE
    assert (np.abs(picks.scores) < 2).all()


def test_a_wish_that_has_an_answer_takes_a_place_however_strong_the_topics_are() -> None:
    topics = np.array([[0.95, 0, 0]] * 4 + [[0, 0.95, 0]] * 4 + [[0, 0, 0]] * 2, dtype=np.float32)
    merit = np.array([0.8] * 8 + [0.1, 0.05], dtype=np.float32)
    pool = make_pool(10, topics=topics, merit=merit)
    match = np.zeros((1, 10), dtype=np.float32)
    match[0, 8:] = 0.72
    audience = replace(make_audience(pool, topics=[1, 1, 0]), wishes=pairs((0, 0)), wish_match=match)
    picks = rank(pool, audience)
    assert chosen(picks)[0] == 8
    assert Why(picks.why[0][0]) == Why.INTEREST
    assert len(chosen(picks)) == FIVE


def test_one_answer_to_two_wishes_takes_one_place() -> None:
    pool = make_pool(8)
    match = np.zeros((2, 8), dtype=np.float32)
    match[:, 6] = 1
    match[1, 7] = 0.8
    audience = replace(make_audience(pool), wishes=pairs((0, 0), (0, 1)), wish_match=match)
    assert chosen(rank(pool, audience))[0] == 6
    assert 7 not in chosen(rank(pool, audience))[:2]


def test_more_wishes_than_places_fill_no_more_than_five() -> None:
    pool = make_pool(8, topics=np.zeros((8, 3), dtype=np.float32))
    audience = replace(
        make_audience(pool), wishes=pairs(*((0, n) for n in range(7))), wish_match=np.eye(7, 8, dtype=np.float32)
    )
    assert chosen(rank(pool, audience)) == [0, 1, 2, 3, 4]


def test_an_episode_gives_one() -> None:
    pool = make_pool(3)
    together = repulsion(
        pool.vectors, shows=pool.shows, episodes=np.array([4, 4, 5]), stories=np.arange(3), topics=pool.topics
    )
    assert chosen(rank(replace(pool, repulsion=together), make_audience(pool))) == [0, 2]


def test_two_that_say_the_same_never_share_a_brief() -> None:
    first = unit_vector("first")
    vectors = np.array([first, unit_vector("echo", near=first, cosine=SAME + 0.05), unit_vector("other")])
    pool = make_pool(3, vectors=vectors)
    assert chosen(rank(pool, make_audience(pool))) == [0, 2]


def test_one_of_a_story_is_enough() -> None:
    pool = make_pool(3)
    together = repulsion(
        pool.vectors, shows=pool.shows, episodes=np.arange(3), stories=np.array([0, 0, 2]), topics=pool.topics
    )
    assert chosen(rank(replace(pool, repulsion=together), make_audience(pool))) == [0, 2]


def test_likeness_to_what_is_already_picked_costs_a_place() -> None:
    first = unit_vector("first")
    vectors = np.array([first, unit_vector("near", near=first, cosine=0.7), unit_vector("far")])
    merit = np.array([0.5, 0.45, 0.40], dtype=np.float32)
    pool = make_pool(3, vectors=vectors, merit=merit)
    assert chosen(rank(pool, make_audience(pool))) == [0, 2, 1]


def test_what_was_sent_and_what_was_considered_does_not_come_again() -> None:
    pool = make_pool(6)
    audience = replace(make_audience(pool), told=pairs((0, 4)), since=np.array([2.0]))
    assert chosen(rank(pool, audience)) == [3, 5]


def test_a_matching_text_is_the_reason_before_the_topic() -> None:
    pool = make_pool(2)
    audience = replace(
        make_audience(pool),
        wishes=pairs((0, 0), (0, 1)),
        wish_match=np.array([[0.4, 0.0], [0.9, 0.0]], dtype=np.float32),
    )
    picks = rank(pool, audience)
    assert [Why(code) for code in picks.why[0][:2]] == [Why.INTEREST, Why.TOPIC]
    assert picks.details[0][0] == 1


def test_a_followed_show_alone_is_reason_enough() -> None:
    pool = make_pool(2, topics=np.zeros((2, 3), dtype=np.float32))
    audience = make_audience(pool)
    audience.groups[0, 1] = FOLLOWED_SHOW
    picks = rank(pool, audience)
    assert chosen(picks) == [1]
    assert (picks.why[0][0], picks.details[0][0]) == (Why.SHOW, 1)


def test_who_asked_for_nothing_gets_the_best_and_votes_move_it() -> None:
    pool = make_pool(6, topics=np.zeros((6, 3), dtype=np.float32))
    audience = make_audience(pool, topics=[0, 0, 0])
    audience.groups[:] = OPEN
    assert chosen(rank(pool, audience))[0] == 0
    liked = unit_vector("liked", near=pool.vectors[5], cosine=0.7)
    voted = replace(audience, taste=liked[None], likes=pairs((0, 0)), like_vectors=liked[None])
    picks = rank(pool, voted)
    assert chosen(picks)[0] == 5
    assert picks.why[0][0] == Why.VOTES
    assert set(picks.why[0][1:]) == {Why.BEST}


@pytest.mark.parametrize(("matching", "expected"), [(2, 2), (3, 4), (5, 5)])
def test_a_surprise_fills_one_free_place_of_a_brief_that_has_some(matching: int, expected: int) -> None:
    topics = np.zeros((8, 3), dtype=np.float32)
    topics[:matching, 0] = 0.8
    pool = make_pool(8, topics=topics)
    audience = replace(make_audience(pool), surprises=np.array([True]))
    picks = rank(pool, audience)
    assert len(chosen(picks)) == expected
    assert (Why.SURPRISE in picks.why[0]) == (expected > matching and expected <= FIVE)


def test_a_surprise_is_never_something_muted_or_sent_before() -> None:
    topics = np.zeros((6, 3), dtype=np.float32)
    topics[:3, 0] = 0.8
    topics[3, 1] = 0.9
    pool = make_pool(6, topics=topics)
    audience = replace(make_audience(pool, topics=[1, float(MUTED), 0]), surprises=np.array([True]), told=pairs((0, 4)))
    assert chosen(rank(pool, audience))[-1] == 5


def test_without_candidates_nobody_gets_anything() -> None:
    pool = make_pool(1)
    empty = replace(pool, ids=NONE)
    assert chosen(rank(empty, make_audience(pool))) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9))
def test_every_brief_keeps_the_rules_whatever_the_blocks(seed: int, block: int) -> None:
    rng = np.random.default_rng(seed)
    count, people = int(rng.integers(1, 40)), int(rng.integers(1, 12))
    topics = np.where(rng.random((count, 3)) < 0.4, rng.random((count, 3)), 0).astype(np.float32)
    pool = make_pool(count, topics=topics, shows=rng.integers(0, 6, count).tolist())
    audience = make_audience(pool, people=people)
    audience.topics[:] = rng.choice([0, 1, float(MUTED)], (people, 3))
    told = sorted({(int(rng.integers(people)), int(rng.integers(count))) for _ in range(10)})
    audience = replace(audience, told=pairs(*told), surprises=rng.random(people) < 0.5)

    picks = rank(pool, audience, block=block)
    for row in range(people):
        columns: Ints = np.array(chosen(picks, row), dtype=np.int64)
        assert len(set(columns.tolist())) == len(columns)
        assert all(np.bincount(pool.shows[columns], minlength=1) <= 2) if len(columns) else True
        muted = np.flatnonzero(audience.topics[row] == MUTED)
        assert not pool.topics[columns][:, muted].any()
        assert not {(row, int(column)) for column in columns} & set(told)
        for column, why, detail in zip(columns, picks.why[row], picks.details[row], strict=False):
            if why == Why.TOPIC:
                assert audience.topics[row, detail] > 0
                assert pool.topics[column, detail] > 0
            else:
                assert why == Why.SURPRISE
                assert audience.surprises[row]
    again = rank(pool, audience, block=block, threads=2)
    assert np.array_equal(picks.columns, again.columns)

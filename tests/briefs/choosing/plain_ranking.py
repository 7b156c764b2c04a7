"""Who gets which five, one cell after another: what `briefs.choosing.ranking` must come to, whatever its arrays do."""

import math
from collections.abc import Iterator

from briefs.choosing.places import FIVE, PER_SHOW, PER_TOPIC
from briefs.choosing.ranking import (
    ALIKE,
    BAR,
    FOLLOWED_SHOW,
    MUTED,
    SURPRISE_FROM,
    Audience,
    Floats,
    Pairs,
    Pool,
    Why,
)

Pick = tuple[int, Why, int]


def plain_brief(pool: Pool, audience: Audience, person: int) -> list[Pick]:
    """Column, reason and what it names, best first."""
    open_to_them = [
        column for column in range(len(pool.ids)) if not _is_closed(pool, audience, person=person, column=column)
    ]
    asked = {column: _asked(pool, audience, person=person, column=column) for column in open_to_them}
    liked = {column: _dot(audience.taste[person], pool.vectors[column]) for column in open_to_them}
    worth = {column: asked[column] + liked[column] + float(pool.merit[column]) for column in open_to_them}

    over_the_bar = {column: worth[column] for column in open_to_them if asked[column] + liked[column] >= float(BAR)}
    picked = _greedy(pool, audience, person, over_the_bar)
    brief = [(column, *_reason(pool, audience, person=person, column=column)) for column in picked]
    if audience.surprises[person] and SURPRISE_FROM <= len(picked) < FIVE:
        shows = {pool.shows[column] for column in picked}
        outside = {
            column: worth[column] for column in open_to_them if asked[column] == 0 and pool.shows[column] not in shows
        }
        found = _best(pool, outside, picked)
        brief += [(found, Why.SURPRISE, -1)] if found is not None else []
    return brief


def _is_closed(pool: Pool, audience: Audience, *, person: int, column: int) -> bool:
    return bool(
        pool.arrived[column] <= audience.since[person]
        or column in _others(audience.told, person)
        or any(audience.wish_match[text, column] > 0 for text in _others(audience.refusals, person))
        or any(
            weight == MUTED and score > 0
            for weight, score in zip(audience.topics[person], pool.topics[column], strict=True)
        )
        or audience.groups[person, pool.groups[column]] == MUTED
    )


def _asked(pool: Pool, audience: Audience, *, person: int, column: int) -> float:
    texts = sum(float(audience.wish_match[text, column]) for text in _others(audience.wishes, person))
    topics = _dot(audience.topics[person], pool.topics[column])
    return min(texts + topics, 1) + float(audience.groups[person, pool.groups[column]])


def _greedy(pool: Pool, audience: Audience, person: int, worth: dict[int, float]) -> list[int]:
    picked: list[int] = []
    for wish in _others(audience.wishes, person):
        answers = {column: value for column, value in worth.items() if audience.wish_match[wish, column] > 0}
        if len(picked) < FIVE and not answers.keys() & picked:
            picked += _next(pool, audience, person, answers, picked)
    while len(picked) < FIVE and (found := _next(pool, audience, person, worth, picked)):
        picked += found
    return picked


def _next(pool: Pool, audience: Audience, person: int, worth: dict[int, float], picked: list[int]) -> list[int]:
    """The best of those on the fewest topics that had their share."""
    shows = [pool.shows[column] for column in picked]
    left = {column: value for column, value in worth.items() if shows.count(pool.shows[column]) < PER_SHOW}
    full = [
        number
        for number, weight in enumerate(audience.topics[person])
        if weight > 0 and sum(pool.topics[column, number] > 0 for column in picked) >= PER_TOPIC
    ]
    for on_full in range(len(full) + 1):
        fair = {
            column: value
            for column, value in left.items()
            if sum(pool.topics[column, number] > 0 for number in full) == on_full
        }
        if (found := _best(pool, fair, picked)) is not None:
            return [found]
    return []


def _best(pool: Pool, worth: dict[int, float], picked: list[int]) -> int | None:
    pushed = {
        column: value - sum(float(pool.repulsion[other, column]) for other in picked) for column, value in worth.items()
    }
    best = max(pushed, key=lambda column: pushed[column], default=None)
    return best if best is not None and pushed[best] > -math.inf else None


def _reason(pool: Pool, audience: Audience, *, person: int, column: int) -> tuple[Why, int]:
    texts = [(float(audience.wish_match[text, column]), text) for text in _others(audience.wishes, person)]
    topics = [
        (float(weight * score), number)
        for number, (weight, score) in enumerate(zip(audience.topics[person], pool.topics[column], strict=True))
    ]
    likes = [
        (_dot(audience.like_vectors[like], pool.vectors[column]), like) for like in _others(audience.likes, person)
    ]
    group = int(pool.groups[column])
    for why, found in (
        (Why.INTEREST, [one for one in texts if one[0] > 0]),
        (Why.TOPIC, [one for one in topics if one[0] > 0]),
        (Why.SHOW, [(1.0, group)] if audience.groups[person, group] == FOLLOWED_SHOW else []),
        (Why.VOTES, [one for one in likes if one[0] >= ALIKE]),
    ):
        if found:
            return why, max(found, key=lambda one: one[0])[1]
    return Why.BEST, -1


def _others(pairs: Pairs, person: int) -> Iterator[int]:
    return (int(other) for row, other in zip(pairs.rows, pairs.others, strict=True) if row == person)


def _dot(left: Floats, right: Floats) -> float:
    return sum(float(one) * float(other) for one, other in zip(left, right, strict=True))

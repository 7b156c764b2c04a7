"""Passages for the places of a brief that no ready insight fills, for those who asked for them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from briefs.choosing.candidates import Candidates
from briefs.choosing.places import FIVE, NEVER, PER_SHOW, PER_TOPIC
from briefs.choosing.ranking import SAME, Audience, Floats, Ints, Picks, asked_for, reasons


@dataclass(frozen=True, slots=True)
class Held:
    """What a brief holds already, a row for each of its insights."""

    vectors: Floats
    episodes: Ints
    shows: Ints
    topics: Floats


def held(columns: Ints, candidates: Candidates) -> Held:
    chosen, pool = columns[columns >= 0], candidates.pool
    return Held(pool.vectors[chosen], candidates.episodes[chosen], pool.shows[chosen], pool.topics[chosen])


def fill(passages: Candidates, audience: Audience, briefs: Sequence[Held]) -> Picks:
    """The passages that complete each brief, columns of `passages`; one row for each of the audience."""
    columns = np.full((len(briefs), FIVE), -1, dtype=np.int64)
    values = np.zeros(columns.shape, dtype=np.float32)
    if not len(passages.pool.ids):
        return Picks(columns, np.zeros(columns.shape, dtype=np.int8), columns, values)
    for row, (scores, brief) in enumerate(zip(asked_for(passages.pool, audience), briefs, strict=True)):
        for place, (column, value) in enumerate(_best(scores, brief, passages)):
            columns[row, place], values[row, place] = column, value
    why, details = reasons(passages.pool, audience, columns)
    return Picks(columns, why, details, values)


def _best(scores: Floats, brief: Held, passages: Candidates) -> Iterator[tuple[int, float]]:
    pool, scores = passages.pool, np.where(_is_told(brief, passages), NEVER, scores)
    of_topic, of_show = (brief.topics > 0).sum(axis=0), Counter(brief.shows.tolist())
    for _ in range(FIVE - len(brief.shows)):
        scores[(pool.topics[:, of_topic >= PER_TOPIC] > 0).any(axis=1)] = NEVER
        scores[np.isin(pool.shows, [show for show, count in of_show.items() if count >= PER_SHOW])] = NEVER
        best = int(scores.argmax())
        if scores[best] == NEVER:
            return
        yield best, float(scores[best])
        of_topic = of_topic + (pool.topics[best] > 0)
        of_show[int(pool.shows[best])] += 1
        scores = scores - pool.repulsion[best]


def _is_told(brief: Held, passages: Candidates) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Of an episode that the brief has something of, or saying what it says."""
    near = (brief.vectors @ passages.pool.vectors.T >= SAME).any(axis=0)
    return near | np.isin(passages.episodes, brief.episodes)

"""The places of each subscriber's brief while they are filled: what is taken closes others, or puts them behind."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

FIVE = 5
PER_SHOW = 2
# Of a followed topic, while anything else that was asked for is ready.
PER_TOPIC = 2

NEVER = np.float32(-np.inf)
# Taken off what is on a topic that has had its share: behind all others, in its old order, before what is closed.
# A power of two, far above any score, loses nothing of them.
BEHIND = np.float32(128)


class Places:
    """For b subscribers and n candidates; `scores`, (b, n), is used up.

    `topics` is (n, t), `on_topic` has the columns on each topic, `follows`, (b, t), says who follows which.
    """

    def __init__(self, scores: Floats, *, shows: Ints, topics: Floats, on_topic: list[Ints], follows: Flags) -> None:
        people = len(scores)
        self.scores, self.columns = scores, np.full((people, FIVE), -1, dtype=np.int64)
        self.values = np.zeros((people, FIVE), dtype=np.float32)
        self.count = np.zeros(people, dtype=np.int64)
        self._shows, self._topics, self._on_topic, self._follows = shows, topics, on_topic, follows
        self._of_topic = np.zeros(follows.shape, dtype=np.int64)

    def add(self, rows: Ints, columns: Ints, values: Floats) -> None:
        """One for each of `rows`, which have room; `values` are of `scores`, and kept as they were before any share."""
        places = self.count[rows]
        self.columns[rows, places] = columns
        self.values[rows, places] = values + BEHIND * np.round(-values / BEHIND)
        self.count[rows] += 1
        self._close_full_shows(rows, columns)
        self._put_full_topics_behind(rows, columns)

    def _close_full_shows(self, rows: Ints, columns: Ints) -> None:
        picked = np.where(self.columns[rows] >= 0, self._shows[self.columns[rows]], -1)
        shows = self._shows[columns]
        for place in np.flatnonzero((picked == shows[:, None]).sum(axis=1) >= PER_SHOW):
            self.scores[rows[place], self._shows == shows[place]] = NEVER

    def _put_full_topics_behind(self, rows: Ints, columns: Ints) -> None:
        touched = self._follows[rows] & (self._topics[columns] > 0)
        self._of_topic[rows] += touched
        for place, topic in np.argwhere(touched & (self._of_topic[rows] == PER_TOPIC)):
            self.scores[rows[place], self._on_topic[topic]] -= BEHIND

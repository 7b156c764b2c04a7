"""The graded pairs of related insights, and the insights that they were chosen from."""

import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from feeds.reading.embeddings import LocalEmbedder, TokenStates, embedding_text

GAIN = (0, 0, 3, 7)
# From this grade on a candidate belongs on the page.
BELONGS = 2
PAGE, TOP = 10, 3


@dataclass(frozen=True)
class Collection:
    """All insights by row, with an editor's grades: {query row: {candidate row: 0 to 3}}."""

    shows: list[str]
    episodes: list[str]
    states: list[TokenStates]
    grades: dict[int, dict[int, int]]

    @cached_property
    def episode_numbers(self) -> list[int]:
        numbers = {episode: number for number, episode in enumerate(dict.fromkeys(self.episodes))}
        return [numbers[episode] for episode in self.episodes]

    @property
    def queried_shows(self) -> list[str]:
        return sorted({self.shows[query] for query in self.grades})

    @property
    def vectors(self) -> NDArray[np.float32]:
        return np.stack([states.vector for states in self.states])

    def without(self, show: str) -> list[int]:
        return [row for row, other in enumerate(self.shows) if other != show]

    def has_something(self, query: int) -> bool:
        return max(self.grades[query].values()) >= BELONGS


def load_collection(data: Path, embedder: LocalEmbedder) -> Collection:
    lines = [json.loads(line) for line in (data / "related" / "insights.jsonl").read_text().splitlines()]
    rows = {line["id"]: row for row, line in enumerate(lines)}
    texts = [embedding_text(line["headline"], line["text"]) for line in lines]
    graded = json.loads((data / "related" / "grades.json").read_text())
    grades = {
        rows[query]: {rows[candidate]: judged["grade"] for candidate, judged in candidates.items()}
        for query, candidates in graded.items()
    }
    episodes = [line["id"].partition("#")[0] for line in lines]
    return Collection([line["show"] for line in lines], episodes, embedder.read(texts), grades)


def best_first(scores: Mapping[int, float]) -> list[int]:
    return sorted(scores, key=lambda row: -scores[row])


def ndcg(collection: Collection, query: int, page: Sequence[int]) -> float:
    grades = collection.grades[query]
    ideal = sorted(grades.values(), reverse=True)[:PAGE]
    return _gain([grades[row] for row in page[:PAGE]]) / _gain(ideal)


def precision(collection: Collection, query: int, page: Sequence[int]) -> float:
    """Of the first three, or of as many as there are."""
    first = [collection.grades[query][row] for row in page[:TOP]]
    return sum(grade >= BELONGS for grade in first) / max(1, len(first))


def by_show(collection: Collection, values: Mapping[int, float]) -> str:
    """The mean over queries, and its standard error where whole shows, not queries, are drawn."""
    mean = float(np.mean(list(values.values())))
    excess: defaultdict[str, float] = defaultdict(float)
    for query, value in values.items():
        excess[collection.shows[query]] += value - mean
    error = math.sqrt(sum(one**2 for one in excess.values())) / len(values)
    return f"{mean:.3f} ± {error:.3f}"


def _gain(page: Sequence[int]) -> float:
    return sum(GAIN[grade] / math.log2(place + 2) for place, grade in enumerate(page))

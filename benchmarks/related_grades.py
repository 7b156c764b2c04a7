"""The graded pairs of related insights, and the readings of all insights that they were chosen from."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from feeds.reading.embeddings import LocalEmbedder, TokenStates, embedding_text
from feeds.reading.related.packing import pack, unpack
from feeds.reading.related.rank import CandidateInsight, PairModel, QueryInsight, rank_related
from feeds.reading.related.reading import Lens, Reading, headline_stressed

GAIN = (0, 0, 3, 7)
# As many as a page's search takes in before it looks closer.
POOL = 40


@dataclass(frozen=True)
class Collection:
    """All insights by row, with an editor's grades: {query row: {candidate row: 0 to 3}}."""

    headlines: list[str]
    shows: list[str]
    states: list[TokenStates]
    grades: dict[int, dict[int, int]]

    @property
    def vectors(self) -> NDArray[np.float32]:
        return np.stack([states.vector for states in self.states])


def load_collection(data: Path, embedder: LocalEmbedder) -> Collection:
    lines = [json.loads(line) for line in (data / "related" / "insights.jsonl").read_text().splitlines()]
    rows = {line["id"]: row for row, line in enumerate(lines)}
    texts = [embedding_text(line["headline"], line["text"]) for line in lines]
    graded = json.loads((data / "related" / "grades.json").read_text())
    grades = {
        rows[query]: {rows[candidate]: judged["grade"] for candidate, judged in candidates.items()}
        for query, candidates in graded.items()
    }
    headlines = [line["headline"] for line in lines]
    return Collection(headlines, [line["show"] for line in lines], embedder.read(texts), grades)


def neighbourhood(collection: Collection, query: int) -> list[int]:
    """The rows that a search by embedding would hand to the ranking: the nearest of other shows."""
    nearness = collection.vectors @ collection.states[query].vector
    others = [row for row in np.argsort(-nearness) if collection.shows[row] != collection.shows[query]]
    return [int(row) for row in others[:POOL]]


def shown(collection: Collection, readings: Sequence[Reading], query: int, model: PairModel) -> list[int]:
    """The rows on the query's page, best first."""
    candidates = [CandidateInsight(r, collection.shows[r], readings[r]) for r in neighbourhood(collection, query)]
    asked = QueryInsight(headline_stressed(readings[query], collection.headlines[query]), collection.shows[query])
    return [related.id for related in rank_related(asked, candidates, limit=10, model=model)]


def readings_through(lens: Lens, collection: Collection) -> list[Reading]:
    """As the site has them: packed when they were filed."""
    return [unpack(pack(states, lens), lens) for states in collection.states]


@dataclass(frozen=True)
class Figures:
    """Over queries with something to show: nDCG@10 and P@3; over the others, the padding: items shown all the same."""

    ndcg: float
    precision: float
    padding: float


def figures(grades: Mapping[int, Mapping[int, int]], pages: Mapping[int, Iterable[int]]) -> Figures:
    """Candidates that nobody graded are passed over."""
    ndcg, precision, padding = [], [], []
    for query, candidates in grades.items():
        page = [candidates[row] for row in pages[query] if row in candidates][:10]
        ideal = sorted(candidates.values(), reverse=True)[:10]
        if ideal[0] < 2:
            padding.append(len(page))
            continue
        ndcg.append(_gain(page) / _gain(ideal))
        precision.append(sum(grade >= 2 for grade in page[:3]) / max(1, min(3, len(page))))
    return Figures(float(np.mean(ndcg)), float(np.mean(precision)), float(np.mean(padding)))


def _gain(page: Sequence[int]) -> float:
    return sum(GAIN[grade] / math.log2(place + 2) for place, grade in enumerate(page))

"""Which candidates make the same point as an insight: nearness of subject first, then word against word.

The learned numbers are in model/, described in model/CARD.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from feeds.reading.related.reading import MODEL, Floats, Reading, units

# Nothing below this chance is shown, nor what falls far behind the best of the page.
FLOOR = 0.14
OF_THE_BEST = 0.32
# Whatever the comparison says of its words, below this cosine a text is about something else. Readings within the talk
# around them lie nearer to one another.
NEAR_ENOUGH = 0.28
NEAR_ENOUGH_WITHIN_TALK = 0.38
# And where not even the nearest is this near, the collection has nothing on the subject: for claims from fields that it
# does not cover, the nearest reached 0.37; for the graded queries it was never below 0.50.
ON_THE_SUBJECT = 0.42
# The same claim in much the same words: told once.
DUPLICATE = 0.86
# Further ones of a show come last, and so fall off a full page.
PER_SHOW = 5
# How many neighbours say whether a candidate is near to everything.
NEIGHBOURS = 10
# Nearness of subject is the mean over views of it from broad to fine: no one of them is the best everywhere.
DEPTHS = (16, 24, 32)


@dataclass(frozen=True, slots=True)
class QueryInsight:
    """What related insights are looked for. `podcast` is None where nobody knows the show.

    `is_within_talk`: it was read with what was said around it.
    """

    reading: Reading
    podcast: str | None
    is_within_talk: bool = False


@dataclass(frozen=True, slots=True)
class CandidateInsight:
    id: int
    podcast: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class RelatedScore:
    """`score` is the chance, 0 to 1, that an editor would put the candidate on the page; `also` its near-duplicates."""

    id: int
    score: float
    also: tuple[int, ...]


@dataclass(frozen=True)
class PairModel:
    """A logistic model over the features of a pair: `mean`, `scale` and `weights` are (features,)."""

    mean: Floats
    scale: Floats
    weights: Floats
    bias: float

    def chances(self, features: Floats) -> Floats:
        logits = (features - self.mean) / self.scale @ self.weights + np.float32(self.bias)
        chances: Floats = (1 / (1 + np.exp(-logits))).astype(np.float32)
        return chances


def rank_related(
    query: QueryInsight, candidates: Sequence[CandidateInsight], *, limit: int, model: PairModel | None = None
) -> list[RelatedScore]:
    """Best first, from other shows only, at most `limit`, and [] where nothing belongs.

    `candidates` are meant to be the query's neighbourhood: how crowded it is counts against those near to all of it.
    """
    others = [candidate for candidate in candidates if _may_stand_beside(query, candidate)]
    if not others:
        return []
    cosines = np.stack([candidate.reading.vector for candidate in others]) @ query.reading.vector
    if cosines.max() < ON_THE_SUBJECT:
        return []
    features = pair_features(query.reading, [candidate.reading for candidate in others])
    chances = (model or load_pair_model()).chances(features)
    chances[cosines < (NEAR_ENOUGH_WITHIN_TALK if query.is_within_talk else NEAR_ENOUGH)] = 0
    floor = max(FLOOR, OF_THE_BEST * float(chances.max()))
    order = [place for place in np.argsort(-chances, kind="stable") if chances[place] >= floor]
    groups = _folded([others[place] for place in order])
    score_of = {candidate.id: float(chance) for candidate, chance in zip(others, chances, strict=True)}
    shown = [
        RelatedScore(first.id, round(score_of[first.id], 4), tuple(twin.id for twin in twins))
        for first, *twins in _varied(groups)
    ]
    return shown[:limit]


def pair_features(query: Reading, candidates: Sequence[Reading]) -> Floats:
    """(n, 2): the query's words found again in the candidate, and nearness of subject."""
    subjects = np.stack([reading.subject for reading in (query, *candidates)])
    nearness = np.mean([_nearness_to_first(units(subjects[:, :depth])) for depth in DEPTHS], axis=0)
    found = [words_found_again(query, candidate) for candidate in candidates]
    features: Floats = np.stack([found, nearness], axis=1).astype(np.float32)
    return features


def words_found_again(query: Reading, candidate: Reading) -> float:
    """Each of the query's words against the nearest word of the candidate, the telling words counting for more."""
    if not len(query.words) or not len(candidate.words):
        return 0.0
    nearest = (query.words @ candidate.words.T).max(axis=1)
    return float(nearest @ query.weights / query.weights.sum())


@cache
def load_pair_model(path: Path = MODEL) -> PairModel:
    with np.load(path, allow_pickle=False) as stored:
        mean, scale, weights = (stored[f"pair_{name}"].astype(np.float32) for name in ("mean", "scale", "weights"))
        return PairModel(mean, scale, weights, float(stored["pair_bias"]))


def are_duplicates(first: Reading, second: Reading) -> bool:
    return float(first.vector @ second.vector) >= DUPLICATE


def _may_stand_beside(query: QueryInsight, candidate: CandidateInsight) -> bool:
    return candidate.podcast != query.podcast and not are_duplicates(query.reading, candidate.reading)


def _nearness_to_first(subjects: Floats) -> Floats:
    """(n - 1,): cosines with the first, less what either is near to all the others."""
    crowd = _crowding(subjects)
    nearness: Floats = 2 * subjects[1:] @ subjects[0] - crowd[1:] - crowd[0]
    return nearness


def _crowding(subjects: Floats) -> Floats:
    """How near each one's nearest neighbours among the others are, on average."""
    similarities = subjects @ subjects.T
    np.fill_diagonal(similarities, -np.inf)
    count = min(NEIGHBOURS, len(subjects) - 1)
    crowd: Floats = np.sort(similarities, axis=1)[:, ::-1][:, :count].mean(axis=1)
    return crowd


def _folded(ranked: Sequence[CandidateInsight]) -> list[list[CandidateInsight]]:
    """Each with the near-duplicates that were ranked behind it."""
    groups: list[list[CandidateInsight]] = []
    for candidate in ranked:
        twins = next((group for group in groups if are_duplicates(group[0].reading, candidate.reading)), None)
        if twins is None:
            groups.append([candidate])
        else:
            twins.append(candidate)
    return groups


def _varied(groups: Sequence[list[CandidateInsight]]) -> list[list[CandidateInsight]]:
    """The groups in their order, but behind all others where their show has had its share of the page."""
    seen: dict[str, int] = {}
    shares: tuple[list[list[CandidateInsight]], list[list[CandidateInsight]]] = ([], [])
    for group in groups:
        show = group[0].podcast
        seen[show] = seen.get(show, 0) + 1
        shares[seen[show] > PER_SHOW].append(group)
    return shares[0] + shares[1]

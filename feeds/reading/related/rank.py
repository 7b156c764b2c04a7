"""Which candidates belong beside an insight: near in meaning, and saying its telling words.

The learned numbers are in model/, described in model/CARD.md.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from feeds.reading.related.reading import MODEL, Floats, Reading

# Below this chance that it belongs, a candidate is not even named.
FAINT = 0.02
# A page shows what is likely enough to belong; of what is likelier, no greater part does (model/CARD.md).
FLOOR = 0.4
# The same claim in much the same words: told once.
DUPLICATE = 0.86
PER_SHOW, PER_EPISODE = 2, 1


@dataclass(frozen=True, slots=True)
class QueryInsight:
    """What related insights are looked for. `podcast` is None where nobody knows the show."""

    reading: Reading
    podcast: str | None


@dataclass(frozen=True, slots=True)
class CandidateInsight:
    id: int
    podcast: str
    episode: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class RelatedScore:
    """`score` is the chance, 0 to 1, that an editor would put the candidate on the page; `also` its near-duplicates."""

    id: int
    podcast: str
    episode: int
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
    """Best first, from other shows only, at most `limit`; [] where nothing is even faintly related."""
    others = [candidate for candidate in candidates if _may_stand_beside(query, candidate)]
    if not others:
        return []
    chances = (model or load_pair_model()).chances(pair_features(query.reading, [one.reading for one in others]))
    order = [place for place in np.argsort(-chances, kind="stable") if chances[place] >= FAINT]
    score_of = {candidate.id: float(chance) for candidate, chance in zip(others, chances, strict=True)}
    return [_scored(group, score_of) for group in _folded([others[place] for place in order])][:limit]


def fit_for_page(
    ranked: Sequence[RelatedScore], *, limit: int, judged: Collection[int] = (), floor: float = FLOOR
) -> list[RelatedScore]:
    """Those that belong, in their order: likely enough, or `judged` to belong; two of a show, one of an episode."""
    shown: list[RelatedScore] = []
    share = Share()
    for one in ranked:
        if (one.score >= floor or one.id in judged) and share.takes(one.podcast, one.episode):
            shown.append(one)
    return shown[:limit]


class Share:
    """What each show and each episode has of a page so far."""

    def __init__(self) -> None:
        self._shows: Counter[str] = Counter()
        self._episodes: Counter[int] = Counter()

    def takes(self, podcast: str, episode: int) -> bool:
        """Whether there is room for one more; if so, it is counted."""
        has_room = self._shows[podcast] < PER_SHOW and self._episodes[episode] < PER_EPISODE
        if has_room:
            self._shows[podcast] += 1
            self._episodes[episode] += 1
        return has_room


def pair_features(query: Reading, candidates: Sequence[Reading]) -> Floats:
    """(n, 4): nearness of meaning, words found again there and back, words shared."""
    rows = [
        (
            query.vector @ candidate.vector,
            words_found_again(query, candidate),
            words_found_again(candidate, query),
            words_shared(query, candidate),
        )
        for candidate in candidates
    ]
    return np.array(rows, dtype=np.float32)


def words_found_again(query: Reading, candidate: Reading) -> float:
    """Each of the query's words against the nearest word of the candidate, the telling words counting for more."""
    if not query.weights.any() or not len(candidate.words):
        return 0.0
    nearest = (query.words @ candidate.words.T).max(axis=1)
    return float(nearest @ query.weights / query.weights.sum())


def words_shared(first: Reading, second: Reading) -> float:
    """The cosine of their words as such, the telling words counting for more."""
    one, other = _told(first), _told(second)
    whole = np.sqrt(sum(one.values()) * sum(other.values()))
    return float(sum(one[word] for word in one.keys() & other.keys()) / whole) if whole else 0.0


@cache
def load_pair_model(path: Path = MODEL) -> PairModel:
    with np.load(path, allow_pickle=False) as stored:
        mean, scale, weights = (stored[f"pair_{name}"].astype(np.float32) for name in ("mean", "scale", "weights"))
        return PairModel(mean, scale, weights, float(stored["pair_bias"]))


def are_duplicates(first: Reading, second: Reading) -> bool:
    return float(first.vector @ second.vector) >= DUPLICATE


def _may_stand_beside(query: QueryInsight, candidate: CandidateInsight) -> bool:
    return candidate.podcast != query.podcast and not are_duplicates(query.reading, candidate.reading)


def _told(reading: Reading) -> dict[int, float]:
    return dict(zip(reading.ids.tolist(), (reading.weights**2).tolist(), strict=True))


def _scored(group: Sequence[CandidateInsight], score_of: Mapping[int, float]) -> RelatedScore:
    first, *twins = group
    score = round(score_of[first.id], 4)
    return RelatedScore(first.id, first.podcast, first.episode, score, tuple(twin.id for twin in twins))


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

"""How well each candidate matches each of the subscribers' free texts."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from briefs.audience import Vocabulary
from briefs.candidates import Candidates
from briefs.interests import Profile, Wish
from briefs.ranking import Floats
from feeds.embeddings import DIMENSIONS, Vectors, embedder
from feeds.interest_match import FLOOR, UNWANTED, WORDS_COUNT, EmbeddedInterest, InterestWords, match, parse_interest

# Full relevance, as much as a topic that is certain, belongs to the clear matches.
_CLEAR = 0.70


def vocabulary(profiles: Iterable[Profile], candidates: Candidates) -> Vocabulary:
    """The distinct wishes of these profiles with their matches: 0 to 1, above 0 where there is one."""
    wishes = tuple(sorted({wish for profile in profiles for wish in profile.wishes}))
    found = np.zeros((len(wishes), len(candidates.headlines)), dtype=np.float32)
    for row, wish in enumerate(wishes):
        found[row] = (_refused if wish.refused else _wanted)(wish, candidates)
    return Vocabulary(wishes, found)


def _wanted(wish: Wish, candidates: Candidates) -> Floats:
    interest = _embedded(parse_interest(wish.text))
    scores = _match_where_near(interest, candidates, nearest=FLOOR - WORDS_COUNT)
    said_by_them = np.array([speaker.casefold() == wish.text.casefold() for speaker in candidates.speakers])
    relevance = np.where(scores > 0, np.clip(scores / np.float32(_CLEAR), 0, 1), 0)
    return np.where(said_by_them, 1, relevance).astype(np.float32)


def _refused(wish: Wish, candidates: Candidates) -> Floats:
    """What a subscriber does not want needs no more than the nearness that `match` asks of its own unwanted parts."""
    words = parse_interest(wish.text)
    parts = [words.wanted] if words.wanted else list(words.unwanted)
    vectors = candidates.pool.vectors
    near = [(vectors @ _vector(part) >= UNWANTED) for part in parts]
    named = [np.array([part.casefold() in text.casefold() for text in candidates.texts]) for part in parts]
    refused: Floats = np.any([*near, *named], axis=0).astype(np.float32)
    return refused


def _match_where_near(interest: EmbeddedInterest, candidates: Candidates, *, nearest: float) -> Floats:
    """`match`, for those only that can pass its floor: it reads the words of every text that it is given."""
    vectors = candidates.pool.vectors
    near = np.flatnonzero(vectors @ interest.wanted >= nearest)
    scores = np.zeros(len(vectors), dtype=np.float32)
    scores[near] = match(interest, vectors[near], [candidates.texts[column] for column in near])
    return scores


def _embedded(words: InterestWords) -> EmbeddedInterest:
    unwanted = [_vector(part) for part in words.unwanted]
    return EmbeddedInterest(words, _vector(words.wanted), np.array(unwanted, dtype=np.float32).reshape(-1, DIMENSIONS))


@lru_cache(maxsize=50_000)
def _vector(text: str) -> Vectors:
    vector: Vectors = embedder().embed([text])[0]
    return vector

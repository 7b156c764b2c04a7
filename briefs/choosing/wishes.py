"""How well each candidate matches each of the subscribers' free texts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from briefs.choosing.audience import Vocabulary
from briefs.choosing.candidates import Candidates
from briefs.choosing.interest_match import (
    FLOOR,
    UNWANTED,
    WORDS_COUNT,
    EmbeddedInterest,
    InterestWords,
    match,
    parse_interest,
)
from briefs.choosing.interests import Profile
from briefs.choosing.ranking import Floats
from feeds.reading.embeddings import DIMENSIONS, Vectors, embedder

# Full relevance, as much as a topic that is certain, belongs to the clear matches.
_CLEAR = 0.70


# Vectors of what subscribers write: most of it comes again with every brief.
_KEPT_AT_MOST = 50_000
_kept: dict[str, Vectors] = {}


@dataclass(frozen=True, slots=True)
class _Said:
    """The candidates as wishes are held against them: `folded` and `speakers` without regard to case.

    `of` has the vector of each part of a wish, `near` how near each candidate is to it.
    """

    vectors: Vectors
    texts: tuple[str, ...]
    folded: tuple[str, ...]
    speakers: NDArray[np.str_]
    of: Mapping[str, Vectors]
    near: Mapping[str, Floats]


def vocabulary(profiles: Iterable[Profile], candidates: Candidates) -> Vocabulary:
    """The distinct wishes of these profiles with their matches: 0 to 1, above 0 where there is one."""
    wishes = tuple(sorted({wish for profile in profiles for wish in profile.wishes}))
    words = [parse_interest(wish.text) for wish in wishes]
    said = _said({part for one in words for part in (one.wanted, *one.unwanted) if part}, candidates)
    found = np.zeros((len(wishes), len(candidates.headlines)), dtype=np.float32)
    for row, (wish, own) in enumerate(zip(wishes, words, strict=True)):
        found[row] = _refused(own, said) if wish.refused else _wanted(own, said, name=wish.text)
    return Vocabulary(wishes, found)


def _said(parts: set[str], candidates: Candidates) -> _Said:
    of, across = _vectors(parts), candidates.pool.vectors.T
    ordered = sorted(parts)
    near = np.array([of[part] for part in ordered], dtype=np.float32).reshape(-1, DIMENSIONS) @ across
    return _Said(
        vectors=candidates.pool.vectors,
        texts=candidates.texts,
        folded=tuple(text.casefold() for text in candidates.texts),
        speakers=np.array([speaker.casefold() for speaker in candidates.speakers], dtype=np.str_),
        of=of,
        near=dict(zip(ordered, near, strict=True)),
    )


def _wanted(words: InterestWords, said: _Said, *, name: str) -> Floats:
    unwanted = np.array([said.of[part] for part in words.unwanted], dtype=np.float32).reshape(-1, DIMENSIONS)
    scores = _match_where_near(EmbeddedInterest(words, said.of[words.wanted], unwanted), said)
    relevance = np.where(scores > 0, np.clip(scores / np.float32(_CLEAR), 0, 1), 0)
    return np.where(said.speakers == name.casefold(), 1, relevance).astype(np.float32)


def _refused(words: InterestWords, said: _Said) -> Floats:
    """What a subscriber does not want needs no more than the nearness that `match` asks of its own unwanted parts."""
    parts = [words.wanted] if words.wanted else list(words.unwanted)
    near = [said.near[part] >= UNWANTED for part in parts]
    named = [np.array([part.casefold() in text for text in said.folded]) for part in parts]
    refused: Floats = np.any([*near, *named], axis=0).astype(np.float32)
    return refused


def _match_where_near(interest: EmbeddedInterest, said: _Said) -> Floats:
    """`match`, for those only that can pass its floor: it reads the words of every text that it is given."""
    columns = np.flatnonzero(said.near[interest.words.wanted] >= FLOOR - WORDS_COUNT)
    scores = np.zeros(len(said.vectors), dtype=np.float32)
    scores[columns] = match(interest, said.vectors[columns], [said.texts[column] for column in columns])
    return scores


def _vectors(texts: set[str]) -> Mapping[str, Vectors]:
    """Of these texts; those that are new are embedded in one go."""
    known = {text: vector for text in texts if (vector := _kept.get(text)) is not None}
    new = sorted(texts - known.keys())
    fresh = dict(zip(new, embedder().embed(new), strict=True))
    if len(_kept) + len(fresh) > _KEPT_AT_MOST:
        _kept.clear()
    _kept.update(fresh)
    return known | fresh

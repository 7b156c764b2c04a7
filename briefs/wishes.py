"""How well each candidate matches each of the subscribers' free texts."""

from collections.abc import Sequence

import numpy as np

from briefs.audience import Vocabulary
from briefs.candidates import Candidates
from briefs.interests import Profile
from feeds.embeddings import embedder

_FLOOR = 0.38


def vocabulary(profiles: Sequence[Profile], candidates: Candidates) -> Vocabulary:
    """The distinct texts of these profiles with their matches."""
    texts = sorted({wish.text for profile in profiles for wish in profile.wishes})
    match = np.zeros((len(texts), len(candidates.headlines)), dtype=np.float32)
    if texts and candidates.headlines:
        cosine = embedder().embed(texts) @ candidates.pool.vectors.T
        match = np.where(cosine >= _FLOOR, np.clip((cosine - 0.2) / 0.5, 0, 1), 0).astype(np.float32)
    return Vocabulary(tuple(texts), match)

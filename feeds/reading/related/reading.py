"""An insight as the comparison reads it: its embedding, and each word of it in its context."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from feeds.reading.embeddings import LocalEmbedder, TokenStates, load_tokenizer, local_embedder

MODEL = Path(__file__).parent / "model" / "related.npz"

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reading:
    """`vector` is the text's embedding, (384,), and `words` each token in context, (length, 64): unit vectors.

    `ids`, (length,), names the tokens, and `weights`, (length,), says how much each tells.
    """

    vector: Floats
    words: Floats
    ids: Ints
    weights: Floats


@dataclass(frozen=True)
class Lens:
    """The directions in which claims differ, most telling first: `basis` is (64, 384), `centre` (384,).

    The rest of a token's 384 dimensions is wording and chance: without it the nearest are more often the related
    ones. `weights`, (vocabulary,), says how much a token tells by being rare; numbers tell nothing.
    """

    centre: Floats
    basis: Floats
    weights: Floats

    def reading(self, states: TokenStates) -> Reading:
        return self.of_parts(states.vector, self.words(states), states.ids)

    def of_parts(self, vector: Floats, words: Floats, token_ids: NDArray[np.integer]) -> Reading:
        ids = token_ids.astype(np.int64)
        return Reading(vector, words, ids, self.weights[ids])

    def words(self, states: TokenStates) -> Floats:
        return units((units(states.states) - self.centre) @ self.basis.T)

    @cached_property
    def model(self) -> str:
        """Names the directions that words are told along: words told along others cannot be compared with them."""
        directions = hashlib.sha256(self.centre.tobytes() + self.basis.tobytes()).hexdigest()
        return f"{LocalEmbedder.model}/{directions[:12]}"


# Directions that each word is told along.
WORDS = 64
# A word that every sixth text says tells nothing.
COMMON = 2.0


@cache
def load_lens(path: Path = MODEL) -> Lens:
    with np.load(path, allow_pickle=False) as stored:
        return Lens(*(stored[name].astype(np.float32) for name in ("centre", "basis", "weights")))


def read(texts: Sequence[str]) -> list[Reading]:
    """Some 20 ms a text on one core; of insights that were filed, `feeds.library.related.stored` has the readings."""
    lens = load_lens()
    return [lens.reading(states) for states in local_embedder().read(texts)]


def telling_words(text: str, count: int) -> list[str]:
    """The `count` rarest words of the text, for a search that must not drown in common ones."""
    rarity = word_rarity(text)
    return sorted(rarity, key=lambda word: -rarity[word])[:count]


def word_rarity(text: str) -> dict[str, float]:
    """How much each word of the text tells by being rare; articles, prepositions and the like are left out."""
    words = dict.fromkeys(re.findall(r"[a-z0-9]+(?:['-][a-z0-9]+)*", text.lower()))
    tokenizer, weights = _tokenizer(), load_lens().weights
    rarity = {word: float(weights[tokenizer.encode(word, add_special_tokens=False).ids].max()) for word in words}
    return {word: weight for word, weight in rarity.items() if weight >= COMMON and len(word) > 1}


@cache
def _tokenizer() -> Tokenizer:
    return load_tokenizer()


def units(vectors: NDArray[np.floating]) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    units: Floats = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return units

"""One claim out of a passage in at most 90 characters, made by leaving words out."""

from collections.abc import Iterator
from dataclasses import dataclass

from feeds.reading.insights.writeup import lexicon
from feeds.reading.insights.writeup.compression import compressed, finished
from feeds.reading.insights.writeup.judge import judged
from feeds.reading.insights.writeup.lexicon import core
from feeds.reading.insights.writeup.openings import strip_connectives
from feeds.reading.insights.writeup.shortenings import Scene, Shortening

MOST_CHARACTERS = 90
_FEWEST_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class Headline:
    """`sentence` numbers the sentence that says it; `clarity` is the chance (0 to 1) that it can be read alone."""

    text: str
    sentence: int
    clarity: float


def headline(scene: Scene) -> Headline:
    """The shortening that an editor would come nearest to and that stands alone; empty only where no word was said."""
    offers = judged(list(shortenings(scene)), scene)
    if not offers:
        return Headline(_first_words(scene), 0, 0.0)
    best = max(offers, key=lambda offer: offer.worth)
    return Headline(best.shortening.text, best.shortening.sentence, best.clarity)


def shortenings(scene: Scene) -> Iterator[Shortening]:
    """Every way to say one of the sentences that fits a headline, each once."""
    seen: set[str] = set()
    for number, sentence in enumerate(scene.sentences):
        for text, price in compressed(sentence):
            if _FEWEST_CHARACTERS < len(text) <= MOST_CHARACTERS and text not in seen:
                seen.add(text)
                yield Shortening(text, number, price)


def _first_words(scene: Scene) -> str:
    """As many words of the first sentence as fit, up to a word of content."""
    words = strip_connectives(next(iter(scene.sentences), "")).split()
    while len(words) > 1 and (len(" ".join(words)) > MOST_CHARACTERS or core(words[-1]) in lexicon.FUNCTION_WORDS):
        words.pop()
    return finished(" ".join(words))[:MOST_CHARACTERS]

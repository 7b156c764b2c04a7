"""Which words two texts share, whatever their endings."""

from feeds.reading.insights.writeup.lexicon import core
from feeds.reading.insights.writeup.shortenings import is_content

_STEM = 6


def stems(text: str) -> frozenset[str]:
    """The beginnings of the words that say something of their own."""
    return frozenset(word[:_STEM] for word in map(core, text.split()) if is_content(word))


def share(part: frozenset[str], whole: frozenset[str]) -> float:
    return len(part) / max(1, len(whole))

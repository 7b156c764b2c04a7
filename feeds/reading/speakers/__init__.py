"""Pure: who says what in an episode, where title, guests, labels or the talk itself leave no doubt."""

from feeds.reading.speakers.attribution import attributed

__all__ = ["attributed"]

"""Who is said to say something, where that is not the one who speaks."""

import re

from feeds.reading.insights.gate.words import CLASSES, words

_SAYS = "|".join(sorted(CLASSES["saying"]))
_NAME = r"[A-Z][\w.’'-]+(?: (?:de|van|von|der))?(?: [A-Z][\w.’'-]+){0,3}"
_CLAIMANTS = (
    re.compile(rf"(?<!of )(?<!of the )\b({_NAME}),? (?:{_SAYS})\b"),
    re.compile(rf"\b(?:says|argues|according to|warns|explains|said|thinks) ({_NAME})"),
)


def other_claimants(text: str, *, speaker: str, talk: str) -> list[str]:
    """Names of those who are said to claim something and neither speak nor are spoken of; [] where the text names the
    speaker, too, or nobody knows who speaks."""
    own = _parts(speaker)
    if not own or not own.isdisjoint(_parts(text)):
        return []
    heard = own | _parts(talk) | CLASSES["stand-ins"]
    named = [found[1] for pattern in _CLAIMANTS for found in pattern.finditer(text)]
    return [name for name in named if heard.isdisjoint(_parts(name))]


def _parts(text: str) -> set[str]:
    return {word.removesuffix("'s") for word in words(text)}

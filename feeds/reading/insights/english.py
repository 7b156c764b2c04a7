"""Whether a text is English, which is all that any writer can put into print."""

import re

_WORD = re.compile(r"[^\W\d_]+")
# The commonest words of English speech but for those that are as common in another language of Latin letters, as “a”,
# “he”, “in”, “of”, “is” and “we” are.
_COMMON_WORDS = """
    the and to that it you this with are they be from what but not there which would when your their about because if
    how think people can some just like know been more than who them were
"""
_COMMON = frozenset(_COMMON_WORDS.split())
# English has two or three of these among ten words, other languages hardly one in twenty.
_LEAST_SHARE = 0.12


def is_english(text: str, *, language: str = "") -> bool:
    """By the code of its language where one is given, and by its commonest words; nobody's word is taken for it."""
    if language and language.lower().replace("_", "-").partition("-")[0] not in ("en", "eng"):
        return False
    words = [word.lower() for word in _WORD.findall(text)]
    return sum(word in _COMMON for word in words) >= _LEAST_SHARE * len(words)

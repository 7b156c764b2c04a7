"""Verb forms that follow when "I think" becomes "Ann Lee thinks"."""

from feeds.reading.insights.gate.verbs import base_forms

_IRREGULAR = {
    "am": "is", "are": "is", "have": "has", "do": "does", "go": "goes", "were": "was",
    "don't": "doesn't", "haven't": "hasn't", "aren't": "isn't", "weren't": "wasn't",
}  # fmt: skip


def third_person(word: str) -> str | None:
    """The form after he, she or it; None where the word is no verb in its base form."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word not in base_forms():
        return None
    if word.endswith(("s", "x", "z", "ch", "sh", "o")):
        return word + "es"
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"

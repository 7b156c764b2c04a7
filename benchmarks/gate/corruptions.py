"""Texts that say what was not said, made of an editor's by one change each: what the verifier must tell from them."""

import random
import re
from collections.abc import Callable
from dataclasses import replace

from benchmarks.gate.corpus import EditedText
from feeds.reading.insights.gate.names import Heard, names_in
from feeds.reading.insights.gate.polarity import OPPOSITES, PLAIN_NEGATORS
from feeds.reading.insights.gate.words import FUNCTION_WORDS, plain, words

Change = Callable[[EditedText, random.Random], str | None]
NEIGHBOUR = "neighbouring passage"

_HEDGE = re.compile(
    r"\b(?:could|may|might|probably|perhaps|apparently|likely|often|usually|sometimes|typically|largely|mostly|partly|"
    r"roughly|about|around|nearly|almost|potentially|generally)\b ?",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r",? ?\b(?:in (?:his|her|its|their|the company's|[A-Z]\w+'s) (?:case|experience|view)|"
    r"(?:over|in|within|for|after) (?:about |roughly |nearly )?(?:\w+|\d+) (?:years|months|weeks|days|decades))\b,?"
)
_SOME = re.compile(r"\b(?:some|many|several|a few|a lot of|certain)\b")
_PLURAL_AFTER = re.compile(r"(?<=[a-z,] )(?=[a-z]{4,}s\b)")
_FORM_OF_BE = re.compile(r"\b(?:is|are|was|were|can|will|would|could|should|does|do)\b(?! not)")
_NUMBER = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?![\w-])")
_SENTENCE_GAP = re.compile(r"\. (?=[A-Z])")
_NOUN = re.compile(r"(?<![\w'-])[a-z]{4,}(?![\w'-])")


def _other_name(text: EditedText, chance: random.Random) -> str | None:
    """An actor put in another's place: two of the text change places, or one of the talk steps in."""
    own = [name.removesuffix("'s") for name in names_in(text.text)]
    source = [
        name.removesuffix("'s") for name in names_in(f"{text.before} {text.passage} {text.after}\n{text.context}")
    ]
    others = [name for name in source if len(name) > 2 and not Heard(" ".join(own)).has(name)]
    if len(set(own)) > 1 and chance.random() < 0.5:
        one, other = chance.sample(sorted(set(own)), 2)
        return _swapped(text.text, one, other)
    if not own or not others:
        return None
    return _word(chance.choice(own)).sub(chance.choice(others), text.text)


def _swapped(text: str, one: str, other: str) -> str:
    return re.sub(
        rf"\b(?:{re.escape(one)}|{re.escape(other)})\b", lambda found: other if found[0] == one else one, text
    )


def _flipped(text: EditedText, chance: random.Random) -> str | None:
    turning = [word for word in words(text.text) if word in OPPOSITES]
    if not turning:
        return None
    word = chance.choice(turning)
    return _word(word).sub(chance.choice(sorted(OPPOSITES[word])), text.text, count=1)


def _denied(text: EditedText, chance: random.Random) -> str | None:
    """A “not” dropped where there is one, put in where there is none."""
    denials = list(re.finditer(r"\b(?:not|never|no) |n['’]t\b", text.text))
    places = [found.end() for found in _FORM_OF_BE.finditer(text.text)]
    if denials:
        found = chance.choice(denials)
        return text.text[: found.start()] + text.text[found.end() :]
    if not places:
        return None
    at = chance.choice(places)
    return f"{text.text[:at]} not{text.text[at:]}"


def _strengthened(text: EditedText, chance: random.Random) -> str | None:
    if _SOME.search(text.text) and chance.random() < 0.6:
        return _SOME.sub(chance.choice(("all", "most", "any")), text.text, count=1)
    places = [found.start() for found in _PLURAL_AFTER.finditer(text.text)]
    if not places:
        return None
    at = chance.choice(places)
    return f"{text.text[:at]}{chance.choice(('only', 'all', 'most', 'any', 'always'))} {text.text[at:]}"


def _unhedged(text: EditedText, chance: random.Random) -> str | None:
    found = list(_HEDGE.finditer(text.text)) + list(_LIMIT.finditer(text.text))
    if not found:
        return None
    one = chance.choice(found)
    shorter = text.text[: one.start()] + text.text[one.end() :]
    return shorter[:1].upper() + shorter[1:]


def _made_general(text: EditedText, chance: random.Random) -> str | None:
    """One firm made to all."""
    own = [name for name in names_in(text.text) if not name.endswith("'s")]
    if not own:
        return None
    return _word(chance.choice(own)).sub(chance.choice(("most companies", "companies", "every company")), text.text)


def _so_invented(text: EditedText, chance: random.Random) -> str | None:
    gaps = list(_SENTENCE_GAP.finditer(text.text))
    if not gaps:
        return None
    gap = chance.choice(gaps)
    return f"{text.text[: gap.start()]}, {chance.choice(('so', 'because'))} {text.text[gap.end() :]}"


def _other_number(text: EditedText, chance: random.Random) -> str | None:
    own = _NUMBER.findall(text.text)
    others = sorted(set(_NUMBER.findall(text.before + text.passage + text.after)) - set(own))
    if not own or not others:
        return None
    return re.sub(rf"(?<![\w.,-]){re.escape(chance.choice(own))}(?![\w-])", chance.choice(others), text.text, count=1)


def _other_noun(text: EditedText, chance: random.Random) -> str | None:
    """A fluent wrong noun: a word of the talk for another of the same ending."""
    own = [word for word in _NOUN.findall(text.text) if word not in FUNCTION_WORDS]
    heard = {word for word in words(f"{text.before} {text.passage} {text.after}") if len(word) > 3}
    heard -= {*map(plain, own), *FUNCTION_WORDS, *PLAIN_NEGATORS}
    choices = [(word, other) for word in own for other in sorted(heard) if word[-2:] == other[-2:]]
    if not choices:
        return None
    word, other = chance.choice(choices)
    return _word(word).sub(other, text.text)


def _word(word: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE)


CHANGES: dict[str, Change] = {
    "swapped actor": _other_name,
    "flipped direction": _flipped,
    "changed denial": _denied,
    "strengthened claim": _strengthened,
    "dropped hedge or limit": _unhedged,
    "one made to all": _made_general,
    "invented so": _so_invented,
    "other number": _other_number,
    "other noun": _other_noun,
}


def corrupted(text: EditedText, kind: str, *, seed: int = 0) -> EditedText | None:
    """The text with one change of this kind; None where it offers none."""
    changed = CHANGES[kind](text, random.Random(f"{seed} {kind} {text.key} {text.headline}"))
    return replace(text, text=changed) if changed and changed != text.text else None

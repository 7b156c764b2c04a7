"""The numbers that a text holds, whether in digits or in words: "20 percent" and "twenty percent" say the same."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from feeds.reading.insights.gate.words import word_set

_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {
    "dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
}  # fmt: skip
_ABBREVIATED = {"k": 10**3, "m": 10**6, "mn": 10**6, "mm": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12}
# Digits that hang on letters belong to a name: “GPT-4”, “A100”.
_TOKEN = re.compile(r"(?<![^\W_])(?<![^\W\d_]-)\d[\d,]*(?:\.\d+)?|[^\W\d_]+(?:-?\d+)?")
_GAP = re.compile(r"[\s–—-]*")
_A_SCALE = re.compile(rf"\ban? (?={'|'.join(_SCALES)})", re.IGNORECASE)
_LONGEST_RUN = 8
# As an article or a pronoun it is no number, so nobody is held to it.
_SAYS_LITTLE = Decimal(1)
# Whoever tells what was listed counts it.
_A_COUNT = ["two"]
_ROUGH = word_set("dozens hundreds thousands millions billions trillions tens")
_HALF = re.compile(r"\b(?:and a half|and 1/2|1/2)\b", re.IGNORECASE)
_FEWEST_RUN_TOGETHER = 4
_SCALE_REACHES = 3
_FIRST_YEAR, _PAST_YEARS = 1900, 2100


def numbers_said(text: str) -> set[Decimal]:
    """Every number that a listener may take from spoken words: "twenty twenty five" is 2025, and 20, and 25.

    A scale said once counts for a range ("18 to 20 billion"), and digits that a machine ran together count apart
    ("7800 billion" for seven to eight hundred).
    """
    said = {_SAYS_LITTLE}
    scale, numbers_ago = Decimal(1), 0
    for run in reversed(list(_runs(text))):
        own = [Decimal(found) for word in run if (found := _scale(word))]
        scale, numbers_ago = (own[-1], 0) if own else (scale, numbers_ago + 1)
        bare = _run_together(run) | (set() if own else {_built(run)})
        said |= {reading for part in _parts(run) for reading in _readings(part)} | bare
        said |= {number * scale for number in bare if numbers_ago < _SCALE_REACHES}
    return said | ({number + Decimal("0.5") for number in said} if _HALF.search(text) else set())


def numbers_besides(text: str, said: set[Decimal]) -> list[str]:
    """The numbers of a written text, in its words, that are not among those said."""
    return [" ".join(run) for run in _runs(text) if not _is_covered(run, said)]


def _is_covered(run: Sequence[str], said: set[Decimal]) -> bool:
    if run == _A_COUNT or not said.isdisjoint(_readings(run)):
        return True
    if len(run) > 1:
        return False
    value = _built(run)
    return any(value <= number for number in said) if run[0] in _ROUGH else not said.isdisjoint(_as_year(value))


def _as_year(value: Decimal) -> set[Decimal]:
    """What may have been said for a year: “the seventies” or 1974 for 1970, “twenty-four” for 2024."""
    if not (_FIRST_YEAR <= value < _PAST_YEARS and value == value.to_integral_value()):
        return set()
    years = {value + later for later in range(10)} if value % 10 == 0 else {value}
    return years | {year % 100 for year in years}


def _parts(run: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(len(run)):
        for end in range(begin + 1, len(run) + 1):
            yield run[begin:end]


def _run_together(run: Sequence[str]) -> set[Decimal]:
    """The two numbers that four digits or more may have been."""
    digits = [word for word in run if word.isdecimal() and len(word) >= _FEWEST_RUN_TOGETHER]
    cuts = ((word[:place], word[place:]) for word in digits for place in range(1, len(word)))
    return {Decimal(part) for cut in cuts for part in cut if not part.startswith("0")}


def _scale(word: str) -> int | None:
    return _SCALES.get(_singular(word)) or _ABBREVIATED.get(word)


def _runs(text: str) -> Iterator[list[str]]:
    """Words and digits that together make one number, in small letters."""
    text = _A_SCALE.sub("one ", text)
    run: list[str] = []
    at = 0
    for token in _TOKEN.finditer(text):
        word = token[0].lower().rstrip(",")
        if run and not (_GAP.fullmatch(text, at, token.start()) and _goes_on(run, word)):
            yield run
            run = []
        if run or _begins(word):
            run.append(word)
            at = token.start() + len(word)
    if run:
        yield run


def _begins(word: str) -> bool:
    return word[0].isdecimal() or _singular(word) in _UNITS | _TENS | _SCALES


def _goes_on(run: Sequence[str], word: str) -> bool:
    if len(run) == _LONGEST_RUN or word[0].isdecimal():
        return False
    return _begins(word) or (word in _ABBREVIATED and run[-1][0].isdecimal())


def _readings(run: Sequence[str]) -> set[Decimal]:
    """The sum as the words build it, and, of small numbers in a row, the digits put side by side."""
    readings = {_built(run)}
    if len(run) > 1 and all(word in _UNITS or word in _TENS for word in run):
        readings.add(_side_by_side(run))
    return readings


def _built(run: Sequence[str]) -> Decimal:
    total, current = Decimal(0), Decimal(0)
    for word in run:
        scale = _scale(word)
        if scale is None:
            current += _value(word)
        elif scale <= 100:
            current = (current or Decimal(1)) * scale
        else:
            total += (current or Decimal(1)) * scale
            current = Decimal(0)
    return total + current


def _value(word: str) -> Decimal:
    if word[0].isdecimal():
        return Decimal(word.replace(",", ""))
    return Decimal((_UNITS | _TENS)[_singular(word)])


def _side_by_side(run: Sequence[str]) -> Decimal:
    """“nineteen eighty four” as 1984: a ten takes the unit after it, all else is written next to each other."""
    digits, words = "", list(run)
    while words:
        value = _value(words.pop(0))
        if value >= 20 and words and 0 < _UNITS.get(words[0], 0) < 10:
            value += _value(words.pop(0))
        digits += str(value)
    return Decimal(digits)


def _singular(word: str) -> str:
    """“millions” as “million”, “nineties” as “ninety”."""
    return word[:-3] + "y" if word.endswith("ties") else word.removesuffix("s")

"""The numbers that a text holds, whether in digits or in words: "20 percent" and "twenty percent" say the same."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

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


def numbers_said(text: str) -> set[Decimal]:
    """Every number that a listener may take from spoken words: "twenty twenty five" is 2025, and 20, and 25."""
    said = {_SAYS_LITTLE}
    for run in _runs(text):
        for begin in range(len(run)):
            for end in range(begin + 1, len(run) + 1):
                said |= _readings(run[begin:end])
    return said


def has_numbers_besides(text: str, said: set[Decimal]) -> bool:
    """Whether a written text states a number that is not among those said."""
    return any(said.isdisjoint(_readings(run) | _decades(run)) for run in _runs(text))


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


def _decades(run: Sequence[str]) -> set[Decimal]:
    """“the 1970s” may have been “the seventies” when they were spoken of."""
    year = _built(run)
    return {year % 100} if len(run) == 1 and 1900 <= year < 2000 else set()


def _built(run: Sequence[str]) -> Decimal:
    total, current = Decimal(0), Decimal(0)
    for word in run:
        scale = _SCALES.get(_singular(word)) or _ABBREVIATED.get(word)
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

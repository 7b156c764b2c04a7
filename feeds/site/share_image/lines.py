"""Breaking a headline into lines for the share image, which knows no line breaks of its own."""

from __future__ import annotations

from dataclasses import dataclass

_COLUMN = 1040
# Size in pixels, the distance of the lines, and how many fit above the episode's line.
_SIZES = ((72, 82, 4), (62, 70, 5), (52, 60, 6))
_TOP = 130

# Widths of the headline's face in ems; what is in no group is as wide as an `n`.
_WIDTHS = {
    letter: width
    for width, letters in (
        (0.24, " '|,.‘’"),
        (0.29, "jil!:;()[]{}"),
        (0.38, '-ftI"/'),
        (0.45, "rscz?J“”"),
        (0.51, "eagxé–"),
        (0.57, "ovybkquSdhp"),
        (0.66, "FLPZBE—"),
        (0.74, "CRYTVAX&"),
        (0.80, "GKDNwUOQ%H"),
        (0.90, "m@"),
        (1.03, "MW"),
    )
    for letter in letters
}


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    y: int


@dataclass(frozen=True, slots=True)
class SetHeadline:
    size: int
    lines: tuple[Line, ...]


def set_headline(headline: str) -> SetHeadline:
    """The headline in the largest size in which it fits; cut with an ellipsis if it fits in none."""
    for size, leading, room in _SIZES:
        broken = _broken(headline, _COLUMN / size)
        if len(broken) <= room:
            return _set(broken, size=size, leading=leading)
    cut = broken[room - 1].rstrip(" ,.;:") + "…"
    return _set([*broken[: room - 1], cut], size=size, leading=leading)


def _set(lines: list[str], *, size: int, leading: int) -> SetHeadline:
    return SetHeadline(size, tuple(Line(text, _TOP + leading * number) for number, text in enumerate(lines, start=1)))


def _broken(headline: str, ems: float) -> list[str]:
    lines = [""]
    for word in headline.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _width(longer) > ems:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _width(text: str) -> float:
    return sum(_WIDTHS.get(letter, 0.62 if letter < "\u2e80" else 1.0) for letter in text)

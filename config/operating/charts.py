"""Small charts of the nights, as the places of their bars; the template draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT, STEP, WIDTH = 40, 12, 9


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    y: float
    height: float
    title: str


@dataclass(frozen=True, slots=True)
class Chart:
    name: str
    last: str
    bars: Sequence[Bar]
    width: int
    height: int = HEIGHT
    bar_width: int = WIDTH


def chart(name: str, values: Sequence[tuple[str, float]]) -> Chart:
    """Of values with what they are called, the oldest first; nothing is drawn as nothing."""
    most = max((value for _, value in values), default=0) or 1
    bars = [
        Bar(number * STEP, round(HEIGHT * (1 - value / most), 1), round(HEIGHT * value / most, 1), f"{when}: {value:g}")
        for number, (when, value) in enumerate(values)
    ]
    return Chart(name, f"{values[-1][1]:g}" if values else "0", bars, width=max(len(values) * STEP, STEP))

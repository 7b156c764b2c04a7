"""Where in an episode something was said: the line with its tick, and times as people write them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urldefrag

# A feed's duration is a promise, not a measurement: a tick may stand a little past the end of it.
_TOLERANCE_SECONDS = 30
# A time of five characters needs this share of the line on either side of its tick.
_EDGE = 0.06


@dataclass(frozen=True, slots=True)
class EpisodeLine:
    """The episode as a line. `position` is where the tick stands, from 0 (start) to 1 (end)."""

    position: float
    at: str
    of: str

    @property
    def percent(self) -> str:
        """For an SVG attribute."""
        return f"{self.position * 100:.2f}%"

    @property
    def anchor(self) -> str:
        """Which side of the time stands on the tick, so that it does not leave the line at either end."""
        edge = _EDGE * max(len(self.at) / len("59:59"), 1)
        if self.position < edge:
            return "start"
        return "end" if self.position > 1 - edge else "middle"


def episode_line(start: float | None, duration: float | None, *, is_approximate: bool = False) -> EpisodeLine | None:
    """The line for an insight at `start` seconds of `duration`; None where either is unknown or they contradict."""
    if start is None or not duration or not 0 <= start <= duration + _TOLERANCE_SECONDS:
        return None
    at = moment(start, is_approximate=is_approximate)
    return EpisodeLine(position=min(start / duration, 1.0), at=at, of=clock(duration))


def clock(seconds: float) -> str:
    """Seconds as 0:07, 23:41 or 1:02:03."""
    minutes, second = divmod(int(max(seconds, 0)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def moment(start: float | None, *, is_approximate: bool) -> str:
    """“23:41”, or “about 24 min” where the second is not known; "" where no time is."""
    if start is None:
        return ""
    return _about(start) if is_approximate else clock(start)


def _about(seconds: float) -> str:
    hours, minutes = divmod(max(round(seconds / 60), 1), 60)
    if not hours:
        return f"about {minutes} min"
    return f"about {hours} h {minutes} min" if minutes else f"about {hours} h"


def iso_duration(seconds: float) -> str:
    """Seconds as ISO 8601 writes a duration: PT1421S."""
    return f"PT{int(max(seconds, 0))}S"


def audio_at(address: str, start: float | None) -> str:
    """The address of the audio, opening at `start` where the player knows media fragments."""
    bare = urldefrag(address).url
    return bare if start is None else f"{bare}#t={int(start)}"

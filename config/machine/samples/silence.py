"""Pure: a WAV file of nothing, any part of which can be had without making the rest."""

import re
import struct
from collections.abc import Iterator

RATE = 8000
HEADER = 44
# Eight-bit samples are unsigned: silence is the middle.
_SILENT = b"\x80"
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class Silence:
    """`seconds` of 8 kHz, 8-bit mono."""

    def __init__(self, seconds: int) -> None:
        self._samples = seconds * RATE
        self.size = HEADER + self._samples

    def pieces(self, wanted: range, *, size: int) -> Iterator[bytes]:
        for begin in range(wanted.start, wanted.stop, size):
            end = min(begin + size, wanted.stop)
            head = self._header()[begin:end]
            yield head + _SILENT * (end - begin - len(head))

    def range_of(self, header: str) -> range | None:
        """The bytes that a Range header asks for, all of them without one; None where it cannot be satisfied."""
        if not header:
            return range(self.size)
        found = _RANGE.fullmatch(header.strip())
        if not found or found[0] == "bytes=-":
            return None
        if not found[1]:
            return range(max(self.size - int(found[2]), 0), self.size) if int(found[2]) else None
        begin, end = int(found[1]), min(int(found[2] or self.size - 1), self.size - 1)
        return range(begin, end + 1) if begin <= end else None

    def _header(self) -> bytes:
        return struct.pack(
            "<4sI4s4sIHHIIHH4sI",
            b"RIFF", self.size - 8, b"WAVE", b"fmt ", 16, 1, 1, RATE, RATE, 1, 8, b"data", self._samples,
        )  # fmt: skip

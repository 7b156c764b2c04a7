"""Content-Encoding undone while the bytes come in, under a cap on what comes out."""

import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli

from feeds.reading.errors import BadAnswer, TooLarge

PIECE = 64 * 1024
MOST_ENCODINGS = 3


class Decoder(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what `data` unpacks to, at most PIECE bytes at a time."""
        ...

    @property
    def finished(self) -> bool: ...


class Unpacker:
    """Undoes every encoding in turn; raises TooLarge as soon as one stage has given out more than `cap` bytes.

    `source` names the answer in errors.
    """

    def __init__(self, content_encoding: str, *, cap: int, source: str) -> None:
        self._source = source
        names = [name.strip().lower() for name in content_encoding.split(",") if name.strip()]
        if len(names) > MOST_ENCODINGS:
            raise BadAnswer(f"{source} is packed {len(names)} times over")
        self._stages = [_Capped(_decoder(name, source), cap, source) for name in reversed(names) if name != "identity"]
        self._plain = _Capped(_Plain(), cap, source)

    def feed(self, data: bytes) -> bytes:
        pieces: Iterator[bytes] = self._plain.feed(data)
        for stage in self._stages:
            pieces = _through(stage, pieces)
        try:
            return b"".join(pieces)
        except (zlib.error, brotli.error) as error:
            raise BadAnswer(f"{self._source} cannot be unpacked: {error}") from error

    def finish(self) -> None:
        """Raise BadAnswer where the packed stream stopped before its end."""
        if not all(stage.finished for stage in self._stages):
            raise BadAnswer(f"{self._source} is packed and breaks off before its end")


def _through(stage: "_Capped", pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield from stage.feed(piece)


def _decoder(name: str, source: str) -> Decoder:
    if name in ("gzip", "x-gzip"):
        return _Zlib(zlib.MAX_WBITS | 16)
    if name == "deflate":
        return _Deflate()
    if name == "br":
        return _Brotli()
    raise BadAnswer(f"{source} is packed as “{name[:40]}”, which was not asked for")


class _Capped:
    def __init__(self, decoder: Decoder, cap: int, source: str) -> None:
        self._decoder, self._cap, self._source = decoder, cap, source
        self._given = 0

    @property
    def finished(self) -> bool:
        # An empty body under a Content-Encoding header is common with 304 and 204, and no fault.
        return self._given == 0 or self._decoder.finished

    def feed(self, data: bytes) -> Iterator[bytes]:
        for piece in self._decoder.feed(data):
            self._given += len(piece)
            if self._given > self._cap:
                raise TooLarge(f"{self._source} is larger than {self._cap / 2**20:.3g} MiB unpacked")
            yield piece


class _Plain:
    finished = True

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data


class _Zlib:
    def __init__(self, window: int) -> None:
        self._window = window
        self._inner = zlib.decompressobj(window)

    @property
    def finished(self) -> bool:
        return self._inner.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._inner.eof:
                # Several gzip members one after the other make one body.
                self._inner = zlib.decompressobj(self._window)
            yield self._inner.decompress(data, PIECE)
            while self._inner.unconsumed_tail:
                yield self._inner.decompress(self._inner.unconsumed_tail, PIECE)
            data = self._inner.unused_data.lstrip(b"\0") if self._inner.eof else b""


class _Deflate:
    """Some servers send a zlib stream, as the standard says, and some a bare deflate stream."""

    def __init__(self) -> None:
        self._inner: _Zlib | None = None

    @property
    def finished(self) -> bool:
        return self._inner is None or self._inner.finished

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._inner is None and data:
            is_zlib = data[0] & 0x0F == 8 and (len(data) < 2 or int.from_bytes(data[:2], "big") % 31 == 0)
            self._inner = _Zlib(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
        if self._inner is not None:
            yield from self._inner.feed(data)


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    @property
    def finished(self) -> bool:
        return bool(self._inner.is_finished())

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield self._inner.process(data, output_buffer_limit=PIECE)
        while not self._inner.is_finished() and not self._inner.can_accept_more_data():
            yield self._inner.process(b"", output_buffer_limit=PIECE)

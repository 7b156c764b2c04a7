import contextlib
import gzip
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.polling.http.unpacking import Unpacker
from feeds.reading.errors import BadAnswer, SourceError, TooLarge

MIB = 2**20
PACK = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "identity": bytes,
}


def unpack(encoding: str, packed: bytes, *, cap: int = 8 * MIB, step: int = 1000) -> bytes:
    unpacker = Unpacker(encoding, cap=cap, source="it")
    body = b"".join(unpacker.feed(packed[at : at + step]) for at in range(0, len(packed), step))
    unpacker.finish()
    return body


@given(
    body=st.binary(max_size=5000),
    encodings=st.lists(st.sampled_from(sorted(PACK)), max_size=3),
    step=st.integers(1, 700),
)
def test_what_was_packed_comes_out_again_whatever_the_chunks(body: bytes, encodings: list[str], step: int) -> None:
    packed = body
    for name in encodings:
        packed = PACK[name](packed)
    assert unpack(", ".join(encodings), packed, step=step) == body


@given(st.sampled_from(["gzip", "deflate", "br", "gzip, br"]), st.binary(max_size=300))
def test_garbage_raises_nothing_but_a_source_error(encoding: str, garbage: bytes) -> None:
    with contextlib.suppress(SourceError):
        unpack(encoding, garbage)


def test_a_bare_deflate_stream_is_understood() -> None:
    packer = zlib.compressobj(wbits=-15)
    assert unpack("deflate", packer.compress(b"hello " * 100) + packer.flush()) == b"hello " * 100


def test_gzip_members_in_a_row_are_one_body() -> None:
    assert unpack("gzip", gzip.compress(b"one ") + gzip.compress(b"two")) == b"one two"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_bomb_stops_at_the_cap(encoding: str) -> None:
    bomb = PACK[encoding](bytes(64 * MIB))
    unpacker = Unpacker(encoding, cap=MIB, source="it")
    with pytest.raises(TooLarge, match="it is larger than 1 MiB unpacked"):
        unpacker.feed(bomb)


def test_a_bomb_inside_a_bomb_stops_at_the_cap() -> None:
    bomb = gzip.compress(gzip.compress(bytes(64 * MIB)))
    with pytest.raises(TooLarge):
        Unpacker("gzip, gzip", cap=MIB, source="it").feed(bomb)


def test_a_body_packed_more_than_three_times_is_refused() -> None:
    with pytest.raises(BadAnswer, match="packed 4 times"):
        Unpacker("gzip, gzip, br, gzip", cap=MIB, source="it")


def test_an_encoding_nobody_asked_for_is_named() -> None:
    with pytest.raises(BadAnswer, match="zstd"):
        Unpacker("zstd", cap=MIB, source="it")


def test_a_packed_body_that_breaks_off_is_an_error() -> None:
    with pytest.raises(BadAnswer, match="breaks off"):
        unpack("gzip", gzip.compress(b"hello" * 1000)[:-9])


def test_an_empty_body_under_an_encoding_header_is_no_error() -> None:
    assert unpack("gzip", b"") == b""

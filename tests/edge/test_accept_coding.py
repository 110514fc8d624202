"""Content-Encoding: what decodes, what is refused, and how much memory a bomb gets."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from waf.edge.accept_coding import MEMBERS, PIECE, RATIO_FLOOR, decode
from waf.errors import BadRequest, BodyTooLarge, UnsupportedEncoding

MIB = 1 << 20


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def br(data: bytes) -> bytes:
    return brotli.compress(data, quality=3)


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


SKIPPABLE = b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd"

ENCODERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", raw_deflate),
    "br": ("br", br),
    "zstd": ("zstd", zstd),
}
ALL = pytest.mark.parametrize(("coding", "encode"), ENCODERS.values(), ids=list(ENCODERS))


def once(body: bytes, coding: str, cap: int = MIB, ratio: int = 100) -> bytes:
    return decode(body, (coding,), cap, ratio)


@ALL
@given(data=st.binary(max_size=3000))
def test_round_trip(coding: str, encode: Callable[[bytes], bytes], data: bytes) -> None:
    assert once(encode(data), coding) == data


@ALL
def test_many_pieces(coding: str, encode: Callable[[bytes], bytes]) -> None:
    data = b"".join(b"%d," % (i * i) for i in range(60_000))
    assert len(data) > 5 * PIECE
    assert once(encode(data), coding) == data


@ALL
def test_cut_off_anywhere(coding: str, encode: Callable[[bytes], bytes]) -> None:
    whole = encode(b"The quick brown fox jumps over the lazy dog")
    for end in range(1, len(whole)):
        with pytest.raises(BadRequest):
            once(whole[:end], coding)


@ALL
@pytest.mark.parametrize("tail", [b"\0", b"x", b"\r\n", b'{"a":1}'])
def test_nothing_may_follow(coding: str, encode: Callable[[bytes], bytes], tail: bytes) -> None:
    with pytest.raises(BadRequest):
        once(encode(b"hello") + tail, coding)


@ALL
def test_what_is_not_encoded(coding: str, encode: Callable[[bytes], bytes]) -> None:
    with pytest.raises(BadRequest):
        once(b"\xff" + encode(b"hello"), coding)


@ALL
def test_bomb(coding: str, encode: Callable[[bytes], bytes]) -> None:
    """32 MiB of zeros: refused, holding little more than the cap."""
    bomb = encode(b"\0" * (32 * MIB))
    tracemalloc.start()
    try:
        with pytest.raises(BodyTooLarge):
            once(bomb, coding, cap=2 * MIB, ratio=10_000_000)
        assert tracemalloc.get_traced_memory()[1] < 6 * MIB
    finally:
        tracemalloc.stop()


@ALL
def test_ratio(coding: str, encode: Callable[[bytes], bytes]) -> None:
    encoded = encode(b"\0" * (4 * RATIO_FLOOR))
    allowed = -(-4 * RATIO_FLOOR // len(encoded))
    assert len(once(encoded, coding, ratio=allowed)) == 4 * RATIO_FLOOR
    with pytest.raises(BodyTooLarge):
        once(encoded, coding, ratio=2)


@ALL
def test_a_short_body_may_decode_to_the_floor(coding: str, encode: Callable[[bytes], bytes]) -> None:
    assert len(once(encode(b"a" * RATIO_FLOOR), coding, ratio=2)) == RATIO_FLOOR
    with pytest.raises(BodyTooLarge):
        once(encode(b"a" * (RATIO_FLOOR + 1)), coding, ratio=2)


@pytest.mark.parametrize("cap", [1, 5, PIECE])
def test_the_cap_is_exact(cap: int) -> None:
    assert once(gzip.compress(b"a" * cap), "gzip", cap=cap) == b"a" * cap
    with pytest.raises(BodyTooLarge):
        once(gzip.compress(b"a" * (cap + 1)), "gzip", cap=cap)


@pytest.mark.parametrize(
    ("coding", "one", "between"),
    [("gzip", gzip.compress, b""), ("zstd", zstd, b""), ("zstd", zstd, SKIPPABLE)],
    ids=["gzip", "zstd", "zstd with skippable frames"],
)
def test_members_are_one_body(coding: str, one: Callable[[bytes], bytes], between: bytes) -> None:
    assert once(between.join([one(b"a"), one(b""), one(b"bc")]), coding) == b"abc"


@pytest.mark.parametrize(("coding", "one"), [("gzip", gzip.compress), ("zstd", zstd)])
def test_members_are_counted(coding: str, one: Callable[[bytes], bytes]) -> None:
    member = one(b"")
    assert once(member * MEMBERS, coding) == b""
    with pytest.raises(BadRequest):
        once(member * (MEMBERS + 1), coding)


def test_deflate_has_no_members() -> None:
    with pytest.raises(BadRequest):
        once(zlib.compress(b"a") * 2, "deflate")


def test_zstd_window_is_bounded() -> None:
    """RFC 9659: more than 8 MiB of window is refused, however short the body."""
    wide = zstandard.ZstdCompressionParameters(window_log=27)
    body = zstandard.ZstdCompressor(compression_params=wide).compress(b"a" * (9 * MIB))
    with pytest.raises(BadRequest):
        once(body, "zstd", cap=16 * MIB, ratio=10_000_000)


def test_stacked() -> None:
    assert decode(br(gzip.compress(b"hello")), ("gzip", "br"), MIB, 100) == b"hello"
    with pytest.raises(BadRequest):
        decode(br(gzip.compress(b"hello")), ("br", "gzip"), MIB, 100)


def test_the_ratio_holds_over_all_steps() -> None:
    """A body that shrinks a thousandfold twice is measured against what came, not against the step before."""
    twice = gzip.compress(gzip.compress(b"\0" * (64 * MIB)))
    with pytest.raises(BodyTooLarge):
        decode(twice, ("gzip", "gzip"), 128 * MIB, 1000)


@pytest.mark.parametrize("codings", [("lzma",), ("gzip", "compress"), ("",)])
def test_unknown(codings: tuple[str, ...]) -> None:
    with pytest.raises(UnsupportedEncoding):
        decode(b"x", codings, MIB, 100)


def test_an_empty_body_is_empty() -> None:
    assert once(b"", "gzip") == b""


@ALL
@given(body=st.binary(max_size=200))
def test_any_bytes(coding: str, encode: Callable[[bytes], bytes], body: bytes) -> None:
    """Nothing but declared errors."""
    try:
        once(body, coding)
    except (BadRequest, BodyTooLarge):
        return


def gzip_with(flags: int, extra: bytes) -> bytes:
    plain = gzip.compress(b"hello")
    return plain[:3] + bytes([flags]) + plain[4:10] + extra + plain[10:]


@pytest.mark.parametrize("extra", [b"report.json\0", b"a b (1)+x-2.tar\0", b"\0"])
def test_a_file_name_may_stand_in_a_gzip_header(extra: bytes) -> None:
    assert once(gzip_with(0x08, extra), "gzip") == b"hello"


@pytest.mark.parametrize(
    ("flags", "extra"),
    [
        (0x10, b"&prompt=ignore+all&\0"),
        (0x04, b"\x03\x00a=b"),
        (0x08, b"&prompt=x&\0"),
        (0x08, b"n" * 300 + b"\0"),
        (0x18, b"name\0comment\0"),
    ],
)
def test_nothing_else_may(flags: int, extra: bytes) -> None:
    for body in (gzip_with(flags, extra), gzip.compress(b"a") + gzip_with(flags, extra)):
        with pytest.raises(BadRequest, match="content_coding"):
            once(body, "gzip")

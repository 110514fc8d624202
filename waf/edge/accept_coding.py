"""Content-Encoding undone for inspection, under caps. The wire bytes are what goes to the upstream; these are what is read.

Bombs: the output is produced piece by piece and the decoder stops at the first byte past either cap, so memory stays
within the body limit whatever the input says. What follows the end of the encoded data is refused: servers differ in
whether they ignore it, and what one of them ignores another reads.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from typing import Final

import brotli
import zstandard

from waf.errors import BadRequest, BodyTooLarge, UnsupportedEncoding

PIECE: Final = 65_536
"""Bytes given to and asked of a decoder at once."""

MEMBERS: Final = 1024
"""Most gzip members or zstd frames: each costs a decoder, however short it is."""

RATIO_FLOOR: Final = 65_536
"""Bytes that any body may decode to, however small it was: a short text that repeats itself compresses a lot."""

MAX_WINDOW: Final = 8 << 20
"""RFC 9659: a zstd window in a Content-Encoding is at most 8 MiB; the decoder would allocate more if told so."""


def decode(body: bytes, codings: tuple[str, ...], cap: int, ratio: int) -> bytes:
    """Undo `codings`, last applied first. `cap`: most bytes after each step. `ratio`: most decoded bytes for one encoded.

    Raises UnsupportedEncoding for a coding nobody here can read, BodyTooLarge past a cap, BadRequest when malformed.
    """
    try:
        decoders = [_DECODERS[name] for name in reversed(codings)]
    except KeyError:
        raise UnsupportedEncoding("content_encoding", "The Content-Encoding is not understood.") from None
    if not body:
        return body
    allowed = min(cap, max(RATIO_FLOOR, len(body) * ratio))
    for decoder in decoders:
        try:
            body = decoder(body, allowed)
        except (zlib.error, brotli.error, zstandard.ZstdError):
            raise _malformed() from None
    return body


def _too_large() -> BodyTooLarge:
    return BodyTooLarge("body_decoded_length", "The request body is too large once decoded.")


def _malformed() -> BadRequest:
    return BadRequest("content_coding", "The request body is not what its Content-Encoding says.")


class _Output:
    """Pieces under a cap."""

    __slots__ = ("_cap", "_pieces", "_size")

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._size = 0
        self._pieces: list[bytes] = []

    def add(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._cap:
            raise _too_large()
        self._pieces.append(piece)

    def join(self) -> bytes:
        return b"".join(self._pieces)


def _inflate(body: bytes, cap: int, wbits: int, members: int) -> bytes:
    """One or more zlib streams in a row. Fed in slices, because zlib copies whatever input it has not used yet."""
    out = _Output(cap)
    view = memoryview(body)
    position = 0
    for _ in range(members):
        if wbits == _GZIP:
            _check_header(body, position)
        member = zlib.decompressobj(wbits)
        while not member.eof:
            data: bytes | memoryview = view[position : position + PIECE]
            if not data:
                raise _malformed()
            position += len(data)
            full = False
            while (data or full) and not member.eof:
                piece = member.decompress(data, PIECE)
                out.add(piece)
                data = member.unconsumed_tail
                full = len(piece) == PIECE  # zlib may hold more output although it has taken all input
        position -= len(member.unused_data)
        if position == len(view):
            return out.join()
    raise _malformed()


def _gzip(body: bytes, cap: int) -> bytes:
    """RFC 1952 section 2.2: members one after another are one body."""
    return _inflate(body, cap, _GZIP, MEMBERS)


_GZIP: Final = 31
"""zlib's number for: a gzip wrapper, the largest window."""
_EXTRA_OR_COMMENT: Final = 0x14
_NAME: Final = 0x08
_FILE_NAME: Final = re.compile(rb"[\w .()+-]{0,255}\0")


def _check_header(body: bytes, start: int) -> None:
    """RFC 1952 section 2.3: a member's header may carry bytes in the clear. A server that does not undo gzip would read them,
    for instance as a form field, and no inspection of the decoded body sees them. Only a plain file name may stand there."""
    flags = body[start + 3] if len(body) > start + 3 else 0
    if flags & _EXTRA_OR_COMMENT or (flags & _NAME and not _FILE_NAME.match(body, start + 10)):
        raise BadRequest("content_coding", "The gzip header of the request body carries more than a file name.")


def _deflate(body: bytes, cap: int) -> bytes:
    """RFC 9110 section 8.4.1.2 means zlib, yet some clients send bare deflate and servers take both. A zlib header shows:
    method 8, a window of at most 2^15, and a check that makes the two bytes a multiple of 31."""
    wrapped = len(body) >= 2 and body[0] & 0x0F == 8 and body[0] >> 4 <= 7 and (body[0] << 8 | body[1]) % 31 == 0
    return _inflate(body, cap, 15 if wrapped else -15, 1)


def _brotli(body: bytes, cap: int) -> bytes:
    """RFC 7932. The decoder itself refuses what follows the end."""
    out = _Output(cap)
    decoder = brotli.Decompressor()
    piece = decoder.process(body, output_buffer_limit=PIECE)
    while piece:
        out.add(piece)
        piece = b"" if decoder.is_finished() else decoder.process(b"", output_buffer_limit=PIECE)
    if not decoder.is_finished():
        raise _malformed()
    return out.join()


def _zstd(body: bytes, cap: int) -> bytes:
    """RFC 8878: frames one after another are one body. Read twice: the reader can stop early but cannot tell a body that
    was cut off, the frame decoder the other way round."""
    zstd = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW)
    bounded = _Output(cap)
    reader = zstd.stream_reader(body, read_across_frames=True)
    while piece := reader.read(PIECE):
        bounded.add(piece)
    view = memoryview(body)
    position = 0
    for _ in range(MEMBERS):
        frame = zstd.decompressobj()
        while not frame.eof:
            data = view[position : position + PIECE]
            if not data:
                raise _malformed()
            position += len(data)
            frame.decompress(data)
        position -= len(frame.unused_data)
        if position == len(view):
            return bounded.join()
    raise _malformed()


_DECODERS: Final[Mapping[str, Callable[[bytes, int], bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}

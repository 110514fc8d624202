"""WebSocket frames as bytes (RFC 6455 §5). Sans-IO, both directions.

`MessageReader` is for what a client sends: it holds a frame until it is whole, unmasks it and puts the fragments of a
message together, so that the message can be read before any of it goes on. `FrameFollower` is for what the
upstream sends: nothing is held, it only checks headers and knows where frames end, because a Close of ours must not
land inside one. Extensions are never negotiated (see `forward_headers`), so a reserved bit is always an error.
"""

from __future__ import annotations

from typing import Final

import msgspec

from waf.protocols.texts import message_text

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA

NORMAL, GOING_AWAY, PROTOCOL_ERROR, NO_CODE, BAD_TEXT, POLICY, TOO_BIG, BAD_GATEWAY = (
    1000, 1001, 1002, 1005, 1007, 1008, 1009, 1014,
)  # fmt: skip
"""Close codes, RFC 6455 §7.4 and its registry. 1005 is never sent: it stands for a Close without a code."""

MAX_FRAGMENTS: Final = 16_384
"""Most frames of one message; empty ones would otherwise cost memory without ever reaching the size limit."""

_LONGEST_HEADER: Final = 14

_OPCODES: Final = frozenset((CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG))


class FrameError(Exception):
    """The peer broke the protocol. `code` is the close code that says so."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(message)


class Header(msgspec.Struct, frozen=True, gc=False):
    """The fixed part of a frame."""

    fin: bool
    opcode: int
    size: int
    """Bytes of this header, mask key included."""
    length: int
    """Bytes of payload."""
    mask: bytes
    """Four bytes, or empty."""


def read_header(data: bytes | bytearray, start: int, *, masked: bool) -> Header | None:
    """The header at `start`; None when more bytes are needed. Raises FrameError as early as a byte shows it."""
    have = len(data) - start
    if have < 1:
        return None
    first = data[start]
    opcode = first & 0x0F
    fin = first >= 0x80
    if first & 0x70:
        raise FrameError(PROTOCOL_ERROR, "reserved bit set without an extension")
    if opcode not in _OPCODES:
        raise FrameError(PROTOCOL_ERROR, "unknown opcode")
    if opcode >= CLOSE and not fin:
        raise FrameError(PROTOCOL_ERROR, "fragmented control frame")
    if have < 2:
        return None
    second = data[start + 1]
    if (second >= 0x80) is not masked:
        raise FrameError(PROTOCOL_ERROR, "only clients mask, and they always do")
    length = second & 0x7F
    if opcode >= CLOSE and length > 125:
        raise FrameError(PROTOCOL_ERROR, "control frame too long")
    size = 2
    if length >= 126:
        size = 4 if length == 126 else 10
        if have < size:
            return None
        length = int.from_bytes(data[start + 2 : start + size], "big")
        if length < 126 or (size == 10 and (length < 65_536 or length >> 63)):
            raise FrameError(PROTOCOL_ERROR, "length not in its shortest form")
    if not masked:
        return Header(fin, opcode, size, length, b"")
    if have < size + 4:
        return None
    return Header(fin, opcode, size + 4, length, bytes(data[start + size : start + size + 4]))


def xor_mask(payload: bytes, key: bytes) -> bytes:
    """Mask or unmask (§5.3); the whole payload as one big number, which is fast without a loop in Python."""
    size = len(payload)
    if not size:
        return b""
    pad = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "little") ^ int.from_bytes(pad, "little")).to_bytes(size, "little")


def encode(opcode: int, payload: bytes, *, mask: bytes = b"", fin: bool = True) -> bytes:
    """One frame; masked when a four-byte key is given, as clients must."""
    bit = 0x80 if mask else 0
    size = len(payload)
    if size < 126:
        head = bytes((opcode | (0x80 if fin else 0), bit | size))
    elif size < 65_536:
        head = bytes((opcode | (0x80 if fin else 0), bit | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((opcode | (0x80 if fin else 0), bit | 127)) + size.to_bytes(8, "big")
    return head + mask + (xor_mask(payload, mask) if mask else payload)


def encode_close(code: int, reason: str = "", *, mask: bytes = b"") -> bytes:
    """A Close frame; `reason` is cut to what a control frame holds."""
    text = reason.encode()[:123].decode("utf-8", "ignore").encode()
    return encode(CLOSE, code.to_bytes(2, "big") + text, mask=mask)


def close_code(payload: bytes) -> int:
    """The code in a Close frame, NO_CODE for an empty one. Raises FrameError on one that must not be sent."""
    if not payload:
        return NO_CODE
    code = int.from_bytes(payload[:2], "big")
    if len(payload) == 1 or not (code in _SENDABLE or 3000 <= code <= 4999):
        raise FrameError(PROTOCOL_ERROR, "invalid close code")
    _text(payload[2:])
    return code


_SENDABLE: Final = frozenset((1000, 1001, 1002, 1003, *range(1007, 1015)))


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise FrameError(BAD_TEXT, "text that is not UTF-8") from None


class Message(msgspec.Struct, frozen=True, gc=False):
    """Something a client sent, complete.

    A message with all its fragments, or a control frame.
    """

    opcode: int
    """TEXT, BINARY, CLOSE, PING or PONG."""
    raw: bytes
    """The frames as they came, to be sent on."""
    text: str = ""
    """Also of a binary message that is text: many servers read both alike."""
    code: int = 0
    """Of a CLOSE."""


class MessageReader:
    """Reads a client's frames. `limit`: most bytes of one message, fragments together.

    Keeps at most one unfinished frame and one unfinished message: twice `limit` and the headers.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._data = bytearray()
        self._header: Header | None = None
        self._opcode = 0
        """Of the message under way; 0 between messages."""
        self._size = 0
        self._fragments = 0
        self._held: list[bytes] = []
        self._payloads: list[bytes] = []

    def feed(self, data: bytes) -> None:
        self._data += data

    def next(self) -> Message | None:
        """The next complete one, None when more bytes are needed. Raises FrameError; the reader is of no use after."""
        while (frame := self._frame()) is not None:
            message = self._message(*frame)
            if message is not None:
                return message
        return None

    def _frame(self) -> tuple[Header, bytes, bytes] | None:
        """A whole frame: header, raw bytes, payload."""
        header = self._header
        if header is None:
            header = read_header(self._data, 0, masked=True)
            if header is None:
                return None
            self._admit(header)
            self._header = header
        end = header.size + header.length
        if len(self._data) < end:
            return None
        raw = bytes(self._data[:end])
        del self._data[:end]
        self._header = None
        return header, raw, xor_mask(raw[header.size :], header.mask)

    def _admit(self, header: Header) -> None:
        """Order and size, before the payload is read."""
        if header.opcode >= CLOSE:
            return
        if (header.opcode == CONTINUATION) is (self._opcode == 0):
            raise FrameError(PROTOCOL_ERROR, "fragments out of order")
        if self._opcode == 0:
            self._opcode = header.opcode
        self._size += header.length
        self._fragments += 1
        if self._size > self._limit or self._fragments > MAX_FRAGMENTS:
            raise FrameError(TOO_BIG, "message too big")

    def _message(self, header: Header, raw: bytes, payload: bytes) -> Message | None:
        if header.opcode >= CLOSE:
            return Message(header.opcode, raw, code=close_code(payload) if header.opcode == CLOSE else 0)
        kind = self._opcode
        if header.fin:
            self._opcode = self._size = self._fragments = 0
        self._held.append(raw)
        self._payloads.append(payload)
        if not header.fin:
            return None
        raw, payload = b"".join(self._held), b"".join(self._payloads)
        self._held.clear()
        self._payloads.clear()
        if kind == TEXT:
            return Message(TEXT, raw, text=_text(payload))
        return Message(BINARY, raw, text=message_text(payload))


class FrameFollower:
    """Watches a server's frames go by, of any size."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._close = bytearray()
        self._opcode = 0
        self._left = 0
        self._fragmented = False
        self.code = 0
        """Of the server's Close once it has gone by, NO_CODE for one without; 0 before."""

    @property
    def between(self) -> bool:
        """No frame is under way."""
        return not self._left and not self._head

    def follow(self, data: bytes, *, stop: bool = False) -> int:
        """Go over `data`; returns how many bytes of it may be sent on.

        That is all of it, but for what comes after a Close frame or, with `stop`, after the end of the frame under
        way. Raises FrameError on an invalid header or close code.
        """
        position = 0
        while position < len(data) and not self.code:
            if self._left:
                position += self._payload(data, position)
            elif stop and not self._head:
                break
            else:
                position += self._header(data, position)
        return position

    def _payload(self, data: bytes, position: int) -> int:
        step = min(self._left, len(data) - position)
        self._left -= step
        if self._opcode == CLOSE:
            self._close += data[position : position + step]
            if not self._left:
                self.code = close_code(bytes(self._close))
        return step

    def _header(self, data: bytes, position: int) -> int:
        had = len(self._head)
        self._head += data[position : position + _LONGEST_HEADER]
        header = read_header(self._head, 0, masked=False)
        if header is None:
            return len(self._head) - had
        self._head.clear()
        self._left = header.length
        self._opcode = header.opcode
        if header.opcode < CLOSE:
            if (header.opcode == CONTINUATION) is not self._fragmented:
                raise FrameError(PROTOCOL_ERROR, "fragments out of order")
            self._fragmented = not header.fin
        elif header.opcode == CLOSE and not header.length:
            self.code = NO_CODE
        return header.size - had

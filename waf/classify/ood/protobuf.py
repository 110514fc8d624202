"""Just enough of the protobuf wire format to write an ONNX file.

The `onnx` package would be a second large dependency for a few hundred lines of bytes. Field numbers are those of
`onnx.proto` (IR version 8); the wire format is protobuf's: varints, and length-delimited records.
"""

from __future__ import annotations

from typing import Final

VARINT: Final = 0
BYTES: Final = 2


def varint(value: int) -> bytes:
    """A non-negative integer, or a negative one in 64 bits of two's complement."""
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field: int, value: int) -> bytes:
    return varint(field << 3 | VARINT) + varint(value)


def record(field: int, value: bytes | str) -> bytes:
    """Bytes, a text, or a message that is already encoded."""
    data = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | BYTES) + varint(len(data)) + data

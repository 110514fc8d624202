"""The script that Redis or Valkey runs for a batch of asks: what it is sent, and what it sends back. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha1
from pathlib import Path
from typing import Final

import msgspec

from waf.state.protocol import Answer, Ask

SOURCE: Final = (Path(__file__).parent / "limits.lua").read_bytes()
SHA: Final = sha1(SOURCE, usedforsecurity=False).hexdigest().encode()
"""By which EVALSHA finds it."""

_decode: Final = msgspec.msgpack.Decoder(list[Answer]).decode
_encode: Final = msgspec.msgpack.Encoder().encode


def call(asks: Sequence[Ask]) -> tuple[bytes | int, ...]:
    """The words of the command."""
    keys = [key for ask in asks for key in ask.keys]
    return (b"EVALSHA", SHA, len(keys), *keys, _encode([(ask.forced, ask.takes) for ask in asks]))


def answers(reply: object, count: int) -> list[Answer]:
    """One for each ask. Raises ValueError for a reply that is none of the script's."""
    if not isinstance(reply, bytes):
        raise ValueError("the reply is no text")
    found = _decode(reply)
    if len(found) != count:
        raise ValueError(f"{len(found)} answers to {count} asks")
    return found

"""A keyed digest by which similar texts can be told to be similar, and nothing else: for events that hold no text.

SimHash (Charikar 2002): each run of `RUN` bytes of the folded text is hashed with a key, and each bit of the digest says
whether it is set in more than half of the hashes. What that gives away, docs/events.md says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

import numpy as np

from waf.model import Field

RUN: Final = 5
BITS: Final = 128
MAX_BYTES: Final = 4_096
"""Of a text, from its beginning."""
MANY: Final = 512
"""Runs above which one in eight is enough."""
MIN_BYTES: Final = 16
"""Of a shorter text there is no digest: so few runs that they could be guessed one by one."""

_SPACE: Final = re.compile(rb"\s+")
_DIGIT: Final = re.compile(rb"[0-9]")
_PROMPTS: Final = ("llm.user", "llm.prompt", "llm.tool_results", "llm.documents")
_REST: Final = ("args.get", "args.form", "json", "xml", "body")


class Similarity:
    """Makes digests. `key`: 16 to 64 bytes; the same texts under another key have unrelated digests."""

    __slots__ = ("_factors", "_mix")

    def __init__(self, key: bytes) -> None:
        seed = blake2b(b"similarity", key=key, digest_size=64).digest()
        numbers = np.frombuffer(seed, np.uint64)
        self._factors = numbers[:RUN] | np.uint64(1)
        self._mix = numbers[RUN : RUN + 2] | np.uint64(1)

    def of_fields(self, fields: dict[str, list[Field]]) -> str:
        """Of the last prompt, since those before it came with earlier requests; of the values without a prompt."""
        for bucket in _PROMPTS:
            if found := fields.get(bucket):
                return self.of_text(str(found[-1].value))
        return self.of_text(" ".join(_values(fields)))

    def of_text(self, text: str) -> str:
        """32 hexadecimal digits; empty for a text that is too short."""
        data = text[:MAX_BYTES].casefold().encode("utf-8", "replace")[:MAX_BYTES]
        data = _DIGIT.sub(b"0", _SPACE.sub(b" ", data))
        if len(data) < MIN_BYTES:
            return ""
        letters = np.frombuffer(data, np.uint8).astype(np.uint64)
        count = len(letters) - RUN + 1
        hashes = np.zeros(count, np.uint64)
        for place, factor in enumerate(self._factors):
            hashes += letters[place : place + count] * factor
        for factor in self._mix:  # so that every bit hangs on every letter of the run
            hashes ^= hashes >> np.uint64(29)
            hashes *= factor
        hashes ^= hashes >> np.uint64(32)
        if count > MANY:
            chosen = hashes[hashes & np.uint64(7) == 0]  # the same ones wherever in the text they stand
            hashes = chosen if len(chosen) else hashes
        both = np.empty((len(hashes), 2), np.uint64)
        both[:, 0] = hashes
        both[:, 1] = hashes * self._mix[0]
        both[:, 1] ^= both[:, 1] >> np.uint64(31)
        spread = np.unpackbits(both.view(np.uint8)).reshape(-1, BITS)
        ones = np.add.reduce(spread, axis=0, dtype=np.uint32)
        return np.packbits(ones * 2 > len(hashes)).tobytes().hex()


def _values(fields: dict[str, list[Field]]) -> Iterable[str]:
    size = 0
    for bucket in _REST:
        for field in fields.get(bucket, ()):
            text = str(field.value)
            yield text
            size += len(text)
            if size > MAX_BYTES:
                return

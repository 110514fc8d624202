"""How alike two texts are, by a digest of 128 bits. Pure.

SimHash (Charikar 2002) over runs of five characters of the folded text: the digests of texts that share most of these differ in
few bits.
"""

from __future__ import annotations

from typing import Final

NEAR: Final = 36
"""Bits up to which two digests are of one family. Those of texts that have nothing to do with each other differ in about 64."""


def distance(one: int, other: int) -> int:
    """Bits in which they differ."""
    return (one ^ other).bit_count()


def parsed(text: str) -> int | None:
    """A digest as events have it, 32 hexadecimal digits; None for anything else."""
    if len(text) != 32:
        return None
    try:
        return int.from_bytes(bytes.fromhex(text))
    except ValueError:
        return None

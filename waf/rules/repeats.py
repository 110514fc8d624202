"""Long texts that come again: the turns of a conversation, system prompts, files in an agent's context. Pure.

A client sends everything that was said before with every turn, so nearly all long texts of a busy firewall have been here. What a
text gave is found by its digest, and the text itself is not kept.
"""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b
from typing import Final, Generic, TypeVar

T = TypeVar("T")

MOST: Final = 4_096
"""Texts that are remembered, and as many that came once."""
LONGEST: Final = 1 << 20
"""Characters of such a text."""


class RepeatCache(Generic[T]):
    """What texts gave that came at least twice: what comes once only is not worth its place. The oldest make room."""

    __slots__ = ("_kept", "_once")

    def __init__(self) -> None:
        # Ordered ones: a plain dict has to look past all that was taken out of its front to find its first.
        self._once: OrderedDict[int, None] = OrderedDict()
        """Hashes of texts that came once."""
        self._kept: OrderedDict[int, tuple[bytes, T]] = OrderedDict()
        """By a text's hash, which Python keeps with the text: its digest, and what it gave."""

    def recall(self, text: str) -> T | None:
        """What the text gave; None where that is not known."""
        number = hash(text)
        found = self._kept.get(number)
        if found is None or found[0] != _digest(text):
            return None
        self._kept.move_to_end(number)
        return found[1]

    def met(self, text: str) -> bool:
        """Whether to `keep` what it gives: it seems to have been here before."""
        if len(text) > LONGEST:
            return False
        number = hash(text)
        if number in self._once:
            del self._once[number]
            return True
        if len(self._once) >= MOST:
            self._once.popitem(last=False)
        self._once[number] = None
        return False

    def keep(self, text: str, gave: T) -> None:
        """Remembers it."""
        kept = self._kept
        if len(kept) >= MOST:
            kept.popitem(last=False)
        kept[hash(text)] = _digest(text), gave


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()

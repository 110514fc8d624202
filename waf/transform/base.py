"""What a transform is, and the bridge between text and bytes.

The transforms that bear a ModSecurity name work on bytes, as libmodsecurity v3 does, so that a rule written for it sees the
same value here. Text arrives as UTF-8 decoded with `surrogateescape`; going to bytes and back is therefore exact.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_UNPAIRED: Final = re.compile("[\ud800-\udc7f\udd00-\udfff]")


@dataclass(frozen=True, slots=True)
class Transform:
    """One value in, one value out.

    `apply` is total on every str, runs in linear time, and returns *the same object* when it changes nothing.
    """

    name: str
    apply: Callable[[str], str]
    doc: str


@dataclass(frozen=True, slots=True)
class Decoder:
    """One value in, the further views of it out; the value itself is never among them.

    `apply` is total on every str and bounded in depth, number of views and bytes. `unhinted` gives the same for a text
    in which none of `hints` occurs, in any case: whoever has looked for literals already can spare it that.
    """

    name: str
    apply: Callable[[str], list[str]]
    doc: str
    hints: frozenset[str]
    unhinted: Callable[[str], list[str]]


def to_bytes(text: str) -> bytes:
    """The bytes that `text` stands for. A surrogate that stands for no byte becomes U+FFFD."""
    return _bytes_again(text) if _WORTH_IT < len(text) <= _AT_MOST else _to_bytes(text)


def _to_bytes(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return _UNPAIRED.sub("\ufffd", text).encode("utf-8", "surrogateescape")


_WORTH_IT: Final = 256
_AT_MOST: Final = 65_536
_bytes_again = lru_cache(maxsize=8)(_to_bytes)
"""Several gates in a row look at one long text."""


def beyond_ascii(text: str) -> bytes:
    """The bytes of the characters outside ASCII, one behind the other: little of most texts, so that a search for some of
    them is over soon. What stands side by side in the text still does."""
    return to_bytes(text).translate(None, _ASCII)


_ASCII: Final = bytes(range(128))


def from_bytes(raw: bytes) -> str:
    """The text that stands for `raw`; bytes that are not UTF-8 become U+DC80–U+DCFF."""
    return raw.decode("utf-8", "surrogateescape")


def on_bytes(core: Callable[[bytes], bytes]) -> Callable[[str], str]:
    """Lift a function of bytes to text, keeping the identity of what it leaves as it is."""

    def apply(text: str) -> str:
        raw = to_bytes(text)
        out = core(raw)
        return text if out == raw else from_bytes(out)

    return apply


def gated(gate: str, core: Callable[[bytes], bytes]) -> Callable[[str], str]:
    """`on_bytes`, skipped where the one character that `core` acts on does not occur."""
    lifted = on_bytes(core)

    def apply(text: str) -> str:
        return lifted(text) if gate in text else text

    return apply


WINDOW: Final = 65_536
OVERLAP: Final = 2_048
_GAPS: Final = (" ,:;\n\t", "-")
"""Characters between codes; a dash only where there is nothing else, since it is a sign of morse as well."""


def windows(text: str) -> list[str]:
    """A long text in pieces that overlap: one search holds the interpreter lock from its beginning to its end, and a run of
    codes can be as long as the body. They are cut between codes, and a phrase hidden in OVERLAP characters is whole in one."""
    found = []
    start = 0
    while len(text) - start > WINDOW:
        end = _between(text, start + WINDOW)
        found.append(text[start:end])
        start = _between(text, end - OVERLAP)
    found.append(text[start:])
    return found


_CALM: Final = re.compile(r"[A-Za-z ]{40}[A-Za-z]{2}(?=[A-Za-z]{2})")


def pieces(text: str) -> list[str]:
    """A long text in pieces that do not overlap, for work that holds the interpreter lock. They are cut inside a word, with
    nothing but letters and blanks before it, so that escapes, signs, disguised words and letters kept apart stay whole; only
    where two thousand characters have no such place is one cut anywhere."""
    found = []
    start = 0
    while len(text) - start > WINDOW:
        end = start + WINDOW
        calm = _CALM.search(text, end - OVERLAP, end)
        end = calm.end() if calm is not None else end
        found.append(text[start:end])
        start = end
    found.append(text[start:])
    return found


def _between(text: str, place: int) -> int:
    """The place behind the nearest gap before `place`, within 64 characters."""
    for gaps in _GAPS:
        for near in range(place, place - 64, -1):
            if text[near - 1] in gaps:
                return near
    return place

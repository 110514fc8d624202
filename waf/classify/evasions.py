"""Disguises that `waf eval` puts on attacks, to see whether they are still found. Each says the same to a model that reads it."""

from __future__ import annotations

import base64
import codecs
from collections.abc import Callable, Mapping
from itertools import cycle
from types import MappingProxyType
from typing import Final

PADDING: Final = 10_000
"""Characters of harmless text before or behind the attack."""
_PROSE: Final = (
    "The committee met on Tuesday to go through the plans for the garden behind the library. Most of the beds will be "
    "planted with herbs, and the old apple tree stays where it is. Volunteers bring their own gloves; water and tools are "
    "there. Whoever cannot come on Saturday may help on Sunday afternoon instead. The shed was painted last autumn and "
    "needs nothing this year. "
)
_FILL: Final = (_PROSE * (PADDING // len(_PROSE) + 1))[:PADDING]
_LEET: Final = str.maketrans("aeiostAEIOST", "431057431057")
_ALIKE: Final = str.maketrans("aceopxyiACEOPXBHKMT", "асеорхуіАСЕОРХВНКМТ")


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _between(text: str, marks: str) -> str:
    return "".join([char + mark for char, mark in zip(text, cycle(marks), strict=False)])


EVASIONS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "base64": lambda text: base64.b64encode(_raw(text)).decode(),
        "base32": lambda text: base64.b32encode(_raw(text)).decode(),
        "hexadecimal": lambda text: _raw(text).hex(),
        "rot13": lambda text: codecs.encode(text, "rot13"),
        "ascii85": lambda text: base64.a85encode(_raw(text), adobe=True).decode(),
        "percent": lambda text: "".join([f"%{byte:02x}" for byte in _raw(text)]),
        "HTML entities": lambda text: "".join([f"&#{ord(char)};" for char in text]),
        "lookalikes": lambda text: text.translate(_ALIKE),
        "full width": lambda text: "".join([chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text]),
        "leet": lambda text: text.translate(_LEET),
        "zero width": lambda text: _between(text, "\u200b\u200d\u2060"),
        "tag characters": lambda text: "Hello! " + "".join([chr(0xE0000 + ord(c)) for c in text if c.isascii()]),
        "stacked marks": lambda text: _between(text, "\u0301\u0323\u0308"),
        "spaced letters": lambda text: "  ".join([" ".join(word) for word in text.split()]),
        "upper case": str.upper,
        "alternating case": lambda text: "".join([c.upper() if i % 2 else c.lower() for i, c in enumerate(text)]),
        "line breaks": lambda text: "\n".join(text.split()),
        "padded before": lambda text: f"{_FILL}\n\n{text}",
        "padded behind": lambda text: f"{text}\n\n{_FILL}",
        "padded around": lambda text: f"{_FILL}\n\n{text}\n\n{_FILL}",
    }
)
"""By name. Encodings that `decode_embedded` takes off, invisible and lookalike characters, layout, and padding."""

"""Ten ways to write a prompt so that a model still reads it and a filter of plain words does not."""

from __future__ import annotations

import base64
import codecs
import urllib.parse
from collections.abc import Callable

_LEET = str.maketrans("aeiosAEIOS", "4310543105")
_LOOKALIKES = str.maketrans("aceopxyiABCEHKMOPTX", "асеорхуіАВСЕНКМОРТХ")


def _tagged(text: str) -> str:
    return "".join([chr(0xE0000 + ord(char)) if " " <= char <= "~" else char for char in text])


EVASIONS: dict[str, Callable[[str], str]] = {
    "base64": lambda text: base64.b64encode(text.encode("utf-8", "replace")).decode(),
    "hex": lambda text: text.encode("utf-8", "replace").hex(),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "leet": lambda text: text.translate(_LEET),
    "zero-width": "\u200b".join,
    "tag characters": _tagged,
    "homoglyphs": lambda text: text.translate(_LOOKALIKES),
    "spaced letters": lambda text: "  ".join([" ".join(word) for word in text.split(" ")]),
    "URL-encoding": lambda text: urllib.parse.quote(text, safe="", errors="replace"),
    "HTML entities": lambda text: "".join([f"&#{ord(char)};" for char in text]),
}
"""By name; each takes the whole prompt."""

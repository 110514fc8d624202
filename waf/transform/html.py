"""HTML character references, as libmodsecurity v3 reads them: numbers by their low byte and five names.

A name is known by its beginning and takes all letters and digits behind it along: `&ltx;` is `<`.
"""

from __future__ import annotations

import re
from typing import Final

from waf.transform.base import Transform, gated

_REFERENCE: Final = re.compile(
    rb"&(?:#[xX]([0-9A-Fa-f]+)|#([0-9]+)|((?i:quot|amp|lt|gt|nbsp))[0-9A-Za-z]*);?",
)
_NAMED: Final = {b"quot": b'"', b"amp": b"&", b"lt": b"<", b"gt": b">", b"nbsp": b"\xa0"}
_LONG_MAX: Final = (1 << 63) - 1


def _number(digits: bytes, base: int, most: int) -> bytes:
    # The reference reads a C long, which saturates; more digits than a long holds are not worth converting.
    digits = digits.lstrip(b"0")
    value = _LONG_MAX if len(digits) > most else min(int(digits or b"0", base), _LONG_MAX)
    return bytes((value & 0xFF,))


def _replace(match: re.Match[bytes]) -> bytes:
    hexadecimal, decimal, name = match.groups()
    if hexadecimal:
        return _number(hexadecimal, 16, 16)
    if decimal:
        return _number(decimal, 10, 19)
    return _NAMED[name.lower()]


def _decode(raw: bytes) -> bytes:
    return _REFERENCE.sub(_replace, raw)


TRANSFORMS: Final = (
    Transform(
        "html_entity_decode",
        gated("&", _decode),
        "&#DD; &#xHH; by their low byte, and quot, amp, lt, gt, nbsp; the semicolon may be missing.",
    ),
)

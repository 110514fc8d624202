"""File paths: runs of slashes, self references and back references resolved without touching a file system.

libmodsecurity v3 works in place, byte by byte, and its results show it. Those of its quirks that a request can reach are
kept, and said so where they are: `foo..` is taken for a back reference, a relative path keeps the references that lead above
its start, and a run of separators may leave a backslash behind on Windows paths.
"""

from __future__ import annotations

import re
from typing import Final

from waf.transform.base import Transform, on_bytes

_SLASH: Final = 0x2F
_DOT: Final = 0x2E
_POSIX: Final = re.compile(rb"/+|[^/]+")
_WINDOWS: Final = re.compile(rb"[/\\]+|[^/\\]+")


def _normalize(raw: bytes, separators: bytes, pieces: re.Pattern[bytes]) -> bytes:
    relative = raw[0] not in separators
    out = bytearray()
    at_root = False
    # The reference turns a backslash into a slash only where it looks while walking, so the last separator of a run stays
    # as it came from the third on, or from the second on behind a reference.
    seen = 2
    for match in pieces.finditer(raw):
        piece = match[0]
        last = piece[-1]
        if last in separators:
            if out or not relative:
                out.append(_SLASH if len(piece) <= seen else last)
            seen = 2
            continue
        out += piece[:-1]
        before = out[-1] if out else None
        if last != _DOT or before not in (None, _DOT, _SLASH):
            if last != _DOT and out:
                at_root = False
            out.append(last)
            continue
        at_end = match.end() == len(raw)
        if before != _DOT:  # a self reference
            if before is None:
                seen = 1
            elif not at_end:
                out.pop()
                seen = 1
            continue
        if relative and (at_root or len(out) <= 2):
            at_root = True
            out.append(last)
            continue
        # A back reference: back to the slash before the one this segment began with.
        keep = max(out.rfind(b"/", 0, max(len(out) - 2, 0)), 0)
        if keep == 0:
            at_root = True
            if at_end and not relative:
                keep = 1
        del out[keep:]
        seen = 1
    if raw[-1] not in separators and out and out[-1] == _SLASH:
        out.pop()
    return bytes(out)


def _posix(raw: bytes) -> bytes:
    return _normalize(raw, b"/", _POSIX)


def _windows(raw: bytes) -> bytes:
    return _normalize(raw, b"/\\", _WINDOWS)


_lifted_posix: Final = on_bytes(_posix)
_lifted_windows: Final = on_bytes(_windows)


def _is_plain(text: str) -> bool:
    """No run of slashes and no segment that ends in two dots or is one: nothing to resolve."""
    if "/" in text and ("//" in text or "../" in text or "/./" in text or text.startswith("./")):
        return False
    return not text.endswith("..") and not text.endswith("/.") and text != "."


def _normalize_path(text: str) -> str:
    return text if _is_plain(text) else _lifted_posix(text)


def _normalize_path_win(text: str) -> str:
    return text if "\\" not in text and _is_plain(text) else _lifted_windows(text)


TRANSFORMS: Final = (
    Transform("normalize_path", _normalize_path, "Runs of slashes, self and back references resolved."),
    Transform("normalize_path_win", _normalize_path_win, "normalize_path for paths that may use backslashes."),
)

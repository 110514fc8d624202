"""Comments of C, SQL, shell and HTML, as libmodsecurity v3 takes them out."""

from __future__ import annotations

import re
from typing import Final

from waf.transform.base import Transform, on_bytes

_MARKS: Final = re.compile(rb"/\*|\*/|<!--|-->|--|#")
_OPEN: Final = re.compile(rb"/\*|<!--|--|#")
_CLOSE: Final = re.compile(rb"\*/|-->")


def _replace(raw: bytes) -> bytes:
    out = []
    start = 0
    while (opened := raw.find(b"/*", start)) >= 0:
        out.append(raw[start:opened])
        closed = raw.find(b"*/", opened + 2)
        start = closed + 2 if closed >= 0 else len(raw)
    out.append(raw[start:])
    return b" ".join(out)


def _remove(raw: bytes) -> bytes:
    out: list[bytes] = []
    start = 0
    while opened := _OPEN.search(raw, start):
        out.append(raw[start : opened.start()])
        if opened[0] in (b"--", b"#"):
            return b"".join(out)
        closed = _CLOSE.search(raw, opened.end())
        if closed is None:
            out.append(b" ")
            return b"".join(out)
        # The reference copies the character after a comment unseen; past the end that is a NUL.
        start = closed.end() + 1
        out.append(raw[start - 1 : start] or b"\0")
    out.append(raw[start:])
    return b"".join(out)


def _remove_marks(raw: bytes) -> bytes:
    return _MARKS.sub(b"", raw)


_ENDS: Final = re.compile(rb"[A-Za-z0-9_]{0,16}\*/")


def _sql(raw: bytes) -> bytes:
    """Where comments nest (PostgreSQL), the first end closes only the inner one; what it left of the outer one goes as well.
    Where they do not (MySQL), an end by itself would be an error."""
    return _ENDS.sub(b" ", _replace(raw))


_lifted_sql: Final = on_bytes(_sql)
_lifted_replace: Final = on_bytes(_replace)
_lifted_remove: Final = on_bytes(_remove)
_lifted_marks: Final = on_bytes(_remove_marks)


def _has_marks(text: str) -> bool:
    # One character is found much faster than two.
    if "#" in text or ("-" in text and "--" in text):
        return True
    return "*" in text and ("/*" in text or "*/" in text)


def _replace_comments(text: str) -> str:
    return _lifted_replace(text) if "*" in text and "/*" in text else text


def _sql_comments(text: str) -> str:
    return _lifted_sql(text) if "*" in text and ("/*" in text or "*/" in text) else text


def _remove_comments(text: str) -> str:
    return _lifted_remove(text) if _has_marks(text) else text


def _remove_comments_char(text: str) -> str:
    return _lifted_marks(text) if _has_marks(text) else text


TRANSFORMS: Final = (
    Transform("replace_comments", _replace_comments, "Every /* comment */ becomes one blank, also when it never ends."),
    Transform(
        "sql_comments",
        _sql_comments,
        "replace_comments, and a word before an end of a comment that nothing began: /*a/*b*/c*/ is one comment in PostgreSQL.",
    ),
    Transform(
        "remove_comments",
        _remove_comments,
        "/* */ and <!-- --> comments go; -- and # end the value.",
    ),
    Transform("remove_comments_char", _remove_comments_char, "Only the marks /* */ <!-- --> -- # go; the text stays."),
)

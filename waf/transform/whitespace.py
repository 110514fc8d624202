"""White space, NUL bytes, letter case: table work on bytes, all in C.

White space is what C's isspace knows: blank, tab, line feed, vertical tab, form feed, carriage return.
"""

from __future__ import annotations

from typing import Final

from waf.transform.base import Transform, from_bytes, on_bytes, to_bytes

BLANKS: Final = b" \t\n\v\f\r"
_CMD_TABLE: Final = bytes.maketrans(
    b",;\t\r\nABCDEFGHIJKLMNOPQRSTUVWXYZ",
    b"     abcdefghijklmnopqrstuvwxyz",
)
_CMD_DELETE: Final = b"\"'\\^"


def squeeze(raw: bytes) -> bytes:
    """Runs of blanks become one. Each pass halves every run, so the passes are few and the work linear."""
    while b"  " in raw:
        raw = raw.replace(b"  ", b" ")
    return raw


def _compress(raw: bytes) -> bytes:
    """Runs of white space become a blank. To split and to join is quicker than one pass of `squeeze`."""
    words = raw.split()
    if not words:
        return raw[:1] and b" "
    begin = b" " if raw[0] in BLANKS else b""
    end = b" " if raw[-1] in BLANKS else b""
    return begin + b" ".join(words) + end


def _cmd_line(raw: bytes) -> bytes:
    out = raw.translate(_CMD_TABLE, _CMD_DELETE)
    out = squeeze(out) if b"\v" in out or b"\f" in out else _compress(out)
    return out.replace(b" /", b"/").replace(b" (", b"(")


def _has_control_blank(text: str) -> bool:
    return "\n" in text or "\t" in text or "\r" in text or "\f" in text or "\v" in text


def _compress_whitespace(text: str) -> str:
    return _lifted_compress(text) if "  " in text or _has_control_blank(text) else text


def _remove_whitespace(raw: bytes) -> bytes:
    # Both bytes of a UTF-8 no-break space go wherever they stand, as in the reference.
    return raw.translate(None, BLANKS + b"\xc2\xa0")


def _lowercase(text: str) -> str:
    # ASCII letters only: İ or ſ must not change, since rules for bytes do not expect it.
    out = text.lower() if text.isascii() else from_bytes(to_bytes(text).lower())
    return text if out == text else out


def _uppercase(text: str) -> str:
    out = text.upper() if text.isascii() else from_bytes(to_bytes(text).upper())
    return text if out == text else out


_C_BLANKS: Final = BLANKS.decode()


def _trim(text: str) -> str:
    return text.strip(_C_BLANKS)


def _trim_left(text: str) -> str:
    return text.lstrip(_C_BLANKS)


def _trim_right(text: str) -> str:
    return text.rstrip(_C_BLANKS)


def _remove_nulls(text: str) -> str:
    return text.replace("\0", "") if "\0" in text else text


def _replace_nulls(text: str) -> str:
    return text.replace("\0", " ") if "\0" in text else text


_lifted_compress: Final = on_bytes(_compress)

TRANSFORMS: Final = (
    Transform("lowercase", _lowercase, "ASCII letters to lower case."),
    Transform("uppercase", _uppercase, "ASCII letters to upper case."),
    Transform("trim", _trim, "White space off both ends."),
    Transform("trim_left", _trim_left, "White space off the start."),
    Transform("trim_right", _trim_right, "White space off the end."),
    Transform("compress_whitespace", _compress_whitespace, "Every run of white space becomes one blank."),
    Transform("remove_whitespace", on_bytes(_remove_whitespace), "White space and every byte 0xC2 and 0xA0 go."),
    Transform("remove_nulls", _remove_nulls, "NUL characters go."),
    Transform("replace_nulls", _replace_nulls, "NUL characters become blanks."),
    Transform(
        "cmd_line",
        on_bytes(_cmd_line),
        "A shell line in plain form: quotes, backslashes and ^ go; commas, semicolons and white space become one "
        "blank, none before / and (; lower case.",
    ),
)

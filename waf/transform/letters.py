"""Words disguised letter by letter: digits for letters, and letters kept apart.

Both look at bytes mapped to a few classes first, which costs less than a microsecond where there is nothing to do.
"""

from __future__ import annotations

import re
from typing import Final

from waf.transform.base import Transform, to_bytes

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LEET: Final = {"0": "o", "1": "i", "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g"}
_LEET_MARKS: Final = {"@": "a", "$": "s", "!": "i", "|": "l", "+": "t"}
_LEET_TABLE: Final = str.maketrans(_LEET | _LEET_MARKS)
_TOKEN: Final = re.compile(r"(?<![\w@$!|+./-])[\w@$!|+]{2,24}(?![\w/@])", re.ASCII)
_NO_LETTER: Final = re.compile(r"[^A-Za-z]+")


def class_table(classes: dict[str, str]) -> bytes:
    """A table for bytes.translate that maps each character to the name of its class, and all others to a dot."""
    table = bytearray(b"." * 256)
    for name, members in classes.items():
        for member in members.encode("ascii"):
            table[member] = ord(name)
    return bytes(table)


_LEET_CLASSES: Final = class_table({"a": _LETTERS, "0": "0123456789@$!|+"})
_GAP_CLASSES: Final = class_table({"a": _LETTERS, " ": " .-_*|/~\n\t"})


def _word(match: re.Match[str]) -> str:
    token = match[0]
    body = token.rstrip("!|+")
    letters = len(_NO_LETTER.sub("", body))
    # At least a letter for every two disguised ones, and never a number with a unit behind it: "30s", "4k".
    if letters * 3 < len(body) or letters == len(body) or body[:-1].isdigit() or body.isdigit() or "_" in body:
        return token
    if body[:letters].isalpha() and body[letters:].isdigit() and len(body) - letters != 1:
        return token  # a name and a number: "sha256", "user12"
    return body.replace("11", "ll").translate(_LEET_TABLE) + token[len(body) :]


def _deleet(text: str) -> str:
    classes = to_bytes(text).translate(_LEET_CLASSES)
    if b"a0" not in classes and b"0a" not in classes:
        return text
    out = _TOKEN.sub(_word, text)
    return text if out == text else out


_SPACED: Final = re.compile(
    r"(?<![A-Za-z])[A-Za-z](?P<gap>[ .\-_*|/~])(?:[A-Za-z](?P=gap)){2,}[A-Za-z](?![A-Za-z])"
    r"(?:[\s.\-_*|/~]{2,8}[A-Za-z](?:(?P=gap)[A-Za-z])*(?![A-Za-z]))*"
)
_BREAK: Final = re.compile(r"[\s.\-_*|/~]{2,}")


def _close_up(match: re.Match[str]) -> str:
    gap = match["gap"]
    return " ".join([part.replace(gap, "") for part in _BREAK.split(match[0])])


def collapse(text: str) -> str:
    """Letters kept apart by one separator are put together; two or more separators part words."""
    if b"a a a a" not in to_bytes(text).translate(_GAP_CLASSES):
        return text
    out = _SPACED.sub(_close_up, text)
    return text if out == text else out


TRANSFORMS: Final = (
    Transform(
        "deleet", _deleet, "Digits and signs that stand for letters inside words become those letters: 1gn0r3 → ignore."
    ),
    Transform(
        "collapse_spaced_letters", collapse, "i g n o r e → ignore, with blanks, dots, dashes and the like between."
    ),
)

"""Words disguised letter by letter: digits for letters, and letters kept apart."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import re2

from waf.transform.base import Transform, from_bytes, pieces, to_bytes
from waf.transform.linear import gate

_LEET: Final = str.maketrans("0123456789@$!|+", "oizeasgtbgasilt")

_CLASSES: Final = bytes(
    ord("L") if chr(byte).isalpha() and byte < 128 else ord("D") if byte in b"0123456789@$|+" else byte
    for byte in range(256)
)
"""Letters alike, and what may stand for letters alike: a few searches for plain bytes then clear most texts of suspicion."""
# RE2 over the bytes finds the few tokens that are worth a look many times faster than the pattern below finds words.
_SUSPECTS: Final = re2.compile(
    rb"\S*(?:[A-Za-z][0-9@$|+]|[0-9@$|+][A-Za-z]|[A-Za-z!]![A-Za-z0-9@$|+]|[^\w]![A-Za-z])\S*|![A-Za-z]\S*"
).finditer
_LEET_WORD: Final = re.compile(
    r"(?<![\w@$!|+./#%&\\-])(?=[A-Za-z]*[0-9@$!|+])[A-Za-z0-9@$!|+]{2,24}(?![\w/@]|[.]\w)",
    re.ASCII,
)
# Shapes that ordinary text is full of: h1, sha256, list2, 5pm, 300px, 0x1F, 4f1bc2a9, $PATH, @handle.
_ORDINARY: Final = re.compile(
    r"[A-Za-z]{1,3}[0-9]|[A-Za-z]+[0-9]{2,}|[A-Za-z]+[124689]|[0-9]+[A-Za-z]{1,3}|0x[0-9A-Fa-f]+|[0-9a-f]{8,}|[0-9A-F]{8,}"
    r"|\$[A-Z]+|@[A-Za-z]+"
)
_SHORT_WORDS: Final = frozenset(
    "act ai all an and any are as ask be do go how i if in is it me mode my no not now of off on or out root show so tell "
    "that the this to was we were what with you your".split()
)


def _plain_word(match: re.Match[str]) -> str:
    token = match[0]
    word = token.rstrip("!|+")  # at the end these are punctuation
    letters = sum(map(str.isalpha, word))
    if letters * 3 < len(word) or letters == len(word):
        return token
    plain = word.replace("11", "ll").translate(_LEET)
    if _ORDINARY.fullmatch(word) and plain.lower() not in _SHORT_WORDS:
        return token
    return plain + token[len(word) :]


def _plain(token: bytes) -> bytes:
    return to_bytes(_LEET_WORD.sub(_plain_word, from_bytes(token)))


_SHORT_TOKEN: Final = 48
_plain_again = lru_cache(maxsize=4096)(_plain)
"""`i+1`, `utf-8` and `$value` come again and again in code."""
_SHAPES: Final = bytes(
    ord("a") if chr(byte).isalpha() and byte < 128 else ord("0") if 48 <= byte <= 57 else byte for byte in range(256)
)
_ORDINARY_SHAPE: Final = re.compile(r"a{1,3}0|a+0{2,}|0+a{1,3}")
_LONGEST_SHORT: Final = max(map(len, _SHORT_WORDS))


@lru_cache(maxsize=4096)
def _is_plain(shape: bytes) -> bool:
    """Whether no token of a shape is disguised, letters being `a` and digits `0` in it: lines of logs and tables share theirs."""
    for match in _LEET_WORD.finditer(from_bytes(shape)):
        word = match[0].rstrip("!|+")
        letters = word.count("a")
        known = len(word) > _LONGEST_SHORT and _ORDINARY_SHAPE.fullmatch(word)
        if letters * 3 >= len(word) > letters and not known:
            return False
    return True


_ENOUGH: Final = 3
"""So many disguised words near each other, and words of an ordinary shape are taken for disguised ones too: rul35, 5how."""
_NEAR: Final = 1_000
"""Bytes that they may lie apart, and before and behind them that this goes for."""
_ANY_WORD: Final = re.compile(
    r"(?<![A-Za-z0-9@!+.#%&\\])(?=[A-Za-z]*[0-9@$!|+])"
    r"(?:[01345]|15|17|41|45|50|70|(?=[0-9@$!|+]{0,23}[A-Za-z])[A-Za-z0-9@$!|+]{2,24})(?![A-Za-z0-9@]|[.]\w)"
)
_ALONE: Final = dict(pair.split(":") for pair in "0:o 1:i 3:e 4:a 5:s 15:is 17:it 41:ai 45:as 50:so 70:to".split())


def _bold_word(match: re.Match[str]) -> str:
    token = match[0]
    if token.isalpha():
        return token
    if token in _ALONE:
        return _ALONE[token]
    word = token.rstrip("!|+")
    return word.replace("11", "ll").translate(_LEET) + token[len(word) :]


def _deleet(text: str) -> str:
    raw = to_bytes(text)
    classes = raw.translate(_CLASSES)
    if b"LD" not in classes and b"DL" not in classes and b"!" not in classes:
        return text
    found: list[tuple[int, int, bytes]] = []
    for suspect in _SUSPECTS(raw):
        start, end = suspect.span()
        token = raw[start:end]
        if _is_plain(token.translate(_SHAPES)):
            continue
        plain = _plain_again(token) if len(token) <= _SHORT_TOKEN else _plain(token)
        if plain != token:
            found.append((start, end, plain))
    if not found:
        return text
    out: list[bytes] = []
    done = 0
    bold = _bold_spans(found, raw)
    for start, end, plain in found:
        while bold and bold[0][0] <= start:
            first, last = bold.pop(0)
            out += (raw[done:first], _bold(raw[first:last]))
            done = last
        if start >= done:
            out += (raw[done:start], plain)
            done = end
    return from_bytes(b"".join([*out, raw[done:]]))


def _bold_spans(found: list[tuple[int, int, bytes]], raw: bytes) -> list[tuple[int, int]]:
    """Where so many disguised words stand near each other: spans that begin and end at blanks, in order, and none in another."""
    spans: list[tuple[int, int]] = []
    for one, last in zip(found, found[_ENOUGH - 1 :], strict=False):
        if last[0] - one[0] > _NEAR:
            continue
        begin, end = one[0] - _NEAR, last[1] + _NEAR
        begin = raw.rfind(b" ", 0, begin) + 1 if begin > 0 else 0
        end = raw.find(b" ", end) if end < len(raw) else len(raw)
        end = len(raw) if end < 0 else end
        if spans and begin <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((begin, end))
    return spans


def _bold(raw: bytes) -> bytes:
    return to_bytes("".join([_ANY_WORD.sub(_bold_word, piece) for piece in pieces(from_bytes(raw))]))


_SPACED: Final = r"(?:^|[^A-Za-z])(?:[A-Za-z][ .*_|/~-]){3}[A-Za-z](?:[^A-Za-z]|$)"
"""RE2: four single letters in a row with a separator between them."""
_MATCHES_SPACED: Final = gate(_SPACED)
_MAY_BE_SPACED: Final = gate(r"[ .*_|/~-][A-Za-z][ .*_|/~-][A-Za-z][ .*_|/~-]")
"""What stands in the middle of each: an automaton so small that it is in the cache."""
_SPACED_LETTERS: Final = re.compile(
    r"(?<![A-Za-z])[A-Za-z](?P<gap>[ .\-_*|/~])(?:[A-Za-z](?P=gap)){2,}[A-Za-z](?![A-Za-z])"
    r"(?:[\s.\-_*|/~]{2,8}[A-Za-z](?:(?P=gap)[A-Za-z])*(?![A-Za-z]))*"
)
_WORD_GAP: Final = re.compile(r"[\s.\-_*|/~]{2,}")


def _close_up(match: re.Match[str]) -> str:
    gap = match["gap"]
    return " ".join([part.replace(gap, "") for part in _WORD_GAP.split(match[0])])


def has_spaced(raw: bytes) -> bool:
    """Whether `_SPACED` matches."""
    return _MAY_BE_SPACED(raw) and _MATCHES_SPACED(raw)


_FEWEST: Final = 12
"""Single characters that a text needs before all of it is taken for one of letters kept apart."""
_BLANKS: Final = re.compile(r"(?<=\S) (?=\S)")
_WIDE: Final = re.compile(r"\s{2,}")


def _apart(text: str) -> bool:
    """Whether nine in ten pieces between blanks are single characters."""
    words = text.split()
    single = sum(len(word) == 1 for word in words)
    return single >= _FEWEST and single * 10 >= len(words) * 9


def close_up(text: str) -> str:
    """Put together letters that one separator keeps apart; two or more separators part words."""
    if _apart(text):
        return "".join([_WIDE.sub(" ", _BLANKS.sub("", piece)) for piece in pieces(text)])
    out = "".join([_SPACED_LETTERS.sub(_close_up, piece) for piece in pieces(text)])
    return text if out == text else out


def _collapse(text: str) -> str:
    return close_up(text) if has_spaced(to_bytes(text)) else text


TRANSFORMS: Final = (
    Transform(
        "deleet", _deleet, "Digits and signs that stand for letters inside words become letters: 1gn0r3 → ignore."
    ),
    Transform(
        "collapse_spaced_letters",
        _collapse,
        "Letters kept apart by one blank, dot, dash or the like are put together: i g n o r e → ignore.",
    ),
)

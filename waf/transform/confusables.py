"""Letters that look like ASCII ones, written as ASCII.

Styled letters (mathematical, full-width, circled, small capitals) always fold: no language is written in them. Letters of
another script fold only where they pose as Latin: in a word that also has Latin letters, and in a word made of lookalikes
alone when genuine words of that script do not outweigh such words. So Russian and Greek text stays as it is, "сор" in a
Russian sentence included, while "ѕсоре" in an English one folds. The table is ours, made by eye for legibility.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final

from waf.transform.base import Transform

_LOOKALIKES: Final = {
    # Cyrillic, Greek, Armenian, Cherokee, Lisu, Coptic
    "a": "аӑӓα\u03acⲁ", "b": "ьвβ", "c": "сϲⲥ", "d": "ԁժ", "e": "еёӗєεέ", "f": "ք", "g": "ց", "h": "һհнң", "i": "іїιίϊ",
    "j": "јϳյ", "k": "кκⲕ", "l": "ӏ", "m": "мⲙ", "n": "пηήոռⲛ", "o": "оӧοόօⲟ", "p": "рρⲣ", "q": "ԛզ", "r": "гⲅ",
    "s": "ѕտ", "t": "тτⲧ", "u": "υύսц", "v": "ѵν", "w": "ԝшωώաѡ", "x": "хχ", "y": "уүўγ", "z": "ᴢ",
    "A": "АӐӒΑΆᎪꓮⲀ", "B": "ВΒᏴꓐⲂ", "C": "СϹᏟꓚⲤ", "D": "Ꭰꓓ", "E": "ЕЁӖΕΈᎬꓰⲈ", "F": "ꓝϜ", "G": "Ꮐꓖԍ", "H": "НΗΉᎻꓧⲎ",
    "I": "ІЇӀΙΊΪꓲⲒ", "J": "ЈͿᎫꓙ", "K": "КΚᏦꓗⲔ", "L": "Ꮮꓡ", "M": "МΜᎷꓟⲘ", "N": "ΝꓠⲚ", "O": "ОӦΟΌՕꓳⲞ", "P": "РΡᏢꓑⲢ",
    "Q": "Ԛ", "R": "Ꮢꓣ", "S": "ЅՏᏚꓢ", "T": "ТΤᎢꓔⲦ", "U": "Սꓴ", "V": "ѴᏙꓦ", "W": "ԜᎳꓪ", "X": "ХΧꓫⲬ", "Y": "УҮΥΎᎩꓬ",
    "Z": "ΖᏃꓜ",
}  # fmt: skip

_STYLED: Final = {
    # Small capitals, phonetic and turned letters
    "a": "ᴀɑɐ", "b": "ʙ", "c": "ᴄ", "d": "ᴅ", "e": "ᴇǝ", "f": "ꜰ", "g": "ɢɡ", "h": "ʜ", "i": "ɪıɩ", "j": "ᴊ", "k": "ᴋ",
    "l": "ʟ", "m": "ᴍ", "n": "ɴ", "o": "ᴏ", "p": "ᴘ", "q": "ꞯ", "r": "ʀ", "s": "ꜱ", "t": "ᴛ", "u": "ᴜʊ", "v": "ᴠʋ",
    "w": "ᴡ", "y": "ʏ", "z": "ᴢ",
    "'": "‘’‚‛′`´", '"': "“”„‟″«»", "-": "‐‑‒–—―−", "/": "⁄∕", ".": "․。", ":": "։꞉", ";": "\u037e",
    " ": "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
}  # fmt: skip

_COMPATIBLE: Final = (
    (0x00AA, 0x00BB), (0x02B0, 0x02E5), (0x1D2C, 0x1D6B), (0x2070, 0x209D), (0x2100, 0x2150), (0x2460, 0x2500),
    (0xFF01, 0xFF5F), (0x1D400, 0x1D800), (0x1F110, 0x1F150),
)  # fmt: skip
"""Ranges whose letters and digits NFKC makes ASCII, brackets around them left out."""


def _styled() -> dict[str, str]:
    table = {char: ascii_ for ascii_, chars in _STYLED.items() for char in chars if ord(char) > 127}
    for start, stop in _COMPATIBLE:
        for char in map(chr, range(start, stop)):
            plain = unicodedata.normalize("NFKC", char).strip("()")
            plain = _FOREIGN_TABLE.get(plain, plain)
            if len(plain) == 1 and plain.isascii() and char not in table:
                table[char] = plain
    for first in (0x1F150, 0x1F170):  # negative circled and squared letters have no compatibility form
        table.update({chr(first + place): chr(0x41 + place) for place in range(26)})
    return table


_FOREIGN_TABLE: Final = {char: ascii_ for ascii_, chars in _LOOKALIKES.items() for char in chars}
_STYLED_TABLE: Final = _styled()
_STYLED_CLASS: Final = re.compile("[" + "".join(map(re.escape, sorted(_STYLED_TABLE))) + "]")
_FOREIGN_CLASS: Final = re.compile("[" + "".join(sorted(_FOREIGN_TABLE)) + "]")
_ALL_FOREIGN: Final = re.compile("[" + "".join(sorted(_FOREIGN_TABLE)) + "]+")
_FOREIGN_TRANSLATE: Final = str.maketrans(_FOREIGN_TABLE)
_WORD: Final = re.compile(r"[^\W\d_]+")
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f]")
_LETTER_INDICATORS: Final = re.compile("[\U0001f1e6-\U0001f1ff]+")


def _script(char: str) -> int:
    """A number that tells the scripts of the table apart: the block of 128 characters, Cyrillic and Coptic joined up."""
    block = ord(char) >> 7
    return 8 if block in (8, 9, 10) and char < "\u0530" else 7 if block in (6, 7) else block


def _style(match: re.Match[str]) -> str:
    return _STYLED_TABLE[match[0]]


def _indicators(match: re.Match[str]) -> str:
    """Two regional indicators are a flag; one, or an odd number, are letters in disguise."""
    run = match[0]
    return "".join([chr(ord(char) - 0x1F1E6 + 0x41) for char in run]) if len(run) & 1 else run


def _fold_words(text: str) -> str:
    weights: Counter[int] = Counter()
    for match in _WORD.finditer(text):
        word = match[0]
        if word.isascii() or _LATIN.search(word):
            continue
        script = _script(word[0])
        weights[script] += len(word) if _ALL_FOREIGN.fullmatch(word) else -len(word)

    def fold(match: re.Match[str]) -> str:
        word = match[0]
        if word.isascii() or not _FOREIGN_CLASS.search(word):
            return word
        latin = len(_LATIN.findall(word))
        if latin:
            foreign = len(_FOREIGN_CLASS.findall(word))
            return word.translate(_FOREIGN_TRANSLATE) if latin + foreign == len(word) or 2 * latin > len(word) else word
        if weights[_script(word[0])] > 0 and _ALL_FOREIGN.fullmatch(word):
            return word.translate(_FOREIGN_TRANSLATE)
        return word

    return _WORD.sub(fold, text)


def _fold_confusables(text: str) -> str:
    if text.isascii():
        return text
    out = _STYLED_CLASS.sub(_style, text)
    if _LETTER_INDICATORS.search(out):
        out = _LETTER_INDICATORS.sub(_indicators, out)
    if _FOREIGN_CLASS.search(out):
        out = _fold_words(out)
    return text if out == text else out


TRANSFORMS: Final = (
    Transform(
        "fold_confusables",
        _fold_confusables,
        "Styled letters, and letters of other scripts that pose as Latin ones, become ASCII; typographic quotes, dashes and "
        "blanks too.",
    ),
)

"""Tables of letters that look like ASCII ones: our own, made by eye."""

from __future__ import annotations

import unicodedata
from typing import Final

_EXACT: Final = {
    "a": "а", "c": "сϲ", "d": "ԁ", "e": "е", "g": "ԍ", "h": "һ", "i": "і", "j": "јϳ", "l": "ӏ", "n": "ո", "o": "оοօ", "p": "р",
    "q": "ԛ", "s": "ѕ", "u": "ս", "v": "ѵ", "w": "ԝ", "x": "х", "y": "у",
    "A": "АΑᎪꓮⲀ", "B": "ВΒᏴꓐⲂ", "C": "СϹᏟꓚⲤ", "D": "Ꭰꓓ", "E": "ЕΕᎬꓰⲈ", "F": "ꓝ", "G": "Ꮐꓖ", "H": "НΗᎻꓧⲎ", "I": "ІӀΙꓲⲒ",
    "J": "ЈͿᎫꓙ", "K": "КΚᏦꓗⲔ", "L": "Ꮮꓡ", "M": "МΜᎷꓟⲘ", "N": "ΝꓠⲚ", "O": "ОΟՕꓳⲞ", "P": "РΡᏢꓑⲢ", "Q": "Ԛ", "R": "Ꮢꓣ", "S": "ЅՏᏚꓢ",
    "T": "ТΤᎢꓔⲦ", "U": "Սꓴ", "V": "ѴᏙꓦ", "W": "ԜᎳꓪ", "X": "ХΧꓫⲬ", "Y": "ҮΥꓬ", "Z": "ΖᏃꓜ",
}  # fmt: skip
_ROUGH: Final = {
    "a": "ӑӓαάⲁ", "b": "ьвβ", "c": "ⲥ", "d": "ժ", "e": "ёӗєεέ", "f": "քϝ", "g": "ց", "h": "հнң", "i": "їιίϊ", "j": "յ",
    "k": "кκⲕ", "m": "мⲙ", "n": "пηήռⲛ", "o": "ӧσόⲟ", "p": "ρⲣ", "q": "զ", "r": "гⲅ", "s": "տ", "t": "тτⲧ", "u": "υύц",
    "v": "ν", "w": "шωώաѡ", "x": "χ", "y": "үўγ",
    "A": "ӐӒΆ", "E": "ЁӖΈ", "F": "Ϝ", "H": "Ή", "I": "ЇΊΪ", "O": "ӦΌ", "Y": "УΎᎩ",
}  # fmt: skip
_STYLED: Final = {
    "a": "ᴀɑɐ", "b": "ʙ", "c": "ᴄ", "d": "ᴅ", "e": "ᴇǝ", "f": "ꜰ", "g": "ɢɡ", "h": "ʜ", "i": "ɪıɩ", "j": "ᴊ", "k": "ᴋ",
    "l": "ʟ", "m": "ᴍ", "n": "ɴ", "o": "ᴏ", "p": "ᴘ", "q": "ꞯ", "r": "ʀ", "s": "ꜱ", "t": "ᴛ", "u": "ᴜʊ", "v": "ᴠʋ",
    "w": "ᴡ", "y": "ʏ", "z": "ᴢ",
    "'": "‘’‚‛′´", '"': "“”„‟″", "-": "‐‑‒–—―−", "/": "⁄∕", ".": "․。", ":": "։꞉", ";": "\u037e",
    " ": "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
}  # fmt: skip
_COMPATIBLE: Final = (
    (0x00AA, 0x00BB), (0x02B0, 0x02E5), (0x1D2C, 0x1D6B), (0x2070, 0x209D), (0x2100, 0x2150), (0x2460, 0x2500),
    (0xFF01, 0xFF5F), (0x1D400, 0x1D800), (0x1F110, 0x1F150),
)  # fmt: skip
"""Ranges of styled letters and digits; NFKC says of which, some of them in brackets."""

RARE: Final = frozenset("ԁԍԛԝӏѵѡϲϳ")
"""Lookalikes that hardly any language uses."""
SCRIPTS: Final = {
    "cyrillic": "\u0400-\u052f",
    "greek": "\u0370-\u03ff\u1f00-\u1fff",
    "armenian": "\u0530-\u058f",
    "cherokee": "\u13a0-\u13ff",
    "lisu": "\ua4d0-\ua4ff",
    "coptic": "\u2c80-\u2cff",
}
"""Bodies of character classes: the scripts that the lookalikes belong to."""


def _inverted(*tables: dict[str, str]) -> dict[str, str]:
    return {char: plain for table in tables for plain, chars in table.items() for char in chars}


def _styled() -> dict[str, str]:
    table = _inverted(_STYLED)
    for start, stop in _COMPATIBLE:
        for char in map(chr, range(start, stop)):
            plain = unicodedata.normalize("NFKC", char).strip("()")
            plain = FOREIGN.get(plain, plain)  # mathematical Greek
            if len(plain) == 1 and plain.isascii() and plain.isprintable():
                table[char] = plain
    for first in (0x1F150, 0x1F170):  # negative circled and squared letters have no compatibility form
        table.update({chr(first + place): chr(0x41 + place) for place in range(26)})
    return table


EXACT: Final = _inverted(_EXACT)
"""Letters of other scripts that cannot be told from an ASCII letter."""
FOREIGN: Final = _inverted(_EXACT, _ROUGH)
"""Those, and letters that pass for one at a glance."""
STYLED: Final = _styled()
"""Letters, signs and blanks that are ASCII ones in another style."""
TYPOGRAPHIC: Final = "’‘”“–—\u00a0‚„‑‐\u202f\u3000"
"""Those of them that ordinary text is full of."""

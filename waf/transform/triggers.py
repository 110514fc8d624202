"""Which characters a transform acts on: a text without any of them comes back as the same object.

With this the rules' compiler leaves out, for one value, every step that has nothing to do there. A transform that is not
in the table may act on anything.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

FOREIGN: Final = "\x80"
"""Stands for every character outside ASCII."""
UNSEEN: Final = "\x81"
"""Stands for those of them that do not show: `waf.transform.invisible` knows them."""
TWO_BLANKS: Final = "\x82"
"""Stands for two blanks (U+0020) in a row."""

_CONTROLS = "\t\n\v\f\r"
_BLANKS = " " + _CONTROLS
_TABLE: dict[str, str] = {
    "none": "",
    "percent_decode": "%",
    "url_decode": "%+",
    "url_decode_uni": "%+",
    "html_entity_decode": "&",
    "js_decode": "\\",
    "css_decode": "\\",
    "escape_seq_decode": "\\",
    "utf8_to_unicode": "\0" + FOREIGN,  # as the reference does: a NUL ends its text
    "remove_nulls": "\0",
    "replace_nulls": "\0",
    "remove_whitespace": _BLANKS + FOREIGN,
    "compress_whitespace": TWO_BLANKS + _CONTROLS,
    "trim": _BLANKS,
    "trim_left": _BLANKS,
    "trim_right": _BLANKS,
    "replace_comments": "/",
    "sql_comments": "/",
    "squeeze_quotes": "'\"",
    "squeeze_scheme": "\\" + "".join(map(chr, range(0x21))),
    "sql_constants": string.digits + "'\")",
    "remove_comments": "/-#<",
    "remove_comments_char": "/-#<*>",
    "cmd_line": "\"'\\^,;/(" + TWO_BLANKS + _CONTROLS + string.ascii_uppercase,
    "normalize_path": "/.",
    "normalize_path_win": "/\\.",
    "lowercase": string.ascii_uppercase,
    "uppercase": string.ascii_lowercase,
    "nfkc": FOREIGN,
    "strip_accents": FOREIGN,
    "strip_invisible": UNSEEN,
    "fold_confusables": FOREIGN,
    "deleet": string.digits + "@$!|+",
}
TRIGGERS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {name: frozenset(chars) for name, chars in _TABLE.items()}
)

BRINGS_NOTHING: Final = frozenset(
    {
        "none",
        "remove_nulls",
        "remove_whitespace",
        "compress_whitespace",
        "trim",
        "trim_left",
        "trim_right",
        "cmd_line",
        "normalize_path",
        "lowercase",
        "uppercase",
        "strip_invisible",
    }
)
"""Transforms whose result has no signs (ASCII characters but letters, digits and blanks, or anything outside ASCII) that
the text did not have."""

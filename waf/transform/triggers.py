"""Which characters a transform acts on: an ASCII text without any of them comes back as the same object.

With this the rules' compiler leaves out, for one value, every step that has nothing to do there. A transform that is not
in the table may act on anything.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_BLANKS = string.whitespace
_NOTHING = ""  # acts on characters outside ASCII only
_TABLE: dict[str, str] = {
    "none": _NOTHING,
    "url_decode": "%+",
    "url_decode_uni": "%+",
    "html_entity_decode": "&",
    "js_decode": "\\",
    "css_decode": "\\",
    "escape_seq_decode": "\\",
    "utf8_to_unicode": "\0",  # as the reference does: a NUL ends its text
    "remove_nulls": "\0",
    "replace_nulls": "\0",
    "remove_whitespace": _BLANKS,
    "compress_whitespace": _BLANKS,
    "trim": _BLANKS,
    "trim_left": _BLANKS,
    "trim_right": _BLANKS,
    "replace_comments": "/",
    "remove_comments": "/-#<",
    "remove_comments_char": "/-#<*>",
    "cmd_line": "\"'\\^,;/(" + _BLANKS + string.ascii_uppercase,
    "normalize_path": "/.",
    "normalize_path_win": "/\\.",
    "lowercase": string.ascii_uppercase,
    "uppercase": string.ascii_lowercase,
    "nfkc": _NOTHING,
    "fold_confusables": _NOTHING,
}
TRIGGERS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {name: frozenset(chars) for name, chars in _TABLE.items()}
)

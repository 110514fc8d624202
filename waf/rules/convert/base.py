"""What the parts of the converter say to each other."""

from __future__ import annotations

from typing import Any

import msgspec

from waf.errors import printable
from waf.rules.seclang.spec import Place

Plain = dict[str, Any]
"""A condition or a rule as it will stand in YAML."""
HARMLESS = frozenset(
    "url_decode url_decode_uni html_entity_decode js_decode css_decode escape_seq_decode utf8_to_unicode remove_nulls "
    "replace_nulls remove_whitespace compress_whitespace trim trim_left trim_right replace_comments remove_comments "
    "remove_comments_char cmd_line normalize_path normalize_path_win lowercase none".split()
)
"""Transforms that leave numbers and the words true and false as they are, but for blanks in place of `+`."""


class Unsupported(Exception):
    """Something our language cannot say. `code` is a stable slug, the message a sentence for people."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class Note(msgspec.Struct, frozen=True):
    """Something to know about one rule or directive. `lost`: it was not converted."""

    place: Place
    rule: int
    """0 for a directive."""
    code: str
    message: str
    lost: bool = True

    def __str__(self) -> str:
        return f"{self.place.file}:{self.place.line}: {self.text}"

    @property
    def text(self) -> str:
        """What it says, without the place."""
        what = f"rule {self.rule} is not converted: " if self.rule and self.lost else ""
        what = f"rule {self.rule}: " if self.rule and not self.lost else what
        return printable(f"{what}{self.message}")


class Entry(msgspec.Struct):
    """What stands in one place of the output: a rule (None when it was not converted) with what there is to say."""

    place: Place
    rule: Plain | None
    original: int = 0
    notes: list[Note] = []


class Options(msgspec.Struct, frozen=True):
    """How to convert. `first_id` 0: rules keep their ids."""

    pack: str = "converted"
    first_id: int = 0
    category: str = "custom"
    """The `attack.X` of rules that have no tag of that kind."""

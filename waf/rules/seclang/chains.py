"""Transformation chains: interned, sharing prefixes, each step's results remembered for one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from waf.rules.seclang.transaction import Transaction
from waf.transform import TRANSFORMS

NAMES: Final = {
    "base64decode": "base64_decode",
    "base64decodeext": "base64_decode_ext",
    "base64encode": "base64_encode",
    "cmdline": "cmd_line",
    "compresswhitespace": "compress_whitespace",
    "cssdecode": "css_decode",
    "escapeseqdecode": "escape_seq_decode",
    "hexdecode": "hex_decode",
    "hexencode": "hex_encode",
    "htmlentitydecode": "html_entity_decode",
    "jsdecode": "js_decode",
    "length": "length",
    "lowercase": "lowercase",
    "md5": "md5",
    "normalisepath": "normalize_path",
    "normalisepathwin": "normalize_path_win",
    "normalizepath": "normalize_path",
    "normalizepathwin": "normalize_path_win",
    "removecomments": "remove_comments",
    "removecommentschar": "remove_comments_char",
    "removenulls": "remove_nulls",
    "removewhitespace": "remove_whitespace",
    "replacecomments": "replace_comments",
    "replacenulls": "replace_nulls",
    "sha1": "sha1",
    "trim": "trim",
    "trimleft": "trim_left",
    "trimright": "trim_right",
    "uppercase": "uppercase",
    "urldecode": "url_decode",
    "urldecodeuni": "url_decode_uni",
    "urlencode": "url_encode",
    "utf8tounicode": "utf8_to_unicode",
}
"""SecLang's names, lower case, and ours."""


class Chain:
    """One step after another chain (`before` None: the value as it is)."""

    __slots__ = ("_apply", "before", "number")

    def __init__(self, before: Chain | None, apply: Callable[[str], str], number: int) -> None:
        self.before = before
        self.number = number
        self._apply = apply

    def run(self, value: str, transaction: Transaction) -> str:
        """The value after all steps; the same object where none changed anything."""
        known = transaction.memo[self.number]
        found = known.get(value)
        if found is None:
            before = value if self.before is None else self.before.run(value, transaction)
            found = known[value] = self._apply(before)
        return found

    def views(self, value: str, transaction: Transaction) -> list[str]:
        """The value and what each step that changed something made of it, for `multiMatch`."""
        found = [value] if self.before is None else self.before.views(value, transaction)
        after = self.run(value, transaction)
        if after != found[-1]:
            found.append(after)
        return found


class Chains:
    """Makes each chain once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], Chain] = {}

    def __len__(self) -> int:
        return len(self._known)

    def chain(self, names: tuple[str, ...]) -> Chain | None:
        """The chain of these transformations; None for none. Raises ValueError for a name that is not supported."""
        if not names:
            return None
        ours = NAMES.get(names[-1].lower())
        if ours is None:
            raise ValueError(f"transformation t:{names[-1]} is not supported")
        key = tuple(name.lower() for name in names)
        found = self._known.get(key)
        if found is None:
            before = self.chain(names[:-1])
            found = self._known[key] = Chain(before, TRANSFORMS[ours].apply, len(self._known))
        return found

"""`%{tx.score}` in arguments, messages and names: compiled once to a function of the transaction."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from waf.rules.seclang.parse_variables import MAPS, SCALARS, STORES
from waf.rules.seclang.transaction import Transaction

Text = Callable[[Transaction], str]
_MACRO: Final = re.compile(r"%\{([^{}]+)\}")


class RuleFacts:
    """What `%{rule.…}` stands for."""

    __slots__ = ("facts",)

    def __init__(self, **facts: str) -> None:
        self.facts = facts


def has_macro(text: str) -> bool:
    return "%{" in text and _MACRO.search(text) is not None


def compile_text(text: str, rule: RuleFacts) -> Text | str:
    """The text itself where it has no macro, else a function. Raises ValueError for a macro that is not supported."""
    pieces: list[Text | str] = []
    at = 0
    for found in _MACRO.finditer(text):
        if found.start() > at:
            pieces.append(text[at : found.start()])
        pieces.append(_macro(found[1], rule))
        at = found.end()
    if at < len(text):
        pieces.append(text[at:])
    if not pieces:
        return ""
    if len(pieces) == 1:
        return pieces[0]
    return lambda tx: "".join([piece if isinstance(piece, str) else piece(tx) for piece in pieces])


def fill(text: Text | str, transaction: Transaction) -> str:
    return text if isinstance(text, str) else text(transaction)


def _macro(name: str, rule: RuleFacts) -> Text | str:
    collection, _, key = name.replace(":", ".", 1).partition(".")
    collection, lower = collection.strip().upper(), key.strip().lower()
    if collection == "RULE" and lower in rule.facts:
        return rule.facts[lower]
    if collection == "MATCHED_VAR" and not key:
        return lambda tx: tx.matched_var
    if collection == "MATCHED_VAR_NAME" and not key:
        return lambda tx: tx.matched_var_name
    if collection == "TX" and key:
        return lambda tx: tx.tx.get(lower, ("", ""))[1]
    if collection in STORES and key:
        return lambda tx: tx.get(collection, lower)
    if collection in SCALARS and not key:
        return lambda tx: tx.scalars.get(collection, "")
    if collection in MAPS and key:
        return lambda tx: next((value for name, value in tx.maps.get(collection, ()) if name.lower() == lower), "")
    if collection in MAPS:
        return lambda tx: next((value for _, value in tx.maps.get(collection, ())), "")
    raise ValueError(f"macro %{{{name}}} is not supported")

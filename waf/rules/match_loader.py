"""The `match:` part of a rule: leaves joined by all, any and not. Types are checked against the field scheme here."""

from __future__ import annotations

import difflib
from typing import Any, Protocol

from waf.rules import chains
from waf.rules.fieldref import parse_field
from waf.rules.operators import OPERATORS, Context
from waf.rules.spec import All, AnyOf, Condition, Count, FieldRef, Leaf, Not, Place
from waf.source import Node

_JOINS = ("all", "any", "not")
_DEEPEST = 12
_MODIFIERS = ("field", "transform", "count", "negate")
_NUMERIC_TEXT = ("length", "whole_number")
"""Transforms whose result is text that is a number."""


class Wrong(Protocol):
    """Notes a problem at a node (or at one of its keys)."""

    def __call__(self, node: Node, message: str, hint: str = "", key: str | None = None) -> None: ...


class MatchLoader:
    """Reads conditions; `macros` are transform chains by name, `lists` texts by name."""

    def __init__(
        self, wrong: Wrong, macros: dict[str, tuple[str, ...]], lists: dict[str, tuple[str, ...]], context: Context
    ) -> None:
        self.wrong = wrong
        self.macros = macros
        self.lists = lists
        self.context = context

    def condition(self, node: Node, depth: int = 0) -> Condition | None:
        """One condition, or None when it has problems (which have then been noted)."""
        fields = node.value
        if not isinstance(fields, dict) or not fields:
            self.wrong(node, "a condition is a mapping: {field: …, re2: …}, or all:, any:, not:")
            return None
        if depth > _DEEPEST:
            self.wrong(node, f"conditions are nested more than {_DEEPEST} deep")
            return None
        join = next((name for name in _JOINS if name in fields), None)
        if join is None:
            return self._leaf(node, fields)
        if len(fields) != 1:
            self.wrong(node, f"{join}: stands alone in its mapping")
            return None
        if join == "not":
            part = self.condition(fields["not"], depth + 1)
            return Not(part) if part is not None else None
        return self._joined(fields[join], join, depth)

    def _joined(self, node: Node, join: str, depth: int) -> Condition | None:
        if not isinstance(node.value, list) or not node.value:
            self.wrong(node, f"{join}: takes a list of conditions")
            return None
        parts = [self.condition(item, depth + 1) for item in node.value]
        kept = tuple(part for part in parts if part is not None)
        if len(kept) < len(parts):
            return None
        return All(kept) if join == "all" else AnyOf(kept)

    # ------------------------------------------------------------------ leaves

    def _leaf(self, node: Node, fields: dict[str, Node]) -> Condition | None:
        operators = [key for key in fields if key not in _MODIFIERS]
        if "field" not in fields or len(operators) != 1:
            self.wrong(node, "a condition has `field` and exactly one operator", self._guess(operators))
            return None
        name = operators[0]
        refs = self._refs(fields["field"])
        chain = self._chain(fields.get("transform"))
        count = self._count(fields.get("count"))
        spec = OPERATORS.get(name)
        if spec is None:
            near = difflib.get_close_matches(name, [*OPERATORS, *_JOINS], 1)
            self.wrong(node, f'there is no operator "{name}"', f'did you mean "{near[0]}"?' if near else "", name)
            return None
        argument: Any = self._argument(fields[name])
        absent = name == "exists" and argument is False  # `exists: false` reads better than not: {exists: true}
        try:
            spec.make(True if absent else argument, self.context)
        except ValueError as exc:
            self.wrong(fields[name], f"{name} {exc}")
            return None
        if (
            refs is None
            or chain is None
            or count is None
            or not self._types(fields["field"], refs, spec.kinds, name, chain)
        ):
            return None
        place = Place(node.file, node.line, node.column)
        leaf = Leaf(refs, chain, name, True if absent else argument, count, place, self._negate(fields))
        return Not(leaf) if absent else leaf

    def _guess(self, operators: list[str]) -> str:
        for name in operators:
            near = difflib.get_close_matches(name, [*_MODIFIERS, *OPERATORS, *_JOINS], 1)
            if near and name not in OPERATORS:
                return f'did you mean "{near[0]}" for "{name}"?'
        return ""

    def _refs(self, node: Node) -> tuple[FieldRef, ...] | None:
        items = node.value if isinstance(node.value, list) else [node]
        refs: list[FieldRef] = []
        for item in items:
            if not isinstance(item.value, str):
                self.wrong(item, "a field is a name, or a list of names")
                return None
            try:
                refs.append(parse_field(item.value))
            except ValueError as exc:
                self.wrong(item, str(exc))
        return tuple(refs) if refs and len(refs) == len(items) else None

    def _types(
        self, node: Node, refs: tuple[FieldRef, ...], kinds: frozenset[str], name: str, chain: tuple[str, ...]
    ) -> bool:
        for ref in refs:
            kind = "number" if chain and chain[-1] in _NUMERIC_TEXT else ref.spec.kind
            if kind not in kinds and ref.spec.kind not in kinds:
                self.wrong(node, f"{ref} is a {ref.spec.kind}, and {name} takes {' or '.join(sorted(kinds))}")
                return False
            if chain and ref.spec.kind not in ("text", "ip"):
                self.wrong(node, f"{ref} is a {ref.spec.kind}: only text can be transformed")
                return False
        return True

    def _chain(self, node: Node | None) -> tuple[str, ...] | None:
        if node is None:
            return ()
        items = node.value if isinstance(node.value, list) else [node]
        chain: list[str] = []
        for item in items:
            name = item.value
            if isinstance(name, str) and name.lstrip("$") in self.macros:
                chain.extend(self.macros[name.lstrip("$")])
            elif isinstance(name, str) and chains.known(name):
                chain.append(name)
            else:
                near = difflib.get_close_matches(str(name), [*chains.names(), *self.macros], 1)
                self.wrong(
                    item, f'there is no transform or macro "{name}"', f'did you mean "{near[0]}"?' if near else ""
                )
                return None
        return tuple(chain)

    def _count(self, node: Node | None) -> Count | None:
        if node is None:
            return Count()
        low, high = 0, None
        if not isinstance(node.value, dict) or not node.value:
            self.wrong(node, "count takes bounds such as {ge: 3}")
            return None
        for name, item in node.value.items():
            value = item.value
            if name not in ("eq", "ge", "gt", "le", "lt") or not isinstance(value, int) or isinstance(value, bool):
                self.wrong(item, "count takes eq, ge, gt, le or lt with a whole number")
                return None
            if name in ("eq", "ge", "gt"):
                low = max(low, value + (name == "gt"))
            if name in ("eq", "le", "lt"):
                top = value - (name == "lt")
                high = top if high is None else min(high, top)
        return Count(low, high)

    def _negate(self, fields: dict[str, Node]) -> bool:
        node = fields.get("negate")
        if node is None:
            return False
        if node.value is not True:
            self.wrong(node, "negate takes only `true`: some value of the field does not satisfy the operator")
        elif "exists" in fields:
            self.wrong(node, "every value exists: write `exists: false`")
        return True

    def _argument(self, node: Node) -> Any:
        value = node.value
        if isinstance(value, str) and value.startswith("$") and value[1:] in self.lists:
            return list(self.lists[value[1:]])
        if isinstance(value, str) and value.startswith("$") and value[1:].isidentifier():
            near = difflib.get_close_matches(value[1:], self.lists, 1)
            self.wrong(node, f'there is no list "{value[1:]}"', f'did you mean "${near[0]}"?' if near else "")
        return node.plain()

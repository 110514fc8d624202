"""Typed access to YAML nodes: every complaint has its place, and all of a file's are collected before one is raised."""

from __future__ import annotations

import base64
import binascii
import difflib
import re
from collections.abc import Callable, Collection
from typing import Final, TypeVar

from waf.errors import Problem
from waf.source import MAX_PROBLEMS, Node, problem

T = TypeVar("T")

MAX_ID: Final = 2**31 - 1
"""Largest number of a rule or a test."""

_PLAIN: Final = re.compile(r"[^\s,\]}]*")


class Reader:
    """Reads values out of nodes; what is wrong goes to `problems` and a default comes back."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def complain(self, node: Node, message: str, hint: str = "", *, key: str | None = None) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem(node, message, hint, key=key))

    def mapping(self, node: Node, what: str, keys: Collection[str], required: Collection[str] = ()) -> dict[str, Node]:
        """The members that are known; null counts as not being there."""
        if not isinstance(node.value, dict):
            self.complain(node, f"{what} must be a mapping")
            return {}
        for key in node.value:
            if key not in keys:
                near = difflib.get_close_matches(key, keys, 1)
                hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(sorted(keys))}"
                self.complain(node, f"{what} has no member `{key[:60]}`", hint, key=key)
        found = {key: value for key, value in node.value.items() if key in keys and value.value is not None}
        for key in required:
            if key not in node.value:
                self.complain(node, f"{what} needs `{key}`")
        return found

    def items(self, node: Node | None, what: str) -> list[Node]:
        if node is None:
            return []
        if not isinstance(node.value, list):
            self.complain(node, f"{what} must be a list")
            return []
        return node.value

    def text(self, node: Node | None, what: str, default: str = "") -> str:
        """Text. A number or a flag without quotes is the text that stands in the file."""
        if node is None:
            return default
        if isinstance(node.value, str):
            return node.value
        if isinstance(node.value, dict | list):
            self.complain(node, f"{what} must be text")
            return default
        found = _PLAIN.match(node.source.line(node.line), node.column - 1)
        return found[0] if found and node.value is not None else ""

    def number(self, node: Node | None, what: str, low: int, high: int, default: int = 0) -> int:
        if node is None:
            return default
        if isinstance(node.value, bool) or not isinstance(node.value, int):
            self.complain(node, f"{what} must be a whole number")
            return default
        if not low <= node.value <= high:
            self.complain(node, f"{what} must be from {low} to {high}")
            return default
        return node.value

    def flag(self, node: Node | None, what: str) -> bool | None:
        if node is None:
            return None
        if not isinstance(node.value, bool):
            self.complain(node, f"{what} must be true or false")
            return None
        return node.value

    def base64(self, node: Node | None, what: str) -> bytes | None:
        if node is None:
            return None
        try:
            return base64.b64decode("".join(self.text(node, what).split()), validate=True)
        except (binascii.Error, ValueError):
            self.complain(node, f"{what} must be base64")
            return None

    def each(self, node: Node | None, what: str, read: Callable[[Node, str], T]) -> tuple[T, ...]:
        return tuple([read(item, f"an entry of {what}") for item in self.items(node, what)])

    def rule_id(self, node: Node, what: str) -> int:
        return self.number(node, what, 1, MAX_ID)

    def statuses(self, node: Node | None) -> tuple[int, ...]:
        """One status or a list of them; 0, go-ftw's way of saying nothing, is none."""
        if node is None:
            return ()
        listed = node.value if isinstance(node.value, list) else [node]
        return tuple([status for item in listed if (status := self.number(item, "`status`", 0, 999))])

    def place(self, node: Node, what: str) -> int:
        """A place in a list, counted from 0."""
        return self.number(node, what, 0, MAX_ID)

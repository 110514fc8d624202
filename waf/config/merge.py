"""Values from the command line laid over the nodes of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from waf.source import Node, Source

ORIGIN: Final = Source("command line", "")


def merge(root: Node, overrides: Mapping[str, object]) -> Node:
    """The tree with each dotted path in `overrides` set to its plain value; None leaves the file's.

    Such values stand at line 0 of `command line`. Where the file has something other than a section on the way, the
    file is left alone: it is wrong there, and will be told so.
    """
    for path, value in overrides.items():
        if value is not None:
            root = _set(root, path.split("."), _node(value))
    return root


def _set(node: Node, path: list[str], value: Node) -> Node:
    if not path:
        return value
    if node.value is not None and not isinstance(node.value, dict):
        return node
    members = node.value or {}
    child = members.get(path[0]) or Node(None, 0, 0, ORIGIN)
    return replace(node, value={**members, path[0]: _set(child, path[1:], value)})


def _node(value: Any) -> Node:
    if isinstance(value, Mapping):
        value = {key: _node(item) for key, item in value.items()}
    elif isinstance(value, list | tuple):
        value = [_node(item) for item in value]
    return Node(value, 0, 0, ORIGIN)

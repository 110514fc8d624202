"""Texts that satisfy a condition, for the tests that stand beside a converted rule. Whoever uses one checks it: a guess that
is wrong costs a test, nothing else."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, Final

from waf.rules import dialect
from waf.rules.convert.base import Plain

_MOST: Final = 400
"""Characters of a sample."""
_ORDINARY: Final = ("ordinary", "an ordinary value", "0", "", "zz~9", "~", "\x01", "1", "a" * 80)
_CANDIDATES: Final = "a1 -_/.,:;=<>'\"()[]{}|&$%@!?*+~`^\\\n\tzZ"
_FIXED: Final = {
    "utf8": (),
    "url_encoding": ("%zz",),
    "sqli": ("1' OR '1'='1' -- ", "' UNION SELECT password FROM users --"),
    "xss": ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'),
    "exists": ("x",),
}


def satisfying(leaf: Plain) -> Iterator[str]:
    """Candidates for a value on which the leaf holds, likely ones first, as they are after its transforms."""
    if leaf.get("negate"):
        yield from ("198.51.100.7", "2001:db8::7") if "cidr" in leaf else _ORDINARY
        return
    operator, argument = next(
        (key, value) for key, value in leaf.items() if key not in ("field", "transform", "count", "negate")
    )
    if operator in ("re2", "re2_bytes", "regex"):
        for repeats in (0, 1):
            found = of_pattern(argument, repeats)
            if found is not None:
                yield found
    elif operator in _FIXED:
        yield from _FIXED[operator]
    elif operator in ("contains", "contains_any", "starts_with", "ends_with", "eq", "in", "within"):
        yield from map(str, argument[:8] if isinstance(argument, list) else [argument])
    elif operator in ("lt", "le", "gt", "ge"):
        step = {"lt": -1, "gt": 1}.get(operator, 0)
        yield from (str(argument + step), str(argument + 1), str(argument - 1))
    elif operator == "cidr":
        yield str(argument[0] if isinstance(argument, list) else argument).partition("/")[0]
    else:
        yield from (chr(code) for code in (127, 1, 33, 97, 32, 233))


def undone(text: str, chain: list[str]) -> Iterator[str]:
    """Values of which the chain may make the text."""
    yield text
    for name in reversed(chain):
        if name in ("base64_decode", "base64_decode_ext"):
            text = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
        elif name == "hex_decode":
            text = text.encode("utf-8", "replace").hex()
        elif name == "length" and text.isdigit() and int(text) <= _MOST:
            text = "a" * int(text)
        elif name in ("url_decode", "url_decode_uni", "percent_decode"):
            text = text.replace("%", "%25").replace("+", "%2b")
    yield text


def of_pattern(pattern: str, repeats: int) -> str | None:
    """A short text that the pattern may match; what is optional is there `repeats` times. None where it is not understood."""
    tree = dialect.tree(pattern) or dialect.backtracking_tree(pattern)
    if tree is None:
        return None
    text = "".join(_sequence(tree, repeats))
    return text if len(text) <= _MOST else None


def _sequence(items: Any, repeats: int) -> Iterator[str]:
    for op, argument in items:
        yield from _piece(str(op), argument, repeats)


def _piece(op: str, argument: Any, repeats: int) -> Iterator[str]:
    if op == "LITERAL":
        yield chr(argument)
    elif op == "NOT_LITERAL":
        yield next(char for char in _CANDIDATES if ord(char) != argument)
    elif op == "ANY":
        yield "a"
    elif op == "IN":
        yield _member(argument)
    elif op == "SUBPATTERN":
        yield from _sequence(argument[3], repeats)
    elif op in ("MAX_REPEAT", "MIN_REPEAT"):
        low, high, inner = argument
        times = max(low, min(repeats, int(high)))
        yield "".join(_sequence(inner, repeats)) * min(times, _MOST + 1)
    elif op == "BRANCH":
        yield from _sequence(argument[1][0], repeats)


def _member(items: list[Any]) -> str:
    kinds = [(str(kind), value) for kind, value in items]
    if kinds[0][0] == "NEGATE":
        return next((char for char in _CANDIDATES if not any(_holds(*kind, char) for kind in kinds[1:])), "a")
    plain = next((char for char in _CANDIDATES if any(_holds(*kind, char) for kind in kinds)), None)
    kind, value = kinds[0]
    return plain or chr(value[0] if kind == "RANGE" else value)


def _holds(kind: str, value: Any, char: str) -> bool:
    if kind == "LITERAL":
        return ord(char) == int(value)
    if kind == "RANGE":
        return int(value[0]) <= ord(char) <= int(value[1])
    name = str(value)
    found = {"DIGIT": char.isdigit(), "SPACE": char.isspace(), "WORD": char.isalnum() or char == "_"}
    what = found.get(name.rpartition("_")[2], False)
    return what is not ("_NOT_" in name)

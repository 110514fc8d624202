"""Operators on the make-up of a value: bytes, encodings, checksums, tensor shapes, JSON schemas, entropy."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from waf.rules.operators.base import Context, Operator, OperatorSpec, flag, one_text
from waf.rules.operators.number import numeric
from waf.rules.specials import SPECIAL
from waf.transform.triggers import FOREIGN

_TEXT = frozenset({"text"})
_BOUNDS: dict[str, Callable[[float, float], bool]] = {
    "eq": lambda a, b: a == b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}


def bounds(argument: Any) -> Callable[[float], bool]:
    """`{ge: 3, lt: 10}` as one predicate; ValueError otherwise."""
    if not isinstance(argument, dict) or not argument or not set(argument) <= set(_BOUNDS):
        raise ValueError("takes bounds such as {ge: 3} or {gt: 1, le: 9}")
    checks = [(_BOUNDS[name], numeric(value)) for name, value in argument.items()]
    return lambda number: all(check(number, value) for check, value in checks)


def _byte_range(argument: Any, _: Context) -> Operator:
    allowed: set[int] = set()
    for part in one_text(argument).split(","):
        found = re.fullmatch(r"\s*(\d{1,3})(?:\s*-\s*(\d{1,3}))?\s*", part)
        low, high = (int(found.group(1)), int(found.group(2) or found.group(1))) if found else (1, 0)
        if not low <= high <= 255:
            raise ValueError('takes byte ranges such as "9,10,13,32-126"')
        allowed.update(range(low, high + 1))
    delete = bytes(sorted(allowed))
    refused = {chr(byte) if byte < 128 else FOREIGN for byte in range(256) if byte not in allowed}
    return Operator(
        test=lambda text: bool(text.encode("utf-8", "surrogateescape").translate(None, delete)),
        specials=frozenset(refused) if refused <= SPECIAL | {FOREIGN} else None,
    )


def _utf8(argument: Any, _: Context) -> Operator:
    if argument != "invalid":
        raise ValueError("takes only `invalid`")
    # bytes that were not UTF-8 are lone surrogates U+DC80..DCFF in our text
    search = re.compile("[\udc80-\udcff]").search
    return Operator(test=lambda text: search(text) is not None, specials=frozenset({FOREIGN}))


def _url_encoding(argument: Any, _: Context) -> Operator:
    if argument != "invalid":
        raise ValueError("takes only `invalid`")
    search = re.compile("%(?![0-9A-Fa-f]{2})").search
    return Operator(test=lambda text: search(text) is not None, specials=frozenset({"%"}))


_DIGITS = re.compile(r"(?<![0-9])[0-9](?:[ -]?[0-9]){12,18}(?![0-9])")


def passes_luhn(digits: str) -> bool:
    """The checksum of ISO/IEC 7812-1 over a string of digits."""
    total = 0
    for position, char in enumerate(reversed(digits)):
        value = int(char)
        if position % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def _luhn(argument: Any, _: Context) -> Operator:
    flag(argument)

    def test(text: str) -> bool:
        return any(passes_luhn(re.sub("[ -]", "", found.group())) for found in _DIGITS.finditer(text))

    return Operator(test=test)


def _shape(argument: Any, _: Context) -> Operator:
    names: dict[str, Callable[[tuple[int, ...]], float]] = {
        "rank": len,
        "elements": math.prod,
        "largest": lambda shape: max(shape, default=0),
        "smallest": lambda shape: min(shape, default=0),
    }
    if not isinstance(argument, dict) or not argument or not set(argument) <= set(names):
        raise ValueError("takes {rank: …, elements: …, largest: …, smallest: …}, each with bounds such as {le: 4}")
    checks = [(names[name], bounds(value)) for name, value in argument.items()]
    return Operator(test=lambda shape: all(check(measure(shape)) for measure, check in checks), wants="shape")


def _entropy(argument: Any, _: Context) -> Operator:
    check = bounds(argument)

    def test(text: str) -> bool:
        if not text:
            return check(0.0)
        size = len(text)
        return check(-sum(n / size * math.log2(n / size) for n in Counter(text).values()))

    return Operator(test=test)


def _json_schema(argument: Any, _: Context) -> Operator:
    if not isinstance(argument, dict):
        raise ValueError("takes a JSON schema as a mapping")
    import jsonschema

    try:
        jsonschema.Draft202012Validator.check_schema(argument)
    except jsonschema.SchemaError as exc:
        raise ValueError(f"is not a JSON schema: {exc.message}") from None
    if "$ref" in json.dumps(argument) and re.search(r'"\$(?:dynamicRef|ref)": "(?!#)', json.dumps(argument)):
        raise ValueError("may only refer to its own definitions (#/…): nothing is fetched")
    valid = jsonschema.Draft202012Validator(argument).is_valid

    def test(text: str) -> bool:
        try:
            return bool(valid(json.loads(text)))
        except (ValueError, RecursionError):
            return False

    return Operator(test=test)


STRUCTURE_OPERATORS = (
    OperatorSpec("byte_range", _TEXT, _byte_range, '"32-126,9"', "Some byte of the value is outside the ranges."),
    OperatorSpec("utf8", _TEXT, _utf8, "invalid", "The value's bytes are not UTF-8."),
    OperatorSpec("url_encoding", _TEXT, _url_encoding, "invalid", "A % is not followed by two hexadecimal digits."),
    OperatorSpec(
        "luhn", _TEXT, _luhn, "true", "The value has 13 to 19 digits that pass the Luhn checksum (card numbers)."
    ),
    OperatorSpec(
        "shape", frozenset({"shape"}), _shape, "{rank: {le: 4}, …}", "The tensor's dimensions are within the bounds."
    ),
    OperatorSpec("entropy", _TEXT, _entropy, "{ge: 4.5}", "Shannon entropy of the value in bits per character."),
    OperatorSpec("json_schema", _TEXT, _json_schema, "JSON schema", "The value is JSON and conforms to the schema."),
)

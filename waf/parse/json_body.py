"""JSON, read exactly: one meaning or none.

The fast decoder keeps the last of duplicate members without a word, and the server behind may keep the first. So the
decoded document is counted against the bytes: each member has one colon outside strings, and a member that got lost
leaves a colon over. Whatever does not add up, and whatever the fast decoder refuses, goes to an exact decoder that
decides by policy. RFC 8259; the case-folded comparison is for Go servers, which match names without case.
"""

from __future__ import annotations

import json
import re
from array import array
from math import isfinite
from typing import Any, Final

import msgspec

from waf.errors import BadRequest
from waf.protocols.sink import Document, Repeated
from waf.settings import Json, Limits

_decode = msgspec.json.Decoder().decode


LENIENT: Final = Json(nan="allow", duplicate_keys="inspect")


class Malformed(BadRequest):
    """The bytes are no JSON text. (Everything else that is refused here *is* one.)"""


def malformed() -> Malformed:
    return Malformed("json-malformed", "The body is not valid JSON.")


def decode(raw: bytes, limits: Limits, policy: Json, *, nan: bool) -> Document:
    """Decodes a JSON text of UTF-8, with or without a byte order mark.

    `nan`: NaN, Infinity and numbers too large for a double are accepted, the latter as infinities.
    Raises Malformed for what is no JSON; BadRequest for duplicate names (unless inspected), NaN (unless accepted), and
    for a document past the limits of depth, members or number length.
    """
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
    _bound(raw, limits)
    try:
        value = _decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _exact(raw, limits, policy, nan)
    except RecursionError:
        raise _too_deep() from None
    if has_long_number(raw, limits.json_number_length) or _has_escaped_colon(raw):
        return _exact(raw, limits, policy, nan)
    numeric: dict[int, array[float]] = {}
    text: list[str] = []
    members = _check(value, limits, policy, numeric, text)
    if raw.count(b":") - "".join(text).count(":") != members:
        return _exact(raw, limits, policy, nan)
    return Document(value, numeric)


def _check(value: Any, limits: Limits, policy: Json, numeric: dict[int, array[float]], text: list[str]) -> int:
    """Walks the document level by level. Returns how many object members it has, fills `numeric` with its lists of
    numbers and `text` with its strings and names; raises BadRequest past a limit or for names that differ by case only."""
    if type(value) is str:
        text.append(value)
    level = [value] if type(value) in _CONTAINERS else []
    members = total = depth = strings = 0
    fold = policy.duplicate_keys == "refuse"
    while level:
        depth += 1
        if depth > limits.json_depth:
            raise _too_deep()
        deeper: list[Any] = []
        for node in level:
            total += len(node)
            if type(node) is dict:
                members += len(node)
                text += node
                if fold and len(node) > 1:
                    _distinct(node)
                items = node.values()
            elif type(node) is list and node and type(node[0]) in _NUMERIC and (numbers := _numbers(node)) is not None:
                numeric[id(node)] = numbers
                continue
            else:
                items = node
            for item in items:
                kind = type(item)
                if kind is str:
                    text.append(item)
                    strings += 1
                elif kind is dict or kind is list or kind is Repeated:
                    deeper.append(item)
        if total > limits.json_members:
            raise BadRequest("json-members", "The JSON body has too many values.")
        if strings > limits.json_strings:
            raise BadRequest("json-strings", "The JSON body has too many texts.")
        level = deeper
    return members


_CONTAINERS: Final = (dict, list, Repeated)
_NUMERIC: Final = frozenset((int, float, bool, type(None)))


def _numbers(node: list[Any]) -> array[float] | None:
    """A list of numbers, flags and nulls as doubles (null is NaN, what is too large infinite); None for other lists."""
    try:
        return array("d", node)
    except (TypeError, OverflowError):
        kinds = set(map(type, node))
    if not kinds <= _NUMERIC or kinds == {type(None)}:
        return None
    return array("d", map(_double, node))


def _double(number: float | None) -> float:
    if number is None:
        return float("nan")
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def _distinct(names: dict[str, Any]) -> None:
    """Raises BadRequest when two names are the same without case."""
    joined = "\0".join(names)
    if joined.isascii() and joined == joined.lower():
        return
    if len({name.casefold() for name in names}) != len(names):
        raise _duplicate()


# --------------------------------------------------------------------------- bounds on the raw bytes

_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
"""A string, or all that follows a quote that nothing closes: every quote is looked at once."""


def _bound(raw: bytes, limits: Limits) -> None:
    """Refuses a text that would decode to far more values than allowed, before it takes their memory.

    Each value but the outermost follows a comma or an opening bracket. Strings are cut out only when the quick count of
    everything is too high; a factor of two leaves room for empty containers, which the exact count settles afterwards.
    """
    most = 2 * limits.json_members
    if len(raw) > most and raw.count(b",") + raw.count(b"[") + raw.count(b"{") > most:
        bare = _STRING.sub(b"", raw)
        if bare.count(b",") + bare.count(b"[") + bare.count(b"{") > most:
            raise BadRequest("json-members", "The JSON body has too many values.")


def _has_escaped_colon(raw: bytes) -> bool:
    return b"\\u003" in raw and (b"\\u003a" in raw or b"\\u003A" in raw)


_NUMBER_BYTES: Final = b"0123456789+-.eE"
_IS_NUMBER: Final = bytes(byte in _NUMBER_BYTES for byte in range(256))
_NOT_NUMBER: Final = re.compile(rb"[^-+.0-9eE]")


def has_long_number(raw: bytes, limit: int) -> bool:
    """Whether a run of more than `limit` number characters exists, inside strings too. Doubt says True.

    Such a run covers two neighbours of every `limit / 2`-th byte, so only those are looked at.
    """
    step = limit // 2
    if len(raw) <= step:
        return False
    sample = raw[::step].translate(_IS_NUMBER)
    i = sample.find(b"\1\1")
    while i >= 0:
        if 0 not in raw[i * step : (i + 1) * step : 17].translate(_IS_NUMBER):
            end = _NOT_NUMBER.search(raw, i * step)
            if end is None or end.start() > (i + 1) * step:
                return True
        i = sample.find(b"\1\1", i + 1)
    return False


# --------------------------------------------------------------------------- the exact decoder

_ESCAPE: Final = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
"""One escape of a string: a surrogate pair, or (group 1) half of one, or any other."""
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")


def _exact(raw: bytes, limits: Limits, policy: Json, nan: bool) -> Document:
    """Decodes with the standard library, looking at every member and every number."""
    nan_allowed = policy.nan == "allow" or (policy.nan == "protocol" and nan)
    longest = limits.json_number_length

    def number(text: str) -> float:
        if len(text) > longest:
            raise BadRequest("json-number", "A number in the JSON body is too long.")
        value = float(text)
        if not isfinite(value):
            constant(text)
        return value

    def integer(text: str) -> int:
        if len(text) > longest:
            raise BadRequest("json-number", "A number in the JSON body is too long.")
        return int(text)

    def constant(text: str) -> float:
        if not nan_allowed:
            raise BadRequest("json-nan", "The JSON body holds NaN, Infinity or a number beyond every double.")
        return float(text)

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        if policy.duplicate_keys == "refuse":
            raise _duplicate()
        every: dict[str, Repeated] = {}
        for name, value in pairs:
            every.setdefault(name, Repeated()).append(value)
        return {name: values if len(values) > 1 else values[0] for name, values in every.items()}

    reader = json.JSONDecoder(
        object_pairs_hook=members, parse_float=number, parse_int=integer, parse_constant=constant, strict=True
    )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("json-encoding", "The JSON body is not UTF-8.") from None
    try:
        value = reader.decode(_ESCAPE.sub(_whole, text) if _SURROGATE.search(text) else text)
    except ValueError:
        raise malformed() from None
    except RecursionError:
        raise _too_deep() from None
    numeric: dict[int, array[float]] = {}
    _check(value, limits, policy, numeric, [])
    return Document(value, numeric)


def _whole(escape: re.Match[str]) -> str:
    """A lone surrogate stands for nothing: U+FFFD, as decoders that do not refuse it make of it."""
    return "\\ufffd" if escape[1] else escape[0]


def _too_deep() -> BadRequest:
    return BadRequest("json-depth", "The JSON body is nested too deeply.")


def _duplicate() -> BadRequest:
    return BadRequest("json-duplicate-key", "A name occurs twice in one JSON object.")

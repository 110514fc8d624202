"""The words protocol tables are written in. Each makes a `Walk`, which reads the JSON value at a path into a `Sink`.

A table says where an API keeps its inputs. What it does not name is read as `UNKNOWN`: as web input *and* as possible
prompt text, so that a place nobody thought of is inspected more, not less.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from waf.model import Field
from waf.protocols import media, tensor
from waf.protocols.sink import KEY_CAP, Repeated, Sink, at, below

Walk = Callable[[Any, str, Sink], None]
Buckets = tuple[str, ...]

UNKNOWN: Final[Buckets] = ("json", "llm.prompt")
WEB: Final[Buckets] = ("json",)

_PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-")


def plain(key: str) -> bool:
    """True for names that no attack fits into: [A-Za-z0-9_.-], at most 64 of them."""
    return len(key) <= KEY_CAP and ((key.isascii() and key.isidentifier()) or _PLAIN.issuperset(key))


def spread(value: Any, path: str, sink: Sink, buckets: Buckets) -> None:
    """Every string below `value`, and every unusual member name, to each of `buckets`; numbers to `json.scalars`.

    Iterative, in document order: as deep as a document may be without using the interpreter's stack.
    """
    stack: list[tuple[Any, str]] = [(value, path)]
    while stack:
        value, path = stack.pop()
        kind = type(value)
        if kind is str:
            _text(value, path, sink, buckets)
        elif kind is dict:
            children = [(item, below(path, key)) for key, item in value.items()]
            for key, (_, child) in zip(value, children, strict=True):
                if not plain(key):
                    odd_name(key, child, sink, buckets)
            children.reverse()
            stack += children
        elif kind is list:
            found = tensor.read(value, sink.numeric)
            if found is not None:
                tensor.emit(sink, path, path, *found)
            else:
                stack += [(value[i], at(path, i)) for i in range(len(value) - 1, -1, -1)]
        elif kind is Repeated:
            stack += [(item, path) for item in reversed(value)]
        elif value is not None:
            sink.number("json.scalars", path, value, path)


def _text(value: str, path: str, sink: Sink, buckets: Buckets) -> None:
    found = media.read(value) if len(value) >= media.LEAST else None
    if found is not None:
        sink.skip(path, found.kind, found.hidden)
    for bucket in buckets:
        for part in found.shown if found is not None else (value,):
            sink.text(bucket, path, part)


def odd_name(key: str, path: str, sink: Sink, buckets: Buckets) -> None:
    """A member name that could carry an attack, as a value of its own."""
    for bucket in buckets:
        sink.fields[bucket].append(Field(bucket, path, key, "json-key:" + path))


def to(*buckets: str) -> Walk:
    """Every string below goes to each of `buckets`."""

    def walk(value: Any, path: str, sink: Sink) -> None:
        if type(value) is str:
            for bucket in buckets:
                sink.text(bucket, path, value)
        else:
            spread(value, path, sink, buckets)

    return walk


unknown: Final = to(*UNKNOWN)
web: Final = to(*WEB)


def label(value: Any, path: str, sink: Sink) -> None:
    """An identifier. Chat templates and file inputs show it to the model, so one that holds more than an identifier needs is
    prompt text as well."""
    (web if type(value) is str and plain(value) else unknown)(value, path, sink)


def inert(value: Any, path: str, sink: Sink) -> None:
    """A value that a table was chosen by, and that says nothing more than that."""


def obj(
    members: Mapping[str, Walk], other: Buckets = UNKNOWN, *, params: bool = False, otherwise: Walk | None = None
) -> Walk:
    """An object: `members` by name, what they do not name to `other`.

    `params`: numbers and flags that `members` do not name are parameters of the call, `llm.params["name"]`.
    `otherwise` reads a value that is no object; without it that goes to `other`.
    """
    table = {name: (walk, below("", name)) for name, walk in members.items()}
    known = table.get

    def walk(value: Any, path: str, sink: Sink) -> None:
        if type(value) is not dict:
            if otherwise is not None:
                otherwise(value, path, sink)
            else:
                spread(value, path, sink, other)
            return
        for key, item in value.items():
            entry = known(key)
            if entry is None:
                _member(key, item, path, sink)
            elif type(item) is Repeated:
                for each_one in item:
                    entry[0](each_one, path + entry[1], sink)
            else:
                entry[0](item, path + entry[1], sink)

    def _member(key: str, item: Any, path: str, sink: Sink) -> None:
        child = below(path, key)
        if not plain(key):
            odd_name(key, child, sink, other)
        if params and type(item) in (int, float, bool):
            sink.number("llm.params", key, int(item) if type(item) is bool else item, child)
        else:
            spread(item, child, sink, other)

    return walk


def each(item: Walk, other: Buckets = UNKNOWN, *, otherwise: Walk | None = None) -> Walk:
    """A list, `item` for each element. Anything else is read by `otherwise`, by default to `other`."""

    def walk(value: Any, path: str, sink: Sink) -> None:
        if type(value) is list:
            for i in range(len(value)):
                item(value[i], at(path, i), sink)
        elif otherwise is not None:
            otherwise(value, path, sink)
        else:
            spread(value, path, sink, other)

    return walk


def values(item: Walk, other: Buckets = UNKNOWN) -> Walk:
    """An object whose names are the client's own: `item` for each value; unusual names to `other`."""

    def walk(value: Any, path: str, sink: Sink) -> None:
        if type(value) is not dict:
            spread(value, path, sink, other)
            return
        for key, one in value.items():
            child = below(path, key)
            if not plain(key):
                odd_name(key, child, sink, other)
            for each_one in one if type(one) is Repeated else (one,):
                item(each_one, child, sink)

    return walk


def by(member: str, cases: Mapping[str, Walk], default: Walk) -> Walk:
    """An object read by what one of its members says."""
    find = cases.get

    def walk(value: Any, path: str, sink: Sink) -> None:
        says = value.get(member) if type(value) is dict else None
        (find(says, default) if type(says) is str else default)(value, path, sink)

    return walk


def by_role(roles: Mapping[str, str], table: Callable[[str, Walk], Walk]) -> Walk:
    """A message, read by `table(bucket, walk of the role)` with the bucket of its role. A role that is none of `roles`
    is shown in `llm.names` and its text counted as the user's."""
    return by(
        "role", {role: table(bucket, inert) for role, bucket in roles.items()}, table("llm.user", to("llm.names"))
    )


def text_or(bucket: str, otherwise: Walk) -> Walk:
    """A string goes to `bucket`, anything else is read by `otherwise`."""

    def walk(value: Any, path: str, sink: Sink) -> None:
        if type(value) is str:
            sink.text(bucket, path, value)
        else:
            otherwise(value, path, sink)

    return walk


def param(name: str, otherwise: Walk = unknown) -> Walk:
    """A number or flag of the call, `llm.params[name]`; a flag counts as 1 or 0."""

    def walk(value: Any, path: str, sink: Sink) -> None:
        kind = type(value)
        if kind is int or kind is float:
            sink.number("llm.params", name, value, path)
        elif kind is bool:
            sink.number("llm.params", name, int(value), path)
        else:
            otherwise(value, path, sink)

    return walk

"""An operator's JSON paths, `$.a.b[*].c`, made into a walk that tells prompts, web input and ignored members apart."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from waf.protocols.shape import UNKNOWN, WEB, Buckets, Walk, odd_name, plain, spread, unknown
from waf.protocols.sink import Repeated, Sink, at, below
from waf.settings import Paths

Step = str | int | None
"""A member's name, an index, or None for `*` (any index or member)."""

_STEP: Final = re.compile(
    r"""\.(?P<name>[^\W\d][\w-]*|\*)|\[(?:(?P<index>\d{1,9})|(?P<any>\*)|(?P<quoted>"(?:[^"\\]|\\.)*"))\]"""
)


def steps(path: str) -> tuple[Step, ...]:
    """Reads `$`, then any of `.name`, `.*`, `[0]`, `[*]` and `["any name"]`. Raises ValueError on anything else."""
    if not path.startswith("$"):
        raise ValueError(f"JSON path {path!r} does not start with $")
    found: list[Step] = []
    position = 1
    while position < len(path):
        step = _STEP.match(path, position)
        if step is None:
            raise ValueError(f"JSON path {path!r} cannot be read from character {position + 1}")
        position = step.end()
        if step["index"]:
            found.append(int(step["index"]))
        elif step["quoted"]:
            found.append(str(msgspec.json.decode(step["quoted"])))
        else:
            found.append(None if step["any"] or step["name"] == "*" else step["name"])
    return tuple(found)


_IGNORE: Final[Buckets] = ()
_Rest = tuple[tuple[Step, ...], Buckets]
"""Steps still to go, and where what they lead to belongs."""


def reader(paths: Paths) -> Walk:
    """The walk for a generic JSON body: what no path names is web input and prompt alike.

    Where several paths lead to a value, the longest decides; of equally long ones `ignore`, then `prompt`, then `web`.
    Raises ValueError for a path that cannot be read.
    """
    rules: list[_Rest] = []
    for buckets, given in ((_IGNORE, paths.ignore), (("llm.prompt",), paths.prompt), (WEB, paths.web)):
        rules += ((steps(path), buckets) for path in given)
    if not rules:
        return unknown
    whole = next((buckets for rest, buckets in rules if not rest), UNKNOWN)
    longer = [rule for rule in rules if rule[0]]

    def walk(value: Any, path: str, sink: Sink) -> None:
        stack: list[tuple[Any, str, list[_Rest], Buckets]] = [(value, path, longer, whole)]
        while stack:
            value, path, ahead, buckets = stack.pop()
            if type(value) is Repeated:
                stack += [(item, path, ahead, buckets) for item in reversed(value)]
            elif not ahead or type(value) not in (dict, list) or id(value) in sink.numeric:
                _read(value, path, sink, buckets)
            elif type(value) is dict:
                for key in reversed(value):
                    child = below(path, key)
                    if buckets and not plain(key):
                        odd_name(key, child, sink, buckets)
                    stack.append((value[key], child, *_follow(ahead, key, buckets)))
            else:
                for i in range(len(value) - 1, -1, -1):
                    stack.append((value[i], at(path, i), *_follow(ahead, i, buckets)))

    return walk


def _follow(ahead: list[_Rest], step: str | int, buckets: Buckets) -> tuple[list[_Rest], Buckets]:
    """The paths that still lead on after `step`, and where its value belongs unless they do."""
    fitting = [(rest[1:], target) for rest, target in ahead if rest[0] is None or rest[0] == step]
    buckets = next((target for rest, target in fitting if not rest), buckets)
    return [rule for rule in fitting if rule[0]], buckets


def _read(value: Any, path: str, sink: Sink, buckets: Buckets) -> None:
    if buckets:
        spread(value, path, sink, buckets)
    elif value is not None:
        # Left alone because the operator says so, and the receipt says so, too.
        sink.skip(path, "ignored", len(msgspec.json.encode(value)))

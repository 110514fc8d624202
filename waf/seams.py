"""The parts of one message as a model reads them: one text. An order cut into three parts stands in none of them.

What reaches over from one part into the next is shown to the rules as one more text. Of a long part only its ends are in it,
because the rules see all of it anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from waf.model import Field

PART: Final = re.compile(r"\.(?:content|parts)\[\d+\](?:\.text)?\Z")
"""Where a part of a message's text stands: `$.messages[0].content[1].text`."""
EDGE: Final = 256
"""Characters of a long part that are shown beside its neighbour."""
BUCKETS: Final = ("llm.user", "llm.prompt", "llm.system", "llm.assistant", "llm.tool_results", "llm.documents")


def with_seams(fields: Mapping[str, Sequence[Field]]) -> Mapping[str, Sequence[Field]]:
    """The same fields, with one more for neighbouring parts of a message, whose origin is the message's content."""
    more: dict[str, list[Field]] = {}
    for bucket in BUCKETS:
        found = fields.get(bucket, ())
        if len(found) > 1:
            seams = [
                Field(bucket, place[5:], text, place) for place, parts in _messages(found) for text in _texts(parts)
            ]
            if seams:
                more[bucket] = [*found, *seams]
    return {**fields, **more} if more else fields


def _messages(fields: Sequence[Field]) -> Iterator[tuple[str, list[str]]]:
    """Places of messages of several parts, with these."""
    before, parts = "", list[str]()
    for field in fields:
        text, origin = field.value, field.origin
        part = PART.search(origin) if ".content[" in origin or ".parts[" in origin else None
        if part is None or type(text) is not str:
            continue
        place = origin[: origin.index("[", part.start())]
        if place != before:
            if len(parts) > 1:
                yield before, parts
            before, parts = place, []
        parts.append(text)
    if len(parts) > 1:
        yield before, parts


def _texts(parts: list[str]) -> Iterator[str]:
    """Neighbours with a blank between them, up to the next long part."""
    near: list[str] = []
    for text in parts:
        if len(text) <= 2 * EDGE:
            near.append(text)
            continue
        if near:
            yield " ".join([*near, text[:EDGE]])
        near = [text[-EDGE:]]
    if len(near) > 1:
        yield " ".join(near)

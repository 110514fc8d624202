"""The turns of a conversation, and other parts of a request whose model texts stand each for itself.

A client sends the whole conversation again with every turn. Were the points of weak signs added up over all of it, two of them
a hundred messages apart, or in two of a hundred texts to embed, would refuse every request from then on. Evidence together is
what stands together: in one message, one tool's description, one text of a batch, or a user's messages that follow each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Final

from waf.model import Field

_PART: Final = re.compile(r"json:\$\.(\w+)\[(\d{1,6})\]")
Turn = dict[str, list[Field]]
"""Fields by bucket."""


def split(fields: Mapping[str, Sequence[Field]]) -> list[Turn]:
    """The request as often as it has turns, each with the model texts of one alone and with all that is no part of a turn."""
    shared: Turn = {}
    parts: dict[tuple[str, int], Turn] = {}
    for bucket, found in fields.items():
        for field in found:
            part = _PART.match(field.origin) if bucket.startswith("llm.") else None
            turn = shared if part is None else parts.setdefault((part.group(1), int(part.group(2))), {})
            turn.setdefault(bucket, []).append(field)
    turns: list[Turn] = []
    before = ("", 0)
    for (name, index), turn in sorted(parts.items(), key=itemgetter(0)):
        if turns and (name, index - 1) == before and turn.keys() == turns[-1].keys() == {"llm.user"}:
            turns[-1]["llm.user"] += turn["llm.user"]
        else:
            turns.append(turn)
        before = (name, index)
    return [{**shared, **{bucket: shared.get(bucket, []) + texts for bucket, texts in turn.items()}} for turn in turns]

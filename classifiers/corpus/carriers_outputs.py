"""What programs print: shell sessions, answers of web services, compilers, mailboxes, accessibility trees, search results."""

from __future__ import annotations

import json
import re
from functools import cache

from classifiers.corpus.carriers_bank import BANKS
from classifiers.corpus.carriers_draw import Draw, Make


@cache
def outputs() -> dict[str, list[str]]:
    """The hand-written outputs by kind; `@@` is where a text from outside stands."""
    out: dict[str, list[str]] = {}
    for block in re.split("^=== ", (BANKS / "outputs.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        kind, _, body = block.partition("\n")
        out.setdefault(kind, []).append(body.rstrip("\n"))
    return out


def _printed(d: Draw, kind: str, text: str) -> str:
    """One output with the text in its place, as the format demands."""
    before, _, after = d.fresh(d.rng.choice(outputs()[kind])).partition("@@")
    quoted = before.endswith('"')
    held = json.dumps(text, ensure_ascii=False)[1:-1] if quoted else text
    return f"{before}{held}{after}"


def output(d: Draw, insert: str) -> str:
    """One output, or several of a session of which one holds the insert."""
    kinds = sorted(outputs())
    kind = d.choice(kinds)
    count = 1 + d.bulk * 2
    where = d.rng.randrange(count)
    same = d.flip(0.6)
    parts = []
    for index in range(count):
        other = kind if same else d.choice(kinds)
        text = insert if index == where else d.fresh(d.rng.choice(d.bank["cell"]))
        parts.append(_printed(d, other, text))
    return d.choice(("\n\n", "\n---\n", "\n\n$ \n")).join(parts)


OUTPUTS: dict[str, Make] = {"output": output}

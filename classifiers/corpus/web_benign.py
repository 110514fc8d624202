"""Values of harmless requests that look like payloads: what the web-attack head is taught not to flag.

Names with apostrophes, prices, dates, user agents, cookies, tokens, paths, HTML from editors, code and SQL in bug reports, JSON in a
field, search operators, mathematics, Markdown, CSS, log lines, templates that a marketer writes; and values of any shape, one in
another. The parts are invented.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Final

from classifiers.corpus.web_benign_machines import (
    agent,
    blob,
    cookie,
    file,
    filtering,
    log,
    path,
    regex,
    style,
    tracking,
    url,
)
from classifiers.corpus.web_benign_people import (
    address,
    code,
    contact,
    curious,
    html,
    name,
    number,
    product,
    program,
    prose,
    search,
    sql,
)
from classifiers.corpus.web_benign_shapes import (
    addressed,
    asked,
    assigned,
    encoded,
    jsonish,
    listed,
    markup,
    wire,
    worded,
    wrapped,
)
from classifiers.corpus.web_draw import Draw

KINDS: Final[dict[str, tuple[Callable[[Draw], str], int, str]]] = {
    "name": (name, 700, "form"),
    "address": (address, 500, "form"),
    "contact": (contact, 400, "form"),
    "number": (number, 800, "query"),
    "search": (search, 900, "query"),
    "product": (product, 600, "query"),
    "prose": (prose, 2600, "form"),
    "curious": (curious, 5000, "query"),
    "html": (html, 1300, "form"),
    "code": (code, 1500, "json"),
    "program": (program, 4500, "json"),
    "sql": (sql, 1800, "form"),
    "blob": (blob, 1200, "json"),
    "cookie": (cookie, 900, "cookie"),
    "agent": (agent, 700, "header"),
    "url": (url, 2200, "query"),
    "tracking": (tracking, 5000, "query"),
    "path": (path, 1800, "path"),
    "file": (file, 500, "file"),
    "filtering": (filtering, 2500, "json"),
    "regex": (regex, 300, "json"),
    "style": (style, 400, "form"),
    "log": (log, 500, "body"),
    "listed": (listed, 2500, "query"),
    "wrapped": (wrapped, 2500, "path"),
    "assigned": (assigned, 2000, "json"),
    "worded": (worded, 3500, "form"),
    "asked": (asked, 3000, "query"),
    "markup": (markup, 3000, "form"),
    "wire": (wire, 5000, "json"),
    "jsonish": (jsonish, 4500, "json"),
    "addressed": (addressed, 4500, "query"),
    "encoded": (encoded, 3500, "cookie"),
}
"""Drawing function, rows and surface by kind."""
SHAPES: Final = frozenset(("listed", "wrapped", "assigned", "worded", "asked", "markup"))
WIRE: Final = frozenset(("wire", "jsonish", "addressed", "encoded"))


def rows(seed: str = "web-benign-1", share: float = 1.0) -> Iterator[tuple[str, str, str]]:
    """(value, kind, surface), each value once."""
    rng = random.Random(seed)
    seen: set[str] = set()
    for kind, (draw, count, surface) in KINDS.items():
        for _ in range(int(count * share)):
            text = draw(rng)
            if text not in seen:
                seen.add(text)
                yield text, kind, surface

"""Documents written by hand as minimal pairs: banks/*_documents.txt.

A document begins with `=== carrier | surface | kind` (and `| language` unless the file's name begins with it); its text holds one place
`<<attack ## benign>>`. A document without such a place is benign and has no twin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifiers.corpus.carriers_bank import BANKS, Facts

PLACE = re.compile(r"<<(.*?) ?## ?(.*?)>>", re.DOTALL)


def documents(seed: int) -> Iterator[dict[str, object]]:
    """The rows of every hand-written document, attack side first."""
    for path in sorted(BANKS.glob("*_documents*.txt")):
        for index, block in enumerate(re.split("^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]):
            head, _, body = block.partition("\n")
            carrier, surface, kind, *rest = [part.strip() for part in head.split("|")]
            lang = rest[0] if rest else path.stem.split("_")[0]
            key = f"b{seed}-{path.stem}-{index}"
            yield from _document(key, lang, (carrier, surface, kind), body.strip("\n"))


def _document(key: str, lang: str, head: tuple[str, str, str], body: str) -> Iterator[dict[str, object]]:
    carrier, surface, kind = head
    facts = Facts(key, lang)
    found = PLACE.search(body)
    common: dict[str, object] = {"surface": surface, "lang": lang, "source": "own-b_hand", "carrier": carrier, "by": "hand"}
    if found is None:
        yield {"text": facts.fill(body), "label": "benign", "kind": kind, **common}
        return
    before, after = facts.fill(body[: found.start()]), facts.fill(body[found.end() :])
    attack, benign = facts.fill(found[1]), facts.fill(found[2])
    span = [len(before), len(before) + len(attack)]
    yield {"text": before + attack + after, "label": "indirect_injection", "kind": kind, "pair": key, "span": span, **common}
    yield {"text": before + benign + after, "label": "benign", "kind": "twin", "pair": key, **common}

"""Documents written by hand as minimal pairs: banks/*_documents*.txt.

A document begins with `=== carrier | surface | kind` (and `| language` unless the file's name begins with it); its text
holds one place `<<attack ## benign>>`, or several alternatives `<<attack ## benign ## attack ## benign>>`, each of which
is a pair of its own. A document without such a place is benign and has no twin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifiers.corpus.carriers_bank import BANKS, Facts

PLACE = re.compile(r"<<(.*?)>>", re.DOTALL)


def documents(seed: int) -> Iterator[dict[str, object]]:
    """The rows of every hand-written document, attack side first. ValueError: an attack without its harmless twin."""
    for path in sorted(BANKS.glob("*_documents*.txt")):
        for index, block in enumerate(re.split("^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]):
            head, _, body = block.partition("\n")
            carrier, surface, kind, *rest = [part.strip() for part in head.split("|")]
            lang = rest[0] if rest else path.stem.split("_")[0]
            key = f"b{seed}-{path.stem}-{index}"
            yield from _document(key, lang, (carrier, surface, kind), body.strip("\n"))


def _document(key: str, lang: str, head: tuple[str, str, str], body: str) -> Iterator[dict[str, object]]:
    carrier, surface, kind = head
    found = PLACE.search(body)
    common: dict[str, object] = {
        "surface": surface,
        "lang": lang,
        "source": "own-b_hand",
        "carrier": carrier,
        "by": "hand",
    }
    if found is None:
        yield {"text": Facts(key, lang).fill(body), "label": "benign", "kind": kind, **common}
        return
    sides = [side.strip(" ") for side in found[1].split("##")]
    if len(sides) % 2:
        raise ValueError(f"{key}: {len(sides)} texts between << and >>, but attacks and harmless ones come in pairs")
    for index in range(0, len(sides), 2):
        name = f"{key}-{index // 2}"
        facts = Facts(name, lang)
        before, after = facts.fill(body[: found.start()]), facts.fill(body[found.end() :])
        attack, benign = facts.fill(sides[index]), facts.fill(sides[index + 1])
        span = [len(before), len(before) + len(attack)]
        yield {
            "text": before + attack + after,
            "label": "indirect_injection",
            "kind": kind,
            "pair": name,
            "span": span,
            **common,
        }
        yield {"text": before + benign + after, "label": "benign", "kind": "twin", "pair": name, **common}

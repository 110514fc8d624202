"""What trains the web-attack head: values of requests, by source and surface.

Three parts: payloads and harmless values put together by a grammar (classifiers/corpus), rows of a shared folder under permissive
licences, and requests of it, taken apart by the firewall's own parser. Of a hostile request nobody says which value carries the
payload, so its values are a bag of which one is hostile.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from classifiers.corpus import web_attacks, web_benign
from classifiers.corpus.web_mutate import MUTATORS
from classifiers.train import data, sources
from waf.classify.web.values import readings, select
from waf.errors import Refusal
from waf.model import Request
from waf.parse import parse

LICENCES: Final = {
    "apache_access_log": "Apache-2.0",
    "blns": "MIT",
    "crs_data": "Apache-2.0",
    "crs_tests": "Apache-2.0",
    "fuzzdb": "BSD-3-Clause, CC-BY-3.0, Apache-2.0",
    "har_samples": "MIT",
    "httpparams": "MIT",
    "humaneval": "MIT",
    "libinjection": "BSD-3-Clause",
    "nosqli_list": "MIT",
    "payloadbox": "MIT",
    "payloadsallthethings": "MIT",
    "project_docs": "BSD-3-Clause, Apache-2.0",
    "synthetic": "Apache-2.0",
}
"""Permissive sources of web rows; others never train what ships."""
UNTRUE: Final = frozenset({"grananqvist"})
"""Sources that are left out for want of true labels: among what this one calls harmless are commands and queries of attacks."""
OWN: Final = "own-"
FORM_SURFACE: Final = {"payload": "query", "param_value": "query", "form_text": "form", "html_fragment": "form"}
PROSE: Final = ("prompts_benign", "prompts_hard_benign")
PROSE_ROWS: Final = 600
"""Rows of one source of prompts, which are harmless values of a form."""
HOSTILE_PROSE: Final = frozenset({"mitre_frr", "cybermetric", "fabric"})
"""Sources of prompts that quote commands and payloads."""
REWRITTEN: Final = 0.6
"""Share of the SQL payloads that are read a second time, rewritten."""
SURROUNDED: Final = 0.3
"""Share of the payloads of lists that are read a second time within harmless words: lists hold them bare."""
LONGEST: Final = 6_000


@dataclass(frozen=True, slots=True)
class Row:
    """A value in its readings, or every value of a request (`bag`)."""

    values: tuple[tuple[str, ...], ...]
    """Of each value its readings."""
    attack: bool
    source: str
    surface: str
    group: str
    kind: str = ""
    bag: bool = False


def permissive(source: str) -> bool:
    return source.startswith(OWN) or source in LICENCES


def value(text: str, *, attack: bool, source: str, surface: str, group: str = "", kind: str = "") -> Row:
    return Row((tuple(readings(text[:LONGEST])),), attack, source, surface, group or data.hash_of(text), kind)


def own(share: float = 1.0, seed: str = "1") -> Iterator[Row]:
    """The grammar's rows; another seed draws others, for development."""
    for text, kind in web_attacks.rows(f"web-attacks-{seed}", share):
        part = "inside" if kind in web_attacks.INSIDE else "tricks" if kind in web_attacks.TRICKS else "attacks"
        yield value(text, attack=True, source=f"own-{part}", surface="query", kind=kind)
    for text, kind, surface in web_benign.rows(f"web-benign-{seed}", share):
        part = "shapes" if kind in web_benign.SHAPES else "wire" if kind in web_benign.WIRE else "benign"
        yield value(text, attack=False, source=f"own-{part}", surface=surface, kind=kind)


def shared(folder: Path | None, *, all_licences: bool = False) -> Iterator[Row]:
    """Rows of a folder laid out like the one that its README describes. Raises ValueError naming file and line."""
    if folder is None:
        return
    rng = random.Random("rewritten")
    for name, attack in (("web_attacks", True), ("web_benign", False)):
        for obj in _objects(folder / f"{name}.jsonl"):
            source, kind = obj["source"], str(obj.get("kind") or obj["label"])
            if source in UNTRUE or not (all_licences or permissive(source)) or kind.startswith("crs_negative_"):
                continue
            group = str(obj.get("g") or "")
            if obj["form"] == "raw_request":
                yield from _request(obj["text"], attack=attack, source=source, group=group, kind=kind)
            else:
                surface = FORM_SURFACE[obj["form"]]
                yield value(obj["text"], attack=attack, source=source, surface=surface, group=group, kind=obj["label"])
                if attack and rng.random() < SURROUNDED:
                    text = web_attacks.within_text(obj["text"], rng)
                    yield value(text, attack=True, source=source, surface=surface, group=group, kind=obj["label"])
                if obj["label"] == "sqli" and rng.random() < REWRITTEN:
                    text = rewritten(obj["text"], rng)
                    yield value(text, attack=True, source=source, surface=surface, group=group, kind="sqli")
    for row in prose(folder):
        yield value(row.text, attack=False, source=f"prose-{row.source}", surface="form", group=row.group, kind="prose")


def prose(folder: Path) -> Iterator[data.Row]:
    """Permissive benign prompts: somebody writes such texts into forms as well."""
    counts: dict[str, int] = {}
    for name in PROSE:
        for row in data.read(folder / f"{name}.jsonl"):
            counts[row.source] = counts.get(row.source, 0) + 1
            fits = counts[row.source] <= PROSE_ROWS and row.source not in HOSTILE_PROSE
            if fits and sources.permissive(row.source):
                yield row


def rewritten(payload: str, rng: random.Random) -> str:
    """A SQL payload after a few steps that keep what a database makes of it."""
    for _ in range(rng.randint(1, 12)):
        payload = rng.choice(MUTATORS)(payload, rng)
    return payload


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                obj = json.loads(line)
                obj["text"], obj["source"], obj["label"], obj["form"]
            except (KeyError, TypeError, json.JSONDecodeError) as error:
                raise ValueError(f"{path}:{number}: {error!r}") from error
            yield obj


def _request(text: str, *, attack: bool, source: str, group: str, kind: str) -> Iterator[Row]:
    """One bag for a hostile request, a row for each value of a harmless one."""
    try:
        values = select(parse(raw(text)).fields)
    except Refusal:
        return
    if attack:
        texts = tuple(tuple(readings(v.text[:LONGEST])) for v in values)
        if texts:
            yield Row(texts, True, source, "query", group or data.hash_of(text), kind, bag=True)
        return
    for v in values:
        yield value(v.text, attack=False, source=source, surface=v.surface, kind=kind)


def raw(text: str) -> Request:
    """A request as it was written down: head, blank line, body."""
    head, _, rest = text.partition("\n\n")
    line, *lines = head.split("\n")
    method, _, tail = line.partition(" ")
    target, _, version = tail.rpartition(" ")
    headers = tuple((name, value.strip()) for name, colon, value in (line.partition(":") for line in lines) if colon)
    return Request(
        method=method, target=target, headers=headers, body=rest.encode("utf-8", "replace"), version=version.strip()
    )


def unique(rows: Iterable[Row]) -> list[Row]:
    """Each value once, an attack before anything harmless that reads the same."""
    found: dict[tuple[tuple[str, ...], ...], Row] = {}
    for row in rows:
        before = found.get(row.values)
        if before is None or (row.attack and not before.attack):
            found[row.values] = row
    return list(found.values())


def held(row: Row, share: int) -> bool:
    """Whether a row is for development: `share` per cent of the near-duplicate groups."""
    return int(sha256(f"web:{row.group}".encode()).hexdigest(), 16) % 100 < share

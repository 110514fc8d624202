"""Payloads that belong together: equal by their hash, alike by their digest, or alike as texts where events hold texts."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from waf.record.similarity import Similarity
from waf.triage.event import MAX_KEY, Rule, Seen
from waf.triage.similar import NEAR, distance, parsed
from waf.triage.sketch import Distinct, Top, Tracked

MAX_FAMILIES: Final = 256
VARIANTS: Final = 16
"""Different payloads of a family that are kept to be shown."""
MEMBERS: Final = 256
"""Callers of a family that are kept by name."""
REMEMBERED: Final = 20_000
"""Payloads whose family is remembered."""
MAX_TEXT: Final = 512
COMPARED: Final = 8
MAX_SHARED: Final = 256
"""Texts, and characters of each, that are looked through for what they have in common."""
MAX_TOKENS: Final = 160
"""Of a text, that are compared: the comparison takes the square of it, and more where a text repeats itself."""

_TOKEN: Final = re.compile(r"\w+|\s+|[^\w\s]")
_OWN: Final = Similarity(b"waf triage, texts of one log")


class Family(Tracked):
    """Payloads that are alike. `digest` is that of the first one."""

    __slots__ = (
        "buckets", "callers", "digest", "distinct", "longest", "name", "origins", "payloads", "rules", "shortest", "suspects",
        "texts",
    )  # fmt: skip

    def __init__(self, now: float) -> None:
        super().__init__(now)
        self.name = ""
        self.digest: int | None = None
        self.callers: Counter[str] = Counter()
        self.distinct = Distinct()
        self.payloads = Distinct()
        self.rules: Counter[str] = Counter()
        self.origins: Counter[str] = Counter()
        self.buckets: Counter[str] = Counter()
        self.texts: Counter[str] = Counter()
        self.shortest = self.longest = 0
        self.suspects = 0


class Payload:
    """What an event tells of one: a hash, perhaps a text, perhaps a digest."""

    __slots__ = ("bucket", "digest", "length", "name", "origin", "text")

    def __init__(self, name: str, length: int, text: str, digest: int | None, rule: Rule | None) -> None:
        self.name = name
        self.length = length
        self.text = text
        self.digest = digest
        self.origin = rule.origin[:MAX_KEY] if rule is not None else ""
        self.bucket = rule.bucket[:MAX_KEY] if rule is not None else ""


def payload_of(seen: Seen) -> Payload | None:
    """Of the first rule that tells its value, else of the request as a whole where it has a digest."""
    whole = parsed(seen.similar)
    for rule in seen.rules:
        value = rule.value
        if value is not None and value.hash:
            text = value.text[:MAX_TEXT]
            own = parsed(_OWN.of_text(text)) if text else None
            return Payload(value.hash[:MAX_KEY], value.length, text, own if text else whole, rule)
    return Payload(seen.similar, 0, "", whole, None) if whole is not None else None


class Families:
    """All families of a log, the largest of them for certain."""

    def __init__(self) -> None:
        self._top: Top[Family] = Top(Family, MAX_FAMILIES)
        self._known: dict[str, str] = {}
        self.suspects = 0
        """Suspicious requests with a payload."""
        self._sighted = False

    @property
    def blind(self) -> bool:
        """There are payloads, and nothing tells which are alike."""
        return self.suspects > 0 and not self._sighted

    def add(self, seen: Seen, who: str, now: float, *, suspect: bool) -> None:
        payload = payload_of(seen)
        if payload is None:
            return
        self._sighted = self._sighted or payload.digest is not None
        name = self._find(payload)
        family = self._top.add(name, now)
        if not family.name:
            family.name, family.digest = name, payload.digest
            family.shortest = payload.length
        family.suspects += suspect
        self.suspects += suspect
        family.payloads.add(payload.name)
        family.distinct.add(who)
        _count(family.callers, who, MEMBERS)
        for rule in seen.found:
            _count(family.rules, rule, VARIANTS)
        if payload.origin:
            _count(family.origins, payload.origin, VARIANTS)
            _count(family.buckets, payload.bucket, VARIANTS)
        if payload.text:
            _count(family.texts, payload.text, VARIANTS)
        if payload.length:
            family.shortest = min(family.shortest or payload.length, payload.length)
            family.longest = max(family.longest, payload.length)

    def largest(self, count: int) -> list[Family]:
        """Those with most suspicious requests first."""
        ordered = sorted(self._top.records.values(), key=lambda family: (-family.suspects, -family.count, family.name))
        return ordered[:count]

    def _find(self, payload: Payload) -> str:
        name = self._known.get(payload.name)
        if name is not None and name in self._top.records:
            return name
        name = self._nearest(payload) or payload.name
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[payload.name] = name
        return name

    def _nearest(self, payload: Payload) -> str:
        if payload.digest is None:
            return ""
        best, least = "", NEAR + 1
        for name, family in self._top.records.items():
            if family.digest is not None and (apart := distance(family.digest, payload.digest)) < least:
                best, least = name, apart
        return best


def _count(counter: Counter[str], item: str, most: int) -> None:
    if item in counter or len(counter) < most:
        counter[item] += 1


def commonest(family: Family) -> list[str]:
    """Its texts, the commonest first."""
    return sorted(family.texts, key=lambda text: (-family.texts[text], text))


def diffs(family: Family, most: int) -> Iterator[str]:
    """How the other texts of a family differ from the commonest: `[-out-]{+in+}` between what they share."""
    ordered = commonest(family)
    if len(ordered) < 2:
        return
    first = _TOKEN.findall(ordered[0])[:MAX_TOKENS]
    for text in ordered[1 : most + 1]:
        yield _diff(first, _TOKEN.findall(text)[:MAX_TOKENS])


def _diff(old: list[str], new: list[str]) -> str:
    parts = []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[i:j]), "".join(new[k:m])
        if kind == "equal":
            parts.append(gone if len(gone) <= 48 else f"{gone[:22]}…{gone[-22:]}")
        else:
            parts.append((f"[-{gone}-]" if gone else "") + (f"{{+{come}+}}" if come else ""))
    return "".join(parts)


def shared(family: Family) -> list[str]:
    """Runs that the beginnings of the commonest texts of a family all hold in lower case, the longest first."""
    texts = [text.lower()[:MAX_SHARED] for text in commonest(family)[:COMPARED]]
    if not texts:
        return []
    runs = [texts[0]]
    for text in texts[1:]:
        runs = [
            run[block.a : block.a + block.size]
            for run in runs
            for block in difflib.SequenceMatcher(None, run, text, autojunk=False).get_matching_blocks()
            if block.size >= 8
        ]
    return sorted({run.strip() for run in runs if len(run.strip()) >= 8}, key=lambda run: (-len(run), run))[:4]

"""One pass over a log: everything that the report is made from, in bounded memory."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from socket import AF_INET, AF_INET6, inet_ntop
from typing import Final

from waf.identity.networks import packed
from waf.triage.event import MAX_KEY, SUSPECT, Seen
from waf.triage.families import Families
from waf.triage.sketch import Distinct, Top, Tracked
from waf.triage.timeline import Timeline, Window

SHOWN: Final = ("caller", "key", "subject", "tenant", "address", "network", "rule", "route", "path", "model")
DIMENSIONS: Final = (*SHOWN, "place", "first")
"""`place` is the network of callers of whom no more than the address is known, `first` the first rule that matched: an attack
that ten rules know is one thing to trip over, not ten."""
_SAMPLE: Final = 64


class Source(Tracked):
    """Somebody, or something, and what is known of it."""

    __slots__ = ("callers", "classes", "parts", "rules", "tenant")

    def __init__(self, now: float) -> None:
        super().__init__(now)
        self.classes: Counter[str] = Counter()
        self.rules: Counter[str] = Counter()
        self.parts: set[str] = set()
        """Addresses of a caller or of a network, at most `_SAMPLE`."""
        self.callers = Distinct()
        self.tenant = ""


class Tally:
    """`window`: only requests in it are looked at closely; all are counted by time and for when callers were first seen."""

    def __init__(self, window: Window | None = None) -> None:
        self.window = window
        self.timeline = Timeline()
        self.events = self.total = self.suspects = 0
        self.first = self.last = 0.0
        self.classes: Counter[str] = Counter()
        self.known: Top[Tracked] = Top(Tracked)
        """Callers, over the whole log."""
        self.suspect: dict[str, Top[Source]] = {name: Top(Source) for name in DIMENSIONS}
        self.clean: dict[str, Top[Tracked]] = {
            name: Top(Tracked) for name in ("caller", "key", "tenant", "address", "network", "model")
        }
        self.families = Families()

    def add(self, seen: Seen) -> None:
        self.events += 1
        now, kind, who = seen.ts.timestamp(), seen.kind, seen.who
        suspect = kind in SUSPECT
        self.timeline.add(now, suspect=suspect)
        self.first = min(self.first, now) if self.first else now
        self.last = max(self.last, now)
        self.known.add(who, now)
        if self.window is not None and now not in self.window:
            return
        self.total += 1
        self.suspects += suspect
        self.classes[kind] += 1
        self.families.add(seen, who, now, suspect=suspect)
        names = _names(seen, who)
        if not suspect:
            if kind == "clean":
                for name, clean in self.clean.items():
                    for item in names[name]:
                        clean.add(item, now)
            return
        rules = names["rule"]
        tenant = seen.caller.tenant[:MAX_KEY] if seen.caller is not None else ""
        for name, top in self.suspect.items():
            for item in names[name]:
                source = top.add(item, now)
                source.classes[kind] += 1
                source.callers.add(who)
                if len(source.parts) < _SAMPLE:
                    source.parts.add(seen.client[:MAX_KEY])
                source.tenant = tenant
                for rule in rules:
                    if rule in source.rules or len(source.rules) < _SAMPLE:
                        source.rules[rule] += 1


def _names(seen: Seen, who: str) -> dict[str, list[str]]:
    """By dimension, under what names the event is counted."""
    said = seen.caller
    rules = seen.found
    reason = [seen.reason[:MAX_KEY] or str(seen.status)]
    network = network_of(seen.client[:MAX_KEY])
    return {
        "caller": [who],
        "key": _some(said.key if said else ""),
        "subject": _some(said.subject if said else ""),
        "tenant": _some(said.tenant if said else ""),
        "address": _some(seen.client),
        "network": [network] if network else [],
        "rule": rules or reason,
        "route": _some(seen.route),
        "first": (rules or reason)[:1],
        "path": [f"{seen.method[:16]} {seen.path[:MAX_KEY]}".strip()],
        "model": _some(seen.model),
        "place": [network] if network and who.startswith("address:") else [],
    }


def _some(text: str) -> list[str]:
    return [text[:MAX_KEY]] if text else []


@lru_cache(65_536)
def network_of(address: str) -> str:
    """The /24 of an IPv4 address, the /64 of an IPv6 one; empty for what is none."""
    data = packed(address)
    if data is None:
        return ""
    if len(data) == 4:
        return f"{inet_ntop(AF_INET, data[:3] + bytes(1))}/24"
    return f"{inet_ntop(AF_INET6, data[:8] + bytes(8))}/64"

"""Verdicts of every kind, as the engine would hand them over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from waf.crs import CrsVerdict
from waf.model import Decision, Field, Match, Parsed, Request, Screened, Severity
from waf.scores import Scores
from waf.suspicion import Suspicion

KEY = b"0123456789abcdef0123456789abcdef"


@dataclass
class Said:
    """What the engine's verdict has, for a recorder."""

    parsed: Parsed | None
    screened: Screened | None
    decision: Decision
    coverage: dict[str, Any] = field(default_factory=dict)
    us: dict[str, float] = field(default_factory=dict)
    protocol: str = "openai"
    crs: CrsVerdict | None = None
    scores: Scores | None = None
    suspicion: Suspicion | None = None
    rule_seconds: dict[int, float] = field(default_factory=dict)


def a_match(
    rule: int = 1510010, bucket: str = "llm.user", origin: str = "json:$.messages[0].content", **more: Any
) -> Match:
    known: dict[str, Any] = {
        "name": "override",
        "severity": Severity.critical,
        "score": 5,
        "category": "injection",
        "tags": ("attack.injection",),
        "action": "score",
        "mode": "enforce",
    }
    return Match(rule=rule, bucket=bucket, origin=origin, **{**known, **more})


def a_verdict(
    *matches: Match, value: Any = "the text that matched", decision: Decision | None = None, **more: Any
) -> Said:
    """Each match finds `value` at its origin; the decision is to block when anything matched."""
    fields: dict[str, list[Field]] = {}
    for match in matches:
        fields.setdefault(match.bucket, []).append(Field(match.bucket, "content", value, match.origin))
    parsed = Parsed(fields, protocol="openai", operation="chat", model="small-1")
    if decision is None and matches:
        decision = Decision("block", 403, "score", 5, {"injection": 5}, list(matches), would_block=True)
    decision = decision or Decision("allow", 0, "clean")
    return Said(**{"parsed": parsed, "screened": Screened(list(matches)), "decision": decision, **more})


@pytest.fixture
def match() -> Callable[..., Match]:
    return a_match


@pytest.fixture
def verdict() -> Callable[..., Said]:
    return a_verdict


@pytest.fixture
def key() -> bytes:
    return KEY


@pytest.fixture
def request_of() -> Callable[..., Request]:
    def make(target: str = "/v1/chat/completions", **more: Any) -> Request:
        return Request(**{"method": "POST", "target": target, "id": "r-1", "client_ip": "192.0.2.7", **more})

    return make

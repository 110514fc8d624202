"""Everything known about one request after inspection."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from waf.classify.ood.rows import Found, Inputs
from waf.classify.segments import Selection
from waf.crs import CrsVerdict
from waf.decide import CrsResult
from waf.model import Decision, Parsed, Screened
from waf.routes import CompiledRoute
from waf.rules.seclang import Inspection
from waf.scores import Scores, Weighed
from waf.suspicion import Suspicion

UNDECIDED: Final = Decision("allow", 0, "clean")
"""What stands in a verdict that is not complete."""


class Refused(msgspec.Struct, frozen=True, gc=False):
    """What a request was refused for. Not the `Refusal` itself: it holds the frames it went through, of which one holds the
    verdict, and the collector does not look for such cycles."""

    code: str
    message: str


class Verdict(msgspec.Struct, gc=False):
    """Filled in by the engine, step by step."""

    decision: Decision
    route: CompiledRoute
    parsed: Parsed | None = None
    screened: Screened | None = None
    refusal: Refused | None = None
    protocol: str = "generic"
    body_bytes: int = 0
    us: dict[str, float] = {}
    """Microseconds per stage."""
    rule_seconds: dict[int, float] = {}
    """Estimated seconds by rule id, on the one request in `SAMPLE` that is measured; each stands for that many."""
    inspection: Inspection | None = None
    """The CRS's transaction, which goes on with the answer."""
    pending: Selection | None = None
    """Texts that have to be scored before the verdict is complete; see `Engine.examine`."""
    inputs: Inputs | None = None
    """What the route's detector has to judge before that; see `Engine.settle`."""
    found: Found | None = None
    """What it said of each of them."""
    path: str = ""
    crs_result: CrsResult | None = None
    scores: Scores | None = None
    """What the classifier says, where it was asked."""
    suspicion: Suspicion | None = None
    """What is known of the caller, where it is watched."""
    weighed: Weighed | None = None
    """What learned scoring says, on a route that decides by it."""

    @property
    def crs(self) -> CrsVerdict | None:
        """What the OWASP CRS says, request and, once it was inspected, response together; None when none is loaded."""
        return self.inspection.verdict() if self.inspection is not None else None

    @property
    def coverage(self) -> dict[str, Any]:
        """The receipt: which parts were inspected, how many bytes of the body, and what was not and why."""
        if self.parsed is None:
            reason = self.refusal.code if self.refusal is not None else self.decision.reason
            return {
                "inspected": {},
                "body_bytes": self.body_bytes,
                "inspected_bytes": 0,
                "skipped": [{"origin": "request", "reason": reason}],
            }
        parsed = self.parsed
        return {
            "inspected": {bucket: len(fields) for bucket, fields in parsed.fields.items() if fields},
            "body_bytes": self.body_bytes,
            "inspected_bytes": parsed.inspected_bytes,
            "skipped": [{"origin": s.origin, "reason": s.reason, "size": s.size} for s in parsed.skipped],
        }

"""What the OWASP CRS said about one request."""

from __future__ import annotations

import msgspec


class LoggedRule(msgspec.Struct, frozen=True, gc=False):
    """One line that ModSecurity would write to its error log. Macros in `message` and `data` are filled in."""

    id: int
    message: str
    data: str
    severity: int
    tags: tuple[str, ...]
    target: str
    """Name of the last variable that matched, e.g. `ARGS:q`."""


class CrsVerdict(msgspec.Struct, gc=False):
    """`status` is that of the disruptive rule, 0 when none ran or SecRuleEngine is DetectionOnly."""

    logged: tuple[int, ...] = ()
    matched: tuple[int, ...] = ()
    """Every rule whose whole chain matched, bookkeeping included, in order."""
    rules: tuple[LoggedRule, ...] = ()
    status: int = 0
    blocked_by: int = 0
    """Id of the rule that ended the request, 0 when none did."""
    inbound: int = 0
    outbound: int = 0
    paranoia_scores: tuple[int, int, int, int] = (0, 0, 0, 0)
    """Inbound score of each paranoia level."""
    inbound_threshold: int = 0
    outbound_threshold: int = 0
    would_status: int = 0
    """As `status`, also under DetectionOnly."""

    @property
    def blocks(self) -> bool:
        return self.status != 0

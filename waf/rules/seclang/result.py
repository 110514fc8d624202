"""What is known of SecLang rules once they are loaded."""

from __future__ import annotations

from typing import Literal

import msgspec


class CrsRule(msgspec.Struct, frozen=True):
    """What is known of a rule at load, for `waf explain` and documents."""

    id: int
    phase: int
    kind: Literal["scoring", "blocking", "bookkeeping"]
    """`scoring`: adds to an anomaly score; `blocking`: can end the request by itself; the rest keeps the books."""
    message: str
    tags: tuple[str, ...]
    severity: str
    paranoia: int
    file: str
    line: int

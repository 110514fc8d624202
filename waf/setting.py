"""How one setting is declared: a dataclass field with its documentation and bounds beside it."""

from __future__ import annotations

from dataclasses import field
from typing import Any


def setting(
    default: Any,
    doc: str,
    *,
    low: float | None = None,
    high: float | None = None,
    unit: str = "",
    words: tuple[str, ...] = (),
) -> Any:
    """A dataclass field with its one-line documentation, bounds (inclusive) and unit.

    `unit` is `bytes` or `seconds` for numbers. For text it says what kind of text, and `waf.config.texts` checks it:
    `address`, `url`, `cidr`, `country`, `file`, `path` (file or folder), `folder` (that need not exist yet), `secret`,
    `selector` (of rules), `jsonpath`, `pattern` (of URL paths), `method`, `protocol`, `name`, `header`, `redis` (a server's
    URL), `hours` (of the week), `algorithm`, `sink`. `words` have a meaning of their own, and the empty text is one of them
    where it may replace a default.
    """
    metadata = {"doc": doc, "low": low, "high": high, "unit": unit, "words": words}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)

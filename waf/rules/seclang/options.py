"""How a SecLang rule set is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec


class CrsOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Every member has the meaning of the setting `crs.*` with its name; None leaves what the files say."""

    setup: Path | None = None
    """crs-setup.conf; None: looked for at and above the rules, `.example` last."""
    paranoia: int | None = None
    detection_paranoia: int | None = None
    inbound_threshold: int | None = None
    outbound_threshold: int | None = None
    early_blocking: bool | None = None
    before: tuple[Path, ...] = ()
    """Files read after the set-up and before the rules: exclusions with `ctl`, settings."""
    after: tuple[Path, ...] = ()
    """Files read after the rules: SecRuleRemoveById and its like."""
    plugins: Path | None = None
    engine: Literal["On", "DetectionOnly"] = "On"
    model_text: Literal["exclude", "include"] = "exclude"
    before_text: str = ""
    """SecLang read in the place of `before`, after it."""
    after_text: str = ""
    base: bool = True
    """Choose the body processor by Content-Type, as modsecurity.conf-recommended does."""
    quirks: bool = False
    """Do what released libmodsecurity does where the CRS's own tests expect otherwise: `^` and `$` match at line breaks,
    REQUEST_BODY is there for XML and multipart as well, and a `multiMatch` is logged even when the rest of its chain fails.
    For comparisons."""
    plain: bool = False
    """Run every rule in order, without the fast path: for comparisons."""
    response_types: tuple[str, ...] = ("text/plain", "text/html", "text/xml", "application/json")
    """Content types of answers whose body is inspected."""
    rule_timeout: float = 0.005
    """Seconds for one search of a pattern that RE2 cannot run."""

"""The JSON schema of waf.yaml, for editors that check while one types. Generated from the settings table."""

from __future__ import annotations

from typing import Any, Final

from waf.config import units
from waf.config.table import ROOT, Spec

_REFERENCE: Final[dict[str, Any]] = {"type": "string", "pattern": r"\$\{(env|file):[^}]+\}"}
_PATTERNS: Final = {
    "bytes": f"^{units.SIZE_PATTERN}$",
    "seconds": f"^{units.DURATION_PATTERN}$",
}


def schema() -> dict[str, Any]:
    """JSON Schema, draft 2020-12. It knows types, names, choices and bounds; `waf check-config` knows the rest."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mlwaf configuration",
        **_section(ROOT),
    }


def _section(spec: Spec) -> dict[str, Any]:
    return {
        "description": spec.doc,
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {name: _member(member) for name, member in spec.members.items()},
    }


def _member(spec: Spec) -> dict[str, Any]:
    if spec.kind == "section":
        return _section(spec)
    if spec.kind == "sections":
        return {"description": spec.doc, "type": ["array", "null"], "items": _section(spec)}
    default = list(spec.default) if spec.kind == "texts" else spec.default
    return {"description": spec.doc, "default": default, **_type(spec)}


def _type(spec: Spec) -> dict[str, Any]:
    if spec.kind == "text":
        return {"type": "string"}
    if spec.kind == "texts":
        item = ["string", "integer"] if spec.unit == "selector" else "string"
        return {"type": ["array", "null"], "items": {"type": item}}
    if spec.kind == "choice":
        return {"anyOf": [{"enum": list(spec.choices)}, _REFERENCE]}
    if spec.kind == "flag":
        return {"anyOf": [{"type": "boolean"}, _REFERENCE]}
    number: dict[str, Any] = {"type": spec.kind}
    if spec.low is not None:
        number["minimum"] = spec.low
    if spec.high is not None:
        number["maximum"] = spec.high
    written = [{"type": "string", "pattern": _PATTERNS[spec.unit]}] if spec.unit else []
    return {"anyOf": [number, *written, _REFERENCE]}

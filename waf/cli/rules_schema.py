"""`waf rules schema`: the JSON schema of rule files, made from the tables of fields, operators and transforms."""

from __future__ import annotations

import re
from typing import Any, Final, get_args

import click

from waf.cli.output import print_json
from waf.fields import FIELDS
from waf.model import Mode, RuleAction, Severity
from waf.rules import chains
from waf.rules.operators import OPERATORS

_TEXT: Final[dict[str, Any]] = {"type": "string", "minLength": 1}
_TEXTS: Final[dict[str, Any]] = {"type": "array", "items": _TEXT}
_SELECTOR: Final[dict[str, Any]] = {
    "anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^([0-9]+|(tag|pack):.+)$"}]
}
_BOUND: Final[dict[str, Any]] = {"type": "integer", "minimum": 0}


@click.command("schema")
def print_schema() -> None:
    """Prints the JSON schema of rule files: put it into an editor, and it completes and checks while one types."""
    print_json(rules_schema())


def rules_schema() -> dict[str, Any]:
    """JSON Schema, draft 2020-12, of `waf-rules/v1`. `waf lint` knows the rest: types, patterns, tests."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mlwaf rule pack",
        **_object(
            {
                "schema": {"const": "waf-rules/v1"},
                "pack": {"type": "string", "pattern": r"^[a-z0-9_]+(\.[a-z0-9_]+)*$"},
                "macros": {"type": "object", "additionalProperties": {"type": "array", "items": {"enum": chains.names()}}},
                "lists": {"type": "object", "additionalProperties": {"anyOf": [_TEXTS, _object({"file": _TEXT}, "file")]}},
                "rules": {"type": "array", "items": _rule()},
                "exclusions": {"type": "array", "items": _exclusion()},
            },
            "schema", "pack",
        ),
        "$defs": {"field": _field(), "fields": _one_or_many({"$ref": "#/$defs/field"}), "condition": _condition()},
    }  # fmt: skip


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object", "properties": properties, "required": list(required), "additionalProperties": False,
    }  # fmt: skip


def _one_or_many(item: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def _rule() -> dict[str, Any]:
    return _object(
        {
            "id": {"type": "integer", "minimum": 1, "maximum": 10**9 - 1, "description": "Unique over all packs."},
            "name": {"type": "string", "pattern": "^[a-z0-9]+([-_][a-z0-9]+)*$"},
            "title": {**_TEXT, "description": "What it finds, in one line."},
            "severity": {"enum": [s.value for s in Severity], "description": "The score follows: 5, 4, 3 or 2."},
            "paranoia": {"type": "integer", "minimum": 1, "maximum": 4, "default": 1},
            "confidence": {"enum": ["low", "medium", "high"], "default": "medium"},
            "maturity": {"enum": ["stable", "incubating", "experimental"], "default": "incubating"},
            "tags": {**_TEXTS, "description": "Exactly one of them is attack.X; its score is kept under X."},
            "references": {**_TEXTS, "description": "CWE, CVE, OWASP."},
            "match": {"$ref": "#/$defs/condition"},
            "action": {"enum": list(get_args(RuleAction)), "default": "score"},
            "mode": {"enum": list(get_args(Mode)), "default": "enforce"},
            "false_positives": _TEXTS,
            "tests": {"type": "array", "items": {"anyOf": [_test("attack"), _test("benign")]}},
        },
        "id", "name", "title", "severity", "match",
    )  # fmt: skip


def _test(kind: str) -> dict[str, Any]:
    return _object({kind: {"type": "object", "minProperties": 1}}, kind)


def _exclusion() -> dict[str, Any]:
    return _object(
        {
            "rules": {"type": "array", "items": _SELECTOR, "minItems": 1},
            "fields": {"type": "array", "items": {"$ref": "#/$defs/field"}},
            "route": {**_TEXT, "default": "*"},
            "reason": _TEXT,
            "owner": _TEXT,
            "expires": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        },
        "rules", "reason",
    )  # fmt: skip


def _field() -> dict[str, Any]:
    """A name of the scheme, or one with a selector in brackets; `tensor["x"].shape` is `tensor.shape["x"]`."""
    plain = [name for name, spec in FIELDS.items() if spec.selector != "path"]
    selected = [re.escape(name) for name, spec in FIELDS.items() if spec.selector != "none"]
    named = [re.escape(name) for name, spec in FIELDS.items() if spec.names]
    tensor = [re.escape(name.removeprefix("tensor")) for name in FIELDS if name.startswith("tensor.")]
    return {
        "anyOf": [
            {"enum": plain},
            {"type": "string", "pattern": rf"^({'|'.join(selected)})\[.+\]$"},
            {"type": "string", "pattern": rf"^({'|'.join(named)})\[!?/.+/\]$"},
            {"type": "string", "pattern": rf"^tensor\[.+\]({'|'.join(tensor)})$"},
        ],
        "description": "\n".join(f"{name}: {spec.doc}" for name, spec in FIELDS.items()),
    }


def _condition() -> dict[str, Any]:
    again = {"$ref": "#/$defs/condition"}
    joined = {"type": "array", "items": again, "minItems": 1}
    shared = {
        "field": {"$ref": "#/$defs/fields"},
        "transform": _one_or_many(_TEXT),
        "negate": {"const": True, "description": "Some value does not satisfy the operator."},
        "count": _object(dict.fromkeys(("eq", "ge", "gt", "le", "lt"), _BOUND)),
    }
    leaves = [
        _object({**shared, name: {"description": f"{spec.argument}: {spec.doc}"}}, "field", name)
        for name, spec in OPERATORS.items()
    ]
    return {
        "anyOf": [
            *leaves,
            _object({"all": joined}, "all"),
            _object({"any": joined}, "any"),
            _object({"not": again}, "not"),
        ]
    }

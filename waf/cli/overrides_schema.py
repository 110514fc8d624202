"""`waf overrides schema`: the JSON schema of the file of overrides."""

from __future__ import annotations

from typing import Any, Final

import click

from waf.cli.output import print_json
from waf.identity.keys import MODEL
from waf.overrides.entry import (
    ACTIONS,
    ID,
    KEY_ID,
    MAX_NAME,
    MAX_REQUESTS,
    MAX_WHY,
    MAX_WINDOW,
    SCHEMA,
    Allowance,
    Entry,
    Scope,
)
from waf.overrides.file import MAX_ENTRIES

_TIME: Final = {"type": "string", "format": "date-time"}
_NAME: Final = {"type": "string", "maxLength": MAX_NAME}


@click.command("schema", short_help="Print the JSON schema of the file.")
def print_schema() -> None:
    """Prints the JSON schema of the file of overrides, for editors and for programs that write one."""
    print_json(overrides_schema())


def overrides_schema() -> dict[str, Any]:
    """JSON Schema, draft 2020-12. What it cannot say (networks, `until` after `at`) the firewall says when it reads."""
    scope = {
        "key": {**_text(KEY_ID.pattern), "description": "Id of an API key, never the key."},
        "subject": {**_NAME, "description": "Name of the caller."},
        "tenant": {**_NAME, "description": "Tenant of the caller."},
        "address": {"type": "string", "description": "Address or network in CIDR notation."},
        "model": {**_text(MODEL.pattern), "description": "Pattern of models; not with allow."},
    }
    allowance = {
        "requests": {"type": "integer", "minimum": 1, "maximum": MAX_REQUESTS},
        "window": {"type": "number", "minimum": 1, "maximum": MAX_WINDOW, "description": "Seconds."},
    }
    entry = {
        "id": _text(ID.pattern),
        "action": {
            "enum": list(ACTIONS),
            "description": " ".join(f"{name}: {doc}" for name, doc in ACTIONS.items()),
        },
        "match": {**_object(scope, Scope, ()), "minProperties": 1, "description": "All that is given must fit."},
        "limit": _object(allowance, Allowance, ("requests", "window")),
        "who": {**_NAME, "minLength": 1, "description": "Who made it."},
        "why": {"type": "string", "minLength": 1, "maxLength": MAX_WHY, "description": "The reason, in one line."},
        "at": {**_TIME, "description": "When it was made."},
        "until": {**_TIME, "description": "It says nothing from this moment on; at most 366 days after `at`."},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mlwaf overrides",
        "type": "object",
        "required": ["schema", "entries"],
        "additionalProperties": False,
        "properties": {
            "schema": {"const": SCHEMA},
            "entries": {
                "type": "array",
                "maxItems": MAX_ENTRIES,
                "items": _object(entry, Entry, ("id", "action", "match", "who", "why", "at", "until")),
            },
        },
    }


def _text(pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^(?:{pattern})$"}


def _object(properties: dict[str, Any], cls: Any, required: tuple[str, ...]) -> dict[str, Any]:
    """Raises ValueError when the members are not those of the struct."""
    if set(properties) != set(cls.__struct_fields__):
        raise ValueError(f"the schema of {cls.__name__} has other members than it")
    return {
        "type": "object", "properties": properties, "required": list(required), "additionalProperties": False,
    }  # fmt: skip

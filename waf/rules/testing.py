"""Runs the tests that stand beside the rules. They go through the same prefilter and program as traffic does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec

from waf.errors import Refusal
from waf.model import Field, Request
from waf.parse import parse
from waf.parse.options import ParseOptions
from waf.rules.fieldref import parse_field
from waf.rules.ruleset import Ruleset
from waf.rules.spec import Fixture, RuleSpec
from waf.settings import Json, Limits, Paths

MOST_PARANOID = 4
_OPTIONS = ParseOptions(limits=Limits(), json=Json(), protocol="", paths=Paths(), strict_paths=False)


class Outcome(msgspec.Struct, frozen=True):
    """How one test of one rule went; `detail` says what was wrong with a failed one."""

    rule: RuleSpec
    fixture: Fixture
    number: int
    """Counts from 1 within the rule."""
    passed: bool
    detail: str = ""


def run_tests(ruleset: Ruleset, rules: Iterable[RuleSpec] | None = None) -> list[Outcome]:
    """Every test of the given rules (all of the ruleset's by default). A test that cannot be run has failed."""
    return [
        _run(ruleset, rule, fixture, number)
        for rule in (ruleset.rules if rules is None else rules)
        for number, fixture in enumerate(rule.tests, 1)
    ]


def _run(ruleset: Ruleset, rule: RuleSpec, fixture: Fixture, number: int) -> Outcome:
    try:
        fields = fixture_fields(fixture.data)
    except (ValueError, TypeError) as exc:
        return Outcome(rule, fixture, number, False, f"the test itself is wrong: {exc}")
    except Refusal as exc:
        return Outcome(rule, fixture, number, False, f"the parser refuses this request: {exc}")
    path = next((str(f.value) for f in fields.get("request.path", ())), "/")
    matches, _ = ruleset.program(rule.phase).run(fields, path, MOST_PARANOID)
    matched = any(match.rule == rule.id for match in matches)
    if matched == fixture.attack:
        return Outcome(rule, fixture, number, True)
    return Outcome(rule, fixture, number, False, "did not match" if fixture.attack else "matched, but should not")


def fixture_fields(data: Mapping[str, Any]) -> dict[str, list[Field]]:
    """The fields a fixture stands for. Raises ValueError when it makes no sense, Refusal when its request is refused."""
    fields: dict[str, list[Field]] = {}
    for name, value in data.items():
        if name == "request":
            for bucket, found in parse(fixture_request(value), _OPTIONS).fields.items():
                fields.setdefault(bucket, []).extend(found)
        elif name == "response":
            for bucket, found in _response_fields(value).items():
                fields.setdefault(bucket, []).extend(found)
        else:
            ref = parse_field(name)
            bucket = ref.spec.buckets[0]
            for item in value if isinstance(value, list) and ref.spec.kind != "shape" else [value]:
                field_name = ref.selector or ("x" if not ref.spec.names else str(item))
                held = tuple(item) if isinstance(item, list) else item
                origin = f"json:{ref.selector}" if ref.spec.selector == "path" else f"test:{name}"
                fields.setdefault(bucket, []).append(Field(bucket, field_name, held, origin))
    return fields


def fixture_request(data: Mapping[str, Any]) -> Request:
    """`{method, path, headers, json | form | body}` as a request; what is left out is filled in as a client would."""
    unknown = set(data) - {"method", "path", "headers", "json", "form", "body", "client_ip"}
    if unknown:
        raise ValueError(f"a request has no {', '.join(sorted(unknown))}")
    headers = {str(name): str(value) for name, value in (data.get("headers") or {}).items()}
    given = {name.lower() for name in headers}
    body, kind = b"", ""
    if "json" in data:
        body, kind = json.dumps(data["json"], ensure_ascii=False).encode(), "application/json"
    elif "form" in data:
        body, kind = urlencode(data["form"]).encode(), "application/x-www-form-urlencoded"
    elif "body" in data:
        body = str(data["body"]).encode("utf-8", "surrogateescape")
    defaults = {"Host": "api.example.com", "Content-Type": kind, "Content-Length": str(len(body)) if body else ""}
    headers |= {name: value for name, value in defaults.items() if value and name.lower() not in given}
    return Request(
        method=str(data.get("method", "POST" if body else "GET")),
        target=str(data.get("path", "/")),
        headers=tuple(headers.items()),
        body=body,
        client_ip=str(data.get("client_ip", "192.0.2.1")),
    )


def _response_fields(data: Mapping[str, Any]) -> dict[str, list[Field]]:
    fields: dict[str, list[Field]] = {}
    for name, value in data.items():
        bucket = f"response.{name}"
        if name == "headers":
            fields[bucket] = [Field(bucket, str(k).lower(), str(v), f"response-header:{k}") for k, v in value.items()]
        elif name in ("status", "body", "content_type"):
            fields[bucket] = [Field(bucket, "", value, f"response:{name}")]
        else:
            raise ValueError(f"a response has no {name}")
    return fields

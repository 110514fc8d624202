"""Errors in the shapes that client libraries make a typed exception of."""

from __future__ import annotations

import json
from typing import Any

import pytest

from waf.protocols import PROTOCOLS

ARGUMENTS = ("rule", 'Refused: "quoted"\nline', "req-1")
TEXT = 'Refused: "quoted"\nline (request id: req-1)'


def openai(status: int, kind: str) -> tuple[str, int, dict[str, Any]]:
    return "openai", status, {"error": {"message": TEXT, "type": kind, "param": None, "code": "rule"}}


def anthropic(status: int, kind: str) -> tuple[str, int, dict[str, Any]]:
    return "anthropic", status, {"type": "error", "error": {"type": kind, "message": TEXT}, "request_id": "req-1"}


@pytest.mark.parametrize(
    ("name", "status", "expected"),
    [
        openai(400, "invalid_request_error"),
        openai(413, "invalid_request_error"),
        openai(401, "authentication_error"),
        openai(403, "permission_error"),
        openai(429, "rate_limit_error"),
        openai(500, "server_error"),
        openai(504, "server_error"),
        anthropic(400, "invalid_request_error"),
        anthropic(403, "permission_error"),
        anthropic(413, "request_too_large"),
        anthropic(429, "rate_limit_error"),
        anthropic(502, "api_error"),
        anthropic(504, "timeout_error"),
        ("kserve", 403, {"error": "rule: " + TEXT}),
        ("oip", 403, {"error": "rule: " + TEXT}),
        ("generic", 403, {"error": {"code": "rule", "message": ARGUMENTS[1], "request_id": "req-1"}}),
    ],
)
def test_bodies(name: str, status: int, expected: dict[str, Any]) -> None:
    body, content_type = PROTOCOLS[name].refusal(status, *ARGUMENTS)
    assert content_type == "application/json"
    assert json.loads(body) == expected


@pytest.mark.parametrize(
    ("name", "operation", "event"),
    [
        ("openai", "chat", None),
        ("openai", "completions", None),
        ("openai", "responses", "error"),
        ("anthropic", "messages", "error"),
        ("oip", "generate", None),
        ("kserve", "predict", None),
        ("generic", "", "error"),
    ],
)
def test_stream_errors_are_one_event_with_the_error_in_it(name: str, operation: str, event: str | None) -> None:
    raw = PROTOCOLS[name].stream_error(403, *ARGUMENTS, operation)
    assert raw.endswith(b"\n\n")
    lines = raw.decode().removesuffix("\n\n").split("\n")
    assert lines[:-1] == ([f"event: {event}"] if event else [])
    data = json.loads(lines[-1].removeprefix("data: "))
    assert data["error"]
    if operation == "responses":
        assert (data["type"], data["code"], data["message"], data["sequence_number"]) == ("error", "rule", TEXT, 0)


def test_without_a_request_id() -> None:
    body, _ = PROTOCOLS["openai"].refusal(403, "rule", "Refused.", "")
    assert json.loads(body)["error"]["message"] == "Refused."


def test_every_protocol_is_found_by_its_own_name() -> None:
    assert all(protocol.name == name for name, protocol in PROTOCOLS.items())
    assert all(p.default in p.operations for p in PROTOCOLS.values() if p.operations)

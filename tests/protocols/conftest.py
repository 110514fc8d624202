"""Reading a document as an API does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from waf.model import Parsed, Request
from waf.parse import parse

Found = dict[str, list[tuple[str, Any]]]
HEAD = ("request.", "body.length", "model.operation")


@pytest.fixture
def read() -> Callable[..., tuple[Found, list[tuple[str, str]]]]:
    """`read(target, document or bytes)` → ({bucket: [(path or name, value)]}, [(path, reason) of what was skipped])."""

    def reader(target: str, document: Any) -> tuple[Found, list[tuple[str, str]]]:
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        parsed: Parsed = parse(Request(method="POST", target=target, body=body))
        fields = {
            bucket: [(f.name, f.value) for f in found]
            for bucket, found in parsed.fields.items()
            if not bucket.startswith(HEAD)
        }
        return fields, [(s.origin.removeprefix("json:"), s.reason) for s in parsed.skipped]

    return reader

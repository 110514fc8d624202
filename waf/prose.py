"""Which strings of a JSON body only a model reads."""

from __future__ import annotations

from waf.errors import Refusal
from waf.model import Parsed, Request
from waf.parse import ParseOptions, parse

_NOT_PROSE = frozenset({"llm.params", "llm.names"})


def model_text(parsed: Parsed) -> frozenset[str]:
    """JSON paths of texts that only a model reads, by the tables of the protocols and the operator's routes: those that are
    in a bucket of prompts and in none of web input."""
    prose: set[str] = set()
    web: set[str] = set()
    for bucket, fields in parsed.fields.items():
        if bucket.startswith("llm.") and bucket not in _NOT_PROSE:
            prose.update(field.origin for field in fields)
        elif bucket in ("json", "json.scalars"):
            web.update(field.origin for field in fields)
    paths = (origin.removeprefix("json:").partition("#")[0] for origin in prose - web if origin.startswith("json:"))
    return frozenset(paths)


def model_text_of_message(options: ParseOptions, target: str, text: str) -> frozenset[str]:
    """The same in one JSON message of a WebSocket, which only the route's `paths.prompt` can say."""
    if not options.paths.prompt:
        return frozenset()
    as_json = (("Content-Type", "application/json"),)
    body = text.encode("utf-8", "surrogateescape")
    try:
        return model_text(parse(Request(method="POST", target=target, headers=as_json, body=body), options))
    except Refusal:
        return frozenset()

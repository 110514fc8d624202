"""A rule to begin with, from what the texts of a family have in common. It only monitors until somebody has read it."""

from __future__ import annotations

from typing import Final

from waf.fields import FIELDS
from waf.triage.families import Family, commonest, shared

MAX_TESTS: Final = 4
_ARGS: Final = "request.args"


def draft(family: Family, number: int, today: str) -> str:
    """A rule file in YAML; empty where the events hold no texts, or these have nothing in common. `number`: the rule's id."""
    runs = shared(family)
    if not runs:
        return ""
    field = _field(family)
    attack = _word(family)
    texts = commonest(family)[:MAX_TESTS]
    conditions = [f"        - {{field: {field}, transform: [lowercase], contains: {_quoted(run)}}}" for run in runs]
    tests = [f"      - {{attack: {{{field}: {_quoted(text)}}}}}" for text in texts]
    tests += [f"      - {{benign: {{{field}: {_quoted(text)}}}}}" for text in _benign(runs)]
    lines = [
        "# Drafted by `waf triage` from an incident: read it, add harmless texts that come near it, run `waf test` and",
        "# `waf replay`, and take `mode: monitor` out when it finds nothing that it should not.",
        "schema: waf-rules/v1",
        f"pack: incident.d{today.replace('-', '')}",
        "",
        "rules:",
        f"  - id: {number}",
        f"    name: incident-{today}-{family.name[:8] if family.name[:8].isalnum() else 'family'}",
        f"    title: A family of payloads seen on {today}",
        "    severity: critical",
        "    confidence: low",
        "    maturity: experimental",
        "    mode: monitor",
        f"    tags: [attack.{attack}]",
        "    references: [CWE-20]",
        "    match:",
        "      all:",
        *conditions,
        "    false_positives: [not known yet]",
        "    tests:",
        *tests,
    ]
    return "\n".join(lines) + "\n"


def _field(family: Family) -> str:
    bucket = family.buckets.most_common(1)[0][0] if family.buckets else ""
    spec = FIELDS.get(bucket)
    if spec is not None and spec.kind == "text" and spec.selector != "path" and spec.phase == "request":
        return bucket
    known = {"headers": "request.headers", "cookies": "request.cookies"}
    return known.get(bucket, _ARGS)


def _word(family: Family) -> str:
    return "injection" if _field(family).startswith("llm.") else "incident"


def _benign(runs: list[str]) -> list[str]:
    """Half of a run, so that somebody replaces it by something that is really sent."""
    return ["an ordinary value", runs[0][: len(runs[0]) // 2]]


def _quoted(text: str) -> str:
    """A YAML scalar in double quotes, in printable ASCII whatever the text is."""
    escaped = []
    for char in text:
        code = ord(char)
        if char in '"\\':
            escaped.append("\\" + char)
        elif 32 <= code < 127:
            escaped.append(char)
        elif 0xD800 <= code < 0xE000:
            escaped.append("\\ufffd")
        else:
            escaped.append(f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")
    return '"' + "".join(escaped) + '"'

"""Why a test of a rule failed, for people and as JSON: each condition, what it saw, and how near it came."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import click

from waf.cli.output import quoted
from waf.errors import Refusal
from waf.rules.diagnose import Finding, Look, diagnose, nearest
from waf.rules.operators import Context
from waf.rules.testing import Outcome, fixture_fields

SHOWN: Final = 4
"""Values shown of one condition."""
_PATIENT: Final = Context(regex_timeout=1.0)
_AROUND: Final = 60


def finding_of(outcome: Outcome) -> Finding | None:
    """The conditions of the rule over the test's fields; None when the test itself cannot be read."""
    try:
        fields = fixture_fields(outcome.fixture.data)
    except (ValueError, TypeError, Refusal):
        return None
    return diagnose(outcome.rule.match, fields, _PATIENT)


def diff(outcome: Outcome) -> Iterator[str]:
    """Lines that show what was expected and what was seen instead, coloured."""
    finding = finding_of(outcome)
    if finding is None:
        return
    attack = outcome.fixture.attack
    yield click.style(f"expected {'a match' if attack else 'no match'}", fg="green")
    yield click.style(f"found    {'no match' if attack else 'a match'}", fg="red")
    if attack and not any(_looked(finding)):
        given = ", ".join(outcome.fixture.data)
        yield f"no condition found a value of its fields: the test gives {quoted(given)[1:-1]}"
    yield from _lines(finding, nearest(finding), "")


def _looked(finding: Finding) -> Iterator[bool]:
    yield bool(finding.looks)
    for part in finding.parts:
        yield from _looked(part)


_JOINS: Final = {"all": "all of", "any": "any of", "not": "not"}


def _lines(finding: Finding, near: Finding | None, indent: str) -> Iterator[str]:
    mark = click.style("✓", fg="green") if finding.holds else click.style("✗", fg="red")
    nearest_ = click.style("  ← nearest", fg="yellow") if finding is near else ""
    if finding.leaf is None:
        yield f"{indent}{mark} {_JOINS[finding.kind]}{nearest_}"
        for part in finding.parts:
            yield from _lines(part, near, indent + "  ")
        return
    leaf = finding.leaf
    operator = f"not {leaf.operator}" if leaf.negate else leaf.operator
    what = f"{', '.join(map(str, leaf.fields))} {operator} {quoted(leaf.argument, 100)}"
    yield f"{indent}{mark} {what}, line {leaf.place.line}{nearest_}"
    shown = sorted(finding.looks, key=lambda look: (not look.holds, -(look.near.share if look.near else 0)))
    for look in shown[:SHOWN]:
        yield from _look(look, leaf.chain, indent + "    ")
    if len(shown) > SHOWN:
        yield f"{indent}    … and {len(shown) - SHOWN} more values"
    if not shown:
        yield f"{indent}    no such value"


def _look(look: Look, chain: tuple[str, ...], indent: str) -> Iterator[str]:
    yield f"{indent}{quoted(look.origin)[1:-1]}: {quoted(look.value, 100)}"
    if chain and look.view != look.value:
        yield f"{indent}after {', '.join(chain)}: {quoted(look.view, 100)}"
    elif chain:
        yield f"{indent}the same after {', '.join(chain)}"
    if look.span is not None:
        yield f"{indent}at {marked(look.view, *look.span)}"
    elif look.near is not None and look.near.found:
        found, wanted = quoted(look.near.found, 60)[1:-1], quoted(look.near.wanted, 60)[1:-1]
        yield f"{indent}found as far as {click.style(found, fg='green')}, then wanted {click.style(wanted, fg='red')}"


def marked(text: str, begin: int, end: int) -> str:
    """The neighbourhood of a place in a text, the place between › and ‹."""
    before, after = text[max(0, begin - _AROUND) : begin], text[end : end + _AROUND]
    head, tail = "…" if begin > _AROUND else "", "…" if end + _AROUND < len(text) else ""
    inside = click.style(quoted(text[begin:end], 100)[1:-1], bold=True)
    return f"{head}{quoted(before)[1:-1]}›{inside}‹{quoted(after)[1:-1]}{tail}"


def as_json(finding: Finding) -> dict[str, Any]:
    """The same as plain values."""
    if finding.leaf is None:
        return {"holds": finding.holds, "kind": finding.kind, "parts": [as_json(part) for part in finding.parts]}
    leaf = finding.leaf
    return {
        "holds": finding.holds,
        "kind": finding.kind,
        "argument": leaf.argument,
        "fields": [str(ref) for ref in leaf.fields],
        "transforms": leaf.chain,
        "line": leaf.place.line,
        "values": [
            {
                "field": look.field,
                "origin": look.origin,
                "value": look.value,
                "view": look.view,
                "holds": look.holds,
                "found": look.near.found if look.near else "",
                "wanted": look.near.wanted if look.near else "",
                "span": look.span,
            }
            for look in finding.looks
        ],
    }

"""How near a condition came, and where it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.model import Field
from waf.rules import build_ruleset
from waf.rules.diagnose import diagnose, nearest
from waf.rules.load import load_pack
from waf.rules.operators import Context
from waf.rules.reach import reach, span
from waf.rules.spec import Count, Leaf, Place, RuleSpec
from waf.rules.testing import fixture_fields


def leaf(operator: str, argument: Any) -> Leaf:
    return Leaf((), (), operator, argument, Count(), Place("p"))


@pytest.mark.parametrize(
    ("operator", "argument", "view", "found", "wanted"),
    [
        ("contains", "abc", "xxabx", "ab", "c"),
        ("contains", "abc", "xyz", "", "abc"),
        ("contains_any", ["xyz", "abc"], "xxabx", "ab", "c"),
        ("words", ["Hello"], "say HELL", "", "Hello"),
        ("words", ["hello"], "say HELL", "hell", "o"),
        ("eq", "POST", "PUT", "P", "OST"),
        ("in", ["abx", "q"], "aby", "ab", "x"),
        ("starts_with", ["/admin/x"], "/admin/y", "/admin/", "x"),
        ("re2", r"ab+c", "xabbd", "ab+", "c"),
        ("re2", r"(?i)select\s+\*\s+from", "SELECT  * into", r"(?i)select\s+\*\s+", "from"),
        ("re2", r"x(?:a|b(?:c|d)e)f", "xbdg", r"x(?:a|b(?:c|d)", "e)f"),
        ("re2", r"abc|q[xy]z", "qx", r"q[xy]", "z"),
        ("re2", r"(?P<n>a)b", "a", r"(?P<n>a)", "b"),
        ("re2", r"\x{61}b", "a", r"\x{61}", "b"),
        ("re2", r"abc", "q", "", ""),
        ("re2", r"z*b", "q", "", ""),
        ("ends_with", "x", "y", "", ""),
        ("gt", 3, 2, "", ""),
        ("re2", "abc", "ab" * 20_000, "", ""),
    ],
)  # fmt: skip
def test_reach(operator: str, argument: Any, view: Any, found: str, wanted: str) -> None:
    come = reach(leaf(operator, argument), view)
    assert (come.found, come.wanted) == (found, wanted) or (not found and not come.found)
    assert 0 <= come.share < 1


@given(st.text(alphabet="ab()|[]?+*\\.{}1,^$", max_size=12), st.text(alphabet="ab1", max_size=6))
def test_no_pattern_upsets_it(pattern: str, view: str) -> None:
    assert 0 <= reach(leaf("re2", pattern), view).share <= 1


@pytest.mark.parametrize(
    ("operator", "argument", "view", "expected"),
    [
        ("re2", "b+", "abbc", (1, 3)),
        ("re2", "b+", "éébc", (2, 3)),
        ("re2", "b+", "ac", None),
        ("contains", "b", "abc", (1, 2)),
        ("contains_any", ["x", "c"], "abc", (2, 3)),
        ("ends_with", "c", "cabc", (3, 4)),
        ("words", ["B"], "a b", (2, 3)),
        ("contains", "x", "abc", None),
        ("eq", "abc", "abc", None),
        ("gt", 1, 2, None),
    ],
)
def test_span(operator: str, argument: Any, view: Any, expected: tuple[int, int] | None) -> None:
    assert span(leaf(operator, argument), view) == expected


def rule(folder: Path, match: str) -> RuleSpec:
    (folder / "p.yaml").write_text(
        "schema: waf-rules/v1\npack: test.diagnose\n"
        f"rules: [{{id: 1, name: one, title: t, severity: notice, match: {match}}}]\n"
    )
    return load_pack(folder / "p.yaml", "p.yaml").rules[0]


A, B = "{field: request.args, contains: aa}", "{field: llm.user, re2: 'b+c'}"
MATCHES = (A, B, f"{{all: [{A}, {B}]}}", f"{{any: [{A}, {B}]}}", f"{{not: {A}}}", f"{{all: [{A}, {{not: {B}}}]}}",
           "{field: request.args, contains: a, count: {ge: 2}}", "{field: request.args, contains: a, count: {le: 1}}",
           "{field: request.args, transform: [decode_embedded], contains: attack}", "{field: request.body.length, lt: 5}",
           "{field: 'request.args[\"q\"]', contains: a}")  # fmt: skip


@pytest.mark.parametrize("match", MATCHES)
@pytest.mark.parametrize(
    "data",
    [
        {"request.args": "aa"}, {"request.args": "x"}, {"request.args": ["a", "aab"]}, {"llm.user": "xbbc"}, {"request.body.length": 3},
        {'request.args["q"]': "a"}, {'request.args["p"]': "a"},
        {"request.args": "aa", "llm.user": "bc"}, {"request.args": "YXR0YWNrIGF0IGRhd24gdG9tb3Jyb3c="},
    ],
)  # fmt: skip
def test_it_agrees_with_the_program(tmp_path: Path, match: str, data: dict[str, Any]) -> None:
    spec = rule(tmp_path, match)
    fields = fixture_fields(data)
    finding = diagnose(spec.match, fields, Context())
    matches, _ = build_ruleset([spec]).request.run(fields, "/", 4)
    assert finding.holds is bool(matches)
    assert (nearest(finding) is None) is finding.holds


def test_the_nearest_is_the_one_that_came_farthest(tmp_path: Path) -> None:
    spec = rule(
        tmp_path,
        "{any: [{field: request.args, contains: zzzz}, {field: request.args, contains: abcd}, {field: llm.user, eq: x}]}",
    )
    near = nearest(diagnose(spec.match, fixture_fields({"request.args": "abcx"}), Context()))
    assert near is not None
    assert near.leaf is not None
    assert near.leaf.argument == "abcd"


def test_a_presence_that_keeps_a_rule_silent_is_the_nearest(tmp_path: Path) -> None:
    spec = rule(tmp_path, f"{{all: [{A}, {{not: {B}}}]}}")
    near = nearest(diagnose(spec.match, fixture_fields({"request.args": "aa", "llm.user": "bc"}), Context()))
    assert near is not None
    assert near.kind == "not"


def test_only_so_many_values_are_looked_at(tmp_path: Path) -> None:
    fields = {"args.get": [Field("args.get", "q", f"v{n}", "query:q") for n in range(1000)]}
    assert len(diagnose(rule(tmp_path, A).match, fields, Context()).looks) == 200


def test_running_out_of_time_counts_as_holding(tmp_path: Path) -> None:
    spec = rule(tmp_path, "{field: request.args, regex: '(?<!a)(\\d|\\d\\d)*z'}")
    fields = {"args.get": [Field("args.get", "q", "1" * 40 + "xyz", "query:q")]}
    assert diagnose(spec.match, fields, Context(regex_timeout=0.001)).holds

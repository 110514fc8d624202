"""What rules see: JSON and XML bodies, macros, selectors, patterns."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.seclang.conftest import request_of
from waf.crs import CrsVerdict
from waf.rules.seclang import CrsRuleset, bodies, pcre
from waf.rules.seclang.operators import Context, make
from waf.rules.seclang.spec import Variable
from waf.rules.seclang.targets import selects
from waf.transform.encodings import leading_number

Run = Callable[..., CrsVerdict]
JSON = (("Content-Type", "application/problem+json; charset=utf-8"),)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": [1, {"b": None}], "c": True}, [("json.a.array_0", "1"), ("json.a.array_1.b", ""), ("json.c", "true")]),
        ([], []),
        ([[1, "x"]], [("json.array_0.array_0", "1"), ("json.array_0.array_1", "x")]),
        (list(range(65)), []),
        (["1.5e-07"] * 65, []),
        (["x"] * 65, [(f"json.array_{n}", "x") for n in range(65)]),
        ([[1]] * 65, [(f"json.array_{n}.array_0", "1") for n in range(65)]),
    ],
)
def test_json_values(value: Any, expected: list[tuple[str, str]]) -> None:
    assert list(bodies.flatten(value)) == expected


def test_json_without_prose() -> None:
    value = {"m": [{"t": "prose", "k": 1}], "a b": "kept", "n": list(range(100))}
    found = list(bodies.flatten_but(value, frozenset({"$.m[0].t"})))
    assert found == [("json.m.array_0.k", "1"), ("json.a b", "kept")]


def test_json_limits(rules: Callable[..., CrsRuleset], monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = rules("SecArgumentsLimit 2\nSecArgumentSeparator ;")
    body = b'{"a": "b:c", "d": 1, "e": 2}'
    assert loaded.inspect_whole(request_of(headers=JSON, body=body)).transaction.maps["ARGS"] == [
        ("json.a", "b:c"),
        ("json.d", "1"),
    ]
    assert loaded.inspect_whole(request_of("/?a=1;b=2;c=3")).transaction.maps["ARGS"] == [("a", "1"), ("b", "2")]
    monkeypatch.setattr(bodies, "MOST_DEPTH", 3)
    deep = loaded.inspect_whole(request_of(headers=JSON, body=b'[[[[1]]], {"a": {"b": {"c": {"d": 1}}}}, 2]'))
    assert deep.transaction.maps["ARGS"] == [("json.array_2", "2")]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab.", max_size=2), inner, max_size=3),
        max_leaves=20,
    )
)
def test_any_json(value: Any) -> None:
    names = list(bodies.flatten(json.loads(json.dumps(value))))
    assert names == list(bodies.flatten_but(value, frozenset({"$.nowhere"})))


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"<a x='1'>t</a>", ({"XML:/*": [("/*", "t")], "XML://@*": [("//@*", "1")]}, "0")),
        (b"<a>t<", ({"XML:/*": [("/*", "t")], "XML://@*": []}, "1")),
        (b"no", ({}, "1")),
        (b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', ({}, "1")),
    ],
)
def test_xml(rules: Callable[..., CrsRuleset], body: bytes, found: tuple[dict[str, Any], str]) -> None:
    tx = (
        rules("SecMarker A")
        .inspect_whole(request_of(headers=(("Content-Type", "application/xml"),), body=body))
        .transaction
    )
    assert {key: value for key, value in tx.maps.items() if key.startswith("XML")} == found[0]
    assert tx.scalars["REQBODY_ERROR"] == found[1]


def test_without_a_choice_by_type(run: Run) -> None:
    text = 'SecRule REQBODY_PROCESSOR "@streq JSON" "id:1,phase:2,pass"'
    assert run(text, headers=JSON, body=b"{}").matched == (1,)
    assert run(text, headers=JSON, body=b"{}", base=False).matched == ()


def test_macros(run: Run) -> None:
    text = """
        SecAction "id:1,phase:1,pass,nolog,initcol:ip=%{REMOTE_ADDR},setvar:ip.x=7,setvar:'tx.%{ARGS.k}=v'"
        SecAction "id:2,phase:1,pass,log,logdata:'%{rule.id} %{UNIQUE_ID}',\\
            msg:'%{ARGS.k}|%{ARGS}|%{REQUEST_HEADERS:host}|%{IP.x}|%{TX.name}|%{tx.none}|%{REQUEST_METHOD}|%{args.none}'"
    """
    (line,) = run(text, "/?k=name", headers=(("Host", "h"),)).rules
    assert (line.message, line.data) == ("name|name|h|7|v||GET|", "2 ident")


@pytest.mark.parametrize(
    ("name", "argument", "text", "hit", "groups"),
    [
        ("rx", "(a)|(b)", "xb", True, ["b", None, "b"]),
        ("rx", "", "", True, [""]),
        ("rx", "(?=(b))b", "ab", True, ["b", "b"]),
        ("pm", "x |41 42|", "zab", True, ["AB"]),
        ("detectsqli", "", "1' or 1=1--", True, ["s&1c"]),
        ("detectxss", "", "<script>", True, ["<script>"]),
        ("nomatch", "", "x", False, None),
        ("ipmatch", "10.0.0.0/8, ::1", "10.1.2.3", True, None),
        ("ipmatch", "10.0.0.0/8", "no address", False, None),
        ("validateutf8encoding", "", "\udcff", True, None),
        ("validateurlencoding", "", "%4", True, None),
        ("validatebyterange", "32-126", "é", True, None),
    ],
)
def test_operators(name: str, argument: str, text: str, hit: bool, groups: list[str | None] | None) -> None:
    test = make(name, argument, Context())
    assert bool(test.run.test(text)) is hit
    if groups is not None:
        assert test.groups is not None
        assert list(test.groups(text)) == groups


def test_groups_of_what_does_not_match() -> None:
    test = make("rx", "(a)", Context())
    assert test.groups is not None
    assert test.groups("b") == ()


@pytest.mark.parametrize(("text", "expected"), [("12x", 12), (" -7", -7), ("", 0), ("x", 0), ("9" * 30, (1 << 63) - 1)])
def test_numbers(text: str, expected: int) -> None:
    assert leading_number(text) == expected


@pytest.mark.parametrize(
    ("pattern", "text", "hit"),
    [
        (r"^\s$", b"\x0b", True), (r"[\s]", b"\x0b", True), (r"^\S$", b"\x0b", False), (r"^[\S]$", b"\x0b", False), (r"^[\S]$", b"\xe9", True),
        (r"a$", b"a\n", True), (r"a$", b"a\nb", False), (r"[]x]", b"]", True), (r"[^]x]", b"]", False), (r"[[:space:]]", b" ", True), (r"[[]", b"[", True),
        (r"\v", b"\r", True), (r"\h", b"\t", True), (r"\e", b"\x1b", True), (r"a\$", b"a$", True), (r"\x{e9}", b"\xe9", True), (r".", b"\n", True),
    ],
)  # fmt: skip
def test_patterns(pattern: str, text: bytes, hit: bool) -> None:
    assert (pcre.compile_re2(pattern, multiline=False, capture=False).search(text) is not None) is hit


def test_selectors() -> None:
    assert selects(Variable("ARGS"))("x")
    wanted = selects(Variable("ARGS", "regex", "^FOO"))
    assert [wanted(key) for key in ("foox", "foox", "bar", "f" * 100)] == [True, True, False, False]


def test_exclusions(run: Run) -> None:
    text = """
        SecRule ARGS|ARGS_NAMES|!ARGS "@rx a" "id:1,phase:1,pass,log,msg:'%{MATCHED_VAR_NAME}'"
        SecRule TX:a|!TX:a "@rx ." "id:2,phase:1,pass,log"
        SecRule XML:/*|!XML:/* "@rx ." "id:3,phase:2,pass,log"
        SecRule MATCHED_VAR_NAME|MATCHED_VARS_NAMES "@rx ." "id:4,phase:2,pass,log"
    """
    found = run('SecAction "id:9,phase:1,pass,nolog,setvar:tx.a=1"' + text, "/?a=a")
    assert [(line.id, line.message) for line in found.rules] == [(1, "ARGS_NAMES:a")]
    removed = 'SecAction "id:1,phase:1,pass,nolog,ctl:ruleRemoveTargetById=2;XML:/*"\nSecRule XML:/*|XML://@* "@rx ." "id:2,phase:2,pass,log,msg:\'%{MATCHED_VAR}\'"'
    lines = run(removed, headers=(("Content-Type", "text/xml"),), body=b"<a x='1'>t</a>").rules
    assert [line.message for line in lines] == ["1"]


def test_the_basename_and_a_whole_address(run: Run) -> None:
    text = 'SecRule REQUEST_BASENAME "@streq x" "id:1,phase:1,pass"\nSecRule AUTH_TYPE "@streq Basic" "id:2,phase:1,pass"\nSecRule SERVER_NAME "@streq h" "id:3,phase:1,pass"'
    headers = (("Authorization", "Basic abc"), ("Host", "h:80"))
    assert run(text, "/a\\x", headers=headers).matched == (1, 2, 3)
    assert run(text, "x", headers=headers).matched == (2, 3)


def test_cookies(run: Run) -> None:
    text = (
        'SecRule &REQUEST_COOKIES "@eq 2" "id:1,phase:1,pass"\nSecRule REQUEST_COOKIES:b "@streq " "id:2,phase:1,pass"'
    )
    assert run(text, headers=(("Cookie", "a=1; =x; ;b"),)).matched == (1, 2)

"""The fast path does exactly what the plain one does: the same matches, logs and variables, for any rules and request."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.seclang.cases import CASES, Case
from tests.rules.seclang.conftest import request_of
from waf.model import Request, Response
from waf.rules import candidates
from waf.rules.seclang import CrsOptions, CrsRuleset, load
from waf.rules.seclang import fast as module

ANSWER = Response(status=200, headers=(("Content-Type", "text/plain"),), body=b"an answer with foo")


class Pair:
    """The same rules on both paths."""

    def __init__(self, folder: Any, text: str) -> None:
        file = folder / "pair.conf"
        file.write_text(text)
        self.fast, self.plain = load(file), load(file, CrsOptions(plain=True))

    def check(self, request: Request) -> None:
        assert state(self.fast, request) == state(self.plain, request)


def state(ruleset: CrsRuleset, request: Request) -> tuple[Any, ...]:
    tx = ruleset.inspect_whole(request, ANSWER).transaction
    return (
        tx.matched,
        tx.logged,
        tx.stores,
        list(tx.tx.items()),
        tx.status,
        tx.would_status,
        tx.matched_vars,
        tx.processor,
        tx.allow,
        tx.jump,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_cases(tmp_path: Any, case: Case) -> None:
    Pair(tmp_path, case.rules).check(request_of(**case.request))


RULE = st.builds(
    lambda phase, variable, operator, actions: (phase, variable, operator, actions),
    st.integers(1, 5),
    st.sampled_from(
        ["ARGS", "ARGS|ARGS_NAMES|!ARGS:b", "REQUEST_HEADERS", "TX:pl", "TX:n", "&TX:n", "&ARGS", "MATCHED_VARS", "REQUEST_URI", "TX:0", "RESPONSE_BODY", "REQBODY_PROCESSOR", "ARGS:/^a/", "REQUEST_METHOD", "&REQUEST_HEADERS:X", "&REQUEST_HEADERS", "REQUEST_HEADERS_NAMES", "TX:/^h_/", "TX:/^p/", "TX:never", "TX:x|TX:pl", "!ARGS:a|&TX:x"]
    ),
    st.sampled_from(
        ["@rx foo", "!@rx foo", "@rx ^(?i)b(a)r", "@rx [;'].", "@rx ^.$", "@pm foo baz", "@eq 1", "@lt 2", "!@ge 1", "@gt %{tx.n}", "@contains o", "@streq bar", "@validateByteRange 32-126", "@within foo bar", "@within GET %{tx.pl}", "@rx ^.*$", "!@streq %{tx.n}", "@ge 0"]
    ),
    st.lists(
        st.sampled_from(
            ["t:lowercase", "t:urlDecodeUni", "t:none,t:removeWhitespace", "multiMatch,t:lowercase,t:base64Decode", "capture", "log", "setvar:tx.n=+1", "setvar:tx.pl=2", "setvar:tx.x_%{MATCHED_VAR_NAME}=1",
             "setvar:!tx.n", "setvar:tx.x=+%{tx.n}", "setvar:tx.n=%{tx.pl}", "setvar:tx.y=%{MATCHED_VAR}", "capture,setvar:tx.h_%{tx.0}=/%{tx.0}/", "setvar:tx.h_one=1", "ctl:ruleRemoveTargetById=1-9;TX:pl", "skipAfter:M1", "skipAfter:M2", "skip:1", "ctl:ruleRemoveById=3-5", "ctl:ruleRemoveByTag=t", "ctl:ruleRemoveTargetById=1-9;ARGS:a", "ctl:ruleEngine=Off", "ctl:requestBodyProcessor=JSON",
             "deny", "allow", "allow:phase", "tag:t", "chain"]
        ),
        max_size=3,
        unique=True,
    ),
)  # fmt: skip
CHAINED = ('ARGS "@rx o"', 'TX:/^h_/ "@within %{tx.pl} /X/"', '&ARGS "!@eq 1"', 'TX:pl "@gt 1" "setvar:tx.n=+1"')
WORD = st.sampled_from(["foo", "Foo", "bar", "x", "", "b;c", "BAR baz", "é", "%46oo", "Zm9v", "a" * 120])


def conf(rules: list[tuple[int, str, str, list[str]]]) -> str:
    lines = [
        'SecAction "id:900,phase:1,pass,nolog,setvar:tx.pl=1"',
        'SecRule &TX:n "@eq 0" "id:901,phase:1,pass,nolog,setvar:tx.n=1"',
    ]
    for number, (phase, variable, operator, actions) in enumerate(rules, 1):
        quiet = [] if "log" in actions else ["nolog"]
        lines.append(
            f'SecRule {variable} "{operator}" "{",".join([f"id:{number}", f"phase:{phase}", *quiet, *actions])}"'
        )
        if "chain" in actions:
            lines.append(f"SecRule {CHAINED[number % len(CHAINED)]}")
        if number in (3, 6):
            lines.append(f"SecMarker M{number // 3}")
        if number % 2:
            lines.append(
                f'SecRule TX:pl "@lt {number % 3 + 1}" "id:{number + 100},phase:{phase},pass,nolog,skipAfter:M2"'
            )
    return "\n".join([*lines, "SecMarker M1", "SecMarker M2", 'SecAction "id:999,phase:5,pass,log"'])


RULE_SETS = st.lists(RULE, min_size=1, max_size=9)
ARGUMENTS = st.lists(st.tuples(st.sampled_from("abc"), WORD), max_size=4)


def check_fast(folder: Any, rules: list[Any], arguments: list[tuple[str, str]], header: str) -> None:
    """Fails when the fast path and the plain one disagree on any of four requests (also benchmarks/filtered.py)."""
    target = "/x?" + "&".join(f"{name}={value}".replace(" ", "+") for name, value in arguments)
    pair = Pair(folder, conf(rules))
    kinds = (("Content-Type", "text/plain"),)
    for headers in [(("X", header), *kinds)] * 2 + [(*kinds, ("X", "a"), ("x", header))] + [(("X", header), *kinds)]:
        pair.check(request_of(target, headers=headers, body=b'{"a": "foo"}'))  # what is remembered must be right too


@given(RULE_SETS, ARGUMENTS, WORD)
@settings(max_examples=300, deadline=None)
def test_any_rules(
    tmp_path_factory: pytest.TempPathFactory, rules: list[Any], arguments: list[tuple[str, str]], header: str
) -> None:
    check_fast(tmp_path_factory.getbasetemp(), rules, arguments, header)


def test_little_is_remembered(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "_REMEMBERED", 2)
    monkeypatch.setattr(module, "_MOST_PLANS", 1)
    text = """
        SecRule ARGS:a "@rx (.+)" "id:1,phase:1,pass,nolog,capture,setvar:tx.pl=%{tx.1}"
        SecRule TX:pl "@lt 2" "id:2,phase:2,pass,nolog,skipAfter:END"
        SecRule ARGS "@contains 2" "id:3,phase:2,pass,log"
        SecMarker END
    """
    pair = Pair(tmp_path, text)
    for value in "12134123":
        pair.check(request_of(f"/?a={value}&b={value}2"))


def test_rules_without_a_chance_are_not_run(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join(f'SecRule ARGS "@rx word{n}" "id:{n + 1},phase:2,pass,log"' for n in range(50))
    ruleset = Pair(tmp_path, text).fast
    ran: list[int] = []
    run = module.CompiledRule.run
    monkeypatch.setattr(module.CompiledRule, "run", lambda self, tx: ran.append(self.id) or run(self, tx))
    assert ruleset.inspect_whole(request_of("/?a=word7+word9")).verdict().logged == (8, 10)
    assert ran == [8, 10]


def test_a_search_out_of_time_is_no_reason_to_leave_a_rule_out(tmp_path: Any) -> None:
    Pair(tmp_path, 'SecRule ARGS "@rx (?=a)(a+)+$" "id:1,phase:2,pass,log"').check(
        request_of("/?a=" + "a" * 5000 + "!")
    )

"""What rules do to a transaction, and what is logged."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.rules.seclang.cases import CASES, Case
from waf.crs import CrsVerdict
from waf.model import Response

Run = Callable[..., CrsVerdict]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_cases(run: Run, case: Case) -> None:
    verdict = run(case.rules, **case.request)
    assert [(line.id, line.message) for line in verdict.rules] == case.logged
    assert verdict.logged == tuple(number for number, _ in case.logged)


def test_a_rule_that_denies_ends_the_request(run: Run) -> None:
    text = """
        SecRule ARGS "@rx bad" "id:1,phase:1,deny,status:406,log,msg:'stop'"
        SecAction "id:2,phase:1,pass,log"
        SecAction "id:3,phase:2,pass,log"
        SecAction "id:4,phase:3,pass,log"
        SecAction "id:5,phase:5,pass,log"
    """
    ended = run(text, "/?q=bad", Response(status=200))
    assert (ended.status, ended.blocked_by, ended.logged, ended.blocks) == (406, 1, (1, 5), True)
    detected = run(text, "/?q=bad", Response(status=200), engine="DetectionOnly")
    assert (detected.status, detected.would_status, detected.logged) == (0, 406, (1, 2, 3, 4, 5))
    assert not detected.blocks
    assert run("SecRuleEngine Off\n" + text, "/?q=bad").matched == ()


@pytest.mark.parametrize(
    ("allow", "matched"),
    [("allow", (1, 5)), ("allow:phase", (1, 3, 4, 5)), ("allow:request", (1, 4, 5))],
)
def test_allow(run: Run, allow: str, matched: tuple[int, ...]) -> None:
    actions = "\n".join(f'SecAction "id:{n},phase:{p},pass,nolog"' for n, p in ((2, 1), (3, 2), (4, 3), (5, 5)))
    verdict = run(f'SecAction "id:1,phase:1,{allow},nolog"\n{actions}', "/", Response(status=200))
    assert verdict.matched == matched


def test_a_jump_whose_marker_is_in_no_rule_of_the_phase_ends_it(run: Run) -> None:
    text = """
        SecMarker "BEFORE"
        SecAction "id:1,phase:1,pass,nolog,skipAfter:BEFORE"
        SecAction "id:2,phase:1,pass,nolog"
        SecAction "id:3,phase:2,pass,nolog"
    """
    assert run(text).matched == (1, 3)


@pytest.mark.parametrize(
    ("headers", "body", "matched"),
    [
        ((("Content-Type", "text/html; charset=utf-8"),), b"secret", (1,)),
        ((("Content-Type", "image/png"),), b"secret", ()),
        ((), b"secret", (1,)),
        ((("Content-Type", "text/html"),), b"clean", ()),
    ],
)
def test_the_body_of_an_answer(
    run: Run, headers: tuple[tuple[str, str], ...], body: bytes, matched: tuple[int, ...]
) -> None:
    text = 'SecRule RESPONSE_BODY "@rx secret" "id:1,phase:4,pass,log"'
    assert run(text, "/", Response(status=200, headers=headers, body=body)).matched == matched


def test_the_head_of_an_answer(run: Run) -> None:
    text = 'SecRule RESPONSE_STATUS "@rx ^5" "id:1,phase:3,pass,log,chain"\nSecRule RESPONSE_HEADERS:x-debug "@streq 1"'
    assert run(text, "/", Response(status=503, headers=(("X-Debug", "1"),))).matched == (1,)
    assert run(text, "/", Response(status=503)).matched == ()


@pytest.mark.parametrize(("quirks", "logged"), [(False, ()), (True, (1,))])
def test_multi_match_in_a_broken_chain(run: Run, quirks: bool, logged: tuple[int, ...]) -> None:
    text = 'SecRule ARGS "@rx x" "id:1,phase:2,pass,log,multiMatch,t:lowercase,chain"\nSecRule ARGS "@rx y"'
    assert run(text, "/?a=x", quirks=quirks).logged == logged


@pytest.mark.parametrize(("quirks", "matched"), [(False, ()), (True, (1,))])
def test_line_breaks(run: Run, quirks: bool, matched: tuple[int, ...]) -> None:
    assert run('SecRule ARGS "@rx ^b" "id:1,phase:2,pass"', "/?a=x%0ab", quirks=quirks).matched == matched


def test_multi_match_sees_each_step_that_changes_something(run: Run) -> None:
    text = """
        SecRule ARGS:x "@rx (?i)a" "id:1,phase:2,nolog,pass,multiMatch,t:trim,t:urlDecode,t:lowercase,setvar:tx.s=+1"
        SecAction "id:2,phase:2,pass,log,msg:'%{TX.s}'"
    """
    assert [line.message for line in run(text, "/?x=aA%2541").rules] == ["3"]


def test_attributes(run: Run) -> None:
    text = 'SecRule XML://@* "@rx ^[12]$" "id:1,phase:2,pass,log,chain"\nSecRule &XML://@* "@eq 2"'
    assert run(text, headers=(("Content-Type", "text/xml"),), body=b'<a x="1" xmlns:n="u"><b y="2"/></a>').logged == (
        1,
    )


def test_a_pattern_out_of_time_counts_as_a_match(run: Run) -> None:
    pattern = r"(?=a)(a+)+$"
    text = f'SecRule ARGS "@rx {pattern}" "id:1,phase:2,pass"\nSecRule ARGS "!@rx {pattern}" "id:2,phase:2,pass"'
    assert run(text, "/?a=" + "a" * 5000 + "!").matched == (1, 2)


@pytest.mark.parametrize(
    ("control", "matched"),
    [
        ("ctl:requestBodyAccess=Off", ()),
        ("ctl:forceRequestBodyVariable=On", (2, 3)),
        ("ctl:auditEngine=Off", (3,)),
    ],
)
def test_xml_bodies(run: Run, control: str, matched: tuple[int, ...]) -> None:
    text = f"""
        SecAction "id:1,phase:1,pass,nolog,{control}"
        SecRule REQUEST_BODY "@contains <a>" "id:2,phase:2,pass"
        SecRule XML:/* "@streq t" "id:3,phase:2,pass"
    """
    found = run(text, headers=(("Content-Type", "application/soap+xml"),), body=b"<a>t</a>").matched
    assert found == (1, *matched)


def test_removed_by_message(run: Run) -> None:
    text = """
        SecAction "id:1,phase:1,pass,nolog,ctl:ruleRemoveByMsg=one,ctl:ruleRemoveTargetByMsg=two;ARGS,ctl:responseBodyAccess=Off"
        SecRule ARGS "@rx ." "id:2,phase:2,pass,msg:'one'"
        SecRule ARGS "@rx ." "id:3,phase:2,pass,msg:'two'"
        SecRule RESPONSE_BODY "@rx ." "id:4,phase:4,pass"
    """
    assert run(text, "/?a=1", Response(status=200, body=b"x")).matched == (1,)


def test_collections_last_as_long_as_the_request(run: Run) -> None:
    text = """
        SecAction "id:1,phase:1,pass,nolog,initcol:ip=%{REMOTE_ADDR},setvar:ip.n=+1,expirevar:ip.n=60"
        SecRule IP:n "@eq 1" "id:2,phase:1,pass,chain"
        SecRule &IP "@ge 1" "capture"
    """
    assert run(text).matched == (1, 2)

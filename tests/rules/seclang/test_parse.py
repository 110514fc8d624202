"""Rules out of directives: what is read, and what is refused with its place."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.errors import Problem, RuleError
from waf.rules.seclang import CrsRuleset, load
from waf.rules.seclang.parse_actions import pairs, setvar, severity, severity_name
from waf.rules.seclang.parse_variables import variables
from waf.rules.seclang.spec import SetVar

Problems = Callable[[str], list[Problem]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ARGS", ["ARGS"]),
        ("args|!ARGS:Foo|&TX:id", ["ARGS", "!ARGS:foo", "&TX:id"]),
        ("REQUEST_COOKIES:/a|b\\/c/|XML:/*|XML://@*", ["REQUEST_COOKIES:/a|b/c/", "XML:/*", "XML://@*"]),
        ("ARGS:'a|b'|TX:'/^x/'", ["ARGS:a|b", "TX:/^x/"]),
        ("ARGS , ARGS_NAMES", ["ARGS", "ARGS_NAMES"]),
    ],
)
def test_variables(text: str, expected: list[str]) -> None:
    assert [variable.text for variable in variables(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id:1,phase:2", [("id", "1"), ("phase", "2")]),
        (" t:none , log,\tmsg:'a, b\\'c' ", [("t", "none"), ("log", ""), ("msg", "a, b'c")]),
        ("setvar:'tx.a=%{x}',setvar:tx.b='c,d'", [("setvar", "tx.a=%{x}"), ("setvar", "tx.b=c,d")]),
        ("tag:a/b-c", [("tag", "a/b-c")]),
        ("", []),
    ],
)
def test_actions(text: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tx.a", SetVar("TX", "a", "=", "1")),
        ("tx.a=b=c", SetVar("TX", "a", "=", "b=c")),
        ("tx.a=+%{tx.b}", SetVar("TX", "a", "+", "%{tx.b}")),
        ("ip.a=-1", SetVar("IP", "a", "-", "1")),
        ("!tx.a", SetVar("TX", "a", "delete")),
    ],
)
def test_setvar(text: str, expected: SetVar) -> None:
    assert setvar(text) == expected


def test_severities() -> None:
    assert [severity(text) for text in ("CRITICAL", "notice", "7")] == [2, 5, 7]
    assert [severity_name(number) for number in (2, -1)] == ["critical", ""]


RULE = 'SecRule ARGS "@rx a" "id:1,phase:2,pass'


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("SecNothing On", 1, "directive SecNothing is not supported"),
        ("\nSecRuleEngine Maybe", 2, "SecRuleEngine takes On or DetectionOnly or Off"),
        ("SecArgumentSeparator &&", 1, "one character"),
        ("SecArgumentsLimit many", 1, "takes a number"),
        ("SecXmlExternalEntity On", 1, "takes Off"),
        ("SecMarker", 1, "one argument"),
        ('SecRule ARGS "@rx a"', 1, "no id"),
        ("SecRule ARGS", 1, "not 1 arguments"),
        (f'{RULE}"\n{RULE}"', 2, "id 1 is used at"),
        (f'{RULE},chain"', 1, "no rule after its last link"),
        (f'{RULE},chain"\nSecMarker X', 2, "inside of a chain"),
        (f'{RULE},chain"\nSecRule ARGS "@rx b" "id:2"', 2, "neither an id nor a phase"),
        (f'{RULE},frobnicate"', 1, "action frobnicate is not supported"),
        (f'{RULE},exec:/bin/true"', 1, "action exec is not supported"),
        (f'{RULE},redirect:http://x"', 1, "action redirect is not supported"),
        (f'{RULE},id:0"', 1, "whole number from 1"),
        (f'{RULE},status:9"', 1, "status:9"),
        (f'{RULE},severity:AWFUL"', 1, "severity 'AWFUL'"),
        (f'{RULE},phase:9"', 1, "phase '9'"),
        (f'{RULE},deny:now"', 1, "deny takes no value"),
        (f'{RULE},allow:later"', 1, "allow:later"),
        (f'{RULE},setvar:x"', 1, "names no variable"),
        (f'{RULE},setvar:env.x=1"', 1, "collection ENV is not supported"),
        (f'{RULE},initcol:ip"', 1, "has no key"),
        (f'{RULE},ctl:debugLogLevel=9"', 1, "ctl:debugLogLevel is not supported"),
        (f'{RULE},ctl:ruleEngine=Maybe"', 1, "ctl:ruleEngine takes"),
        (f'{RULE},ctl:ruleRemoveById=x"', 1, "no rule id"),
        (f'{RULE},ctl:ruleRemoveTargetById=1"', 1, "a semicolon and a variable"),
        (f'{RULE},t:rot13"', 1, "rule 1: transformation t:rot13 is not supported"),
        (f"{RULE},msg:'open\"", 1, "a quote that nothing closes"),
        (f'{RULE},skipAfter:NOWHERE"', 1, "there is no SecMarker NOWHERE"),
        (f"{RULE},msg:'%{{ENV.x}}'\"", 1, "macro %{ENV.x} is not supported"),
        (f'{RULE};"', 1, "should be a colon or a comma"),
        (f'{RULE},9"', 1, "is no action"),
        ('SecRule ENV:x "@rx a" "id:1"', 1, "variable ENV is not supported"),
        ('SecRule XML:/a/b "@rx a" "id:1"', 1, "XML takes"),
        ('SecRule REQUEST_URI:x "@rx a" "id:1"', 1, "REQUEST_URI takes no selector"),
        ('SecRule ARGS: "@rx a" "id:1"', 1, "empty selector"),
        ('SecRule "|" "@rx a" "id:1"', 1, "no variable"),
        ('SecRule ARGS:/(/ "@rx a" "id:1"', 1, "not a pattern that RE2 can read"),
        ('SecRule ARGS "@inspectFile x" "id:1"', 1, "operator @inspectfile is not supported"),
        ('SecRule ARGS "@rx (" "id:1"', 1, "is not a pattern"),
        ('SecRule ARGS "@pm" "id:1"', 1, "at least one word"),
        ('SecRule ARGS "@pmFromFile" "id:1"', 1, "the name of a file"),
        ('SecRule ARGS "@pmFromFile none.data" "id:1"', 1, "none.data cannot be read"),
        ('SecRule ARGS "@validateByteRange 1-999" "id:1"', 1, "no range of bytes"),
        ('SecRule ARGS "@ipMatch 1.2.3" "id:1"', 1, "1.2.3"),
        ("SecRuleRemoveById", 1, "at least one argument"),
        ("SecRuleUpdateTargetById 1", 1, "takes two arguments"),
        ('SecRuleUpdateActionById 1 "chain"', 1, "cannot change id, phase or chain"),
        ("Include none.conf", 1, "there is no file none.conf"),
        ("Include own.conf", 1, "nested deeper"),
    ],
)
def test_what_is_refused(problems: Problems, text: str, line: int, message: str) -> None:
    found = problems(text)
    assert any(
        problem.line == line and problem.file.endswith("own.conf") and message in problem.message for problem in found
    ), found


def test_all_problems_come_at_once(problems: Problems) -> None:
    found = problems(
        'SecFoo\nSecRule ARGS "@rx (" "id:1"\nSecRule BAR "@rx a" "id:2"\nSecRule ARGS "@rx a" "id:3,t:foo"'
    )
    assert sorted(problem.line for problem in found) == [1, 2, 3, 4]


def test_files(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "words.data").write_text("# a comment\n\nfoo bar\n  # another\nbaz\n")
    (tmp_path / "more" / "one.conf").write_text('SecRule ARGS "@pmFromFile ../words.data" "id:1,pass"')
    (tmp_path / "more" / "two.conf").write_text('SecRule REMOTE_ADDR "@ipMatchFromFile ip.data" "id:2,pass"')
    (tmp_path / "more" / "ip.data").write_text("10.0.0.0/8\n::1\n")
    main = tmp_path / "main.conf"
    main.write_text(f"Include more/*.conf\nInclude none/*.conf\nInclude {tmp_path}/last.conf\n")
    (tmp_path / "last.conf").write_text("SecMarker END\nSecComponentSignature OWN/1\nSecPcreMatchLimit 5\n")
    loaded = load(main)
    assert [rule.id for rule in loaded.rules if rule.id < 1000] == [1, 2]
    assert [path.name for path in loaded.files] == [
        "main.conf",
        "one.conf",
        "words.data",
        "two.conf",
        "ip.data",
        "last.conf",
    ]
    assert loaded.signature == "OWN/1"


def test_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "own.conf"
    file.write_text("SecMarker A")
    monkeypatch.setattr("waf.rules.seclang.parse.MOST_FILES", 0)
    with pytest.raises(RuleError, match="more than 0 files"):
        load(file)
    monkeypatch.undo()
    monkeypatch.setattr("waf.rules.seclang.parse.MOST_BYTES", 3)
    with pytest.raises(RuleError, match="larger than 3 bytes"):
        load(file)


def test_warnings(rules: Callable[..., CrsRuleset]) -> None:
    loaded = rules(
        'SecRule REMOTE_ADDR "@geoLookup" "id:1,pass"\nSecRule REMOTE_ADDR "@rbl %{tx.x}.example" "id:2,pass"'
    )
    assert [problem.warning for problem in loaded.warnings] == [True, True]
    assert "@geolookup never matches here" in str(loaded.warnings[0])


@given(
    st.lists(
        st.sampled_from(
            [
                "SecRule",
                "ARGS",
                '"@rx a',
                'b"',
                "\\\n",
                "id:1",
                ",",
                "t:none",
                "'",
                "chain",
                "\n",
                "|",
                "!",
                "ctl:",
                "%{",
            ]
        ),
        max_size=14,
    )
)
def test_any_text_loads_or_is_refused(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    file = tmp_path_factory.getbasetemp() / "any.conf"
    file.write_text(" ".join(words))
    with contextlib.suppress(RuleError):
        assert load(file).files

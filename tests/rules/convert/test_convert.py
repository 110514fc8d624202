"""What is converted to what, what is not and why, and that the result loads and passes its own tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from tests.rules.convert.conftest import Both
from waf.errors import InputError
from waf.rules.convert import Conversion, Options, convert
from waf.rules.convert.patterns import pattern
from waf.rules.convert.samples import of_pattern
from waf.rules.convert.write import scalar
from waf.rules.lint import lint
from waf.rules.load import read_pack
from waf.source import load

Make = Callable[..., Conversion]


def rule_of(made: Conversion) -> dict[str, Any]:
    (rule,) = [entry.rule for entry in made.entries if entry.rule is not None]
    return rule


@pytest.mark.parametrize(
    ("rule", "code", "says"),
    [
        ('SecRule TX:a "@eq 1" "id:5,deny"', "tx", "reads TX"),
        ('SecRule ARGS "@rx a" "id:5,deny,skipAfter:END"\nSecMarker END', "skip", "skipAfter:END"),
        ('SecRule ARGS "@rx a" "id:5,deny,skip:1"', "skip", "skip:1"),
        ('SecRule ARGS "@rx a" "id:5,pass,nolog,setvar:tx.a=1"', "bookkeeping", "only sets variables"),
        ('SecRule ARGS "@rx a" "id:5,pass,nolog"', "bookkeeping", "neither refuses"),
        ('SecAction "id:5,deny"', "bookkeeping", "no condition"),
        ('SecRule ARGS "@rx a" "id:5,allow"', "allow", "mode: off"),
        ('SecRule ARGS "@rx a" "id:5,pass,setvar:tx.anomaly_score=+10"', "score", "adds 10 points; a rule here adds 2, 3, 4, 5"),
        ('SecRule ARGS "@rx a" "id:5,deny,ctl:ruleRemoveById=7"', "ctl", "write an exclusion"),
        ('SecRule ARGS "@rx a" "id:5,deny,ctl:ruleEngine=Off"', "ctl", "waf.yaml"),
        ('SecRule ARGS "@rx a" "id:5,deny,initcol:ip=%{REMOTE_ADDR}"', "collection", "several requests"),
        ('SecRule IP:count "@gt 1" "id:5,deny"', "collection", "several requests"),
        ('SecRule ARGS "@rx a" "id:5,deny,chain"\n SecRule MATCHED_VAR "@rx b" ""', "matched-var", "link 2"),
        ('SecRule ARGS "@streq %{tx.a}" "id:5,deny"', "macro", "%{tx.a}"),
        ('SecRule REQUEST_BODY "@rx a" "id:5,deny"', "variable", "request.body"),
        ('SecRule UNIQUE_ID "@rx a" "id:5,deny"', "variable", "UNIQUE_ID"),
        ('SecRule &QUERY_STRING "@eq 1" "id:5,deny"', "variable", "always one"),
        ('SecRule &XML:/* "@eq 1" "id:5,deny"', "variable", "XML"),
        ('SecRule &ARGS "@rx 1" "id:5,deny"', "operator", "number of targets"),
        ('SecRule &ARGS "@eq 1" "id:5,deny,t:length"', "operator", "number of targets"),
        ('SecRule &ARGS "@gt -1" "id:5,deny"', "operator", "below zero"),
        ('SecRule &ARGS "@ge 0" "id:5,deny"', "operator", "always the same"),
        ('SecRule &FILES "@eq 0" "id:5,phase:1,deny"', "phase", "before the body"),
        ('SecRule FILES "@rx a" "id:5,phase:1,deny"', "phase", "nothing left"),
        ('SecRule ARGS "@rx a" "id:5,phase:5,log"', "phase", "phase 5"),
        ('SecRule ARGS:json.a "@rx a" "id:5,deny"', "json-name", 'json["$.a"]'),
        ('SecRule ARGS:/^json/ "@rx a" "id:5,deny"', "json-name", "paths"),
        ('SecRule ARGS_NAMES "@rx ^json" "id:5,deny"', "json-name", "paths"),
        ('SecRule ARGS:/a/|!ARGS:ab "@rx a" "id:5,deny"', "selector", "is a pattern itself"),
        ('SecRule MULTIPART_PART_HEADERS:a "@rx a" "id:5,deny"', "selector", "takes no pattern"),
        (f'SecRule ARGS:{"a" * 300} "@rx a" "id:5,deny"', "selector", "is not a field"),
        ('SecRule REQUEST_HEADERS_NAMES "@rx ^X-" "id:5,deny"', "case", "t:lowercase"),
        ('SecRule RESPONSE_STATUS "@rx ^5" "id:5,phase:3,deny"', "operator", "as a text"),
        ('SecRule RESPONSE_BODY "@rx a" "id:5,phase:4,deny,chain"\n SecRule ARGS "@rx b" ""', "response", "the answer"),
        ('SecRule ARGS "@noMatch" "id:5,deny"', "operator", "never matches"),
        ('SecRule REMOTE_ADDR "@geoLookup" "id:5,deny"', "operator", "never matches"),
        ('SecRule ARGS "!@unconditionalMatch" "id:5,deny"', "operator", "never match"),
        ('SecRule ARGS "@foo" "id:5,deny"', "operator", "@foo is not supported"),
        ('SecRule ARGS "@validateByteRange 9-300" "id:5,deny"', "operator", "no range of bytes"),
        ('SecRule ARGS "@contains" "id:5,deny"', "operator", "has no text"),
        ('SecRule ARGS "@within $a" "id:5,deny"', "operator", "name of a list"),
        ('SecRule ARGS "@gt 99999999999999999999" "id:5,deny"', "operator", "beyond"),
        (f'SecRule ARGS "@pm {" ".join(f"w{n}" for n in range(10_001))}" "id:5,deny"', "operator", "more than 10000 words"),
        ('SecRule ARGS "@ipMatch ," "id:5,deny"', "operator", "no addresses"),
        ('SecRule ARGS "@ipMatch x" "id:5,deny"', "operator", "x"),
        ('SecRule ARGS "@rx a" "id:5,deny,t:foo"', "transform", "t:foo"),
        ('SecRule ARGS "@rx (?=a)[^b]c" "id:5,deny"', "pattern", "counts bytes"),
        ('SecRule ARGS "@rx (" "id:5,deny"', "operator", "is not a pattern"),
        (f'SecRule ARGS "@rx {"ab" * 4001}" "id:5,deny"', "pattern", "longer than 8000"),
        ('SecRule ARGS "@rx \udcff" "id:5,deny"', "pattern", "no UTF-8"),
        ('SecRule ARGS "@contains \udcff" "id:5,deny"', "load", "no UTF-8"),
        ('SecRule ARGS "@rx a" "id:5000000000,deny"', "id", "--ids"),
        ('SecRule ARGS "@rx a" "id:5,deny"\nSecRuleRemoveById 5', "removed", "SecRuleRemove"),
    ],
)  # fmt: skip
def test_what_cannot_be_said(converted: Make, rule: str, code: str, says: str) -> None:
    made = converted("# a comment\n" + rule)
    assert made.converted == {}
    found = {note.code: note for note in made.notes if note.lost}
    assert code in found, found
    assert says in found[code].message
    assert str(found[code]).startswith(f"{found[code].place.file}:2: rule {5 if code != 'id' else 5000000000}")
    assert f"# own.conf:2: {found[code].text}" in made.text
    assert read_pack(made.text, "p", Path()).rules == ()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("SecFoo on", "directive SecFoo is not supported"),
        ('SecRule FOO "@rx a" "id:1"', "variable FOO is not supported"),
        ('SecRule ARGS "@rx a" "id:1,exec:/bin/x"', "action exec is not supported"),
        ("SecRuleEngine Off", "mode: off"),
        ("SecArgumentSeparator ;", "arguments end at & here"),
        ('SecRuleUpdateTargetById 942100 "!ARGS:q"', "SecRuleUpdateTargetById 942100: means no rule"),
        ("SecRuleRemoveByTag attack-sqli attack-rce", "SecRuleRemoveByTag attack-sqli attack-rce: means no rule"),
        ("SecRuleEngine DetectionOnly", "mode: monitor"),
    ],
)
def test_what_cannot_be_read(converted: Make, line: str, says: str) -> None:
    made = converted(line + '\nSecRule ARGS "@rx a" "id:2,deny"')
    assert list(made.converted) == [2]
    assert any(note.lost and says in note.message and not note.rule for note in made.notes)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        convert(tmp_path / "none.conf")


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ("deny", ("block", "critical")),
        ("drop,severity:WARNING", ("block", "warning")),
        ("pass,severity:CRITICAL,setvar:'tx.anomaly_score_pl1=+%{tx.notice_anomaly_score}'", ("score", "notice")),
        ("pass,setvar:tx.sqli_score=+4", ("score", "error")),
        ("pass,setvar:tx.xss_score=+4,setvar:tx.anomaly_score=+3", ("score", "warning")),
        ("pass,log,severity:6", ("log", "notice")),
        ("block", ("log", "notice")),
    ],
)
def test_weights(converted: Make, actions: str, expected: tuple[str, str]) -> None:
    rule = rule_of(converted(f'SecRule ARGS "@rx a" "id:5,{actions}"'))
    assert (rule.get("action", "score"), rule["severity"]) == expected


def test_what_a_rule_says_of_itself(converted: Make) -> None:
    made = converted(
        'SecDefaultAction "phase:2,deny,log,tag:Site"\n'
        "SecRule ARGS \"@rx a\" \"id:5,block,status:404,msg:'Ärger: %{MATCHED_VAR}',logdata:'x',ver:1,tag:'attack-rce',"
        "tag:'attack-b',tag:'paranoia-level/3',tag:'a b',setvar:tx.seen=1\"",
        pack="web.own", first_id=9_200_010,
    )  # fmt: skip
    rule = rule_of(made)
    assert rule["tags"] == ["attack.rce", "seclang.5", "site", "attack-b", "a-b"]
    assert (rule["id"], rule["paranoia"], rule["name"]) == (9_200_010, 3, "rger-matched-var-9200010")
    assert rule["title"] == "Ärger: %{MATCHED_VAR}"
    assert rule["references"] == ["own.conf:2"]
    assert [note.message for note in made.notes] == [
        "sets tx.seen, which is left out",
        "refuses with 404; here every refusal of a rule is a 403",
    ]
    (loaded,) = read_pack(made.text, "p", Path()).rules
    assert loaded.title == rule["title"]
    assert loaded.pack == "web.own"


def test_ids_from_a_number_on(converted: Make) -> None:
    lines = [f'SecRule {target} "@rx a" "id:{n},deny"' for n, target in enumerate(["ARGS", "TX:a", "ARGS_GET"], 1)]
    made = converted("\n".join(lines), first_id=900, category="own")
    assert made.converted == {1: 900, 3: 901}
    assert [entry.rule["tags"][0] for entry in made.entries if entry.rule] == ["attack.own"] * 2


def test_files_in_order(tmp_path: Path) -> None:
    (tmp_path / "words.data").write_text("# words\nnine\n" + "".join(f"word{n}\n" for n in range(40)))
    (tmp_path / "b.conf").write_text(
        'SecRule ARGS "@pmFromFile words.data" "id:2,deny"\nSecRule TX:x "@eq 1" "id:3,deny"\n'
    )
    (tmp_path / "nets.data").write_text("10.0.0.0/8\n2001:db8::1\n")
    (tmp_path / "a.conf").write_text(
        'SecRule REMOTE_ADDR "@ipMatchFromFile nets.data" "id:1,deny"\nInclude b.conf\nSecRule ARGS "@pmf words.data" "id:4,deny"\n'
    )
    made = convert(tmp_path / "a.conf")
    assert [entry.original for entry in made.entries] == [1, 4, 2, 3]
    assert made.text.count("word39") == 1, "one list for both rules"
    assert len(read_pack(made.text, "p", Path()).rules) == 3


EVERYTHING = """
SecRule ARGS|!ARGS:note "@rx (?i)union\\s+select" "id:1,phase:2,deny,t:urlDecodeUni,msg:'union'"
SecRule REQUEST_HEADERS:User-Agent "@pm a1 b1 c1 d1 e1 f1 g1 h1 i1" "id:2,phase:1,deny,chain"
 SecRule &REQUEST_HEADERS:Accept "@eq 0" ""
SecRule ARGS:/^id/ "!@rx ^[0-9]{1,9}$" "id:3,phase:2,deny"
SecRule &ARGS "@gt 30" "id:4,phase:2,deny"
SecRule ARGS "@contains <script" "id:5,phase:2,deny,t:base64Decode,multiMatch"
SecRule ARGS "@detectSQLi" "id:6,phase:2,deny"
SecRule ARGS "@detectXSS" "id:7,phase:2,deny"
SecRule ARGS "@validateUrlEncoding" "id:8,phase:2,deny"
SecRule REQUEST_METHOD "!@within GET POST" "id:9,phase:1,deny"
SecRule REMOTE_ADDR "!@ipMatch 10.0.0.0/8" "id:10,phase:1,deny"
SecRule REQUEST_BODY_LENGTH "@gt 1000" "id:11,phase:2,deny"
SecRule ARGS:age "@lt 18" "id:12,phase:2,deny"
SecRule RESPONSE_BODY "@rx ORA-\\d{5}" "id:13,phase:4,deny"
SecRule RESPONSE_STATUS "@ge 500" "id:14,phase:3,deny"
SecRule ARGS "@validateByteRange 32-126" "id:15,phase:2,deny"
SecRule ARGS "@gt 100" "id:16,phase:2,deny,t:length"
SecRule REQUEST_HEADERS_NAMES "@unconditionalMatch" "id:17,phase:1,deny"
SecRule ARGS "@contains <x" "id:18,phase:2,deny,t:hexDecode"
SecRule ARGS "@rx [^a-z]|(?:a|b){2}\\W\\d\\s." "id:19,phase:2,deny"
SecRule &ARGS "!@eq 0" "id:20,phase:2,deny"
"""


def test_the_result_lints_and_passes_its_own_tests(converted: Make) -> None:
    made = converted(EVERYTHING)
    assert len(made.converted) == 20
    assert made.without_tests == []
    problems = lint([read_pack(made.text, "p", Path())], perf_counter)
    assert [str(problem) for problem in problems if not problem.warning] == []


def test_a_rule_without_a_test_is_named(converted: Make) -> None:
    made = converted('SecRule ARGS "@validateUtf8Encoding" "id:1,deny"')
    assert made.without_tests == [1]


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("^/admin", "re2"), ("union\\s+select", "re2"), ("a.*b", "re2"), ("a\\S*b", "re2"), ("a[^b]*c", "re2"), ("a\\W*$", "re2"),
        ("(a|b)\\d{2}\\b", "re2"), ("[^a]", "re2_bytes"), (".+", "re2_bytes"), ("a.b", "re2_bytes"), ("[^?]*x", "re2_bytes"),
        ("\\?", "re2_bytes"), ("[!-~]", "re2_bytes"), ("(?i)risk", "re2_bytes"), ("(?i)drop", "re2"), ("é", "re2_bytes"),
        ("\\xe9", "re2_bytes"), ("a\\Bb", "re2_bytes"), ("[[:alpha:]]", "re2_bytes"), ("(?:[^a]b)*", "re2_bytes"), ("(?<=a)b", "regex"),
        ("(?!x)ab*", "regex"), ("", "re2"),
    ],
)  # fmt: skip
def test_characters_or_bytes(text: str, operator: str) -> None:
    assert pattern(text)[0] == operator


@pytest.mark.parametrize(
    ("text", "repeats", "sample"),
    [
        ("ab?c", 0, "ac"), ("ab?c", 1, "abc"), ("(?:x|y)[0-9]{2}", 0, "x11"), ("[^a]b", 0, "1b"), (".[\\s][\\S]", 0, "a a"),
        ("a{900}", 0, None), ("(?=a)b(?P<x", 0, None), ("[^\\x00-\\xff]", 0, "a"), ("\\D\\W[\\D]", 0, "a a"),
    ],
)  # fmt: skip
def test_samples(text: str, repeats: int, sample: str | None) -> None:
    assert of_pattern(text, repeats) == sample


@pytest.mark.parametrize(
    "text", ["a", "true", "5", "it's", "a\nb", '"', "\\", "é", "\U0001f600", "\x00", "$x", "- a", "a: b", "", "x.y"]
)
def test_scalars(text: str) -> None:
    written = scalar(text)
    assert "\n" not in written
    assert load(f"k: {written}", "p").plain() == {"k": text}


def test_phases_of_the_answer(both: Callable[[str], Both]) -> None:
    sides = both('SecRule RESPONSE_BODY "@contains oops" "id:1,phase:4,deny"')
    assert [rule.phase for rule in sides.pack.rules] == ["response"]


def test_options_have_defaults() -> None:
    assert Options() == Options("converted", 0, "custom")

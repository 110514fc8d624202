"""Test files: what is understood, and that everything else is an error with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ftw.suites import SUITE
from waf.errors import InputError
from waf.ftw.suite import load_suite, read_file
from waf.ftw.values import Expected, Input


def one(stage: str) -> tuple[Input, Expected]:
    """The only stage of a file with one test."""
    (test,) = read_file(f"rule_id: 7\ntests:\n  - stages:\n      - {stage}\n", "7.yaml").tests
    return test.stages[0].input, test.stages[0].expected


def sent(text: str) -> Input:
    return one(f"{{input: {text}, output: {{}}}}")[0]


def expected(text: str) -> Expected:
    return one(f"{{input: {{}}, output: {text}}}")[1]


def test_a_whole_file() -> None:
    file = read_file(SUITE, "own.yaml")
    assert [test.name for test in file.tests] == [f"900001-{number}" for number in range(1, 8)]
    assert file.tests[4].stages[0].input.save_cookie
    assert file.tests[4].stages[1].expected.status == (200, 204)
    assert file.tests[5].stages[0].input.encoded_request == b"GET / HTTP/1.1\r\n"
    assert file.tests[0].line == 7


def test_defaults() -> None:
    assert one("{input: {}, output: {}}") == (Input(), Expected())
    assert (Input().method, Input().uris, Input().version, Input().headers) == ("GET", ("/",), "HTTP/1.1", ())


@pytest.mark.parametrize(
    ("text", "member", "value"),
    [
        ("{uri: /a}", "uris", ("/a",)),
        ("{uri: /a, uris: [/b, /c]}", "uris", ("/b", "/c")),
        ("{uri: ''}", "uris", ("",)),
        ("{version: HTTP/1.0}", "version", "HTTP/1.0"),
        ("{method: ''}", "method", ""),
        ("{stop_magic: true}", "autocomplete", False),
        ("{stop_magic: false}", "autocomplete", True),
        ("{autocomplete_headers: false}", "autocomplete", False),
        ("{stop_magic: true, autocomplete_headers: true}", "autocomplete", True),
        ("{encoded_data: '/w=='}", "encoded_data", b"\xff"),
        ("{encoded_request: YQ==}", "encoded_request", b"a"),
        ("{raw_request: 'a b'}", "encoded_request", b"a b"),
        ("{data: ''}", "data", ""),
        ("{data: 12}", "data", "12"),
        ("{headers: {b: x, A: y}}", "headers", (("A", "y"), ("b", "x"))),
        (
            "{headers: {A: 7, B: 1.10, C: true, D: , E: ~, F: 0x1f}}",
            "headers",
            (("A", "7"), ("B", "1.10"), ("C", "true"), ("D", ""), ("E", ""), ("F", "0x1f")),
        ),
        (
            "{ordered_headers: [{name: b, value: 1}, {name: a, value: ''}, {name: b, value: 2}]}",
            "headers",
            (("b", "1"), ("a", ""), ("b", "2")),
        ),
        ("{virtual_host_mode: true, response: {status: 200}}", "uris", ("/",)),
    ],
)
def test_inputs(text: str, member: str, value: object) -> None:
    assert getattr(sent(text), member) == value


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{status: 403}", Expected(status=(403,))),
        ("{status: 0}", Expected()),
        ("{status: [200, 404]}", Expected(status=(200, 404))),
        ("{expect_error: false}", Expected(expect_error=False)),
        ("{log_contains: 'id \"7\"'}", Expected(match_regex='id "7"')),
        ("{no_log_contains: x}", Expected(no_match_regex="x")),
        ("{log_contains: x, log: {expect_ids: [7]}}", Expected(expect_ids=(7,))),
        ("{isolated: true, log: {expect_ids: [7]}}", Expected(expect_ids=(7,), isolated=True)),
        ("{log: }", Expected()),
    ],
)
def test_outputs(text: str, wanted: Expected) -> None:
    assert expected(text) == wanted


def test_old_files() -> None:
    text = """\
meta: {author: us, enabled: false, name: 920100.yaml, tags: [a]}
tests:
  - test_title: 920100-3
    stages:
      - stage:
          input: {uri: /old}
          output: {log_contains: id "920100"}
  - stages: [{description: no title, input: {}, output: {}}]
"""
    file = read_file(text, "somewhere/920100.yaml")
    assert [test.name for test in file.tests] == ["920100-3", "920100-2"]
    assert file.tests[0].stages[0].input.uris == ("/old",)
    assert read_file(text.split("  - stages", maxsplit=1)[0], "old.yaml").tests[0].name == "920100-3"


@pytest.mark.parametrize("text", ["", "rule_id: 7\n", "rule_id: 7\ntests:\n", "rule_id: 7\ntests: []\n"])
def test_a_file_without_tests_counts_nothing(text: str) -> None:
    if text:
        assert read_file(text, "7.yaml").tests == ()
    else:
        with pytest.raises(InputError, match="must be a mapping"):
            read_file(text, "7.yaml")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "rule_id:",
            "rule_ID:",
            r"own.yaml:5:1: error: a test file has no member `rule_ID` \(did you mean `rule_id`\?\)",
        ),
        ("rule_id: 900001", "rule_id: '900001'", "own.yaml:5:10: error: `rule_id` must be a whole number"),
        ("rule_id: 900001", "rule_id: -1", "own.yaml:5:10: error: `rule_id` must be from 1 to"),
        ("test_id: 2", "test_id: true", "own.yaml:13:14: error: `test_id` must be a whole number"),
        ("author: us", "writer: us", "own.yaml:3:3: error: `meta` has no member `writer`"),
        ("port: 80", "port: 70000", r"own.yaml:10:\d+: error: `port` must be from 0 to 65535"),
        ("port: 80", "prot: 80", r"own.yaml:10:\d+: error: `input` has no member `prot` \(did you mean `port`\?\)"),
        ("status: 400", "status: ok", "error: `status` must be a whole number"),
        ("log: {expect_ids: [900001], match", "log: {expected: [900001], match", "`log` has no member `expected`"),
        ("match_regex: 'id", "match_regex: '(id", "error: not an expression: missing"),
        ("save_cookie: true", "save_cookie: 1", "error: `save_cookie` must be true or false"),
        ("R0VUIC8gSFRUUC8xLjENCg==", "R0VU!", "error: `encoded_request` must be base64"),
        ("encoded_request: R0VU", "data: a, encoded_request: R0VU", "error: `data` and `encoded_request` exclude each"),
        ("isolated: true, log: {expect_ids: [900001]}", "isolated: true", "`isolated` needs exactly one id"),
        ("isolated: false", "status: {a: b}", "`status` must be a whole number"),
        ("headers: {Host: localhost}", "headers: [a]", "error: `headers` must be a mapping"),
        ("headers: {Host: localhost}", "headers: {Host: [a]}", "error: the header `Host` must be text"),
        ("- input: {follow_redirect: true}\n        output:", "- output:", "error: a stage needs `input`"),
        ("output: {expect_error: true}", "outputs: {expect_error: true}", "error: a stage has no member `outputs`"),
        ("stages:\n      - input: {uri: /,", "stages: []\n    tags:\n      - input: {uri: /,", "a test needs a stage"),
        (
            "stages:\n      - input: {uri: /,",
            "tags:\n      - input: {uri: /,",
            r"error: a test needs a stage \(or a `payload`\)",
        ),
        ("stages:\n      - input: {uri: /,", "stages:\n      a:\n      - input: {uri: /,", "`stages` must be a list"),
        ("rule_id: 900001", "other: &x 1", "an anchor is not supported"),
        ("rule_id: 900001", "", "a test file needs `rule_id`"),
    ],
)
def test_what_does_not_fit_is_an_error_with_its_place(old: str, new: str, message: str) -> None:
    assert old in SUITE
    with pytest.raises(InputError, match=message):
        read_file(SUITE.replace(old, new, 1), "own.yaml")


SHORT = """\
rule_id: 7
template:
  uri: /get?q={{.Payload}}
  headers: [{name: Host, value: localhost}, {name: X-It, value: '{{ .Payload | upper }}'}]
tests:
  - id: 3
    description: as the file says
    payload: a{{b
    output: {log: {expect_ids: [7]}}
  - payload: c d
    template: {method: POST, uri: /post, data: 'x={{ .Payload | urlquery }}'}
"""


def test_the_short_form() -> None:
    first, second = read_file(SHORT, "7.yaml").tests
    assert (first.name, second.name) == ("7-3", "7-2")
    host = ("Host", "localhost")
    assert first.stages[0].input == Input(uris=("/get?q=a{{b",), headers=(host, ("X-It", "A{{B")))
    assert first.stages[0].expected == Expected(expect_ids=(7,))
    assert second.stages[0].input == Input(
        method="POST", uris=("/post",), headers=(host, ("X-It", "C D")), encoded_data=b"x=c+d"
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("| upper", "| uper", "7.yaml:8:14: error: a template action that is not supported"),
        ("template: {method", "template: {methode", "`template` has no member `methode`"),
        (
            "  headers: [{name: Host, value: localhost}, ",
            "  headers: [{name: Host}, ",
            "an ordered header needs `value`",
        ),
        ("  uri: /get", "  stage: /get", "7.yaml:3:3: error: `template` has no member `stage`"),
    ],
)
def test_what_is_wrong_with_a_short_form(old: str, new: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_file(SHORT.replace(old, new, 1), "7.yaml")


def test_folders_are_searched_and_all_problems_are_told(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.yaml").write_text(SUITE)
    (tmp_path / "a.yml").write_text("rule_id: 8\ntests:\n")
    (tmp_path / "notes.txt").write_text("no test")
    assert [Path(file.file).name for file in load_suite(tmp_path)] == ["a.yml", "b.yaml"]
    assert [file.rule_id for file in load_suite(tmp_path / "a.yml")] == [8]
    (tmp_path / "a.yml").write_text("x: 1\n")
    (tmp_path / "c.yaml").write_text("y: 1\n")
    with pytest.raises(InputError) as error:
        load_suite(tmp_path)
    assert [Path(problem.file).name for problem in error.value.problems] == ["a.yml", "c.yaml"]


def test_a_folder_without_test_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no test file here"):
        load_suite(tmp_path)


def test_folders_with_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waf.ftw.suite.MAX_FILES", 1)
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(SUITE)
    with pytest.raises(InputError, match="more than 1 test files"):
        load_suite(tmp_path)


def test_a_short_form_without_headers() -> None:
    (test,) = read_file("rule_id: 7\ntests: [{payload: x}]\n", "7.yaml").tests
    assert test.stages[0].input == Input()

"""Overrides: which tests they change, how, and what is wrong with one."""

from __future__ import annotations

import pytest

from waf.errors import InputError
from waf.ftw.overrides import apply, read_overrides
from waf.ftw.suite import read_file
from waf.ftw.values import Expected, TestFile

TESTS = """\
rule_id: 7
tests:
  - stages: [{input: {}, output: {status: 200}}, {input: {}, output: {status: 201}}]
  - stages: [{input: {}, output: {status: 202}}]
"""


@pytest.fixture
def files() -> list[TestFile]:
    return [read_file(TESTS, "7.yaml")]


def statuses(files: list[TestFile]) -> list[int]:
    return [status for test in files[0].tests for stage in test.stages for status in stage.expected.status]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("rule_id: 7, reason: r, output: {status: 400}", [400, 400, 400]),
        ("rule_id: 7, reason: r, test_ids: [2], output: {status: 400}", [200, 201, 400]),
        ("rule_id: 7, reason: r, test_ids: [1], stage_ids: [1], output: {status: 400}", [200, 400, 202]),
        ("rule_id: 8, reason: r, output: {status: 400}", [200, 201, 202]),
        ("rule_id: 7, reason: r, test_ids: [3], output: {status: 400}", [200, 201, 202]),
    ],
)
def test_what_changes(files: list[TestFile], entry: str, expected: list[int]) -> None:
    changed, warnings = apply(files, read_overrides(f"test_overrides:\n  - {{{entry}}}\n", "o.yaml"))
    assert statuses(changed) == expected
    unused = ["o.yaml:2:5: warning: no test of rule"] if expected == [200, 201, 202] else []
    assert [str(problem)[:36] for problem in warnings] == unused


def test_an_entry_without_output_leaves_tests_out(files: list[TestFile]) -> None:
    overrides = read_overrides("test_overrides: [{rule_id: 7, test_ids: [1], reason: not yet}]", "o.yaml")
    changed, _ = apply(files, overrides)
    assert [test.skip for test in changed[0].tests] == ["not yet", ""]


def test_a_second_try(files: list[TestFile]) -> None:
    overrides = read_overrides("test_overrides: [{rule_id: 7, test_ids: [2], reason: r, retry_once: true}]", "o.yaml")
    changed, _ = apply(files, overrides)
    assert changed[0].tests[1].stages[0].expected == Expected(status=(202,), retry_once=True)
    assert not changed[0].tests[1].skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("test_overrides: [{rule_id: 7, output: {}}]", "o.yaml:1:18: error: an override needs `reason`"),
        ("test_overrides: [{rule_id: 7, reason: ' ', output: {}}]", "an override needs a reason"),
        ("test_overrides: [{reason: r, output: {}}]", "an override needs `rule_id`"),
        ("test_overrides: [{rule_id: 7, reason: r, outptu: {}}]", "no member `outptu` .*did you mean `output`"),
        ("test_overrides: [{rule_id: 7, reason: r, test_ids: 1}]", "`test_ids` must be a list"),
        ("test_overrides: [{rule_id: 7, reason: r, stage_ids: [a]}]", "an entry of `stage_ids` must be a whole number"),
        ("version: v1\nmeta: {engine: e, platform: p, annotations: []}", "an overrides file needs `test_overrides`"),
        ("meta: {engines: e}\ntest_overrides: []", "`meta` has no member `engines`"),
    ],
)
def test_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_overrides(text, "o.yaml")

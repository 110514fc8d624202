"""Expectations against outcomes."""

from __future__ import annotations

import pytest

from waf.ftw.check import MAX_SHOWN, check, pattern_problem
from waf.ftw.values import Expected, Outcome

FINE = Outcome(200, (7, 8), ('[id "7"] x', "line\udcff"), response=b"HTTP/1.1 200 OK\r\n\r\nhello")
REFUSED = Outcome(405, refused=True)
SILENT = Outcome(error="no answer: timed out")


@pytest.mark.parametrize(
    ("expected", "outcome", "misses"),
    [
        (Expected(), FINE, []),
        (Expected(), REFUSED, []),
        (Expected(), SILENT, [("an answer", "no answer: timed out")]),
        (Expected(status=(200,)), FINE, []),
        (Expected(status=(201, 404)), FINE, [("status 201 or 404", "status 200")]),
        (Expected(status=(400,)), REFUSED, []),
        (Expected(status=(403,)), REFUSED, [("status 403", "status 405")]),
        (Expected(response_contains="hello"), FINE, []),
        (Expected(response_contains="HTTP/1.1 200"), FINE, []),
        (Expected(response_contains="bye"), FINE, [("an answer with 'bye'", "an answer of 24 bytes without it")]),
        (Expected(expect_ids=(7,)), FINE, []),
        (Expected(expect_ids=(7, 8, 9)), FINE, [("rule 9", "rules 7, 8")]),
        (Expected(expect_ids=(7,)), REFUSED, [("rule 7", "refused by the edge with status 405")]),
        (Expected(expect_ids=(7,)), Outcome(200), [("rule 7", "no rule")]),
        (Expected(no_expect_ids=(9,)), FINE, []),
        (Expected(no_expect_ids=(7, 9)), FINE, [("not rule 7", "rules 7, 8")]),
        (Expected(expect_ids=(7,), isolated=True), FINE, [("only rule 7", "rules 7, 8")]),
        (Expected(expect_ids=(7,), isolated=True), Outcome(200, (7, 7)), []),
        (Expected(match_regex=r'id "\d"'), FINE, []),
        (Expected(match_regex="^x"), FINE, [("a log line like '^x'", "rules 7, 8")]),
        (Expected(match_regex=r"\\udcff"), FINE, []),
        (Expected(no_match_regex="^x"), FINE, []),
        (Expected(no_match_regex="x$"), FINE, [("no log line like 'x$'", "rules 7, 8")]),
        (Expected(expect_error=True), SILENT, []),
        (Expected(expect_error=True, expect_ids=(7,)), REFUSED, []),
        (Expected(expect_error=True), FINE, [("no answer", "status 200")]),
        (Expected(expect_error=False), FINE, []),
        (Expected(expect_error=False), SILENT, [("an answer", "no answer: timed out")]),
    ],
)
def test_what_is_missed(expected: Expected, outcome: Outcome, misses: list[tuple[str, str]]) -> None:
    assert [tuple(miss) for miss in check(expected, outcome)] == misses


def test_a_long_list_of_rules_is_cut() -> None:
    (miss,) = check(Expected(expect_ids=(1,)), Outcome(200, tuple(range(100, 200))))
    assert miss.got.endswith(f" and {100 - MAX_SHOWN} more")


@pytest.mark.parametrize(
    ("text", "fine"), [("a+", True), (r"\pL", True), ("(a", False), (r"(?=a)", False), (r"\1", False)]
)
def test_expressions_are_re2(text: str, fine: bool) -> None:
    assert (pattern_problem(text) == "") == fine

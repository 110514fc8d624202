"""What was expected against what came."""

from __future__ import annotations

from typing import Final, NamedTuple

import re2

from waf.ftw.values import Expected, Outcome

MAX_SHOWN: Final = 24
"""Rule ids of an answer that a failure lists."""

_OPTIONS: Final = re2.Options()
_OPTIONS.log_errors = False


class Miss(NamedTuple):
    """One expectation that was not met, in words for people."""

    expected: str
    got: str


def pattern_problem(text: str) -> str:
    """What is wrong with an expression, in RE2's words; empty when nothing is. The format's expressions are Go's: RE2."""
    try:
        re2.compile(text, _OPTIONS)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        return f"not an expression: {reason.decode() if isinstance(reason, bytes) else reason}"
    return ""


def check(expected: Expected, outcome: Outcome) -> list[Miss]:
    """Everything that is not as expected, in go-ftw's order. An error that was expected ends the matter, either way."""
    if expected.expect_error is not None:
        return _check_error(expected.expect_error, outcome)
    if outcome.error:
        return [Miss("an answer", outcome.error)]
    return [*_check_answer(expected, outcome), *_check_log(expected, outcome)]


def _check_error(wanted: bool, outcome: Outcome) -> list[Miss]:
    """A request that the edge refuses unread counts as an error: a server that closes the connection does no more."""
    if wanted == bool(outcome.error or outcome.refused):
        return []
    return [Miss("no answer" if wanted else "an answer", outcome.error or f"status {outcome.status}")]


def _check_answer(expected: Expected, outcome: Outcome) -> list[Miss]:
    misses: list[Miss] = []
    refused = outcome.refused and 400 in expected.status  # whichever 4xx our edge gives for what it cannot read
    if expected.status and outcome.status not in expected.status and not refused:
        misses.append(Miss(f"status {' or '.join(map(str, expected.status))}", f"status {outcome.status}"))
    wanted = expected.response_contains
    if wanted and wanted.encode("utf-8", "surrogatepass") not in outcome.response:
        misses.append(Miss(f"an answer with {wanted[:80]!r}", f"an answer of {len(outcome.response)} bytes without it"))
    return misses


def _check_log(expected: Expected, outcome: Outcome) -> list[Miss]:
    misses: list[Miss] = []
    logged = set(outcome.logged_ids)
    missing = [rule for rule in expected.expect_ids if rule not in logged]
    unwanted = [rule for rule in expected.no_expect_ids if rule in logged]
    if missing:
        misses.append(Miss(f"rule {_list(missing)}", _logged(outcome)))
    if unwanted:
        misses.append(Miss(f"not rule {_list(unwanted)}", _logged(outcome)))
    if expected.isolated and len(logged) != 1:
        misses.append(Miss(f"only rule {_list(expected.expect_ids)}", _logged(outcome)))
    if expected.match_regex and not _matches(expected.match_regex, outcome):
        misses.append(Miss(f"a log line like {expected.match_regex!r}", _logged(outcome)))
    if expected.no_match_regex and _matches(expected.no_match_regex, outcome):
        misses.append(Miss(f"no log line like {expected.no_match_regex!r}", _logged(outcome)))
    return misses


def _matches(pattern: str, outcome: Outcome) -> bool:
    compiled = re2.compile(pattern, _OPTIONS)
    return any(compiled.search(line.encode("utf-8", "backslashreplace")) for line in outcome.log_lines)


def _logged(outcome: Outcome) -> str:
    if outcome.refused and not outcome.logged_ids:
        return f"refused by the edge with status {outcome.status}"
    return f"rules {_list(outcome.logged_ids)}" if outcome.logged_ids else "no rule"


def _list(ids: tuple[int, ...] | list[int]) -> str:
    distinct = list(dict.fromkeys(ids))
    more = len(distinct) - MAX_SHOWN
    return ", ".join(map(str, distinct[:MAX_SHOWN])) + (f" and {more} more" if more > 0 else "")

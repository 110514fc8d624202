"""Stages, retries, cookies and redirects, through an exchange that answers from a list."""

from __future__ import annotations

import pytest

from tests.ftw.suites import SUITE
from waf.ftw.run import MAX_COOKIES, Failure, run_files, run_test
from waf.ftw.suite import read_file
from waf.ftw.values import Expected, Input, Outcome, Stage, Test

FINE = Outcome(200)
WANT = Expected(status=(200,))


class Answers:
    """An exchange that gives one outcome after the other and keeps what was sent."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.sent: list[str] = []

    def __call__(self, data: bytes) -> Outcome:
        self.sent.append(data.decode())
        return self.outcomes.pop(0)

    @property
    def lines(self) -> list[str]:
        return [text.split("\r\n", 1)[0] for text in self.sent]


def case(*stages: Stage) -> Test:
    return Test(7, 1, stages, "7.yaml", 1)


def test_every_target_of_a_stage_is_asked() -> None:
    answers = Answers(FINE, Outcome(404), FINE)
    failure = run_test(case(Stage(Input(uris=("/a", "/b", "/c")), WANT)), answers)
    assert failure == Failure("7-1", "7.yaml", "status 200", "status 404")
    assert answers.lines == ["GET /a HTTP/1.1", "GET /b HTTP/1.1"]


def test_all_that_is_missed_is_told_and_the_stage_named() -> None:
    expected = Expected(status=(200,), expect_ids=(1,), no_expect_ids=(2,))
    failure = run_test(case(Stage(Input(), WANT), Stage(Input(), expected)), Answers(FINE, Outcome(404, (2,))))
    assert failure == Failure("7-1", "7.yaml", "stage 2: status 200; rule 1; not rule 2", "status 404; rules 2")


@pytest.mark.parametrize(
    ("retry", "outcomes", "passes"), [(True, (404, 200), True), (True, (404, 404), False), (False, (404,), False)]
)
def test_retry_once(retry: bool, outcomes: tuple[int, ...], passes: bool) -> None:
    answers = Answers(*map(Outcome, outcomes))
    failure = run_test(case(Stage(Input(), Expected(status=(200,), retry_once=retry))), answers)
    assert (failure is None) == passes
    assert not answers.outcomes


def test_cookies_are_kept_by_the_stage_that_says_so() -> None:
    headers = (("Set-Cookie", "a=1; Path=/"), ("set-cookie", "b=2"), ("Set-Cookie", "nonsense"), ("A", "c=3"))
    answers = Answers(Outcome(200, headers=headers), Outcome(200, headers=(("Set-Cookie", "a=9"),)), FINE)
    stages = (Stage(Input(save_cookie=True), WANT), Stage(Input(), WANT), Stage(Input(), WANT))
    assert run_test(case(*stages), answers) is None
    assert ["Cookie: a=1; b=2" in text for text in answers.sent] == [False, True, True]


def test_cookies_are_bounded() -> None:
    headers = tuple([("Set-Cookie", f"c{number}=1") for number in range(MAX_COOKIES + 5)])
    answers = Answers(Outcome(200, headers=headers), FINE)
    assert run_test(case(Stage(Input(save_cookie=True), WANT), Stage(Input(), WANT)), answers) is None
    assert answers.sent[1].count("=1") == MAX_COOKIES


@pytest.mark.parametrize(
    ("location", "line", "host"),
    [
        ("/next?a=b", "GET /next?a=b HTTP/1.1", "api.test"),
        ("next", "GET /dir/next HTTP/1.1", "api.test"),
        ("http://other.test", "GET / HTTP/1.1", "other.test"),
        ("https://other.test:443/x#y", "GET /x HTTP/1.1", "other.test"),
        ("http://other.test:8080/x", "GET /x HTTP/1.1", "other.test:8080"),
    ],
)
def test_redirects_are_followed(location: str, line: str, host: str) -> None:
    answers = Answers(Outcome(302, headers=(("location", location),)), FINE)
    first = Input(dest_addr="api.test", uris=("/dir/page",))
    second = Input(follow_redirect=True, headers=(("Host", "old"), ("A", "b")))
    assert run_test(case(Stage(first, Expected()), Stage(second, WANT)), answers) is None
    assert answers.lines[1] == line
    assert f"\r\nA: b\r\nHost: {host}\r\n" in answers.sent[1]


@pytest.mark.parametrize(
    "outcome",
    [
        FINE,
        Outcome(302),
        Outcome(200, headers=(("Location", "/"),)),
        None,
        Outcome(302, headers=(("Location", "http://x:y"),)),
    ],
)
def test_no_redirect_to_follow(outcome: Outcome | None) -> None:
    first = [Stage(Input(), Expected())] if outcome else []
    failure = run_test(case(*first, Stage(Input(follow_redirect=True), WANT)), Answers(*[outcome] if outcome else []))
    assert failure is not None
    assert failure.expected.endswith("a redirect to follow")


def test_a_template_that_is_not_supported_fails_its_test_only() -> None:
    failure = run_test(case(Stage(Input(data="{{ 7*7 }}"), WANT)), Answers())
    assert failure is not None
    assert failure.expected == "a request"


@pytest.mark.parametrize("workers", [1, 3])
def test_files_are_counted(workers: int) -> None:
    file = read_file(SUITE, "own.yaml")
    empty = read_file("rule_id: 1\ntests:\n", "1.yaml")
    results = list(run_files([empty, file], lambda _: Outcome(200, (900001,)), workers))
    assert [(result.file, result.passed, result.skipped) for result in results] == [("own.yaml", 2, 0)]
    assert [failure.test for failure in results[0].failures] == [f"900001-{n}" for n in (1, 3, 4, 5, 6)]

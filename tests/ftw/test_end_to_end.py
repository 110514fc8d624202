"""A whole suite of our own through our own rules: in process, through a `waf serve`, and through one that runs already."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.ftw.suites import PACK, SUITE
from waf.cli import main
from waf.errors import ConfigError
from waf.ftw.backend import ReflectBackend
from waf.ftw.inspect import Logged
from waf.ftw.logs import EventLog, HeaderLog, logged_in
from waf.ftw.overhttp import OverHttp, address_of
from waf.ftw.served import Served, settings

GET = b"GET /get?a=xyzzy HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
FREE = ("127.0.0.1", 0)
OVERRIDES = """\
meta: {engine: mlwaf, platform: aiohttp, annotations: []}
test_overrides:
  - {rule_id: 900001, test_ids: [3], reason: not now}
  - {rule_id: 900001, test_ids: [7], reason: we log nothing there, output: {log: {no_expect_ids: [900001]}}}
  - {rule_id: 5, reason: no such test}
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "pack.yaml").write_text(PACK)
    (tmp_path / "suite").mkdir()
    (tmp_path / "suite" / "900001.yaml").write_text(SUITE)
    (tmp_path / "suite" / "empty.yaml").write_text("rule_id: 1\ntests:\n")
    (tmp_path / "overrides.yaml").write_text(OVERRIDES)
    return tmp_path


@pytest.fixture
def ftw(files: Path) -> Callable[..., Result]:
    def invoke(*options: str) -> Result:
        arguments = ["test", str(files / "pack.yaml"), "--ftw", str(files / "suite"), *options]
        return CliRunner().invoke(main, arguments, prog_name="waf")

    return invoke


def failures(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    assert list(found) == ["passed", "failed", "skipped", "failures"]
    assert len(found["failures"]) == found["failed"]
    return found


@pytest.mark.parametrize("how", [[], ["--http"]], ids=["in process", "over HTTP"])
def test_json(ftw: Callable[..., Result], files: Path, how: list[str]) -> None:
    result = ftw("--json", *how)
    assert result.exit_code == 1
    assert failures(result) == {
        "passed": 6,
        "failed": 1,
        "skipped": 0,
        "failures": [
            {
                "test": "900001-7",
                "file": str(files / "suite" / "900001.yaml"),
                "expected": "rule 900001",
                "got": "no rule",
            }
        ],
    }


def test_lines(ftw: Callable[..., Result], files: Path) -> None:
    result = ftw()
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"FAIL {files / 'suite' / '900001.yaml'} 6 of 7",
        "  900001-7: expected rule 900001; got no rule",
        "2 files, 7 tests: 6 passed, 1 failed in 1 file",
    ]


def test_overrides(ftw: Callable[..., Result], files: Path) -> None:
    result = ftw("--overrides", str(files / "overrides.yaml"))
    assert result.exit_code == 0
    assert result.stderr == f"{files / 'overrides.yaml'}:5:5: warning: no test of rule 5 is changed by this\n"
    assert result.stdout.splitlines() == [
        f"pass {files / 'suite' / '900001.yaml'} 6 of 6, 1 skipped",
        "2 files, 6 tests: 6 passed, 0 failed in 0 files; 1 skipped by overrides",
    ]


def test_nothing_to_run_is_not_a_success(ftw: Callable[..., Result], files: Path) -> None:
    (files / "suite" / "900001.yaml").unlink()
    assert ftw("--verbose").exit_code == 1


def test_verbose_shows_files_that_pass(ftw: Callable[..., Result], files: Path) -> None:
    (files / "suite" / "900001.yaml").write_text(SUITE.split("  - test_id: 2")[0])
    result = ftw("-v")
    assert result.stdout.startswith(f"pass {files / 'suite' / '900001.yaml'} 1 of 1\n")
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--url", "ftp://127.0.0.1"], "--url: error: 'ftp://127.0.0.1' is not an http:// address"),
        (["--url", "http://127.0.0.1:x"], "is not an http:// address"),
        (["--backend", "0"], "--backend: error: goes with --url"),
        (
            ["--url", "http://127.0.0.1:1", "--events", "events.jsonl"],
            "--url: error: nobody listens at http://127.0.0.1:1",
        ),
        (["--overrides", "nowhere.yaml"], "nowhere.yaml: No such file"),
    ],
)
def test_wrong_usage(ftw: Callable[..., Result], options: list[str], message: str) -> None:
    result = ftw(*options)
    assert result.exit_code == 2
    assert message in result.stderr


def test_options_of_a_suite_without_one() -> None:
    result = CliRunner().invoke(main, ["test", "--http"], prog_name="waf")
    assert result.exit_code == 2
    assert "--http goes with --ftw" in result.stderr


def test_a_suite_that_cannot_be_read(ftw: Callable[..., Result], files: Path) -> None:
    (files / "suite" / "900001.yaml").write_text(SUITE.replace("meta:", "mета:"))
    result = ftw("--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "900001.yaml:2:1: error: a test file has no member" in result.stderr


# ---------------------------------------------------------------------- a firewall that runs already


@pytest.fixture
def running(files: Path) -> Iterator[tuple[str, Path]]:
    """Its URL and its events."""
    events = files / "events.jsonl"
    policy = {"rules": {"packs": [str(files / "pack.yaml")]}, "expose_matches": True}
    with ReflectBackend() as backend, Served(files, settings(FREE, backend.url, events, policy)) as served:
        yield served.url, events


def test_a_running_firewall(ftw: Callable[..., Result], running: tuple[str, Path]) -> None:
    url, events = running
    seen = failures(ftw("--json", "--url", url, "--events", str(events)))
    told = failures(ftw("--json", "--url", url))
    # It blocks, so what would be a redirect is a refusal.
    assert [failure["test"] for failure in seen["failures"]] == ["900001-2", "900001-5", "900001-7"]
    assert [failure["test"] for failure in told["failures"]] == ["900001-1", "900001-2", "900001-5", "900001-7"]
    assert (
        told["failures"][0]["got"] == "rules 900001"
    )  # and where it matched, which the expression asks for, is not told


def test_events_that_are_not_there(ftw: Callable[..., Result], running: tuple[str, Path]) -> None:
    result = ftw("--url", running[0], "--events", "nowhere.jsonl")
    assert result.exit_code == 2
    assert "nowhere.jsonl: No such file" in result.stderr


def test_one_is_started_where_nobody_listens(ftw: Callable[..., Result]) -> None:
    with ReflectBackend() as free:
        url = free.url
    result = ftw("--json", "--url", url)
    assert result.stderr == f"nobody listens at {url}, so a firewall is started there\n"
    assert failures(result)["passed"] == 6


def test_its_backend_can_be_ours(ftw: Callable[..., Result], files: Path) -> None:
    with ReflectBackend() as free:
        port = int(free.url.rsplit(":", 1)[1])
    policy = {"mode": "monitor", "rules": {"packs": [str(files / "pack.yaml")]}}
    events = files / "events.jsonl"
    with Served(files, settings(FREE, f"http://127.0.0.1:{port}", events, policy)) as served:
        found = failures(ftw("--json", "--url", served.url, "--events", str(events), "--backend", str(port)))
    assert found["passed"] == 6


def test_what_does_not_start_says_why(tmp_path: Path) -> None:
    config = settings(FREE, "http://127.0.0.1:1", tmp_path / "events", {"mode": "sometimes"})
    with pytest.raises(ConfigError, match=r"did not start .*mode"), Served(tmp_path, config):
        pass


# ---------------------------------------------------------------------- servers that misbehave


def server(*answers: bytes) -> tuple[tuple[str, int], threading.Thread, socket.socket]:
    """Answers one connection after the other with these bytes, and closes it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        for answer in answers:
            client, _ = listener.accept()
            with client:
                client.recv(65_536)
                client.sendall(answer)

    thread = threading.Thread(target=run)
    thread.start()
    return listener.getsockname(), thread, listener


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-WAF-Rules: 7,8,x\r\n\r\nok", 200, ""),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", 200, ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", 0, "closed in the middle"),
        (b"nonsense", 0, "not valid HTTP"),
        (b"", 0, "closed in the middle"),
    ],
)
def test_answers(answer: bytes, status: int, error: str) -> None:
    address, thread, listener = server(answer)
    with listener:
        outcome = OverHttp(address, HeaderLog())(GET)
        thread.join()
    assert outcome.status == status
    assert error in outcome.error
    assert bool(outcome.error) == (status == 0)
    assert outcome.logged_ids == ((7, 8) if b"X-WAF" in answer else ())


def test_nobody_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        assert "timed out" in OverHttp(address, HeaderLog(), 0.05)(GET).error
    assert "refused" in OverHttp(address, HeaderLog())(GET).error


def test_head_has_no_body() -> None:
    address, thread, listener = server(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")
    with listener:
        assert OverHttp(address, HeaderLog())(GET.replace(b"GET", b"HEAD")).status == 200
        thread.join()


def test_addresses() -> None:
    assert address_of("http://127.0.0.1:81/x") == ("127.0.0.1", 81)
    assert address_of("http://api.test") == ("api.test", 80)


def test_events_are_found_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "events"
    rules = [{"id": 7, "name": "n", "origin": "o"}, {"id": "x"}, 3]
    path.write_bytes(
        b'nonsense\n[]\n{"id": 1}\n' + json.dumps({"id": "a", "rules": rules}).encode() + b'\n{"id": "b"}\n{"id": "c"'
    )
    log = EventLog(path, 0.05)
    assert log.of({"x-waf-request-id": "b"}) is not None
    found = log.of({"x-waf-request-id": "a"})
    assert found is not None
    assert (found.ids, found.lines) == ((7,), ('[id "7"] [msg "n"] found within o',))
    assert log.of({"x-waf-request-id": "c"}) is None
    assert log.of({}) is None
    with path.open("ab") as file:
        file.write(b"}\n")
    assert log.of({"x-waf-request-id": "c"}) is not None
    log.close()


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({}, Logged(())),
        ({"action": "block"}, Logged((), refused=True)),
        ({"action": "block", "rules": [{"id": 7}]}, Logged((7,), ('[id "7"] [msg ""] found within ',))),
        ({"crs": {"logged": [8, 9, "x"]}, "rules": [{"id": 7}]}, Logged((8, 9), ('[id "8"]', '[id "9"]'))),
        ({"crs": {"logged": [8]}, "action": "block"}, Logged((8,), ('[id "8"]',), refused=True)),
        ({"crs": {"blocked_by": 8}, "action": "block"}, Logged(())),
        ({"crs": "none"}, Logged(())),
    ],
)
def test_what_an_event_tells(event: dict[str, object], expected: Logged) -> None:
    assert logged_in(event) == expected


def test_events_that_nobody_asks_for_do_not_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waf.ftw.logs.MAX_KEPT", 2)
    path = tmp_path / "events"
    path.write_text("".join(f'{{"id": "{number}"}}\n' for number in range(5)))
    log = EventLog(path, 0.0)
    assert [log.of({"x-waf-request-id": str(number)}) is not None for number in (4, 0, 3)] == [True, False, True]
    log.close()

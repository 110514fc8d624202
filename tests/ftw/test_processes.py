"""What the firewall of a run may do wrong, and what ends it all the same."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ftw.suites import SUITE
from waf import child
from waf.errors import ConfigError
from waf.ftw import backend, overhttp, served
from waf.ftw.backend import ReflectBackend
from waf.ftw.logs import HeaderLog
from waf.ftw.overhttp import OverHttp
from waf.ftw.served import Served


@pytest.fixture
def pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shell script that is started in the place of `python -m waf serve`; the test writes it."""
    script = tmp_path / "pretend.sh"
    monkeypatch.setattr(served.sys, "executable", str(script))
    return script


def write(script: Path, text: str) -> None:
    script.write_text("#!/bin/sh\n" + text)
    script.chmod(0o755)


def test_one_that_does_not_end_when_asked_to_is_killed(
    pretend: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "STOP_SECONDS", 0.05)
    write(pretend, "trap '' TERM\necho listening on http://127.0.0.1:7\nexec sleep 1000\n")
    with Served(tmp_path, {}) as running:
        assert running.url == "http://127.0.0.1:7"
        process = running.process
    assert process.returncode == -9


def test_one_that_says_nothing_is_given_up(pretend: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served, "START_SECONDS", 0.2)
    write(pretend, "echo something else\nexec sleep 1000\n")
    running = Served(tmp_path, {})
    with pytest.raises(ConfigError, match="did not start"), running:
        pass
    assert running.process.returncode == -15
    with pytest.raises(ProcessLookupError):
        os.kill(running.process.pid, 0)


def test_one_that_ends_tells_why(pretend: Path, tmp_path: Path) -> None:
    write(pretend, "echo no such rules >&2\nexit 3\n")
    with pytest.raises(ConfigError, match=r"did not start .no such rules"), Served(tmp_path, {}):
        pass


def test_sigterm_ends_what_a_run_has_started(tmp_path: Path) -> None:
    """The script sends it to `waf test`, whose child it is, and would live on. More than a pipe holds comes first, so it is known
    that somebody reads by then."""
    script = tmp_path / "pretend.sh"
    write(script, f"echo $$ >{tmp_path}/pid\nyes | head -c 200000\nkill -TERM $PPID\nexec sleep 1000\n")
    (tmp_path / "suite").mkdir()
    (tmp_path / "suite" / "1.yaml").write_text(SUITE)
    code = f"import sys; sys.executable = {str(script)!r}; from waf.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", code, "test", "--ftw", str(tmp_path / "suite"), "--http"]
    ended = subprocess.run(command, stderr=subprocess.PIPE, timeout=60, check=False, start_new_session=True)
    assert (ended.returncode, ended.stderr) == (child.TERMINATED, b"")
    assert not Path("/proc", (tmp_path / "pid").read_text().strip()).exists()


def test_an_answer_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overhttp, "MAX_ANSWER", 10)
    with ReflectBackend() as running:
        address = overhttp.address_of(running.url)
        assert "too long" in OverHttp(address, HeaderLog())(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").error


def test_no_time_at_all() -> None:
    with ReflectBackend() as running:
        address = overhttp.address_of(running.url)
        assert "timed out" in OverHttp(address, HeaderLog(), 1e-9)(b"GET / HTTP/1.1\r\n\r\n").error


def test_the_backend_bounds_a_body(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "MAX_BODY", 10)
    with ReflectBackend() as running, socket.create_connection(overhttp.address_of(running.url), timeout=10) as sock:
        sock.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n" + b"a" * 20)
        assert sock.recv(100) == b""

"""`waf serve`: what its options become, and that a real process serves and stops."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from waf.record import oplog
from waf.settings import Config

Run = Callable[..., Result]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Callable[[], Config], str | None]]:
    """What would have been served."""
    calls: list[tuple[Callable[[], Config], str | None]] = []
    monkeypatch.setattr("waf.cli.serve.run", lambda load, file: calls.append((load, file)))
    return calls


def test_options_become_settings(run: Run, pack: Path, served: list[Any]) -> None:
    arguments = "-u http://h:1 -l 0.0.0.0:81 --admin= --events none --mode monitor --paranoia 2 --block-score 9"
    assert run("serve", *arguments.split(), "--rules", pack, "--rules", "builtin").exit_code == 0
    ((load, file),) = served
    config = load()
    assert file is None
    assert (config.upstream.url, config.listen, config.admin.listen) == ("http://h:1", "0.0.0.0:81", "")
    assert (config.log.events, config.mode, config.paranoia, config.block_score) == ("none", "monitor", 2, 9)
    assert config.rules.packs == (str(pack), "builtin")


def test_each_load_reads_the_file_anew_and_tells_its_warnings(
    run: Run, tmp_path: Path, served: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "waf.yaml"
    path.write_text("paranoia: 2\n")
    run("serve", "--config", path, "--mode", "monitor")
    ((load, file),) = served
    assert file == str(path)
    assert load().paranoia == 2
    path.write_text("paranoia: 3\ntrusted_proxies: [0.0.0.0/0]\nlog: {level: warning}\n")
    assert (load().paranoia, load().mode) == (3, "monitor")
    oplog.configure()
    assert "trusted_proxies[0]: lets every client" in capsys.readouterr().err


class Echo(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture
def upstream() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_process_serves_and_stops(upstream: str, pack: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "waf",
        "serve",
        "-u",
        upstream,
        "-l",
        "127.0.0.1:0",
        "--admin",
        "",
        "--rules",
        str(pack),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        url = process.stdout.readline().removeprefix("listening on ").strip()
        with urllib.request.urlopen(f"{url}/?q=plugh") as answer:
            assert answer.read() == b"ok"
        with pytest.raises(urllib.error.HTTPError, match="403") as blocked:
            urllib.request.urlopen(f"{url}/?q=xyzzy")
        blocked.value.close()
        process.send_signal(signal.SIGTERM)
        events = [json.loads(line) for line in process.stdout]
        errors = process.stderr.read()
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert [event["action"] for event in events] == ["allow", "block"]


def test_an_address_that_is_taken(upstream: str, pack: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "waf",
        "serve",
        "-l",
        upstream.removeprefix("http://"),
        "--admin",
        "",
        "--rules",
        str(pack),
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "cannot listen on 127.0.0.1" in result.stderr
    assert "Traceback" not in result.stderr

"""The sidecar as an operator runs it: a process, its signals, its output and its exit code."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACK = """\
schema: waf-rules/v1
pack: test
rules:
  - {id: 9000001, name: w, title: W, severity: critical, tags: [attack.test], match: {field: request.args, contains: WORD}}
"""
LIMIT = 30.0


class Model:
    """An upstream on a thread: streams one chunk, and the rest when it is told to."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self.go = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._server.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(peer,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, peer: socket.socket) -> None:
        with peer, peer.makefile("rb") as lines, suppress(ConnectionError):
            while line := lines.readline():
                slow = b"/slow" in line
                while lines.readline() not in (b"\r\n", b""):
                    pass
                peer.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
                if slow:
                    self.go.wait(LIMIT)
                peer.sendall(b"4\r\nlast\r\n0\r\n\r\n")

    def close(self) -> None:
        """Call it when the sidecar is gone."""
        self.go.set()
        self._server.shutdown(socket.SHUT_RDWR)  # wakes accept
        self._server.close()
        for thread in self._threads:
            thread.join(LIMIT)


class Sidecar:
    """`waf serve` with a configuration file in `folder`."""

    def __init__(self, folder: Path, upstream: int, *, watch: bool, more: str = "") -> None:
        self.connections = ExitStack()
        self.pack = folder / "pack.yaml"
        self.pack.write_text(PACK.replace("WORD", "evil"))
        self.config = folder / "waf.yaml"
        self.config.write_text(
            f"listen: 127.0.0.1:0\nupstream: {{url: http://127.0.0.1:{upstream}}}\nadmin: {{listen: 127.0.0.1:0}}\n"
            f"rules: {{packs: [pack.yaml], watch: {str(watch).lower()}}}\nlog: {{events: events.jsonl}}\n" + more
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from waf.cli import main; main()", "serve", "--config", str(self.config)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": ""},
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:"), self.process.communicate(timeout=LIMIT)
        self.port = int(line.rpartition(":")[2])

    def get(self, path: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        self.connections.callback(connection.close)
        connection.request("GET", path)
        return self.connections.enter_context(connection.getresponse())

    def status(self, path: str) -> int:
        response = self.get(path)
        response.read()
        return response.status

    def wait_until_closed(self) -> None:
        """Until nobody listens. A connection that was still in the backlog is reset, or ended."""
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=LIMIT).close()
            except ConnectionRefusedError:
                return
            except ConnectionResetError:
                continue

    def messages(self) -> Iterator[str]:
        assert self.process.stderr
        return iter(self.process.stderr.readline, "")

    def wait_for(self, message: str) -> None:
        assert any(message in line for line in self.messages())


@contextmanager
def running(folder: Path, *, watch: bool = False) -> Iterator[tuple[Sidecar, Model]]:
    model = Model()
    sidecar = Sidecar(folder, model.port, watch=watch)
    try:
        yield sidecar, model
    finally:
        sidecar.process.kill()
        sidecar.process.communicate(timeout=LIMIT)
        sidecar.connections.close()
        model.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_drains(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path) as (sidecar, model):
        response = sidecar.get("/slow")
        assert response.read(5) == b"first"
        sidecar.process.send_signal(number)
        sidecar.wait_until_closed()
        model.go.set()
        assert response.read() == b"last"
        assert sidecar.process.wait(LIMIT) == 0
        assert (tmp_path / "events.jsonl").read_text().count('"outcome":"ok"') == 1


def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    with running(tmp_path) as (sidecar, _):
        response = sidecar.get("/slow")
        assert response.read(5) == b"first"
        sidecar.process.send_signal(signal.SIGTERM)
        sidecar.wait_until_closed()
        sidecar.process.send_signal(signal.SIGTERM)
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            response.read()
        assert sidecar.process.wait(LIMIT) == 0
        assert (tmp_path / "events.jsonl").read_text().count('"outcome":"client_closed"') == 1


def test_sighup_reloads_and_refuses_what_does_not_load(tmp_path: Path) -> None:
    with running(tmp_path) as (sidecar, _):
        assert sidecar.status("/?q=evil") == 403
        assert sidecar.status("/?q=wicked") == 200
        sidecar.pack.write_text(PACK.replace("WORD", "wicked"))
        sidecar.process.send_signal(signal.SIGHUP)
        sidecar.wait_for("reloaded")
        assert sidecar.status("/?q=evil") == 200
        assert sidecar.status("/?q=wicked") == 403
        sidecar.pack.write_text("nonsense")
        sidecar.process.send_signal(signal.SIGHUP)
        sidecar.wait_for("reload refused")
        assert sidecar.status("/?q=wicked") == 403
        sidecar.process.send_signal(signal.SIGTERM)
        assert sidecar.process.wait(LIMIT) == 0


EARLY = """\
import os, signal
from waf.config import load
from waf.edge.run import serve

read = []

def settings():
    read.append(1)
    os.kill(os.getpid(), signal.SIGHUP if len(read) == 1 else signal.SIGTERM)
    return load(None, {"listen": "127.0.0.1:0", "admin.listen": "", "rules.packs": [], "log.events": "none"})

serve(settings)
print(len(read))
"""


def test_sighup_while_it_starts_is_a_reload_once_it_runs() -> None:
    done = subprocess.run([sys.executable, "-c", EARLY], cwd=ROOT, check=False, capture_output=True, timeout=LIMIT)
    assert (done.returncode, done.stdout.split()[-1:]) == (0, [b"2"])


STOPPED = """
import os, signal
from waf.edge.run import serve
from waf.settings import Config

def load():
    os.kill(os.getpid(), signal.SIGTERM)
    return Config(listen="127.0.0.1:0")

serve(load, announce=print)
"""


def test_sigterm_while_it_starts_ends_it() -> None:
    """Process 1 of a container gets no signal that it has no handler for, so the handler must be there from the start."""
    done = subprocess.run([sys.executable, "-c", STOPPED], cwd=ROOT, check=False, capture_output=True, timeout=LIMIT)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_changed_configuration_is_noticed(tmp_path: Path) -> None:
    with running(tmp_path, watch=True) as (sidecar, _):
        assert sidecar.status("/?q=evil") == 403
        with sidecar.config.open("a") as config:
            config.write("mode: monitor\n")
        sidecar.wait_for("reloaded")
        assert sidecar.status("/?q=evil") == 200


def test_it_does_not_start_on_another_parser() -> None:
    """Without its C extension aiohttp falls back on a parser that was never checked for smuggling."""
    done = subprocess.run(
        [sys.executable, "-c", "from waf.cli import main; main()", "serve", "--listen", "127.0.0.1:0"],
        cwd=ROOT,
        env={**os.environ, "AIOHTTP_NO_EXTENSIONS": "1"},
        check=False,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    assert done.returncode == 2
    assert "C extension" in done.stderr


def test_log_rotation(tmp_path: Path) -> None:
    with running(tmp_path) as (sidecar, _):
        assert sidecar.status("/one") == 200
        events, rotated = tmp_path / "events.jsonl", tmp_path / "events.1"
        while not events.read_text():
            time.sleep(0.01)
        events.rename(rotated)
        sidecar.process.send_signal(signal.SIGHUP)
        sidecar.wait_for("reloaded")
        assert sidecar.status("/two") == 200
        sidecar.process.send_signal(signal.SIGTERM)
        assert sidecar.process.wait(LIMIT) == 0
        assert '"path":"/one"' in rotated.read_text()
        assert '"path":"/two"' in events.read_text()

"""A real Redis or Valkey server for tests: on loopback, on a port of its own, in a folder of its own."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PROGRAM = shutil.which("redis-server") or shutil.which("valkey-server")


class Server:
    """Started by `start`, ended by `stop` or with the test. Keeps nothing over a restart. With `tls` it speaks nothing else."""

    def __init__(self, folder: Path, *options: str, tls: bool = False) -> None:
        assert PROGRAM, "these tests need redis-server (apt-get install redis-server) or valkey-server on PATH"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._command = [
            *(
                PROGRAM,
                *(("--port", "0", "--tls-port") if tls else ("--port",)),
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--dir",
                str(folder),
                "--save",
                "",
            ),
            *("--appendonly", "no", "--daemonize", "no", *options),
        ]
        self._tls = tls
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Server:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as peer:
                    if self._tls:
                        return self
                    peer.sendall(b"PING\r\n")
                    if peer.recv(16):
                        return self
            except OSError:
                time.sleep(0.01)
        raise AssertionError("redis-server does not start")

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        """It takes connections and bytes, and answers nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def ask(self, *words: str) -> bytes:
        """One command, its raw reply."""
        with socket.create_connection(("127.0.0.1", self.port), 5) as peer:
            lines = [f"*{len(words)}", *(line for word in words for line in (f"${len(word.encode())}", word))]
            peer.sendall("\r\n".join([*lines, ""]).encode())
            return peer.recv(65_536)


@pytest.fixture(scope="session")
def one_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("redis"))
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def redis(one_server: Server) -> Server:
    one_server.ask("FLUSHALL")
    return one_server

"""The model server of the soak: checks every body it gets, answers in five ways, and expects to be killed.

`python benchmarks/soak_upstream.py PORT REPORT`: each request says in X-Soak-Sha what its body's SHA-256 is; a body that
differs is one line in REPORT. X-Soak-Answer picks the answer: small, chunks, large, slow or empty.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
from pathlib import Path
from typing import cast

import httptools
import uvloop

LARGE = b"0123456789abcdef" * 16_384
PIECES = tuple(b"data: piece %d\n\n" % number for number in range(12))


class Upstream(asyncio.Protocol):
    """One connection. Bodies are hashed as they arrive."""

    report: Path

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._parser = httptools.HttpRequestParser(self)
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_lost(self, exc: Exception | None) -> None:
        for task in self._tasks:
            task.cancel()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._hash = hashlib.sha256()
        self._expected = ""
        self._answer = "small"

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"x-soak-sha":
            self._expected = value.decode()
        elif name.lower() == b"x-soak-answer":
            self._answer = value.decode()

    def on_body(self, data: bytes) -> None:
        self._hash.update(data)

    def on_message_complete(self) -> None:
        got = self._hash.hexdigest()
        if got != self._expected:
            with self.report.open("a") as file:
                file.write(f"{self._expected} {got}\n")
        task = asyncio.get_running_loop().create_task(self._write(self._answer, got.encode()))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _write(self, answer: str, sha: bytes) -> None:
        head = b"HTTP/1.1 200 OK\r\nX-Got: %s\r\n" % sha
        write = self._transport.write
        if answer == "empty":
            write(b"HTTP/1.1 204 No Content\r\nX-Got: %s\r\n\r\n" % sha)
        elif answer == "large":
            write(head + b"Content-Length: %d\r\n\r\n" % len(LARGE) + LARGE)
        elif answer == "chunks":
            write(head + b"Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
            for piece in PIECES:
                write(b"%x\r\n%s\r\n" % (len(piece), piece))
                await asyncio.sleep(0.001)
            write(b"0\r\n\r\n")
        else:
            if answer == "slow":
                await asyncio.sleep(0.05)
            write(head + b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Upstream, "127.0.0.1", port, backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    Upstream.report = Path(sys.argv[2])
    uvloop.run(main(int(sys.argv[1])))

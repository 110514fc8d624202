"""Many requests at once while the upstream dies and comes back, rules are reloaded, and clients hang up.

CHAOS_REQUESTS=20000 runs the long version.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import json
import os
import random
from pathlib import Path

import uvloop

from tests.edge.front import Front, Wire

REQUESTS = int(os.environ.get("CHAOS_REQUESTS", "600"))
CLIENTS = 12
KILLS = 3
RELOADS = 10 if REQUESTS < 10_000 else 50


class Echo:
    """A model server that says back the hash of what it got; `/stream` in chunks. It can be killed and started again."""

    def __init__(self) -> None:
        self.port = 0
        self.unexpected: list[str] = []
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    @property
    def connections(self) -> int:
        return len(self._writers)

    def kill(self) -> None:
        """As `kill -9` looks from outside."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                lines = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:-2])
                body = await reader.readexactly(int(lines.get("content-length", 0)))
                if "x-digest" in lines and lines["x-digest"] != hashlib.sha256(body).hexdigest():
                    self.unexpected.append(f"another body than the client sent: {head!r}")
                if b"evil" in body:
                    self.unexpected.append("an attack came through")
                said = json.dumps([lines.get("x-number"), hashlib.sha256(body).hexdigest()]).encode()
                if b"/stream" in head:
                    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                    for i in range(0, len(said), 20):
                        writer.write(b"%x\r\n%b\r\n" % (len(said[i : i + 20]), said[i : i + 20]))
                        await asyncio.sleep(0)
                    writer.write(b"0\r\n\r\n")
                else:
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(said), said))
        except (asyncio.IncompleteReadError, ConnectionError, RuntimeError):
            pass  # killed, or its peer gone; uvloop's transports raise RuntimeError then
        finally:
            self._writers.discard(writer)
            writer.close()


class Client:
    """Sends one request after the other; a connection is kept while it can be."""

    def __init__(self, waf: Front, seed: int) -> None:
        self._waf = waf
        self._random = random.Random(seed)
        self._wire: Wire | None = None
        self.outcomes: dict[str, int] = {}

    async def one(self, number: int) -> None:
        draw = self._random
        size = draw.choice((0, 100, 5_000, 100_000))
        body = b"data:" + draw.randbytes(size) if size else b""  # no byte order mark by chance: that is refused
        kind = draw.choice(("plain", "plain", "plain", "stream", "chunked", "evil", "leave"))
        if kind == "evil":
            body = b'{"q": "an evil thing"}'
        self._wire = wire = self._wire or await self._waf.wire()
        head = b"POST /%b HTTP/1.1\r\nHost: api\r\nX-Number: %d\r\nX-Digest: %b\r\n" % (
            b"stream" if kind == "stream" else b"x",
            number,
            hashlib.sha256(body).hexdigest().encode(),
        )
        if kind == "chunked":
            pieces = b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in (body[:77], body[77:]) if p)
            data = head + b"Transfer-Encoding: chunked\r\n\r\n" + pieces + b"0\r\n\r\n"
        else:
            data = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
        if kind == "leave":
            wire.send(data[: draw.randrange(len(data) + 1)])
            self._drop()
        else:
            wire.send(data)
            await self._expect(wire, kind, number, body)

    async def _expect(self, wire: Wire, kind: str, number: int, body: bytes) -> None:
        try:
            head = await wire.head()
        except (asyncio.IncompleteReadError, ConnectionError):
            self._count("lost")
            self._drop()
            return
        status = int(head.split()[1])
        try:
            answer = await wire.body(head)
        except (asyncio.IncompleteReadError, ConnectionError):
            self._count("cut")
            self._drop()
            return
        if status == 200:
            assert answer.json() == [str(number), hashlib.sha256(body).hexdigest()]
        if kind == "evil":
            assert status == 403
        else:
            assert status in (200, 502), (kind, number, len(body), answer.body)
        self._count(str(status))
        if answer.headers.get("connection") == "close":
            self._drop()

    def _count(self, outcome: str) -> None:
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1

    def _drop(self) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    close = _drop


def resident() -> int:
    """Bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def chaos(folder: Path) -> None:
    echo = Echo()
    await echo.start()
    try:
        await before(echo, folder)
    finally:
        echo.kill()


async def before(echo: Echo, folder: Path) -> None:
    """The firewall before `echo`, its clients, and what goes wrong meanwhile."""
    async with Front(folder, echo.port, {}) as waf:
        clients = [Client(waf, seed) for seed in range(CLIENTS)]
        numbers = iter(range(REQUESTS))
        done = 0
        memory: list[int] = []

        async def work(client: Client) -> None:
            nonlocal done
            for number in numbers:
                await client.one(number)
                done += 1
            client.close()

        async def trouble() -> None:
            steps = KILLS + RELOADS
            for step in range(1, steps + 1):
                while done < step * REQUESTS / (steps + 1):  # noqa: ASYNC110
                    await asyncio.sleep(0.002)
                if step % (steps // KILLS) == 0:
                    echo.kill()
                    await asyncio.sleep(0.005)
                    await echo.start()
                else:
                    assert await waf.service.reload()
                gc.collect()
                memory.append(resident())

        await asyncio.gather(trouble(), *(work(client) for client in clients))
        total: dict[str, int] = {}
        for client in clients:
            for outcome, count in client.outcomes.items():
                total[outcome] = total.get(outcome, 0) + count
        assert echo.unexpected == []
        assert "lost" not in total, total
        assert total["200"] > REQUESTS / 3
        assert total["403"] > REQUESTS / 20
        while waf.service.open or waf.service.metrics.inflight:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await waf.stop()
        while echo.connections:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        events = await waf.events(1)
        assert len({event["id"] for event in events}) == len(events)
        assert sum(event["outcome"] == "internal_error" for event in events) == 0
        assert sum(event["status"] == 200 and event["outcome"] == "ok" for event in events) >= total["200"]
        half = len(memory) // 2
        assert memory[-1] - memory[half] < 20 << 20, memory


def test_chaos(tmp_path: Path) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(asyncio.wait_for(chaos(tmp_path), 60 + REQUESTS / 20))

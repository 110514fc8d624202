"""A firewall in the test's process, and a client that writes and reads bytes."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from waf.classify.load import Models, load_scorer
from waf.config import load
from waf.edge.server import Service

PACK = """\
schema: waf-rules/v1
pack: test
rules:
  - {id: 9000001, name: evil, title: Evil, severity: critical, tags: [attack.test], match: {field: [request.args, llm.prompt, llm.user], contains: evil}}
  - {id: 9000002, name: odd, title: Odd, severity: notice, action: tag, tags: [odd.word], match: {field: [request.args, llm.prompt, llm.user], contains: odd}}
"""
RESPONSE_PACK = """\
schema: waf-rules/v1
pack: answers
rules:
  - {id: 9000011, name: leak, title: Leak, severity: critical, tags: [attack.leak], match: {field: response.body, contains: SECRET}}
"""


class Answer:
    """One answer as a client reads it."""

    def __init__(self, head: bytes, body: bytes, trailers: bytes = b"") -> None:
        line, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(line.split()[1])
        self.head = head
        self.headers = {name.lower(): value for name, _, value in (item.partition(": ") for item in lines if item)}
        self.body = body
        self.trailers = trailers

    def json(self) -> Any:
        return json.loads(self.body)


class Wire:
    """A client that writes and reads bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def head(self) -> bytes:
        return await self.reader.readuntil(b"\r\n\r\n")

    async def chunk(self) -> bytes:
        """The next chunk of a chunked body; empty for the last one."""
        size = int(await self.reader.readuntil(b"\r\n"), 16)
        if size:
            return (await self.reader.readexactly(size + 2))[:-2]
        return b""

    async def answer(self, *, bodiless: bool = False) -> Answer:
        return await self.body(await self.head(), bodiless=bodiless)

    async def body(self, head: bytes, *, bodiless: bool = False) -> Answer:
        """The answer that begins with `head`."""
        answer = Answer(head, b"")
        if bodiless or answer.status in (204, 304) or answer.status < 200:
            return answer
        if "content-length" in answer.headers:
            answer.body = await self.reader.readexactly(int(answer.headers["content-length"]))
        elif answer.headers.get("transfer-encoding") == "chunked":
            while chunk := await self.chunk():
                answer.body += chunk
            while (line := await self.reader.readuntil(b"\r\n")) != b"\r\n":
                answer.trailers += line
        else:
            answer.body = await self.reader.read()
        return answer

    async def ask(self, data: bytes) -> Answer:
        self.send(data)
        return await self.answer()

    async def rest(self) -> bytes:
        """Everything up to the end of the connection; a reset is an end, too."""
        try:
            return await self.reader.read()
        except ConnectionError:
            return b""

    def close(self) -> None:
        self.writer.close()


class Front:
    """A firewall in this process, with two rules of its own, before the upstream at `port`."""

    def __init__(self, folder: Path, port: int, settings: dict[str, Any], models: Models = load_scorer) -> None:
        pack = folder / "pack.yaml"
        pack.write_text(PACK)
        self._events = folder / "events.jsonl"
        self.settings: dict[str, Any] = {
            "listen": "127.0.0.1:0",
            "upstream.url": f"http://127.0.0.1:{port}",
            "admin.listen": "",
            "log.events": str(self._events),
            "rules.packs": [str(pack)],
            "rules.watch": False,
            **settings,
        }
        self.service = Service(lambda: load(None, self.settings), models=models)
        self._wires: list[Wire] = []
        self._stopped = False

    async def __aenter__(self) -> Front:
        await self.service.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        for wire in self._wires:
            wire.close()
        await self.stop()

    async def stop(self) -> None:
        """What the end of the process does; once."""
        if not self._stopped:
            self._stopped = True
            await self.service.__aexit__()

    @property
    def port(self) -> int:
        return int(self.service.url.rpartition(":")[2])

    async def wire(self, data: bytes = b"", **options: Any) -> Wire:
        """A new connection, `data` written to it."""
        wire = Wire(*await asyncio.open_connection("127.0.0.1", self.port, **options))
        self._wires = [wire, *(w for w in self._wires if not w.writer.is_closing())]
        wire.send(data)
        return wire

    async def ask(self, data: bytes) -> Answer:
        """One request on a connection of its own."""
        return await (await self.wire(data)).answer()

    async def events(self, count: int) -> list[Any]:
        """The first `count` events, once they are there."""
        while True:
            lines = self._events.read_bytes().splitlines() if self._events.exists() else []
            if len(lines) >= count:
                return [json.loads(line) for line in lines]
            await asyncio.sleep(0.01)

"""What a request leaves behind is freed with it. The collector looks seldom (`waf.edge.run`), and a body may have megabytes: a
cycle through an exception's frames would keep each of them until then."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from waf.edge.job import Job
from waf.engine import Engine
from waf.model import Request
from waf.rules import load_ruleset
from waf.settings import Config, Rules

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(autouse=True)
def _no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def jobs() -> int:
    return sum(type(thing) is Job for thing in gc.get_objects())


def post(body: bytes, *lines: bytes, length: int | None = None) -> bytes:
    head = b"POST /any HTTP/1.1\r\nHost: api\r\nContent-Length: %d\r\n" % (len(body) if length is None else length)
    return head + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body


def answering(answer: bytes) -> Any:
    """Every request gets these bytes, and the connection ends."""

    def script(scripted: Any) -> Script:
        async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            writer.write(answer)

        return answers

    return script


def silent(scripted: Any) -> Script:
    async def waits(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await scripted.request(reader)
        await reader.read()

    return waits


JSON = b"Content-Type: application/json"
FINE = answering(OK)
CASES = {
    "goes through": (post(b"{}", JSON), FINE, {}),
    "blocked": (post(b'{"q": "evil"}', JSON), FINE, {}),
    "a name twice": (post(b'{"a": 1, "a": 2}', JSON), FINE, {}),
    "no JSON": (post(b'{"a": ', JSON), FINE, {}),
    "a large one that is no JSON": (post(b'{"a": "' + b"x" * 100_000, JSON), FINE, {}),
    "not what its coding says": (post(b"plain", b"Content-Encoding: gzip"), FINE, {}),
    "too large": (
        b"POST / HTTP/1.1\r\nHost: api\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n" + b"x" * 4096,
        *(FINE, {"limits__body": 1024}),
    ),
    "malformed chunks": (b"POST / HTTP/1.1\r\nHost: api\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nokx", FINE, {}),
    "late": (post(b"x", length=2), FINE, {"timeouts__body_idle": 0.1}),
    "a bad head": (b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", FINE, {}),
    "not HTTP": (b"nonsense\r\n\r\n", FINE, {}),
    "the upstream says nothing": (post(b"x"), answering(b""), {}),
    "the upstream speaks something else": (post(b"x"), answering(b"220 smtp\r\n"), {}),
    "the upstream breaks off": (post(b"x"), answering(b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\nx"), {}),
    "the upstream is too slow": (post(b"x"), silent, {"timeouts__upstream_first_byte": 0.1}),
}


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_left_of_a_request(run: Any, scripted: Any, front: Any, until: Any, name: str) -> None:
    request, script, settings = CASES[name]

    async def main() -> None:
        async with scripted(script(scripted)) as server, front(server.port, **settings) as waf:
            await (await waf.wire(request)).head()
            await waf.events(1)
            for wire in waf._wires:
                wire.close()
            await until(lambda: not waf.service.open)
            await asyncio.sleep(0)
            assert jobs() == 0

    run(main())


@pytest.mark.parametrize("request_", [post(b"x", length=2), post(b"xx")], ids=["in its body", "at the upstream"])
def test_nothing_is_left_of_a_client_that_went_away(
    run: Any, scripted: Any, front: Any, until: Any, request_: bytes
) -> None:
    async def main() -> None:
        async with scripted(silent(scripted)) as server, front(server.port) as waf:
            wire = await waf.wire(request_)
            await until(lambda: jobs() == 1)
            wire.close()
            await until(lambda: not waf.service.open)
            await waf.events(1)
            await asyncio.sleep(0)
            assert jobs() == 0

    run(main())


@pytest.mark.parametrize("body", [b'{"a": 1, "a": 2}', b'{"a": ', b'{"a": NaN}', b"\xff\xfe{\0"])
def test_nothing_is_left_of_a_body_that_cannot_be_read(body: bytes) -> None:
    engine = Engine(load_ruleset(Rules(packs=())), Config())
    mine = b"%b" % body + b" "
    before = sys.getrefcount(mine)
    request = Request(method="POST", target="/", headers=(("Content-Type", "application/json"),), body=mine)
    assert engine.inspect(request).decision.status == 400
    del request
    assert sys.getrefcount(mine) == before

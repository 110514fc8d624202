"""Response rules: what is held back, what is seen, and what becomes of the answer."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path
from typing import Any

import pytest

from tests.edge.front import RESPONSE_PACK

GET = b"GET / HTTP/1.1\r\nHost: api\r\nAccept-Encoding: gzip\r\n\r\n"


def counted(body: bytes, *lines: bytes) -> bytes:
    extra = b"".join(line + b"\r\n" for line in lines)
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%b\r\n%b" % (len(body), extra, body)


def chunked(body: bytes, *lines: bytes) -> bytes:
    extra = b"".join(line + b"\r\n" for line in lines)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (extra, len(body), body)


LARGE = b"x" * 200_000
GZIP = b"Content-Encoding: gzip"
EVENTS = b"Content-Type: text/event-stream"
ANSWERS = {
    "clean": (counted(b"hello"), 200),
    "small": (counted(b"a SECRET b"), 403),
    "chunked": (chunked(b"a SECRET b"), 403),
    "large": (counted(LARGE + b"SECRET"), 403),
    "large and chunked": (chunked(LARGE + b"SECRET"), 403),
    "large and clean": (counted(LARGE), 200),
    "until the close": (b"HTTP/1.1 200 OK\r\n\r\nSECRET", 403),
    "encoded all the same": (counted(gzip.compress(b"a SECRET b"), GZIP), 403),
    "encoded and clean": (counted(gzip.compress(b"fine"), GZIP), 200),
    "not what it says": (counted(b"a SECRET b", GZIP), 200),
    "a stream": (chunked(b"data: SECRET\n\n", EVENTS), 200),
    "no body": (b"HTTP/1.1 204 No Content\r\n\r\n", 204),
}


def answering(scripted: Any, answer: bytes, seen: list[bytes]) -> Any:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append((await scripted.request(reader))[0])
        writer.write(answer)

    return script


@pytest.fixture
def rules(tmp_path: Path) -> list[str]:
    pack = tmp_path / "answers.yaml"
    pack.write_text(RESPONSE_PACK)
    return [str(pack)]


@pytest.mark.parametrize(("answer", "status"), ANSWERS.values(), ids=list(ANSWERS))
def test_answers(run: Any, scripted: Any, front: Any, rules: list[str], answer: bytes, status: int) -> None:
    async def main() -> None:
        seen: list[bytes] = []
        async with scripted(answering(scripted, answer, seen)) as server, front(server.port, rules__packs=rules) as waf:
            got = await waf.ask(GET)
            assert got.status == status
            assert b"Accept-Encoding" not in seen[0]
            if status == 403:
                assert b"SECRET" not in got.body
                assert got.headers["x-should-retry"] == "false"
                [event] = await waf.events(1)
                assert (event["action"], event["rules"][0]["id"], event["upstream_status"]) == ("block", 9000011, 200)
            elif b"x" * 100 in answer:
                assert got.body == LARGE

    run(main())


def test_past_the_cap_nothing_is_seen(run: Any, scripted: Any, front: Any, rules: list[str]) -> None:
    async def main() -> None:
        answer = chunked(b"y" * 300_000 + b"SECRET")
        async with (
            scripted(answering(scripted, answer, [])) as server,
            front(server.port, rules__packs=rules, limits__response_inspect=1024) as waf,
        ):
            got = await waf.ask(GET)
            assert (got.status, got.body) == (200, b"y" * 300_000 + b"SECRET")

    run(main())


@pytest.mark.parametrize(("mode", "would_block"), [("monitor", True), ("off", False)])
def test_modes(run: Any, scripted: Any, front: Any, rules: list[str], mode: str, would_block: bool) -> None:
    async def main() -> None:
        async with (
            scripted(answering(scripted, counted(b"SECRET"), [])) as server,
            front(server.port, rules__packs=rules, mode=mode) as waf,
        ):
            assert (await waf.ask(GET)).body == b"SECRET"
            [event] = await waf.events(1)
            assert event["would_block"] is would_block

    run(main())


def test_an_upstream_that_breaks_off_while_its_answer_is_held(
    run: Any, scripted: Any, front: Any, rules: list[str]
) -> None:
    async def main() -> None:
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nhalf"
        async with scripted(answering(scripted, answer, [])) as server, front(server.port, rules__packs=rules) as waf:
            assert (await waf.ask(GET)).status == 502

    run(main())

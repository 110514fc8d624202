"""What a request goes through, over sockets: forwarded, blocked, refused, failed, and recorded in every case."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
import zlib
from dataclasses import replace
from typing import Any

import brotli
import pytest
import zstandard

from waf.config import load
from waf.edge.runtime import Runtime
from waf.engine import Engine
from waf.model import Request
from waf.routes import CompiledRoute
from waf.settings import Route
from waf.verdict import Verdict

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


def post(body: bytes, *headers: bytes, path: bytes = b"/v1/chat/completions") -> bytes:
    lines = b"".join(header + b"\r\n" for header in headers)
    return b"POST %b HTTP/1.1\r\nHost: api\r\nContent-Length: %d\r\n%b\r\n%b" % (path, len(body), lines, body)


def chat(text: str, **more: Any) -> bytes:
    return json.dumps({"model": "m", "messages": [{"role": "user", "content": text}], **more}).encode()


JSON = b"Content-Type: application/json"


class Model:
    """An upstream that keeps what it was sent and gives the same answer to all."""

    def __init__(self, scripted: Any, answer: bytes = OK) -> None:
        self.seen: list[tuple[bytes, bytes]] = []
        self._scripted = scripted
        self.answer = answer

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            self.seen.append(await self._scripted.request(reader))
            writer.write(self.answer)

    def headers(self, index: int = -1) -> dict[str, str]:
        lines = self.seen[index][0].decode().split("\r\n")[1:-2]
        return dict(line.split(": ", 1) for line in lines)


def test_a_request_goes_through_byte_for_byte(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        model = Model(scripted)
        body = b'{"messages": [{"role":"user","content":"gr\xc3\xbc\xc3\x9fe \\u00e9"}],\t"x": 1.0}'
        async with scripted(model) as server, front(server.port) as waf:
            answer = await waf.ask(post(body, JSON, b"X-Own: 1", b"X-Waf-Score: forged", b"X_WAF_TAGS: spoof"))
            assert answer.status == 200
            assert answer.body == b"{}"
            assert len(answer.headers["x-waf-request-id"]) == 26
            assert model.seen[0][1] == body
            assert model.seen[0][0].startswith(b"POST /v1/chat/completions HTTP/1.1\r\nHost: api\r\n")
            sent = model.headers()
            assert sent["X-Own"] == "1"
            assert sent["X-WAF-Request-Id"] == answer.headers["x-waf-request-id"]
            assert (sent["X-WAF-Action"], sent["X-WAF-Score"], sent["X-WAF-Tags"]) == ("allow", "0", "")
            assert sent["X-Forwarded-For"] == "127.0.0.1"
            assert sent["Content-Length"] == str(len(body))
            assert b"spoof" not in model.seen[0][0]
            assert b"forged" not in model.seen[0][0]
            [event] = await waf.events(1)
            assert (event["action"], event["status"], event["outcome"]) == ("allow", 200, "ok")
            assert event["bytes_in"] == len(body)
            assert event["bytes_out"] == 2

    run(main())


def test_tagged_requests_carry_their_tags(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        model = Model(scripted)
        async with scripted(model) as server, front(server.port, signature_secret="0123456789abcdef") as waf:
            await waf.ask(post(chat("an odd thing"), JSON))
            sent = model.headers()
            assert (sent["X-WAF-Action"], sent["X-WAF-Tags"]) == ("tag", "odd.word")
            assert sent["X-WAF-Signature"].startswith("t=")

    run(main())


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        (b"/v1/chat/completions", lambda e: e["error"]["code"]),
        (b"/v1/messages", lambda e: e["error"]["type"]),
        (b"/anything", lambda e: e["error"]["code"]),
    ],
)
def test_a_block_has_the_shape_of_the_clients_api(run: Any, scripted: Any, front: Any, path: bytes, shape: Any) -> None:
    async def main() -> None:
        model = Model(scripted)
        async with scripted(model) as server, front(server.port) as waf:
            wire = await waf.wire()
            answer = await wire.ask(post(chat("something evil"), JSON, path=path))
            assert answer.status == 403
            assert answer.headers["x-should-retry"] == "false"
            assert shape(answer.json()) in ("request_blocked", "permission_error")
            assert answer.headers["x-waf-request-id"] in answer.body.decode()
            assert model.seen == []
            after = await wire.ask(post(chat("something fine"), JSON, path=path))
            assert after.status == 200
            [blocked, _] = await waf.events(2)
            assert (blocked["action"], blocked["reason"], blocked["rules"][0]["id"]) == ("block", "score", 9000001)

    run(main())


@pytest.mark.parametrize(("mode", "would_block"), [("monitor", True), ("off", False)])
def test_modes_that_let_everything_through(run: Any, scripted: Any, front: Any, mode: str, would_block: bool) -> None:
    async def main() -> None:
        model = Model(scripted)
        async with scripted(model) as server, front(server.port, mode=mode) as waf:
            assert (await waf.ask(post(chat("evil"), JSON))).status == 200
            [event] = await waf.events(1)
            assert event["mode"] == mode
            assert event["would_block"] is would_block

    run(main())


ENCODERS = {
    b"gzip": gzip.compress,
    b"deflate": zlib.compress,
    b"br": brotli.compress,
    b"zstd": zstandard.ZstdCompressor().compress,
    b"gzip, br": lambda data: brotli.compress(gzip.compress(data)),
    b"GZIP": gzip.compress,
}


@pytest.mark.parametrize(("coding", "encode"), ENCODERS.items(), ids=[c.decode() for c in ENCODERS])
def test_encoded_bodies_are_read_and_go_on_as_they_came(
    run: Any, scripted: Any, front: Any, coding: bytes, encode: Any
) -> None:
    async def main() -> None:
        model = Model(scripted)
        async with scripted(model) as server, front(server.port) as waf:
            wire = await waf.wire()
            fine = encode(chat("fine " * 2000))
            assert (await wire.ask(post(fine, JSON, b"Content-Encoding: " + coding))).status == 200
            assert model.seen[0][1] == fine
            assert model.headers()["Content-Encoding"] == coding.decode()
            evil = encode(chat("fine " * 2000 + "evil"))
            assert (await wire.ask(post(evil, JSON, b"Content-Encoding: " + coding))).status == 403
            twice = [b"Content-Encoding: " + part.strip() for part in coding.split(b",")]
            assert (await wire.ask(post(evil, JSON, *twice))).status == 403
            [event, *_] = await waf.events(3)
            assert event["bytes_in"] == len(fine)
            assert event["coverage"]["body_bytes"] == len(chat("fine " * 2000))

    run(main())


def test_a_large_encoded_body_is_decoded_on_a_thread(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async with scripted(Model(scripted)) as server, front(server.port) as waf:
            body = gzip.compress(chat(" ".join(str(i * i) for i in range(20_000)) + " evil"))
            assert len(body) > 4096
            assert (await waf.ask(post(body, JSON, b"Content-Encoding: gzip"))).status == 403

    run(main())


@pytest.mark.parametrize(
    ("body", "kind", "on_the_loop"),
    [
        (b"{}", JSON, True),
        (json.dumps("a long text " * 5_000).encode(), JSON, True),
        (json.dumps("a long text " * 6_000).encode(), JSON, False),
        (json.dumps([f"{i};" for i in range(500)]).encode(), JSON, True),
        (json.dumps([f"{i};" for i in range(600)]).encode(), JSON, False),
        (json.dumps({f"{i};": i for i in range(600)}).encode(), JSON, False),
        (json.dumps(list(range(9_000))).encode(), JSON, True),
        (b"&".join([b"a=%d" % i for i in range(900)]), b"Content-Type: application/x-www-form-urlencoded", True),
        (b"<a>" + b"<b>1</b>" * 600 + b"</a>", b"Content-Type: application/xml", False),
    ],
    ids=lambda value: f"{len(value)}" if isinstance(value, bytes) else None,
)
def test_what_takes_long_to_look_at_does_not_hold_up_the_loop(
    run: Any, scripted: Any, front: Any, monkeypatch: pytest.MonkeyPatch, body: bytes, kind: bytes, on_the_loop: bool
) -> None:
    threads: list[threading.Thread] = []
    examine = Engine.examine

    def seen(engine: Engine, request: Request) -> Verdict:
        threads.append(threading.current_thread())
        return examine(engine, request)

    async def main() -> None:
        async with scripted(Model(scripted)) as server, front(server.port) as waf:
            monkeypatch.setattr(Engine, "examine", seen)
            assert (await waf.ask(post(body, kind, path=b"/any"))).status == 200
            assert [thread is threading.current_thread() for thread in threads] == [on_the_loop]

    run(main())


def test_off_means_that_bodies_are_not_read(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        model = Model(scripted)
        async with scripted(model) as server, front(server.port, mode="off") as waf:
            assert (await waf.ask(post(b"\x28\xb5\x2f", b"Content-Encoding: lzma"))).status == 200
            assert model.seen[0][1] == b"\x28\xb5\x2f"

    run(main())


def test_who_the_client_is(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        model = Model(scripted)
        forged = b"X-Forwarded-For: 198.51.100.1"
        async with scripted(model) as server:
            async with front(server.port) as waf:
                await waf.ask(post(b"{}", JSON, forged))
                [event] = await waf.events(1)
                assert event["client"] == "127.0.0.1"
                assert model.headers()["X-Forwarded-For"] == "127.0.0.1"
            async with front(server.port, trusted_proxies=["127.0.0.0/8"]) as waf:
                await waf.ask(post(b"{}", JSON, forged))
                [_, event] = await waf.events(2)
                assert event["client"] == "198.51.100.1"
                assert model.headers()["X-Forwarded-For"] == "198.51.100.1, 127.0.0.1"

    run(main())


@pytest.mark.parametrize(
    ("preserve", "request_", "host"),
    [
        (True, b"GET / HTTP/1.1\r\nHost: api.example\r\n\r\n", "api.example"),
        (False, b"GET / HTTP/1.1\r\nHost: api.example\r\n\r\n", "127.0.0.1"),
        (True, b"GET / HTTP/1.0\r\n\r\n", "127.0.0.1"),
    ],
)
def test_host(run: Any, scripted: Any, front: Any, preserve: bool, request_: bytes, host: str) -> None:
    async def main() -> None:
        model = Model(scripted)
        async with scripted(model) as server, front(server.port, upstream__preserve_host=preserve) as waf:
            assert (await waf.ask(request_)).status == 200
            assert model.headers()["Host"].removesuffix(f":{server.port}") == host

    run(main())


def test_a_blocked_head_request_gets_a_head(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async with scripted(Model(scripted)) as server, front(server.port, server_header="edge") as waf:
            wire = await waf.wire(b"HEAD /?q=evil HTTP/1.1\r\nHost: api\r\n\r\n")
            answer = await wire.answer(bodiless=True)
            assert (answer.status, answer.headers["server"]) == (403, "edge")
            assert int(answer.headers["content-length"]) > 0
            assert answer.headers["date"].endswith(" GMT")
            again = await wire.ask(b"GET /?q=evil HTTP/1.1\r\nHost: api\r\n\r\n")
            assert again.status == 403

    run(main())


class Broken(Engine):
    """An engine with a bug."""

    def examine(self, request: Request) -> Verdict:
        raise RuntimeError("a bug")


@pytest.mark.parametrize(
    ("fail", "status", "outcome"), [("closed", 500, "internal_error"), ("open", 200, "failed_open")]
)
def test_a_fault_of_ours(run: Any, scripted: Any, front: Any, fail: str, status: int, outcome: str) -> None:
    async def main() -> None:
        model = Model(scripted)
        async with scripted(model) as server, front(server.port) as waf:
            config = replace(load(None, waf.settings), routes=(Route(fail=fail),))  # type: ignore[arg-type]
            handler = waf.service._handler
            handler.runtime = Runtime.of(config, Broken(handler.runtime.engine.ruleset, config))
            answer = await waf.ask(post(chat("hello"), JSON))
            assert answer.status == status
            [event] = await waf.events(1)
            assert (event["outcome"], event["status"]) == (outcome, status)
            if fail == "open":
                assert model.headers()["X-WAF-Tags"] == "uninspected"
            else:
                assert answer.headers["connection"] == "close"
                assert b"a bug" not in answer.body
                assert model.seen == []

    run(main())


class Speechless(Broken):
    """An engine with two bugs: the second is in what should tell about the first."""

    def refused(self, *args: Any) -> Verdict:
        raise RuntimeError("another bug")


def test_a_fault_while_answering_ends_the_connection(run: Any, scripted: Any, front: Any, caplog: Any) -> None:
    async def main() -> None:
        async with scripted(Model(scripted)) as server, front(server.port) as waf:
            handler = waf.service._handler
            config = handler.runtime.config
            handler.runtime = Runtime.of(config, Speechless(handler.runtime.engine.ruleset, config))
            wire = await waf.wire(post(b"", b"Expect: x"))
            assert await wire.rest() == b""
            malformed = await waf.wire(b"nonsense\r\n\r\n")
            assert await malformed.rest() == b""
            assert waf.service.metrics.inflight == 0
            [event] = await waf.events(1)
            assert event["outcome"] == "expect"

    run(main())
    assert caplog.text.count("ended by a fault") == 2


class BrokenText(Engine):
    """An engine with a bug in what only WebSockets use."""

    def examine_text(self, route: CompiledRoute, path: str, text: str, handshake: Request | None = None) -> Verdict:
        raise RuntimeError("a bug")


def test_a_fault_of_ours_within_a_websocket_cuts_it(run: Any, scripted: Any, front: Any) -> None:
    """An answer has begun, so there is nothing to say any more."""

    async def main() -> None:
        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            writer.write(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
            await reader.read()

        async with scripted(script) as server, front(server.port) as waf:
            handler = waf.service._handler
            config = handler.runtime.config
            handler.runtime = Runtime.of(config, BrokenText(handler.runtime.engine.ruleset, config))
            wire = await waf.wire(
                b"GET / HTTP/1.1\r\nHost: api\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            )
            assert (await wire.head()).startswith(b"HTTP/1.1 101")
            wire.send(b"\x81\x82\0\0\0\0hi")
            assert await wire.rest() == b""
            [event] = await waf.events(1)
            assert (event["outcome"], event["status"]) == ("internal_error", 101)

    run(main())


def test_an_own_answer_keeps_an_old_clients_connection(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async with scripted(Model(scripted)) as server, front(server.port) as waf:
            wire = await waf.wire()
            for _ in range(2):
                answer = await wire.ask(b"GET /?q=evil HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                assert (answer.status, answer.headers["connection"]) == (403, "keep-alive")

    run(main())

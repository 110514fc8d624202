"""What a request goes through, over sockets: forwarded, blocked, refused, failed, and recorded in every case."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

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
            answer = await waf.ask(post(body, JSON, b"X-Own: 1", b"X-Waf-Score: 99", b"X_WAF_TAGS: spoof"))
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
            assert b"99" not in model.seen[0][0]
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

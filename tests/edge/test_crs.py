"""The CRS over sockets: requests and answers it refuses, and a file that is added while requests run."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from tests.edge.test_upgrade import CLOSE, TEXT, Echo, frame, handshake, read_frame

RULES = """
SecRule ARGS "@contains xyzzy" "id:1001,phase:2,deny,status:406,log"
SecRule RESPONSE_BODY "@contains leak" "id:1002,phase:4,deny,status:502,log,setvar:'tx.outbound_anomaly_score_pl1=+4'"
"""
GET = b"GET /?q=%s HTTP/1.1\r\nHost: api\r\n\r\n"


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers with the request line."""
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        line = head.partition(b"\r\n")[0]
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s" % (len(line), line))


def test_requests_answers_and_new_files(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    rules = tmp_path / "crs" / "rules"
    rules.mkdir(parents=True)
    (rules / "one.conf").write_text(RULES)

    async def main() -> None:
        async with (
            scripted(echo) as server,
            front(server.port, rules__watch=True, crs__path=str(rules.parent)) as waf,
        ):
            wire = await waf.wire()
            assert (await wire.ask(GET % b"fine")).status == 200
            assert (await wire.ask(GET % b"xyzzy")).status == 406
            assert (await wire.ask(GET % b"leak")).status == 502
            (rules / "two.conf").write_text('SecRule ARGS "@contains plugh" "id:1003,phase:2,deny,log"')
            while (await wire.ask(GET % b"plugh")).status != 403:  # noqa: ASYNC110 - what changes it knows nothing of us
                await asyncio.sleep(0.02)

    run(main())


COUNT = """
SecAction "id:1,phase:1,pass,nolog,initcol:ip=%{REMOTE_ADDR},setvar:ip.n=+1,expirevar:ip.n=600"
SecRule IP:n "@gt 2" "id:2,phase:1,deny,status:429,log"
"""


def test_requests_are_counted_and_a_reload_forgets_nothing(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    (tmp_path / "own.conf").write_text(COUNT)

    async def main() -> None:
        async with scripted(echo) as server, front(server.port, crs__path=str(tmp_path / "own.conf")) as waf:
            wire = await waf.wire()
            assert (await wire.ask(GET % b"1")).status == 200
            assert (await wire.ask(GET % b"2")).status == 200
            assert await waf.service.reload()
            assert (await wire.ask(GET % b"3")).status == 429

    run(main())


def test_messages_of_a_websocket(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    (tmp_path / "own.conf").write_text(RULES)

    async def main() -> None:
        server = Echo()
        async with scripted(server) as upstream, front(upstream.port, crs__path=str(tmp_path / "own.conf")) as waf:
            wire = await waf.wire(handshake())
            await wire.head()
            wire.send(frame(b'{"a": "fine"}'))
            assert await read_frame(wire.reader) == (TEXT, b'{"A": "FINE"}')
            wire.send(frame(b'{"a": "\\u0078yzzy"}'))
            opcode, data = await read_frame(wire.reader)
            assert (opcode, int.from_bytes(data[:2], "big")) == (CLOSE, 1008)
            wire.send(frame(data[:2], CLOSE))
            await wire.rest()
            assert len(server.texts) == 1
            [event] = await waf.events(1)
            assert (event["action"], event["outcome"]) == ("block", "websocket_blocked")
            assert event["crs"]["blocked_by"] == 1001

    run(main())


def test_answers_that_pass_name_rules_where_they_may(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    (tmp_path / "own.conf").write_text(RULES)

    async def main() -> None:
        path = str(tmp_path / "own.conf")
        async with (
            scripted(echo) as server,
            front(server.port, mode="monitor", expose_matches=True, crs__path=path) as waf,
        ):
            wire = await waf.wire()
            answer = await wire.ask(GET % b"xyzzy+evil")
            assert (answer.status, answer.headers["x-waf-rules"]) == (200, "9000001,1001")
            assert (await wire.ask(GET % b"leak")).headers["x-waf-rules"] == "1002"
            assert "x-waf-rules" not in (await wire.ask(GET % b"fine")).headers
        async with scripted(echo) as server, front(server.port, mode="monitor", crs__path=path) as waf:
            assert "x-waf-rules" not in (await (await waf.wire()).ask(GET % b"xyzzy")).headers

    run(main())


def test_a_stream_names_rules_as_well(run: Any, scripted: Any, front: Any) -> None:
    async def stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-WAF-Rules: 666\r\n\r\ndata: x\n\n")

    async def main() -> None:
        async with scripted(stream) as server, front(server.port, mode="monitor", expose_matches=True) as waf:
            answer = await (await waf.wire()).ask(GET % b"evil")
            assert (answer.status, answer.headers["x-waf-rules"]) == (200, "9000001")

    run(main())

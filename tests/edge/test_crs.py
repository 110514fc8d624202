"""The CRS over sockets: requests and answers it refuses, and a file that is added while requests run."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

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

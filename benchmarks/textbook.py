"""The proxy anybody would write with aiohttp in ten minutes, and what `waf bench` compares with: it inspects nothing.

`python benchmarks/textbook.py UPSTREAM` prints `listening on http://127.0.0.1:PORT` and stays until SIGTERM. Bodies
stream both ways, connections are kept and pooled, the loop is uvloop, access logs are off: nothing makes it slower
than it has to be.
"""

from __future__ import annotations

import asyncio
import signal
import sys

import uvloop
from aiohttp import ClientSession, DummyCookieJar, TCPConnector, web
from yarl import URL

HOP_BY_HOP = frozenset(
    "connection keep-alive proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade".split()
)
LEAVE_ALONE = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")


def proxy_to(upstream: str, session: ClientSession) -> web.Application:
    async def proxy(request: web.Request) -> web.StreamResponse:
        headers = [(k, v) for k, v in request.headers.items() if k.lower() not in HOP_BY_HOP]
        async with session.request(
            request.method,
            URL(upstream + request.path_qs, encoded=True),
            headers=headers,
            data=request.content if request.body_exists else None,
            allow_redirects=False,
            skip_auto_headers=LEAVE_ALONE,
        ) as answer:
            response = web.StreamResponse(status=answer.status, reason=answer.reason)
            for name, value in answer.headers.items():
                if name.lower() not in HOP_BY_HOP:
                    response.headers.add(name, value)
            await response.prepare(request)
            async for chunk in answer.content.iter_any():
                await response.write(chunk)
            await response.write_eof()
            return response

    app = web.Application(client_max_size=64 << 20)
    app.router.add_route("*", "/{path:.*}", proxy)
    return app


async def main(upstream: str) -> None:
    connector = TCPConnector(limit=0, keepalive_timeout=75)
    async with ClientSession(connector=connector, cookie_jar=DummyCookieJar(), auto_decompress=False) as session:
        runner = web.AppRunner(proxy_to(upstream, session), access_log=None, keepalive_timeout=300)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        print(f"listening on http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
        await stop.wait()
        await runner.cleanup()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1].rstrip("/")))

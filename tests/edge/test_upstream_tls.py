"""TLS and addresses towards the upstream."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from waf.edge.upstream import UpstreamPool
from waf.errors import UpstreamError, UpstreamTimeout, UpstreamUnreachable
from waf.settings import Timeouts, Upstream, UpstreamTls

DATA = Path(__file__).parent / "data"
HOST = [(b"Host", b"model")]
TIMES = Timeouts(upstream_connect=5, upstream_first_byte=10, upstream_idle=10, upstream_keepalive=10)
EMPTY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

Run = Callable[[Any], Any]


def server_context(ask: bool = False) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(DATA / "upstream_cert.pem", DATA / "upstream_key.pem")
    if ask:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(DATA / "client_cert.pem")
    return context


def client_context(trust: bool = True) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=DATA / "upstream_cert.pem" if trust else None)


def pool_for(server: Any, context: ssl.SSLContext, name: str = "model.test", times: Timeouts = TIMES) -> UpstreamPool:
    settings = Upstream(url=f"https://127.0.0.1:{server.port}", tls=UpstreamTls(server_name=name))
    return UpstreamPool(settings, times, ssl=context)


def keeping(scripted: Any, peers: list[Any] | None = None) -> Any:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if peers is not None:
            peers.append(writer.get_extra_info("peercert"))
        while True:
            await scripted.request(reader)
            writer.write(EMPTY)

    return script


@pytest.mark.parametrize("name", ["model.test", ""], ids=["by name", "by address"])
def test_requests_over_tls(run: Run, scripted: Any, name: str) -> None:
    async def main() -> None:
        names: list[str | None] = []
        context = server_context()
        context.sni_callback = lambda _socket, sni, _context: names.append(sni)
        server = scripted(keeping(scripted), ssl=context)
        async with server:
            pool = pool_for(server, client_context(), name)
            for method in ("GET", "POST", "POST"):
                assert (await pool.request(method, "/", HOST)).status == 200
            assert (server.connections, pool.idle) == (1, 1)
            assert names == [name or None]
            await pool.close()

    run(main())


@pytest.mark.parametrize(("trust", "name"), [(False, "model.test"), (True, "other.test")])
def test_a_certificate_that_does_not_fit(run: Run, scripted: Any, trust: bool, name: str) -> None:
    async def main() -> None:
        async with scripted(keeping(scripted), ssl=server_context()) as server:
            pool = pool_for(server, client_context(trust), name)
            with pytest.raises(UpstreamUnreachable) as caught:
                await pool.request("GET", "/", HOST)
            assert caught.value.code == "upstream_unreachable"
            assert pool.open == 0

    run(main())


def test_a_client_certificate(run: Run, scripted: Any) -> None:
    async def main() -> None:
        peers: list[Any] = []
        async with scripted(keeping(scripted, peers), ssl=server_context(ask=True)) as server:
            context = client_context()
            context.load_cert_chain(DATA / "client_cert.pem", DATA / "client_key.pem")
            pool = pool_for(server, context)
            assert (await pool.request("GET", "/", HOST)).status == 200
            assert peers[0]["subject"] == ((("commonName", "firewall"),),)
            await pool.close()

    run(main())


@pytest.mark.parametrize(
    ("answer", "tls", "hint"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", True, "perhaps `upstream.url` should begin with http://"),
        (b"\x15\x03\x01\x00\x02\x02\x46", False, "it speaks TLS; perhaps `upstream.url` should begin with https://"),
    ],
)
def test_the_other_scheme_is_named(run: Run, scripted: Any, answer: bytes, tls: bool, hint: str) -> None:
    async def main() -> None:
        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(1)
            writer.write(answer)
            await reader.read()

        async with scripted(script) as server:
            plain = UpstreamPool(Upstream(url=f"http://127.0.0.1:{server.port}"), TIMES)
            pool = pool_for(server, client_context()) if tls else plain
            with pytest.raises(UpstreamError, match=hint):
                await pool.request("GET", "/", HOST)
            await pool.close()

    run(main())


def test_a_handshake_that_never_comes_is_part_of_connecting(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()

        server = scripted(script)
        async with server:
            pool = pool_for(server, client_context(), times=replace(TIMES, upstream_connect=0.05))
            with pytest.raises(UpstreamTimeout) as caught:
                await pool.request("GET", "/", HOST)
            assert caught.value.code == "upstream_connect_timeout"
            assert pool.open == 0
            await until(lambda: server.ended == 1)

    run(main())


def test_a_new_context_is_for_new_connections(run: Run, scripted: Any, until: Any) -> None:
    async def main() -> None:
        release = asyncio.Event()
        busy = asyncio.Event()

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while True:
                head, _ = await scripted.request(reader)
                if b"/wait" in head:
                    busy.set()
                    await release.wait()
                writer.write(EMPTY)

        server = scripted(script, ssl=server_context())
        async with server:
            pool = pool_for(server, client_context())
            waiting = asyncio.ensure_future(pool.request("GET", "/wait", HOST))
            await busy.wait()
            await pool.request("GET", "/", HOST)
            assert (pool.open, pool.idle) == (2, 1)
            pool.replace_tls(client_context(trust=False))
            assert pool.idle == 0
            await until(lambda: pool.open == 1)
            release.set()
            assert (await waiting).status == 200
            await until(lambda: pool.open == 0)
            with pytest.raises(UpstreamUnreachable):
                await pool.request("GET", "/", HOST)
            pool.replace_tls(client_context())
            assert (await pool.request("GET", "/", HOST)).status == 200
            await pool.close()

    run(main())


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6 loopback")
def test_an_ipv6_address(run: Run, scripted: Any) -> None:
    async def main() -> None:
        async with scripted(keeping(scripted), host="::1") as server:
            pool = UpstreamPool(Upstream(url=f"http://[::1]:{server.port}"), TIMES)
            assert (await pool.request("GET", "/", HOST)).status == 200
            await pool.close()

    run(main())

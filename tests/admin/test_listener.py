from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from waf.admin import AdminListener, State
from waf.admin.listener import split_address
from waf.errors import ConfigError
from waf.record import Metrics


@pytest.fixture
def state() -> State:
    return State()


@pytest.fixture
async def listener(state: State) -> AsyncIterator[AdminListener]:
    listener = AdminListener("127.0.0.1:0", Metrics(), state)
    await listener.start()
    yield listener
    await listener.close()


async def get(listener: AdminListener, path: str, method: str = "GET", **more: str) -> tuple[int, str, dict[str, str]]:
    async with (
        ClientSession() as session,
        session.request(method, f"http://{listener.address}{path}", headers=more) as answer,
    ):
        return answer.status, await answer.text(), dict(answer.headers)


async def test_alive(listener: AdminListener) -> None:
    status, text, headers = await get(listener, "/healthz")
    assert (status, text) == (200, "ok\n")
    assert headers["Server"] == "waf"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("ready", "reason", "status", "text"),
    [
        (False, "starting", 503, "not ready: starting\n"),
        (False, "draining", 503, "not ready: draining\n"),
        (True, "", 200, "ready\n"),
    ],
)
async def test_ready(listener: AdminListener, state: State, ready: bool, reason: str, status: int, text: str) -> None:
    state.ready, state.reason = ready, reason
    assert (await get(listener, "/readyz"))[:2] == (status, text)


async def test_metrics(listener: AdminListener) -> None:
    status, text, headers = await get(listener, "/metrics")
    assert status == 200
    assert headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "waf_requests" in {family.name for family in text_string_to_metric_families(text)}


async def test_the_loop_is_watched_meanwhile(listener: AdminListener) -> None:
    async with asyncio.timeout(20):
        while "waf_loop_stall_seconds_count 0.0" in (await get(listener, "/metrics"))[1]:
            continue


@pytest.mark.parametrize(
    "path", ["/", "/admin", "/metrics/", "/Metrics", "//metrics", "/metrics%00", "/../healthz/x", "/healthzz"]
)
async def test_anything_else_is_not_there(listener: AdminListener, path: str) -> None:
    assert (await get(listener, path))[0] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_only_reading(listener: AdminListener, method: str) -> None:
    status, _, headers = await get(listener, "/metrics", method)
    assert status == 405
    assert headers["Allow"] == "GET, HEAD"


async def test_head(listener: AdminListener) -> None:
    assert (await get(listener, "/healthz", "HEAD"))[:2] == (200, "")


async def test_the_host_header_means_nothing(listener: AdminListener) -> None:
    status, text, headers = await get(listener, "/healthz", Host="evil.example")
    assert (status, text) == (200, "ok\n")
    assert "evil" not in str(headers)


async def test_a_port_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listener = AdminListener(f"127.0.0.1:{taken.getsockname()[1]}", Metrics(), State())
        with pytest.raises(ConfigError, match=r"admin\.listen: error: cannot listen on 127"):
            await listener.start()
        with pytest.raises(RuntimeError, match="not been started"):
            _ = listener.address
        await listener.close()


def ipv6_loopback() -> bool:
    with socket.socket(socket.AF_INET6) as probe:
        return probe.connect_ex(("::1", 9)) != errno.EADDRNOTAVAIL


@pytest.mark.skipif(not ipv6_loopback(), reason="this machine has no ::1")
async def test_ipv6() -> None:
    listener = AdminListener("[::1]:0", Metrics(), State(ready=True))
    await listener.start()
    try:
        assert listener.address.startswith("[::1]:")
        assert (await get(listener, "/readyz"))[0] == 200
    finally:
        await listener.close()


@pytest.mark.parametrize(
    ("listen", "pair"),
    [("127.0.0.1:9091", ("127.0.0.1", 9091)), ("[::1]:0", ("::1", 0)), ("localhost:80", ("localhost", 80))],
)
def test_addresses(listen: str, pair: tuple[str, int]) -> None:
    assert split_address(listen) == pair


@pytest.mark.parametrize("listen", ["", "9091", ":9091", "host:", "host:x", "host:99999", "host:-1", "host:²"])
def test_what_is_no_address(listen: str) -> None:
    with pytest.raises(ConfigError, match="is not HOST:PORT"):
        split_address(listen)

"""Asking a server that is there, one that is hostile, and one that does not keep up."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from tests.edge.test_certificates import Authority
from tests.state.server import Server
from waf.errors import ConfigError
from waf.record import Metrics
from waf.state import redis as module
from waf.state.breaker import FIRST, LONGEST, STEADY, Breaker
from waf.state.protocol import DAY, Ask, Take
from waf.state.redis import RedisState, SharedDocument
from waf.usage import Redis

ONE = Ask((b"t:q",), (Take(DAY, 1, 0, 10),))


def run(main: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(main, 20))


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - what changes it knows nothing of us
        await asyncio.sleep(0.002)


def test_many_asks_of_one_moment_are_answered_in_order(redis: Server) -> None:
    async def main() -> None:
        metrics = Metrics()
        state = RedisState(Redis(url=redis.url, timeout=2.0), metrics)
        await state.start(lambda _: None)
        state.tell([ONE] * 3)
        found = await asyncio.gather(*(state.ask(ONE) for _ in range(300)))
        numbers = [answer.numbers[0] for answer in found if answer is not None and not answer.refused]
        assert numbers == [4, 5, 6, 7, 8, 9, 10]
        assert "waf_state_up 1.0" in metrics.render().decode()
        await state.close()
        assert not state.up
        assert await state.ask(ONE) is None

    run(main())


def test_a_queue_has_an_end(redis: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_WAITING", 5)

    async def main() -> None:
        state = RedisState(Redis(url=redis.url, timeout=2.0), Metrics())
        await state.start(lambda _: None)
        found = await asyncio.gather(*(state.ask(ONE) for _ in range(9)))
        assert [answer is None for answer in found] == [False] * 5 + [True] * 4
        await state.close()

    run(main())


def test_a_script_that_is_flushed_is_loaded_again(redis: Server) -> None:
    async def main() -> None:
        state = RedisState(Redis(url=redis.url, timeout=2.0), Metrics())
        await state.start(lambda _: None)
        redis.ask("SCRIPT", "FLUSH")
        assert await state.ask(ONE) is None
        await until(lambda: state.up)
        assert await state.ask(ONE) is not None
        await state.close()

    run(main())


def test_a_connection_that_idles_is_looked_at(redis: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BEAT", 0.02)

    async def main() -> None:
        told: list[bool] = []
        state = RedisState(Redis(url=redis.url, timeout=2.0), Metrics())
        await state.start(told.append)
        redis.ask("CLIENT", "KILL", "TYPE", "normal")
        await until(lambda: len(told) == 2)
        assert told == [False, False], "it has not forgotten anything"
        redis.ask("FLUSHALL")
        redis.ask("CLIENT", "KILL", "TYPE", "normal")
        await until(lambda: len(told) == 3)
        assert told[2]
        await state.close()

    run(main())


@pytest.mark.parametrize("delay", [0.0, 10.0])
def test_a_server_that_is_too_slow_is_not_asked(redis: Server, delay: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """When it is slow from the start, it is not even up; one that hangs later costs one wait."""
    if not delay:
        monkeypatch.setattr(module, "CONNECT", 0.2)

    async def main() -> None:
        state = RedisState(Redis(url=redis.url, timeout=0.001 if not delay else 0.05), Metrics())
        if not delay:
            redis.freeze()
            await state.start(lambda _: None)
            assert not state.up
        else:
            await state.start(lambda _: None)
            assert state.up
            redis.freeze()
            assert await state.ask(ONE) is None
            assert not state.up
        redis.thaw()
        await state.close()

    try:
        run(main())
    finally:
        redis.thaw()


@pytest.mark.parametrize(
    "reply",
    [
        b"-ERR no\r\n",
        b"-LOADING\r\n",
        b"$-1\r\n",
        b"$3\r\nabc\r\n",
        b":1\r\n",
        b"*1\r\n:1\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"",
    ],
)
def test_what_is_no_redis_is_not_believed(reply: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONNECT", 0.3)

    async def main() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(100)
            writer.write(reply)
            await reader.read(10_000)
            writer.close()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            state = RedisState(Redis(url=f"redis://127.0.0.1:{port}"), Metrics())
            await state.start(lambda _: None)
            assert not state.up
            assert await state.ask(ONE) is None
            await state.close()

    run(main())


def test_an_answer_that_nobody_asked_for_ends_the_connection(redis: Server) -> None:
    """A server, or somebody between, that pushes what was not asked: answers would reach the wrong requests."""

    async def main() -> None:
        async def between(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            upstream, towards = await asyncio.open_connection("127.0.0.1", redis.port)
            clients.append(writer)

            async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
                while data := await source.read(65_536):
                    sink.write(data)
                sink.close()

            await asyncio.gather(pump(reader, towards), pump(upstream, writer))

        clients: list[asyncio.StreamWriter] = []
        async with await asyncio.start_server(between, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            state = RedisState(Redis(url=f"redis://127.0.0.1:{port}", timeout=2.0), Metrics())
            await state.start(lambda _: None)
            assert state.up
            await asyncio.sleep(0.05)
            clients[0].write(b"$1\r\n\x90\r\n")
            await until(lambda: len(clients) == 2 and state.up)
            answer = await state.ask(ONE)
            assert answer is not None
            assert answer.numbers == (1,)
            await state.close()

    run(main())


def test_an_address_with_an_option_that_is_none() -> None:
    async def main() -> None:
        with pytest.raises(ConfigError, match=r"state\.redis\.url"):
            RedisState(Redis(url="redis://h?socket_timeout=soon", ca="x"), Metrics())

    run(main())


def test_tls_is_checked(tmp_path: Path) -> None:
    ours, theirs = Authority(tmp_path, "ours"), Authority(tmp_path, "theirs")
    right = ours.sign("redis", x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("redis.test"))[1]
    wrong = ours.sign("redis", x509.DNSName("another.test"))[1]

    async def up(server: Server, ca: str) -> bool:
        state = RedisState(Redis(url=f"rediss://127.0.0.1:{server.port}", ca=ca, timeout=2.0), Metrics())
        await state.start(lambda _: None)
        try:
            return state.up
        finally:
            await state.close()

    for serial, ca, good in ((right, ours, True), (right, theirs, False), (wrong, ours, False)):
        file = str(tmp_path / f"client-{serial}.pem")
        tls = (
            "--tls-cert-file",
            file,
            "--tls-key-file",
            file,
            "--tls-ca-cert-file",
            ours.file,
            "--tls-auth-clients",
            "no",
        )
        server = Server(tmp_path, *tls, tls=True)
        try:
            server.start()
            assert asyncio.run(up(server, ca.file)) == good
        finally:
            server.stop()


def test_pauses_double_until_a_connection_lasts() -> None:
    breaker = Breaker()
    assert [breaker.failed(0.0) for _ in range(8)] == [FIRST, 0.2, 0.4, 0.8, 1.6, 3.2, LONGEST, LONGEST]
    breaker.worked(10.0)
    assert breaker.failed(10.0 + STEADY - 1) == LONGEST, "one that ends soon is a failure like the others"
    breaker.worked(100.0)
    assert breaker.failed(100.0 + STEADY) == FIRST


def test_a_cluster_is_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def up(server: Server) -> bool:
        state = RedisState(Redis(url=server.url, timeout=2.0), Metrics())
        await state.start(lambda _: None)
        try:
            return state.up
        finally:
            await state.close()

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        bus = free.getsockname()[1]
    server = Server(tmp_path, "--cluster-enabled", "yes", "--cluster-port", str(bus))
    try:
        server.start()
        assert not asyncio.run(up(server))
    finally:
        server.stop()
    assert "it is a Redis Cluster, which is not supported" in "".join(capsys.readouterr())


@pytest.mark.parametrize("value", ["many", "-5", ""])
def test_a_document_whose_number_is_none(redis: Server, value: str) -> None:
    redis.ask("HSET", "waf:keys", "number", value)
    document = SharedDocument(Redis(url=redis.url), "keys")
    if value == "many":
        with pytest.raises(OSError, match="has no number"):
            document.version()
        with pytest.raises(OSError, match="has no number"):
            document.read()
    else:
        assert document.version() == (0, b"")
    document.close()

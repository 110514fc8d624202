"""Limits on the wire: 429 in the API's shape, headers, settling by the answer, turns, quotas that survive."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.edge.test_admission import KEY, Seen, keys, post
from waf.edge.server import Service
from waf.errors import ConfigError
from waf.limits.ledger import Ledger, Row

__all__ = ["keys"]


def answer_of(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


def test_too_many_requests(run: Any, scripted: Any, front: Any, keys: dict[str, Any]) -> None:
    async def main() -> None:
        seen = Seen(scripted)
        rates = [
            {"name": "per-key", "limit": 2, "window": 60},
            {"name": "guesses", "by": "address", "limit": 4, "window": 60},
        ]
        async with scripted(seen.script) as server, front(server.port, usage__rates=rates, **keys) as waf:
            wire = await waf.wire()
            first = await wire.ask(post(f"x-api-key: {KEY}"))
            assert first.headers["ratelimit-policy"] == '"guesses";q=4;w=60, "per-key";q=2;w=60'
            assert first.headers["ratelimit"] == '"guesses";r=3;t=15, "per-key";r=1;t=30'
            assert (await wire.ask(post(f"x-api-key: {KEY}"))).status == 200
            refused = await wire.ask(post(f"x-api-key: {KEY}"))
            assert refused.status == 429
            assert refused.json()["error"]["type"] == "rate_limit_error"
            assert 25 <= int(refused.headers["retry-after"]) <= 30
            assert "x-should-retry" not in refused.headers
            assert (await wire.ask(post("x-api-key: waf_guess"))).status == 401
            assert (await wire.ask(post("x-api-key: waf_guess"))).status == 429, "guessing has a price"
            assert len(seen.heads) == 2
            events = await waf.events(5)
            assert [event["reason"] for event in events[2:]] == ["rate_limited", "key_invalid", "rate_limited"]
            assert events[2]["caller"]["key"]
            assert 'waf_limited_total{kind="rate_limited"} 2.0' in waf.service.metrics.render().decode()
            assert await waf.service.reload()
            assert (await waf.ask(post(f"x-api-key: {KEY}"))).status == 429, "a reload forgives nobody"

    run(main())


def test_tokens_are_settled(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        bodies = [json.dumps({"usage": {"total_tokens": 70}}).encode(), b'{"usage": null}', b"x" * 100_000]

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while True:
                await scripted.request(reader)
                writer.write(answer_of(bodies.pop(0) if bodies else b"{}"))

        rates = [{"name": "tokens", "by": "address", "cost": "tokens", "limit": 1000, "period": "day"}]
        async with scripted(script) as server, front(server.port, usage__rates=rates) as waf:
            left = []
            for _ in range(3):
                answer = await waf.ask(post())
                left.append(int(answer.headers["ratelimit"].split(";r=")[1].split(";")[0]))
            assert left == [930, 928, 926], "what it took, then two guesses that nothing settles"
            assert (
                await waf.ask(post(body=b'{"prompt": "' + b"x" * 3600 + b'"}', path="/v1/completions"))
            ).status == 200
            refused = await waf.ask(post(body=b'{"prompt": "' + b"x" * 3600 + b'"}', path="/v1/completions"))
            assert (refused.status, refused.json()["error"]["code"]) == (429, "quota_exceeded")
            assert (await waf.events(5))[4]["coverage"]["inspected_bytes"] > 3000

    run(main())


def test_a_model_that_was_not_asked_costs_nothing(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while True:
                await scripted.request(reader)
                writer.write(b"HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno")

        rates = [{"name": "tokens", "by": "address", "cost": "tokens", "limit": 1000}]
        async with scripted(script) as server, front(server.port, usage__rates=rates) as waf:
            assert (await waf.ask(post())).headers["ratelimit"] == '"tokens";r=1000;t=0'

    run(main())


class Slow:
    """An upstream that answers when it is told to."""

    def __init__(self, scripted: Any) -> None:
        self.here = 0
        self.go = asyncio.Event()
        self._request = scripted.request

    async def script(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await self._request(reader)
            self.here += 1
            await self.go.wait()
            writer.write(answer_of(b"{}"))


def test_turns(run: Any, scripted: Any, front: Any, until: Any) -> None:
    async def main() -> None:
        slow = Slow(scripted)
        limits = [
            {"name": "busy", "by": "address", "limit": 2, "queue": 1, "wait": 10},
            {"name": "other", "by": "route", "routes": ["default"], "limit": 9},
        ]
        async with scripted(slow.script) as server, front(server.port, usage__concurrency=limits) as waf:
            tasks = [asyncio.create_task(waf.ask(post())) for _ in range(3)]
            await until(lambda: slow.here == 2)
            turns = waf.service._accounts.turns[("busy", "127.0.0.1")]
            await until(lambda: turns.waiting == 1)
            refused = await waf.ask(post())
            assert (refused.status, refused.headers["retry-after"]) == (429, "1")
            slow.go.set()
            assert [answer.status for answer in await asyncio.gather(*tasks)] == [200] * 3
            await until(lambda: not waf.service._accounts.turns)

    run(main())


def test_those_who_wait_too_long_or_leave_give_their_place_up(run: Any, scripted: Any, front: Any, until: Any) -> None:
    async def main() -> None:
        slow = Slow(scripted)
        limits = [{"name": "busy", "by": "all", "limit": 1, "queue": 2, "wait": 0.3}]
        async with scripted(slow.script) as server, front(server.port, usage__concurrency=limits) as waf:
            first = asyncio.create_task(waf.ask(post()))
            await until(lambda: slow.here == 1)
            turns = waf.service._accounts.turns[("busy", "all")]
            leaver = await waf.wire(post())
            await until(lambda: turns.waiting == 1)
            leaver.close()
            await until(lambda: turns.waiting == 0)
            assert (await waf.ask(post())).status == 429
            slow.go.set()
            assert (await first).status == 200
            await until(lambda: not waf.service._accounts.turns)

    run(main())


def chat(model: str, more: str = "") -> bytes:
    named = {"model": model} if model else {}
    return post(body=json.dumps({**named, "messages": [{"role": "user", "content": "hi"}]}).encode(), more=more)


def test_limits_and_costs_by_model(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        body = json.dumps({"usage": {"total_tokens": 100}}).encode()

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while True:
                await scripted.request(reader)
                writer.write(answer_of(body))

        settings = {
            "usage__rates": [
                {"name": "dear", "by": "address", "limit": 2, "window": 3600, "models": ["gpt-4*"]},
                {"name": "tokens", "by": "address", "cost": "tokens", "limit": 10_000, "period": "day"},
            ],
            "usage__model_costs": [{"models": ["gpt-4o-mini"], "factor": 0.5}, {"models": ["gpt-4*"], "factor": 10}],
        }
        async with scripted(script) as server, front(server.port, **settings) as waf:
            assert (await waf.ask(chat("small"))).headers["ratelimit"].startswith('"tokens";r=9900;')
            assert (
                (await waf.ask(chat("gpt-4o-mini")))
                .headers["ratelimit"]
                .startswith('"dear";r=1;t=1800, "tokens";r=9850;')
            )
            assert (
                (await waf.ask(chat("gpt-4.1"))).headers["ratelimit"].startswith('"dear";r=0;t=3600, "tokens";r=8850;')
            )
            assert (await waf.ask(chat("gpt-4.1"))).status == 429
            assert (await waf.ask(chat("small"))).status == 200
            assert (await waf.ask(chat(""))).status == 429, "a default could be any of them"
            assert (await waf.ask(b"GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n")).status == 200

    run(main())


def test_load_is_shed(run: Any, scripted: Any, front: Any, until: Any) -> None:
    async def main() -> None:
        slow = Slow(scripted)
        settings = {"usage__shedding__enabled": True, "usage__shedding__start": 2, "usage__shedding__least": 1}
        async with scripted(slow.script) as server, front(server.port, **settings) as waf:
            tasks = [asyncio.create_task(waf.ask(post())) for _ in range(2)]
            await until(lambda: slow.here == 2)
            shed = await waf.ask(post())
            assert (shed.status, shed.headers["retry-after"]) == (503, "1")
            assert "x-should-retry" not in shed.headers
            assert (shed.json()["error"]["code"], shed.json()["error"]["type"]) == ("overloaded", "server_error")
            slow.go.set()
            assert [(await task).status for task in tasks] == [200, 200]
            assert await waf.service.reload()
            shedder = waf.service._accounts._shedder
            assert (shedder.active, shedder.limit) == (0, 2.0)
            assert (await waf.ask(post())).status == 200

    run(main())


def test_a_model_that_is_away_and_one_that_talks_are_not_in_the_way(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head, _ = await scripted.request(reader)
            if b"Upgrade" in head:
                writer.write(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
                await reader.read()

        settings = {"usage__shedding__enabled": True, "usage__shedding__start": 1, "usage__shedding__least": 1}
        async with scripted(script) as server, front(server.port, **settings) as waf:
            wire = await waf.wire(
                b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
            )
            assert (await wire.answer()).status == 101
            shedder = waf.service._accounts._shedder
            assert shedder.active == 0
            assert (await waf.ask(post())).status == 502
            assert (shedder.active, shedder._failed, shedder._times) == (0, 1, 1)

    run(main())


def test_quotas_survive_a_restart(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    async def main() -> None:
        settings = {
            "usage__rates": [{"name": "daily", "by": "address", "limit": 3, "period": "day"}],
            "usage__file": str(tmp_path / "used.db"),
        }
        async with scripted(Seen(scripted).script) as server:
            async with front(server.port, **settings) as waf:
                for _ in range(2):
                    assert (await waf.ask(post())).status == 200
                other = front(server.port, **settings)
                with pytest.raises(ConfigError, match="file of its own"):
                    await other.__aenter__()
            async with front(server.port, **settings) as waf:
                assert (await waf.ask(post())).headers["ratelimit"].startswith('"daily";r=0;')
                assert (await waf.ask(post())).status == 429
                await asyncio.sleep(1.0)
                ledger = waf.service._accounts._ledger
                assert [row.amount for row in ledger.read()] == [3.0]

    run(main())


def test_amounts_that_cannot_be_written_are_tried_again(
    run: Any, scripted: Any, front: Any, tmp_path: Path, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("waf.edge.accounts.INTERVAL", 0.02)
    tries: list[int] = []
    genuine = Ledger.write

    def write(self: Ledger, rows: list[Row]) -> None:
        tries.append(len(rows))
        if len(tries) < 3:
            raise OSError("the disk is full")
        genuine(self, rows)

    monkeypatch.setattr(Ledger, "write", write)

    async def main() -> None:
        settings = {"usage__rates": [{"by": "address", "period": "month"}], "usage__file": str(tmp_path / "used.db")}
        async with scripted(Seen(scripted).script) as server, front(server.port, **settings) as waf:
            assert (await waf.ask(post())).status == 200
            await until(lambda: len(tries) == 3)
            assert tries == [1, 1, 1]

    run(main())


def test_a_ledger_that_cannot_be_used(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    (tmp_path / "used.db").write_bytes(b"not a database, but long enough to be looked at" * 100)

    async def main() -> None:
        settings = {"usage__rates": [{"period": "day"}], "usage__file": str(tmp_path / "used.db")}
        waf = front(1, **settings)
        with pytest.raises(ConfigError, match="cannot be used"):
            await waf.__aenter__()
        bad = Service(lambda: (_ for _ in ()).throw(ConfigError([])))
        with pytest.raises(ConfigError):
            await bad.__aenter__()

    run(main())

"""Firewalls that count together: exactly one limit, and a server that dies without a request noticing."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.edge.front import Front
from tests.edge.test_admission import KEY, Seen, keys, post
from tests.edge.test_usage import Slow, answer_of, chat
from tests.state.server import Server, one_server, redis
from waf.edge import accounts
from waf.errors import ConfigError

__all__ = ["keys", "one_server", "redis"]


@pytest.fixture
def fronts(tmp_path: Path) -> Any:
    """`fronts(port, redis, **settings)`: two firewalls that share one server."""

    def make(port: int, server: Server, **settings: Any) -> tuple[Front, Front]:
        named = {name.replace("__", "."): value for name, value in settings.items()}
        made = []
        for name in ("one", "two"):
            folder = tmp_path / name
            folder.mkdir(exist_ok=True)
            made.append(Front(folder, port, {"state.redis.url": server.url, "state.redis.timeout": 0.5, **named}))
        return made[0], made[1]

    return make


def test_one_limit_for_two(run: Any, scripted: Any, fronts: Any, redis: Server) -> None:
    async def main() -> None:
        rates = [
            {"name": "steady", "by": "address", "limit": 7, "window": 3600},
            {"name": "daily", "by": "all", "limit": 1000, "period": "day"},
        ]
        async with scripted(Seen(scripted).script) as server:
            one, two = fronts(server.port, redis, usage__rates=rates)
            async with one, two:
                found = [(await waf.ask(post())) for _ in range(5) for waf in (one, two)]
                assert Counter(answer.status for answer in found) == {200: 7, 429: 3}
                assert found[1].headers["ratelimit"].startswith('"steady";r=5;t=1029, "daily";r=998;')
                refused = found[-1]
                assert refused.json()["error"]["code"] == "rate_limited"
                assert 500 < int(refused.headers["retry-after"]) <= 515
                assert (await one.events(1))[0]["action"] == "allow"
                assert one.service.metrics.state_up

    run(main())


def test_guesses_have_a_price_and_callers_their_own(
    run: Any, scripted: Any, fronts: Any, redis: Server, keys: dict[str, Any]
) -> None:
    async def main() -> None:
        rates = [
            {"name": "guesses", "by": "address", "limit": 4, "window": 3600},
            {"name": "own", "by": "key", "limit": 2, "window": 3600},
        ]
        async with scripted(Seen(scripted).script) as server:
            one, two = fronts(server.port, redis, usage__rates=rates, **keys)
            async with one, two:
                assert (await one.ask(post("x-api-key: waf_wrong"))).status == 401
                assert [(await waf.ask(post(f"x-api-key: {KEY}"))).status for waf in (one, two, one)] == [200, 200, 429]
                # A refusal for one rate takes nothing of the others: the address has one guess left.
                assert [(await two.ask(post("x-api-key: waf_wrong"))).status for _ in range(2)] == [401, 429]

    run(main())


def test_tokens_are_settled_for_both(run: Any, scripted: Any, fronts: Any, redis: Server, until: Any) -> None:
    async def main() -> None:
        body = json.dumps({"usage": {"total_tokens": 400}}).encode()

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while True:
                await scripted.request(reader)
                writer.write(answer_of(body))

        rates = [{"name": "tokens", "by": "all", "cost": "tokens", "limit": 1000, "period": "month"}]
        async with scripted(script) as server:
            one, two = fronts(server.port, redis, usage__rates=rates)
            async with one, two:
                assert (await one.ask(post())).headers["ratelimit"].startswith('"tokens";r=600;')
                await asyncio.sleep(0.02)
                assert (await two.ask(post())).headers["ratelimit"].startswith('"tokens";r=200;')

    run(main())


def test_limits_by_model_are_shared(run: Any, scripted: Any, fronts: Any, redis: Server) -> None:
    async def main() -> None:
        rates = [{"name": "dear", "by": "all", "limit": 2, "window": 3600, "models": ["gpt-4*"]}]
        async with scripted(Seen(scripted).script) as server:
            one, two = fronts(server.port, redis, usage__rates=rates)
            async with one, two:
                found = [(await waf.ask(chat(name))).status for name in ("gpt-4o", "small") for waf in (one, two, one)]
                assert found == [200, 200, 429, 200, 200, 200]

    run(main())


def test_places_are_shared(run: Any, scripted: Any, fronts: Any, redis: Server, until: Any) -> None:
    async def main() -> None:
        slow = Slow(scripted)
        limits = [
            {"name": "strict", "by": "address", "limit": 9, "queue": 0},
            {"name": "busy", "by": "all", "limit": 2, "queue": 1, "wait": 5},
        ]
        async with scripted(slow.script) as server:
            one, two = fronts(server.port, redis, usage__concurrency=limits)
            async with one, two:
                tasks = [asyncio.create_task(one.ask(post())), asyncio.create_task(two.ask(post()))]
                await until(lambda: slow.here == 2)
                third = asyncio.create_task(two.ask(post()))
                await asyncio.sleep(0.1)
                assert slow.here == 2
                leaver = await one.wire(post())
                await asyncio.sleep(0.05)
                leaver.close()
                slow.go.set()
                assert [(await task).status for task in [*tasks, third]] == [200] * 3
                await until(lambda: not one.service._accounts.held and not two.service._accounts.held)
                await until(lambda: redis.ask("KEYS", "waf:c:*") == b"*0\r\n")

    run(main())


def test_no_place_is_no_place(run: Any, scripted: Any, fronts: Any, redis: Server, until: Any) -> None:
    async def main() -> None:
        slow = Slow(scripted)
        limits = [{"name": "busy", "by": "all", "limit": 1, "queue": 0}]
        async with scripted(slow.script) as server:
            one, two = fronts(server.port, redis, usage__concurrency=limits)
            async with one, two:
                first = asyncio.create_task(one.ask(post()))
                await until(lambda: slow.here == 1)
                assert (await two.ask(post())).json()["error"]["code"] == "too_many_at_once"
                slow.go.set()
                assert (await first).status == 200

    run(main())


def test_those_who_wait_in_vain_or_leave_are_not_there_any_more(
    run: Any, scripted: Any, fronts: Any, redis: Server, until: Any
) -> None:
    async def main() -> None:
        slow = Slow(scripted)
        limits = [{"name": "busy", "by": "all", "limit": 1, "queue": 1, "wait": 0.1}]
        async with scripted(slow.script) as server:
            one, two = fronts(server.port, redis, usage__concurrency=limits, state__redis__timeout=5.0)
            async with one, two:
                first = asyncio.create_task(one.ask(post()))
                await until(lambda: slow.here == 1)
                assert (await two.ask(post())).json()["error"]["code"] == "too_many_at_once"
                slow.go.set()
                assert (await first).status == 200
                await until(lambda: redis.ask("KEYS", "waf:c:*") == b"*0\r\n")
                redis.freeze()
                leaver = await two.wire(post())
                await until(lambda: bool(two.service._accounts.turns))
                leaver.close()
                await until(lambda: not two.service._accounts.turns)
                redis.thaw()
                assert (await one.ask(post())).status == 200
                await until(lambda: redis.ask("KEYS", "waf:c:*") == b"*0\r\n")

    try:
        run(main())
    finally:
        redis.thaw()


def test_tokens_that_were_used_alone_are_told(run: Any, scripted: Any, fronts: Any, tmp_path: Path, until: Any) -> None:
    async def main() -> None:
        body = json.dumps({"usage": {"total_tokens": 400}}).encode()

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while True:
                await scripted.request(reader)
                writer.write(answer_of(body))

        rates = [{"name": "tokens", "by": "all", "cost": "tokens", "limit": 10_000, "period": "month"}]
        redis = Server(tmp_path)
        limits = [{"name": "busy", "by": "all", "limit": 3}]
        try:
            async with scripted(script) as server:
                one, _ = fronts(server.port, redis, usage__rates=rates, usage__concurrency=limits)
                async with one:
                    assert [(await one.ask(post())).status for _ in range(2)] == [200, 200]
                    redis.start()
                    await until(lambda: one.service.metrics.state_up)
                    assert (await one.ask(post())).headers["ratelimit"].startswith('"tokens";r=8800;')
        finally:
            redis.stop()

    run(main())


RATES = [
    {"name": "daily", "by": "all", "limit": 10, "period": "day"},
    {"name": "steady", "by": "address", "limit": 100, "window": 3600},
]


def test_a_server_that_dies_costs_no_request(run: Any, scripted: Any, fronts: Any, tmp_path: Path, until: Any) -> None:
    """Killed, away, back without its memory: amounts go on from where they stood, and what was taken meanwhile is told."""

    async def main() -> None:
        redis = Server(tmp_path).start()
        try:
            async with scripted(Seen(scripted).script) as server:
                one, two = fronts(server.port, redis, usage__rates=RATES)
                async with one, two:
                    assert [(await waf.ask(post())).status for waf in (one, two, one)] == [200] * 3
                    redis.kill()
                    answer = await one.ask(post())
                    assert answer.status == 200
                    assert answer.headers["ratelimit"].startswith('"daily";r=6;'), "it goes on from 3 that are used"
                    assert (await two.ask(post())).status == 200
                    await until(lambda: not one.service.metrics.state_up and not two.service.metrics.state_up)
                    event = (await one.events(3))[2]
                    assert "limits.alone" in event["tags"]
                    redis.start()
                    await until(lambda: one.service.metrics.state_up and two.service.metrics.state_up)
                    await until(lambda: redis.ask("GET", KEYS["daily"](one)) in (b"$1\r\n4\r\n", b"$1\r\n5\r\n"))
                    found = [(await waf.ask(post())).status for waf in (one, two) * 4]
                    assert found[:5] == [200] * 5
                    assert found[6:] == [429, 429], "ten for both together"
        finally:
            redis.stop()

    run(main())


KEYS = {
    "daily": lambda front: f"waf:q:daily:all:requests:day:{front.service._accounts._limiter.meter.hash('all'):016x}"
}


def test_a_server_that_hangs_holds_up_those_who_are_there_once(
    run: Any, scripted: Any, fronts: Any, tmp_path: Path, until: Any
) -> None:
    async def main() -> None:
        redis = Server(tmp_path).start()
        try:
            async with scripted(Seen(scripted).script) as server:
                one, _ = fronts(server.port, redis, usage__rates=RATES, state__redis__timeout=0.05)
                async with one:
                    redis.freeze()
                    assert [answer.status for answer in await asyncio.gather(*(one.ask(post()) for _ in range(5)))] == [
                        200
                    ] * 5
                    assert not one.service.metrics.state_up
                    assert (await one.ask(post())).headers["ratelimit"].startswith('"daily";r=4;')
                    redis.thaw()
                    await until(lambda: one.service.metrics.state_up)
                    assert (await one.ask(post())).headers["ratelimit"].startswith('"daily";r=')
        finally:
            redis.thaw()
            redis.stop()

    run(main())


def test_it_starts_without_and_finds_it_later(run: Any, scripted: Any, fronts: Any, tmp_path: Path, until: Any) -> None:
    async def main() -> None:
        redis = Server(tmp_path)
        try:
            async with scripted(Seen(scripted).script) as server:
                one, _ = fronts(server.port, redis, usage__rates=RATES)
                async with one:
                    assert (await one.ask(post())).headers["ratelimit"].startswith('"daily";r=9;')
                    redis.start()
                    await until(lambda: one.service.metrics.state_up)
                    assert (await one.ask(post())).headers["ratelimit"].startswith('"daily";r=8;')
        finally:
            redis.stop()

    run(main())


def test_places_are_kept_alive(
    run: Any, scripted: Any, fronts: Any, redis: Server, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "LEASE_SECONDS", 0.15)
    monkeypatch.setattr("waf.limits.sharing.LEASE_SECONDS", 0.15)

    async def main() -> None:
        slow = Slow(scripted)
        limits = [{"name": "busy", "by": "all", "limit": 1, "queue": 0}]
        async with scripted(slow.script) as server:
            one, two = fronts(server.port, redis, usage__concurrency=limits)
            async with one, two:
                first = asyncio.create_task(one.ask(post()))
                await until(lambda: slow.here == 1)
                await asyncio.sleep(0.3)
                assert (await two.ask(post())).status == 429
                slow.go.set()
                assert (await first).status == 200

    run(main())


def test_without_the_package(monkeypatch: pytest.MonkeyPatch, fronts: Any, redis: Server) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "waf.state.redis", None)
    one, _ = fronts(1, redis, usage__rates=RATES)
    with pytest.raises(ConfigError, match=r"mlwaf\[redis\]"):
        asyncio.run(one.__aenter__())

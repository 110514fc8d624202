"""Firewalls that tell each other about callers, over a real server: who is spread over them is seen, and by all of them."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.edge.front import Front
from tests.edge.test_admission import post
from tests.edge.test_suspects import WORDS, chat, model, probes
from tests.state.server import Server, one_server, redis
from waf.abuse.gossip import News, Seal, Stand, adds_up
from waf.edge import gossip
from waf.errors import ConfigError
from waf.state.redis_log import SharedLog
from waf.usage import Redis

__all__ = ["one_server", "redis"]


@pytest.fixture
def fronts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(gossip, "INTERVAL", 3600.0)

    def make(port: int, url: str, **settings: Any) -> tuple[Front, Front]:
        made = []
        for name in ("one", "two"):
            folder = tmp_path / name
            folder.mkdir(exist_ok=True)
            shared = {"state.redis.url": url, "state.redis.timeout": 0.5, "state.redis.secret": "sixteen or more of it"}
            watch = {"abuse.watch": "all", "trusted_proxies": ["127.0.0.1"]}
            named = {name.replace("__", "."): value for name, value in settings.items()}
            made.append(Front(folder, port, {**shared, **watch, **named}))
        return made[0], made[1]

    return make


async def heard(*fronts: Front) -> None:
    """All have told what there was, and heard it."""
    for _ in range(2):
        for front in fronts:
            await front.service._accounts._gossip.round()


async def shown(*fronts: Front) -> None:
    """All have shown what they got, and seen what others did."""
    for _ in range(2):
        for front in fronts:
            await front.service._accounts._gossip.show()


def counted(front: Front, result: str) -> float:
    text = front.service.metrics.render().decode()
    name = f'waf_shared_queries_total{{result="{result}"}} '
    return sum(float(line.removeprefix(name)) for line in text.splitlines() if line.startswith(name))


async def town(wires: list[Any]) -> None:
    draw = random.Random(1)
    for caller in range(40):
        for _ in range(3):
            text = " ".join(draw.choices(WORDS, k=12))
            for wire in wires:
                assert (await wire.ask(post(f"X-Forwarded-For: 192.0.2.{caller}", body=chat(text)))).status == 200


def test_a_thief_who_takes_turns(run: Any, scripted: Any, fronts: Any, redis: Server) -> None:
    async def main() -> None:
        async with scripted(model(b"{}")) as server:
            one, two = fronts(server.port, redis.url, abuse__respond__block=0.5, abuse__false_alarms=10)
            async with one, two:
                wires = [await one.wire(), await two.wire()]
                await town(wires)
                thief = "X-Forwarded-For: 203.0.113.9"
                statuses = []
                for number, text in enumerate(probes(28)):
                    statuses.append((await wires[number % 2].ask(post(thief, body=chat(text)))).status)
                    if number % 4 == 3:
                        await heard(one, two)
                    if statuses[-1] == 403:
                        break
                assert statuses[-1] == 403
                assert len(statuses) <= 18, "neither of them has seen twelve of its queries"
                await heard(one, two)
                for wire in wires:
                    assert (await wire.ask(post(thief, body=chat("hello")))).status == 403, "where it stands is known"
                    assert (await wire.ask(post("X-Forwarded-For: 192.0.2.1", body=chat("hi")))).status == 200

    run(main())


def test_variants_whose_seeds_another_firewall_got(run: Any, scripted: Any, fronts: Any, redis: Server) -> None:
    """Each pair of texts is near to itself alone, and comes to both."""

    async def main() -> None:
        async with scripted(model(b"{}")) as server:
            one, two = fronts(server.port, redis.url)
            async with one, two:
                wires = [await one.wire(), await two.wire()]
                await shown(one, two)
                await town(wires)
                await shown(one, two)
                draw, thief = random.Random(2), "X-Forwarded-For: 203.0.113.9"
                for _ in range(12):
                    text = " ".join(draw.choices(WORDS, k=12))
                    for wire, said in zip(wires, (text, text.replace("e", "a", 1)), strict=True):
                        assert (await wire.ask(post(thief, body=chat(said)))).status == 200
                        await shown(one, two)
                observer = two.service._accounts.suspects.active_observer
                profile = next(p for p in observer.pool if p.key[0] == observer.hash("at:203.0.113.9"))
                assert (profile.queries, profile.stored) == (12, 24)
                assert "near" in profile.odd
                assert counted(one, "shown") == counted(two, "seen") == 132
                assert counted(two, "passed") == counted(one, "lost") == 0

    run(main())


def row(numbers: list[float]) -> bytes:
    return json.dumps({"instances": [numbers]}).encode()


async def rows(wires: list[Any], most: int, seed: int) -> None:
    """Each firewall's own callers."""
    draw = random.Random(seed)
    for caller in range(most):
        for wire in wires:
            asked = post(
                f"X-Forwarded-For: 198.51.100.{caller}",
                body=row([draw.gauss(0, 1) for _ in range(6)]),
                path="/v1/models/m:predict",
            )
            assert (await wire.ask(asked)).status == 200


def test_firewalls_measure_alike(run: Any, scripted: Any, fronts: Any, redis: Server) -> None:
    """Whoever has learned a scale first, also where others have their own already, and whatever else lies on the server."""

    async def main() -> None:
        async with scripted(model(b"{}")) as server:
            one, two = fronts(server.port, redis.url)
            async with one, two:
                wires = [await one.wire(), await two.wire()]
                await shown(one, two)
                await rows(wires, 32, 3)
                for front in (one, two):
                    front.service._accounts.suspects.settle()
                await rows(wires, 25, 5)
                observers = [front.service._accounts.suspects.active_observer for front in (one, two)]
                numbers = [next(o.spaces.measured())[1].scale.number for o in observers]
                assert len(set(numbers)) == 2, "each has learned its own"
                kind = f"waf:latest:{next(observers[0].spaces.measured())[0]:x}"
                redis.ask("RPUSH", kind, "no string")
                await shown(one, two)
                assert [next(o.spaces.measured())[1].scale.number for o in observers] == numbers
                assert counted(one, "passed") == 25
                for foul in ("x" * 40_000, "x" * 200, ""):
                    redis.ask("DEL", kind)
                    redis.ask("SET", kind, foul)
                    await shown(one, two)
                    assert not any(next(o.spaces.measured())[1].scale.settled for o in observers)
                redis.ask("DEL", kind)
                await shown(one, two)
                assert [next(o.spaces.measured())[1].scale.number for o in observers] == [numbers[0]] * 2
                await rows(wires, 5, 4)
                await shown(one, two)
                assert counted(one, "seen") == counted(two, "seen") == 5
                redis.ask("FLUSHALL")
                two.service._accounts._gossip._reports._told.clear()
                await shown(two)
                assert redis.ask("EXISTS", kind).strip() == b":1", "told again, for those who start later"

    run(main())


async def gone(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A model server that knows no path."""
    while True:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")


def test_paths_that_are_tried_in_turns(run: Any, scripted: Any, fronts: Any, redis: Server) -> None:
    async def main() -> None:
        async with scripted(gone) as server:
            one, two = fronts(server.port, redis.url, abuse__respond__block=0.5)
            async with one, two:
                wires = [await one.wire(), await two.wire()]

                async def try_(client: str, number: int, at: int) -> int:
                    path = f"/no/{number}-{at}" if number else "/favicon.ico"
                    asked = f"GET {path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {client}\r\n\r\n".encode()
                    return int((await wires[at].ask(asked)).status)

                for at in (0, 1):
                    for client in range(40):
                        assert await try_(f"192.0.2.{client}", 0, at) == 404
                tries = [0, 0]
                for number in range(1, 60):
                    found = [await try_("203.0.113.9", number, at) for at in (0, 1)]
                    tries = [n + (status == 404) for n, status in zip(tries, found, strict=True)]
                    if number % 2 == 0:
                        await heard(one, two)
                alone = 0
                while alone < 200 and await try_("203.0.113.77", alone + 1, 0) == 404:
                    alone += 1
                assert max(tries) < 0.7 * alone, "together they see what each of them would see later"
                assert await try_("192.0.2.1", 0, 0) == 404

    run(main())


def test_a_dead_server_costs_no_request(run: Any, scripted: Any, fronts: Any, tmp_path: Path) -> None:
    redis = Server(tmp_path)

    async def main() -> None:
        async with scripted(model(b"{}")) as server:
            one, two = fronts(server.port, redis.url)
            async with one, two:
                wires = [await one.wire(), await two.wire()]
                await town(wires)
                await shown(one)
                assert counted(one, "lost") == 120
                redis.start()
                await heard(one, two)
                await town(wires)
                redis.kill()
                await town(wires)
                await shown(one, two)

    try:
        run(main())
    finally:
        redis.stop()


def test_what_others_leave_there(run: Any, scripted: Any, fronts: Any, redis: Server) -> None:
    """Only what is signed with the common secret is believed."""

    async def main() -> None:
        async with scripted(model(b"{}")) as server:
            one, two = fronts(server.port, redis.url)
            async with one, two:
                suspects = one.service._accounts.suspects
                who = suspects.active_observer.hash("at:203.0.113.9")
                log, right = SharedLog(Redis(url=redis.url), gossip.NAME), one.service._accounts._gossip._news
                log.exchange(None)
                await heard(one, two)
                news = News((Stand(who, 0.9, 60.0),))
                await asyncio.to_thread(log.exchange, b"x" * 300)
                await asyncio.to_thread(log.exchange, Seal(b"another secret", News, adds_up).write(news))
                redis.ask("XADD", "waf:gossip", "*", "unknown", "member")
                await heard(one, two)
                assert len(suspects.standings) == 0
                await asyncio.to_thread(log.exchange, right.write(news))
                await heard(one)
                assert len(suspects.standings) == 1
                answer = await one.ask(post("X-Forwarded-For: 203.0.113.9", body=chat("hello")))
                assert answer.status == 200
                assert (await one.events(1))[-1]["abuse"]["risk"] == 0.9
                redis.ask("DEL", "waf:gossip")
                redis.ask("SET", "waf:gossip", "no stream")
                await heard(one, two)
                redis.ask("DEL", "waf:gossip")
                await heard(one, two)
                again = News((Stand(who + 1, 0.9, 60.0),))
                await asyncio.to_thread(log.exchange, right.write(again))
                await heard(one)
                assert len(suspects.standings) == 2
                log.close()

    run(main())


def test_a_log(redis: Server) -> None:
    settings = Redis(url=redis.url)
    one, two, late = (SharedLog(settings, "log") for _ in range(3))
    assert one.exchange(b"a") == []
    assert two.exchange(b"b") == [], "history"
    assert one.exchange(None) == [b"b"]
    assert two.exchange(b"c") == []
    assert one.exchange(b"d") == [b"c"]
    assert late.exchange(None) == []
    assert two.exchange(None) == [b"d"]
    assert b"1024" not in redis.ask("XLEN", "waf:log")
    for log in (one, two, late):
        log.close()
    with pytest.raises(OSError, match=r"Connection refused|connecting"):
        SharedLog(Redis(url="redis://127.0.0.1:1"), "log").exchange(b"x")
    with pytest.raises(ConfigError):
        SharedLog(Redis(url="redis://127.0.0.1:x"), "log")


def test_a_fault_of_ours_does_not_end_it(
    run: Any, scripted: Any, fronts: Any, redis: Server, monkeypatch: pytest.MonkeyPatch, until: Any
) -> None:
    rounds = []

    async def fails(self: Any) -> None:
        rounds.append(1)
        raise ValueError("a fault")

    async def main() -> None:
        async with scripted(model(b"{}")) as server:
            one, _ = fronts(server.port, redis.url)
            monkeypatch.setattr(gossip, "INTERVAL", 0.001)
            monkeypatch.setattr(gossip.Gossip, "round", fails)
            async with one:
                await until(lambda: len(rounds) > 2)

    run(main())

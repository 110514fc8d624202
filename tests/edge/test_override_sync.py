"""Overrides that several firewalls share: in force everywhere, counted together, kept while the server is away or forgets."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.edge.front import Front
from tests.edge.test_admission import KEY, Seen, keys, post
from tests.edge.test_override_service import DENY, TOKEN, ask
from tests.edge.test_overrides import entry, until_status
from tests.state.server import Server, one_server, redis
from waf.edge import override_sync
from waf.edge.override_sync import OverrideSync
from waf.errors import ConfigError
from waf.overrides.entry import Allowance
from waf.overrides.file import read_entries, write_entries
from waf.overrides.order import UnknownIdError, added, without
from waf.overrides.store import ServerStore
from waf.usage import Redis

__all__ = ["keys", "one_server", "redis"]


@pytest.fixture
def fronts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`fronts(port, url, **settings)`: two firewalls that share their overrides, each with a copy."""
    monkeypatch.setattr(override_sync, "INTERVAL", 0.02)

    def make(port: int, url: str, **settings: Any) -> tuple[Front, Front]:
        named = {name.replace("__", "."): value for name, value in settings.items()}
        made = []
        for name in ("one", "two"):
            folder = tmp_path / name
            folder.mkdir(exist_ok=True)
            shared = {"state.redis.url": url, "state.redis.timeout": 0.5, "state.overrides": True}
            admin = {"overrides": str(folder / "copy.json"), "admin.listen": "127.0.0.1:0", "admin.token": TOKEN}
            made.append(Front(folder, port, {**shared, **admin, **named}))
        return made[0], made[1]

    return make


def test_what_one_is_told_holds_for_all(run: Any, scripted: Any, fronts: Any, redis: Server, keys: Any) -> None:
    async def main() -> None:
        async with scripted(Seen(scripted).script) as server:
            one, two = fronts(server.port, redis.url, **keys)
            asked = post(f"x-api-key: {KEY}")
            async with one, two:
                status, done = await ask(one, "POST", {"who": "ann", "apply": [DENY]})
                assert status == 200
                assert (await one.ask(asked)).status == 403, "at once"
                await until_status(two, asked, 403)
                ident = done["applied"][0]["id"]
                assert (await ask(two, "POST", {"who": "bob", "why": "over", "withdraw": [ident]}))[0] == 200
                assert (await two.ask(asked)).status == 200
                await until_status(one, asked, 200)

    run(main())


def test_a_limit_is_one_limit(run: Any, scripted: Any, fronts: Any, redis: Server) -> None:
    async def main() -> None:
        ServerStore(Redis(url=redis.url)).change(
            added([entry("limit", limit=Allowance(5, 3600), address="127.0.0.0/8")])
        )
        async with scripted(Seen(scripted).script) as server:
            one, two = fronts(server.port, redis.url)
            async with one, two:
                answers = [await waf.ask(post()) for _ in range(4) for waf in (one, two)]
                assert [answer.status for answer in answers] == [200] * 5 + [429] * 3
                assert answers[-1].json()["error"]["code"] == "override_limited"
                assert 600 < int(answers[-1].headers["retry-after"]) <= 720

    run(main())


def test_away_and_forgetful(run: Any, scripted: Any, fronts: Any, tmp_path: Path) -> None:
    redis = Server(tmp_path)
    asked = post()

    async def main() -> None:
        async with scripted(Seen(scripted).script) as server:
            redis.start()
            one, two = fronts(server.port, redis.url)
            store = ServerStore(Redis(url=redis.url))
            async with one, two:
                store.change(added([entry("limit", limit=Allowance(1, 3600), address="127.0.0.0/8")]))
                await until_status(one, asked, 429)
                await until_status(two, asked, 429)
                redis.kill()
                assert (await one.ask(asked)).status in (200, 429), "alone, each counts for itself"
                assert (await one.ask(asked)).status == 429
                assert (await ask(one, "POST", {"who": "ann", "apply": [DENY]}))[0] == 503
                redis.start()  # it has forgotten everything
                while [held.id for held in store.read()] != ["abcdefgh"]:  # noqa: ASYNC110 - nobody says when
                    await asyncio.sleep(0.02)
                redis.ask("FLUSHALL")
                store.change(added([entry("deny", "bbbbbbbb", address="198.51.100.0/24")]))
                while {held.id for held in store.read()} != {"abcdefgh", "bbbbbbbb"}:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
                store.change(without(["abcdefgh", "bbbbbbbb"]))
                await until_status(two, asked, 200)
                redis.kill()
            async with fronts(server.port, redis.url)[0] as again:
                assert (await again.ask(asked)).status == 200, "a start without the server uses the copy"

    try:
        run(main())
    finally:
        redis.stop()


@pytest.mark.parametrize(
    ("hostile", "message"),
    [
        (("HSET", "waf:overrides", "number", "many", "document", "x"), "has no number"),
        (("HSET", "waf:overrides", "number", "5", "document", "x"), "is no list of overrides"),
        (("HSET", "waf:overrides", "number", "5"), "is no list of overrides"),
        (("HSET", "waf:overrides", "number", "5", "document", '{"schema": "waf-overrides/v1", "entries": [{}]}'), "is no list of overrides"),
        (("SET", "waf:overrides", "x"), "WRONGTYPE"),
    ],
)  # fmt: skip
def test_what_is_no_list_changes_nothing(
    hostile: tuple[str, ...], message: str, redis: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / "copy.json")
    kept = entry("deny", address="198.51.100.0/24")
    write_entries(path, [kept])
    redis.ask(*hostile)
    sync = OverrideSync(ServerStore(Redis(url=redis.url)), path)
    assert not sync.pull()
    assert not sync.pull()
    assert read_entries(path) == (kept,)
    with pytest.raises((ConfigError, OSError), match=message):
        sync.change(added([]))
    assert "".join(capsys.readouterr()).count("shared overrides cannot be read") == 1, "said once"


def test_changes_at_the_same_time(redis: Server) -> None:
    stores = [ServerStore(Redis(url=redis.url)) for _ in range(2)]
    first, second = entry("deny", "aaaaaaaa", tenant="a"), entry("deny", "bbbbbbbb", tenant="b")

    def slowly(before: Any) -> Any:
        if not before:
            stores[1].change(added([second]))
        return [*before, first]

    stores[0].change(slowly)
    assert stores[0].read() == (second, first)
    with pytest.raises(UnknownIdError):
        stores[1].change(without(["cccccccc"]))
    with pytest.raises(OSError, match="all the time"):
        stores[0].change(lambda before: stores[1].change(lambda b: b) and before)

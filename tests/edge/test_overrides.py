"""Overrides on the wire: refused in the API's shape, seen in event and metrics, taken in while it runs, over by themselves."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Any

import pytest

from tests.edge.test_admission import IDENT, KEY, Seen, keys, post, spoil
from tests.edge.test_suspects import solve
from waf.errors import ConfigError
from waf.overrides.entry import Allowance, Entry, Scope, utc
from waf.overrides.file import write_entries

__all__ = ["keys"]


def entry(
    action: Any, ident: str = "abcdefgh", hours: float = 1, limit: Allowance | None = None, **scope: str
) -> Entry:
    now = time.time()
    return Entry(
        id=ident, action=action, match=Scope(**scope), limit=limit, who="ann", why="a test", at=utc(now), until=utc(now + hours * 3600)
    )  # fmt: skip


async def until_status(waf: Any, request: bytes, status: int) -> Any:
    """The first answer with that status; the test's own limit ends it when there is none."""
    while True:
        answer = await waf.ask(request)
        if answer.status == status:
            return answer
        await asyncio.sleep(0.05)


def test_denied_limited_and_reversed(run: Any, scripted: Any, front: Any, keys: dict[str, Any], tmp_path: Path) -> None:
    path = str(tmp_path / "overrides.json")
    asked = post(f"x-api-key: {KEY}")

    async def main() -> None:
        seen = Seen(scripted)
        async with scripted(seen.script) as server, front(server.port, overrides=path, **keys) as waf:
            assert (await waf.ask(asked)).status == 200, "a file that is not there yet has no entries"
            write_entries(path, [entry("deny", key=IDENT)])
            wire = await waf.wire()
            await until_status(waf, asked, 403)
            sent = len(seen.heads)
            answer = await wire.ask(asked)
            assert answer.headers["x-should-retry"] == "false"
            assert answer.json()["error"]["code"] == "override_denied"
            assert answer.json()["error"]["type"] == "permission_error"
            assert (await wire.ask(asked)).status == 403, "the connection lives on"
            assert len(seen.heads) == sent
            event = (await waf.events(1))[-1]
            assert event["reason"] in ("clean", "override_denied")
            assert 'waf_limited_total{kind="override_denied"}' in waf.service.metrics.render().decode()

            write_entries(path, [entry("limit", limit=Allowance(1, 3600), tenant="acme")])
            await until_status(waf, asked, 429)
            answer = await waf.ask(asked)
            assert answer.json()["error"]["code"] == "override_limited"
            assert answer.headers["x-should-retry"] == "false"
            assert int(answer.headers["retry-after"]) > 3000

            spoil(path)
            assert not await waf.service._handler.admission.overrides.reload()
            os.unlink(path)
            assert not await waf.service._handler.admission.overrides.reload(), "gone is not lifted"
            assert (await waf.ask(asked)).status == 429
            write_entries(path, [])
            assert await waf.service.reload()
            assert (await waf.ask(asked)).status == 200
            events = await waf.events(3)
            denied = next(event for event in events if event["reason"] == "override_denied")
            assert denied["tags"] == ["refused", "override.abcdefgh"]
            assert denied["caller"]["key"] == IDENT

    run(main())


def test_models_and_addresses(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "overrides.json")
    write_entries(path, [entry("deny", model="gpt-*"), entry("deny", "bbbbbbbb", address="198.51.100.0/24")])
    routes = [{"name": "off", "path": "/off/*", "mode": "off"}]

    async def main() -> None:
        settings = {"trusted_proxies": ["127.0.0.1"], "overrides": path, "routes": routes}
        async with scripted(Seen(scripted).script) as server, front(server.port, **settings) as waf:
            assert (await waf.ask(post())).status == 403
            assert (await waf.ask(post(body=b'{"model": "small", "messages": []}'))).status == 200
            assert (await waf.ask(post(path="/off/v1/chat/completions"))).status == 200, "not read, no model known"
            answer = await waf.ask(post("X-Forwarded-For: 198.51.100.7", path="/v1/messages"))
            assert (answer.status, answer.json()["type"]) == (403, "error")
            events = await waf.events(4)
            assert [event["reason"] for event in events] == ["override_denied", "clean", "off", "override_denied"]
            assert events[0]["coverage"]["inspected_bytes"] > 0
            assert events[3]["tags"] == ["refused", "override.bbbbbbbb"]

    run(main())


def test_work_is_asked_for(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "overrides.json")
    write_entries(path, [entry("challenge", address="127.0.0.0/8"), entry("challenge", "bbbbbbbb", model="gpt-*")])

    async def main() -> None:
        async with (
            scripted(Seen(scripted).script) as server,
            front(server.port, overrides=path, abuse={"proof": {"work": 16}}) as waf,
        ):
            refused = await waf.ask(post())
            assert (refused.status, refused.json()["error"]["code"]) == (429, "challenge_required")
            proof = f"X-WAF-Proof: {solve(refused.headers['x-waf-challenge'])}"
            assert (await waf.ask(post(proof))).status == 200, "once is enough for both entries"
            assert (await waf.ask(post(proof))).status == 429, "and good for one request"
            events = await waf.events(3)
            assert events[0]["tags"] == ["refused", "override.abcdefgh"]
            assert [event["reason"] for event in events][1:] == ["clean", "challenge_required"]

    run(main())


def test_a_file_that_cannot_be_used(run: Any, front: Any, tmp_path: Path) -> None:
    (tmp_path / "overrides.json").write_text('{"schema": "waf-overrides/v1", "entries": [{"action": "challenge"}]}')

    async def main() -> None:
        with pytest.raises(ConfigError, match=r"overrides\.json:1"):
            await front(1, overrides=str(tmp_path / "overrides.json")).__aenter__()

    run(main())

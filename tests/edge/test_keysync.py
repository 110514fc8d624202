"""Keys that are kept on a server: taken in when they change there, good while it is away."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.edge.test_admission import IDENT, KEY, PEPPER, Seen, post
from tests.state.server import Server
from waf.edge import keysync
from waf.identity.keyfile import encode_keys
from waf.identity.keys import KeyRecord, digest
from waf.state.redis import SharedDocument
from waf.usage import Redis


def test_shared_keys(
    run: Any, scripted: Any, front: Any, tmp_path: Path, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keysync, "INTERVAL", 0.02)
    copy = tmp_path / "copy.json"
    settings = {
        "identity__keys__file": str(copy),
        "identity__keys__shared": True,
        "identity__keys__pepper": PEPPER,
    }
    record = KeyRecord(id=IDENT, name="team-a", hash=digest(KEY, PEPPER))
    redis = Server(tmp_path)

    async def status(waf: Any) -> int:
        return int((await waf.ask(post(f"x-api-key: {KEY}"))).status)

    async def becomes(waf: Any, wanted: int) -> None:
        while await status(waf) != wanted:  # noqa: ASYNC110 - a reload tells nobody
            await asyncio.sleep(0.02)

    async def main() -> None:
        settings["state__redis__url"] = redis.url
        document = SharedDocument(Redis(url=redis.url), "keys")
        async with scripted(Seen(scripted).script) as server:
            async with front(server.port, **settings) as waf:
                assert await status(waf) == 401, "the server is away, and there is no copy"
                redis.start()
                assert document.write(encode_keys([record]), 0)
                await becomes(waf, 200)
                assert copy.stat().st_mode & 0o777 == 0o600
                assert document.write(b"nonsense", 1)
                await asyncio.sleep(0.1)
                assert await status(waf) == 200, "what is no document changes nothing"
                redis.kill()
            async with front(server.port, **settings) as waf:
                assert await status(waf) == 200, "the copy is good enough"
                redis.start()
                await asyncio.sleep(0.1)
                assert await status(waf) == 200, "a server without memory does not shut everybody out"
                assert document.write(encode_keys([KeyRecord(id=IDENT, name="team-a", hash="0" * 64, revoked=1)]), 0)
                await becomes(waf, 401)

    try:
        run(main())
    finally:
        redis.stop()

"""Keys that are kept on a server: taken in when they change there, good while it is away."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.edge.test_admission import IDENT, KEY, PEPPER, Seen, post
from tests.state.server import Server
from waf.callers import Identity, Keys
from waf.edge import key_sync
from waf.identity.keyfile import encode_keys
from waf.identity.keys import KeyRecord, digest
from waf.settings import Config
from waf.state.redis import SharedDocument
from waf.usage import Redis, State


def test_shared_keys(
    run: Any, scripted: Any, front: Any, tmp_path: Path, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_sync, "INTERVAL", 0.02)
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


def test_a_server_that_lost_its_memory_and_has_a_new_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Those that it had before still hold, until the firewall restarts."""
    before, after = (encode_keys([KeyRecord(id=IDENT, name=name, hash="0" * 64)]) for name in ("team-a", "team-b"))
    copy = tmp_path / "copy.json"
    redis = Server(tmp_path)
    redis.start()
    try:
        config = Config(
            identity=Identity(keys=Keys(file=str(copy), shared=True, pepper=PEPPER)),
            state=State(redis=Redis(url=redis.url)),
        )
        document = SharedDocument(Redis(url=redis.url), "keys")
        sync = key_sync.KeySync()
        assert document.write(before, 0)
        sync.pull(config)
        assert copy.read_bytes() == before
        redis.ask("FLUSHALL")
        assert document.write(after, 0)
        for _ in range(2):
            sync.pull(config)
        assert copy.read_bytes() == before
        assert "".join(capsys.readouterr()).count("the server lost its memory") == 1, "said once"
        key_sync.KeySync().pull(config)
        assert copy.read_bytes() == after
        document.close()
    finally:
        redis.stop()

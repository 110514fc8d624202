"""Fetching the public keys of token issuers: beside the requests, one fetch at a time for each address."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

import aiohttp
import msgspec

from waf.identity.keycache import KeyCache
from waf.record import Metrics, oplog

TIMEOUT: Final = 5.0
"""Seconds for one fetch, connecting included."""
PATIENCE: Final = 2.5
"""Seconds that a request waits for one."""


class Issuers:
    """Keeps the key caches filled. Made where its event loop runs."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._log = oplog.get("waf.edge")
        self._fetches: dict[str, asyncio.Task[None]] = {}

    def refresh(self, caches: Iterable[KeyCache]) -> None:
        """Begin to fetch what has grown old; nobody waits for it."""
        now = time.time()
        for cache in caches:
            if cache.due(now) and cache.url not in self._fetches:
                self._begin(cache)

    async def fetch(self, cache: KeyCache) -> None:
        """Wait, not for long, for the keys to be fetched; those who want the same ones share a fetch."""
        task = self._fetches.get(cache.url) or self._begin(cache)
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(task), PATIENCE)

    async def close(self) -> None:
        tasks = list(self._fetches.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, cache: KeyCache) -> asyncio.Task[None]:
        cache.trying(time.time())
        task = asyncio.get_running_loop().create_task(self._run(cache))
        self._fetches[cache.url] = task
        task.add_done_callback(lambda _: self._fetches.pop(cache.url, None))
        return task

    async def _run(self, cache: KeyCache) -> None:
        from waf.identity.jwks import read_description, read_set  # PyJWT is only there when tokens are configured

        try:
            data = await _get(cache.url)
            if cache.settings.discovery:
                data = await _get(read_description(data, cache.settings.issuer))
            keys = read_set(data)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, msgspec.DecodeError) as error:
            cache.failed()
            self._metrics.keys_fetched("failed")
            self._log.warning("an issuer's keys cannot be fetched", url=cache.url, error=str(error) or repr(error))
            return
        cache.succeeded(keys, time.time())
        self._metrics.keys_fetched("ok")


async def _get(url: str) -> bytes:
    """The body of a plain answer 200. No redirects: the operator named the address. Raises ValueError for another answer."""
    from waf.identity.jwks import MAX_SET

    timeout = aiohttp.ClientTimeout(total=TIMEOUT)
    async with (
        aiohttp.ClientSession(timeout=timeout, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()) as session,
        session.get(url, allow_redirects=False, headers={"Accept-Encoding": "identity"}) as answer,
    ):
        if answer.status != 200:
            raise ValueError(f"it answers {answer.status}")
        data = b""
        while piece := await answer.content.read(65_536):
            data += piece
            if len(data) > MAX_SET:
                raise ValueError(f"larger than {MAX_SET:,} bytes")
        return data

"""Overrides of a firewall that runs: kept in step with the server, and changed over its own listener."""

from __future__ import annotations

import asyncio
import secrets
import time

import msgspec

from waf.edge.override_sync import OverrideSync
from waf.edge.overrides import Overrides
from waf.overrides.entry import Entry
from waf.overrides.file import encode_entries
from waf.overrides.order import added, entries_of, read_order, without
from waf.overrides.store import FileStore, ServerStore, Store
from waf.record import Metrics, oplog
from waf.settings import Config
from waf.state.protocol import SharedState


class OverrideService:
    """Raises ConfigError as `Overrides` does. Reads the file and asks the server: make it in a thread."""

    def __init__(self, config: Config, metrics: Metrics, shared: SharedState | None) -> None:
        self._sync: OverrideSync | None = None
        if config.state.overrides:
            self._sync = OverrideSync(ServerStore(config.state.redis), config.overrides)
            self._sync.pull()
        self._store: Store = self._sync or FileStore(config.overrides)
        together = shared if config.state.overrides else None
        self.overrides = Overrides(config.overrides, metrics, together, config.state.redis.prefix)
        self._log = oplog.get("waf.edge")

    def start(self) -> None:
        self.overrides.start()
        if self._sync is not None:
            self._sync.start(self.overrides.reload)

    async def close(self) -> None:
        if self._sync is not None:
            await self._sync.close()
        await self.overrides.close()

    def shown(self) -> bytes:
        """The entries as the file has them."""
        return encode_entries(self.overrides.entries)

    async def change(self, body: bytes, peer: str) -> bytes:
        """Do what an order says, all of it or nothing, and say what was done. `peer`: where it came from. Raises ConfigError
        for an order that is wrong, UnknownIdError, and OSError when nothing can be written."""
        order = read_order(body)
        made = entries_of(order, time.time(), secrets.token_bytes)
        gone: list[Entry] = []

        def change(before: tuple[Entry, ...]) -> list[Entry]:
            gone[:] = [entry for entry in before if entry.id in order.withdraw]
            return added(made)(without(order.withdraw)(before))

        await asyncio.to_thread(self._store.change, change)  # type: ignore[arg-type]
        await self.overrides.reload()
        for entry in made:
            self._log.warning("override applied", by=order.who, peer=peer, **_told(entry))
        for entry in gone:
            self._log.warning("override withdrawn", by=order.who, reason=order.why, peer=peer, **_told(entry))
        return msgspec.json.encode({"applied": made, "withdrawn": [entry.id for entry in gone]})


def _told(entry: Entry) -> dict[str, object]:
    told: dict[str, object] = {"id": entry.id, "action": entry.action, "match": str(entry.match)}
    if entry.limit is not None:
        told["limit"] = str(entry.limit)
    return {**told, "why": entry.why, "until": entry.until.isoformat()}


def override_service_of(config: Config, metrics: Metrics, shared: SharedState | None) -> OverrideService | None:
    """None where the configuration names no file."""
    return OverrideService(config, metrics, shared) if config.overrides else None

"""The copy of callers' keys that are kept on a server: renewed when they change there, used when the server is away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

from waf.errors import ConfigError
from waf.identity.keyfile import encode_keys, parse_keys, write_keys
from waf.record import oplog
from waf.settings import Config

INTERVAL: Final = 2.0
"""Seconds between two looks."""
NAME: Final = "keys"


class KeySync:
    """Writes the file; that it has changed is the reloader's to notice."""

    def __init__(self) -> None:
        self._known = (-1, b"")
        """Number and lineage of the document that was read last."""
        self._warned = False
        self._log = oplog.get("waf.edge")
        self._task: asyncio.Task[None] | None = None

    def start(self, config: Callable[[], Config]) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run(config))

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self, config: Callable[[], Config]) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            await asyncio.to_thread(self.pull, config())

    def pull(self, config: Config) -> None:
        """Look once. Blocking. What cannot be read or used changes nothing, and is said once."""
        keys = config.identity.keys
        if not keys.shared:
            return
        from waf.state.redis import SharedDocument  # an extra, which is only there when it is configured

        try:
            document = SharedDocument(config.state.redis, NAME)
            try:
                version = document.version()
                if version == self._known:
                    return
                number, data = document.read()
            finally:
                document.close()
            if not number:  # a server that has lost its memory must not shut everybody out
                raise OSError("the server has none")
            if self._known[1] not in (b"", version[1]):  # nor the first key that is added to it then
                raise OSError(
                    "the server lost its memory and has other keys now; they are taken when the firewall restarts"
                )
            records = parse_keys(data, "the shared keys")
            if not Path(keys.file).exists() or Path(keys.file).read_bytes() != encode_keys(records):
                write_keys(keys.file, records)
            self._known, self._warned = version, False
        except (OSError, ConfigError) as error:
            if not self._warned:
                self._log.error("shared keys cannot be read, the copy stays", error=str(error))
            self._warned = True

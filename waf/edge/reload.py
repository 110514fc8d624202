"""Noticing that files changed, for reloads without a signal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Final

from watchfiles import awatch

from waf.edge.runtime import Runtime
from waf.record import oplog
from waf.settings import Config

DEBOUNCE_MS: Final = 300
"""Editors and Kubernetes write in several steps; changes this close together are one."""

RECHECK: Final = 2.0
"""Seconds after which to look without having been told: some file systems (NFS, some container mounts) tell nothing."""

Fingerprint = dict[Path, tuple[int, int, int] | None]


def fingerprint(paths: Iterable[Path]) -> Fingerprint:
    """What the files look like from outside: changes when one is written, replaced or removed, and for a folder when one
    comes or goes. Follows symbolic links, as a mounted Kubernetes ConfigMap needs."""
    return {path: _look(path) for path in paths}


def _look(path: Path) -> tuple[int, int, int] | None:
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_size, seen.st_ino


def carried(before: Fingerprint, paths: Iterable[Path]) -> Fingerprint:
    """What a reload of `paths` has read at the latest, when `before` is from its beginning: a change during it still counts."""
    return {path: before.get(path, now) for path, now in fingerprint(paths).items()}


class FileWatcher:
    """Awaits `changed()` when one of `paths()` changes. Both are asked each time, for a reload may name other files.

    Folders are watched, not files: one that is replaced has a new inode, which a watch on the old one would miss. Other
    files may change in the same folders (a log, say), hence the fingerprint. Where the system cannot tell about a folder,
    the files are looked at every `recheck` seconds.
    """

    def __init__(
        self, paths: Callable[[], Iterable[Path]], changed: Callable[[], Awaitable[object]], recheck: float = RECHECK
    ) -> None:
        self._paths = paths
        self._recheck = recheck
        self._changed = changed
        self._told = False
        self._log = oplog.get("waf.edge")
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Changes from now on count."""
        self._task = asyncio.get_running_loop().create_task(self._run(fingerprint(self._paths())))

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self, known: Fingerprint) -> None:
        while True:
            seen = await self._difference(known)
            if seen != known:
                await self._changed()
                known = carried(seen, self._paths())

    async def _difference(self, known: Fingerprint) -> Fingerprint:
        """Wait until the files no longer look as `known`, or for a moment where the system cannot tell; returns what they
        look like then."""
        folders = {folder for path in known for folder in (path, path.parent) if folder.is_dir()}
        changes = awatch(
            *folders,
            watch_filter=None,
            debounce=DEBOUNCE_MS,
            rust_timeout=round(self._recheck * 1000),
            yield_on_timeout=True,
            recursive=False,
        )
        try:
            async with aclosing(changes):
                while (seen := fingerprint(known)) == known:
                    await anext(changes)
            return seen
        except OSError as error:  # no inotify instance is left, a folder cannot be listed or went away just now
            self._say_once(error)
            await asyncio.sleep(self._recheck)
            return fingerprint(known)

    def _say_once(self, error: OSError) -> None:
        if not self._told:
            self._told = True
            self._log.warning(
                "the system does not tell about changed files", error=str(error), looks_every_seconds=self._recheck
            )


def beside_rules(config: Config) -> tuple[Path, ...]:
    """Files about callers and connections: certificates, keys, lists of addresses. No rule depends on them."""
    tls, upstream = config.tls, config.upstream.tls
    names = [
        tls.certificate,
        tls.key,
        tls.client_ca,
        tls.client_crl,
        upstream.ca,
        upstream.certificate,
        upstream.key,
    ]
    lists = [config.addresses, *(route.access.addresses for route in config.routes)]
    names += [name for part in lists for name in (*part.allow_files, *part.deny_files)]
    names += [config.geoip, config.identity.keys.file, *(issuer.key_file for issuer in config.identity.jwt)]
    return tuple(Path(name) for name in names if name)


def watched(runtime: Runtime, config_file: Path | None) -> Iterator[Path]:
    """Files whose change means a reload, and the folders whose new files do."""
    config = runtime.config
    yield from beside_rules(config)
    if not config.rules.watch:
        return
    if config_file is not None:
        yield config_file
    files = runtime.engine.ruleset.files
    yield from files
    for folder in {file.parent for file in files}:
        yield from folder.glob("*.txt")  # lists that rules name
    if runtime.engine.scorer is not None:
        yield from runtime.engine.scorer.files
    yield from runtime.engine.opinion.files
    for judge in runtime.engine.judges.values():
        yield from judge.detector.files
    if runtime.engine.crs is not None:
        yield from {file.parent for file in runtime.engine.crs.files}  # *.conf and plugins that are added
    for pack in map(Path, config.rules.packs):
        if pack.is_dir():
            yield pack
            yield from (path for path in pack.rglob("*") if path.is_dir())

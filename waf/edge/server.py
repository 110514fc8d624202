"""The sidecar: start, reload, drain, stop. `waf.edge.run` is the process around it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import secrets
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from waf import opinion
from waf.admin import State, admin_of
from waf.classify.batcher import Batcher, batch_limits
from waf.classify.cache import Cache
from waf.classify.load import Models, load_scorer
from waf.classify.ood.judge import load_judges
from waf.config import parse_address
from waf.edge.accounts import Accounts
from waf.edge.handler import Handler
from waf.edge.key_sync import KeySync
from waf.edge.listener import EdgeServer, Listener, bind
from waf.edge.override_service import override_service_of
from waf.edge.process import check_parser
from waf.edge.reload import FileWatcher, beside_rules, carried, fingerprint, watched
from waf.edge.runtime import Runtime
from waf.edge.tls import listener_context, renew, upstream_context
from waf.edge.upstream import UpstreamPool
from waf.engine import Engine
from waf.errors import ConfigError, InputError, Problem
from waf.identity.keycache import KeyCache
from waf.record import Metrics, Recorder, oplog
from waf.record.event import Event, encode
from waf.record.recent import Recent
from waf.routes import judged
from waf.rules import load_ruleset
from waf.rules.seclang import Kept
from waf.settings import Config

FIXED: Final = ("listen", "reuse_port", "proxy_protocol", "upstream", "tls", "admin", "log", "state", "overrides")
"""Settings that sockets, pools and sinks were made from; they change with a restart, and a reload says so."""

T = TypeVar("T")

THREADS: Final = 2
"""For large bodies. More would only wait for the interpreter's lock."""


class Service:
    """One firewall: its listeners, its pool, and what runs beside them. Use as `async with`; the event loop is its own."""

    def __init__(
        self,
        load: Callable[[], Config],
        config_file: str | None = None,
        *,
        render: Callable[[Event], bytes] = encode,
        models: Models = load_scorer,
    ) -> None:
        """`load` reads the configuration, now and at each reload; `config_file` is watched besides the rules. `render`
        makes the line that is written for an event. `models` loads the classifier."""
        self._models = models
        self._secret = secrets.token_bytes(32)
        self._failures = 0
        self._load = load
        self._render = render
        self._config_file = Path(config_file) if config_file else None
        self._log = oplog.get("waf.edge")
        self._state = State()
        self._reloading = asyncio.Lock()
        self._asked: set[asyncio.Task[bool]] = set()
        self._kept = Kept(time.monotonic)
        """What the CRS counts over several requests; it outlives a reload of the rules."""
        self.stopping = asyncio.Event()
        self.settled: Callable[[], object] = lambda: None
        """Called when something has been loaded, before the collector looks at it."""
        self._accounts: Accounts
        self._keysync = KeySync()
        self._key_caches: dict[str, KeyCache] = {}

    @property
    def url(self) -> str:
        """Where clients reach it."""
        host, port = self._listener.addresses[0]
        host = f"[{host}]" if ":" in host else host
        return f"{'https' if self._tls else 'http'}://{host}:{port}"

    @property
    def admin_address(self) -> str:
        """HOST:PORT of the own listener, empty when there is none."""
        return self._admin.address if self._admin is not None else ""

    @property
    def open(self) -> int:
        """Client connections that exist."""
        return self._server.open

    # ------------------------------------------------------------------ start

    async def __aenter__(self) -> Service:
        """Raises InputError when the configuration or the rules cannot be used, or an address cannot be bound."""
        check_parser()
        async with contextlib.AsyncExitStack() as undo:
            self._loader = ThreadPoolExecutor(1, thread_name_prefix="waf-load")
            undo.callback(self._loader.shutdown, wait=False)
            runtime = await self._loaded_by(self._build, None)
            config = runtime.config
            undo.push_async_callback(self._accounts.close)
            self._accounts.use(runtime.limiter)
            self.metrics = Metrics()
            self.metrics.extraction_risk = self._accounts.suspects.highest
            await self._accounts.start(self.metrics)
            self._tls = listener_context(config.tls)
            recent = Recent(config.admin.events) if config.admin.token or config.admin.socket else None
            key = secrets.token_bytes(32)
            self._recorder = Recorder(
                config.log, self.metrics, key, render=self._render, recent=recent, country=self._country
            )
            undo.push_async_callback(asyncio.to_thread, self._recorder.close)
            self._pool = UpstreamPool(config.upstream, config.timeouts, ssl=_towards_upstream(config))
            undo.push_async_callback(self._pool.close)
            threads = ThreadPoolExecutor(THREADS, thread_name_prefix="waf-inspect")
            undo.callback(threads.shutdown, wait=False, cancel_futures=True)
            self._batcher = Batcher(batch_limits(config.classifier), Cache(config.classifier.cache), self.metrics)
            undo.push_async_callback(self._batcher.close)
            self._handler = Handler(runtime, self._pool, self._recorder, threads, self._batcher)
            undo.push_async_callback(self._handler.admission.issuers.close)
            override_service = await asyncio.to_thread(override_service_of, config, self.metrics, self._accounts.shared)
            if override_service is not None:
                self._handler.admission.overrides = override_service.overrides
                override_service.start()
                undo.push_async_callback(override_service.close)
            self._server = EdgeServer(self._handler, config.limits, config.timeouts, config.proxy_protocol)
            self._server.trusted = runtime.trusted
            self._server.turned_away = self.metrics.limited
            self._listener = Listener(_bind(config), self._server, self._tls)
            undo.callback(self._listener.close)
            self._admin = admin_of(config.admin, self.metrics, self._state, recent, override_service)
            if self._admin is not None:
                await self._admin.start()
                undo.push_async_callback(self._admin.close)
            self._keysync.start(lambda: self._handler.runtime.config)
            undo.push_async_callback(self._keysync.close)
            self._loaded = fingerprint(self._watched())
            self._watcher = FileWatcher(self._watched, self._files_changed)
            self._watcher.start()
            undo.push_async_callback(self._watcher.stop)
            await self._listener.start()
            if runtime.gate is not None:
                self._handler.admission.issuers.refresh(runtime.gate.caches)
            self._state.ready = True
            self._undo = undo.pop_all()
        self._log.info(
            "started", url=self.url, upstream=config.upstream.url, admin=self.admin_address, **_what(runtime)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop accepting, let what is in flight end, cut what does not, and put everything away."""
        self._state.ready, self._state.reason = False, "draining"
        self._listener.close()
        seconds = self._handler.runtime.config.timeouts.drain
        if self.open:
            self._log.info("draining, a second signal ends it at once", connections=self.open, seconds=seconds)
        if not await self._server.drain(seconds):
            self._log.warning("requests were cut off at the end of the drain", seconds=seconds)
        await self._undo.aclose()

    def _build(self, running: Config | None) -> Runtime:
        """Load configuration, rules and models. Settings that take a restart keep the values that are in force."""
        config = self._load()
        if running is not None:
            fixed = {name: getattr(running, name) for name in FIXED}
            changed = [name for name, value in fixed.items() if value != getattr(config, name)]
            if changed:
                self._log.warning("settings that take a restart have changed", settings=", ".join(changed))
            config = replace(config, **fixed, usage=replace(config.usage, file=running.usage.file))
        if running is None:
            self._keysync.pull(config)
        ruleset = load_ruleset(config.rules, today=datetime.now(UTC).date(), crs=config.crs)
        for warning in ruleset.warnings:
            self._log.warning(str(warning))
        scorer = self._models(config.classifier, self._secret, self._model_failed)
        judges, second = load_judges(judged(config)), opinion.load(ruleset, config, self._model_failed)
        engine = Engine(ruleset, config, scorer=scorer, judges=judges, opinion=second)
        engine.warm_up()
        engine.keep_collections(self._kept)
        if running is not None:
            return Runtime.of(config, engine, self._key_caches, self._accounts)
        self._accounts = Accounts(config)
        try:
            return Runtime.of(config, engine, self._key_caches, self._accounts)
        except InputError:
            self._accounts.abandon()
            raise

    async def _loaded_by(self, make: Callable[[T], Runtime], given: T) -> Runtime:
        """In a thread, always the same: the allocator gives each thread memory of its own, and what one has given back
        another does not get. Six threads would keep the room of six sets of rules. Nothing that loading makes is for the
        collector, and every request would wait while it looks at all of that."""
        gc.disable()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._loader, make, given)
        finally:
            self.settled()
            gc.enable()

    def _around(self, running: Runtime) -> Runtime:
        """The rules and settings that run, with the files beside them (keys, certificates, addresses) read again."""
        return Runtime.of(running.config, running.engine, self._key_caches, self._accounts)

    # ------------------------------------------------------------------ reload

    async def reload(self) -> bool:
        """Build a new runtime beside the one that runs, then swap them. What is wrong is logged and changes nothing."""
        async with self._reloading:
            return await self._reload_from(rules=True)

    def reload_soon(self) -> None:
        """What SIGHUP does. One reload runs and one waits at the most: that one reads whatever is there when it begins."""
        if len(self._asked) < 2:
            task = asyncio.get_running_loop().create_task(self.reload())
            self._asked.add(task)
            task.add_done_callback(self._asked.discard)

    async def reloaded(self) -> None:
        """When what signals asked for is done."""
        await asyncio.gather(*self._asked)

    async def _files_changed(self) -> None:
        """What the watcher calls. Who changes a file and sends SIGHUP as well asks for one reload, not for two. Rules and models
        take seconds to load: they stay when nothing of theirs has changed, so that a revoked key is one at once."""
        async with self._reloading:
            now = fingerprint(self._loaded)
            changed = {path for path, look in now.items() if look != self._loaded[path]}
            if changed:
                await self._reload_from(rules=not changed <= {*beside_rules(self._handler.runtime.config)})

    def _watched(self) -> Iterator[Path]:
        return watched(self._handler.runtime, self._config_file)

    async def _reload_from(self, *, rules: bool) -> bool:
        before = fingerprint(self._watched())
        if not rules:  # what else changes from now on is still to be read
            before = {**self._loaded, **{path: before[path] for path in beside_rules(self._handler.runtime.config)}}
        try:
            return await self._reload(rules=rules)
        finally:
            self._loaded = carried(before, self._watched())

    async def _reload(self, *, rules: bool) -> bool:
        self._recorder.reopen()
        if self._handler.admission.overrides is not None:
            await self._handler.admission.overrides.reload()
        old = self._handler.runtime
        try:
            runtime = await (self._loaded_by(self._build, old.config) if rules else self._loaded_by(self._around, old))
            client_tls, upstream_tls = await asyncio.to_thread(self._renew_tls, old.config)
        except InputError as error:
            for problem in error.problems:
                self._log.error("reload refused, the old rules stay", problem=str(problem))
            self.metrics.reload("failed")
            return False
        except Exception as error:  # noqa: BLE001 - a fault of ours must not stop a firewall that works
            self._log.error("reload failed, the old rules stay", exc_info=error)
            self.metrics.reload("failed")
            return False
        self._handler.runtime = runtime
        self._batcher.set_limits(batch_limits(runtime.config.classifier), runtime.config.classifier.cache)
        self._accounts.use(runtime.limiter)
        if client_tls is not None:
            await self._listener.replace_tls(client_tls)
        if upstream_tls is not None:
            self._pool.replace_tls(upstream_tls)
        self._server.trusted = runtime.trusted
        self._server.limits, self._server.timeouts = runtime.config.limits, runtime.config.timeouts
        self._log.info("reloaded" if rules else "reloaded, the rules stay", **_what(runtime))
        self.metrics.reload("ok")
        return True

    def _country(self, address: str) -> str:
        """By the file of the configuration that runs now."""
        return self._handler.runtime.country(address)

    def _model_failed(self, error: Exception) -> None:
        self._failures += 1
        if oplog.worth_saying(self._failures):
            self._log.error("a model failed", error=str(error), total=self._failures)

    def _renew_tls(self, config: Config) -> tuple[ssl.SSLContext | None, ssl.SSLContext | None]:
        """New certificates for the listener, whose context stays unless clients have certificates as well; returns the one
        that takes its place then, and the one for the upstream."""
        upstream = _towards_upstream(config)
        if self._tls is not None and not config.tls.client_ca:
            renew(self._tls, config.tls)
            return None, upstream
        return listener_context(config.tls), upstream

    # ------------------------------------------------------------------ stop

    def stop(self) -> None:
        """What a signal does: the first begins the drain, the next one ends it."""
        if self.stopping.is_set():
            self._server.cut()
        self.stopping.set()


def _what(runtime: Runtime) -> dict[str, object]:
    """Which rules and models run, for the log."""
    ruleset, scorer = runtime.engine.ruleset, runtime.engine.scorer
    models = {"models": scorer.hashes} if scorer is not None else {}
    return {"rules": len(ruleset.rules), "digest": ruleset.digest, **models}


def _towards_upstream(config: Config) -> ssl.SSLContext | None:
    return upstream_context(config.upstream.tls) if config.upstream.url.startswith("https:") else None


def _bind(config: Config) -> list[socket.socket]:
    host, port = parse_address(config.listen)
    try:
        return bind(host, port, reuse_port=config.reuse_port)
    except OSError as error:
        message = f"cannot listen on {config.listen}: {error.strerror or error}"
        raise ConfigError([Problem("listen", 0, 0, message)]) from None

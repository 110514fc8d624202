"""The sidecar as a process: start, reload, drain, stop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import resource
import secrets
import signal
import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from aiohttp import http_parser

from waf import opinion
from waf.admin import AdminListener, State
from waf.classify.batcher import Batcher, batch_limits
from waf.classify.cache import Cache
from waf.classify.load import Models, load_scorer
from waf.config import parse_address
from waf.edge.accounts import Accounts
from waf.edge.handler import Handler
from waf.edge.listener import EdgeServer, Listener, bind
from waf.edge.reload import Watcher
from waf.edge.runtime import Runtime
from waf.edge.tls import listener_context, renew, upstream_context
from waf.edge.upstream import UpstreamPool
from waf.engine import Engine
from waf.errors import ConfigError, InputError, Problem
from waf.identity.keycache import KeyCache
from waf.record import Metrics, Recorder, oplog
from waf.record.event import Event, encode
from waf.rules import load_ruleset
from waf.rules.seclang import Kept
from waf.settings import Config

FIXED: Final = ("listen", "reuse_port", "proxy_protocol", "upstream", "tls", "admin", "log")
"""Settings that sockets, pools and sinks were made from; they change with a restart, and a reload says so."""

THREADS: Final = 2
"""For large bodies. More would only wait for the interpreter's lock."""

GC_THRESHOLDS: Final = (20_000, 20, 20)
"""A request leaves next to nothing for the cycle collector, so looking seldom is enough."""


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
        self._kept = Kept(time.monotonic)
        """What the CRS counts over several requests; it stays when rules are read anew."""
        self.stopping = asyncio.Event()
        self._accounts: Accounts
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
        _check_parser()
        async with contextlib.AsyncExitStack() as undo:
            runtime = await asyncio.to_thread(self._build, None)
            config = runtime.config
            undo.push_async_callback(self._accounts.close)
            self._accounts.use(runtime.desk)
            self._accounts.start()
            self._tls = listener_context(config.tls)
            self.metrics = Metrics()
            self._recorder = Recorder(config.log, self.metrics, secrets.token_bytes(32), render=self._render)
            undo.push_async_callback(asyncio.to_thread, self._recorder.close)
            self._pool = UpstreamPool(config.upstream, config.timeouts, ssl=_towards_upstream(config))
            undo.push_async_callback(self._pool.close)
            threads = ThreadPoolExecutor(THREADS, thread_name_prefix="waf-inspect")
            undo.callback(threads.shutdown, wait=False, cancel_futures=True)
            self._batcher = Batcher(batch_limits(config.classifier), Cache(config.classifier.cache), self.metrics)
            undo.push_async_callback(self._batcher.close)
            self._handler = Handler(runtime, self._pool, self._recorder, threads, self._batcher)
            undo.push_async_callback(self._handler.doorman.issuers.close)
            self._server = EdgeServer(self._handler, config.limits, config.timeouts, config.proxy_protocol)
            self._server.trusted = runtime.trusted
            self._listener = Listener(_bind(config), self._server, self._tls)
            undo.callback(self._listener.close)
            self._admin = AdminListener(config.admin.listen, self.metrics, self._state) if config.admin.listen else None
            if self._admin is not None:
                await self._admin.start()
                undo.push_async_callback(self._admin.close)
            self._watcher = Watcher(self._watched, self.reload)
            self._watcher.start()
            undo.push_async_callback(self._watcher.stop)
            await self._listener.start()
            if runtime.gate is not None:
                self._handler.doorman.issuers.refresh(runtime.gate.caches)
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
        if not await self._server.drain(seconds):
            self._log.warning("requests were cut off at the end of the drain", seconds=seconds)
        await self._undo.aclose()

    def _build(self, running: Config | None) -> Runtime:
        """Read everything anew. Of what takes a restart, a runtime always tells what is really so."""
        config = self._load()
        if running is not None:
            fixed = {name: getattr(running, name) for name in FIXED}
            changed = [name for name, value in fixed.items() if value != getattr(config, name)]
            if changed:
                self._log.warning("settings that take a restart have changed", settings=", ".join(changed))
            config = replace(config, **fixed, usage=replace(config.usage, file=running.usage.file))
        ruleset = load_ruleset(config.rules, today=datetime.now(UTC).date(), crs=config.crs)
        for warning in ruleset.warnings:
            self._log.warning(str(warning))
        scorer = self._models(config.classifier, self._secret, self._model_failed)
        engine = Engine(ruleset, config, scorer=scorer, opinion=opinion.load(ruleset, config, self._model_failed))
        engine.warm_up()
        engine.kept = self._kept
        if running is not None:
            return Runtime.of(config, engine, self._key_caches, self._accounts)
        self._accounts = Accounts(config)
        try:
            return Runtime.of(config, engine, self._key_caches, self._accounts)
        except InputError:
            self._accounts.abandon()
            raise

    # ------------------------------------------------------------------ reload

    async def reload(self) -> bool:
        """Build everything anew beside what runs, then put it in its place. What is wrong is logged and changes nothing."""
        async with self._reloading:
            self._recorder.reopen()
            old = self._handler.runtime
            try:
                runtime = await asyncio.to_thread(self._build, old.config)
                upstream_tls = await asyncio.to_thread(self._renew_tls, old.config)
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
            self._accounts.use(runtime.desk)
            if upstream_tls is not None:
                self._pool.replace_tls(upstream_tls)
            self._server.trusted = runtime.trusted
            self._server.limits, self._server.timeouts = runtime.config.limits, runtime.config.timeouts
            self._log.info("reloaded", **_what(runtime))
            self.metrics.reload("ok")
            return True

    def _model_failed(self, error: Exception) -> None:
        self._failures += 1
        if self._failures & (self._failures - 1) == 0:  # the 1st, 2nd, 4th, 8th, …: a fault that stays must not flood
            self._log.error("a model failed", error=str(error), total=self._failures)

    def _renew_tls(self, config: Config) -> ssl.SSLContext | None:
        """New certificates for the listener, which keeps its context; returns the context for the upstream."""
        if self._tls is not None:
            renew(self._tls, config.tls)
        return _towards_upstream(config)

    def _watched(self) -> Iterator[Path]:
        """Files whose change means a reload, and the folders whose new files do."""
        runtime = self._handler.runtime
        config = runtime.config
        tls, upstream = config.tls, config.upstream.tls
        names = [tls.certificate, tls.key, upstream.ca, upstream.certificate, upstream.key]
        lists = [config.addresses, *(route.access.addresses for route in config.routes)]
        names += [name for part in lists for name in (*part.allow_files, *part.deny_files)]
        names += [config.identity.keys.file, *(issuer.key_file for issuer in config.identity.jwt)]
        yield from (Path(name) for name in names if name)
        if not config.rules.watch:
            return
        if self._config_file is not None:
            yield self._config_file
        files = runtime.engine.ruleset.files
        yield from files
        for folder in {file.parent for file in files}:
            yield from folder.glob("*.txt")  # lists that rules name
        if runtime.engine.scorer is not None:
            yield from runtime.engine.scorer.files
        yield from runtime.engine.opinion.files
        if runtime.engine.crs is not None:
            yield from {file.parent for file in runtime.engine.crs.files}  # *.conf and plugins that are added
        for pack in map(Path, config.rules.packs):
            if pack.is_dir():
                yield pack
                yield from (path for path in pack.rglob("*") if path.is_dir())

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


def _announce(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def serve(
    load: Callable[[], Config], config_file: str | None = None, announce: Callable[[str], None] = _announce
) -> None:
    """Run until SIGTERM or SIGINT; SIGHUP reloads. Raises InputError when it cannot start."""
    _raise_file_limit()
    sys.setswitchinterval(0.001)  # a large body is inspected in a thread; the loop should not wait 5 ms for its turn
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(load, config_file, announce))


async def _serve(load: Callable[[], Config], config_file: str | None, announce: Callable[[str], None]) -> None:
    loop = asyncio.get_running_loop()
    async with Service(load, config_file) as service:
        reloads: set[asyncio.Task[bool]] = set()

        def reload() -> None:
            task = loop.create_task(service.reload())
            reloads.add(task)
            task.add_done_callback(reloads.discard)

        loop.add_signal_handler(signal.SIGHUP, reload)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, service.stop)
        gc.collect()
        gc.freeze()  # what start-up made stays; the collector need not look at it again
        gc.set_threshold(*GC_THRESHOLDS)
        announce(f"listening on {service.url}")
        await service.stopping.wait()
        await asyncio.gather(*reloads)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


def _raise_file_limit() -> None:
    """Every client and every upstream connection takes a file descriptor; the soft limit is often 1024."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _check_parser() -> None:
    """Raises ConfigError when aiohttp lacks its C extension: what its Python parser lets through was never checked."""
    if not hasattr(http_parser, "HttpRequestParserC"):
        message = "aiohttp is installed without its C extension, whose strict HTTP parser the firewall depends on"
        raise ConfigError([Problem("aiohttp", 0, 0, message, "install it from a wheel; unset AIOHTTP_NO_EXTENSIONS")])


def _towards_upstream(config: Config) -> ssl.SSLContext | None:
    return upstream_context(config.upstream.tls) if config.upstream.url.startswith("https:") else None


def _bind(config: Config) -> list[socket.socket]:
    host, port = parse_address(config.listen)
    try:
        return bind(host, port, reuse_port=config.reuse_port)
    except OSError as error:
        message = f"cannot listen on {config.listen}: {error.strerror or error}"
        raise ConfigError([Problem("listen", 0, 0, message)]) from None

"""Redis or Valkey, asked over one connection: whatever is asked in one turn of the event loop goes out together.

The one module that needs the package redis; it is imported where `state.redis.url` is set. Nothing here ever makes a request wait
for a connection: while there is none, whoever asks is told so at once.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from time import perf_counter
from typing import Any, Final

import msgspec
from redis import Redis as Client
from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import RedisError

from waf.errors import ConfigError, Problem
from waf.record import Metrics, oplog
from waf.state.breaker import Breaker
from waf.state.protocol import Answer, Ask
from waf.state.script import SOURCE, answers, call
from waf.usage import Redis

CONNECT: Final = 2.0
"""Seconds for connecting, logging in and loading the script."""
BEAT: Final = 1.0
"""Seconds without an ask after which one is made, so that a server that is gone is noticed before a request needs it."""
BATCH: Final = 128
"""Asks in one run of the script, which holds up everybody else's."""
MAX_WAITING: Final = 65_536
"""Asks that wait to be sent."""
FAREWELL: Final = 0.5
"""Seconds that the end of a connection may take."""
GRACE: Final = 0.01
"""Seconds by which an answer may be later, since the event loop may have been late to see it."""

_REPLACE: Final = """
if tonumber(redis.call('HGET', KEYS[1], 'number') or 0) ~= tonumber(ARGV[1]) then
  return 0
end
redis.call('HSET', KEYS[1], 'number', ARGV[1] + 1, 'document', ARGV[2])
redis.call('HSETNX', KEYS[1], 'lineage', ARGV[3])
return 1
"""

_FAULTS: Final = (RedisError, OSError, TimeoutError, ValueError, msgspec.DecodeError)

Waiting = tuple[Ask, "asyncio.Future[Answer | None] | None"]


class _Batch(msgspec.Struct, eq=False):
    waiting: list[Waiting]
    sent: float
    """By the loop's clock, whose milliseconds are enough for patience."""
    began: float
    """By a finer one, to be measured."""


class RedisState:
    """`waf.state.protocol.SharedState`. Made where its event loop runs. Raises ConfigError for an address it cannot use."""

    def __init__(self, settings: Redis, metrics: Metrics) -> None:
        self._pool = _pool(settings)
        self._prefix = settings.prefix.encode()
        self._timeout = settings.timeout
        self._metrics = metrics
        self._log = oplog.get("waf.state")
        self._loop = asyncio.get_running_loop()
        self._queue: deque[Waiting] = deque()
        self._sent: deque[_Batch] = deque()
        self._wanted = asyncio.Event()
        self._first = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._warned = False
        self._talk: asyncio.Task[None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._told: Callable[[bool], None] = lambda _: None
        self._memory = b""
        self.up = False

    def ask(self, ask: Ask) -> Awaitable[Answer | None]:
        """See `SharedState`."""
        future: asyncio.Future[Answer | None] = self._loop.create_future()
        if self.up and len(self._queue) < MAX_WAITING:
            self._queue.append((ask, future))
            self._wanted.set()
        else:
            future.set_result(None)
        return future

    def tell(self, asks: Sequence[Ask]) -> None:
        """See `SharedState`."""
        if self.up and len(self._queue) < MAX_WAITING:
            self._queue.extend((ask, None) for ask in asks)
            self._wanted.set()

    async def start(self, told: Callable[[bool], None]) -> None:
        """See `SharedState`. Waits for the first attempt to connect, at most `CONNECT` seconds."""
        self._told = told
        self._task = self._loop.create_task(self._run())
        with suppress(TimeoutError):
            await asyncio.wait_for(self._first.wait(), CONNECT)

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            await asyncio.sleep(0)  # in which the loop closes the socket of an attempt that has just failed

    # ------------------------------------------------------------------ the connection

    async def _run(self) -> None:
        breaker = Breaker()
        try:
            while True:
                connection: AbstractConnection = self._pool.make_connection()
                try:
                    async with asyncio.timeout(CONNECT):
                        forgot = await self._prepare(connection)
                    breaker.worked(self._loop.time())
                    self._rise(forgot=forgot)
                    self._talk = self._loop.create_task(self._exchange(connection))
                    await self._talk
                except _FAULTS as error:
                    self._fall(error)
                except asyncio.CancelledError:
                    if self._task is not None and self._task.cancelling():
                        raise
                    # `_late` ended the talk, and has said so.
                finally:
                    self._first.set()
                    ends = self._task is not None and self._task.cancelling()
                    with suppress(*_FAULTS):
                        async with asyncio.timeout(FAREWELL):  # TLS says goodbye, and is answered
                            await connection.disconnect(nowait=not ends)
                await asyncio.sleep(breaker.failed(self._loop.time()))
        finally:
            self._fall(None)
            if self._talk is not None:
                self._talk.cancel()
                await asyncio.gather(self._talk, return_exceptions=True)

    async def _prepare(self, connection: AbstractConnection) -> bool:
        """Connect and load the script. Returns whether the server has forgotten what we told it."""
        await connection.connect()
        about = await _command(connection, "INFO", "server")
        if isinstance(about, bytes) and b"redis_mode:cluster" in about:
            raise ValueError("it is a Redis Cluster, which is not supported: one ask has keys of several callers")
        await _command(connection, "SCRIPT", "LOAD", SOURCE)
        name = self._prefix + b":memory"
        await _command(connection, "SET", name, secrets.token_hex(16), "NX")
        memory = await _command(connection, "GET", name)
        if not isinstance(memory, bytes):
            raise ValueError("the server does not keep what it is told")
        began = self._loop.time()
        answers(await _command(connection, *call([])), 0)
        if self._loop.time() - began > self._timeout:
            raise TimeoutError(f"it takes more than {self._timeout:g} s to answer")
        before, self._memory = self._memory, memory
        return before not in (b"", memory)

    def _rise(self, *, forgot: bool) -> None:
        self.up = self._metrics.state_up = True
        self._log.info("shared state can be reached", forgot=forgot)
        self._warned = False
        self._told(forgot)
        self._first.set()

    def _fall(self, error: Exception | None) -> None:
        """Nobody waits any more."""
        self.up = self._metrics.state_up = False
        if error is not None and not self._warned:
            self._warned = True
            self._log.warning("shared state is away, limits are kept by this process alone", error=reason_of(error))
        waiting = [item for batch in self._sent for item in batch.waiting]
        waiting += self._queue
        self._sent.clear()
        self._queue.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for _, future in waiting:
            if future is not None and not future.done():
                future.set_result(None)

    async def _exchange(self, connection: AbstractConnection) -> None:
        """Send what is asked, until something fails."""
        reader = self._loop.create_task(self._read(connection))
        reader.add_done_callback(lambda _: self._wanted.set())
        try:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(BEAT):
                        await self._wanted.wait()
                self._wanted.clear()
                if reader.done():
                    reader.result()
                batches = self._cut()
                self._sent.extend(batches)
                self._watch()
                words = [call([ask for ask, _ in batch.waiting]) for batch in batches]
                await connection.send_packed_command(connection.pack_commands(words), check_health=False)
        finally:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)

    def _cut(self) -> list[_Batch]:
        """What waits, in pieces; an empty one when nothing does, to see whether somebody answers."""
        now, began, batches = self._loop.time(), perf_counter(), []
        while self._queue:
            size = min(len(self._queue), BATCH)
            batches.append(_Batch([self._queue.popleft() for _ in range(size)], now, began))
        return batches or [_Batch([], now, began)]

    async def _read(self, connection: AbstractConnection) -> None:
        while True:
            reply = await connection.read_response(disable_decoding=True, disconnect_on_error=False)
            if not self._sent:
                raise ValueError("an answer that nobody asked for")
            batch = self._sent[0]
            found = answers(reply, len(batch.waiting))
            self._sent.popleft()
            self._metrics.state_seconds(perf_counter() - batch.began)
            for (_, future), answer in zip(batch.waiting, found, strict=True):
                if future is not None and not future.done():
                    future.set_result(answer)

    # ------------------------------------------------------------------ its patience

    def _watch(self) -> None:
        if self._timer is None and self._sent:
            self._timer = self._loop.call_at(self._sent[0].sent + self._timeout, self._check, None)

    def _check(self, suspect: _Batch | None) -> None:
        """Is the oldest answer late? Then look once more a little later, and give up when it still is not there."""
        self._timer = None
        if not self._sent:
            return
        oldest = self._sent[0]
        if oldest is suspect:
            self._fall(TimeoutError(f"no answer in {self._timeout:g} s"))
            if self._talk is not None:
                self._talk.cancel()
        elif self._loop.time() >= oldest.sent + self._timeout:
            self._timer = self._loop.call_later(GRACE, self._check, oldest)
        else:
            self._watch()


class SharedDocument:
    """One document that all read and operators change, with a number that grows with each change. Blocking; each call takes a
    few seconds at most. Raises OSError when the server cannot be asked, ConfigError for an address that is of no use."""

    def __init__(self, settings: Redis, name: str) -> None:
        self._client = client_of(settings)
        self._key = f"{settings.prefix}:{name}"

    def version(self) -> tuple[int, bytes]:
        """Its number, 0 where there is no document, and what was drawn when the first one was written: another one means that the
        server has lost its memory in between."""
        number, lineage = self._ask("HMGET", self._key, "number", "lineage")
        return _whole(number), lineage or b""

    def read(self) -> tuple[int, bytes]:
        number, data = self._ask("HMGET", self._key, "number", "document")
        return _whole(number), data or b""

    def write(self, data: bytes, number: int) -> bool:
        """Replace the one that had this number. False: it has been replaced already."""
        return bool(self._ask("EVAL", _REPLACE, 1, self._key, number, data, secrets.token_hex(16)))

    def close(self) -> None:
        self._client.close()

    def _ask(self, *words: str | int | bytes) -> Any:
        try:
            return self._client.execute_command(*words)
        except RedisError as error:
            raise OSError(reason_of(error)) from None


def _whole(number: bytes | None) -> int:
    """Raises OSError for what is no number: somebody else writes there."""
    try:
        return max(int(number or 0), 0)
    except ValueError:
        raise OSError("the document on the server has no number") from None


async def _command(connection: AbstractConnection, *words: Any) -> object:
    await connection.send_packed_command(connection.pack_command(*words), check_health=False)
    return await connection.read_response(disable_decoding=True, disconnect_on_error=False)


def client_of(settings: Redis) -> Client:
    """A client that blocks, a few seconds at most. Raises ConfigError for an address that is of no use."""
    try:
        return Client.from_url(
            settings.url, protocol=2, socket_timeout=CONNECT, socket_connect_timeout=CONNECT, **_options(settings)
        )
    except (ValueError, TypeError) as error:
        raise ConfigError([Problem("state.redis.url", 0, 0, f"cannot be used: {error}")]) from None


def _pool(settings: Redis) -> ConnectionPool:
    try:
        return ConnectionPool.from_url(settings.url, protocol=2, **_options(settings))
    except (ValueError, TypeError) as error:
        raise ConfigError([Problem("state.redis.url", 0, 0, f"cannot be used: {error}")]) from None


def _options(settings: Redis) -> dict[str, Any]:
    given = {"username": settings.username, "password": settings.password}
    options: dict[str, Any] = {name: value for name, value in given.items() if value}
    if settings.url.startswith("rediss:"):  # versions of the package differ in what they check of their own accord
        options |= {"ssl_cert_reqs": "required", "ssl_check_hostname": True}
    if settings.ca:
        options["ssl_ca_certs"] = settings.ca
    return options


def reason_of(error: Exception) -> str:
    """What went wrong. Messages of the library name host and port, and never a password."""
    return str(error) or type(error).__name__

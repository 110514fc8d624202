"""The load generator: an open loop for latency, a closed one for saturation.

Open loop means that requests are sent when a Poisson schedule says so, whether or not earlier ones have been answered,
and that a latency counts from the scheduled moment. A target that stalls for 100 ms is charged for every request that
was due in that time; a generator that waits for answers before it sends again would hide it ("coordinated omission").

Plain sockets and `select`, not asyncio: `select` sleeps with microsecond timeouts, epoll rounds up to milliseconds.
"""

from __future__ import annotations

import random
import select
import socket
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import httptools

RECEIVE = 1 << 18
HOPELESS = 1000
"""A stretch ends early when this many more requests have failed than were answered."""


@dataclass(slots=True)
class Result:
    """What one run saw. `latencies` in seconds, in order of completion; of answered requests only."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    failures: int = 0
    """Requests without an answer: connection refused, closed or not HTTP."""
    late: float = 0.0
    """Worst delay in seconds from a request's scheduled moment to its first byte that was the generator's own fault."""

    @property
    def answered(self) -> int:
        return len(self.latencies)

    @property
    def hopeless(self) -> bool:
        return self.failures > self.answered + HOPELESS


class Connection:
    """One keep-alive connection with at most one request on it."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.sock = socket.create_connection(address, timeout=10)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setblocking(False)
        self.due = 0.0
        self.unsent = b""
        self.done = False
        self.keep = True
        self._parser = httptools.HttpResponseParser(self)

    def fileno(self) -> int:
        return self.sock.fileno()

    def start(self, payload: bytes, due: float) -> None:
        """Sends what the socket takes at once and keeps the rest in `unsent`."""
        self.due = due
        self.done = False
        self.unsent = payload
        self.flush()

    def flush(self) -> None:
        try:
            self.unsent = self.unsent[self.sock.send(self.unsent) :]
        except BlockingIOError:
            return

    def receive(self) -> bool:
        """Feeds the parser; True once the answer is whole. OSError or HttpParserError: there will be none."""
        data = self.sock.recv(RECEIVE)
        if not data:
            raise ConnectionResetError("closed before the end of the answer")
        self._parser.feed_data(data)
        return self.done

    def on_headers_complete(self) -> None:
        self.status = self._parser.get_status_code()
        self.keep = self._parser.should_keep_alive()

    def on_message_complete(self) -> None:
        self.done = True

    def renew(self) -> None:
        """A fresh parser: one per answer keeps a 1xx or an upgrade from confusing the next."""
        self._parser = httptools.HttpResponseParser(self)


class Generator:
    """Sends `payloads` round robin to `address` over at most `connections` connections."""

    def __init__(self, address: tuple[str, int], payloads: Sequence[bytes], connections: int = 64) -> None:
        self._address = address
        self._payloads = payloads
        self._limit = connections
        self._next = 0
        self._idle: deque[Connection] = deque()
        self._busy: dict[int, Connection] = {}

    def open_loop(self, rate: float, seconds: float, seed: int = 1) -> Result:
        """Poisson arrivals at `rate` requests per second for `seconds`, then waits (at most 10 s) for the answers."""
        rng = random.Random(seed)
        result = Result()
        waiting: deque[float] = deque()
        begin = time.perf_counter()
        due, end = begin + rng.expovariate(rate), begin + seconds
        while True:
            now = time.perf_counter()
            while due <= now and due < end:
                waiting.append(due)
                due += rng.expovariate(rate)
            while waiting and self._can_start():
                moment = waiting.popleft()
                if len(waiting) + len(self._busy) < self._limit:
                    result.late = max(result.late, time.perf_counter() - moment)
                self._start(moment, result)
            if due >= end and not waiting and not self._busy:
                break
            if now > end + 10 or result.hopeless:
                result.failures += len(waiting) + len(self._busy)
                break
            self._poll(max(0.0, min(due, now + 1) - time.perf_counter()) if due < end else 0.1, result)
        result.seconds = time.perf_counter() - begin
        return result

    def saturate(self, seconds: float, concurrency: int = 16) -> Result:
        """Keeps `concurrency` requests in flight for `seconds`: for processor time per request, not for latency."""
        result = Result()
        begin = time.perf_counter()
        end = begin + seconds
        while (now := time.perf_counter()) < end or self._busy:
            while now < end and len(self._busy) < concurrency and self._start(time.perf_counter(), result):
                pass
            if now > end + 10 or result.hopeless:
                result.failures += len(self._busy)
                break
            self._poll(0.1, result)
        result.seconds = time.perf_counter() - begin
        return result

    def close(self) -> None:
        for connection in (*self._idle, *self._busy.values()):
            connection.sock.close()
        self._idle.clear()
        self._busy.clear()

    def _can_start(self) -> bool:
        return bool(self._idle) or len(self._busy) < self._limit

    def _start(self, due: float, result: Result) -> bool:
        payload = self._payloads[self._next % len(self._payloads)]
        self._next += 1
        try:
            connection = self._idle.pop() if self._idle else Connection(self._address)
            connection.start(payload, due)
        except OSError:
            result.failures += 1
            return False
        self._busy[connection.fileno()] = connection
        return True

    def _poll(self, timeout: float, result: Result) -> None:
        writers = [c for c in self._busy.values() if c.unsent]
        readable, writable, _ = select.select([*self._busy.values()], writers, [], timeout)
        for connection in writable:
            try:
                connection.flush()
            except OSError:
                self._fail(connection, result)
        for connection in readable:
            if connection.fileno() in self._busy:
                self._read(connection, result)

    def _read(self, connection: Connection, result: Result) -> None:
        try:
            if not connection.receive():
                return
        except (OSError, httptools.HttpParserError):
            self._fail(connection, result)
            return
        result.latencies.append(time.perf_counter() - connection.due)
        result.statuses[connection.status] = result.statuses.get(connection.status, 0) + 1
        del self._busy[connection.fileno()]
        if connection.keep and not connection.unsent:
            connection.renew()
            self._idle.append(connection)
        else:
            connection.sock.close()

    def _fail(self, connection: Connection, result: Result) -> None:
        result.failures += 1
        self._busy.pop(connection.fileno(), None)
        connection.sock.close()

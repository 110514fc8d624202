"""Where events go: a bounded buffer and one thread that writes it out in batches.

`write` only appends under a lock, so the event loop never waits for a disk or a pipe. What does not fit while the
destination is slow or broken is dropped, counted and reported, never waited for.
"""

from __future__ import annotations

import os
import select
import stat
import threading
import time
from collections.abc import Callable
from typing import Final

CAPACITY: Final = 4 << 20
"""Bytes that may wait to be written."""

BATCH: Final = 64 << 10
"""Bytes after which a batch is written at once."""

DELAY: Final = 0.05
"""Seconds that the first event of a batch waits for company."""

SILENCE: Final = 5.0
"""Seconds between two reports of the same trouble, so that it does not fill another log."""

_STREAMS: Final = {"stdout": 1, "stderr": 2}

Report = Callable[[str, dict[str, object]], None]
"""Told what went wrong: a message and its details. Called on the writer thread."""


def _ignore(message: str, details: dict[str, object]) -> None:
    """The report of a sink nobody listens to."""


class Sink:
    """Writes lines to `stdout`, `stderr` or a file (appending). Raises OSError when the file cannot be opened."""

    def __init__(
        self, target: str, report: Report = _ignore, *, capacity: int = CAPACITY, delay: float = DELAY
    ) -> None:
        self._target = target
        self._report = report
        self._capacity = capacity
        self._delay = delay
        self._lock = threading.Lock()
        self._some = threading.Event()
        self._urgent = threading.Event()
        self._lines: list[bytes] = []
        self._size = 0
        self._dropped = 0
        self._reported = 0
        self._told: dict[str, float] = {}
        self._broken = False
        self._torn = False
        self._reopen = False
        self._closing = False
        self._fd = self._open()
        self._thread = threading.Thread(target=self._run, name="waf-events", daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """Lines lost so far."""
        return self._dropped

    def write(self, line: bytes) -> None:
        """Queue one line, its newline included. Never blocks and never raises."""
        with self._lock:
            if self._closing or self._size + len(line) > self._capacity:
                self._dropped += 1
                return
            self._lines.append(line)
            self._size += len(line)
            size = self._size
        if size == len(line):
            self._some.set()
        if size >= BATCH:
            self._urgent.set()

    def reopen(self) -> None:
        """Reopen the file before the next batch, as log rotation needs. Streams stay as they are."""
        with self._lock:
            self._reopen = True
        self._urgent.set()
        self._some.set()

    def close(self, timeout: float = 2.0) -> None:
        """Write what is queued, for at most `timeout` seconds; what a stuck destination did not take is dropped."""
        with self._lock:
            self._closing = True
        self._urgent.set()
        self._some.set()
        self._thread.join(timeout)
        with self._lock:
            self._dropped += len(self._lines)
            self._lines, self._size = [], 0

    # ------------------------------------------------------------------ on the writer thread

    def _run(self) -> None:
        while True:
            self._some.wait()
            self._urgent.wait(self._delay)
            with self._lock:
                lines, self._lines, self._size = self._lines, [], 0
                reopen, self._reopen = self._reopen, False
                closing = self._closing
                self._some.clear()
                self._urgent.clear()
            if reopen:
                self._open_again()
            if lines:
                self._write_batch(lines)
            self._report_drops(last=closing)
            if closing:
                break
        if self._target not in _STREAMS:
            os.close(self._fd)

    def _write_batch(self, lines: list[bytes]) -> None:
        data = b"".join(lines)
        left = memoryview(b"\n" + data if self._torn else data)
        try:
            while left and not self._broken:
                try:
                    left = left[os.write(self._fd, left) :]
                except BlockingIOError:  # somebody who shares the stream made it non-blocking
                    self._wait_writable()
                    continue
                self._torn = bool(left)  # a failure from here on leaves half a line, to be ended before the next one
        except OSError as error:
            # A pipe whose reader is gone stays broken; a full disk may be emptied, so a file is tried again.
            self._broken = isinstance(error, BrokenPipeError)
            self._tell("events cannot be written", {"error": str(error)})
        with self._lock:
            self._dropped += min(bytes(left).count(b"\n"), len(lines))

    def _wait_writable(self) -> None:
        poll = select.poll()  # select() would fail on a descriptor past 1023
        poll.register(self._fd, select.POLLOUT)
        poll.poll()

    def _report_drops(self, *, last: bool) -> None:
        dropped = self._dropped
        details: dict[str, object] = {"dropped": dropped - self._reported, "total": dropped}
        if dropped > self._reported and self._tell("events dropped", details, always=last):
            self._reported = dropped

    def _tell(self, message: str, details: dict[str, object], *, always: bool = False) -> bool:
        now = time.monotonic()
        if not always and now - self._told.get(message, -SILENCE) < SILENCE:
            return False
        self._told[message] = now
        self._report(message, {"target": self._target, **details})
        return True

    def _open(self) -> int:
        stream = _STREAMS.get(self._target)
        if stream is not None:
            return stream
        fd = os.open(self._target, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK, 0o640)
        if stat.S_ISREG(os.fstat(fd).st_mode):
            os.set_blocking(fd, True)
        return fd

    def _open_again(self) -> None:
        try:
            fd = self._open()
        except OSError as error:
            self._tell("event file cannot be opened again", {"error": str(error)})
            return
        if fd != self._fd:
            os.close(self._fd)
        self._fd, self._torn, self._broken = fd, False, False

"""Processes that a command starts, and their end: none outlives the command that started it."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

STOP_SECONDS = 10.0
TERMINATED: Final = 143
"""Exit code of a command that SIGTERM ended: 128 + SIGTERM."""


def start(command: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    """`subprocess.Popen`, in the main thread. A SIGTERM that comes before the caller has the process waits until it can be
    ended, too."""
    early: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: early.append(number))
    try:
        process = subprocess.Popen(command, **options)
    finally:
        signal.signal(signal.SIGTERM, before)
    if early:
        stop(process)
        signal.raise_signal(signal.SIGTERM)
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM, and SIGKILL after `STOP_SECONDS`; its standard output is closed."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


@contextmanager
def unwound_by_sigterm() -> Iterator[None]:
    """SIGTERM ends the command as Ctrl-C does, by an exception, so that what it started and its temporary files go too.
    Python's own way is to be gone at once and leave them. For the main thread."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(TERMINATED)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

"""The processes that are measured, each pinned to one core, and what the kernel says they used."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from waf import child

_TICKS = os.sysconf("SC_CLK_TCK")
_LISTENING = re.compile(rb"listening on http://127\.0\.0\.1:(\d+)")
START_SECONDS = 60.0


class TargetError(Exception):
    """A process that is to be measured did not start, or ended."""


@dataclass(slots=True)
class Target:
    """A running process that answers HTTP on the loopback."""

    name: str
    process: subprocess.Popen[bytes]
    address: tuple[str, int]
    start_seconds: float
    """From spawning to the first accepted connection."""
    admin: tuple[str, int] | None = None

    @property
    def pid(self) -> int:
        return self.process.pid

    def cpu(self) -> float:
        """Processor seconds used so far, user and system, all threads."""
        return cpu_seconds(self.pid)

    def rss(self) -> int:
        """Resident bytes."""
        return rss_bytes(self.pid)

    def stop(self) -> None:
        """See `child.stop`."""
        child.stop(self.process)


def cpu_seconds(pid: int) -> float:
    """utime + stime of /proc/PID/stat, in seconds. Raises TargetError when there is no such process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError as problem:
        raise TargetError(f"process {pid} is gone") from problem
    return (int(fields[11]) + int(fields[12])) / _TICKS


def rss_bytes(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError as problem:
        raise TargetError(f"process {pid} is gone") from problem
    return pages * os.sysconf("SC_PAGE_SIZE")


def busy_seconds() -> float:
    """Processor seconds that all cores have spent on anything but idling, steal included."""
    values = [int(v) for v in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    user, nice, system, _idle, _iowait, irq, softirq, steal = values
    return (user + nice + system + irq + softirq + steal) / _TICKS


def cores() -> tuple[int, int]:
    """(core of the target, core of load and backend): the same one where only one may be used."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[-1]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def spawn(name: str, command: Sequence[str], core: int, *, port: int | None = None) -> Target:
    """Starts `command` on `core`; its port is `port`, or what it prints as `listening on http://127.0.0.1:PORT`.

    Raises TargetError when it ends or does not listen within `START_SECONDS`.
    """
    output = subprocess.PIPE if port is None else subprocess.DEVNULL
    begin = time.perf_counter()
    # A session of its own: Ctrl-C and what else is sent to the whole group reach `waf bench`, which ends the targets in order.
    process = child.start(command, stdin=subprocess.DEVNULL, stdout=output, start_new_session=True)
    os.sched_setaffinity(process.pid, {core})  # before it starts a thread: threads inherit it
    try:
        address = ("127.0.0.1", _announced(process) if port is None else port)
        _wait_until_accepting(process, address, begin + START_SECONDS)
    except TargetError as problem:
        child.stop(process)
        raise TargetError(f"{name} {problem}") from problem
    except BaseException:
        child.stop(process)
        raise
    return Target(name, process, address, time.perf_counter() - begin)


def _announced(process: subprocess.Popen[bytes]) -> int:
    found = _LISTENING.search(process.stdout.readline()) if process.stdout else None
    if not found:
        raise TargetError("did not say where it listens")
    return int(found[1])


def _wait_until_accepting(process: subprocess.Popen[bytes], address: tuple[str, int], deadline: float) -> None:
    while True:
        try:
            socket.create_connection(address, timeout=1).close()
        except OSError as problem:
            if process.poll() is not None:
                raise TargetError(f"ended with exit code {process.returncode} before it listened") from problem
            if time.perf_counter() > deadline:
                raise TargetError(f"does not listen on port {address[1]}") from problem
            time.sleep(0.01)
        else:
            return


def backend(core: int) -> Target:
    """The model server's stand-in."""
    return spawn("backend", [sys.executable, "-m", "waf.bench.backend"], core)


def textbook(script: Path, upstream: str, core: int) -> Target:
    """A plain aiohttp proxy that inspects nothing."""
    return spawn("textbook", [sys.executable, str(script), upstream], core)


def waf(upstream: str, core: int, folder: Path, extra: str = "") -> Target:
    """`waf serve` with its defaults, but for addresses. Events are written (to the null device), metrics are on.

    `extra` is YAML put into its configuration file, which is written to `folder`.
    """
    port, admin = free_port(), free_port()
    path = folder / "waf.yaml"
    path.write_text(
        f'listen: "127.0.0.1:{port}"\nupstream:\n  url: "{upstream}"\nadmin:\n  listen: "127.0.0.1:{admin}"\n{extra}'
    )
    target = spawn("waf", [sys.executable, "-m", "waf", "serve", "--config", str(path)], core, port=port)
    target.admin = ("127.0.0.1", admin)
    return target

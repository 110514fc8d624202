"""Does a large body hold up other requests? How long the event loop stalls beside bodies of 1 MB, and what 10 MB cost.

    python benchmarks/large_bodies.py [--rounds 3] [--size 1000000]

The watchdog's metric, `waf_loop_stall_seconds`, is read before and after each kind of body, and over as long a time without one.
A stall is ours or the machine's: `waited` is how long threads of the process were ready and had no processor. Meanwhile a small
GET goes through every 10 ms. The exit code is 1 for more stalls of 20 ms than such waiting explains, and for 10 MB let in.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import socket
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from waf.bench import target
from waf.bench.material import Material

BAR = 0.02
"""Seconds that one look of the watchdog may be late."""
REFUSED = 10_000_000
GET = b"GET /v1/models HTTP/1.1\r\nHost: waf\r\n\r\n"


def chat(texts: list[str]) -> bytes:
    return json.dumps({"model": "m", "messages": [{"role": "user", "content": text} for text in texts]}).encode()


def kinds(size: int, rng: random.Random) -> dict[str, tuple[str, bytes]]:
    """Path and JSON body by name, each of about `size` bytes."""
    material = Material()
    numbers = [[round(rng.random(), 4) for _ in range(100)] for _ in range(size // 800)]
    members = {f"member{n}": material.prose(rng, 40) for n in range(size // 60)}
    return {
        "one message": ("/v1/chat/completions", chat([material.prose(rng, size)])),
        "messages of 1 KB": ("/v1/chat/completions", chat([material.prose(rng, 1000) for _ in range(size // 1050)])),
        "code": ("/v1/chat/completions", chat([material.code(rng, size)])),
        "not ASCII": ("/v1/chat/completions", chat([material.prose(rng, size // 2).replace("e", "é")])),
        "members": ("/api", json.dumps(members).encode()),
        "numbers": ("/v1/models/m:predict", json.dumps({"instances": numbers}).encode()),
    }


@dataclass(frozen=True, slots=True)
class Look:
    """The watchdog's metric and the scheduler's at one moment."""

    looks: int
    late: int
    """Looks that came later than `BAR`."""
    waited: float


class Firewall:
    def __init__(self, folder: Path) -> None:
        first, second = target.cores()
        self.backend = target.backend(second)
        self.waf = target.waf(
            "http://{}:{}".format(*self.backend.address), first, folder, "log: {events: none}\nlimits: {body: 2MiB}\n"
        )

    def stop(self) -> None:
        self.waf.stop()
        self.backend.stop()

    def look(self) -> Look:
        host, port = self.waf.admin or ("", 0)
        with urllib.request.urlopen(f"http://{host}:{port}/metrics", timeout=60) as answer:
            text = answer.read().decode()
        count = {
            bound: int(float(value))
            for bound, value in re.findall(r'^waf_loop_stall_seconds_bucket\{le="([^"]+)"\} (\S+)$', text, re.MULTILINE)
        }
        within = next(value for bound, value in count.items() if bound != "+Inf" and float(bound) == BAR)
        waits = [file.read_text().split()[1] for file in Path(f"/proc/{self.waf.pid}/task").glob("*/schedstat")]
        return Look(count["+Inf"], count["+Inf"] - within, sum(map(int, waits)) / 1e9)

    def peak(self) -> int:
        """Most bytes that were ever resident."""
        status = Path(f"/proc/{self.waf.pid}/status").read_text()
        return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) * 1024

    def ask(self, raw: bytes) -> bytes:
        """The answer's status line; what the firewall closes before all is sent has one too."""
        with socket.create_connection(self.waf.address, timeout=120) as wire:
            with suppress(OSError):
                wire.sendall(raw)
            return wire.recv(65536).split(b"\r\n", 1)[0]


def post(path: str, body: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: waf\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def beside(firewall: Firewall, work: Callable[[], None]) -> tuple[Look, Look, list[float]]:
    """What the watchdog saw and how long small requests took while `work` ran."""
    times: list[float] = []
    done = threading.Event()

    def small() -> None:
        while not done.wait(0.01):
            began = time.perf_counter()
            firewall.ask(GET)
            times.append(time.perf_counter() - began)

    thread = threading.Thread(target=small)
    before = firewall.look()
    thread.start()
    work()
    done.set()
    thread.join()
    return before, firewall.look(), times


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", type=int, default=1_000_000)
    given = parser.parse_args()
    rng, failed = random.Random(11), False
    print(f"{'body':18} {'seconds each':>12} {'looks':>6} {'> 20 ms':>8} {'waited s':>9} {'GET p50, max ms':>18}")
    with tempfile.TemporaryDirectory(prefix="waf-large-") as folder:
        firewall = Firewall(Path(folder))
        try:
            for _ in range(20):
                firewall.ask(GET)

            def measure(name: str, work: Callable[[], None], each: int) -> Look:
                began = time.perf_counter()
                before, after, times = beside(firewall, work)
                took = (time.perf_counter() - began) / each
                seen = Look(after.looks - before.looks, after.late - before.late, after.waited - before.waited)
                p50, worst = statistics.median(times) * 1e3, max(times) * 1e3
                print(
                    f"{name:18} {took:12.2f} {seen.looks:6} {seen.late:8} {seen.waited:9.2f} {p50:9.1f} {worst:8.1f}",
                    flush=True,
                )
                return seen

            measure("none", lambda: time.sleep(5), 1)
            for name, (path, _) in kinds(1000, rng).items():
                raws = [post(path, kinds(given.size, rng)[name][1]) for _ in range(given.rounds)]
                statuses: set[bytes] = set()

                def send(raws: list[bytes] = raws, statuses: set[bytes] = statuses) -> None:
                    statuses.update(map(firewall.ask, raws))

                seen = measure(name, send, given.rounds)
                if any(not status.startswith(b"HTTP/1.1 200") for status in statuses):
                    print(f"  answered {sorted(statuses)}")
                failed |= seen.late * BAR > seen.waited
            body = chat([Material().prose(rng, REFUSED)])
            for name, raw in (
                ("10 MB, its length said", post("/v1/chat/completions", body)),
                (
                    "10 MB, chunked",
                    b"POST /v1/chat/completions HTTP/1.1\r\nHost: waf\r\nContent-Type: application/json\r\n"
                    b"Transfer-Encoding: chunked\r\n\r\n" + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body),
                ),
            ):
                before = firewall.peak()
                status = firewall.ask(raw)
                print(f"{name}: {status.decode()}, {(firewall.peak() - before) / 1e6:.1f} MB more at the peak")
                failed |= b" 413 " not in status
        finally:
            firewall.stop()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

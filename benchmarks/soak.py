"""A bad day, sped up: mixed requests while the model server is killed and restarted, rules are reloaded and clients hang up.

    python benchmarks/soak.py [--requests 20000] [--kills 3] [--reloads 50] [--clients 24]

It fails (exit code 1) when a request stays without an answer, an attack passes, a harmless request is refused by the
firewall, a body reaches the model server other than it was sent, a reload is lost, memory grows, or sockets stay open.
Everything is on the loopback; the firewall runs as `waf serve` in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from waf.bench import target
from waf.bench.material import Material
from waf.bench.mixes import MIXES

HERE = Path(__file__).parent
GROWTH = 8 << 20
"""Bytes that the median of the last quarter may lie above that of the second."""
ANSWERS = ("small", "small", "small", "chunks", "large", "slow", "empty")
PATIENCE = 60.0

PACK = """
schema: waf-rules/v1
pack: soak
rules:
  - id: 9990001
    name: soak-marker-{number}
    title: A marker that no request carries
    severity: critical
    tags: [attack.soak]
    match: {{field: request.args, contains: soak-marker-{number}}}
    tests:
      - {{attack: {{request.args: soak-marker-{number}}}}}
      - {{benign: {{request.args: something else}}}}
"""
CONFIG = """
log: {events: none}
timeouts: {upstream_keepalive: 2s, keepalive: 5s}
rules:
  packs: [builtin, %s]
"""


@dataclass(slots=True)
class Tally:
    """What happened."""

    sent: int = 0
    hung_up: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    memory: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One request to send: `raw` on the wire, in pieces where `chunked`; `sha` of its body."""

    raw: bytes
    sha: str
    answer: str
    attack: bool
    hang_up: bool


def prepare(rng: random.Random, raw: bytes, *, attack: bool) -> Wanted:
    """Adds the marks of the soak to a request of a mix; one in five of those with a body is sent chunked."""
    head, _, body = raw.partition(b"\r\n\r\n")
    sha, answer = hashlib.sha256(body).hexdigest(), rng.choice(ANSWERS)
    head += f"\r\nX-Soak-Sha: {sha}\r\nX-Soak-Answer: {answer}".encode()
    if body and rng.random() < 0.2:
        head = re.sub(rb"\r\nContent-Length: \d+", b"\r\nTransfer-Encoding: chunked", head)
        cuts = sorted(rng.sample(range(len(body) + 1), min(4, len(body))))
        pieces = [body[a:b] for a, b in zip([0, *cuts], [*cuts, len(body)], strict=True)]
        body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces if piece) + b"0\r\n\r\n"
    return Wanted(head + b"\r\n\r\n" + body, sha, answer, attack, rng.random() < 0.05)


async def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether `condition`, asked in a thread again and again, came true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if await asyncio.to_thread(condition):
            return True
        await asyncio.sleep(0.02)
    return False


class Client:
    """One keep-alive client; a connection that breaks or that it hangs up is opened anew."""

    def __init__(self, address: tuple[str, int], tally: Tally) -> None:
        self.address = address
        self.tally = tally
        self.stream: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def close(self) -> None:
        if self.stream:
            self.stream[1].close()
            await asyncio.gather(self.stream[1].wait_closed(), return_exceptions=True)
            self.stream = None

    async def send(self, wanted: Wanted, rng: random.Random) -> None:
        tally = self.tally
        tally.sent += 1
        if wanted.hang_up:
            await self._hang_up(wanted, rng)
            return
        try:
            status, got = await asyncio.wait_for(self._exchange(wanted), PATIENCE)
        except (OSError, EOFError, TimeoutError) as problem:
            tally.problems[f"no answer: {type(problem).__name__}"] += 1
            await self.close()
            return
        tally.statuses[status] += 1
        if wanted.attack and status != "403":
            tally.problems[f"an attack got {status}"] += 1
        elif not wanted.attack and status not in ("200", "204", "502", "504", "cut"):
            tally.problems[f"a harmless request got {status}"] += 1
        if status in ("200", "204") and got != wanted.sha:
            tally.problems["the answer belongs to another body"] += 1

    async def _exchange(self, wanted: Wanted) -> tuple[str, str]:
        for attempt in (0, 1):
            fresh = self.stream is None
            if self.stream is None:
                self.stream = await asyncio.open_connection(*self.address, limit=1 << 20)
            reader, writer = self.stream
            writer.write(wanted.raw)
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except (OSError, EOFError):
                await self.close()
                if fresh or attempt:
                    raise
                continue  # a kept connection that the firewall had just timed out: what any client does
            return await self._answer(head, reader, wanted)
        raise ConnectionResetError

    async def _answer(self, head: bytes, reader: asyncio.StreamReader, wanted: Wanted) -> tuple[str, str]:
        status, headers = head[9:12].decode(), head.lower()
        got = re.search(rb"\r\nx-got: (\w+)", headers)
        length = re.search(rb"\r\ncontent-length: (\d+)", headers)
        try:
            if b"\r\ntransfer-encoding: chunked" in headers:
                while size := int(await reader.readuntil(b"\r\n"), 16):
                    await reader.readexactly(size + 2)
                await reader.readuntil(b"\r\n")
            elif length and status != "204":
                await reader.readexactly(int(length[1]))
        except EOFError:
            # The upstream was killed in mid-answer: the client must see the cut, and does.
            await self.close()
            return "cut", ""
        if b"\r\nconnection: close" in headers:
            await self.close()
        return status, got[1].decode() if got else ""

    async def _hang_up(self, wanted: Wanted, rng: random.Random) -> None:
        self.tally.hung_up += 1
        await self.close()
        _, writer = await asyncio.open_connection(*self.address)
        writer.write(wanted.raw[: rng.randrange(1, len(wanted.raw) + 1)])
        await asyncio.sleep(rng.choice((0.0, 0.001, 0.02)))
        writer.transport.abort()


class Soak:
    """The firewall, its upstream and the day's disturbances."""

    def __init__(self, folder: Path, given: argparse.Namespace) -> None:
        self.folder = folder
        self.given = given
        self.rng = random.Random(given.seed)
        self.tally = Tally()
        self.pack = folder / "soak.yaml"
        self.report = folder / "mismatches"
        self.report.touch()
        self.pack.write_text(PACK.format(number=0))
        self.port = target.free_port()
        self.upstream = self.start_upstream()
        self.waf = target.waf(f"http://127.0.0.1:{self.port}", target.cores()[0], folder, CONFIG % self.pack)
        self.step = 0

    def start_upstream(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, str(HERE / "soak_upstream.py"), str(self.port), str(self.report)])

    def stop(self) -> None:
        self.waf.stop()
        self.upstream.kill()
        self.upstream.wait()

    def sockets(self) -> int:
        folder = Path(f"/proc/{self.waf.pid}/fd")
        return sum(1 for link in folder.iterdir() if str(link.readlink()).startswith("socket:"))

    def reloads(self) -> int:
        host, port = self.waf.admin or ("", 0)
        with urllib.request.urlopen(f"http://{host}:{port}/metrics", timeout=10) as answer:
            text = answer.read().decode()
        return sum(int(float(n)) for n in re.findall(r'^waf_reloads_total\{result="\w+"\} (\S+)$', text, re.MULTILINE))

    def _has_sent(self, number: int) -> bool:
        return self.tally.sent >= number

    async def disturb(self) -> None:
        """Kills the upstream and changes the rules at even distances over the run, every fifth change a broken one."""
        given = self.given
        total = given.requests
        events = [(total * (n + 1) // (given.kills + 1), "kill") for n in range(given.kills)]
        events += [(total * (n + 1) // (given.reloads + 1), "reload") for n in range(given.reloads)]
        number = 0
        for at, what in sorted(events):
            await until(partial(self._has_sent, at), 3600)
            if what == "kill":
                self.upstream.kill()
                self.upstream.wait()
                await asyncio.sleep(0.5)
                self.upstream = self.start_upstream()
            else:
                number += 1
                await self.reload(number)

    async def reload(self, number: int) -> None:
        """Changes the rules and waits until the firewall has said that it read them, or failed to."""
        self.pack.write_text("rules: [\n" if number % 5 == 0 else PACK.format(number=number))
        before = await asyncio.to_thread(self.reloads)
        self.waf.process.send_signal(signal.SIGHUP)
        if not await until(lambda: self.reloads() > before, 10):
            self.tally.problems["a reload did not happen"] += 1

    async def clients(self) -> None:
        material = Material()
        pool = [
            prepare(self.rng, raw, attack=mix.attack)
            for mix in MIXES.values()
            for raw in mix.requests(material)[: self.given.distinct]
        ]
        left = iter(range(self.given.requests))

        async def one() -> None:
            client = Client(self.waf.address, self.tally)
            for number in left:
                if number % 250 == 0:
                    self.tally.memory.append(self.waf.rss())
                await client.send(self.rng.choice(pool), self.rng)
            await client.close()

        await asyncio.gather(*(one() for _ in range(self.given.clients)))

    async def run(self) -> None:
        baseline = self.sockets()
        disturbance = asyncio.create_task(self.disturb())
        await self.clients()
        await disturbance
        if not await until(lambda: self.sockets() <= baseline, 20):
            self.tally.problems[f"{self.sockets() - baseline} sockets more than at the start"] += 1
        if mismatches := self.report.read_text().splitlines():
            self.tally.problems["a body arrived other than it was sent"] += len(mismatches)
        if self.tally.statuses["cut"] > self.given.kills * self.given.clients:
            self.tally.problems["more answers cut than the kills explain"] += 1
        quarter = len(self.tally.memory) // 4
        second, last = self.tally.memory[quarter : 2 * quarter], self.tally.memory[-quarter:]
        grown = statistics.median(last) - statistics.median(second)
        if grown > GROWTH:
            self.tally.problems[f"memory grew by {grown / 1e6:.1f} MB"] += 1
        eighths = self.tally.memory[:: max(1, len(self.tally.memory) // 8)]
        print("memory over the run:", " ".join(f"{size / 1e6:.0f}" for size in eighths), "MB", end="; ")
        print(f"{grown / 1e6:+.1f} MB from the second to the last quarter")
        print(f"sockets: {baseline} before, {self.sockets()} after; reloads: {self.reloads()}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    for name, default in (
        ("requests", 20_000),
        ("kills", 3),
        ("reloads", 50),
        ("clients", 24),
        ("distinct", 60),
        ("seed", 1),
    ):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="waf-soak-") as folder:
        soak = Soak(Path(folder), given)
        try:
            asyncio.run(soak.run())
        finally:
            soak.stop()
    tally = soak.tally
    print(f"{tally.sent} requests in {time.monotonic() - begin:.0f} s, {tally.hung_up} of them hung up on")
    print("answers:", ", ".join(f"{status} × {count}" for status, count in sorted(tally.statuses.items())))
    print("problems:", ", ".join(f"{what} × {count}" for what, count in tally.problems.items()) or "none")
    return 1 if tally.problems else 0


if __name__ == "__main__":
    sys.exit(main())

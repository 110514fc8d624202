"""What limits cost, how exact they are, and what a million callers do to them.

    python benchmarks/limits.py [memory] [shared] [http] [callers] [restart]

memory   one process: CPU time of a decision about three rates, beside that of making the answer's headers
shared   two processes, one redis-server, below HTTP: how exact one limit is at 20,000 decisions/s, how long each takes
http     two `waf serve`, one redis-server, 800 requests/s: the same, beside a `waf serve` pair that counts alone
callers  1,000,000 distinct callers: memory, and the longest that a new period or a write of the ledger holds anybody up
restart  a crash of redis-server with `appendonly yes` and of the firewall's own ledger: how much of a quota is forgiven

Everything is on the loopback. `shared`, `http` and `restart` need redis-server or valkey-server on PATH.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import multiprocessing
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from waf.edge.accounts import BATCH
from waf.limits.ledger import Ledger, Row
from waf.limits.meter import KNOWN, OPENING, READ, Costs, Meter, who
from waf.limits.rates import Quota
from waf.limits.sharing import Sharer
from waf.limits.table import Table
from waf.model import Caller
from waf.record import Metrics
from waf.state.redis import RedisState
from waf.usage import Rate, Redis, Usage

RATES: Final = (
    Rate(name="guesses", by="address", limit=600, window=60),
    Rate(name="steady", by="caller", limit=1_000_000, window=60),
    Rate(name="tokens", by="tenant", cost="tokens", limit=10**12, period="month"),
)
MILLION: Final = 1_000_000


def show(name: str, value: str, bar: str = "") -> None:
    print(f"  {name:<58} {value:>24}  {bar}", flush=True)


@contextmanager
def server(*options: str) -> Iterator[tuple[str, Callable[[], None], Callable[[], None]]]:
    """(URL, kill, start) of a server in a temporary folder."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        raise SystemExit("redis-server is not on PATH")
    with socket.socket() as free, tempfile.TemporaryDirectory() as folder:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", *options]
        processes: list[subprocess.Popen[bytes]] = []

        def start() -> None:
            processes.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
            for _ in range(500):
                try:
                    with socket.create_connection(("127.0.0.1", port), 1) as peer:
                        peer.sendall(b"PING\r\n")
                        if peer.recv(64).startswith(b"+PONG"):
                            return
                except OSError:
                    pass
                time.sleep(0.01)
            raise SystemExit("redis-server does not start")

        def kill() -> None:
            processes[-1].kill()
            processes[-1].wait()

        start()
        try:
            yield f"redis://127.0.0.1:{port}/0", kill, start
        finally:
            kill()


def resident() -> int:
    """Bytes of memory that the process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


# ---------------------------------------------------------------------- memory


def memory() -> None:
    meter = Meter(Usage(rates=RATES), {}, bytes(32))
    callers = [Caller(kind="key", account=f"team-{i}", subject=f"team-{i}", tenant=f"t{i % 50}") for i in range(5_000)]
    people = [who("chat", f"10.0.{i >> 8}.{i & 255}", caller) for i, caller in enumerate(callers)]
    takes, headers = [], []
    for round_ in range(7):
        spent = 0
        now = float(1_000 + round_ * 100)
        taken = []
        began = time.thread_time_ns()
        for someone in people:
            now += 0.001
            mine = meter.take(OPENING, someone, Costs(), now, now)
            mine += meter.take(KNOWN, someone, Costs(), now, now)
            mine += meter.take(READ, someone, Costs(1, 1500, 375), now, now)
            taken.append(mine)
        spent = time.thread_time_ns() - began
        takes.append(spent / len(people) / 1000)
        began = time.thread_time_ns()
        for mine in taken:
            meter.said(mine, now, now)
        headers.append((time.thread_time_ns() - began) / len(people) / 1000)
    show("three rates, three steps: CPU µs a request", f"{min(takes):.1f}")
    show("headers RateLimit and RateLimit-Policy: CPU µs", f"{min(headers):.1f}")


# ---------------------------------------------------------------------- shared, below HTTP


async def _asks(url: str, seconds: float, rate: float, limit: int, keep: bool) -> tuple[int, int, list[float], float]:
    """Asks about one share at an even pace. (let in, asked, seconds of each, CPU seconds)."""
    state = RedisState(Redis(url=url, timeout=1.0), Metrics())
    await state.start(lambda _: None)
    usage = Usage(rates=(Rate(name="all", by="all", limit=limit, window=1.0, burst=limit // 2),))
    sharer = Sharer(Meter(usage, {}, bytes(32)), b"bench", {})
    wanted = sharer.want((OPENING,), who("r", "a"), Costs())
    assert wanted is not None
    times: list[float] = []
    let_in = 0
    loop = asyncio.get_running_loop()

    def done(began: float) -> Callable[[asyncio.Future[Any]], None]:
        def take(future: asyncio.Future[Any]) -> None:
            nonlocal let_in
            answer = future.result()
            assert answer is not None, "the server was too slow"
            let_in += not answer.refused
            if keep:
                times.append(time.perf_counter() - began)

        return take

    start, asked = loop.time(), 0
    cpu = time.process_time()
    while (passed := loop.time() - start) < seconds:
        due = int(passed * rate) + 1
        while asked < due:
            future = asyncio.ensure_future(state.ask(wanted.ask))
            future.add_done_callback(done(time.perf_counter()))
            asked += 1
        await asyncio.sleep(0.0005)
    spent = time.process_time() - cpu
    await asyncio.sleep(0.2)
    await state.close()
    return let_in, asked, times, spent


def _worker(url: str, seconds: float, rate: float, limit: int, keep: bool, out: Any) -> None:
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        out.put(runner.run(_asks(url, seconds, rate, limit, keep)))


def _slices(values: list[float], size: int) -> Iterator[list[float]]:
    """Whole pieces, in order: on a machine that others use as well, some of them are undisturbed."""
    yield from (values[at : at + size] for at in range(0, len(values) - size + 1, size))


def _pieces(values: list[float], size: int) -> Iterator[list[float]]:
    """Whole pieces, in order: on a machine that others use as well, some of them are undisturbed."""
    yield from (values[at : at + size] for at in range(0, len(values) - size + 1, size))


def shared() -> None:
    for rate, limit, seconds in ((20_000, 10_000, 8.0), (800, 400, 8.0)):
        with server() as (url, _, _):
            out: Any = multiprocessing.Queue()
            workers = [
                multiprocessing.Process(target=_worker, args=(url, seconds, rate / 2, limit, True, out))
                for _ in range(2)
            ]
            for worker in workers:
                worker.start()
            found = [out.get(timeout=60) for _ in workers]
            for worker in workers:
                worker.join()
            let_in, asked = sum(f[0] for f in found), sum(f[1] for f in found)
            times = found[0][2] + found[1][2]
            cpu = sum(f[3] for f in found) / asked * 1e6
        low = limit * seconds
        show(f"{rate:,} decisions/s wanted, two processes: asked/s", f"{asked / seconds:,.0f}", f"bar {rate:,}")
        show(f"one limit of {limit:,}/s: let in, of {low:,.0f} (+ burst {limit // 2:,})", f"{let_in:,}")
        show("against limit and burst", f"{(let_in / (low + limit // 2) - 1) * 100:+.2f} %", "bar ±1 %")
        pieces = [piece for one in found for piece in _pieces(one[2], rate // 4)]
        quiet = min(pieces, key=lambda piece: percentile(piece, 0.99))
        show(
            "a decision in the quietest half second, p50 / p99 ms",
            f"{percentile(quiet, 0.5) * 1e3:.2f} / {percentile(quiet, 0.99) * 1e3:.2f}",
            "bar p99 1.5",
        )
        show(
            "a decision, p50 / p99 ms",
            f"{percentile(times, 0.5) * 1e3:.2f} / {percentile(times, 0.99) * 1e3:.2f}",
            "bar p99 1.5",
        )
        show("CPU µs of the firewall's side, a decision (the pacing of the load included)", f"{cpu:.0f}")


# ---------------------------------------------------------------------- over HTTP


async def _model(port_out: Any) -> None:
    body = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(body)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    port_out.put(listener.sockets[0].getsockname()[1])
    await listener.serve_forever()


def _model_process(port_out: Any) -> None:
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_model(port_out))


async def _load(ports: Sequence[int], seconds: float, rate: float) -> tuple[dict[int, int], list[float]]:
    """Requests at an even pace over many connections to all ports in turn. Statuses, and seconds of those let in."""
    loop = asyncio.get_running_loop()
    statuses: dict[int, int] = {}
    times: list[float] = []
    idle: dict[int, list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]] = {port: [] for port in ports}

    async def one(port: int) -> None:
        began = time.perf_counter()
        reader, writer = idle[port].pop() if idle[port] else await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        await reader.readexactly(length)
        status = int(head[9:12])
        statuses[status] = statuses.get(status, 0) + 1
        times.append(time.perf_counter() - began)
        if b"connection: close" in head.lower():
            writer.close()
        else:
            idle[port].append((reader, writer))

    tasks: set[asyncio.Task[None]] = set()
    start, asked = loop.time(), 0
    while (passed := loop.time() - start) < seconds:
        while asked < int(passed * rate) + 1:
            task = loop.create_task(one(ports[asked % len(ports)]))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            asked += 1
        await asyncio.sleep(0.0005)
    await asyncio.gather(*tasks)
    return statuses, times


def http() -> None:
    limit, rate, seconds = 400, 800, 10.0
    queue: Any = multiprocessing.Queue()
    model = multiprocessing.Process(target=_model_process, args=(queue,), daemon=True)
    model.start()
    upstream = queue.get(timeout=10)
    results = {}
    with server() as (url, _, _), tempfile.TemporaryDirectory() as folder:
        for name, state in (("alone", ""), ("shared", f"state: {{redis: {{url: '{url}'}}}}\n")):
            # Alone, each allows half, which is what an operator would do without shared state.
            allowed = limit if state else limit // 2
            config = Path(folder) / f"{name}.yaml"
            config.write_text(
                f"listen: 127.0.0.1:0\nupstream: {{url: http://127.0.0.1:{upstream}}}\nadmin: {{listen: ''}}\n"
                "log: {events: none}\n"
                f"usage: {{rates: [{{name: all, by: all, limit: {allowed}, window: 1s, burst: 20}}]}}\n{state}"
            )
            command = [sys.executable, "-c", "from waf.cli import main; main()", "serve", "--config", str(config)]
            processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
            try:
                ports = []
                for process in processes:
                    assert process.stdout is not None
                    ports.append(int(process.stdout.readline().rpartition(":")[2]))
                asyncio.run(_load(ports, 2.0, 200))
                results[name] = asyncio.run(_load(ports, seconds, rate))
            finally:
                for process in processes:
                    process.terminate()
                    process.wait()
    model.terminate()
    for name, (statuses, times) in results.items():
        total = sum(statuses.values())
        show(f"{name}: requests/s, statuses", f"{total / seconds:.0f}, {dict(sorted(statuses.items()))}")
        show(
            f"{name}: let in against {limit}/s and one burst",
            f"{(statuses.get(200, 0) / (limit * seconds + 20) - 1) * 100:+.2f} %",
            "bar ±1 %",
        )
        show(
            f"{name}: a request, p50 / p99 ms",
            f"{percentile(times, 0.5) * 1e3:.2f} / {percentile(times, 0.99) * 1e3:.2f}",
        )


# ---------------------------------------------------------------------- a million callers


def callers() -> None:
    gc.collect()
    gc.freeze()
    before = resident()
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(str(Path(folder) / "used.db"))
        quota = Quota(Rate(limit=1000, period="day"), Table(MILLION))
        quota.table.dirty = set()
        hashes = Meter(Usage(rates=(Rate(by="address"),)), {}, ledger.secret)
        keys = (hashes.hash(f"10.{i >> 16}.{i >> 8 & 255}.{i & 255}") for i in range(MILLION))
        now, stalls, writes = 1_000_000.0, [], []
        for number, key in enumerate(keys):
            quota.take(quota.find(key, now), 1, now)
            if number % 20_000 == 19_999:  # a second of 20,000 new callers
                while True:
                    spent = time.thread_time_ns()
                    rows = [Row("q", *changed) for changed in quota.changed(now, BATCH)]
                    stalls.append((time.thread_time_ns() - spent) / 1e9)
                    if not rows:
                        break
                    began = time.perf_counter()
                    ledger.write(rows)
                    writes.append(time.perf_counter() - began)
        used = resident() - before
        turns = []
        for _ in range(5):
            now += 86_400
            spent = time.thread_time_ns()
            quota.take(quota.find(7, now), 1, now)
            turns.append((time.thread_time_ns() - spent) / 1e9)
        show("1,000,000 callers of a quota, written down: memory MiB", f"{used / 2**20:.0f}", "bar 300")
        show(f"longest turn of the loop to gather {BATCH:,} amounts, CPU ms", f"{max(stalls) * 1e3:.1f}", "bar 10")
        show(
            "a write in its thread, median / longest ms",
            f"{statistics.median(writes) * 1e3:.1f} / {max(writes) * 1e3:.1f}",
        )
        show("first request of a new day, longest CPU ms", f"{max(turns) * 1e3:.3f}", "bar 10")
        began = time.perf_counter()
        again = Quota(Rate(limit=1000, period="day"), Table(MILLION))
        count = 0
        for row in ledger.read():
            again.restore(row.caller, row.starts, row.amount, 1_000_000.0)
            count += 1
        show(f"a start that reads {count:,} amounts, s", f"{time.perf_counter() - began:.1f}")
        ledger.close()


# ---------------------------------------------------------------------- restart


def restart() -> None:
    """Takes one unit every 2 ms, kills the server without warning, starts it again and looks what it still knows."""
    with server("--appendonly", "yes", "--appendfsync", "everysec") as (url, kill, start):
        asyncio.run(_restart(url, kill, start))


async def _restart(url: str, kill: Callable[[], None], start: Callable[[], None]) -> None:
    usage = Usage(rates=(Rate(name="daily", by="all", limit=10**9, period="day"),))
    lost = []
    for _ in range(3):
        state = RedisState(Redis(url=url, timeout=1.0), Metrics())
        await state.start(lambda _: None)
        wanted = Sharer(Meter(usage, {}, bytes(32)), b"bench", {}).want((OPENING,), who("r", "a"), Costs())
        assert wanted is not None
        last = 0.0
        for _ in range(1_500):
            answer = await state.ask(wanted.ask)
            assert answer is not None
            last = answer.numbers[0]
            await asyncio.sleep(0.002)
        await asyncio.to_thread(kill)
        await state.close()
        await asyncio.to_thread(start)
        state = RedisState(Redis(url=url, timeout=1.0), Metrics())
        await state.start(lambda _: None)
        answer = await state.ask(wanted.ask)
        assert answer is not None
        lost.append((last + 1 - answer.numbers[0]) * 0.002)
        await state.close()
    show("redis-server killed (appendfsync everysec): seconds of quota lost", f"{max(lost):.3f}", "bar 1")


PARTS: Final = {"memory": memory, "shared": shared, "http": http, "callers": callers, "restart": restart}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=list(PARTS))
    for part in parser.parse_args().parts:
        print(part, flush=True)
        PARTS[part]()

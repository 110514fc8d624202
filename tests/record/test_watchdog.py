from __future__ import annotations

import asyncio
import time

from waf.record.watchdog import Watchdog


async def test_a_stall_is_seen() -> None:
    seen: list[float] = []
    dog = Watchdog(seen.append, interval=0.001)
    dog.start()
    await asyncio.sleep(0.005)
    time.sleep(0.05)  # noqa: ASYNC251 - the stall
    await asyncio.sleep(0.005)
    dog.stop()
    assert max(seen) >= 0.045
    assert min(seen) >= 0.0


async def test_after_stop_it_looks_no_more() -> None:
    seen: list[float] = []
    looked = asyncio.Event()

    def observe(late: float) -> None:
        seen.append(late)
        looked.set()

    dog = Watchdog(observe, interval=0.0001)
    dog.start()
    await looked.wait()
    dog.stop()
    dog.stop()
    count = len(seen)
    await asyncio.sleep(0.01)
    assert len(seen) == count

"""The sidecar as a process: signals, the event loop, the collector."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from waf.edge.process import loop_factory, raise_file_limit
from waf.edge.server import Service
from waf.settings import Config

GC_THRESHOLDS: Final = (20_000, 20, 20)
"""A request leaves next to nothing for the cycle collector, so looking seldom is enough."""


def _announce(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def serve(
    load: Callable[[], Config], config_file: str | None = None, announce: Callable[[str], None] = _announce
) -> None:
    """Run until SIGTERM or SIGINT; SIGHUP reloads. Raises InputError when it cannot start, KeyboardInterrupt for a SIGINT
    while it starts."""
    raise_file_limit()
    sys.setswitchinterval(0.001)  # a large body is inspected in a thread; the loop should not wait 5 ms for its turn
    with (
        suppress(asyncio.CancelledError),  # a SIGTERM while it started
        asyncio.Runner(loop_factory=loop_factory()) as runner,
    ):
        runner.run(_serve(load, config_file, announce))


async def _serve(load: Callable[[], Config], config_file: str | None, announce: Callable[[str], None]) -> None:
    loop = asyncio.get_running_loop()
    early = asyncio.Event()  # a SIGHUP while it starts, which would end the process otherwise
    loop.add_signal_handler(signal.SIGHUP, early.set)
    if (starting := asyncio.current_task()) is not None:
        loop.add_signal_handler(signal.SIGTERM, starting.cancel)  # as process 1 of a container it would not be heard
    firewall = Service(load, config_file)
    firewall.settled = gc.freeze
    async with firewall as service:
        loop.add_signal_handler(signal.SIGHUP, service.reload_soon)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, service.stop)
        if early.is_set():
            service.reload_soon()
        gc.collect()
        gc.freeze()  # what start-up made stays; the collector need not look at it again
        gc.set_threshold(*GC_THRESHOLDS)
        announce(f"listening on {service.url}")
        await service.stopping.wait()
        await service.reloaded()

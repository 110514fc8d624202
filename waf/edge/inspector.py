"""Where inspection runs: short messages on the event loop, long ones in a thread, models in their batches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Final, TypeVar, TypeVarTuple

from waf.classify.batcher import Batcher
from waf.edge.ood import OodScreening
from waf.engine import Engine
from waf.model import Decision, Request, Response
from waf.record import Metrics
from waf.routes import CompiledRoute
from waf.verdict import Verdict

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

INLINE: Final = 16_384
"""Bytes up to which a body is inspected on the event loop. Handing one to a thread takes 25 µs; but then the loop shares the
interpreter with it, and most requests are short. Text of 60 KB takes up to 200 ms, in which nobody else would be served."""
MARKS: Final = 512
"""Quotes, `&` and `<` up to which it is. There are about two for each value that the body can hold, and a new value takes 100 to
200 µs: in 16 KB there could be a thousand."""


class Inspector:
    """Has an engine inspect requests, messages and answers without holding up the event loop, on which it is made."""

    def __init__(self, threads: ThreadPoolExecutor, batcher: Batcher, metrics: Metrics) -> None:
        self._threads = threads
        self._batcher = batcher
        self._ood = OodScreening(threads, metrics)
        self._loop = asyncio.get_running_loop()

    async def request(self, engine: Engine, request: Request) -> Verdict:
        """The complete verdict on a request."""
        if _brief(request.body):
            verdict = engine.examine(request)
        else:
            verdict = await self.in_thread(engine.examine, request)
        await self._ood.judge(engine, verdict)
        if verdict.pending is not None:
            await self._classify(engine, verdict, request.client_ip)
        return verdict

    async def message(self, engine: Engine, route: CompiledRoute, handshake: Request, text: str) -> Verdict:
        """The complete verdict on a WebSocket's text message."""
        path = handshake.target.partition("?")[0]
        if len(text) <= INLINE:
            verdict = engine.examine_text(route, path, text, handshake)
        else:
            verdict = await self.in_thread(engine.examine_text, route, path, text, handshake)
        await self._ood.judge(engine, verdict)
        if verdict.pending is not None:
            await self._classify(engine, verdict, handshake.client_ip)
        return verdict

    async def response(self, engine: Engine, verdict: Verdict, request: Request, response: Response) -> Decision:
        """What the response rules say of the answer to a request on which `verdict` is."""
        path = request.target.partition("?")[0]
        if len(response.body) <= INLINE:
            return engine.inspect_response(verdict, path, response)
        return await self.in_thread(engine.inspect_response, verdict, path, response)

    async def in_thread(self, function: Callable[[*Ts], T], *args: *Ts) -> T:
        """What the function returns, or raises."""
        return await self._loop.run_in_executor(self._threads, function, *args)

    async def _classify(self, engine: Engine, verdict: Verdict, client: str) -> None:
        """Have the pending texts scored, and the verdict completed."""
        scorer, pending = engine.scorer, verdict.pending
        if scorer is None or pending is None:
            return
        began = perf_counter()
        outcomes = await self._batcher.score(
            scorer, pending.segments, caller=client, seconds=engine.config.classifier.deadline
        )
        engine.conclude(verdict, outcomes, perf_counter() - began)


def _brief(body: bytes) -> bool:
    """Whether a body is looked at on the event loop. Those that can hold few values are not counted, which takes 1 µs a KB."""
    size = len(body)
    return size <= 8 * MARKS or (size <= INLINE and body.count(b'"') + body.count(b"&") + body.count(b"<") <= MARKS)

"""The story of one request: accept, inspect, then refuse or forward, and record it whatever happened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import perf_counter
from typing import Final, ParamSpec, TypeVar

from aiohttp import hdrs
from aiohttp.http import RawRequestMessage
from aiohttp.streams import StreamReader

from waf.edge.accept import Head, check_head
from waf.edge.accept_body import read_body
from waf.edge.accept_coding import decode
from waf.edge.connection import Connection
from waf.edge.forward import forward_headers
from waf.edge.identity import request_ids, waf_headers
from waf.edge.job import Job
from waf.edge.relay import relay
from waf.edge.respond import CONTINUE, own_answer
from waf.edge.runtime import Runtime
from waf.edge.upstream import UpstreamPool
from waf.engine import Verdict
from waf.errors import Refusal, UpstreamError
from waf.model import Request
from waf.protocols import PROTOCOLS
from waf.record import Recorder, oplog

P = ParamSpec("P")
T = TypeVar("T")

INLINE: Final = 65_536
"""Bodies up to so many bytes are inspected on the event loop; handing one to a thread costs more than it takes."""
DECODE_INLINE: Final = 4_096
"""The same for Content-Encoding, which can make a hundred bytes of one."""

_ALLOW: Final = ("Allow", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT")
_FAULTS: Final = {
    500: "The firewall could not handle the request.",
    502: "The model server could not be reached.",
    504: "The model server did not answer in time.",
}


class Handler:
    """Answers every request of every connection. `runtime` is replaced by a reload."""

    def __init__(self, runtime: Runtime, pool: UpstreamPool, recorder: Recorder, threads: ThreadPoolExecutor) -> None:
        self.runtime = runtime
        self._pool = pool
        self._recorder = recorder
        self._metrics = recorder.metrics
        self._threads = threads
        self._new_id = request_ids()
        self._log = oplog.get("waf.edge")

    async def handle(self, client: Connection, message: RawRequestMessage, payload: StreamReader) -> bool:
        """See `connection.Exchange`."""
        job = Job(self.runtime, client, message, self._new_id())
        self._metrics.inflight += 1
        try:
            return await self._serve(job, payload)
        except Refusal as refusal:
            return self._refuse(job, refusal)
        except UpstreamError as error:
            return self._fail(job, error.status, error.code)
        except asyncio.CancelledError:
            job.outcome = "client_closed"
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets an answer and the request is blocked
            self._log.error("internal error", request=job.id, exc_info=error)
            return self._fail(job, 500, "internal_error")
        finally:
            self._metrics.inflight -= 1
            self._record(job)

    def refuse(self, client: Connection, refusal: Refusal) -> None:
        """See `connection.Exchange`."""
        runtime = self.runtime
        ident = self._new_id()
        began = perf_counter()
        verdict = runtime.engine.refused("", "", refusal)
        status, headers, body = runtime.engine.respond(verdict, ident)
        client.write(own_answer(status, headers, body, ident, keep=False, server=runtime.config.server_header))
        request = Request(method="", target="", client_ip=client.peer, id=ident)
        self._recorder.record(
            request,
            verdict,
            status=status,
            total_us=(perf_counter() - began) * 1e6,
            bytes_out=len(body),
            outcome=refusal.code,
        )

    # ------------------------------------------------------------------ the steps

    async def _serve(self, job: Job, payload: StreamReader) -> bool:
        runtime = job.runtime
        head = check_head(job.message, runtime.config.limits)
        if head.expects and not payload.is_eof():
            job.client.write(CONTINUE)
        request, wire = await self._accept(job, head, payload)
        verdict = job.verdict = await self._inspect(job, request)
        if verdict is not None and verdict.decision.blocks:
            return self._block(job, verdict)
        return await self._forward(job, request, wire)

    async def _accept(self, job: Job, head: Head, payload: StreamReader) -> tuple[Request, bytes]:
        """The request as it reads, and its body as it came."""
        limits = job.runtime.config.limits
        here = payload.is_eof()
        body = wire = await read_body(job.client, payload, limits.body)
        if not here:
            job.began = perf_counter()
        if head.codings:
            how = (wire, head.codings, limits.body, limits.decompression_ratio)
            body = decode(*how) if len(wire) <= DECODE_INLINE else await self._in_thread(decode, *how)
        return job.read(head.target, body, len(wire)), wire

    async def _inspect(self, job: Job, request: Request) -> Verdict | None:
        """None: the firewall failed, and the route says that requests go through then."""
        engine = job.runtime.engine
        try:
            if len(request.body) <= INLINE:
                return engine.inspect(request)
            return await self._in_thread(engine.inspect, request)
        except Exception as error:
            path = request.target.partition("?")[0]
            if engine.routes.find(request.method, path).settings.fail != "open":
                raise
            self._log.error("internal error, request let through", request=job.id, exc_info=error)
            job.outcome = "failed_open"
            return None

    async def _forward(self, job: Job, request: Request, wire: bytes) -> bool:
        runtime, client = job.runtime, job.client
        decision = job.verdict.decision if job.verdict is not None else None
        pool = self._pool
        asked = job.message.headers.get(hdrs.HOST)
        headers = forward_headers(
            job.message.raw_headers,
            client.peer,
            client.scheme,
            waf_headers(job.id, decision, runtime.secret),
            trusted=client.peer in runtime.trusted,
            host=None if asked is not None and runtime.config.upstream.preserve_host else pool.authority,
        )
        job.upstream_began = perf_counter()
        answer = await pool.request(request.method, request.target, headers, wire)
        try:
            job.upstream_status = answer.status
            whole = answer.read_small()
            if whole is not None:
                job.upstream_done()
            keep = await relay(client, job.message, answer, job.id, job.sent, whole)
        finally:
            answer.close()
            job.upstream_done()
        if job.sent.fault:
            job.outcome = job.sent.fault
        return keep

    async def _in_thread(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(function, *args, **kwargs))

    # ------------------------------------------------------------------ answers of our own

    def _block(self, job: Job, verdict: Verdict) -> bool:
        status, headers, body = job.runtime.engine.respond(verdict, job.id)
        return self._answer(job, status, headers, body, keep=job.client.keeps(job.message))

    def _refuse(self, job: Job, refusal: Refusal) -> bool:
        """The connection ends: what follows on it may be the rest of a body that nobody read."""
        message, engine = job.message, job.runtime.engine
        job.outcome = refusal.code
        job.verdict = engine.refused(message.method, message.path, refusal)
        status, headers, body = engine.respond(job.verdict, job.id)
        if status == 405:
            headers.append(_ALLOW)
        return self._answer(job, status, headers, body, keep=False)

    def _fail(self, job: Job, status: int, code: str) -> bool:
        """A fault that is not the client's; it may try again, so nothing tells it not to."""
        job.outcome = code
        job.upstream_done()
        if job.sent.status:
            job.client.abort()
            return False
        protocol = PROTOCOLS[job.verdict.protocol if job.verdict is not None else "generic"]
        body, content_type = protocol.refusal(status, code, _FAULTS[status], job.id)
        keep = status != 500 and job.client.keeps(job.message)
        return self._answer(job, status, [("Content-Type", content_type)], body, keep=keep)

    def _answer(self, job: Job, status: int, headers: list[tuple[str, str]], body: bytes, *, keep: bool) -> bool:
        job.sent.status, job.sent.body = status, len(body)
        job.client.write(
            own_answer(
                status,
                headers,
                body,
                job.id,
                keep=keep,
                old=job.old,
                head_only=job.message.method == "HEAD",
                server=job.runtime.config.server_header,
            )
        )
        return keep

    def _record(self, job: Job) -> None:
        job.upstream_done()
        request = job.request or Request(
            method=job.message.method, target=job.message.path, client_ip=job.client.peer, id=job.id
        )
        self._recorder.record(
            request,
            job.verdict,
            status=job.sent.status,
            total_us=(perf_counter() - job.began) * 1e6,
            upstream_us=job.upstream_us,
            upstream_status=job.upstream_status,
            bytes_in=job.bytes_in,
            bytes_out=job.sent.body,
            outcome=job.outcome,
        )

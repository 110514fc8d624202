"""The story of one request: accept, inspect, then refuse or forward, and record it whatever happened."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import perf_counter
from typing import Final

from aiohttp import hdrs
from aiohttp.http import HttpVersion10, RawRequestMessage
from aiohttp.streams import StreamReader

from waf.classify.batcher import Batcher
from waf.edge import answers
from waf.edge.accept import check_head
from waf.edge.accept_body import read_body, take_body
from waf.edge.accept_coding import decode
from waf.edge.admission import Admission, caller_headers, forwarded_of
from waf.edge.connection import Connection
from waf.edge.forward import forward_headers
from waf.edge.inspector import Inspector
from waf.edge.job import Job
from waf.edge.outage import Outage
from waf.edge.relay import Sent, relay, relay_whole
from waf.edge.respond import CONTINUE
from waf.edge.response_rules import hold_back, inspectable, merge
from waf.edge.runtime import Runtime
from waf.edge.upgrade import run_tunnel
from waf.edge.upstream import UpstreamPool, UpstreamResponse
from waf.edge.waf_headers import Header, request_ids, waf_headers
from waf.edge.websocket import is_handshake
from waf.errors import Forbidden, Overloaded, Refusal, TooManyRequests, Unauthorized, UpstreamError
from waf.model import Decision, Request
from waf.overrides.book import DENIED
from waf.record import Recorder, oplog
from waf.verdict import Verdict

DECODE_INLINE: Final = 4_096
"""Bytes up to which a Content-Encoding is undone on the event loop: it can make a hundred bytes of one."""

_LIMITS: Final = frozenset({408, 413, 414, 429, 431, 503})
"""Statuses of refusals that are about a size or a time."""


class Handler:
    """Answers every request of every connection. A reload replaces `runtime`. Made where its event loop runs."""

    def __init__(
        self,
        runtime: Runtime,
        pool: UpstreamPool,
        recorder: Recorder,
        threads: ThreadPoolExecutor,
        batcher: Batcher,
    ) -> None:
        self.runtime = runtime
        self._pool = pool
        self._recorder = recorder
        self._metrics = recorder.metrics
        self._inspector = Inspector(threads, batcher, recorder.metrics)
        self._new_id = request_ids()
        self._loop = asyncio.get_running_loop()
        self._finished: list[Job] = []
        self._held = 0
        """Bytes of all long bodies of requests that are not answered yet."""
        self._log = oplog.get("waf.edge")
        self._outage = Outage(self._log, perf_counter)
        self.admission = Admission(recorder.metrics)

    async def handle(self, client: Connection, message: RawRequestMessage, payload: StreamReader) -> bool:
        """See `exchange.Exchange`."""
        old = message.version is HttpVersion10
        job = Job(self.runtime, client, message, self._new_id(), old, perf_counter(), Sent())
        self._metrics.inflight += 1
        try:
            return await self._serve(job, payload)
        except (Unauthorized, Forbidden, TooManyRequests) as refusal:
            refusal.detach()
            self._limited(refusal)
            return answers.deny(job, refusal, payload)
        except Refusal as refusal:
            refusal.detach()
            self._limited(refusal)
            return answers.refuse(job, refusal)
        except UpstreamError as error:
            self._outage.seen(error, job.id)
            return answers.fail(job, error.status, error.code)
        except asyncio.CancelledError:
            job.outcome = "client_closed"
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the request is blocked and its client is told
            self._log.error("internal error", request=job.id, exc_info=error)
            return answers.fail(job, 500, "internal_error")
        finally:
            self._metrics.inflight -= 1
            self._held -= job.held
            if job.spent is not None and job.runtime.limiter is not None:
                job.runtime.limiter.close(job.spent)
            self._finish(job)

    def refuse(self, client: Connection, refusal: Refusal) -> None:
        """See `exchange.Exchange`."""
        began = perf_counter()
        ident = self._new_id()
        self._limited(refusal)
        verdict, size = answers.refuse_unread(client, self.runtime, ident, refusal)
        self._recorder.record(
            Request(method="", target="", client_ip=client.peer, id=ident),
            verdict,
            status=refusal.status,
            total_us=(perf_counter() - began) * 1e6,
            bytes_out=size,
            outcome=refusal.code,
        )

    # ------------------------------------------------------------------ the steps

    async def _serve(self, job: Job, payload: StreamReader) -> bool:
        engine, limits = job.runtime.engine, job.runtime.config.limits
        head = check_head(job.message, limits)
        guarded = self.admission.guards(job)
        if guarded:
            await self.admission.identify(job, head.target)
        if payload.is_eof():
            body = wire = take_body(payload, limits.body)
        else:
            if head.expects:
                job.client.write(CONTINUE)
            body = wire = await read_body(job.client, payload, limits.body, partial(self._hold, job))
            job.began = perf_counter()
        looks = engine.routes.find(job.message.method, head.target.partition("?")[0]).policy.mode != "off"
        if head.codings and looks:
            how = (wire, head.codings, limits.body, limits.decompression_ratio)
            body = decode(*how) if len(wire) <= DECODE_INLINE else await self._inspector.in_thread(decode, *how)
        request = job.read(head.target, body, len(wire), headers=looks)
        job.accept_us = (perf_counter() - job.began) * 1e6
        verdict = job.verdict = await self._inspect(job, request)
        if verdict is not None:
            abuse = job.runtime.abuse
            proven = abuse.check_caller(job.caller, request.client_ip, job.message, verdict, proven=job.proven)
            if proven is not None:
                await abuse.spend(proven)
        if verdict is not None and verdict.decision.blocks:
            return answers.block(job, verdict)
        if guarded:
            await self.admission.admit(job, request, verdict)
        job.upstream_began = perf_counter()
        try:
            return await self._forward(job, request, wire)
        finally:
            job.upstream_done()

    def _hold(self, job: Job, size: int) -> None:
        """So many bytes of its body are here. Raises Overloaded when all of them together take too much room."""
        limits = job.runtime.config.limits
        self._held, job.held = self._held + size - job.held, size
        if self._held > max(limits.bodies, limits.body):
            raise Overloaded("bodies", "Too many large requests at once. Try again later.", (("Retry-After", "1"),))

    async def _inspect(self, job: Job, request: Request) -> Verdict | None:
        """None: the firewall failed, and the route says that requests go through then."""
        engine = job.runtime.engine
        try:
            return await self._inspector.request(engine, request)
        except Exception as error:
            path = request.target.partition("?")[0]
            if engine.routes.find(request.method, path).settings.fail != "open":
                raise
            self._log.error("internal error, request let through", request=job.id, exc_info=error)
            job.outcome = "failed_open"
            return None

    async def _forward(self, job: Job, request: Request, wire: bytes) -> bool:
        message, verdict = job.message, job.verdict
        softens = job.runtime.abuse.softens(verdict)
        upgrade = message.upgrade and is_handshake(request.method, message.raw_headers)
        headers = self._headers(job, verdict.decision if verdict is not None else None, upgrade=upgrade)
        answer = await self._ask(job, request, headers, wire, upgrade=upgrade)
        try:
            job.upstream_status = answer.status
            if answer.upgraded is not None:
                await run_tunnel(job, request, answer, self._inspector.message)
                return False
            if verdict is not None and job.runtime.engine.has_response_rules and verdict.decision.mode != "off":
                whole, start = await self._inspect_response(job, request, verdict, answer)
                if verdict.decision.blocks:
                    return answers.block(job, verdict)
            else:
                whole, start = answer.read_small(), b""
            if softens and answer.status < 400:
                if whole is None and not start:  # else it is too long, and only its end is left to be read
                    whole, _ = await hold_back(answer, job.runtime.config.limits.response_inspect)
                whole = job.runtime.abuse.soften(whole, answer.headers)
            keep = await self._send(job, answer, whole, start)
        finally:
            answer.close()
        if job.sent.fault:
            job.outcome = job.sent.fault
        return keep

    async def _send(self, job: Job, answer: UpstreamResponse, whole: bytes | None, start: bytes) -> bool:
        """The answer to the client; `whole` and `start` as `hold_back` returns them. Whether the connection can be used again."""
        client, message, limiter = job.client, job.message, job.runtime.limiter
        rules = job.runtime.engine.exposed(job.verdict)
        if job.spent is not None and limiter is not None:
            limiter.settle(job.spent, answer, whole)
            answer.headers.extend(limiter.headers(job.spent))
        if whole is not None:
            job.upstream_done()
            if job.old or not answer.trailers:
                keep = relay_whole(client, message, answer, job.id, job.sent, whole, rules)
                if client.full:
                    await client.drained()
                return keep
        return await relay(client, message, answer, job.id, job.sent, whole, start, rules)

    async def _ask(
        self, job: Job, request: Request, headers: list[Header], wire: bytes, *, upgrade: bool
    ) -> UpstreamResponse:
        """What the model server begins to answer; how long that took is learned from."""
        spent, limiter = job.spent, job.runtime.limiter
        try:
            answer = await self._pool.request(request.method, request.target, headers, wire, upgrade=upgrade)
        except UpstreamError:
            if spent is not None and limiter is not None:
                limiter.answered(spent, perf_counter() - job.upstream_began, 0)
            raise
        if spent is not None and limiter is not None:
            limiter.answered(spent, perf_counter() - job.upstream_began, answer.status)
        return answer

    def _headers(self, job: Job, decision: Decision | None, *, upgrade: bool) -> list[Header]:
        runtime, client, message = job.runtime, job.client, job.message
        own_host = not runtime.config.upstream.preserve_host or hdrs.HOST not in message.headers
        return forward_headers(
            forwarded_of(job),
            client.peer,
            client.scheme,
            [*waf_headers(job.id, decision, runtime.secret), *caller_headers(job, runtime.secret)],
            trusted=bool(runtime.trusted) and client.peer in runtime.trusted,
            host=self._pool.authority if own_host else None,
            upgrade=upgrade,
            plain=runtime.engine.has_response_rules or runtime.abuse.softens(job.verdict),
        )

    async def _inspect_response(
        self, job: Job, request: Request, verdict: Verdict, answer: UpstreamResponse
    ) -> tuple[bytes | None, bytes]:
        """Let the response rules see the answer. Returns what was read of it, as `hold_back` does."""
        engine, limits = job.runtime.engine, job.runtime.config.limits
        whole, start = await hold_back(answer, limits.response_inspect)
        response = inspectable(answer, whole, start, limits.response_inspect, limits.decompression_ratio)
        merge(verdict.decision, await self._inspector.response(engine, verdict, request, response))
        return whole, start

    def _limited(self, refusal: Refusal) -> None:
        if refusal.status in _LIMITS or refusal.code == DENIED:
            self._metrics.limited(refusal.code)

    def _finish(self, job: Job) -> None:
        """Have it recorded at the end of this turn of the event loop, together with whatever else was finished in it: that
        costs half of what it does one by one, between other work, when nothing it needs is in the processor's caches."""
        job.total_us = (perf_counter() - job.began) * 1e6
        if not self._finished:
            self._loop.call_soon(self._record_finished)
        self._finished.append(job)

    def _record_finished(self) -> None:
        finished, self._finished = self._finished, []
        for job in finished:
            self._record(job)

    def _record(self, job: Job) -> None:
        message = job.message
        job.runtime.abuse.answered(job.address or job.client.peer, message, job.sent.status)
        self._recorder.record(
            job.request
            or Request(
                method=message.method,
                target=message.path,
                client_ip=job.address or job.client.peer,
                id=job.id,
                caller=job.caller,
            ),
            job.verdict,
            status=job.sent.status,
            total_us=job.total_us,
            upstream_us=job.upstream_us,
            upstream_status=job.upstream_status,
            stage_us={"accept": job.accept_us},
            bytes_in=job.bytes_in,
            bytes_out=job.sent.body,
            outcome=job.outcome,
        )

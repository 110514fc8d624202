"""A WebSocket between its handshake, which is inspected as a request, and its end: each text message is inspected."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from waf.edge.job import Job
from waf.edge.upstream import UpstreamResponse
from waf.edge.websocket import Tunnel
from waf.engine import Engine
from waf.model import Request
from waf.routes import CompiledRoute
from waf.verdict import Verdict

InspectText = Callable[[Engine, CompiledRoute, Request, str], Awaitable[Verdict]]
"""(engine, the handshake's route, the handshake, text) → the text's verdict."""


async def run_tunnel(job: Job, request: Request, answer: UpstreamResponse, look: InspectText) -> None:
    """Relay until either side is done. Raises UpstreamProtocol when the 101 cannot be relayed; nothing was sent then."""
    config, engine = job.runtime.config, job.runtime.engine
    route = engine.routes.find(request.method, request.target.partition("?")[0])

    async def inspect(text: str) -> bool:
        found = await look(engine, route, request, text)
        if found.decision.matches or found.decision.action != "allow":
            job.verdict = found  # the last message that something matched on is the one the event tells about
        return found.decision.blocks

    tunnel = Tunnel(
        job.client,
        answer,
        inspect=inspect,
        limit=config.limits.websocket_message,
        idle=config.timeouts.websocket_idle,
        headers=[(b"X-WAF-Request-Id", job.id.encode())],
    )
    job.sent.status = 101
    try:
        await tunnel.run()
    finally:
        report = tunnel.report
        job.bytes_in, job.sent.body = report.bytes_in, report.bytes_out
        if report.reason not in ("", "closed"):
            job.outcome = f"websocket_{report.reason}"

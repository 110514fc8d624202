"""What the firewall itself says to a client. Each function writes one whole answer and returns whether the connection can
be used again."""

from __future__ import annotations

from typing import Final

from aiohttp.streams import StreamReader

from waf.decide import refuse as refused
from waf.edge.connection import Connection
from waf.edge.job import Job
from waf.edge.proofs import ChallengeRequired, for_browsers
from waf.edge.respond import own_answer
from waf.edge.runtime import Runtime
from waf.errors import Refusal
from waf.model import Decision
from waf.protocols import PROTOCOLS
from waf.verdict import Refused, Verdict

_ALLOW: Final = ("Allow", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT")
_FAULTS: Final = {
    500: "The firewall could not handle the request.",
    502: "The model server could not be reached, or its answer could not be read.",
    504: "The model server did not answer in time.",
}


def block(job: Job, verdict: Verdict) -> bool:
    """The request was read and is not wanted."""
    status, headers, body = job.runtime.engine.respond(verdict, job.id)
    return _write(job, status, headers, body, keep=job.client.keeps(job.message))


def refuse(job: Job, refusal: Refusal) -> bool:
    """The request was not read to its end, so the connection ends: what follows may be the rest of its body."""
    message, engine = job.message, job.runtime.engine
    job.outcome = refusal.code
    job.verdict = engine.refused(message.method, message.path, refusal)
    status, headers, body = engine.respond(job.verdict, job.id)
    if status == 405:
        headers.append(_ALLOW)
    return _write(job, status, headers, body, keep=False)


def deny(job: Job, refusal: Refusal, payload: StreamReader) -> bool:
    """The request could be read, but not by this caller, or not now. The connection lives on when all of it has come."""
    message, engine = job.message, job.runtime.engine
    job.outcome = refusal.code
    if job.verdict is None:
        job.verdict = engine.refused(message.method, message.path, refusal)
    else:  # what was inspected stays in the event
        job.verdict.refusal = Refused(refusal.code, refusal.message)
        job.verdict.decision = _refused(job.verdict, refusal)
    status, headers, body = engine.respond(job.verdict, job.id)
    if isinstance(refusal, ChallengeRequired):
        headers, body = for_browsers(message, refusal) or (headers, body)
    elif status in (429, 503):
        headers = [pair for pair in headers if pair[0] != "x-should-retry"]
    headers += refusal.headers
    whole = payload.is_eof()
    if whole and payload.total_bytes:
        payload.read_nowait(-1)
    return _write(job, status, headers, body, keep=whole and job.client.keeps(message))


def _refused(verdict: Verdict, refusal: Refusal) -> Decision:
    decision = refused(verdict.route.policy, refusal)
    if isinstance(refusal, ChallengeRequired):
        decision.action = "challenge"
        before = verdict.decision
        decision.matches, decision.tags = before.matches, (*before.tags, *decision.tags)
        decision.score, decision.scores = before.score, before.scores
    return decision


def fail(job: Job, status: int, code: str) -> bool:
    """A fault that is not the client's; it may try again, so nothing tells it not to. When an answer had begun, cutting
    the connection is all that can still be said."""
    job.outcome = code
    if job.sent.status:
        job.client.abort()
        return False
    protocol = PROTOCOLS[job.verdict.protocol if job.verdict is not None else "generic"]
    body, content_type = protocol.refusal(status, code, _FAULTS[status], job.id)
    keep = status != 500 and job.client.keeps(job.message)
    return _write(job, status, [("Content-Type", content_type)], body, keep=keep)


def refuse_unread(client: Connection, runtime: Runtime, ident: str, refusal: Refusal) -> tuple[Verdict, int]:
    """No request could be made out at all. Returns the verdict to record and the bytes of the answer's body."""
    verdict = runtime.engine.refused("", "", refusal)
    status, headers, body = runtime.engine.respond(verdict, ident)
    client.write(own_answer(status, headers, body, ident, keep=False, server=runtime.config.server_header))
    return verdict, len(body)


def _write(job: Job, status: int, headers: list[tuple[str, str]], body: bytes, *, keep: bool) -> bool:
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

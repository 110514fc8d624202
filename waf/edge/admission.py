"""Who calls and how much they may ask, on the request path: in two steps, before the body is read and before it goes on; and
what the model server is told about whoever was let in."""

from __future__ import annotations

import hmac
import time
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from waf.edge.issuers import Issuers
from waf.edge.job import Job
from waf.edge.overrides import Overrides
from waf.edge.waf_headers import Header
from waf.errors import Refusal
from waf.identity.access import SAFE
from waf.identity.credentials import without_credentials
from waf.identity.gate import Gate
from waf.identity.keycache import KeysWanted
from waf.model import Decision, Request
from waf.record import Metrics
from waf.settings import Route
from waf.verdict import Verdict

_PLAIN: Final = "!#$&'()*+-./:;<=>?@[]^_`{|}~"
"""What stands in a header as it is; `%`, `,` and quotes are escaped, and everything that is not visible ASCII, a blank too."""


_CREDENTIALED: Final = frozenset({"key", "token"})
"""Proofs that are a header of the request."""
ALONE: Final = "limits.alone"
"""Tag of requests that were counted by this process alone while the shared state was away."""


class Admission:
    """Joins gate, limiter, overrides and issuers' keys, which are fetched where needed. Made where its event loop runs."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self.issuers = Issuers(metrics)
        self.overrides: Overrides | None = None
        """Exceptions of an incident, where there is a file of them."""

    def guards(self, job: Job) -> bool:
        """Whether there is anything to ask; if not, the two steps are left out."""
        return job.runtime.guarded or self.overrides is not None or job.runtime.abuse.everybody

    async def identify(self, job: Job, target: str) -> None:
        """Sets the caller of `job`, before its body is read, so that nobody unknown makes us read one. Raises Unauthorized,
        Forbidden or TooManyRequests. Waits only for the keys of a token's issuer, and for other firewalls where these count
        together."""
        message, runtime = job.message, job.runtime
        gate, limiter = runtime.gate, runtime.limiter
        job.address = runtime.client_of(job.client.peer, message.headers)
        path = target.partition("?")[0]
        if self.overrides is not None:
            await self.overrides.at_address(job)
        runtime.abuse.check_address(job.address)
        if limiter is not None:  # before the gate, so that guessing has a price
            route = runtime.engine.routes.find(message.method, path).settings.name
            job.spent = limiter.open(route, job.address, job.id)
        try:
            if gate is not None:
                routes = runtime.engine.routes.settings(message.method, path)
                if gate.reads_tokens:
                    self.issuers.refresh(gate.caches)
                try:
                    self._ask_gate(job, gate, routes)
                except KeysWanted as wanted:
                    await self.issuers.fetch(wanted.cache)
                    self._ask_gate(job, gate, routes, fetched=True)
            if self.overrides is not None:
                await self.overrides.at_caller(job)
        except Refusal:
            if limiter is not None and job.spent is not None:
                await limiter.rejected(job.spent)
            raise
        if limiter is not None and job.spent is not None:
            known = limiter.identified(job.spent, job.caller)
            if known is not None:
                await known

    async def admit(self, job: Job, request: Request, verdict: Verdict | None) -> None:
        """Lets a request that was read, and is not blocked, go on to the model server: checks the models that it names, and takes
        what it costs. Raises Forbidden or TooManyRequests; waits for its turn where only so many may run at once."""
        gate, limiter = job.runtime.gate, job.runtime.limiter
        if gate is not None:
            check_models(job, gate, request, verdict)
        if self.overrides is not None:
            await self.overrides.at_model(job, verdict)
        if limiter is not None and job.spent is not None:
            models = models_of(verdict, request.method) if limiter.asks_for_models else None
            admitted = limiter.admit(job.spent, verdict, request.wire_length, models)
            if admitted is not None:
                await admitted
            if job.spent.alone and verdict is not None:
                mark_alone(verdict.decision)

    def _ask_gate(self, job: Job, gate: Gate, routes: Sequence[Route], *, fetched: bool = False) -> None:
        message, client = job.message, job.client
        asked = (routes, message.method, message.raw_headers, job.address, client.certificate)
        try:
            caller = gate.admit(*asked, time.time(), fetched=fetched)
        except Refusal as refusal:
            self._metrics.caller("none", refusal.code)
            raise
        self._metrics.caller(caller.kind, "ok")
        job.caller = caller
        job.strips = caller.kind in _CREDENTIALED and "strip" in [route.access.credentials for route in routes]


def mark_alone(decision: Decision) -> None:
    """Say that a request was counted by this process alone, although it should have been with others."""
    decision.tags = (*decision.tags, ALONE)
    if decision.action == "allow":
        decision.action, decision.reason = "tag", "tagged"


def check_models(job: Job, gate: Gate, request: Request, verdict: Verdict | None) -> None:
    """Raises Forbidden when the caller, or the route, may not ask for a model that the request names."""
    caller = job.caller
    if caller is None or not (caller.models or gate.limits_models):
        return
    routes = job.runtime.engine.routes.settings(request.method, request.target.partition("?")[0])
    method = "UPGRADE" if job.message.upgrade else request.method
    gate.check_models(routes, caller, named_models(verdict), method)


def named_models(verdict: Verdict | None) -> list[str] | None:
    """Every model that a request names; None when it was not read."""
    parsed = verdict.parsed if verdict is not None else None
    if parsed is None:
        return None
    named = [str(field.value) for field in parsed.fields.get("model.name", ())]
    return named if parsed.model in ("", *named) else [*named, parsed.model]


def models_of(verdict: Verdict | None, method: str) -> list[str] | None:
    """The same for limits: who names none has the server's default, which is not known, unless it only looks."""
    named = named_models(verdict)
    return named if named or method in SAFE else None


def forwarded_of(job: Job) -> Iterable[Header]:
    """The client's headers as they go on: without the credential that named the caller, unless the route forwards it."""
    headers = job.message.raw_headers
    return without_credentials(headers) if job.strips else headers


def caller_headers(job: Job, secret: bytes) -> list[Header]:
    """Who it is, for the model server; nothing about somebody unknown. With a secret, X-WAF-Caller-Signature is
    `t=SECONDS,v1=HEX`: HMAC-SHA256 over the time, the request's id and the three values, one a line."""
    caller = job.caller
    if caller is None or caller.kind == "anonymous":
        return []
    headers = list(_said(caller.subject, caller.tenant, caller.roles))
    if secret:
        now = str(int(time.time())).encode()
        said = b"\n".join((now, job.id.encode(), *(value for _, value in headers)))
        mac = hmac.digest(secret, said, "sha256").hex()
        headers.append((b"X-WAF-Caller-Signature", b"t=%b,v1=%b" % (now, mac.encode())))
    return headers


@lru_cache(4096)
def _said(subject: str, tenant: str, roles: frozenset[str]) -> tuple[Header, Header, Header]:
    """What is said of a caller, as headers."""
    first, second, *rest = (
        quote(value, safe=_PLAIN, errors="surrogatepass").encode() for value in (subject, tenant, *sorted(roles))
    )
    return (b"X-WAF-Subject", first), (b"X-WAF-Tenant", second), (b"X-WAF-Roles", b",".join(rest))

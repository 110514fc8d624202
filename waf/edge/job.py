"""One request and what became of it so far: filled in as the handler goes, read when the event is written."""

from __future__ import annotations

from time import perf_counter

from aiohttp import hdrs
from aiohttp.http import HttpVersion10, RawRequestMessage

from waf.edge.connection import Connection
from waf.edge.relay import Sent
from waf.edge.runtime import Runtime
from waf.engine import Verdict
from waf.model import Request


class Job:
    __slots__ = (
        "accept_us", "began", "bytes_in", "client", "id", "message", "old", "outcome", "peer_ip", "request", "runtime", "sent",
        "upstream_began", "upstream_status", "upstream_us", "verdict",
    )  # fmt: skip

    def __init__(self, runtime: Runtime, client: Connection, message: RawRequestMessage, ident: str) -> None:
        self.runtime = runtime
        self.client = client
        self.message = message
        self.id = ident
        self.old = message.version is HttpVersion10
        self.began = perf_counter()
        """Moved to the moment the body is complete: what a client takes to send it is not our time."""
        self.accept_us = 0.0
        self.request: Request | None = None
        self.verdict: Verdict | None = None
        self.sent = Sent()
        self.outcome = "ok"
        self.bytes_in = 0
        self.upstream_began = 0.0
        self.upstream_us = 0.0
        self.upstream_status = 0

    def read(self, target: str, body: bytes, wire_length: int) -> Request:
        """The request as it is inspected."""
        message = self.message
        client_ip = self.client.peer
        if self.runtime.trusted:
            client_ip = self.runtime.trusted.client(client_ip, message.headers.getall(hdrs.X_FORWARDED_FOR, ()))
        self.bytes_in = wire_length
        self.request = Request(
            method=message.method,
            target=target,
            headers=tuple(
                [
                    (name.decode("ascii"), value.decode("utf-8", "surrogateescape"))
                    for name, value in message.raw_headers
                ]
            ),
            body=body,
            version="HTTP/1.0" if self.old else "HTTP/1.1",
            client_ip=client_ip,
            id=self.id,
            wire_length=wire_length,
        )
        return self.request

    def upstream_done(self) -> None:
        """Stop the upstream's clock, if it runs."""
        if self.upstream_began:
            self.upstream_us += (perf_counter() - self.upstream_began) * 1e6
            self.upstream_began = 0.0

"""One request and what became of it so far: filled in as the handler goes, read when the event is written."""

from __future__ import annotations

from time import perf_counter

import msgspec
from aiohttp.http import RawRequestMessage

from waf.edge.connection import Connection
from waf.edge.relay import Sent
from waf.edge.runtime import Runtime
from waf.edge.usage import Spent
from waf.model import Caller, Request
from waf.verdict import Verdict


class Job(msgspec.Struct, eq=False):
    runtime: Runtime
    client: Connection
    message: RawRequestMessage
    id: str
    old: bool
    """The client speaks HTTP/1.0."""
    began: float
    """Moved to the moment the body is complete: what a client takes to send it is not our time."""
    sent: Sent
    address: str = ""
    """The client's, once somebody asked for it."""
    caller: Caller | None = None
    """Who it is; None where nobody is asked."""
    spent: Spent | None = None
    """What it has taken of what its caller may; None where nothing is limited."""
    proven: bool = False
    """It brought a proof of work, which is used up."""
    strips: bool = False
    """The credential stays here."""
    accept_us: float = 0.0
    request: Request | None = None
    verdict: Verdict | None = None
    outcome: str = "ok"
    bytes_in: int = 0
    held: int = 0
    """Bytes of its body that count towards `limits.bodies`."""
    upstream_began: float = 0.0
    upstream_us: float = 0.0
    upstream_status: int = 0
    total_us: float = 0.0

    def read(self, target: str, body: bytes, wire_length: int, *, headers: bool) -> Request:
        """The request as it is inspected, without its headers where nobody is going to look at them."""
        message = self.message
        self.bytes_in = wire_length
        self.request = Request(
            method=message.method,
            target=target,
            headers=tuple(
                [
                    (name.decode("ascii"), value.decode("utf-8", "surrogateescape"))
                    for name, value in message.raw_headers
                ]
            )
            if headers
            else (),
            body=body,
            version="HTTP/1.0" if self.old else "HTTP/1.1",
            client_ip=self.address or self.runtime.client_of(self.client.peer, message.headers),
            id=self.id,
            wire_length=wire_length,
            caller=self.caller,
        )
        return self.request

    def upstream_done(self) -> None:
        """Stop the upstream's clock, if it runs."""
        if self.upstream_began:
            self.upstream_us += (perf_counter() - self.upstream_began) * 1e6
            self.upstream_began = 0.0

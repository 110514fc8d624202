"""WebSocket pass-through with inspection of the text that the client sends (RFC 6455).

The client's frames are read message by message and each that is text is inspected before any of it goes on; the
upstream's pass at once. Frames are sent on exactly as they came. Extensions were taken out of the handshake, so nothing
is compressed and everything can be read.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Final, Protocol

import msgspec

from waf.edge.fairness import Slice
from waf.edge.forward import response_headers
from waf.edge.upstream import UpstreamResponse
from waf.edge.websocket_frames import (
    BAD_GATEWAY,
    BAD_TEXT,
    BINARY,
    CLOSE,
    GOING_AWAY,
    POLICY,
    PROTOCOL_ERROR,
    TEXT,
    TOO_BIG,
    FrameError,
    FrameFollower,
    MessageReader,
    encode_close,
)
from waf.edge.websocket_inbox import Inbox
from waf.errors import UpstreamProtocol

CLOSE_WAIT: Final = 5.0
"""Seconds for the second half of a closing handshake."""
LINGER: Final = 1.0
"""Seconds to wait for the reaction to a Close of ours, so that it is not overtaken by a reset."""

_KEY: Final = re.compile(rb"[A-Za-z0-9+/]{22}==\Z")
_REASONS: Final = {PROTOCOL_ERROR: "protocol_error", TOO_BIG: "too_big", BAD_TEXT: "bad_text"}
_CODES: Final = {
    "blocked": POLICY,
    "idle": GOING_AWAY,
    "upstream_gone": BAD_GATEWAY,
    "upstream_error": BAD_GATEWAY,
    "protocol_error": PROTOCOL_ERROR,
    "too_big": TOO_BIG,
    "bad_text": BAD_TEXT,
}
"""Why we end a tunnel → the close code that tells the client."""


class Parser(Protocol):
    """Takes a client's bytes instead of the HTTP parser."""

    def feed_data(self, data: bytes, /) -> tuple[bool, bytes]: ...
    def feed_eof(self) -> None: ...


class Client(Protocol):
    """What a tunnel needs of the client's connection. `waf.edge.connection.Connection` has it all."""

    @property
    def transport(self) -> asyncio.Transport | None: ...
    def set_parser(self, parser: Parser, /) -> None:
        """aiohttp's RequestHandler.set_parser: everything that arrives, and what was left over, goes to the parser."""

    async def drained(self) -> None:
        """Wait while the client does not read."""


class TunnelReport(msgspec.Struct, kw_only=True):
    """What went through one tunnel so far."""

    inspected: int = 0
    """Messages of the client that `inspect` saw: all that are text, sent as such or not."""
    uninspected: int = 0
    """Other binary messages of the client: passed, not read."""
    blocked: bool = False
    bytes_in: int = 0
    """From the client."""
    bytes_out: int = 0
    """To the client."""
    client_close: int = 0
    """Close code sent to the client, by the upstream or by us (1005: a Close without one); 0 when it just broke."""
    reason: str = ""
    """Why it ended: closed, blocked, idle, client_gone, upstream_gone, upstream_error, protocol_error, too_big, bad_text.
    Empty when it was cancelled."""


def is_handshake(method: str, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a request asks for a WebSocket in the way of RFC 6455 §4.2.1; any other Upgrade is not honoured."""
    found: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value.strip())
    connection = b",".join(found.get(b"connection", ())).lower().split(b",")
    keys = found.get(b"sec-websocket-key", [])
    return (
        method == "GET"
        and [v.lower() for v in found.get(b"upgrade", ())] == [b"websocket"]
        and b"upgrade" in (token.strip() for token in connection)
        and found.get(b"sec-websocket-version") == [b"13"]
        and len(keys) == 1
        and _KEY.match(keys[0]) is not None
    )


class Tunnel:
    """One WebSocket, from the upstream's 101 to its end.

    Create it with the answer to `pool.request(…, forward_headers(…, upgrade=True), upgrade=True)` once
    `answer.upgraded` is set. Raises UpstreamProtocol when the 101 is not one that can be relayed: answer 502, nothing
    was written yet.
    """

    def __init__(
        self,
        client: Client,
        answer: UpstreamResponse,
        *,
        inspect: Callable[[str], Awaitable[bool]],
        limit: int,
        idle: float,
        headers: Iterable[tuple[bytes, bytes]] = (),
    ) -> None:
        """`inspect(text)` says True to block: that message is not sent on and the client gets close 1008.

        `limit`: most bytes of one message of the client. `idle`: seconds without a byte in either direction.
        `headers`: added to the 101, e.g. X-WAF-Request-Id.
        """
        upgraded = answer.upgraded
        names = {name.lower(): value.strip().lower() for name, value in answer.headers}
        if upgraded is None or names.get(b"upgrade") != b"websocket" or b"sec-websocket-extensions" in names:
            answer.close()
            raise UpstreamProtocol("upstream_invalid", "the upstream switched to something else than a plain WebSocket")
        kept = [(b"Connection", b"Upgrade"), (b"Upgrade", b"websocket"), *response_headers(answer.headers), *headers]
        self._head = b"HTTP/1.1 101 Switching Protocols\r\n%b\r\n" % b"".join(b"%b: %b\r\n" % pair for pair in kept)
        self._client = client
        self._upgraded = upgraded
        self._inspect = inspect
        self._idle = idle
        self._reader = MessageReader(limit)
        self._follower = FrameFollower()
        self._between = True
        """What was written to the client ends with the end of a frame."""
        self._stop = False
        self._last = 0.0
        self.report = TunnelReport()
        """Complete after `run`, and right up to that point when `run` was cancelled."""

    async def run(self) -> TunnelReport:
        """Write the 101 and relay until it is over. Raises nothing but cancellation and what `inspect` raises.

        The upstream's connection is closed then; closing the client's is left to its owner.
        """
        transport = self._client.transport
        if transport is None:
            self.report.reason = "client_gone"
            self._upgraded.transport.abort()
            return self.report
        self._touch()
        self._from_client = Inbox(transport, self._touch)
        self._from_upstream = Inbox(self._upgraded.transport, self._touch)
        transport.write(self._head)
        if self._upgraded.leftover:
            self._from_upstream.data_received(self._upgraded.leftover)
        self._upgraded.attach(self._from_upstream)
        self._client.set_parser(self._from_client)
        up = asyncio.ensure_future(self._upwards())
        down = asyncio.ensure_future(self._downwards())
        try:
            await self._until_over(up, down)
        finally:
            up.cancel()
            down.cancel()
            self._upgraded.transport.abort()
            await asyncio.wait((up, down))
        return self.report

    def _to_upstream(self, data: bytes) -> bool:
        """Write, unless the connection is gone: uvloop raises when a closed transport is written to."""
        if self._from_upstream.ended.is_set():
            return False
        self._upgraded.transport.write(data)
        return True

    def _touch(self) -> None:
        self._last = asyncio.get_running_loop().time()

    # ------------------------------------------------------------------ the two directions

    async def _upwards(self) -> str:
        """Client → upstream, until a Close has gone by or there is a reason to stop."""
        report, work = self.report, Slice()
        try:
            while data := await self._from_client.get():
                work.begin()
                report.bytes_in += len(data)
                self._reader.feed(data)
                while (message := self._reader.next()) is not None:
                    if message.opcode == TEXT or message.text:
                        report.inspected += 1
                        if await self._inspect(message.text):
                            report.blocked = True
                            return "blocked"
                    elif message.opcode == BINARY:
                        report.uninspected += 1
                    if not self._to_upstream(message.raw):
                        return "upstream_gone"
                    if message.opcode == CLOSE:
                        return "closed"
                    await self._from_upstream.writable()
                    await work.over()
        except FrameError as error:
            return _REASONS[error.code]
        return "client_gone"

    async def _downwards(self) -> str:
        """Upstream → client, until a Close has gone by or, once `_stop` is set, a frame has ended."""
        while not (self._stop and self._between) and (data := await self._from_upstream.get()):
            try:
                passed = self._follower.follow(data, stop=self._stop)
            except FrameError:
                return "upstream_error"
            self._between = self._follower.between
            transport = self._client.transport
            if transport is None:
                return "client_gone"
            transport.write(data[:passed])
            self.report.bytes_out += passed
            if self._follower.code:
                self.report.client_close = self._follower.code
                return "closed"
            await self._client.drained()
        return "upstream_gone"

    # ------------------------------------------------------------------ the end

    async def _until_over(self, up: asyncio.Future[str], down: asyncio.Future[str]) -> None:
        reason = await self._first_end(up, down)
        if reason == "closed":
            # One Close has gone by; the other side owes its own.
            await asyncio.wait((up, down), timeout=CLOSE_WAIT)
        self.report.reason = reason
        code = _CODES.get(reason)
        if code is not None:
            await self._dismiss(code, reason, up, down)
        if reason != "client_gone":
            self._upgraded.transport.close()
            await _at_most(LINGER, self._from_upstream.ended.wait())

    async def _first_end(self, up: asyncio.Future[str], down: asyncio.Future[str]) -> str:
        """Why one direction ended, or `idle`. A Close that has gone by explains whatever happened at the same time."""
        loop = asyncio.get_running_loop()
        while (left := self._last + self._idle - loop.time()) > 0:
            done, _ = await asyncio.wait((up, down), timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if done:
                reasons = [end.result() for end in (up, down) if end in done]
                return "closed" if "closed" in reasons else reasons[0]
        return "idle"

    async def _dismiss(self, code: int, reason: str, up: asyncio.Future[str], down: asyncio.Future[str]) -> None:
        """Tell both sides that it is over, and wait a moment for the client to have read it."""
        up.cancel()
        await asyncio.wait((up,))
        if reason not in ("upstream_gone", "upstream_error"):
            self._stop = True
            self._to_upstream(encode_close(GOING_AWAY, mask=os.urandom(4)))
            if not self._between:
                await asyncio.wait((down,), timeout=CLOSE_WAIT)
        down.cancel()
        await asyncio.wait((down,))
        transport = self._client.transport
        if transport is None or not self._between or self.report.client_close:
            return
        transport.write(encode_close(code, reason))
        self.report.client_close = code
        await _at_most(LINGER, self._client_closes())

    async def _client_closes(self) -> None:
        """Read the client's remaining frames, to no effect, until its Close or its end."""
        try:
            while data := await self._from_client.get():
                self._reader.feed(data)
                while (message := self._reader.next()) is not None:
                    if message.opcode == CLOSE:
                        return
        except FrameError:
            # Already in error, or now: nothing it sends can be read, so only its end counts.
            await self._from_client.ended.wait()


async def _at_most(seconds: float, what: Awaitable[object]) -> None:
    try:
        await asyncio.wait_for(what, seconds)
    except TimeoutError:
        return

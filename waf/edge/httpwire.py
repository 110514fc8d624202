"""One HTTP/1.1 answer, read from bytes. Sans-IO: `feed` what arrived, call `eof` when the peer closed.

llhttp does the grammar and is strict: bare LF, obs-fold, blanks before a colon, a list or a second Content-Length,
Content-Length together with Transfer-Encoding, bad chunk sizes are errors. What it leaves open is decided here: which
answers have a body (RFC 9112 §6.3), that `chunked` is the only coding, interim answers, caps, and bytes after the end.
"""

from __future__ import annotations

import httptools

from waf.errors import UpstreamError, UpstreamProtocol

Headers = list[tuple[bytes, bytes]]

MAX_HEAD = 65_536
"""Most bytes of a header section, of a trailer section, and of any run of framing that carries no content."""
MAX_INTERIM = 16
"""Most 1xx answers before the final one."""
SMALL = 65_536
"""Up to this Content-Length an answer counts as ready only when it is whole: one write to the client, no truncation."""


class ResponseReader:
    """The state of one answer. Create one per request; it is done when `complete` or after it raised."""

    # Defaults stand in the class because most answers never change them, and setting twenty attributes costs more than
    # reading the head.
    status: int = 0
    reason: bytes = b""
    version: str = ""
    content_length: int | None = None
    chunked: bool = False
    until_close: bool = False
    buffered: int = 0
    started: bool = False
    """Any byte has arrived."""
    head_done: bool = False
    complete: bool = False
    keep_alive: bool = False
    upgraded: bool = False
    leftover: bytes = b""
    error: UpstreamError | None = None
    """Why the answer cannot be finished. Raise a `copy()` of it."""
    _interim: bool = False
    _interims: int = 0
    _silent: int = 0
    _tail: int = 0
    _trailers: Headers | None = None

    def __init__(self, *, head: bool = False, upgrade: bool = False) -> None:
        self._head_request = head
        self._expect_upgrade = upgrade
        self.headers: Headers = []
        self.pieces: list[bytes] = []
        self._parser = httptools.HttpResponseParser(self)

    @property
    def ready(self) -> bool:
        """Worth waking the handler for: the head is there and, for a small answer, the body too."""
        if self.complete:
            return True
        return self.head_done and (self.content_length is None or self.content_length > SMALL)

    def _whole(self) -> bool:
        """`complete`, asked again: the parser's callbacks set it while bytes are fed."""
        return self.complete

    @property
    def trailers(self) -> Headers:
        """What followed a chunked body."""
        return self._trailers or []

    def feed(self, data: bytes) -> None:
        """Take the next bytes. Raises UpstreamProtocol when they are not a valid answer."""
        if self.complete:
            self.keep_alive = False
            return
        self.started = True
        self._silent += len(data)
        before = self.buffered
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as pause:
            self.leftover = data[pause.args[0] :]
        except httptools.HttpParserError as fault:
            if self._whole():
                # Bytes after the answer: what is here is whole, but the connection cannot be trusted any more.
                self.keep_alive = False
                self._let_go()
                return
            cause = fault.__context__
            said = "it speaks TLS; perhaps `upstream.url` should begin with https://" if _alert(data) else str(fault)
            raise cause if isinstance(cause, UpstreamProtocol) else _invalid(said) from None
        if self._whole():
            self._let_go()
            return
        if self.buffered != before:
            self._silent = 0
        elif self._silent > MAX_HEAD:
            raise _invalid("header section or chunk framing too long")

    def eof(self) -> None:
        """The peer closed. Raises UpstreamProtocol unless that is how this answer ends."""
        if self.until_close and self.head_done:
            self.complete = True
            self._let_go()
        if not self.complete:
            raise UpstreamProtocol("upstream_truncated", "the upstream closed in the middle of its answer")

    def fail(self, error: UpstreamError) -> None:
        """The answer cannot be finished."""
        self.error = error.copy()
        self._let_go()

    def _let_go(self) -> None:
        """Of the parser, which holds our methods while we hold it: only the garbage collector would part us."""
        self.__dict__.pop("_parser", None)

    def take(self) -> bytes:
        """Everything buffered, joined; the buffer is empty afterwards."""
        pieces = self.pieces
        data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        pieces.clear()
        self.buffered = 0
        return data

    # ------------------------------------------------------------------ called by httptools

    def on_message_begin(self) -> None:
        if self.complete:
            raise _invalid("bytes after the answer")

    def on_status(self, reason: bytes) -> None:
        self.reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self.head_done:
            self.headers.append((name, value))
            return
        self._tail += len(name) + len(value) + 4
        if self._tail > MAX_HEAD:
            raise _invalid("trailer section too long")
        if self._trailers is None:
            self._trailers = []
        self._trailers.append((name, value))

    def on_headers_complete(self) -> None:
        parser = self._parser
        self.status = status = parser.get_status_code()
        self.version = parser.get_http_version()
        if status < 100 or status > 599 or self.version not in ("1.1", "1.0"):
            raise _invalid("status or version out of range")
        if status < 200:
            self._on_interim(status)
            return
        if self._silent > MAX_HEAD and sum(len(name) + len(value) + 4 for name, value in self.headers) > MAX_HEAD:
            raise _invalid("header section too long")
        for name, value in self.headers:
            length = len(name)
            if length == 14 and name.lower() == b"content-length":
                self.content_length = int(value)
            elif length == 17 and name.lower() == b"transfer-encoding":
                # RFC 9112 §6.1: never on HTTP/1.0, `chunked` once; we offered no other coding and could not pass it on.
                if self.chunked or self.version == "1.0" or value.strip().lower() != b"chunked":
                    raise _invalid("unusable Transfer-Encoding")
                self.chunked = True
        self.head_done = True
        self.keep_alive = parser.should_keep_alive()
        if status == 204:
            # RFC 9110 §8.6: must not be there, and a client might wait for the bytes it promises.
            self.headers = [h for h in self.headers if h[0].lower() not in (b"content-length", b"transfer-encoding")]
            self.content_length = None
        elif self._head_request:
            self.complete = True
        elif status != 304:
            self.until_close = not self.chunked and self.content_length is None

    def _on_interim(self, status: int) -> None:
        if status == 101:
            if not self._expect_upgrade:
                raise _invalid("101 that nobody asked for")
            self.head_done = self.upgraded = True
            return
        self._interims += 1
        if self._interims > MAX_INTERIM:
            raise _invalid("too many interim answers")
        self._interim = True

    def on_body(self, data: bytes) -> None:
        if self.complete:
            raise _invalid("a body on an answer to HEAD")
        self.pieces.append(data)
        self.buffered += len(data)

    def on_message_complete(self) -> None:
        if self._interim:
            # 100 is between us and the upstream; 102 and 103 are hints that a proxy may leave out (RFC 9110 §15.2).
            self._interim = False
            self.headers = []
            self.reason = b""
            self._silent = 0
            return
        self.complete = True


def _alert(data: bytes) -> bool:
    """Whether it is what TLS servers answer a plain request with (RFC 8446, 5.1 and 6)."""
    return data.startswith(b"\x15\x03")


def _invalid(what: str) -> UpstreamProtocol:
    return UpstreamProtocol("upstream_invalid", f"the upstream's answer is not valid HTTP: {what}")

"""The reflecting backend over HTTP, on a loopback port and a thread of its own."""

from __future__ import annotations

import http
import socketserver
import threading
from typing import Final

import httptools

from waf.ftw.reflect import answer
from waf.model import Response

MAX_BODY: Final = 64 << 20
IDLE: Final = 60.0
"""Seconds that a connection may say nothing."""

_OWN: Final = frozenset({"content-length", "transfer-encoding", "connection"})
"""Headers that the wire decides about, whatever a client of `/reflect` asks for."""


class ReflectBackend:
    """Listens between `start` and `stop`. Use as a context manager. Port 0 takes a free one."""

    def __init__(self, port: int = 0) -> None:
        self._server = _Server(("127.0.0.1", port), _Connection)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> ReflectBackend:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


class _Request:
    """One request, filled in by the parser's callbacks."""

    def __init__(self) -> None:
        self.target = b""
        self.body = bytearray()
        self.complete = False

    def on_url(self, url: bytes) -> None:
        self.target += url

    def on_body(self, data: bytes) -> None:
        self.body += data
        if len(self.body) > MAX_BODY:
            raise ValueError("too large")

    def on_message_complete(self) -> None:
        self.complete = True


class _Connection(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.settimeout(IDLE)
        try:
            while self._serve():
                pass
        except (OSError, httptools.HttpParserError):
            return

    def _serve(self) -> bool:
        """Answer one request. False when the connection ends."""
        request = _Request()
        parser = httptools.HttpRequestParser(request)
        while not request.complete:
            data = self.request.recv(65_536)
            if not data:
                return False
            parser.feed_data(data)
        method = parser.get_method().decode()
        target = request.target.decode("utf-8", "surrogateescape")
        self.request.sendall(encode(method, answer(method, target, bytes(request.body))))
        return bool(parser.should_keep_alive())


def encode(method: str, response: Response) -> bytes:
    """The answer on the wire, framed by a Content-Length unless it cannot have a body."""
    try:
        reason = http.HTTPStatus(response.status).phrase
    except ValueError:
        reason = "Reflected"
    # An interim answer is not a final one: a status below 200 has to become something that ends.
    status = max(response.status, 200)
    lines = [f"HTTP/1.1 {status} {reason}"]
    lines += [f"{name}: {value}" for name, value in response.headers if name.lower() not in _OWN]
    bodiless = method == "HEAD" or status in (204, 304)
    if status not in (204, 304):
        lines.append(f"Content-Length: {len(response.body)}")
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")
    return head if bodiless else head + response.body

"""Requests without a socket: bytes → what our edge makes of them → the engine → the reflecting backend → the engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from waf.errors import Refusal, RequestTimeout
from waf.ftw.reflect import answer
from waf.ftw.values import Outcome
from waf.model import Request, Response

Read = Callable[[bytes], Request]
"""Bytes as the edge reads them. Raises Refusal."""

UNREADABLE: Final = "the request never ends, and no answer comes before it does"


class Log(Protocol):
    """What one request left in the log."""

    @property
    def ids(self) -> tuple[int, ...]: ...

    @property
    def lines(self) -> tuple[str, ...]: ...

    @property
    def blocked(self) -> int:
        """Status of the refusal; 0: the request goes to the backend, and its answer to the client."""
        ...

    @property
    def refused(self) -> bool:
        """It could not be accepted as a request, whatever rules say."""
        ...


class Inspector(Protocol):
    """The engine, as far as a test needs it."""

    def request(self, request: Request, respond: Callable[[], Response]) -> Log:
        """Everything that is logged about a request and about the answer, which is asked for if the request gets through."""
        ...


class InProcess:
    """An `Exchange` without sockets."""

    def __init__(self, read: Read, inspector: Inspector) -> None:
        self._read = read
        self._inspector = inspector

    def __call__(self, data: bytes) -> Outcome:
        given: list[Response] = []

        def respond() -> Response:
            given.append(answer(request.method, request.target, request.body))
            return given[-1]

        try:
            request = self._read(data)
            log = self._inspector.request(request, respond)
        except RequestTimeout as refusal:
            return Outcome(refusal.status, refused=True, error=UNREADABLE)
        except Refusal as refusal:
            return Outcome(refusal.status, refused=True)
        if log.blocked or not given:
            return Outcome(log.blocked, log.ids, log.lines, refused=log.refused)
        response = given[-1]
        return Outcome(response.status, log.ids, log.lines, response.headers, _wire(response))


def _wire(response: Response) -> bytes:
    head = [f"HTTP/1.1 {response.status}", *(f"{name}: {value}" for name, value in response.headers)]
    return ("\r\n".join(head) + "\r\n\r\n").encode("utf-8", "surrogateescape") + response.body

"""Response rules: what of an answer is held back to be looked at, and what of it is seen."""

from __future__ import annotations

from typing import Final

from waf.edge.accept_coding import decode
from waf.edge.forward import Header
from waf.edge.upstream import UpstreamResponse
from waf.errors import Refusal
from waf.model import Decision, Response

_STREAMS: Final = (b"text/event-stream", b"application/x-ndjson", b"application/jsonl", b"multipart/x-mixed-replace")
"""Types whose reader wants each piece when it is written; holding them back would break what they are for."""


async def hold_back(answer: UpstreamResponse, cap: int) -> tuple[bytes | None, bytes]:
    """Read up to `cap` bytes of the body before any of it goes on; nothing of a stream.

    Returns the whole body, or None and its beginning. Raises UpstreamError: nothing was sent yet, so the client can be
    told.
    """
    whole = answer.read_small()
    if whole is not None or _streams(answer):
        return whole, b""
    pieces: list[bytes] = []
    size = 0
    while size < cap:
        piece = await answer.read()
        if not piece:
            return b"".join(pieces), b""
        pieces.append(piece)
        size += len(piece)
    return None, b"".join(pieces)


def inspectable(answer: UpstreamResponse, whole: bytes | None, start: bytes, cap: int, ratio: int) -> Response:
    """What the rules see: the first `cap` bytes, and none of a stream, even one that happens to be here already.

    An encoded body is only seen when it is whole and decodes: the request asks the upstream for plain answers, so one that
    is encoded all the same is rare.
    """
    body = b"" if _streams(answer) else start if whole is None else whole
    listed = _header(answer.headers, b"content-encoding").decode("latin-1").split(",")
    codings = tuple(name for item in listed if (name := item.strip()) not in ("", "identity"))
    if codings:
        try:
            body = decode(body, codings, cap, ratio) if whole is not None else b""
        except Refusal:
            body = b""
    headers = tuple(
        [(n.decode("utf-8", "surrogateescape"), v.decode("utf-8", "surrogateescape")) for n, v in answer.headers]
    )
    return Response(status=answer.status, headers=headers, body=body[:cap])


def merge(verdict: Decision, found: Decision) -> None:
    """Let a request's decision tell what the response rules found, too."""
    verdict.matches = [*verdict.matches, *found.matches]
    verdict.would_block = verdict.would_block or found.would_block
    verdict.score += found.score
    verdict.scores = {
        name: verdict.scores.get(name, 0) + found.scores.get(name, 0) for name in verdict.scores | found.scores
    }
    verdict.tags = tuple(dict.fromkeys((*verdict.tags, *found.tags)))
    if found.blocks or (found.action == "tag" and verdict.action == "allow"):
        verdict.action, verdict.status, verdict.reason = found.action, found.status, found.reason


def _streams(answer: UpstreamResponse) -> bool:
    return _header(answer.headers, b"content-type").startswith(_STREAMS)


def _header(headers: list[Header], name: bytes) -> bytes:
    return b",".join(value for key, value in headers if key.lower() == name).lower()

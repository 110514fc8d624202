"""Which headers go on to the model server, and which of its own go back. Pure.

Rules: RFC 9110 §7.6.1 (hop-by-hop), §7.6.2 and §10.1.1 (Expect), RFC 9113 §3.1 (HTTP2-Settings), RFC 7239 (Forwarded).
A name is classified once and remembered: the same dozen come with every request.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from waf.errors import BadRequest

Header = tuple[bytes, bytes]

KEEP, DROP, CONNECTION, HOST, FORWARDED, TRAILER, UPGRADE, CODING, BAD = range(9)

_HOP: Final = frozenset(
    b"keep-alive proxy-connection proxy-authenticate proxy-authorization te transfer-encoding http2-settings".split()
)
_OURS: Final = frozenset(b"content-length expect".split())
"""End to end, but we frame the message ourselves and have answered the expectation."""
_PINNED: Final = frozenset(
    b"host content-length content-type content-encoding authorization cookie x-api-key api-key "
    b"x-forwarded-for x-forwarded-proto x-forwarded-host forwarded x-real-ip "
    b"set-cookie cache-control www-authenticate location sec-websocket-key sec-websocket-accept "
    b"sec-websocket-protocol sec-websocket-version".split()
)
"""What a Connection header cannot remove: taking these away would let a client change what the message means."""
_FORWARDED: Final = frozenset(b"forwarded x-real-ip x-client-ip x-cluster-client-ip true-client-ip".split())
"""Who the client is, said by somebody before us; with X-Forwarded-*, believed from trusted peers only."""

_TOKEN: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")
_CACHE_NAMES: Final = 2048
_CACHE_LENGTH: Final = 64


_SIMPLE: Final = {
    b"connection": CONNECTION,
    b"host": HOST,
    b"trailer": TRAILER,
    b"upgrade": UPGRADE,
    b"accept-encoding": CODING,
}


def _classify(name: bytes) -> int:
    """What to do with a request header of this name, in whatever spelling."""
    lower = name.lower()
    if not _TOKEN.match(lower):
        return BAD
    dashed = lower.replace(b"_", b"-")
    if dashed.startswith(b"x-waf-") or dashed == b"x-waf":
        return DROP
    if dashed in _FORWARDED or dashed.startswith(b"x-forwarded-"):
        # CGI and WSGI servers read X_Forwarded_For as X-Forwarded-For; only the real spelling may come from a proxy.
        return FORWARDED if dashed == lower else DROP
    if dashed in _HOP or dashed in _OURS:
        return DROP
    simple = _SIMPLE.get(dashed, KEEP)
    if dashed == lower or simple == KEEP:
        return simple
    return KEEP if simple == CODING else DROP


class _Kinds(dict[bytes, int]):
    """Name as received → kind. Bounded: cleared when full, so junk names cannot keep useful ones out for good."""

    def __missing__(self, name: bytes) -> int:
        kind = _classify(name)
        if len(name) <= _CACHE_LENGTH:
            if len(self) >= _CACHE_NAMES:
                self.clear()
            self[name] = kind
        return kind


_KINDS: Final = _Kinds()


def _listed(values: Sequence[bytes]) -> set[bytes]:
    """Names that Connection headers list and may remove."""
    names = {name.strip().lower() for value in values for name in value.split(b",")}
    return {n for n in names if n not in _PINNED and not n.replace(b"_", b"-").startswith(b"x-waf-")}


_HARMLESS: Final = frozenset([b"keep-alive", b"close", b"Keep-Alive", b"Close"])


def forward_headers(
    request_headers: Iterable[Header],
    peer_ip: str,
    scheme: str,
    waf_headers: Iterable[Header] = (),
    *,
    trusted: bool = False,
    host: bytes | None = None,
    upgrade: bool = False,
    plain: bool = False,
) -> list[Header]:
    """End-to-end headers of a request for the upstream, ours added. Content-Length is left to `UpstreamPool.request`.

    `peer_ip` is the address the connection came from, without brackets. `trusted`: that peer is a proxy whose
    X-Forwarded-* are believed (extended, not replaced). `host`: replaces the client's Host (`preserve_host: false`, or
    the client sent none). `upgrade`: a WebSocket handshake; Upgrade goes on and no extension is negotiated, because
    compressed frames could not be inspected. `plain`: Accept-Encoding stays behind, because an answer that is compressed
    could not be inspected until it is whole. Raises BadRequest on a bad header name or a second Host.
    """
    out: list[Header] = []
    connection: list[bytes] = []
    asked_host: bytes | None = None
    chain: list[Header] = []
    kinds = _KINDS
    for pair in request_headers:
        kind = kinds[pair[0]]
        if kind == KEEP:
            out.append(pair)
        elif kind == HOST:
            if asked_host is not None:
                raise BadRequest("duplicate_host", "more than one Host header")
            asked_host = pair[1]
        elif kind == CONNECTION:
            if pair[1] not in _HARMLESS:
                connection.append(pair[1])
        elif kind == FORWARDED:
            if trusted:
                chain.append(pair)
        elif kind == CODING:
            if not plain:
                out.append(pair)
        elif kind == BAD:
            raise BadRequest("bad_header_name", "a header name is not a token")
    if connection:
        names = _listed(connection)
        out = [pair for pair in out if pair[0].lower() not in names]
    if upgrade:
        out = [pair for pair in out if pair[0].lower() != b"sec-websocket-extensions"]
        out += ((b"Connection", b"Upgrade"), (b"Upgrade", b"websocket"))
    final_host = host if host is not None else asked_host
    if final_host is not None:
        out.insert(0, (b"Host", final_host))
    _forwarded(out, chain, peer_ip.encode("ascii"), scheme.encode("ascii"), asked_host)
    out.extend(waf_headers)
    return out


def _forwarded(out: list[Header], chain: list[Header], peer: bytes, scheme: bytes, host: bytes | None) -> None:
    """Append X-Forwarded-For, -Proto and -Host; `chain` is what a trusted peer said before us."""
    via = [peer]
    if chain:
        said: dict[bytes, bytes] = {}
        before = []
        for name, value in chain:
            lower = name.lower()
            if lower == b"x-forwarded-for":
                before.append(value)
            elif lower in (b"x-forwarded-proto", b"x-forwarded-host"):
                said.setdefault(lower, value)
            else:
                out.append((name, value))
        via = [*before, peer]
        scheme = said.get(b"x-forwarded-proto", scheme)
        host = said.get(b"x-forwarded-host", host)
    out += ((b"X-Forwarded-For", b", ".join(via)), (b"X-Forwarded-Proto", scheme))
    if host is not None:
        out.append((b"X-Forwarded-Host", host))


_BACK: Final = (KEEP, FORWARDED, HOST, CODING)


def response_headers(headers: Iterable[Header], *, trailer: bool = False) -> list[Header]:
    """End-to-end headers of an answer. Content-Length stays (it is right for HEAD and 304 as well), X-WAF-* goes.

    `trailer`: keep the Trailer header because the trailers will be sent on. Values lose trailing blanks.
    """
    out: list[Header] = []
    connection: list[bytes] = []
    kinds = _KINDS
    for pair in headers:
        kind = kinds[pair[0]]
        if kind in _BACK:
            out.append(pair)
        elif kind == CONNECTION:
            if pair[1] not in _HARMLESS:
                connection.append(pair[1])
        elif kind == TRAILER:
            if trailer:
                out.append(pair)
        elif kind == DROP and pair[0].lower() == b"content-length":
            out.append(pair)
    if connection:
        names = _listed(connection)
        out = [pair for pair in out if pair[0].lower() not in names]
    return out


_TARGET: Final = re.compile(r"(?:/[!-~\x80-\U0010ffff]*|\*)\Z")


def head_bytes(method: str, target: str, headers: Iterable[Header], length: int | None) -> bytes:
    """A request head ready to be written; `length` adds Content-Length.

    Raises BadRequest when it would not read back as it was meant: a method that is no token, a target that is not in
    origin form (`/…`) or `*`, CR, LF or NUL in a header.
    """
    if not _TARGET.match(target):
        raise BadRequest("bad_target", "the request-target is not in origin form")
    lines = [f"{method} {target} HTTP/1.1".encode("utf-8", "surrogateescape"), *map(b": ".join, headers)]
    text = b"".join(lines)
    if b"\n" in text or b"\r" in text or b"\0" in text or not _METHOD.match(method):
        raise BadRequest("bad_header", "a header cannot be forwarded safely")
    if length is not None:
        lines.append(b"Content-Length: %d" % length)
    lines.append(b"\r\n")
    return b"\r\n".join(lines)


_METHOD: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")

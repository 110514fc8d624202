"""What is fuzzed: each target takes any bytes and may raise nothing; an error that the code declares is caught here."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import fuzz_callers
import fuzz_suspects
import msgspec

from waf.bench.material import Material
from waf.bench.micro import as_request
from waf.bench.mixes import MIXES
from waf.cli.requests import RequestError, from_http, read_request
from waf.config import load as load_config
from waf.edge.accept_coding import decode
from waf.edge.httpwire import ResponseReader
from waf.edge.offline import accept
from waf.edge.websocket_frames import FrameError, FrameFollower, MessageReader
from waf.engine import Engine
from waf.errors import InputError, Refusal, RuleError, UpstreamProtocol
from waf.fields import BUCKETS
from waf.model import Request
from waf.parse import ParseOptions, parse
from waf.rules import load_ruleset
from waf.rules.load import load_pack
from waf.settings import Config, Limits
from waf.transform import DECODERS, TRANSFORMS

Target = Callable[[bytes], None]

TYPES = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "application/xml",
    "text/plain; charset=utf-8",
    "application/octet-stream",
    "application/x-ndjson",
    "application/json; charset=utf-16",
    "",
)
PATHS = (
    "/api",
    "/v1/chat/completions",
    "/v1/completions",
    "/v1/embeddings",
    "/v1/responses",
    "/v1/messages",
    "/v1/models/m:predict",
    "/v2/models/m/infer",
)
CODINGS = (("gzip",), ("deflate",), ("br",), ("zstd",), ("gzip", "br"))
LIMITS = Limits(body=1 << 20)
OPTIONS = ParseOptions(limits=LIMITS)
CONFIG = Config(limits=LIMITS)
ENGINE = Engine(load_ruleset(CONFIG.rules), CONFIG)
FOLDER = Path(tempfile.mkdtemp(prefix="waf-fuzz-"))
DECODED = 1 << 18


def _request(data: bytes) -> Request:
    """The first two bytes choose path and type, the rest is the body."""
    path, kind = PATHS[data[0] % len(PATHS)], TYPES[data[1] % len(TYPES)]
    headers = (("Host", "h"), ("Content-Type", kind), ("Content-Length", str(len(data) - 2)))
    return Request(method="POST", target=path, headers=headers, body=data[2:], wire_length=len(data) - 2)


def body(data: bytes) -> None:
    """Any body under any type and path becomes fields of known buckets, exact to the byte, or is refused."""
    if len(data) < 2:
        return
    try:
        parsed = parse(_request(data), OPTIONS)
    except Refusal:
        return
    assert 0 <= parsed.inspected_bytes <= len(data) - 2
    for bucket, fields in parsed.fields.items():
        assert bucket in BUCKETS
        for one in fields:
            assert one.bucket == bucket
            one.name.encode("utf-8", "surrogateescape")
            if isinstance(one.value, str):
                one.value.encode("utf-8", "surrogateescape")


def decision(data: bytes) -> None:
    """The engine gives a verdict on everything, twice the same, and can put it into an answer."""
    if len(data) < 2:
        return
    request = _request(data)
    verdict = ENGINE.inspect(request)
    again = ENGINE.inspect(request)
    assert (verdict.decision.action, verdict.decision.score) == (again.decision.action, again.decision.score)
    if verdict.decision.blocks:
        status, headers, answer = ENGINE.respond(verdict, "0" * 32)
        assert 400 <= status < 600
        assert answer
        assert all("\n" not in name + value for name, value in headers)
    msgspec.json.encode(verdict.coverage)


def whole(data: bytes) -> None:
    """A raw request, as pasted and as the edge checks it, then the engine."""
    try:
        request = accept(from_http(data), LIMITS)
    except (RequestError, Refusal):
        return
    ENGINE.inspect(request)


def record(data: bytes) -> None:
    """One line of `waf scan`."""
    try:
        request = read_request(b"{" + data)
    except RequestError:
        return
    ENGINE.inspect(request)


def transform(data: bytes) -> None:
    """Every transform is total, keeps the identity of what it leaves alone, and its output is bounded."""
    for text in {
        data.decode("utf-8", "surrogateescape"),
        data.decode("utf-16-le", "surrogatepass" if len(data) % 2 == 0 else "replace"),
    }:
        for one in TRANSFORMS.values():
            out = one.apply(text)
            assert len(out) <= 32 * len(text) + 64, one.name
            assert out != text or out is text, one.name
        for many in DECODERS.values():
            views = many.apply(text)
            assert text not in views, many.name
            assert sum(map(len, views)) <= max(DECODED, 8 * len(text)), many.name


def coding(data: bytes) -> None:
    """Content-Encoding: undone under the caps, or refused."""
    if not data:
        return
    try:
        out = decode(data[1:], CODINGS[data[0] % len(CODINGS)], LIMITS.body, 100)
    except Refusal:
        return
    assert len(out) <= LIMITS.body


def _answer(pieces: list[bytes]) -> tuple[object, ...]:
    reader = ResponseReader()
    try:
        for piece in pieces:
            reader.feed(piece)
            if reader.complete:
                break
        else:
            reader.eof()
    except UpstreamProtocol:
        return ("refused",)
    return reader.status, tuple(reader.headers), reader.take(), tuple(reader.trailers)


def upstream(data: bytes) -> None:
    """An upstream's answer reads the same whole and byte by byte."""
    whole_answer = _answer([data])
    split = _answer([data[i : i + 1] for i in range(len(data))])
    assert whole_answer == split or "refused" in (whole_answer[0], split[0])


def websocket(data: bytes) -> None:
    """Frames of both directions; the follower passes on no more than it was given."""
    reader = MessageReader(4096)
    try:
        reader.feed(data)
        while reader.next() is not None:
            pass
    except FrameError as error:
        assert 1000 <= error.code < 5000
    follower = FrameFollower()
    try:
        assert 0 <= follower.follow(data) <= len(data)
    except FrameError:
        return


def rules(data: bytes) -> None:
    """A rule file is read or every problem is said."""
    path = FOLDER / "pack.yaml"
    path.write_bytes(data)
    try:
        load_pack(path)
    except RuleError as error:
        assert error.problems


def config(data: bytes) -> None:
    """So is a configuration."""
    path = FOLDER / "waf.yaml"
    path.write_bytes(data)
    try:
        load_config(str(path), environ={})
    except InputError as error:
        assert error.problems


TARGETS: dict[str, Target] = {
    one.__name__: one
    for one in (
        *(body, decision, whole, record, transform, coding, upstream, websocket, rules, config),
        *(fuzz_callers.preface, fuzz_callers.forwarded, fuzz_callers.credential, fuzz_callers.token),
        *(fuzz_callers.claims, fuzz_callers.keys, fuzz_callers.files(FOLDER)),
        *(fuzz_callers.description, fuzz_callers.hours, fuzz_callers.shared),
        *(fuzz_suspects.order, fuzz_suspects.stored, fuzz_suspects.news, fuzz_suspects.latest),
        *(fuzz_suspects.proof, fuzz_suspects.answer, fuzz_suspects.overrides(FOLDER)),
    )
}


def _packs() -> list[bytes]:
    from waf.shipped import path

    return [file.read_bytes()[:6000] for file in sorted(path("rules").rglob("*.yaml"))]


def seeds(name: str) -> list[bytes]:
    """Inputs to start from."""
    known: dict[str, list[bytes]] = fuzz_callers.SEEDS | fuzz_suspects.SEEDS
    if name in known:
        return known[name]
    if name == "rules":
        return _packs()
    if name == "config":
        return [b'listen: "127.0.0.1:8080"\nmode: monitor\nlimits: {body: 1MiB}\nroutes:\n  - {name: a, path: /v1/*}\n']
    if name == "record":
        return [b'"id": 1, "method": "POST", "path": "/v1/completions", "headers": [["A", "b"]], "body": "{}"}']
    if name == "upstream":
        return [
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: b\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nT: v\r\n\r\n",
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 404 No\r\n\r\nrest",
        ]
    if name == "websocket":
        return [
            b"\x81\x85abcd\x09\x07\x0f\x08\x0e",
            b"\x01\x80abcd\x80\x80abcd",
            b"\x88\x02\x03\xe8",
            b"\x81\x7e\x00\x80" + b"a" * 128,
        ]
    raw = [
        one
        for mix in MIXES.values()
        if mix.name not in ("chat_16k", "tensor_30k")
        for one in mix.requests(Material())[:8]
    ]
    if name == "whole":
        return raw
    bodies = [as_request(one).body or as_request(one).target.encode() for one in raw]
    bodies += [
        b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n',
        b'<?xml version="1.0"?><a b="c"><d>e</d></a>',
        b'{"inputs": [{"name": "x", "shape": [2], "datatype": "FP32", "data": [1, NaN]}]}',
        b'{"a": 1, "a": 2}',
        b"[" * 70,
        b"%u0027%2527&#x27;\\u0027aWdub3JlIGFsbA==",
    ]
    return [bytes((n % 256, n // 3 % 256)) + one for n, one in enumerate(bodies * 3)]

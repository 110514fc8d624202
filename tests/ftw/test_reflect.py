"""The reflecting backend: what it answers, and the same over a socket."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator

import pytest

from waf.ftw.backend import ReflectBackend, encode
from waf.ftw.reflect import answer
from waf.model import Response

TEXT = ("Content-Type", "text/plain; charset=utf-8")


def reflect(**wanted: object) -> Response:
    return answer("POST", "/reflect", json.dumps(wanted).encode())


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, Response(status=200)),
        ({"status": 0}, Response(status=200)),
        ({"status": 503, "headers": {"A": "b"}}, Response(status=503, headers=(("A", "b"),))),
        ({"body": "x"}, Response(status=200, headers=(TEXT,), body=b"x")),
        (
            {"body": "x", "headers": {"content-type": "a/b"}},
            Response(status=200, headers=(("content-type", "a/b"),), body=b"x"),
        ),
        ({"encodedBody": "/w==", "logMessage": "m"}, Response(status=200, headers=(TEXT,), body=b"\xff")),
        ({"headers": {"A b": "c", "D": "e\r\nF: g"}}, Response(status=200)),
    ],
)
def test_what_is_asked_for_comes_back(wanted: dict[str, object], expected: Response) -> None:
    assert reflect(**wanted) == expected


@pytest.mark.parametrize(
    ("method", "target", "body", "status"),
    [
        ("GET", "/anything?a=b", b"", 200),
        ("POST", "/reflected", b"{}", 200),
        ("POST", "/reflect/x?y", b'{"status": 404}', 404),
        ("GET", "/reflect", b"", 405),
        ("POST", "/reflect", b"nonsense", 400),
        ("POST", "/reflect", b'{"status": 99}', 400),
        ("POST", "/reflect", b'{"status": 600}', 400),
        ("POST", "/reflect", b'{"encodedBody": "?"}', 400),
        ("POST", "/reflect", b'{"headers": {"a": 1}}', 400),
    ],
)
def test_the_rest(method: str, target: str, body: bytes, status: int) -> None:
    assert answer(method, target, body).status == status


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<!DOCTYPE html><p>", "text/html; charset=utf-8"),
        ("  <HTML >", "text/html; charset=utf-8"),
        ("<htmlx>", "text/plain; charset=utf-8"),
        ("a\x00b", "application/octet-stream"),
        ("", ""),
    ],
)
def test_the_type_is_guessed(body: str, kind: str) -> None:
    assert dict(reflect(body=body).headers).get("Content-Type", "") == kind


def test_a_packed_body_is_known() -> None:
    assert dict(reflect(encodedBody="H4sIAAAA").headers)["Content-Type"] == "application/x-gzip"


@pytest.mark.parametrize(
    ("method", "response", "wire"),
    [
        ("GET", Response(status=200, body=b"x"), b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"),
        ("HEAD", Response(status=200, body=b"x"), b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"),
        ("GET", Response(status=204, body=b"x"), b"HTTP/1.1 204 No Content\r\n\r\n"),
        ("GET", Response(status=102), b"HTTP/1.1 200 Processing\r\nContent-Length: 0\r\n\r\n"),
        (
            "GET",
            Response(status=599, headers=(("content-length", "9"), ("A", "\udcff"))),
            b"HTTP/1.1 599 Reflected\r\nA: \xff\r\nContent-Length: 0\r\n\r\n",
        ),
    ],
)
def test_framing(method: str, response: Response, wire: bytes) -> None:
    assert encode(method, response) == wire


@pytest.fixture
def backend() -> Iterator[tuple[str, int]]:
    with ReflectBackend() as backend:
        yield "127.0.0.1", int(backend.url.rsplit(":", 1)[1])


def test_over_a_socket(backend: tuple[str, int]) -> None:
    connection = http.client.HTTPConnection(*backend, timeout=10)
    for body, status in (("x", 418), ("y" * 200_000, 201)):  # one connection for both
        connection.request("POST", "/reflect", json.dumps({"status": status, "body": body}))
        response = connection.getresponse()
        assert (response.status, response.read().decode()) == (status, body)
    connection.close()


@pytest.mark.parametrize("data", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", b""])
def test_a_connection_ends(backend: tuple[str, int], data: bytes) -> None:
    with socket.create_connection(backend, timeout=10) as sock:
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(65_536):
            pass

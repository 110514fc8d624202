"""The generator against servers whose behaviour is known exactly."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from waf.bench.backend import ANSWER
from waf.bench.load import Generator
from waf.bench.mixes import render

REQUEST = render("GET", "/", ())


def read_request(sock: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = sock.recv(65_536)
        if not piece:
            return b""
        data += piece
    return data


@contextmanager
def server(talk: Callable[[socket.socket], None]) -> Iterator[tuple[str, int]]:
    """Runs `talk` in a thread for every connection until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    threads: list[threading.Thread] = []

    def one(sock: socket.socket) -> None:
        with sock:
            try:
                talk(sock)
            except OSError:
                return  # the generator hung up

    def accept() -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=one, args=(sock,)))
            threads[-1].start()

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield listener.getsockname()
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        acceptor.join()
        for thread in threads:
            thread.join()


def answer_forever(sock: socket.socket) -> None:
    while read_request(sock):
        sock.sendall(ANSWER)


def test_every_request_of_an_open_loop_is_answered_and_counted() -> None:
    with server(answer_forever) as address:
        generator = Generator(address, [REQUEST], connections=4)
        result = generator.open_loop(rate=200, seconds=0.5, seed=7)
        generator.close()
    assert result.failures == 0
    assert result.statuses == {200: result.answered}
    assert 60 <= result.answered <= 140
    assert min(result.latencies) > 0


def test_the_schedule_is_the_same_for_the_same_seed() -> None:
    with server(answer_forever) as address:
        counts = []
        for _ in range(2):
            generator = Generator(address, [REQUEST])
            counts.append(generator.open_loop(rate=300, seconds=0.2, seed=3).answered)
            generator.close()
    assert counts[0] == counts[1]


def test_a_stall_is_charged_to_every_request_that_was_due_meanwhile() -> None:
    """One connection, a server that sleeps once: many latencies show the stall, not only one."""
    stall, first = 0.3, threading.Event()

    def talk(sock: socket.socket) -> None:
        while read_request(sock):
            if not first.is_set():
                first.set()
                time.sleep(stall)
            sock.sendall(ANSWER)

    with server(talk) as address:
        generator = Generator(address, [REQUEST], connections=1)
        result = generator.open_loop(rate=200, seconds=0.5)
        generator.close()
    assert result.failures == 0
    assert sum(latency > stall / 3 for latency in result.latencies) > 20


def test_saturation_keeps_as_many_in_flight_as_asked() -> None:
    lock, now, most = threading.Lock(), [0], [0]

    def talk(sock: socket.socket) -> None:
        while read_request(sock):
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            time.sleep(0.005)
            with lock:
                now[0] -= 1
            sock.sendall(ANSWER)

    with server(talk) as address:
        generator = Generator(address, [REQUEST])
        result = generator.saturate(0.3, concurrency=5)
        generator.close()
    assert result.failures == 0
    assert 2 <= most[0] <= 5


def hang_up(sock: socket.socket) -> None:
    read_request(sock)


def not_http(sock: socket.socket) -> None:
    read_request(sock)
    sock.sendall(b"SSH-2.0-hello\r\n")


@pytest.mark.parametrize("talk", [hang_up, not_http])
def test_a_request_without_an_answer_is_a_failure_and_a_hopeless_stretch_ends(
    talk: Callable[[socket.socket], None],
) -> None:
    with server(talk) as address:
        generator = Generator(address, [REQUEST])
        result = generator.saturate(30, concurrency=4)
        generator.close()
    assert result.answered == 0
    assert result.hopeless
    assert result.seconds < 30


def test_nobody_listening_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = closed.getsockname()
    result = Generator(address, [REQUEST]).open_loop(rate=100, seconds=0.2)
    assert result.answered == 0
    assert result.failures > 5


def test_a_connection_that_the_answer_closes_is_not_used_again() -> None:
    connections = []

    def talk(sock: socket.socket) -> None:
        connections.append(sock)
        read_request(sock)
        sock.sendall(b"HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")

    with server(talk) as address:
        generator = Generator(address, [REQUEST])
        result = generator.saturate(0.1, concurrency=2)
        generator.close()
    assert result.statuses == {403: result.answered}
    assert len(connections) == result.answered
    assert result.failures == 0


def test_a_body_larger_than_the_socket_takes_arrives_whole() -> None:
    body = bytes(range(256)) * 40_000
    got = []

    def talk(sock: socket.socket) -> None:
        data = read_request(sock)
        if not data:
            return
        _, _, rest = data.partition(b"\r\n\r\n")
        pieces, size = [rest], len(rest)
        while size < len(body):
            pieces.append(sock.recv(65_536))
            size += len(pieces[-1])
        got.append(b"".join(pieces) == body)
        sock.sendall(ANSWER)

    with server(talk) as address:
        generator = Generator(address, [render("POST", "/", (), body)], connections=1)
        generator.open_loop(rate=20, seconds=0.2)
        generator.close()
    assert got
    assert all(got)

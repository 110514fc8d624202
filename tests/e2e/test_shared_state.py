"""Two sidecars as an operator runs them, one Redis: one limit for both, and none of their requests is lost with it."""

from __future__ import annotations

import http.client
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.test_process import LIMIT, Model, Sidecar
from tests.state.server import Server

SETTINGS = """\
state: {redis: {url: '%s', timeout: 0.25}}
usage: {rates: [{name: shared, by: all, limit: %d, window: 1h}]}
"""


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    try:
        yield server.start()
    finally:
        server.stop()


class Pair:
    """Two sidecars before one model, and callers that ask both."""

    def __init__(self, folder: Path, redis: Server, limit: int) -> None:
        self._undo = ExitStack()
        self.model = Model()
        self._undo.callback(self.model.close)
        self.sidecars = []
        for name in ("one", "two"):
            place = folder / name
            place.mkdir()
            sidecar = Sidecar(place, self.model.port, watch=False, more=SETTINGS % (redis.url, limit))
            self._undo.callback(self._end, sidecar)
            self.sidecars.append(sidecar)

    @staticmethod
    def _end(sidecar: Sidecar) -> None:
        sidecar.process.kill()
        sidecar.process.communicate(timeout=LIMIT)
        sidecar.connections.close()

    def __enter__(self) -> Pair:
        return self

    def __exit__(self, *_: object) -> None:
        self._undo.close()

    def ask(self, each: int, callers: int) -> Counter[int]:
        """Statuses of so many requests of each of so many callers at either sidecar, all at once."""
        found: Counter[int] = Counter()
        lock = threading.Lock()

        def call(port: int) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
            for _ in range(each):
                connection.request("GET", "/")
                answer = connection.getresponse()
                answer.read()
                with lock:
                    found[answer.status] += 1
            connection.close()

        threads = [
            threading.Thread(target=call, args=(sidecar.port,)) for sidecar in self.sidecars for _ in range(callers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(LIMIT)
        return found


def test_two_share_exactly_one_limit(tmp_path: Path, redis: Server) -> None:
    with Pair(tmp_path, redis, 123) as pair:
        assert pair.ask(40, 4) == {200: 123, 429: 197}


def test_a_redis_that_is_killed_under_load_costs_no_request(tmp_path: Path, redis: Server) -> None:
    with Pair(tmp_path, redis, 100_000) as pair:
        killer = threading.Timer(0.2, redis.kill)
        killer.start()
        found: Counter[int] = Counter()
        while killer.is_alive():
            found += pair.ask(10, 4)
        killer.join()
        found += pair.ask(10, 4)
        assert set(found) == {200}
        redis.start()
        for sidecar in pair.sidecars:
            sidecar.wait_for("shared state is away")
            sidecar.wait_for("shared state can be reached")
        assert pair.ask(5, 1) == {200: 10}

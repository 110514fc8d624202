"""Timing in process."""

from __future__ import annotations

import gc

import pytest

from waf.bench import micro
from waf.bench.mixes import render


def test_every_input_is_timed_once_and_in_order() -> None:
    seen: list[int] = []
    micros = micro.timed(seen.append, list(range(20)))
    assert seen == [0, 1, 2, 3, 4, *range(20)]
    assert len(micros) == 20
    assert min(micros) > 0
    assert gc.isenabled()


def test_the_collector_is_on_again_after_a_failure() -> None:
    calls = iter([None] * 5)
    with pytest.raises(StopIteration):
        micro.timed(lambda _: next(calls), [0] * 10)
    assert gc.isenabled()


def test_table_names_quantiles_and_the_worst() -> None:
    line = micro.table([("scan", [1.0] * 98 + [7.0, 9.0])]).splitlines()[1]
    assert line.split() == ["scan", "100", "1.0", "9.0", "9.0"]


def test_a_rendered_request_is_read_back() -> None:
    request = micro.as_request(render("POST", "/v1/x?y=1", (("A", "b"), ("C", "d: e")), b"body\r\n\r\nrest"))
    assert (request.method, request.target, request.version) == ("POST", "/v1/x?y=1", "HTTP/1.1")
    assert request.headers == (("Host", "model.example"), ("A", "b"), ("C", "d: e"), ("Content-Length", "12"))
    assert request.body == b"body\r\n\r\nrest"

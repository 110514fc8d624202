"""The script against the tables of `waf.limits`: the same amounts, asked of both, are let in or refused alike."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from tests.state.server import Server
from waf.limits.rates import period
from waf.state.protocol import DAY, LEASE, LEAVE, MONTH, WINDOW, Answer, Ask, Take
from waf.state.script import SOURCE, answers, call


class Line:
    """A connection that speaks no more of the protocol than the script needs."""

    def __init__(self, server: Server) -> None:
        self._socket = socket.create_connection(("127.0.0.1", server.port), 5)
        self._file = self._socket.makefile("rb")
        self.command("SCRIPT", "LOAD", SOURCE)

    def command(self, *words: Any) -> Any:
        parts = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        self._socket.sendall(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%b\r\n" % (len(part), part) for part in parts))
        head = self._file.readline().rstrip()
        assert head[:1] in b"$+:", head
        if head[:1] != b"$":
            return head[1:]
        return self._file.read(int(head[1:]) + 2)[:-2] if head != b"$-1" else None

    def ask(self, *asks: Ask) -> list[Answer]:
        return answers(self.command(*call(asks)), len(asks))

    def time(self) -> float:
        return float(self.command("EVAL", "return redis.call('TIME')[1]", 0))

    def close(self) -> None:
        self._file.close()
        self._socket.close()


@pytest.fixture
def line(redis: Server) -> Iterator[Line]:
    line = Line(redis)
    yield line
    line.close()


def one(key: str, *take: Any, forced: bool = False) -> Ask:
    return Ask((key.encode(),), (Take(*take),), forced)


def test_a_window_lets_in_its_burst_and_names_the_wait(line: Line) -> None:
    ask = one("w", WINDOW, 1, 10.0, 30.0)
    answers = line.ask(ask, ask, ask, ask)
    assert [answer.refused for answer in answers] == [0, 0, 0, 1]
    assert [answer.numbers[0] for answer in answers] == [10, 20, 30, 30]
    assert answers[3].wait == 10
    assert 0 < int(line.command("PTTL", "w")) <= 30_000


def test_a_cost_above_the_burst_is_owed_and_given_back(line: Line) -> None:
    assert line.ask(one("w", WINDOW, 25, 1.0, 10.0))[0].refused == 0
    refused = line.ask(one("w", WINDOW, 1, 1.0, 10.0))[0]
    assert (refused.refused, round(refused.wait)) == (1, 16)
    assert line.ask(one("w", WINDOW, -20, 1.0, 10.0, forced=True))[0].numbers[0] == pytest.approx(5, abs=0.1)
    assert line.ask(one("w", WINDOW, -100, 1.0, 10.0, forced=True))[0].numbers == (0,)
    assert line.command("EXISTS", "w") == b"0", "who owes nothing takes no room"


def test_all_or_nothing(line: Line) -> None:
    both = Ask((b"a", b"b"), (Take(WINDOW, 1, 1.0, 9.0), Take(DAY, 5, 0, 12)))
    assert [answer.refused for answer in line.ask(both, both, both)] == [0, 0, 2]
    assert line.ask(one("a", WINDOW, 0, 1.0, 9.0))[0].numbers[0] == pytest.approx(2, abs=0.1)
    assert line.command("GET", "b") == b"10"


@pytest.mark.parametrize(("kind", "name"), [(DAY, "day"), (MONTH, "month")])
def test_a_quota_ends_with_its_period(line: Line, kind: int, name: str) -> None:
    while True:
        first = line.time()
        answers = line.ask(one("q", kind, 3, 0, 4), one("q", kind, 3, 0, 4))
        ends = int(line.command("PEXPIRETIME", "q")) / 1000
        now = line.time()
        if first // 86_400 == now // 86_400:  # not just at midnight
            break
    assert ends == period(now, name)[1]
    assert [answer.refused for answer in answers] == [0, 1]
    assert answers[1].wait == pytest.approx(ends - now, abs=2)


def test_months_end_where_the_calendar_says(line: Line) -> None:
    """The script's own arithmetic, over three centuries."""
    source = SOURCE.decode()
    months = source[source.index("local function month_end") : source.index("local ends = {}")]
    days = [*range(0, 120_000, 13), *(datetime(2028, 2, 28 + i, tzinfo=UTC).timestamp() // 86_400 for i in (0, 1))]
    program = (
        months
        + "local out = {} for i, day in ipairs(ARGV) do out[i] = month_end(tonumber(day)) end return cmsgpack.pack(out)"
    )
    found = msgspec.msgpack.decode(line.command("EVAL", program, 0, *map(int, days)))
    assert found == [period(day * 86_400, "month")[1] / 86_400 for day in days]


def test_a_floor_is_what_somebody_remembers(line: Line) -> None:
    assert line.ask(one("q", DAY, 1, 0, 10, 7))[0].numbers == (8,)
    assert line.ask(one("q", DAY, 1, 0, 10, 3))[0].numbers == (9,)
    assert line.ask(one("q", DAY, 0, 0, 10, 20, forced=True))[0].numbers == (20,)


def test_places(line: Line) -> None:
    def enter(member: str, seconds: float = 30.0) -> Ask:
        return one("c", LEASE, 1, seconds, 2, 0, member)

    assert [answer.refused for answer in line.ask(enter("a"), enter("b"), enter("c"))] == [0, 0, 1]
    line.ask(one("c", LEAVE, 0, 0, 0, 0, "a", forced=True))
    assert line.ask(enter("c"))[0].refused == 0
    line.ask(one("c", LEASE, 1, 0.001, 2, 0, "b", forced=True))
    time.sleep(0.01)
    assert line.ask(enter("d"))[0].refused == 0, "a place of somebody who says nothing any more is free"


def test_a_place_is_only_taken_with_the_rest(line: Line) -> None:
    ask = Ask((b"w", b"c"), (Take(WINDOW, 1, 1.0, 1.0), Take(LEASE, 1, 30.0, 1, 0, "a")))
    assert line.ask(ask)[0].refused == 0
    assert line.ask(ask)[0].refused == 1
    line.command("DEL", "w")
    assert line.ask(ask)[0].refused == 2
    assert line.command("EXISTS", "w") == b"0", "nothing was taken for a request that has no place"


def test_an_empty_batch_is_answered(line: Line) -> None:
    assert line.ask() == []


@pytest.mark.parametrize("reply", [None, 7, b"", b"\xc1", b"\x91\x01", b"\x90"])
def test_what_is_no_answer(reply: object) -> None:
    with pytest.raises((ValueError, msgspec.MsgspecError)):
        answers(reply, 1)

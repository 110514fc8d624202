"""Requests without a socket, through an engine that is made up, and through a real one that blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ftw.suites import PACK
from waf.edge.rawrequest import RawReader
from waf.engine import Engine
from waf.ftw.inprocess import InProcess
from waf.ftw.inspect import EngineInspector, Logged
from waf.ftw.values import Outcome
from waf.model import Request, Response
from waf.rules import load_ruleset
from waf.settings import Config, Limits, Mode, Rules

GET = b"GET /get?a=b HTTP/1.1\r\nHost: x\r\n\r\n"
REFLECT = b"POST /reflect HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b"


def reflect(body: bytes) -> bytes:
    return REFLECT % (len(body), body)


class Made:
    """Logs the status it is given: of the answer, or of its own refusal."""

    def __init__(self, blocked: int = 0, *, refuses: bool = False) -> None:
        self._blocked = blocked
        self._refuses = refuses

    def request(self, request: Request, respond: Callable[[], Response]) -> Logged:
        if self._blocked:
            return Logged((7,), ("seven",), self._blocked, self._refuses)
        return Logged((respond().status,))


@pytest.fixture
def reader() -> Iterator[RawReader]:
    with RawReader(Limits()) as reader:
        yield reader


@pytest.mark.parametrize(
    ("inspector", "data", "expected"),
    [
        (Made(), GET, Outcome(200, (200,), response=b"HTTP/1.1 200\r\n\r\n")),
        (
            Made(),
            reflect(b'{"status": 404, "headers": {"A": "b"}}'),
            Outcome(404, (404,), headers=(("A", "b"),), response=b"HTTP/1.1 404\r\nA: b\r\n\r\n"),
        ),
        (Made(403), GET, Outcome(403, (7,), ("seven",))),
        (Made(400, refuses=True), GET, Outcome(400, (7,), ("seven",), refused=True)),
        (Made(), b"nonsense\r\n\r\n", Outcome(400, refused=True)),
    ],
)
def test_outcomes(reader: RawReader, inspector: Made, data: bytes, expected: Outcome) -> None:
    assert InProcess(reader.read, inspector)(data) == expected


def test_a_request_that_never_ends(reader: RawReader) -> None:
    outcome = InProcess(reader.read, Made())(GET[:-2])
    assert (outcome.status, outcome.refused) == (408, True)
    assert "never ends" in outcome.error


@pytest.mark.parametrize(
    ("mode", "data", "status", "ids"),
    [
        ("monitor", GET.replace(b"b ", b"xyzzy "), 200, (900001,)),
        ("enforce", GET.replace(b"b ", b"xyzzy "), 403, (900001,)),
        ("monitor", reflect(b'{"body": "plugh", "status": 201}'), 201, (900002,)),
        ("enforce", reflect(b'{"body": "plugh", "status": 201}'), 403, (900002,)),
        ("enforce", GET, 200, ()),
        ("monitor", reflect(b"{").replace(b"Host", b"Content-Type: application/json\r\nHost"), 400, ()),
    ],
)
def test_our_own_engine(
    reader: RawReader, tmp_path: Path, mode: Mode, data: bytes, status: int, ids: tuple[int, ...]
) -> None:
    (tmp_path / "pack.yaml").write_text(PACK)
    config = Config(mode=mode, rules=Rules(packs=(str(tmp_path),)))
    outcome = InProcess(reader.read, EngineInspector(Engine(load_ruleset(config.rules), config)))(data)
    assert (outcome.status, outcome.logged_ids) == (status, ids)

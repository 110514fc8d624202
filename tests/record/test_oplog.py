from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
import structlog

from waf.record import oplog


@pytest.fixture(autouse=True)
def structlog_as_it_was() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_messages_are_lines_of_json() -> None:
    stream = io.StringIO()
    oplog.configure("info", stream)
    oplog.get("waf.edge").info("listening", address="127.0.0.1:8080")
    said = json.loads(stream.getvalue())
    assert said.pop("ts").endswith("Z")
    assert said == {"event": "listening", "level": "info", "source": "waf.edge", "address": "127.0.0.1:8080"}


@pytest.mark.parametrize(("level", "count"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)])
def test_levels(level: str, count: int) -> None:
    stream = io.StringIO()
    oplog.configure(level, stream)
    log = oplog.get("t")
    log.debug("d")
    log.info("i")
    log.warning("w")
    log.error("e")
    assert len(stream.getvalue().splitlines()) == count


@pytest.mark.parametrize("evil", ["a\nb", "\x1b[31m", "a\u2028b", "\udcff", 'q"', "x" * 5000])
def test_a_message_is_one_printable_line(evil: str) -> None:
    stream = io.StringIO()
    oplog.configure("info", stream)
    oplog.get("t").info("reload failed", error=evil)
    line = stream.getvalue().removesuffix("\n")
    assert line.isascii()
    assert line.isprintable()
    assert len(line) < 1200
    assert json.loads(line)["event"] == "reload failed"


def test_a_traceback_keeps_its_lines_inside_the_json() -> None:
    stream = io.StringIO()
    oplog.configure("info", stream)
    try:
        raise ValueError("because")
    except ValueError:
        oplog.get("t").exception("failed")
    (line,) = stream.getvalue().splitlines()
    assert "\n" in json.loads(line)["exception"]
    assert "ValueError: because" in json.loads(line)["exception"]


def test_a_person_gets_plain_words() -> None:
    stream = Terminal()
    oplog.configure("info", stream)
    oplog.get("t").info("listening", address="::1")
    assert "listening" in stream.getvalue()
    assert "{" not in stream.getvalue()


def test_stderr_is_the_default_and_may_be_closed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    oplog.configure()
    oplog.get("t").info("hello")
    assert json.loads(capsys.readouterr().err)["event"] == "hello"
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr("sys.stderr", closed)
    oplog.get("t").info("nobody hears")


@pytest.mark.parametrize(
    ("name", "value", "coloured"), [("NO_COLOR", "1", False), ("TERM", "dumb", False), ("TERM", "xterm", True)]
)
def test_colours_only_where_they_are_wanted(
    name: str, value: str, coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv(name, value)
    stream = Terminal()
    oplog.configure("info", stream)
    oplog.get("t").info("started")
    assert ("\x1b[" in stream.getvalue()) is coloured

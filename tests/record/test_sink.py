from __future__ import annotations

import contextlib
import errno
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from waf.record.sink import BATCH, Sink

Reports = list[tuple[str, dict[str, object]]]


@pytest.fixture
def reports() -> Reports:
    return []


@pytest.fixture
def pipe() -> Iterator[tuple[int, str]]:
    """Its reading end, and a path that opens the writing end."""
    reading, writing = os.pipe()
    yield reading, f"/dev/fd/{writing}"
    for fd in (reading, writing):
        with contextlib.suppress(OSError):  # a test may have closed it
            os.close(fd)


def until(condition: Callable[[], object]) -> None:
    """Let the writer thread get there; a sink that never does fails the test instead of hanging it."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "the writer thread never got there"
        time.sleep(0.001)


def note(reports: Reports) -> Callable[[str, dict[str, object]], None]:
    return lambda message, details: reports.append((message, details))


def test_lines_arrive_in_order_and_whole(tmp_path: Path) -> None:
    target = tmp_path / "events"
    sink = Sink(str(target))
    lines = [b"%d\n" % number * 50 for number in range(2000)]
    for line in lines:
        sink.write(line)
    sink.close()
    assert target.read_bytes() == b"".join(lines)
    assert sink.dropped == 0


def test_a_file_is_appended_to_and_others_cannot_read_it(tmp_path: Path) -> None:
    target = tmp_path / "events"
    for line in (b"one\n", b"two\n"):
        sink = Sink(str(target))
        sink.write(line)
        sink.close()
    assert target.read_bytes() == b"one\ntwo\n"
    assert target.stat().st_mode & 0o007 == 0


def test_an_event_is_written_without_more_to_come(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    sink = Sink(f"/dev/fd/{writing}", delay=0.001)
    os.close(writing)
    sink.write(b"alone\n")
    assert os.read(reading, 100) == b"alone\n"
    sink.close()
    os.close(reading)


def test_a_full_batch_does_not_wait_for_the_delay() -> None:
    reading, writing = os.pipe()
    sink = Sink(f"/dev/fd/{writing}", delay=3600)
    os.close(writing)
    for _ in range(BATCH // 64):
        sink.write(b"x" * 63 + b"\n")
    assert os.read(reading, 64) == b"x" * 63 + b"\n"
    os.close(reading)
    sink.close()


def test_a_file_that_cannot_be_opened_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        Sink(str(tmp_path / "missing" / "events"))


def test_a_slow_reader_loses_events_that_are_counted_and_reported(pipe: tuple[int, str], reports: Reports) -> None:
    """Nobody reads: the pipe and then the buffer fill up, and `write` still returns every time."""
    reading, path = pipe
    sink = Sink(path, note(reports), capacity=100_000, delay=0.001)
    line = b"y" * 999 + b"\n"
    for _ in range(500):
        sink.write(line)
    lost = sink.dropped
    assert lost >= 500 - 66 - 100 - 100, "64 KiB in the pipe, 100 kB in the batch being written, 100 kB waiting"
    received = bytearray()
    done = threading.Thread(target=sink.close, args=(30.0,))
    done.start()
    while len(received) < (500 - lost) * len(line):
        received += os.read(reading, 65_536)
    done.join()
    assert bytes(received) == line * (500 - lost)
    assert {message for message, _ in reports} == {"events dropped"}
    assert sum(details["dropped"] for _, details in reports) == lost  # type: ignore[misc]
    assert reports[-1][1]["total"] == lost


def test_closing_does_not_wait_for_a_stuck_reader(pipe: tuple[int, str]) -> None:
    sink = Sink(pipe[1], capacity=1 << 20, delay=0.001)
    for _ in range(500):
        sink.write(b"z" * 999 + b"\n")
    sink.close(timeout=0.05)
    sink.write(b"too late\n")
    assert sink.dropped >= 1


def test_a_broken_pipe_loses_events_and_nothing_else(pipe: tuple[int, str], reports: Reports) -> None:
    reading, path = pipe
    sink = Sink(path, note(reports), delay=0.001)
    os.close(reading)
    sink.write(b"one\n")
    until(lambda: reports)
    sink.write(b"two\n")
    sink.close()
    assert sink.dropped == 2
    assert [message for message, _ in reports] == ["events cannot be written", "events dropped", "events dropped"]


def test_lasting_trouble_is_told_once_in_a_while(reports: Reports) -> None:
    sink = Sink("/dev/full", note(reports), delay=0.001)
    for number in range(1, 6):
        sink.write(b"line\n")
        until(lambda number=number: sink.dropped == number)
    sink.close()
    told = [(message, details.get("dropped")) for message, details in reports]
    assert told == [("events cannot be written", None), ("events dropped", 1), ("events dropped", 4)]


def test_a_full_disk_is_tried_again_and_half_a_line_is_ended(
    tmp_path: Path, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, target = os.write, tmp_path / "events"
    script: list[Any] = [7, OSError(errno.ENOSPC, "no space"), None]

    def write(fd: int, data: Any) -> int:
        step = script.pop(0) if script else None
        if isinstance(step, OSError):
            raise step
        return real(fd, bytes(data)[:step])

    monkeypatch.setattr(os, "write", write)
    sink = Sink(str(target), note(reports), delay=0.001)
    with sink._lock:  # both in one batch
        sink._lines, sink._size = [b"one\n", b"two\n"], 8
    sink._some.set()
    until(lambda: reports)
    sink.write(b"three\n")
    sink.close()
    assert target.read_bytes() == b"one\ntwo\nthree\n"
    assert sink.dropped == 1, "`two` was torn: its last byte is the new line that ends it"
    assert reports[0][0] == "events cannot be written"


def test_a_stream_made_non_blocking_by_somebody_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real, target = os.write, tmp_path / "events"
    refusals = iter([BlockingIOError(errno.EAGAIN, "busy")])

    def write(fd: int, data: Any) -> int:
        for refusal in refusals:
            raise refusal
        return real(fd, data)

    monkeypatch.setattr(os, "write", write)
    sink = Sink(str(target))
    sink.write(b"line\n")
    sink.close()
    assert target.read_bytes() == b"line\n"
    assert sink.dropped == 0


def test_rotation(tmp_path: Path) -> None:
    target, rotated = tmp_path / "events", tmp_path / "events.1"
    sink = Sink(str(target), delay=0.001)
    sink.write(b"old\n")
    until(target.read_bytes)
    target.rename(rotated)
    sink.reopen()
    until(target.exists)
    sink.write(b"new\n")
    sink.close()
    assert (rotated.read_bytes(), target.read_bytes()) == (b"old\n", b"new\n")


def test_rotation_that_fails_keeps_the_old_file(tmp_path: Path, reports: Reports) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    sink = Sink(str(folder / "events"), note(reports), delay=0.001)
    folder.rename(tmp_path / "moved")
    sink.reopen()
    until(lambda: reports)
    sink.write(b"kept\n")
    sink.close()
    assert (tmp_path / "moved" / "events").read_bytes() == b"kept\n"
    assert reports[0][0] == "event file cannot be opened again"


@pytest.mark.parametrize(("target", "fd"), [("stdout", 1), ("stderr", 2)])
def test_streams_are_written_to_and_left_open(target: str, fd: int, capfd: pytest.CaptureFixture[str]) -> None:
    sink = Sink(target)
    sink.write(b"to a stream\n")
    sink.reopen()
    sink.close()
    captured = capfd.readouterr()
    assert (captured.out if fd == 1 else captured.err) == "to a stream\n"
    os.fstat(fd)

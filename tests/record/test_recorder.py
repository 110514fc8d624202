from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from waf.errors import ConfigError
from waf.model import Decision
from waf.observability import Log
from waf.record import Metrics, Recorder
from waf.record.event import Event

Make = Callable[..., Any]


def events(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def total(metrics: Metrics, sample: str) -> float:
    lines = (line.rsplit(" ", 1) for line in metrics.render().decode().splitlines())
    return sum(float(value) for name, value in lines if name.startswith(sample))


def test_a_request_is_counted_and_written(
    tmp_path: Path, key: bytes, request_of: Make, verdict: Make, match: Make
) -> None:
    metrics = Metrics()
    recorder = Recorder(Log(events=str(tmp_path / "events")), metrics, key)
    recorder.record(
        request_of(), verdict(match(), us={"parse": 50.0}, rule_seconds={7: 0.5}), status=403, total_us=900.0, upstream_us=600.0,
        stage_us={"respond": 20.0}, bytes_in=7, bytes_out=9, outcome="ok",
    )  # fmt: skip
    recorder.close()
    (event,) = events(tmp_path / "events")
    assert event["us"] == {"parse": 50, "respond": 20, "upstream": 600, "total": 900}
    assert (event["status"], event["bytes_in"], event["bytes_out"]) == (403, 7, 9)
    assert total(metrics, 'waf_requests_total{action="block",mode="enforce",route="default"}') == 1
    assert total(metrics, 'waf_rule_matches_total{mode="enforce",rule="1510010"}') == 1
    assert total(metrics, "waf_overhead_seconds_sum") == pytest.approx(300e-6)
    assert total(metrics, 'waf_stage_seconds_count{stage="respond"}') == 1
    assert total(metrics, 'waf_rule_seconds_total{rule="7"}') == 0.5


def test_without_events_metrics_still_count(key: bytes, request_of: Make, verdict: Make) -> None:
    metrics = Metrics()
    recorder = Recorder(Log(events="none"), metrics, key)
    recorder.record(request_of(), verdict(), status=200, total_us=1.0)
    recorder.reopen()
    recorder.close()
    assert total(metrics, "waf_requests_total") == 1


@pytest.mark.parametrize(
    ("decision", "matched", "outcome", "kept"),
    [
        (Decision("allow", 0, "clean"), False, "ok", False),
        (Decision("allow", 0, "clean"), False, "client_closed", True),
        (Decision("tag", 0, "tagged"), False, "ok", True),
        (Decision("block", 400, "json-depth", would_block=True), False, "ok", True),
        (Decision("allow", 0, "score", would_block=True, mode="monitor"), False, "ok", True),
        (Decision("allow", 0, "clean"), True, "ok", True),
    ],
)
def test_clean_requests_can_be_left_out(
    decision: Decision, matched: bool, outcome: str, kept: bool,
    tmp_path: Path, key: bytes, request_of: Make, verdict: Make, match: Make,
) -> None:  # fmt: skip
    metrics = Metrics()
    recorder = Recorder(Log(events=str(tmp_path / "events"), clean=False), metrics, key)
    decision.matches = [match()] if matched else []
    said = verdict(decision=decision)
    recorder.record(request_of(), said, status=200, total_us=1.0, outcome=outcome)
    recorder.close()
    assert len(events(tmp_path / "events")) == kept
    assert total(metrics, "waf_requests_total") == 1


def test_a_request_that_never_reached_the_engine(tmp_path: Path, key: bytes) -> None:
    metrics = Metrics()
    recorder = Recorder(Log(events=str(tmp_path / "events"), clean=False), metrics, key)
    recorder.record(None, None, status=408, total_us=10.0, outcome="header_timeout")
    recorder.close()
    (event,) = events(tmp_path / "events")
    assert (event["action"], event["reason"], event["method"], event["path"]) == ("block", "header_timeout", "", "")
    assert total(metrics, 'waf_requests_total{action="block"') == 1


def test_a_fault_of_the_recorder_costs_the_event_only(
    tmp_path: Path, key: bytes, request_of: Make, verdict: Make
) -> None:
    def broken(event: Event) -> bytes:
        raise RuntimeError("no such renderer")

    metrics = Metrics()
    with capture_logs() as messages:
        recorder = Recorder(Log(events=str(tmp_path / "events")), metrics, key, render=broken)
        for _ in range(7):
            recorder.record(request_of(), verdict(), status=200, total_us=1.0)
        recorder.close()
    assert [message["total"] for message in messages if message["event"] == "event lost"] == [1, 2, 4]
    assert total(metrics, "waf_events_dropped_total") == 7
    assert total(metrics, "waf_requests_total") == 7
    assert events(tmp_path / "events") == []


def test_lost_events_are_in_the_metrics(tmp_path: Path, key: bytes, request_of: Make, verdict: Make) -> None:
    metrics = Metrics()
    recorder = Recorder(Log(events=str(tmp_path / "events")), metrics, key)
    recorder.close()
    recorder.record(request_of(), verdict(), status=200, total_us=1.0)
    assert total(metrics, "waf_events_dropped_total") == 1


def test_reopen_reaches_the_file(tmp_path: Path, key: bytes, request_of: Make, verdict: Make) -> None:
    path = tmp_path / "events"
    recorder = Recorder(Log(events=str(path)), Metrics(), key)
    path.rename(tmp_path / "rotated")
    recorder.reopen()
    recorder.record(request_of(), verdict(), status=200, total_us=1.0)
    recorder.close()
    assert len(events(path)) == 1
    assert events(tmp_path / "rotated") == []


def test_a_destination_that_cannot_be_opened_is_the_configuration_s_fault(tmp_path: Path, key: bytes) -> None:
    with pytest.raises(ConfigError, match=r"log\.events: error: cannot open .*: No such file"):
        Recorder(Log(events=str(tmp_path / "missing" / "events")), Metrics(), key)


def test_trouble_with_the_destination_is_told(key: bytes, request_of: Make, verdict: Make) -> None:
    with capture_logs() as messages:
        recorder = Recorder(Log(events="/dev/full"), Metrics(), key)
        recorder.record(request_of(), verdict(), status=200, total_us=1.0)
        recorder.close()
    assert [message["event"] for message in messages] == ["events cannot be written", "events dropped"]

"""Medians, ratios, doubts and files, from samples whose answers are known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from waf.bench import plot, report
from waf.bench.measure import Plan, Run, Sample, median, quantiles


def sample(target: str, cpu: float, p50: float, *, mix: str = "get", repetition: int = 0, **more: object) -> Sample:
    values: dict[str, object] = {
        "target": target,
        "mix": mix,
        "repetition": repetition,
        "saturated_cpu": cpu,
        "saturated_rps": 1e6 / cpu,
        "rate": 100.0,
        "rate_cpu": cpu * 2,
        "p50": p50,
        "p99": p50 * 3,
        "answered": 1000,
        "failures": 0,
        "refused": 0.0,
        "late": 5.0,
        "foreign": 0.01,
        "rss": 1 << 26,
    }
    return Sample(**{**values, **more})  # type: ignore[arg-type]


def run_of(
    *samples: Sample, mixes: tuple[str, ...] = ("get",), targets: tuple[str, ...] = ("direct", "textbook", "waf")
) -> Run:
    machine = {
        "cpu": "a processor",
        "cores": "2",
        "pinning": "target on core 0, load and backend on core 1",
        "date": "today",
    }
    return Run(Plan(mixes=mixes, targets=targets), machine, {"waf": 0.5}, list(samples))


GOOD = (
    sample("direct", 10, 100),
    sample("textbook", 400, 900),
    sample("waf", 300, 700, stages={"parse": 20.0, "rules": 80.0}),
    sample("direct", 12, 120, repetition=1),
    sample("textbook", 600, 1100, repetition=1),
    sample("waf", 200, 500, repetition=1, stages={"parse": 40.0, "rules": 100.0}),
)


def test_rows_hold_medians_and_compare_within_the_run() -> None:
    direct, textbook, waf = report.rows(run_of(*GOOD))
    assert (direct.cpu, textbook.cpu, waf.cpu) == (11, 500, 250)
    assert waf.cpu_ratio == 0.5
    assert waf.added_p50 == 600 - 110
    assert waf.added_p99 == 1800 - 330
    assert direct.added_p50 == 0


def test_without_something_to_compare_with_there_is_no_ratio() -> None:
    (row,) = report.rows(run_of(sample("waf", 300, 700), targets=("waf",)))
    assert row.cpu_ratio is None
    assert row.added_p50 is None
    assert report.table(run_of(sample("waf", 300, 700), targets=("waf",)))[1][3] == "–"


def test_stages_are_averaged_over_the_repetitions() -> None:
    assert report.stages(run_of(*GOOD), "get") == {"parse": 30.0, "rules": 90.0}


def test_a_clean_run_raises_no_doubt() -> None:
    assert report.doubts(run_of(*GOOD)) == []


@pytest.mark.parametrize(
    ("spoiled", "doubt"),
    [
        (sample("waf", 300, 700, foreign=0.4), "other processes took up to 40%"),
        (sample("waf", 300, 700, failures=3), "3 requests got no answer"),
        (sample("waf", 300, 700, refused=0.25), "25.0% of harmless requests were refused"),
    ],
)
def test_what_spoils_a_run_is_said(spoiled: Sample, doubt: str) -> None:
    assert any(doubt in line for line in report.doubts(run_of(spoiled, targets=("waf",))))


def test_attacks_that_pass_are_said_but_only_of_the_firewall() -> None:
    samples = [
        sample(t, 300, 700, mix="attack", refused=r) for t, r in (("direct", 0.0), ("textbook", 0.0), ("waf", 0.9))
    ]
    assert report.doubts(run_of(*samples, mixes=("attack",))) == [
        "attack at waf: only 90.0% of the attacks were refused"
    ]


def test_one_shared_core_is_said() -> None:
    run = run_of(*GOOD)
    run.machine["cores"] = "1"
    assert any("share one core" in line for line in report.doubts(run))


def test_files(tmp_path: Path) -> None:
    run = run_of(*GOOD)
    report.write(run, tmp_path / "new")
    data = json.loads((tmp_path / "new" / "bench.json").read_text())
    assert len(data["samples"]) == len(GOOD)
    assert data["plan"]["mixes"] == ["get"]
    text = (tmp_path / "new" / "bench.md").read_text()
    assert "| get | waf | 250 | 0.50 |" in text
    assert "get: parse 30 µs · rules 90 µs" in text


def test_picture(tmp_path: Path) -> None:
    assert plot.draw(run_of(*GOOD), tmp_path / "bench.png")
    assert (tmp_path / "bench.png").read_bytes().startswith(b"\x89PNG")


def test_no_picture_without_matplotlib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    assert plot.draw(run_of(*GOOD), tmp_path / "x.png") is False
    assert not (tmp_path / "x.png").exists()


def test_quantiles_are_values_that_occurred() -> None:
    assert quantiles([5.0]) == (5.0, 5.0)
    assert quantiles([float(n) for n in range(1, 101)]) == (51.0, 100.0)


def test_median_of_nothing_is_none() -> None:
    assert median([], "waf", "get", "p50") is None

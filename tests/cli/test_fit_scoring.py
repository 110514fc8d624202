"""`waf fit-scoring`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


def record(path: Path, values: list[str]) -> str:
    path.write_text(
        "".join(json.dumps({"method": "GET", "path": f"/a?q={v}", "headers": [["Host", "x"]]}) + "\n" for v in values)
    )
    return str(path)


@pytest.fixture
def traffic(tmp_path: Path) -> tuple[str, str]:
    benign = record(tmp_path / "benign.jsonl", [f"plugh{i}" for i in range(80)])
    return benign, record(tmp_path / "attacks.jsonl", [f"xyzzy%27{i}" for i in range(60)])


def test_a_fit(run: Any, pack: Path, traffic: tuple[str, str], tmp_path: Path) -> None:
    result = run(
        "fit-scoring",
        "--benign",
        traffic[0],
        "--attacks",
        traffic[1],
        "--rules",
        str(pack),
        "--out",
        str(tmp_path / "o"),
    )
    assert result.exit_code == 0, result.output
    made = json.loads((tmp_path / "o" / "scoring.json").read_text())
    assert made["rules"]["900001"] > 0
    assert made["trained"]["held_out"] == {"blocked": 0, "caught": 60}
    assert "attacks caught: 60 of 60" in result.stdout
    assert "say little about a rate of 0.001" in result.stderr


def test_without_attacks_only_the_threshold_moves(
    run: Any, pack: Path, traffic: tuple[str, str], tmp_path: Path
) -> None:
    result = run("fit-scoring", "--benign", traffic[0], "--rules", str(pack), "--out", str(tmp_path), "--rate", "0.05")
    assert result.exit_code == 0, result.output
    made = json.loads((tmp_path / "scoring.json").read_text())
    assert made["trained"]["threshold_from"] == {"benign": 80, "rate": 0.05}
    assert "attacks caught" not in result.stdout


def test_too_few_requests(run: Any, pack: Path, tmp_path: Path) -> None:
    few = record(tmp_path / "few.jsonl", ["a"])
    result = run("fit-scoring", "--benign", few, "--rules", str(pack), "--out", str(tmp_path))
    assert result.exit_code == 2
    assert "holds 1 requests" in result.stderr


def test_a_line_that_is_no_request(run: Any, pack: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"method": "GET", "path": "/"}\n{"method": 5}\n')
    result = run("fit-scoring", "--benign", str(tmp_path / "bad.jsonl"), "--rules", str(pack), "--out", str(tmp_path))
    assert result.exit_code == 2
    assert "bad.jsonl:2" in result.stderr

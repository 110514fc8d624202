"""`--crs` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from waf.cli import main

CONF = """
SecAction "id:2001,phase:1,pass,nolog,setvar:tx.inbound_anomaly_score_threshold=5"
SecRule ARGS "@contains xyzzy" "id:2002,phase:2,pass,log,msg:'Magic word',logdata:'in %{MATCHED_VAR_NAME}',severity:'ERROR',setvar:'tx.inbound_anomaly_score_pl1=+5'"
SecRule TX:inbound_anomaly_score_pl1 "@ge 5" "id:2003,phase:2,deny,nolog"
SecComponentSignature "OWN/1"
"""
CURL = "curl 'http://localhost/?a=xyzzy'"


@pytest.fixture
def conf(tmp_path: Path) -> str:
    (tmp_path / "own.conf").write_text(CONF)
    return str(tmp_path / "own.conf")


def run(*arguments: str, given: str = "") -> str:
    result = CliRunner().invoke(main, arguments, input=given)
    assert result.exit_code == 0, result.output
    return result.output


def test_scan(conf: str) -> None:
    verdict = json.loads(run("scan", "--crs", conf, "--crs-paranoia", "2", given='{"path": "/?a=xyzzy"}\n'))
    assert verdict["action"] == "block"
    assert verdict["crs"] == {
        "rules": [2002], "inbound": 0, "inbound_threshold": 5, "outbound": 0, "paranoia_scores": [5, 0, 0, 0],
        "status": 403, "blocked_by": 2003,
    }  # fmt: skip
    assert "crs" in verdict["us"]


def test_explain(conf: str) -> None:
    text = run("explain", "--crs", conf, CURL)
    assert "OWN/1: refuses with 403, by rule 2003" in text
    assert "rule 2002: scoring, phase 2, paranoia 1, error\n    Magic word\n    in ARGS:a" in text
    assert "rule 2003: blocking, phase 2, paranoia 1" in text
    assert "1 bookkeeping rule matched as well" in text
    assert "CRS" not in run("explain", CURL)


def test_explain_as_json(conf: str) -> None:
    rows = json.loads(run("explain", "--json", "--crs", conf, CURL))["crs_rules"]
    assert [(row["rule"], row["kind"], row["logged"]) for row in rows if row["rule"] > 2001] == [
        (2002, "scoring", True), (2003, "blocking", False),
    ]  # fmt: skip
    assert json.loads(run("explain", "--json", CURL))["crs_rules"] == []


def test_what_does_not_load(tmp_path: Path) -> None:
    (tmp_path / "bad.conf").write_text("SecNothing")
    result = CliRunner().invoke(main, ["scan", "--crs", str(tmp_path / "bad.conf")])
    assert result.exit_code == 2
    assert "bad.conf:1:1: error: directive SecNothing is not supported" in result.output

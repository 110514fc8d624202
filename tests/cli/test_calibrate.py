"""`waf calibrate` from a file to a folder, and what `waf scan` and `waf explain` then say."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result

from tests.classify.ood import small
from waf import shipped

Run = Callable[..., Result]
PACK = shipped.path("rules/ml/ood.yaml")


@pytest.fixture(autouse=True)
def short_training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waf.classify.ood.learned.STEPS", 60)


@pytest.fixture
def config(tmp_path: Path) -> str:
    path = tmp_path / "waf.yaml"
    path.write_text(
        f"rules: {{packs: [{PACK}]}}\n"
        "routes:\n"
        "  - {name: nums, path: /v1/models/nums*, ood: {artefact: nums}}\n"
        "  - {name: words, path: /words, ood: {artefact: words, mode: monitor, input: [$.text]}}\n"
        "  - {name: off, path: /off, ood: {artefact: nowhere, mode: 'off'}}\n"
    )
    return str(path)


def lines(path: Path, rows: list[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def record(path: str, body: Any) -> dict[str, Any]:
    headers = [["Content-Type", "application/json"]]
    return {"id": 1, "method": "POST", "path": path, "headers": headers, "body": json.dumps(body)}


def scan(run: Run, config: str, *records: dict[str, Any]) -> list[dict[str, Any]]:
    result = run("scan", "-c", config, given="".join(json.dumps(one) + "\n" for one in records))
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_numbers_from_file_to_verdict(run: Run, config: str, tmp_path: Path) -> None:
    reference = lines(tmp_path / "r.jsonl", [{"features": row, "y": i % 2} for i, row in enumerate(small.numbers(300))])
    result = run("calibrate", "--route", "nums", "-c", config, "--reference", reference, "--alpha", "0.05")
    assert result.exit_code == 0, result.output
    assert "300 rows: all fit and calibrate in turn" in result.stdout
    assert "label '0':" in result.stdout
    assert sorted(path.name for path in (tmp_path / "nums").iterdir()) == ["CARD.md", "ood.json", "score.onnx"]
    lines(tmp_path / "t.jsonl", [{"text": one} for one in small.sentences(200)])
    run("calibrate", "--route", "words", "-c", config, "--reference", str(tmp_path / "t.jsonl"), "--alpha", "0.05")
    place = "/v1/models/nums:predict"
    usual, odd, other, words, strange = scan(
        run,
        config,
        record(place, {"instances": [[10.0, 10.1, 9.9, 10.0]]}),
        record(place, {"instances": [[10.0, 10.1, 9.9, 10.0], [10, 10, 10, 40]]}),
        record(place, {"instances": "none"}),
        record("/words", {"text": "the order arrived slow but the team answered", "id": "a b c d e f g h i"}),
        record("/words", {"text": "' UNION SELECT 1,2,3 -- \u4e2d\u6587"}),
    )
    assert (usual["action"], usual["ml"]["ood"]["judged"]) == ("allow", 1)
    assert usual["ml"]["ood_p"] > 0.05
    assert (odd["action"], odd["rules"], odd["ml"]["ood"]["origin"]) == ("block", [1205010], "json:$.instances[1]")
    assert odd["ml"]["ood_p"] <= 0.05
    assert (other["action"], other["ml"]["ood"]["why"]) == ("block", {"form": 0.0})
    assert (words["action"], words["ml"]["ood"]["judged"]) == ("allow", 1)
    assert (strange["action"], strange["would_block"]) == ("tag", True)
    explained = run("explain", "-c", config, json.dumps(record(place, {"instances": [[10, 10, 10, 40], [1]]})))
    assert "out of distribution, in enforce mode: 2 inputs judged" in explained.stdout
    assert "has not the form of the reference" in explained.stdout
    assert "beyond usual: " in explained.stdout
    as_json = json.loads(run("explain", "--json", "-c", config, json.dumps(record(place, {"instances": [[1]]}))).stdout)
    assert as_json["inputs"][0]["fits"] is False
    assert run("check-config", config).exit_code == 0


def test_every_kind_of_file(run: Run, tmp_path: Path) -> None:
    rows = np.array(small.numbers(120))
    np.savez(tmp_path / "a.npz", x=rows.reshape(120, 2, 2), y=np.arange(120) % 2)
    names = "amount,country,age,kind\n"
    table = [
        f"{row['amount']},{row['country']},{row['age'] or ''},{i % 2}\n" for i, row in enumerate(small.tables(120))
    ]
    (tmp_path / "t.csv").write_text(names + "".join(table))
    (tmp_path / "n.csv").write_text("".join(",".join(map(str, row)) + "\n" for row in rows.tolist()))
    (tmp_path / "w.csv").write_text("text\n" + "".join(f"{one}\n" for one in small.sentences(120)))
    lines(tmp_path / "s.jsonl", [{"text": json.dumps(row), "label": "in"} for row in rows.tolist()])
    for name, kind, more in [
        ("a.npz", "vector", ()),
        ("t.csv", "vector", ("--label", "kind")),
        ("n.csv", "vector", ()),
        ("w.csv", "text", ()),
        ("s.jsonl", "vector", ()),
    ]:
        out = str(tmp_path / "out")
        given = ("--route", "x", "--out", out, "--reference", str(tmp_path / name), "--alpha", "0.05", "--json")
        result = run("calibrate", *given, *more)
        assert result.exit_code == 0, (name, result.output)
        report = json.loads(result.stdout)
        assert (report["kind"], report["alpha"]) == (kind, 0.05), name
        assert ("by_label" in report) is (name in ("a.npz", "t.csv")), name


def test_recorded_traffic_and_renewal(run: Run, config: str, tmp_path: Path) -> None:
    place = "/v1/models/nums:predict"
    traffic = [record(place, {"instances": [row, row[::-1]]}) for row in small.numbers(80)]
    traffic.append(record("/words", {"text": "of another route"}))
    given = ("--route", "nums", "-c", config, "--alpha", "0.05", "--reference")
    result = run("calibrate", *given, lines(tmp_path / "t.jsonl", traffic))
    assert result.exit_code == 0, result.output
    assert "160 rows" in result.stdout
    newer = lines(tmp_path / "n.jsonl", [{"features": row} for row in small.numbers(60, seed=8)])
    result = run("calibrate", *given, newer, "--renew", "--half-life", "40")
    assert result.exit_code == 0, result.output
    assert "  before: " in result.stdout
    words = [record("/words", {"text": one}) for one in small.sentences(60)]
    result = run(
        "calibrate",
        "--route",
        "words",
        "-c",
        config,
        "--alpha",
        "0.05",
        "--reference",
        lines(tmp_path / "w.jsonl", words),
    )
    assert result.exit_code == 0, result.output


def test_parts_of_one_file(run: Run, tmp_path: Path) -> None:
    rows = [{"features": row, "label": "in", "kind": "reference"} for row in small.numbers(100)]
    rows += [{"features": row, "label": "in", "kind": "test"} for row in small.numbers(40, seed=9)]
    rows += [{"features": [0, 0, 0, 50], "label": "out", "kind": "far"}] * 7
    one = lines(tmp_path / "all.jsonl", rows)
    given = ("--reference", one, "--fresh", one, "--outliers", one, "--alpha", "0.05", "--out", str(tmp_path / "o"))
    report = json.loads(run("calibrate", "--route", "x", *given, "--json").stdout)
    assert (report["fresh"], report["outliers"]["rows"], report["outliers"]["auroc"]) == (40, 7, 1.0)


@pytest.mark.parametrize(
    ("name", "contents", "message"),
    [
        ("r.jsonl", '{"text": "a"}\n{"text"\n', "r.jsonl:2:1: error: not JSON"),
        ("r.jsonl", '{"text": "a"}\n[1]\n', "r.jsonl:2:1: error: is no JSON object"),
        ("r.jsonl", '{"text": "a"}\n{"txt": 1}\n', "r.jsonl:2:1: error: has none of text, features and tensor"),
        ("r.jsonl", '{"text": "a", "tensor": [1]}\n', "has text and tensor"),
        ("r.jsonl", '{"text": 1}\n', "text is int"),
        ("r.jsonl", "", "has no rows"),
        ("r.jsonl", '{"text": "a"}\n' * 20, "20 rows are too few for alpha 0.01"),
        ("r.jsonl", '{"features": [1]}\n{"features": [1, 2]}\n' * 200, "rows differ in how many numbers"),
        ("r.jsonl", '{"path": "/elsewhere"}\n', "has no request that the route 'x' takes"),
        ("r.jsonl", '{"nothing": 1}\n', "no path"),
        ("r.csv", "a,b\n1,2\n1\n", "r.csv:3:1: error: has 1 cells, the first row has 2"),
        ("r.csv", "\ufffe", "is UTF-16"),
        ("r.csv", 'a,b\n1,2\n\n"3\n",4\n5\n', "r.csv:6:1: error: has 1 cells, the first row has 2"),
        ("r.csv", "a;b\n1;2\n", "r.csv:1:1: error: is one cell, with ';' in it (separate cells by commas)"),
        ("r.csv", "a,b,a\n1,2,3\n", "r.csv:1:1: error: names the column 'a' twice"),
        ("r.csv", "a\n\udcfc\n", "r.csv:2:1: error: is not UTF-8 (save it as UTF-8)"),
        ("r.npy", "", "numpy.savez(FILE, x=rows) makes an .npz of it"),
        ("r.npz", "\x93NUMPY\x01\x00", "is no .npz that can be read"),
        ("r.npz", "PK\x03\x04 and nothing more", "is no .npz that can be read"),
        ("r.jsonl", '{"features": [NaN, 1]}\n', "(a missing number is null)"),
        ("r.npz", "not an archive", "is no .npz that can be read"),
    ],
)
def test_files_that_are_wrong(run: Run, tmp_path: Path, name: str, contents: str, message: str) -> None:
    encoding = "utf-16-be" if contents == "\ufffe" else "utf-8"
    (tmp_path / name).write_text(contents, encoding, "surrogateescape")
    result = run("calibrate", "--route", "x", "--out", str(tmp_path / "o"), "--reference", str(tmp_path / name))
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"a": np.zeros((2, 2)), "b": np.zeros((2, 2))}, "call the one with the rows `x`"),
        ({"x": np.zeros(3)}, "x is float64[3]"),
        ({"x": np.zeros((0, 3))}, "x is float64[0, 3]"),
        ({"x": np.array([["a"]])}, "numbers, [rows"),
        ({"x": np.zeros((3, 2)), "y": np.zeros(2)}, "one label a row"),
        ({"x": np.array([{}, {}], object)}, "is no .npz that can be read"),
    ],
)
def test_arrays_that_are_wrong(run: Run, tmp_path: Path, arrays: dict[str, Any], message: str) -> None:
    np.savez(tmp_path / "r.npz", **arrays)
    result = run("calibrate", "--route", "x", "--out", str(tmp_path / "o"), "--reference", str(tmp_path / "r.npz"))
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_route_that_is_not_there(run: Run, config: str, tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text('{"text": "a"}\n')
    result = run("calibrate", "--route", "no", "-c", config, "--reference", str(tmp_path / "r.jsonl"))
    assert result.exit_code == 2
    assert "has no route 'no' (routes are: nums, words, off)" in result.stderr
    (tmp_path / "r.csv").write_text("a,b\n1,2\n")
    given = ("--route", "x", "--out", str(tmp_path), "--reference", str(tmp_path / "r.csv"), "--label", "c")
    assert "has no column 'c' (columns are a, b)" in run("calibrate", *given).stderr


def test_a_folder_that_is_missing_stops_the_start(run: Run, config: str) -> None:
    result = run("scan", "-c", config, given="{}\n")
    assert result.exit_code == 2
    assert "ood.json: error: cannot be read" in result.stderr


def test_without_a_configuration(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    reference = lines(tmp_path / "r.jsonl", [{"tensor": [row, row]} for row in small.numbers(60)])
    result = run("calibrate", "--route", "some", "--reference", reference, "--alpha", "0.05")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "ood" / "some" / "ood.json").is_file()


def test_archives_that_are_wrong(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is unpickled, and what unpacks to too much is not unpacked."""
    np.savez(tmp_path / "o.npz", x=np.array([{"a": 1}] * 50, dtype=object))
    np.savez_compressed(tmp_path / "z.npz", x=np.zeros((4000, 100)))
    monkeypatch.setattr("waf.cli.calibrate_rows.MAX_UNPACKED", 1 << 20)
    for name, message in (("o.npz", "nothing is unpickled"), ("z.npz", "unpacks to more than 1,048,576 bytes")):
        result = run("calibrate", "--route", "x", "--out", str(tmp_path / "o"), "--reference", str(tmp_path / name))
        assert result.exit_code == 2
        assert message in result.stderr


def test_a_file_that_is_too_large(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waf.cli.calibrate_rows.MAX_TEXT", 100)
    given = lines(tmp_path / "r.jsonl", [{"text": "a" * 200}])
    result = run("calibrate", "--route", "x", "--out", str(tmp_path / "o"), "--reference", given)
    assert result.exit_code == 2
    assert "is larger than 100 bytes (a sample is enough)" in result.stderr

"""From a reference to p-values: what is found, what is refused, what is checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from tests.classify.ood import small
from waf.classify.measure import auroc
from waf.classify.ood import odd, odd_text, text
from waf.classify.ood.artefact import load
from waf.classify.ood.calibrate import Rows, TooFewRows, calibrate, folds_of, make, renew, split
from waf.classify.ood.detector import Detector
from waf.classify.ood.vectors import frame, is_array, lags
from waf.errors import ModelError


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Detector]:
    folder = tmp_path_factory.mktemp("ood")
    references: dict[str, list[Any]] = {
        "numbers": small.numbers(300),
        "table": small.tables(300),
        "text": small.sentences(300),
    }
    return {name: small.detector(folder / name, rows) for name, rows in references.items()}


@pytest.mark.parametrize(
    ("name", "usual", "strange"),
    [
        ("numbers", small.numbers(400, seed=1), (np.array(small.numbers(100, seed=2)) * [1, 1, 1, 3]).tolist()),
        ("numbers", small.numbers(400, seed=1), [[10.0, 12.0, 8.0, 10.0]] * 50),
        ("table", small.tables(400, seed=1), [{"amount": -5.0, "country": "XX", "age": 30}] * 50),
        ("text", small.sentences(400, seed=1), ["SELECT name FROM users WHERE 1=1 --"] * 50),
        (
            "text",
            small.sentences(400, seed=1),
            ["\u0434\u043e\u0431\u0440\u044b\u0439 \u0434\u0435\u043d\u044c \u0432\u0441\u0435\u043c"] * 50,
        ),
        ("text", small.sentences(400, seed=1), ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] * 50),
    ],
)
def test_what_is_strange_is_told_from_what_is_usual(
    made: dict[str, Detector], name: str, usual: list[Any], strange: list[Any]
) -> None:
    few, many = made[name].judge(usual), made[name].judge(strange)
    assert auroc(1 - many.p, 1 - few.p) >= 0.95
    assert (few.p <= 0.05).mean() <= 0.1  # 400 fresh rows and 150 that calibrate: alpha and four standard deviations


@pytest.mark.parametrize("row", [None, "x", [1, 2], [1, 2, 3, "4"], {"a": 1}])
def test_what_has_another_form_is_as_strange_as_can_be(made: dict[str, Detector], row: Any) -> None:
    found = made["numbers"].judge([row, small.numbers(1)[0]])
    assert found.p[0] == pytest.approx(1 / (made["numbers"].calibrated + 1))
    assert found.p[1] > found.p[0]


def test_huge_numbers_are_strange_and_break_nothing(made: dict[str, Detector]) -> None:
    found = made["numbers"].judge([[1e308, -1e308, 10**400, 0.0], [float("inf")] * 4])
    assert np.isfinite(found.beyond).all()
    assert (found.p < 0.02).all()


def test_why(made: dict[str, Detector]) -> None:
    found = made["numbers"].judge([[10.0, 10.0, 10.0, 30.0], small.numbers(1)[0]])
    assert "range" in [name for name, _ in made["numbers"].why(found.beyond[0], 20)]
    assert made["numbers"].why(np.zeros(len(made["numbers"].names))) == []


def test_the_same_input_gets_the_same_answer_in_any_company(made: dict[str, Detector]) -> None:
    rows = small.numbers(150, seed=3)
    alone = [made["numbers"].judge([row]).p[0] for row in rows]
    assert made["numbers"].judge(rows).p.tolist() == pytest.approx(alone)


def test_the_graph_is_onnx(made: dict[str, Detector]) -> None:
    for detector in made.values():
        onnx.checker.check_model(onnx.load(detector.files[1]), full_check=True)


# ---------------------------------------------------------------------- arrays


def waves(count: int, seed: int = 0) -> np.ndarray:
    """Smooth 8 x 8 pictures."""
    draw = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(8), np.arange(8))
    rows = [
        np.sin(0.5 * x + draw.uniform(0, 3))
        + np.cos(0.4 * y + draw.uniform(0, 3))
        + 0.05 * draw.standard_normal((8, 8))
        for _ in range(count)
    ]
    return np.array(rows).reshape(count, 64)


def test_arrays_show_their_width() -> None:
    rows = waves(200)
    assert is_array(rows)
    assert not is_array(rows * np.logspace(0, 6, 64))
    assert not is_array(rows[:, :8])
    assert lags(rows)[0] == 1
    assert lags(np.zeros((3, 20))) == [1]


@pytest.mark.parametrize("kind", ["constant", "saturated", "alternating", "one_far", "swapped", "level"])
def test_inside_the_range_and_still_no_picture(tmp_path: Path, kind: str) -> None:
    rows = waves(300)
    fresh = waves(200, 1)
    detector = small.detector(tmp_path, rows.tolist())
    strange = odd.KINDS[kind](fresh, frame(rows), np.random.default_rng(4))
    assert auroc(1 - detector.judge(strange.tolist()).p, 1 - detector.judge(fresh.tolist()).p) >= 0.95


# ---------------------------------------------------------------------- texts


@pytest.mark.parametrize("given", ["", "a", "\ud800", "\U0001f600" * 9, "word " * 9000, "\x00\n", "\u4e2d\u6587", "1"])
def test_any_text_is_a_vector(given: str) -> None:
    counts = text.count([text.read(one) for one in small.sentences(30)])
    vector = text.vector(counts, text.read(given))
    assert vector.shape == (text.SIZE,)
    assert np.isfinite(vector).all()


def test_a_counted_text_does_not_count_itself() -> None:
    reads = [text.read(one) for one in ["one two three", "four five six"]]
    counts = text.count(reads)
    assert text.vector(counts, reads[0], 1).tolist() == text.vector(
        counts, text.read("seven eight nines"), 0
    ).tolist() or (text.vector(counts, reads[0], 1)[-1] == 1.0)
    assert text.vector(counts, reads[0], 0)[-1] == 0.0


def test_strange_texts_are_other_texts() -> None:
    kinds = odd_text.strange(["hello dear world", "so it goes", ""], 3, np.random.default_rng(0))
    assert len(kinds) == len(odd_text.KINDS)
    assert all(len(kind) == 3 for kind in kinds)


# ---------------------------------------------------------------------- splits and reports


def test_a_split_keeps_equal_rows_together() -> None:
    keys = [str(i // 3).encode() for i in range(300)]
    parts = split(keys, 0.05, 0)
    where = [{keys[i] for i in part} for part in (parts.fitted, [*parts.calibrated, *parts.fresh])]
    assert not where[0] & where[1]
    assert sorted([*parts.fitted, *parts.calibrated, *parts.fresh]) == list(range(300))
    assert len(parts.calibrated) >= 19


@pytest.mark.parametrize(
    ("rows", "alpha", "message"),
    [
        (105, 0.01, "at least 119 rows"),
        (30, 0.05, "at least 39 rows"),
        (500, 0.001, "999 rows must calibrate"),
    ],
)
def test_too_few_rows(rows: int, alpha: float, message: str) -> None:
    with pytest.raises(TooFewRows, match=message):
        split([str(i).encode() for i in range(rows)], alpha, 0)


def test_folds_keep_equal_rows_together() -> None:
    keys = [str(i // 3).encode() for i in range(300)]
    folds = folds_of(keys, 0)
    assert sorted(set(folds.tolist())) == list(range(5))
    assert all(len(set(folds[3 * i : 3 * i + 3].tolist())) == 1 for i in range(100))


@pytest.mark.parametrize(
    ("rows", "alpha", "message"),
    [(98, 0.01, "give at least 99 rows"), (19, 0.2, "at least 20 rows have to fit"), (998, 0.001, "at least 999 rows")],
)
def test_too_few_rows_for_all_in_turn(tmp_path: Path, rows: int, alpha: float, message: str) -> None:
    with pytest.raises(TooFewRows, match=message):
        calibrate(Rows(small.numbers(rows), [], ""), tmp_path, alpha=alpha)


def test_many_rows_fit_or_calibrate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waf.classify.ood.calibrate.CROSS_ROWS", 200)
    found = calibrate(Rows(small.numbers(300), [], ""), tmp_path, alpha=0.05).reference
    assert (found.fitted, found.calibrated, found.folds) == (150, 150, 0)
    assert "150 rows were fitted" in (tmp_path / "CARD.md").read_text()
    assert (Detector(tmp_path).judge(small.numbers(400, seed=1)).p <= 0.05).mean() <= 0.1


def test_equal_rows_are_no_reference() -> None:
    with pytest.raises(TooFewRows, match="only 1 rows differ"):
        split([b"x"] * 500, 0.05, 0)


def test_the_report(tmp_path: Path) -> None:
    labels = ["a", "b|c"] * 150
    fresh = Rows(small.numbers(200, seed=5), ["x", "y"] * 100, "")
    outliers = Rows([[0.0, 0.0, 0.0, 99.0]] * 20, [], "")
    found = calibrate(Rows(small.numbers(300), labels, "ab"), tmp_path, alpha=0.05, fresh=fresh, outliers=outliers)
    assert found.report["fresh"] == 200
    assert found.report["rates"]["0.05"]["of"] == 200
    assert set(found.report["by_label"]) == {"x", "y"}
    assert found.report["outliers"]["auroc"] == 1.0
    card = (tmp_path / "CARD.md").read_text()
    assert "| 0.05 |" in card
    assert "AUROC 1.0" in card
    assert set(calibrate(Rows(small.numbers(300), labels, "ab"), tmp_path, alpha=0.05).report["by_label"]) == {
        "a",
        "b|c",
    }
    assert "b/c" in (tmp_path / "CARD.md").read_text()


def test_nothing_left_to_measure_is_said(tmp_path: Path) -> None:
    found = calibrate(Rows(small.numbers(120), [], "ab"), tmp_path, alpha=0.01)
    assert found.report == {"fresh": 0} or found.report["fresh"] < 5
    calibrate(Rows(small.numbers(119), [], "ab"), tmp_path, alpha=0.01)
    assert "Not measured" in (tmp_path / "CARD.md").read_text()


def test_renewal_follows_and_keeps_what_was_fitted(tmp_path: Path) -> None:
    before = small.detector(tmp_path, small.numbers(300))
    moved = (np.array(small.numbers(300, seed=6)) + np.array([2.0, 0, 0, 0])).tolist()
    assert (before.judge(moved).p <= 0.05).mean() > 0.5
    manifest = renew(tmp_path, Rows(moved, [], "cd"), alpha=0.0)
    after = Detector(tmp_path)
    assert after.sha256 == before.sha256
    assert (after.judge(moved).p <= 0.05).mean() <= 0.05
    assert manifest.reference.newest == "cd"
    assert manifest.report["renewed"]["rate_before"]["rate"] > 0.5
    renew(tmp_path, Rows(moved, [], "cd"), alpha=0.05, half_life=50)
    assert "count half after 50" in (tmp_path / "CARD.md").read_text()
    with pytest.raises(TooFewRows, match="needs 19"):
        renew(tmp_path, Rows(moved[:10], [], ""), alpha=0.05)
    with pytest.raises(TooFewRows, match="half-life of 3"):
        calibrate(Rows(small.numbers(300), [], ""), tmp_path, alpha=0.05, half_life=3)


def test_texts_and_rows_do_not_mix(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="some rows are texts"):
        calibrate(Rows(["a", [1]] * 100, [], ""), tmp_path, alpha=0.05)


# ---------------------------------------------------------------------- files that are wrong


def manifest(change: Callable[[dict[str, Any]], Any]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        path = folder / "ood.json"
        document = json.loads(path.read_text())
        change(document)
        path.write_text(json.dumps(document))

    return apply


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda folder: (folder / "ood.json").unlink(), r"ood\.json: error: cannot be read"),
        (lambda folder: (folder / "ood.json").write_text("{"), "is no manifest of a calibration"),
        (lambda folder: (folder / "score.onnx").write_bytes(b"x"), "has SHA-256"),
        (lambda folder: (folder / "score.onnx").unlink(), r"score\.onnx: error: cannot be read"),
        (lambda folder: (folder / "counts.npy").write_bytes(b"x"), "is not the file that its manifest names"),
        (manifest(lambda m: m.update(format=2)), "format is 2"),
        (manifest(lambda m: m.update(alpha=0)), "alpha is no number"),
        (manifest(lambda m: m.update(alpha=0.0001)), "too few|give no p-value below"),
        (manifest(lambda m: m.update(scores=[])), "has 0 scores"),
        (manifest(lambda m: m.update(half_life=-1)), "half_life is negative"),
        (manifest(lambda m: m.update(kind="vector")), "has no schema"),
        (manifest(lambda m: m.update(usual=None)), "has no usual surprise"),
        (manifest(lambda m: m["usual"].update(within=[0.0] * 8)), "a variance that is not positive"),
        (manifest(lambda m: m.update(distances=["one"])), "expected"),
        (manifest(lambda m: m["files"].clear()), "has SHA-256"),
        (manifest(lambda m: m.update(more=1)), "unknown field"),
    ],
)
def test_a_folder_is_hostile_until_it_is_read(
    made: dict[str, Detector], tmp_path: Path, break_it: Callable[[Path], None], message: str
) -> None:
    for path in made["text"].files:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    break_it(tmp_path)
    with pytest.raises(ModelError, match=message):
        Detector(tmp_path)


@pytest.mark.parametrize("table", [np.zeros(3, np.uint16), np.zeros(text.TABLE, np.float32)])
def test_a_table_of_another_make(made: dict[str, Detector], tmp_path: Path, table: np.ndarray) -> None:
    from hashlib import sha256

    for path in made["text"].files:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    np.save(tmp_path / "counts.npy", table)
    digest = sha256((tmp_path / "counts.npy").read_bytes()).hexdigest()
    manifest(lambda m: m["files"].update({"counts.npy": digest}))(tmp_path)
    with pytest.raises(ModelError, match="is no table of"):
        load(tmp_path)


def test_alpha_of_the_route(made: dict[str, Detector]) -> None:
    folder = made["numbers"].files[0].parent
    assert Detector(folder, 0.2).alpha == 0.2
    with pytest.raises(ModelError, match="calibrate on more rows"):
        Detector(folder, 0.0001)


@pytest.mark.parametrize("rows", [20, 29, 30, 31, 33])
@pytest.mark.parametrize("size", [1, 2, 8, 10, 40])
def test_few_rows_of_any_width(rows: int, size: int) -> None:
    """Some parts of the rows may be too few for a whole covariance where all of them are not."""
    made, _ = make([(np.arange(size) % 3 + row[0]).tolist() for row in small.numbers(rows)])
    assert np.isfinite(made.scores([[5.0] * size])).all()


def test_forms_that_only_calibration_rows_have_take_their_share_of_alpha(tmp_path: Path) -> None:
    """Half of the rows are one and the same row with gaps, which are fitted or calibrate together."""
    rows = [{"a": None} if i % 2 else {"a": float(i)} for i in range(200)]
    for seed in range(4):
        calibrate(Rows(rows, [], ""), tmp_path, alpha=0.05, seed=seed)
        assert (Detector(tmp_path).judge(rows).p <= 0.05).mean() < 0.5

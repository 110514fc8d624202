"""The network among the distances, and the nodes that say how values lie."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from waf.classify.measure import auroc
from waf.classify.onnx_model import OnnxModel
from waf.classify.ood import learned, odd
from waf.classify.ood.graph import Graph
from waf.classify.ood.structure import SHORT, Sides, structure
from waf.classify.ood.vectors import frame

DRAW = np.random.default_rng(0)


def ring(count: int, seed: int) -> np.ndarray:
    draw = np.random.default_rng(seed)
    angle = draw.uniform(0, 6.3, count)
    return np.stack([np.cos(angle), np.sin(angle)], 1) * 1.5 + 0.1 * draw.standard_normal((count, 2))


def test_it_learns_a_relation_that_bends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learned, "STEPS", 350)
    known = ring(400, 0)
    strange = [odd.KINDS[kind](known, frame(known), DRAW) for kind in ("between", "mixed", "same_moments")]
    graph = Graph()
    out = learned.node(graph, "x", learned.train(known, strange, 0))
    model = OnnxModel(Path("learned"), data=graph.model({"x": 2}, {"out": (out, 1)}))

    def asked(rows: np.ndarray) -> np.ndarray:
        return model.run({"x": rows.astype(np.float32)})["out"][:, 0]

    inside = 0.3 * DRAW.standard_normal((200, 2))
    assert auroc(asked(inside), asked(ring(200, 1))) >= 0.95
    assert np.isfinite(asked(np.array([[1e18, -1e18]]))).all()


@pytest.mark.parametrize("size", [SHORT, SHORT + 1])
def test_short_and_long_arrays_say_the_same(size: int) -> None:
    """The differences as one matrix, and one by one."""
    rows = np.sin(np.arange(size) / 5 + DRAW.uniform(0, 6, (60, 1))) + 0.1 * DRAW.standard_normal((60, size))
    level, spread = float(rows.mean()), float(rows.std())
    y = (rows - level) / spread
    sides = Sides(level, spread, [1, 9], np.array([0.3, 0.3, 0.1, 0.1]), [1, 9])
    graph = Graph()
    found = structure(graph, "x", frame(rows), sides)
    model = OnnxModel(Path("stats"), data=graph.model({"x": size}, {"out": (found.stats, found.size)}))
    stats = model.run({"x": rows.astype(np.float32)})["out"]
    step = np.abs(y[:, 1:] - y[:, :-1]).mean(1)
    assert stats.shape == (60, 4 + 4 + 3 * 2)
    assert stats[:, 4] == pytest.approx(y.mean(1), abs=1e-4)
    assert stats[:, 5] == pytest.approx(np.log(y.std(1) + 1e-3), abs=1e-3)
    assert np.abs(stats - np.log(step + 1e-3)[:, None]).min(1) == pytest.approx(0, abs=1e-3)


def test_amounts_are_read_by_their_logarithms() -> None:
    amounts = np.exp(DRAW.normal(3, 1, (500, 1)))
    seen = frame(np.concatenate([amounts, DRAW.normal(0, 1, (500, 1))], 1))
    assert (seen.origin[0], seen.unit[0] < np.median(amounts)) == (0.0, True)
    tenfold = [seen.bent(np.array([[value, 0.0]]))[0, 0] for value in (20.0, 200.0, 2000.0)]
    assert tenfold[2] - tenfold[1] == pytest.approx(tenfold[1] - tenfold[0], rel=0.1)
    assert seen.bent(np.array([[20.0, 0.5]]))[0, 1] == pytest.approx(0.5, abs=0.2)

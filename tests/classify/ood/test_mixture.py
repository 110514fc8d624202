"""Groups of the reference, each with its own form, and how distances are weighed with groups left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from waf.classify.measure import auroc
from waf.classify.onnx_model import OnnxModel
from waf.classify.ood import mixture
from waf.classify.ood.graph import Graph
from waf.classify.ood.mixture import Form
from waf.classify.ood.weighing import LEAST, Gap, Seen, weigh


def lumps(count: int, seed: int, apart: float = 6.0) -> np.ndarray:
    """Two long, thin ones beside each other, each with its own slope."""
    draw = np.random.default_rng(seed)
    rows = draw.standard_normal((count, 2)) * [1.0, 0.1]
    side = draw.random(count) < 0.5
    rows[:, 1] += np.where(side, 0.8, -0.8) * rows[:, 0]
    rows[:, 0] += np.where(side, apart, 0.0)
    return rows


def fitted(rows: np.ndarray, groups: int) -> mixture.Mixture:
    draw = np.random.default_rng(0)
    return mixture.fit(rows, Form(groups, 0.5), mixture.groups(rows, groups, draw))


def test_as_many_groups_as_foretell_best() -> None:
    draw = np.random.default_rng(0)
    assert mixture.choose(lumps(300, 0), draw).groups >= 2
    assert mixture.choose(draw.standard_normal((300, 3)), draw).groups == 1
    assert mixture.choose(lumps(30, 0), draw).groups == 1


@pytest.mark.parametrize("groups", [1, 2, 3])
def test_the_node_says_what_the_fit_says(groups: int) -> None:
    rows = lumps(200, 1)
    made = fitted(rows, groups)
    graph, mean = Graph(), rows.mean(0)
    matrix, shift = mixture.block(made, mean)
    away = graph.linear("x", mean, {"dense": matrix, "other": np.eye(2)}, {"dense": shift})
    out = mixture.node(graph, away["dense"], made)
    model = OnnxModel(Path("mixture"), data=graph.model({"x": 2}, {"out": (out, 1), "other": (away["other"], 2)}))
    found = model.run({"x": rows.astype(np.float32)})
    assert found["out"][:, 0] == pytest.approx(-made.each(rows).max(1), abs=1e-3)
    assert found["other"] == pytest.approx(rows - mean, abs=1e-4)


def test_between_the_groups_it_is_empty() -> None:
    rows = lumps(300, 2)
    between = np.random.default_rng(3).normal([3.0, 0.0], 0.5, (200, 2))
    one, two = (fitted(rows, n) for n in (1, 2))
    fresh = lumps(200, 4)
    found = [auroc(-made.each(between).max(1), -made.each(fresh).max(1)) for made in (one, two)]
    assert found[1] > 0.9 > found[0]


def test_many_rows_of_one_value_have_a_density() -> None:
    made = fitted(np.zeros((40, 3)), 2)
    assert np.isfinite(made.each(np.ones((5, 3)))).all()


def test_what_shows_a_group_that_was_left_out_counts_more() -> None:
    draw = np.random.default_rng(0)

    def near(shift: tuple[float, float]) -> np.ndarray:
        return draw.standard_normal((100, 2)) + shift

    made_up = [near((3.0, 0.5))]
    plain = [Seen(near((0.0, 0.0)), made_up, []) for _ in range(2)]
    taught = [part._replace(gaps=[Gap(near((5.0, 5.0)), near((5.0, 9.0)))]) for part in plain]
    before, after = weigh(plain), weigh(taught)
    assert after.weights[1] > 1.5 * before.weights[1]
    assert (after.middle == before.middle).all()
    assert min(before.weights.min(), after.weights.min()) >= LEAST


def test_a_floor_lifts_what_nothing_made_up_shows() -> None:
    draw = np.random.default_rng(0)
    parts = [Seen(draw.standard_normal((100, 2)), [draw.normal([4.0, 0.0], 1.0, (100, 2))], [])]
    floor = np.array([0.0, 0.5, 0.0])
    plain, lifted = weigh(parts), weigh(parts, floor)
    assert plain.weights[1] < 0.5 * plain.weights.max()
    assert lifted.weights[1] >= 0.5 * lifted.weights[0]

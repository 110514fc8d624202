"""The fit of learned scoring."""

from __future__ import annotations

import numpy as np
import pytest

from waf import fitting
from waf.learned import HEAD, Feature, Learned

NOISY, TELLING, RARE = "crs 1", "1", "2"


def requests() -> tuple[list[dict[str, Feature]], np.ndarray]:
    """Harmless requests trigger NOISY as often as attacks do, attacks TELLING."""
    found = []
    for i in range(300):
        attack = i % 3 == 0
        request = {NOISY: Feature(1.0, -1)} if i % 2 else {}
        if attack and i % 5:
            request[TELLING] = Feature(1.0, 3)
        if i == 7:
            request["9"] = Feature(1.0, 3, monitored=True)
        request[HEAD] = Feature(9.0 if attack else 2.0, 0)
        found.append(request)
    return found, np.arange(300) % 3 == 0


def test_what_tells_attacks_apart_weighs_more() -> None:
    rows, attack = requests()
    data = fitting.matrix(rows)
    assert "9" not in data.names
    fitted = fitting.fit(data, attack, np.ones(data.rows, bool))
    made = fitting.weights_of(data, fitted, 0.5, {"benign": 200})
    assert made.rules[TELLING] > made.rules[NOISY] >= 0
    assert made.rules[NOISY] < fitting.CRS_RULE / 2
    assert made.head > 0
    assert (fitted[:-1] >= 0).all()
    right = [(Learned(made).total(row) > 0) == bad for row, bad in zip(rows, attack, strict=True)]
    assert np.mean(right) > 0.95


def test_a_rule_that_nothing_is_known_of_keeps_its_prior() -> None:
    rows, attack = requests()
    rows[0][RARE] = Feature(1.0, 5)
    data = fitting.matrix(rows)
    fitted = fitting.fit(data, attack, np.arange(data.rows) != 0)
    assert fitted[data.names.index(RARE)] == pytest.approx(5 * fitting.POINT)


def test_out_of_fold_scores_come_from_the_others() -> None:
    rows, attack = requests()
    scores = fitting.out_of_fold(fitting.matrix(rows), attack)
    assert scores[attack].mean() > 0.8 > 0.2 > scores[~attack].mean()


def test_a_fit_needs_both_kinds() -> None:
    rows, _ = requests()
    with pytest.raises(ValueError, match="attacks and benign"):
        fitting.fit(fitting.matrix(rows), np.zeros(len(rows), bool), np.ones(len(rows), bool))


@pytest.mark.parametrize(("rate", "blocked"), [(0.0, 0), (0.01, 1), (0.1, 10), (1.0, 100)])
def test_a_threshold_keeps_to_its_rate(rate: float, blocked: int) -> None:
    scores = np.linspace(0.1, 0.9, 100)
    assert (scores >= fitting.cut(scores, rate)).sum() == blocked

"""p-values: that they are what they say, and learn from honest callers but not from a few thieves."""

from __future__ import annotations

import math

import numpy as np
import pytest

from waf.abuse.calibrate import Level, Rate, beta_binomial, fisher, harmonic, negative_binomial, student
from waf.abuse.clusters import Cluster
from waf.abuse.judge import combine, judge_cluster, risk_of
from waf.abuse.space import Space


def test_the_beta_binomial_tail_adds_up() -> None:
    a, b, n = 0.7, 3.1, 17
    rng = np.random.default_rng(1)
    drawn = rng.binomial(n, rng.beta(a, b, 200_000))
    for hits in (1, 3, 8, 14):
        assert beta_binomial(hits, n, a, b) == pytest.approx((drawn >= hits).mean(), rel=0.05)
    assert beta_binomial(0, n, a, b) == 1.0
    assert beta_binomial(100, 100, 0.01, 20) >= 1e-9


@pytest.mark.parametrize(("t", "p"), [(0.0, 0.5), (1.943, 0.05), (3.707, 0.005), (-1.943, 0.95), (100.0, 33.75e-12)])
def test_the_student_tail(t: float, p: float) -> None:
    assert student(t) == pytest.approx(p, rel=0.01)


def test_the_student_tail_has_no_step() -> None:
    assert student(59.99) / student(60.01) == pytest.approx(1, rel=0.02)


def test_combinations() -> None:
    assert harmonic([]) == fisher([]) == 1.0
    assert harmonic([0.001, 1, 1, 1]) == pytest.approx(0.004, rel=0.01)
    assert fisher([0.05, 0.05]) == pytest.approx(0.0175, rel=0.01)
    rng = np.random.default_rng(1)
    drawn = [fisher(rng.random(4)) for _ in range(4000)]
    assert np.mean(np.array(drawn) < 0.05) == pytest.approx(0.05, abs=0.015)


def test_what_supports_decides_nothing_alone() -> None:
    support = dict.fromkeys(("frame", "appetite", "order", "regular", "coverage", "volume"), 1e-9)
    assert combine(support) > 0.001
    assert combine({"near": 1e-6, "walk": 1.0} | support) < combine({"near": 1e-6, "walk": 1.0})
    assert combine({"near": 1e-6} | dict.fromkeys(support, 1.0)) <= 4.1e-6


def test_a_rate_learns_what_is_usual() -> None:
    rate = Rate(0.05, 6.0, 2.5)
    before = rate.p_value(12, 20)
    for i in range(200):
        rate.moments.replace(None, 0.4 + 0.2 * (i % 2))
    assert rate.p_value(12, 20) > 100 * before
    assert rate.p_value(21.5, 21) > 0


def test_a_few_thieves_teach_it_little() -> None:
    rate = Rate(0.05, 6.0, 2.5)
    for i in range(300):
        rate.moments.replace(None, 0.02 * (i % 3))
    before = rate.p_value(19, 20)
    for _ in range(6):
        rate.moments.replace(None, 1.0)
    assert rate.p_value(19, 20) < 0.0005
    assert rate.p_value(19, 20) >= before


def test_what_was_told_can_be_taken_back() -> None:
    level = Level(0.0, 1.0, 0.1)
    before = level.moments.fit()
    level.moments.add(5.0)
    level.moments.add(5.0, -1)
    assert level.moments.fit() == pytest.approx(before)


def test_what_is_long_ago_counts_for_less() -> None:
    level = Level(0.0, 1.0, 0.1)
    for _ in range(10_000):
        level.moments.add(1.0)
    assert level.moments.count <= 2000
    for _ in range(3000):
        level.moments.add(3.0)
    assert level.moments.fit()[0] > 2


def test_the_risk_is_a_half_at_the_budget() -> None:
    assert risk_of(0.001, 0.001) == 0.5
    assert risk_of(1.0, 0.001) == 0.0
    assert risk_of(1e-9, 0.001) == 0.75
    assert 0.5 < risk_of(1e-4, 0.001) < risk_of(1e-5, 0.001) < 1


def test_a_cluster_s_counts_are_halved() -> None:
    cluster = Cluster(1, set(), 0.0, queries=700, hits={"shared": 650.0})
    judge_cluster(cluster, Space(0))
    assert (cluster.queries, cluster.hits) == (350, {"shared": 325.0})
    assert cluster.p < 0.001
    assert math.isfinite(cluster.p)


@pytest.mark.parametrize(("mean", "shape"), [(0.5, 5), (5.0, 5), (40.0, 2)])
def test_negative_binomial(mean: float, shape: int) -> None:
    draws = np.random.default_rng(1).poisson(np.random.default_rng(2).gamma(shape, mean / shape, 100_000))
    found = negative_binomial(mean, shape, 0.99)
    assert (draws <= found).mean() >= 0.985
    assert (draws <= found - 1).mean() <= 0.993

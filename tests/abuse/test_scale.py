"""What tensors are measured by: not by what a few of those who come first make of it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.abuse.test_observer import SIZE, natural, observer, tensor
from waf.abuse.embed import scale_of


@pytest.mark.parametrize("size", [1e3, 1e30, 1e300])
def test_whoever_comes_first_does_not_set_the_scale(size: float) -> None:
    """Two callers with huge numbers among the first: others stay as far apart as they are."""
    factors = []
    for hostile in (False, True):
        made = observer()
        rng = np.random.default_rng(3)
        for i in range(40):
            x = natural(rng)
            made.observe(f"caller-{i}", "r", tensor(x * size if hostile and i in (2, 20) else x), float(i))
        (_, space) = made.spaces.get("r", SIZE, SIZE, 40.0)
        assert space.scale.ready
        factors.append(space.scale.factor)
    assert (factors[1] > 0.3 * factors[0]).all()


def test_elements_that_hardly_ever_vary_keep_a_scale() -> None:
    rows = np.zeros((32, 6), dtype=np.float32)
    rows[:, 0] = np.arange(32)
    rows[3, 1] = 1e12
    centre, factor = scale_of(rows)
    assert centre.tolist() == [15.5, 0, 0, 0, 0, 0]
    assert (factor > 0.01).all()
    alone = np.zeros((32, 2), dtype=np.float32)
    alone[5] = 7
    assert np.isfinite(scale_of(alone)[1]).all()

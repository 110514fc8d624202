from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def short_training() -> Iterator[None]:
    """A dozen networks are trained for each small reference; what is tested here does not need them to be good."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("waf.classify.ood.learned.STEPS", 60)
        yield

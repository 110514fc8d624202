"""The shipped rules, loaded once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from waf.engine import Engine
from waf.rules import load_ruleset
from waf.settings import Config, Rules

ROOT = Path(__file__).parents[2]
PACKS = (str(ROOT / "rules"),)


@pytest.fixture(scope="session", params=[1, 2], ids=["paranoia1", "paranoia2"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """The whole decision with the shipped rules and nothing else, at one paranoia level."""
    rules = Rules(packs=PACKS)
    return Engine(load_ruleset(rules), Config(paranoia=request.param, rules=rules))

"""The file of quotas when it cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from waf.errors import ConfigError
from waf.limits.ledger import Ledger, Row


def test_a_place_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be used"):
        Ledger(str(tmp_path / "missing" / "used.db"))


def test_a_write_that_fails_changes_nothing_and_can_be_repeated(tmp_path: Path) -> None:
    ledger = Ledger(str(tmp_path / "used.db"))
    ledger.write([Row("a", 1, 1.0, 1.0)])
    with pytest.raises(OSError, match="used"):
        ledger.write([Row("a", 1, 1.0, 2.0), Row("a", 2, 1.0, None)])  # type: ignore[arg-type]  # NOT NULL refuses it
    assert list(ledger.read()) == [Row("a", 1, 1.0, 1.0)]
    ledger.write([Row("a", 1, 1.0, 3.0)])
    assert list(ledger.read()) == [Row("a", 1, 1.0, 3.0)]
    ledger.close()

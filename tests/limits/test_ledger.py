"""The file of quotas when it cannot be used."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
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


def damage(path: Path) -> None:
    """All but the first pages."""
    ledger = Ledger(str(path))
    ledger.write([Row("a", n << 40, 1.0, 1.0) for n in range(2_000)])
    ledger.close()
    data = path.read_bytes()
    path.write_bytes(data[:16_384] + b"\xaa" * (len(data) - 16_384))


def another_secret(path: Path) -> None:
    Ledger(str(path)).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE secret SET bytes = 5")
        db.commit()


def another_number(path: Path) -> None:
    Ledger(str(path)).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("INSERT INTO used VALUES ('a', 'b', 'c', 'd')")
        db.commit()


@pytest.mark.parametrize("spoil", [damage, another_secret, another_number])
def test_a_file_that_is_damaged(spoil: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "used.db"
    spoil(path)
    with pytest.raises(ConfigError, match="cannot be used"):
        list(Ledger(str(path)).read())

"""Where quotas outlive a restart: a small SQLite file, written once a second. Blocking; the edge calls it from a thread."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from waf.errors import ConfigError, Problem

_SIGN: Final = 1 << 63
"""SQLite's integers have a sign, hashes have none."""

_SECRET: Final = 32
"""Bytes."""
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS secret (bytes BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS used (
    rate TEXT NOT NULL, caller INTEGER NOT NULL, starts REAL NOT NULL, amount REAL NOT NULL, PRIMARY KEY (rate, caller)
) WITHOUT ROWID;
"""


class Row(NamedTuple):
    rate: str
    caller: int
    starts: float
    amount: float


class Ledger:
    """One file, for one process. Raises ConfigError when it cannot be used, or another process uses it."""

    def __init__(self, path: str) -> None:
        self._path = path
        try:
            self._db = sqlite3.connect(path, timeout=1.0, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._problem(error) from None
        try:
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(_SCHEMA)
            self._db.execute("BEGIN IMMEDIATE")
            found = self._db.execute("SELECT bytes FROM secret").fetchone()
            if found is None:
                found = (secrets.token_bytes(_SECRET),)
                self._db.execute("INSERT INTO secret VALUES (?)", found)
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            self._db.close()
            raise self._problem(error) from None
        if not isinstance(found[0], bytes) or len(found[0]) != _SECRET:
            self._db.close()
            raise self._problem(ValueError("its secret is not one"))
        self.secret = found[0]
        """Key of the hashes in it."""

    def read(self) -> Iterator[Row]:
        """Raises ConfigError for a file that is damaged further on."""
        try:
            for rate, caller, starts, amount in self._db.execute("SELECT rate, caller, starts, amount FROM used"):
                yield Row(rate, caller + _SIGN, float(starts), float(amount))
        except (sqlite3.Error, TypeError, ValueError) as error:
            raise self._problem(error) from None

    def write(self, rows: Iterable[Row]) -> None:
        """Replace amounts. Raises OSError."""
        values = ((rate, caller - _SIGN, starts, amount) for rate, caller, starts, amount in rows)
        self._change(lambda db: db.executemany("INSERT OR REPLACE INTO used VALUES (?, ?, ?, ?)", values))

    def forget(self, oldest: float) -> None:
        """Drop amounts of periods that began before `oldest`. Looks at every row. Raises OSError."""
        self._change(lambda db: db.execute("DELETE FROM used WHERE starts < ?", (oldest,)))

    def _change(self, change: Callable[[sqlite3.Connection], object]) -> None:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            change(self._db)
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise OSError(f"{self._path}: {error}") from None

    def close(self) -> None:
        self._db.close()

    def _problem(self, error: Exception) -> ConfigError:
        hint = "each process needs a file of its own" if "locked" in str(error) else ""
        return ConfigError([Problem("usage.file", 0, 0, f"{self._path} cannot be used: {error}", hint)])

"""The file that `waf keys` writes and the firewall reads: JSON, no secrets in it, replaced as a whole."""

from __future__ import annotations

import fcntl
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Literal

import msgspec

from waf.errors import ConfigError, Problem
from waf.identity.keys import MODEL, NAME, KeyRecord

MAX_FILE: Final = 256 << 20
_ID: Final = re.compile(r"[a-z2-7]{12}", re.ASCII)
_LATEST: Final = 253_402_300_799
"""The last second of the year 9999."""
_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class _Keys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: Literal["waf-keys/v1"]
    keys: tuple[KeyRecord, ...]


_decode: Final = msgspec.json.Decoder(_Keys).decode


def read_keys(path: str) -> tuple[KeyRecord, ...]:
    """Raises ConfigError that says what is wrong with which key."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        hint = "`waf keys add` makes it" if isinstance(error, FileNotFoundError) else ""
        raise ConfigError([Problem(path, 0, 0, f"cannot be read: {error.strerror}", hint)]) from None
    return parse_keys(data, path)


def parse_keys(data: bytes, path: str) -> tuple[KeyRecord, ...]:
    """The same from what was read already; `path` is for messages. Raises ConfigError."""
    if len(data) > MAX_FILE:
        raise ConfigError([Problem(path, 0, 0, f"is larger than {MAX_FILE:,} bytes")])
    try:
        records = _decode(data).keys
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigError([Problem(path, 0, 0, f"is not a file of keys: {error}", "`waf keys` writes it")]) from None
    problems = list(_problems(path, records))
    if problems:
        raise ConfigError(problems[:20])
    return records


def encode_keys(records: Sequence[KeyRecord]) -> bytes:
    """What such a file holds."""
    return msgspec.json.format(msgspec.json.encode(_Keys("waf-keys/v1", tuple(records))), indent=1) + b"\n"


def write_keys(path: str, records: Sequence[KeyRecord]) -> None:
    """Replace the file in one step, readable by its owner alone; a crash leaves the old one. Raises OSError."""
    replace_file(path, encode_keys(records))


def replace_file(path: str, data: bytes, *, alike: bool = False) -> None:
    """Put `data` in the place of the file in one step, with mode 0600; a crash leaves the old one. `alike`: with the owner
    and the mode of the file that it replaces, so that whoever reads that one can read this. Raises OSError."""
    target = Path(os.path.realpath(path))
    old = target.stat() if alike and target.exists() else None
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "wb") as file:
            if old is not None:
                os.fchmod(handle, old.st_mode & 0o777)
                if (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
                    os.fchown(handle, old.st_uid, old.st_gid)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException as error:
        with suppress(OSError):
            Path(name).unlink()
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, path) from None
        raise


@contextmanager
def locked(path: str) -> Iterator[None]:
    """Keep two commands from changing the file at once. Raises OSError."""
    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _problems(path: str, records: Sequence[KeyRecord]) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, record in enumerate(records, 1):
        where = f"key {number}"
        if not _ID.fullmatch(record.id) or record.id in seen:
            yield Problem(path, 0, 0, f"{where}: the id is not one, or is there twice")
        seen.add(record.id)
        if not _HASH.fullmatch(record.hash):
            yield Problem(path, 0, 0, f"{where}: the hash has not 64 hexadecimal digits")
        names = (record.name, *filter(None, (record.subject, record.tenant)), *record.roles, *record.scopes)
        if not all(map(NAME.fullmatch, names)) or not all(map(MODEL.fullmatch, record.models)):
            yield Problem(path, 0, 0, f"{where}: a name in it is not one", "letters, digits and _ . @ : / -")
        times = record.created, record.expires, record.revoked
        if min(times) < 0 or max(times) > _LATEST:
            yield Problem(path, 0, 0, f"{where}: a time is before 1970 or after 9999")

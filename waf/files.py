"""Files that commands read, up to a size, and write: whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def head(path: Path, most: int) -> bytes:
    """What is in a file, up to `most` bytes and one more, by which a longer one is told: a device may have no end. Raises
    OSError."""
    with path.open("rb") as file:
        return file.read(most + 1)


def put(path: Path, data: bytes) -> None:
    """Put `data` in the place of the file in one step, with that file's mode: whoever reads it sees the old one or the new
    one, and where it fails nothing is left behind. A pipe or a device is written to. Raises OSError that names the file.
    """
    fresh = None
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        target = path.resolve()
        fresh = target.with_name(f".{target.name}.new")
        fresh.unlink(missing_ok=True)
        with fresh.open("xb") as file:
            if target.exists():
                os.fchmod(file.fileno(), target.stat().st_mode & 0o777)
            file.write(data)
        fresh.replace(target)
    except BaseException as error:
        if fresh is not None:
            with suppress(OSError):
                fresh.unlink()
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise

"""`${env:NAME}` and `${file:PATH}` inside the text of a setting: how secrets get in without standing in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

MAX_FILE: Final = 64 << 10

_REFERENCE: Final = re.compile(r"\$?\$\{([^}]*)\}?")


class SubstitutionError(ValueError):
    """A reference that cannot be resolved: message and hint, never the value."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.hint = hint
        super().__init__(message)


def substitute(text: str, base: Path, environ: Mapping[str, str]) -> str:
    """The text with its references resolved; `$${` stands for a literal `${`. Raises SubstitutionError.

    A file is read relative to `base`, at most MAX_FILE bytes of UTF-8, and one line end at its end is dropped, because
    that is how secrets are mounted. What comes in is not looked at again, so a value cannot refer further.
    """
    return _REFERENCE.sub(lambda found: _resolve(found, base, environ), text) if "${" in text else text


def refers(text: str) -> bool:
    """Whether the text has a reference in it."""
    return any(not found[0].startswith("$$") for found in _REFERENCE.finditer(text))


def _resolve(found: re.Match[str], base: Path, environ: Mapping[str, str]) -> str:
    whole = found[0]
    if whole.startswith("$$"):
        return whole[1:]
    kind, colon, name = found[1].partition(":")
    if not whole.endswith("}") or not colon or kind not in ("env", "file") or not name:
        raise SubstitutionError("not a reference", "write ${env:NAME} or ${file:PATH}, and $${ for a literal ${")
    if kind == "env":
        return _environment(name, environ)
    return _file(name, base)


def _environment(name: str, environ: Mapping[str, str]) -> str:
    value = environ.get(name)
    if not value:
        state = "is not set" if value is None else "is empty"
        raise SubstitutionError(f"environment variable {name} {state}")
    return value


def _file(name: str, base: Path) -> str:
    try:
        with (base / name.replace("\0", "\ufffd")).open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise SubstitutionError(f"file {name} cannot be read: {error.strerror}") from None
    if len(data) > MAX_FILE:
        raise SubstitutionError(f"file {name} is larger than {MAX_FILE:,} bytes")
    try:
        value = data.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise SubstitutionError(f"file {name} is not UTF-8 text") from None
    if not value:
        raise SubstitutionError(f"file {name} is empty")
    return value

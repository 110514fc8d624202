"""Where the files of a rule set are: the set-up, the rules, the plugins, the user's own."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

import msgspec

from waf.errors import Problem
from waf.rules.seclang.options import CrsOptions

WILD: Final = "*?["
"""Characters that make a name a pattern."""

_SETUP: Final = "crs-setup.conf"
_DEBIAN: Final = Path("/usr/share/modsecurity-crs")
_DEBIAN_SETUP: Final = Path("/etc/modsecurity/crs/crs-setup.conf")
"""Where Debian keeps the set-up of its package's rules."""


class Found(msgspec.Struct):
    setup: Path | None = None
    before: list[Path] = []
    rules: list[Path] = []
    after: list[Path] = []
    problems: list[Problem] = []


def locate(path: Path, options: CrsOptions) -> Found:
    """All files in the order in which they are read. A plugin's -config and -before files come before the rules."""
    found = Found()
    rules = path / "rules" if (path / "rules").is_dir() else path
    if path.is_file():
        found.rules = [path]
    elif path.is_dir():
        found.rules = _conf_files(rules, found)
    if not found.rules and not found.problems:
        found.problems.append(
            Problem(str(path), 0, 0, "has no .conf files", "it should be the CRS's folder or its rules/")
        )
    found.setup = options.setup or (None if path.is_file() else _setup(rules))
    plugins = options.plugins or (rules.parent / "plugins" if not path.is_file() else None)
    if plugins is not None and plugins.is_dir():
        files = _conf_files(plugins, found)
        found.before += [file for part in ("-config", "-before") for file in files if file.stem.endswith(part)]
        found.after += [file for file in files if file.stem.endswith("-after")]
    elif options.plugins is not None:
        found.problems.append(Problem(str(options.plugins), 0, 0, "is no folder of plugins"))
    found.rules = [file for file in found.rules if file.name != _SETUP]
    found.before += options.before
    found.after += options.after
    return found


def listed(folder: Path, pattern: str) -> list[Path]:
    """What in `folder` has a name that matches a pattern of the shell, in order; hidden files match one that begins with a dot.
    Raises OSError for a folder that cannot be read: `Path.glob` takes it for empty, and rules would be missing unnoticed."""
    hidden = pattern.startswith(".")
    names = sorted(name for name in os.listdir(folder) if fnmatchcase(name, pattern))
    return [folder / name for name in names if hidden or not name.startswith(".")]


def matching(base: Path, pattern: str) -> list[Path]:
    """The same for a pattern that may lead into other folders. One that is not there has nothing in it."""
    folder = base / Path(pattern).parent
    if any(char in str(Path(pattern).parent) for char in WILD):
        return sorted(base.glob(pattern))
    return listed(folder, Path(pattern).name) if folder.is_dir() else []


def _conf_files(folder: Path, found: Found) -> list[Path]:
    try:
        return listed(folder, "*.conf")
    except OSError as error:
        found.problems.append(Problem(str(folder), 0, 0, f"cannot be read: {error.strerror}"))
        return []


def setups(rules: Path) -> list[Path]:
    """Where a set-up may be: beside the rules or above them, Debian's place, and only then an example."""
    folders = (rules.parent, rules)
    places = [folder / _SETUP for folder in folders]
    if rules.is_relative_to(_DEBIAN):
        places.append(_DEBIAN_SETUP)
    return places + [folder / f"{_SETUP}.example" for folder in folders]


def _setup(rules: Path) -> Path | None:
    return next((place for place in setups(rules) if place.is_file()), None)

"""Where the files of a rule set are: the set-up, the rules, the plugins, the user's own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from waf.errors import Problem
from waf.rules.seclang.options import CrsOptions

_SETUPS: Final = ("crs-setup.conf", "crs-setup.conf.example")
_SYSTEM_SETUP: Final = ("/etc/modsecurity/crs/crs-setup.conf",)
"""Where Debian keeps the set-up of the rules in /usr/share/modsecurity-crs."""


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
        found.rules = sorted(rules.glob("*.conf"))
    if not found.rules:
        found.problems.append(
            Problem(str(path), 0, 0, "has no .conf files", "it should be the CRS's folder or its rules/")
        )
    found.setup = options.setup or (None if path.is_file() else _setup(rules))
    plugins = options.plugins or (rules.parent / "plugins" if not path.is_file() else None)
    if plugins is not None and plugins.is_dir():
        found.before += [*sorted(plugins.glob("*-config.conf")), *sorted(plugins.glob("*-before.conf"))]
        found.after += sorted(plugins.glob("*-after.conf"))
    elif options.plugins is not None:
        found.problems.append(Problem(str(options.plugins), 0, 0, "is no folder of plugins"))
    found.before += options.before
    found.after += options.after
    return found


def _setup(rules: Path) -> Path | None:
    """Beside the rules or above them, Debian's place, and only then an example."""
    folders = (rules.parent, rules)
    places = [folder / name for name in _SETUPS[:1] for folder in folders]
    if rules.as_posix().startswith("/usr/share/modsecurity-crs"):
        places += map(Path, _SYSTEM_SETUP)
    places += [folder / name for name in _SETUPS[1:] for folder in folders]
    return next((place for place in places if place.is_file()), None)

"""waf.yaml → `waf.settings.Config`, validated whole: every complaint says file:line:column, and all come at once.

`load` is what everybody needs; `read` also returns the warnings and the files to watch. `schema` and `documentation`
publish the same table that `load` walks.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from waf import source
from waf.config.build import Builder
from waf.config.document import documentation
from waf.config.merge import merge
from waf.config.schema import schema
from waf.config.semantics import check
from waf.config.table import ROOT
from waf.config.texts import parse_address
from waf.errors import ConfigError, InputError, Problem
from waf.settings import Config
from waf.source import Node

__all__ = ["Loaded", "documentation", "load", "parse_address", "read", "schema"]

MAX_BYTES: Final = 1 << 20
_NO_OVERRIDES: Final[Mapping[str, object]] = {}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A valid configuration, and what is odd about it."""

    config: Config
    warnings: tuple[Problem, ...]


def load(
    path: str | None, overrides: Mapping[str, object] = _NO_OVERRIDES, *, environ: Mapping[str, str] = os.environ
) -> Config:
    """The settings of one file over the defaults, and `overrides` over those; without a file, the defaults.

    `overrides` maps dotted paths (`upstream.url`) to plain values; None means not given. Paths in the file are relative
    to its folder, those in overrides to the current one. Raises ConfigError with everything wrong.
    """
    return read(path, overrides, environ=environ).config


def read(
    path: str | None, overrides: Mapping[str, object] = _NO_OVERRIDES, *, environ: Mapping[str, str] = os.environ
) -> Loaded:
    """As `load`, with the warnings."""
    builder = Builder(Path(path).parent if path else Path(), environ)
    config = builder.section(ROOT, merge(_file(path), overrides), "")
    if not builder.problems:
        check(config, builder)
    problems = sorted(builder.problems)
    if any(not p.warning for p in problems):
        raise ConfigError(problems)
    return Loaded(config, tuple(problems))


def _file(path: str | None) -> Node:
    if path is None:
        return Node(None, 0, 0, source.Source("defaults", ""))
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError([Problem(path, 0, 0, f"cannot be read: {reason}")]) from None
    try:
        return source.load(data, path, max_bytes=MAX_BYTES)
    except InputError as error:
        raise ConfigError(error.problems) from None

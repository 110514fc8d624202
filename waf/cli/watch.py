"""Runs something again whenever a file changes, until Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import watchfiles

from waf.errors import InputError

Changes = Callable[..., Iterable[Any]]
_KINDS = (".yaml", ".yml", ".txt", ".json")


def rerun(action: Callable[[], int], paths: Sequence[Path], changes: Changes = watchfiles.watch) -> int:
    """Runs `action` now and after each change of a rule file or list below the paths. A file that does not load, or is gone
    for a moment, is shown and waited for. Gives the last exit code when `changes` ends.
    """
    code = _once(action)
    for _ in changes(*_folders(paths), watch_filter=_wanted, raise_interrupt=True):
        click.clear()
        click.echo(click.style(f"changed, run again at {datetime.now().astimezone():%H:%M:%S}", dim=True))
        code = _once(action)
    return code


def _once(action: Callable[[], int]) -> int:
    try:
        return action()
    except InputError as error:
        for problem in error.problems:
            click.echo(click.style(str(problem), fg="red"))
        return 1


def _folders(paths: Sequence[Path]) -> list[Path]:
    """A file is watched by its folder: an editor that saves by renaming leaves a watched file behind."""
    return list(dict.fromkeys(path if path.is_dir() else path.parent for path in paths))


def _wanted(_: Any, path: str) -> bool:
    return path.endswith(_KINDS)

"""What commands print: problems with the line they are on, tables, JSON, and text that cannot upset a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from waf.errors import Problem, printable
from waf.source import Source, caret


def to_json(value: object) -> bytes:
    """JSON. Bytes of the network that are not UTF-8 live in strings as lone surrogates, which JSON cannot hold: they are
    written as `\\udcff`, backslash included.
    """
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return msgspec.json.encode(_without_surrogates(msgspec.to_builtins(value)))


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return [_without_surrogates(item) for item in value] if isinstance(value, list | tuple) else value


def print_json(value: object) -> None:
    """One JSON document alone on stdout."""
    click.echo(msgspec.json.format(to_json(value), indent=2))


def problem_json(problem: Problem) -> dict[str, object]:
    """A problem as `--json` shows it."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "severity": "warning" if problem.warning else "error",
        "message": problem.message,
        "hint": problem.hint,
    }


def complain(problems: Iterable[Problem]) -> None:
    """Problems on stderr, a line each."""
    for problem in problems:
        click.echo(str(problem), err=True)


def show_problems(problems: Iterable[Problem]) -> None:
    """Problems on stdout, each with the line it is about and a caret."""
    sources: dict[str, Source] = {}
    for problem in problems:
        click.echo(click.style(str(problem), fg="yellow" if problem.warning else "red"))
        if problem.line:
            source = sources.setdefault(problem.file, _source(problem.file))
            for line in caret(source.line(problem.line), problem.column).splitlines():
                click.echo(f"    {line}")


def _source(file: str) -> Source:
    try:
        return Source(file, Path(file).read_text("utf-8", "replace").removeprefix("\ufeff"))
    except OSError:
        return Source(file, "")


def table(headers: Sequence[str], rows: Iterable[Sequence[object]], right: frozenset[str] = frozenset()) -> None:
    """A table: drawn by rich on a terminal, aligned columns elsewhere. Columns named in `right` are numbers."""
    texts = [[str(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _draw(headers, texts, right)
        return
    widths = [max(map(len, column)) for column in zip(headers, *texts, strict=True)]
    for row in [headers, *texts]:
        cells = zip(headers, row, widths, strict=True)
        line = "  ".join(cell.rjust(width) if name in right else cell.ljust(width) for name, cell, width in cells)
        click.echo(line.rstrip())


def _draw(headers: Sequence[str], rows: list[list[str]], right: frozenset[str]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=None, pad_edge=False)
    for name in headers:
        drawn.add_column(name, justify="right" if name in right else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*map(Text, row))
    Console().print(drawn)


def quoted(value: Any, width: int = 160) -> str:
    """A value from a request, for people: in quotes, cut, and with everything escaped that a terminal would obey."""
    if not isinstance(value, str):
        return str(value)
    cut = value[:width]
    return f'"{printable(cut)}"' + (f" … {len(value) - width} more" if len(value) > width else "")


def plural(count: int, noun: str) -> str:
    """`1 rule`, `2 rules`, `2 entries`."""
    if count == 1:
        return f"1 {noun}"
    return f"{count} {noun[:-1]}ies" if noun.endswith("ry") else f"{count} {noun}s"

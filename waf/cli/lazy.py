"""Click groups that import a command only when it is run, and that turn every failure into a line and an exit code."""

from __future__ import annotations

import difflib
import importlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

import click

from waf.cli import streams
from waf.errors import InputError, WafError

FINE: Final = 0
FOUND: Final = 1
"""Problems were found: in a rule, a configuration, a request."""
WRONG: Final = 2
"""Wrong usage, or input that is unreadable as a whole."""
INTERRUPTED: Final = 130
PIPE_CLOSED: Final = 141
"""128 + SIGPIPE: whoever read the output went away."""


class Entry(NamedTuple):
    """Where a command is, and what the overview says about it without importing it."""

    module: str
    attribute: str
    short_help: str
    one_core: bool = False
    """It multiplies small matrices while requests wait. Threads of the linear algebra would take longer to meet than to
    multiply, and keep other cores busy with waiting."""


_ALGEBRA: Final = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")
"""What the libraries beneath numpy read when they are loaded, so before a command is imported."""


class LazyGroup(click.Group):
    """A group over a table of entries."""

    def __init__(self, *args: Any, entries: Mapping[str, Entry] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = dict(entries or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        entry = self.entries.get(cmd_name)
        if entry is None:
            near = difflib.get_close_matches(cmd_name, self.entries, 1)
            ctx.fail(f"there is no command {cmd_name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        if entry.one_core and not any(name in os.environ for name in _ALGEBRA):
            os.environ.update(dict.fromkeys(_ALGEBRA[:2], "1"))
        command = getattr(importlib.import_module(entry.module), entry.attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{entry.module}.{entry.attribute} is not a command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.short_help) for name, entry in self.entries.items()])


class Cli(LazyGroup):
    """The outermost group. A command returns its exit code, None for 0; what it raises becomes a line on stderr."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        try:
            return super().make_context(*args, **extra)
        except BrokenPipeError:  # at `waf --help`
            sys.exit(_pipe_closed())

    def invoke(self, ctx: click.Context) -> Any:
        if streams.colourless():
            ctx.color = False
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # click's own main would make it exit code 1
            return _pipe_closed()

    def main(self, args: Sequence[str] | None = None, *rest: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        run: Callable[..., Any] = super().main
        if not standalone_mode:
            return run(args, *rest, standalone_mode=False, **extra)
        streams.complete()
        try:
            code = run(args, *rest, standalone_mode=False, **extra)
            sys.stdout.flush()
        except BrokenPipeError:  # at the last flush
            code = _pipe_closed()
        except (KeyboardInterrupt, click.Abort):
            code = INTERRUPTED
        except Exception as error:
            if os.environ.get("WAF_DEBUG"):
                raise
            for line in _lines(error):
                click.echo(line, err=True)
            code = WRONG
        sys.exit(code if isinstance(code, int) else FINE)


def _lines(error: Exception) -> list[str]:
    if type(error).__name__ == "NoArgsIsHelpError":  # since click 8.2
        return [str(error)]
    if isinstance(error, click.ClickException):
        context = getattr(error, "ctx", None)
        usage = [context.get_usage()] if context is not None else []
        return [*usage, f"waf: error: {error.format_message()}"]
    if isinstance(error, InputError):
        return [str(problem) for problem in sorted({*error.problems})]
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return [f"waf: error: {where}{error.strerror or error}"]
    if isinstance(error, WafError):
        return [f"waf: error: {error}"]
    return [f"waf: internal error: {type(error).__name__}: {error} (WAF_DEBUG=1 shows where)"]


def _pipe_closed() -> int:
    """The exit code. What is still buffered goes nowhere, or the interpreter would complain about it on its way out."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    return PIPE_CLOSED

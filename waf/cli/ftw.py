"""`waf test --ftw`: the CRS project's test format, in process or over HTTP."""

from __future__ import annotations

import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from waf import child
from waf.cli.lazy import FINE, FOUND
from waf.cli.output import complain, plural, print_json, quoted
from waf.config import load
from waf.edge.rawrequest import RawReader
from waf.engine import Engine
from waf.errors import ConfigError, Problem
from waf.ftw.backend import ReflectBackend
from waf.ftw.crs import policy
from waf.ftw.inprocess import InProcess
from waf.ftw.inspect import EngineInspector
from waf.ftw.logs import EventLog, HeaderLog
from waf.ftw.overhttp import OverHttp, address_of
from waf.ftw.overrides import SHIPPED, apply, load_overrides
from waf.ftw.run import Exchange, FileResult, run_files
from waf.ftw.served import Served, settings, write
from waf.ftw.suite import load_suite
from waf.ftw.values import TestFile
from waf.rules import load_ruleset

WORKERS: Final = 8
"""Tests under way at once over HTTP: each waits for its event to be written, which takes longer than the request."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line."""

    suite: str
    rules: tuple[str, ...] = ()
    crs: str | None = None
    url: str | None = None
    http: bool = False
    events: str | None = None
    backend: int | None = None
    overrides: str | None = None
    as_json: bool = False
    verbose: bool = False


def run_suite(options: Options) -> int:
    """The exit code. Raises InputError or OSError when something cannot be read or started."""
    files = load_suite(Path(options.suite))
    if options.overrides:
        files, warnings = apply(files, load_overrides(Path(options.overrides)))
        complain(warnings)
    elif options.crs:
        files, _ = apply(files, load_overrides(SHIPPED))  # about the whole suite; this may be a part of it
    workers = WORKERS if options.url or options.http else 1
    with _exchange(options) as exchange:
        results = []
        for result in run_files(files, exchange, workers):
            results.append(result)
            if not options.as_json:
                _show(result, options.verbose)
    failed = sum(len(result.failures) for result in results)
    if options.as_json:
        print_json(_summary(results))
    else:
        _show_sum(results, files)
    return FINE if results and not failed else FOUND


# ---------------------------------------------------------------------- where requests go


@contextmanager
def _exchange(options: Options) -> Iterator[Exchange]:
    with ExitStack() as stack:
        if options.backend is not None:
            if not options.url:
                raise ConfigError([Problem("--backend", 0, 0, "goes with --url, whose upstream it is")])
            stack.enter_context(ReflectBackend(options.backend))
        if options.url and _answers(options.url):
            yield _running(options, options.url, stack)
        elif options.url:
            if options.events is not None or options.backend is not None:
                raise ConfigError([Problem("--url", 0, 0, f"nobody listens at {options.url}")])
            click.echo(f"nobody listens at {options.url}, so a firewall is started there", err=True)
            yield _serving(options, stack, address_of(options.url))
        elif options.http:
            yield _serving(options, stack, ("127.0.0.1", 0))
        else:
            yield _offline(options, stack)


def _policy(options: Options, folder: Path) -> dict[str, Any]:
    """What decides, as a part of a waf.yaml; `folder` gets the files it names."""
    if options.crs:
        return policy(Path(options.crs), folder)
    packs = {"packs": [str(Path(name).absolute()) for name in options.rules]} if options.rules else {}
    return {"mode": "monitor", "paranoia": 4, "rules": packs}


def _folder(stack: ExitStack) -> Path:
    return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="waf-ftw-")))


def _offline(options: Options, stack: ExitStack) -> Exchange:
    folder = _folder(stack)
    config = load(str(write(folder, _policy(options, folder))))
    reader = stack.enter_context(RawReader(config.limits))
    engine = Engine(load_ruleset(config.rules, crs=config.crs), config)
    return InProcess(reader.read, EngineInspector(engine))


def _running(options: Options, url: str, stack: ExitStack) -> Exchange:
    """A firewall that somebody else started."""
    if options.events is None:
        return OverHttp(address_of(url), HeaderLog())
    log = EventLog(Path(options.events))
    stack.callback(log.close)
    return OverHttp(address_of(url), log)


def _answers(url: str) -> bool:
    try:
        socket.create_connection(address_of(url), timeout=5.0).close()
    except OSError:
        return False
    return True


def _serving(options: Options, stack: ExitStack, listen: tuple[str, int]) -> Exchange:
    """A firewall and a backend of our own; all of it ends with `stack`."""
    stack.enter_context(child.unwound_by_sigterm())
    folder = _folder(stack)
    backend = stack.enter_context(ReflectBackend())
    events = folder / "events.jsonl"
    served = stack.enter_context(Served(folder, settings(listen, backend.url, events, _policy(options, folder))))
    log = EventLog(events)
    stack.callback(log.close)
    return OverHttp(address_of(served.url), log)


# ---------------------------------------------------------------------- what came out


def _summary(results: list[FileResult]) -> dict[str, Any]:
    return {
        "passed": sum(result.passed for result in results),
        "failed": sum(len(result.failures) for result in results),
        "skipped": sum(result.skipped for result in results),
        "failures": [
            {"test": f.test, "file": f.file, "expected": f.expected, "got": f.got} for r in results for f in r.failures
        ],
    }


def _show(result: FileResult, verbose: bool) -> None:
    """A line for a file of which something failed or was left out, and for every other if asked to."""
    failed = len(result.failures)
    if not (failed or result.skipped or verbose):
        return
    count = result.passed + failed
    skipped = f", {result.skipped} skipped" if result.skipped else ""
    state = click.style("FAIL", fg="red") if failed else click.style("pass", fg="green")
    click.echo(f"{state} {result.file} {result.passed} of {count}{skipped}")
    for failure in result.failures:
        click.echo(f"  {failure.test}: expected {quoted(failure.expected)[1:-1]}; got {quoted(failure.got)[1:-1]}")
    sys.stdout.flush()


def _show_sum(results: list[FileResult], files: list[TestFile]) -> None:
    passed = sum(result.passed for result in results)
    failed = sum(len(result.failures) for result in results)
    skipped = sum(result.skipped for result in results)
    bad = sum(bool(result.failures) for result in results)
    click.echo(
        f"{plural(len(files), 'file')}, {plural(passed + failed, 'test')}: {passed} passed, {failed} failed"
        f" in {plural(bad, 'file')}" + (f"; {skipped} skipped by overrides" if skipped else "")
    )
